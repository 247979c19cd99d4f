from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from .common import TieringCase


class TestPartnerFields(TieringCase):
    """The tier on the contact: read, searched, sorted and grouped without being stored there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.acme, cls.bolt, cls.never = map(cls.make_customer, ("Acme", "Bolt", "Never"))
        cls.buyer = cls.env["res.partner"].create({"name": "Buyer", "parent_id": cls.acme.id})
        cls.make_order(cls.acme, 90, "2026-06-01")
        cls.make_order(cls.bolt, 40, "2026-06-01")
        cls.policy.evaluate("2026-06-30")
        cls.partners = cls.acme | cls.bolt | cls.never | cls.buyer
        cls.salesperson = cls.make_member(
            "tiering_salesperson", "sales_team.group_sale_salesman,base.group_partner_manager"
        )

    def find(self, *domain, order=None, user=None):
        partners = self.env["res.partner"].with_user(user or self.salesperson)
        return partners.search([("id", "in", self.partners.ids), *domain], order=order)

    def test_contacts_show_the_tier_of_their_company(self):
        for partner in (self.acme, self.buyer):
            self.assertEqual(partner.customer_tier_id, self.vip)
            self.assertEqual(partner.customer_score, 90)
        self.assertFalse(self.never.customer_tier_id)

    def test_a_salesperson_searches_by_tier_and_score(self):
        self.assertEqual(self.find(("customer_tier_id", "=", self.vip.id)), self.acme | self.buyer)
        self.assertEqual(self.find(("customer_tier_id", "ilike", "ordin")), self.bolt)
        self.assertEqual(self.find(("customer_score", ">=", 40)), self.partners - self.never)
        self.assertEqual(self.find(("customer_tier_id", "=", False)), self.never)
        self.assertEqual(self.find(("customer_tier_id", "!=", self.vip.id)), self.bolt | self.never)
        self.assertEqual(self.find(("customer_standing_id", "=", False)), self.never)
        self.assertEqual(
            self.find(("customer_standing_id", "=", self.standing(self.bolt).id)), self.bolt
        )
        self.assertEqual(
            self.find(("customer_standing_id", "!=", False)), self.partners - self.never
        )
        self.assertEqual(
            self.find(("customer_standing_id.revenue", ">", 50)), self.acme | self.buyer
        )

    def test_contacts_without_a_score_are_last_in_both_directions(self):
        companies = ("parent_id", "=", False)
        self.assertEqual(
            self.find(companies, order="customer_score desc").mapped("name"),
            ["Acme", "Bolt", "Never"],
        )
        self.assertEqual(
            self.find(companies, order="customer_score asc").mapped("name"),
            ["Bolt", "Acme", "Never"],
        )

    def test_groups_show_all_tiers_in_their_order(self):
        partners = self.env["res.partner"].with_user(self.salesperson)
        groups = partners.with_context(read_group_expand=True).formatted_read_group(
            [("id", "in", self.partners.ids)],
            ["customer_tier_id"],
            ["__count", "customer_score:avg"],
        )
        self.assertEqual(
            [
                (group["customer_tier_id"] and group["customer_tier_id"][0], group["__count"])
                for group in groups
            ],
            [
                (self.vip.id, 2),
                (self.important.id, 0),
                (self.ordinary.id, 1),
                (self.potential.id, 0),
                (False, 1),
            ],
        )

    def test_a_later_run_is_seen_at_once(self):
        self.assertEqual(self.bolt.customer_tier_id, self.ordinary)
        self.make_order(self.bolt, 45, "2026-06-10")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.bolt.customer_tier_id, self.vip)

    def test_a_standing_made_through_the_orm_is_seen_at_once(self):
        self.assertFalse(self.never.customer_tier_id)
        self.env["customer.standing"].create(
            {
                "partner_id": self.never.id,
                "company_id": self.company.id,
                "tier_id": self.important.id,
            }
        )
        self.assertEqual(self.never.customer_tier_id, self.important)

    def test_the_partner_form_of_a_salesperson_shows_it_and_saves(self):
        with Form(self.acme.with_user(self.salesperson)) as form:
            self.assertEqual(form.customer_tier_id, self.vip)
            form.phone = "+32 2 290 34 90"
        self.assertEqual(self.acme.customer_tier_id, self.vip)

    def test_a_list_of_customers_costs_two_queries_more(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(80)]
        )
        for customer in customers:
            self.env["customer.standing"].create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "tier_id": self.ordinary.id,
                    "score": 50,
                }
            )
        columns = {"complete_name": {}}
        tiering = {"customer_tier_id": {"fields": {"display_name": {}}}, "customer_score": {}}
        rows = customers.with_user(self.salesperson)
        more = self.count_queries(rows, {**columns, **tiering}) - self.count_queries(rows, columns)
        self.assertLessEqual(more, 2)

    def test_the_form_costs_two_queries_more(self):
        """All that the form shows, as a browser asks for it, with and without what is ours."""
        self.check_form_costs()

    def test_the_form_costs_no_more_with_pricelists_by_tier(self):
        self.env.ref("base.group_user")._apply_group(
            self.env.ref("product.group_product_pricelist")
        )
        self.vip.pricelist_id = self.make_pricelist(self.company.currency_id)
        self.check_form_costs()

    def check_form_costs(self):
        view = self.env.ref("base.view_partner_form")
        for user in (self.salesperson, self.env.ref("base.user_admin")):
            user.company_ids |= self.company
            for partner in (self.acme, self.buyer, self.never):
                shown = partner.with_user(user).with_company(self.company)
                whole = Form(shown, view)._view["fields_spec"]
                without = {
                    name: specification
                    for name, specification in whole.items()
                    if shown._fields[name]._modules != ("customer_tiering",)
                }
                with self.subTest(user=user.login, partner=partner.name):
                    self.assertGreaterEqual(len(whole) - len(without), 5)
                    with patch.object(
                        self.registry["product.pricelist"],
                        "_get_tier_pricelists",
                        lambda self, partners: {},
                    ):
                        queries_without = self.count_queries(shown, without)
                    more = self.count_queries(shown, whole) - queries_without
                    self.assertLessEqual(more, 2)

    def count_queries(self, records, specification):
        """Return the number of queries for the records' values, as a browser asks for them."""
        records.web_read(specification)  # warms up views and access rights
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.web_read(specification)
        return self.env.cr.sql_log_count - before

    def test_portal_and_plain_employees_cannot_read_search_sort_or_group(self):
        portal = new_test_user(self.env, "tiering_portal", "base.group_portal")
        portal.partner_id.parent_id = self.acme
        self.make_order(self.acme, 90, "2026-06-02").message_subscribe(portal.partner_id.ids)
        employee = self.make_member(
            "tiering_employee", "base.group_user,base.group_partner_manager"
        )
        fields = (
            "customer_standing_ids",
            "customer_standing_id",
            "customer_tier_id",
            "customer_tier_since",
            "customer_score",
            "customer_value_score",
            "customer_loyalty_score",
        )
        for user, partner in ((portal, portal.partner_id), (employee, self.acme)):
            partners = self.env["res.partner"].with_user(user)
            shown = partners.browse(partner.id)
            shown.read(["name"])
            self.assertFalse(set(fields) & set(partners.fields_get()))
            for field in fields:
                with self.subTest(user=user.login, field=field):
                    with self.assertRaises(AccessError):
                        shown.read([field])
                    with self.assertRaises(AccessError):
                        partners.search([(field, "!=", False)])
                    if field == "customer_standing_ids":
                        continue
                    with self.assertRaises(AccessError):
                        partners.search([], order=field)
                    with self.assertRaises(AccessError):
                        by = f"{field}:month" if field == "customer_tier_since" else field
                        partners._read_group([], [by], ["__count"])
            with self.assertRaises(AccessError):
                partners._read_group([], [], ["customer_score:avg"])
            for field in ("customer_score", "customer_standing_id"):
                with self.assertRaises(AccessError):
                    partners.search([(f"parent_id.{field}", "!=", False)])
            with self.assertRaises(AccessError):
                partners.search(["!", "|", ("id", "=", 0), ("customer_score", ">", 50)])
            with self.assertRaises(AccessError):
                self.env["customer.standing"].with_user(user).search([])
        orders = self.env["sale.order"].with_user(portal)
        self.assertTrue(orders.search([]))
        with self.assertRaises(AccessError):
            orders.search([("partner_id.customer_tier_id.code", "=", "vip")])
