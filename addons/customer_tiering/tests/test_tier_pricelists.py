from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user

from .common_prices import PricingCase


class TestTierPricelists(PricingCase):
    """Own pricelist, then the tier's, then Odoo's order."""

    def test_customers_of_the_tier_and_their_contacts_get_it_and_nobody_else(self):
        for partner in (self.acme, self.buyer):
            self.assertEqual(self.pricelist_of(partner), self.vip_prices)
            self.assertFalse(partner.specific_property_product_pricelist)
        self.assertEqual(self.pricelist_of(self.newcomer), self.standard)

    def test_an_own_pricelist_comes_first(self):
        own = self.make_prices("Acme's own")
        self.acme.property_product_pricelist = own
        self.assertEqual(self.pricelist_of(self.acme), own)
        self.assertEqual(self.pricelist_of(self.buyer), own)
        own.active = False
        self.assertEqual(self.pricelist_of(self.acme), self.vip_prices)

    def test_the_benefit_goes_with_the_tier(self):
        self.place(self.acme, self.ordinary)
        self.assertEqual(self.pricelist_of(self.acme), self.standard)
        self.place(self.acme, False)
        self.assertEqual(self.pricelist_of(self.acme), self.standard)
        self.place(self.newcomer, self.vip)
        self.assertEqual(self.pricelist_of(self.newcomer), self.vip_prices)

    def test_every_customer_follows_when_the_tier_takes_another(self):
        self.vip.pricelist_id = self.make_prices("Better still", percent=30)
        self.assertEqual(self.pricelist_of(self.acme).name, "Better still")
        self.vip.pricelist_id = False
        self.assertEqual(self.pricelist_of(self.acme), self.standard)

    def test_an_evaluation_is_followed_at_once(self):
        self.judge_by_revenue()
        self.make_order(self.newcomer, 90, "2026-06-01")
        self.assertEqual(self.newcomer.property_product_pricelist, self.standard)
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.newcomer.property_product_pricelist, self.vip_prices)

    def test_archived_pricelists_are_passed_over(self):
        self.vip_prices.active = False
        self.assertEqual(self.pricelist_of(self.acme), self.standard)

    def test_an_archived_tier_gives_it_until_the_next_evaluation(self):
        self.vip.active = False
        self.assertEqual(self.pricelist_of(self.acme), self.vip_prices)

    def test_each_company_by_its_own_standing(self):
        south = self.make_company("Southwind", currency="USD")
        southern_vip = self.policy_of(south)._get_tiers()[0]
        dollars = self.make_prices("Southern VIP", company=south, currency_id=south.currency_id.id)
        southern_vip.pricelist_id = dollars
        self.assertNotEqual(self.pricelist_of(self.acme, south), dollars)
        self.place(self.newcomer, southern_vip, company=south)
        self.assertEqual(self.pricelist_of(self.newcomer, south), dollars)
        self.assertEqual(self.pricelist_of(self.newcomer), self.standard)
        self.assertEqual(self.quote(self.newcomer, company=south).currency_id, south.currency_id)

    def test_another_companys_pricelist_is_passed_over(self):
        south = self.make_company("Southwind")
        foreign = self.make_prices("Southern", company=south)
        self.vip.pricelist_id = foreign
        self.assertEqual(self.pricelist_of(self.acme), self.standard)
        self.assertFalse(foreign.only_for_tiers)

    def test_a_branch_has_its_roots_tiers_and_only_shared_pricelists(self):
        branch = self.make_company("Northwind Ghent", parent=self.company)
        self.assertNotEqual(self.pricelist_of(self.acme, branch), self.vip_prices)
        shared = self.make_prices("Shared VIP", company=False)
        self.vip.pricelist_id = shared
        self.assertEqual(self.pricelist_of(self.acme, branch), shared)
        self.assertEqual(self.quote(self.buyer, company=branch).pricelist_id, shared)

    def test_nothing_while_the_feature_is_off(self):
        self.turn_off("product.group_product_pricelist")
        self.assertFalse(self.pricelist_of(self.acme))
        self.assertEqual(self.quote(self.acme).amount_total, 100)

    def test_a_pricelist_set_by_a_grade_is_the_customers_own(self):
        if "grade_id" not in self.env["res.partner"]._fields:
            self.skipTest("partnership is not installed")
        members = self.make_prices("Members")
        self.acme.grade_id = self.env["res.partner.grade"].create(
            {"name": "Gold member", "default_pricelist_id": members.id}
        )
        self.assertEqual(self.pricelist_of(self.acme), members)
        self.assertEqual(self.pricelist_of(self.buyer), members)
        self.place(self.acme, self.ordinary)
        self.assertEqual(self.pricelist_of(self.acme), members)

    def test_a_thousand_prices_cost_three_queries_more_at_most(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(1000)]
        )
        self.env["customer.standing"].create(
            [
                {"partner_id": partner.id, "company_id": self.company.id, "tier_id": tier.id}
                for partner, tier in zip(partners, (self.vip, self.ordinary) * 500, strict=True)
            ]
        )

        def queries():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = self.env["product.pricelist"]._get_partner_pricelist_multi(partners.ids)
            return self.cr.sql_log_count - before, found

        pricelists = self.env.registry["product.pricelist"]
        queries()  # warms up access rights
        ours, found = queries()
        self.assertEqual(set(found), set(partners.ids))
        self.assertEqual(
            [found[partner.id] for partner in partners], [self.vip_prices, self.standard] * 500
        )
        self.patch(pricelists, "_get_tier_pricelists", lambda self, partners: {})
        self.patch(pricelists, "_get_country_pricelist_multi", self.odoo_country_pricelists())
        self.assertLessEqual(ours - queries()[0], 3)

    def odoo_country_pricelists(self):
        """Return Odoo's method as it is without this add-on."""
        from odoo.addons.product.models.product_pricelist import ProductPricelist

        return ProductPricelist._get_country_pricelist_multi


