from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common import TieringCase


class TestPreviewCost(TieringCase):
    """What previewed tiers would cost: one price per product and pricelist, times what was sold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("product.group_product_pricelist")
        cls.judge_by_revenue()
        cls.acme, cls.bolt = cls.make_customer("Acme"), cls.make_customer("Bolt")
        cls.product.list_price = 10
        cls.order(cls.acme, quantity=6, price=15)
        cls.order(cls.bolt, quantity=13, price=5)
        cls.policy.evaluate("2026-06-01")
        cls.vip.pricelist_id = cls.make_discount(20)

    @classmethod
    def make_discount(cls, percent):
        pricelist = cls.make_pricelist(cls.company.currency_id)
        pricelist.item_ids = [
            Command.create({"compute_price": "percentage", "percent_price": percent})
        ]
        return pricelist

    @classmethod
    def order(cls, partner, quantity, price, **vals):
        order = cls.make_order(partner, price, "2026-05-01", confirm=False)
        order.order_line.write({"product_uom_qty": quantity, **vals})
        order.order_line.price_unit = price
        order.action_confirm()
        order.date_order = "2026-05-01 12:00:00"

    def cost(self, **changes):
        """Return a preview of the policy with other rules, and what it costs."""
        self.important.min_score = changes.pop("important_from", 60)
        self.vip.min_score = changes.pop("vip_from", 80)
        evaluation = self.policy.simulate("2026-06-01")
        evaluation.action_estimate_cost()
        return evaluation

    def test_who_becomes_vip_pays_a_fifth_less(self):
        evaluation = self.cost(vip_from=65)
        # Bolt's 13 pieces at 10, a fifth off.
        self.assertAlmostEqual(evaluation.extra_discount, 26)
        [line] = evaluation.migration_ids.filtered("extra_discount")
        self.assertEqual((line.old_tier_id, line.new_tier_id), (self.important, self.vip))

    def test_who_is_no_longer_vip_pays_more(self):
        self.assertAlmostEqual(self.cost(vip_from=95).extra_discount, -12)

    def test_nothing_moves_and_nothing_costs(self):
        evaluation = self.cost()
        self.assertTrue(evaluation.is_costed)
        self.assertEqual(evaluation.extra_discount, 0)

    def test_pieces_sold_by_the_dozen_are_counted_as_pieces(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.order(self.bolt, quantity=1, price=0, product_uom_id=dozen.id)
        self.assertAlmostEqual(self.cost(vip_from=65).extra_discount, 26 + 24)

    def test_an_own_pricelist_stays_and_costs_nothing(self):
        self.bolt.with_company(
            self.company
        ).specific_property_product_pricelist = self.make_discount(50)
        self.assertEqual(self.cost(vip_from=65).extra_discount, 0)

    def test_a_standing_discount_costs_too(self):
        self.vip.write({"pricelist_id": False, "discount": 0.1})
        self.assertAlmostEqual(self.cost(vip_from=65).extra_discount, 13)

    def test_pricelists_cost_nothing_while_they_are_turned_off(self):
        pricelists = self.env.ref("product.group_product_pricelist")
        self.env.user.group_ids -= pricelists
        self.env.ref("base.group_user")._remove_group(pricelists)
        self.assertEqual(self.cost(vip_from=65).extra_discount, 0)
        self.vip.discount = 0.1
        self.assertAlmostEqual(self.cost(vip_from=65).extra_discount, 13)

    def test_what_another_currency_s_pricelist_gives_is_converted(self):
        dollar = self.make_currency("USD", d20200101=2)
        self.vip.pricelist_id = self.make_pricelist(dollar)
        self.vip.pricelist_id.item_ids = [
            Command.create(
                {
                    "applied_on": "0_product_variant",
                    "product_id": self.product.id,
                    "compute_price": "fixed",
                    "fixed_price": 12,
                }
            )
        ]
        # List prices are in the currency of the database's first company.
        before = self.product.currency_id._convert(
            10, self.company.currency_id, self.company, "2026-06-01", round=False
        )
        self.assertAlmostEqual(self.cost(vip_from=65).extra_discount, 13 * (before - 6))

    def test_a_copy_with_other_benefits_costs_those_who_stay(self):
        draft = self.policy.copy()
        draft.tier_ids.filtered(lambda tier: tier.code == "vip").pricelist_id = self.make_discount(
            50
        )
        evaluation = draft.simulate("2026-06-01")
        evaluation.action_estimate_cost()
        self.assertAlmostEqual(evaluation.extra_discount, 6 * (8 - 5))

    def test_only_a_preview_whose_moves_are_kept_has_a_cost(self):
        with self.assertRaisesRegex(UserError, "Only the costs of a finished preview"):
            self.policy.last_evaluation_id.action_estimate_cost()
        evaluation = self.cost(vip_from=65)
        evaluation.preview_move_ids.unlink()
        with self.assertRaisesRegex(UserError, "preview the policy again"):
            evaluation.action_estimate_cost()

    def test_only_managers_may_ask(self):
        evaluation = self.cost()
        user = self.make_member("asking_user", "customer_tiering.group_tiering_user")
        manager = self.make_member("asking_manager", "customer_tiering.group_tiering_manager")
        with self.assertRaises(AccessError):
            evaluation.with_user(user).action_estimate_cost()
        evaluation.with_user(manager).action_estimate_cost()
