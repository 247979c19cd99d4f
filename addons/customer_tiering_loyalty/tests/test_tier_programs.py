from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command

from .common import LoyaltyCase


class TestTierPrograms(LoyaltyCase):
    """A programme that names tiers is for their customers alone, while they are in them."""

    def test_an_automatic_programme_is_offered_to_its_tier(self):
        program = self.make_program(tiers=self.vip)
        self.assertEqual(self.offered(self.quote(self.acme)), program)
        self.assertFalse(self.offered(self.quote(self.bolt)))
        self.assertEqual(list(self.quote(self.acme)._get_applicable_program_points()), [program])
        self.assertFalse(self.quote(self.bolt)._get_applicable_program_points())

    def test_several_tiers_and_none(self):
        for_both = self.make_program(tiers=self.vip + self.potential)
        for_everybody = self.make_program()
        stranger = self.make_customer("Stranger")
        self.assertEqual(self.offered(self.quote(self.acme)), for_both + for_everybody)
        self.assertEqual(self.offered(self.quote(self.bolt)), for_both + for_everybody)
        self.assertEqual(self.offered(self.quote(stranger)), for_everybody)

    def test_a_contact_has_its_companys_programmes(self):
        program = self.make_program(tiers=self.vip)
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.assertEqual(self.offered(self.quote(buyer)), program)

    def test_a_code_works_for_its_tier(self):
        program = self.make_program("promo_code", "GOLD", tiers=self.vip)
        rewards = self.quote(self.acme)._try_apply_code("GOLD")
        self.assertEqual([coupon.program_id for coupon in rewards], [program])
        refused = self.quote(self.bolt)._try_apply_code("GOLD")
        self.assertTrue(refused["not_found"])

    def test_a_coupon_works_for_its_tier(self):
        program = self.make_program("coupons", tiers=self.vip)
        coupon, other = self.env["loyalty.card"].create(
            [{"program_id": program.id, "points": 1} for _number in range(2)]
        )
        self.assertIn(coupon, self.quote(self.acme)._try_apply_code(coupon.code))
        self.assertTrue(self.quote(self.bolt)._try_apply_code(other.code)["not_found"])

    def test_it_ends_with_the_tier(self):
        program = self.make_program(tiers=self.vip)
        code = self.make_program("promo_code", "GOLD", tiers=self.vip)
        order = self.quote(self.acme)
        coupon, reward = next(iter(order._get_claimable_rewards().items()))
        order._apply_program_reward(reward, coupon)
        self.assertEqual(order.amount_total, 90)
        self.lose_the_tier(self.acme)
        new = self.quote(self.acme)
        self.assertFalse(self.offered(new))
        self.assertTrue(new._try_apply_code("GOLD")["not_found"])
        self.assertTrue(new._try_apply_program(program)["error"])
        # An open quotation loses the reward when its rewards are computed anew.
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 100)
        self.assertTrue(code)

    def test_a_card_rests_while_the_tier_is_lost(self):
        program = self.make_program("loyalty", tiers=self.vip)
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": self.acme.id, "points": 50}
        )
        self.assertIn(card, self.quote(self.acme)._get_claimable_rewards())
        self.lose_the_tier(self.acme)
        order = self.quote(self.acme)
        self.assertFalse(order._get_claimable_rewards())
        order.action_confirm()
        self.assertEqual(card.points, 50)

    def test_an_archived_tier_does_not_open_it_to_everybody(self):
        program = self.make_program(tiers=self.vip)
        self.vip.active = False
        self.assertEqual(program.customer_tier_ids, self.vip)
        self.assertFalse(self.offered(self.quote(self.bolt)))

    def test_each_company_goes_by_its_own_tier(self):
        south = self.make_company("Southwind")
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        self.make_order(self.acme, 10, "2026-06-01", company=south)
        self.make_order(self.bolt, 90, "2026-06-01", company=south)
        policy.evaluate("2026-06-30")
        southern_vip = policy._get_tiers()[0]
        shared = self.make_program(tiers=self.vip + southern_vip, company_id=False)
        here = self.make_program(tiers=self.vip, company_id=False)
        self.assertEqual(self.offered(self.quote(self.acme)), shared + here)
        self.assertFalse(self.offered(self.quote(self.bolt)))
        self.assertFalse(self.offered(self.quote(self.acme, company=south)))
        self.assertEqual(self.offered(self.quote(self.bolt, company=south)), shared)

    def test_a_branch_goes_by_the_roots_tier(self):
        branch = self.make_company("Northwind Ghent", parent=self.company)
        program = self.make_program(tiers=self.vip)
        self.assertEqual(self.offered(self.quote(self.acme, company=branch)), program)

    def test_a_salesperson_without_the_right_to_see_tiers(self):
        salesman = self.make_member("loyal_salesman", "sales_team.group_sale_salesman_all_leads")
        tiering = self.env.ref("customer_tiering.group_tiering_user")
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= tiering
        self.assertFalse(salesman.has_group("customer_tiering.group_tiering_user"))
        program = self.make_program(tiers=self.vip)
        order = self.quote(self.acme, user=salesman)
        self.assertEqual(self.offered(order).ids, program.ids)
        self.assertFalse(self.offered(self.quote(self.bolt, user=salesman)))
        hidden = program.with_user(salesman)
        with self.assertRaises(AccessError):
            hidden.read(["customer_tier_ids"])
        with self.assertRaises(AccessError):
            hidden.search([("customer_tier_ids", "=", self.vip.id)])

    def test_a_customer_on_the_website(self):
        if "website_sale_loyalty" not in self.registry._init_modules:
            self.skipTest("needs website_sale_loyalty")
        website = self.env["website"].create({"name": "Shop", "company_id": self.company.id})
        program = self.make_program(tiers=self.vip)
        code = self.make_program("promo_code", "GOLD", tiers=self.vip)
        orders = [
            self.make_order(partner, 100, "2026-07-01", confirm=False)
            for partner in (self.acme, self.bolt)
        ]
        for order in orders:
            order.website_id = website
            order._update_programs_and_rewards()
        vip_order, other_order = orders
        self.assertEqual(self.offered(vip_order), program)
        self.assertFalse(self.offered(other_order))
        self.assertEqual(
            [coupon.program_id for coupon in vip_order._try_apply_code("GOLD")], [code]
        )
        self.assertTrue(other_order._try_apply_code("GOLD")["not_found"])

    def test_money_that_was_paid_in_is_not_kept_to_tiers(self):
        with self.assertRaisesRegex(ValidationError, "leave Only for Tiers empty"):
            self.make_program("gift_card", tiers=self.vip)

    def test_without_a_programme_for_tiers_nothing_is_read(self):
        self.make_program()
        order = self.quote(self.acme)
        self.assertEqual((order._get_withheld_domain("id"), order._get_points_factor()), ([], 1))
        with self.assertQueryCount(0):
            order._get_withheld_domain("id")
            order._get_points_factor()

    def test_a_programme_takes_effect_and_ends_at_once(self):
        program = self.make_program()
        self.assertEqual(self.offered(self.quote(self.bolt)), program)
        program.customer_tier_ids = self.vip
        self.assertFalse(self.offered(self.quote(self.bolt)))
        program.customer_tier_ids = [Command.clear()]
        self.assertEqual(self.offered(self.quote(self.bolt)), program)