class TestOnlyForTiers(PricingCase):
    """What a tier takes is nobody's fallback."""

    def test_it_is_set_when_a_tier_takes_the_pricelist(self):
        self.assertTrue(self.vip_prices.only_for_tiers)
        self.assertFalse(self.standard.only_for_tiers)

    def test_it_is_no_fallback_even_where_there_is_no_other(self):
        self.standard.active = False
        self.assertFalse(self.pricelist_of(self.newcomer))

    def test_it_is_no_countrys_and_no_named_default_either(self):
        belgium = self.env.ref("base.be")
        self.vip_prices.country_group_ids = self.env["res.country.group"].create(
            {"name": "Belgium", "country_ids": [Command.link(belgium.id)]}
        )
        self.newcomer.country_id = belgium
        self.assertEqual(self.pricelist_of(self.newcomer), self.standard)
        name = f"res.partner.property_product_pricelist_{self.company.id}"
        self.env["ir.config_parameter"].set_param(name, self.vip_prices.id)
        self.standard.country_group_ids = self.vip_prices.country_group_ids
        self.newcomer.country_id = self.env.ref("base.fr")
        self.assertEqual(self.pricelist_of(self.newcomer), self.standard)

    def test_unset_it_serves_everybody(self):
        self.vip_prices.only_for_tiers = False
        self.assertEqual(self.pricelist_of(self.newcomer), self.vip_prices)

    def test_a_copy_of_the_policy_does_not_set_it_again(self):
        self.vip_prices.only_for_tiers = False
        self.assertIn(self.vip_prices, self.policy.copy().tier_ids.pricelist_id)
        self.assertFalse(self.vip_prices.only_for_tiers)

    def test_taking_everybodys_pricelist_is_hinted_at(self):
        other = self.make_prices("Another", sequence=9)
        self.make_prices("Everyday", sequence=7)
        with Form(self.ordinary) as form, self.assertLogs("odoo.tests.form.onchange") as log:
            form.pricelist_id = self.standard
        self.assertIn("is the default pricelist of customers without their own", log.output[0])
        self.assertTrue(self.standard.only_for_tiers)
        with Form(self.important) as form, self.assertNoLogs("odoo.tests.form.onchange"):
            form.pricelist_id = other

    def test_a_manager_of_tiers_needs_no_role_in_pricelists(self):
        manager = self.make_member("tier_manager", "customer_tiering.group_tiering_manager")
        other = self.make_prices("For important customers", sequence=9)
        self.important.with_user(manager).pricelist_id = other.with_user(manager)
        self.assertTrue(other.only_for_tiers)

    def test_the_pricelist_form_shows_it(self):
        with Form(self.vip_prices) as form:
            form.only_for_tiers = False
        self.assertFalse(self.vip_prices.only_for_tiers)


class TestOwnPricelists(PricingCase):
    """The tier's pricelist never becomes an own one; an own choice holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.make_member(
            "seller", "sales_team.group_sale_salesman_all_leads,base.group_partner_manager"
        )

    def assert_no_own_pricelist(self, *partners):
        for partner in partners:
            self.assertFalse(partner.specific_property_product_pricelist, partner.name)

    def test_saving_a_customers_form(self):
        with Form(self.acme.with_user(self.seller)) as form:
            self.assertEqual(form.property_product_pricelist, self.vip_prices)
            form.country_id = self.env.ref("base.be")
        self.assert_no_own_pricelist(self.acme)

    def test_making_a_contact_by_the_form(self):
        with Form(self.env["res.partner"].with_user(self.seller)) as form:
            form.name = "Second buyer"
            form.parent_id = self.acme
            self.assertEqual(form.property_product_pricelist, self.vip_prices)
        contact = form.save()
        self.assert_no_own_pricelist(contact, self.acme, self.buyer)
        self.assertEqual(self.pricelist_of(contact), self.vip_prices)

    def test_making_a_contact_from_its_company(self):
        with Form(self.acme.with_user(self.seller)) as form, form.child_ids.new() as contact:
            contact.name = "Third buyer"
        self.assert_no_own_pricelist(self.acme, *self.acme.child_ids)
        self.assertEqual(self.pricelist_of(self.acme.child_ids[-1]), self.vip_prices)

    def test_making_a_contact_of_a_customer_with_an_own_pricelist(self):
        own = self.make_prices("Acme's own")
        self.acme.property_product_pricelist = own
        with Form(self.env["res.partner"].with_user(self.seller)) as form:
            form.name = "Second buyer"
            form.parent_id = self.acme
        self.assertEqual(self.pricelist_of(form.save()), own)
        self.assertEqual(self.pricelist_of(self.acme), own)

    def test_importing_what_was_exported(self):
        columns = ["id", "name", "property_product_pricelist/.id"]
        rows = (self.acme | self.newcomer).export_data(columns)["datas"]
        result = self.env["res.partner"].load(columns, rows)
        self.assertFalse(result["messages"])
        self.assert_no_own_pricelist(self.acme, self.buyer, self.newcomer)

    def test_importing_a_contact(self):
        result = self.env["res.partner"].load(
            ["name", "parent_id/.id", "property_product_pricelist/.id"],
            [["Third buyer", str(self.acme.id), str(self.vip_prices.id)]],
        )
        self.assertFalse(result["messages"])
        self.assert_no_own_pricelist(self.acme, self.env["res.partner"].browse(result["ids"]))

    def test_choosing_the_countrys_default_for_a_vip_holds(self):
        with Form(self.acme.with_user(self.seller)) as form:
            form.property_product_pricelist = self.standard
        self.assertEqual(self.pricelist_of(self.acme), self.standard)
        with Form(self.acme.with_user(self.seller)) as form:
            form.phone = "+32 2 290 34 90"
        self.assertEqual(self.pricelist_of(self.buyer), self.standard)
        for tier in (self.ordinary, self.vip):
            self.place(self.acme, tier)
            self.assertEqual(self.pricelist_of(self.acme), self.standard)

    def test_choosing_the_tiers_pricelist_gives_the_own_one_up(self):
        self.acme.property_product_pricelist = self.standard
        self.acme.property_product_pricelist = self.vip_prices
        self.assert_no_own_pricelist(self.acme, self.buyer)
        self.assertEqual(self.pricelist_of(self.acme), self.vip_prices)

    def test_emptying_it_gives_the_own_one_up(self):
        self.acme.property_product_pricelist = self.standard
        self.acme.property_product_pricelist = False
        self.assertEqual(self.pricelist_of(self.acme), self.vip_prices)

    def test_a_tiers_pricelist_can_be_given_to_a_customer_of_another_tier(self):
        self.newcomer.property_product_pricelist = self.vip_prices
        self.assertEqual(self.newcomer.specific_property_product_pricelist, self.vip_prices)
        self.assertEqual(self.pricelist_of(self.newcomer), self.vip_prices)

    def test_customers_without_a_tier_are_as_in_odoo(self):
        self.newcomer.property_product_pricelist = self.standard
        self.assert_no_own_pricelist(self.newcomer)
        own = self.make_prices("Own")
        self.newcomer.property_product_pricelist = own
        self.assertEqual(self.newcomer.specific_property_product_pricelist, own)


class TestPricesForWhomever(PricingCase):
    """Who may not see tiers gets the right prices all the same, and sees no tier by them."""

    def test_a_salesperson_without_the_right_to_see_tiers(self):
        tiering = self.env.ref("customer_tiering.group_tiering_user")
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= tiering
        seller = self.make_member("blind_seller", "sales_team.group_sale_salesman_all_leads")
        order = self.quote(self.buyer, user=seller)
        self.assertEqual(order.pricelist_id, self.vip_prices)
        self.assertEqual(order.amount_total, 80)
        with Form(self.env["sale.order"].with_user(seller)) as form:
            form.partner_id = self.acme
            self.assertEqual(form.pricelist_id, self.vip_prices)
            self.assertNotIn("current_tier_id", form._view["fields"])
        for name in ("quoted_tier_id", "current_tier_id", "is_priced_by_former_tier"):
            with self.assertRaises(AccessError):
                order.read([name])
            with self.assertRaises(AccessError):
                self.env["sale.order"].with_user(seller).search([(name, "!=", False)])

    def test_a_portal_user(self):
        portal = new_test_user(
            self.env,
            "prices_portal",
            "base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        portal.partner_id.parent_id = self.acme
        partner = portal.partner_id.with_user(portal).sudo(False)
        self.assertEqual(partner.property_product_pricelist.id, self.vip_prices.id)
        order = self.quote(self.acme)
        order.message_subscribe(portal.partner_id.ids)
        order.with_user(portal).read(["amount_total"])
        for name in ("quoted_tier_id", "current_tier_id", "is_priced_by_former_tier"):
            with self.assertRaises(AccessError):
                order.with_user(portal).read([name])
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(portal).search([("quoted_tier_id", "=", self.vip.id)])
