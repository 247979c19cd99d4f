from datetime import timedelta

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tools import mute_logger

from .common import SupplyCase


class TierMixCase(SupplyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = cls.make_product("Table")
        # 6 chairs to the best tier, 2 to an ordinary customer, 12 tables to ordinary ones.
        cls.sold = cls.sell(cls.acme, 6) + cls.sell(cls.bolt, 2)
        cls.sold += cls.sell(cls.bolt, 12, product=cls.table)


class TestTierMix(TierMixCase):
    """Which tiers buy a product from a warehouse, by the stamp of the order."""

    def mix(self, product=None):
        rows = self.env["customer.tier.demand"].search(
            [("product_id", "=", (product or self.chair).id), ("company_id", "=", self.company.id)]
        )
        return {row.tier_id: row for row in rows}

    def test_shares_are_drawn_to_the_company_s(self):
        mix = self.mix()
        best, other = mix[self.vip], mix[self.ordinary]
        self.assertEqual((best.quantity, other.quantity), (6, 2))
        self.assertEqual((best.raw_share, other.raw_share), (0.75, 0.25))
        self.assertAlmostEqual(best.company_share, 0.3)
        self.assertAlmostEqual(best.share, (6 + 10 * 0.3) / 18)
        self.assertAlmostEqual(other.share, (2 + 10 * 0.7) / 18)
        # Who never bought it has the company's share of ten units.
        self.assertAlmostEqual(self.mix(self.table)[self.vip].share, 3 / 22)

    def test_without_a_stamp_it_is_no_tier(self):
        self.sell(self.make_customer("New"), 8)
        mix = self.mix()
        nobody = mix[self.env["customer.tier"]]
        self.assertEqual(nobody.quantity, 8)
        self.assertAlmostEqual(sum(row.share for row in mix.values()), 1)

    def test_quotations_old_orders_and_services_are_left_out(self):
        self.sell(self.acme, 100, confirm=False)
        old = self.sell(self.acme, 100)
        old.date_order = Datetime.now() - timedelta(days=91)
        self.assertEqual(self.mix()[self.vip].quantity, 6)
        self.assertFalse(self.mix(self.product))

    def test_units_are_the_product_s(self):
        order = self.sell(self.acme, 1, confirm=False)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.assertEqual(self.mix()[self.vip].quantity, 18)

    def test_the_agreement_s_own_period_counts(self):
        old = self.sell(self.acme, 4)
        old.date_order = Datetime.now() - timedelta(days=100)
        self.make_agreement(self.chair).demand_period_days = 120
        mix = self.mix()[self.vip]
        self.assertEqual((mix.quantity, mix.days), (10, 120))
        # The company's mix is still that of 90 days.
        self.assertAlmostEqual(mix.company_share, 0.3)

    def test_the_agreement_s_line_has_it(self):
        line = self.make_agreement(self.chair).line_ids
        shares = line.sudo().tier_shares
        self.assertAlmostEqual(shares[str(self.vip.id)], 0.5)
        self.assertAlmostEqual(shares[str(self.ordinary.id)], 0.5)
        self.assertIn(f"{self.vip.name} 50 %", line.sudo().tier_mix)
        for _number in range(2):
            self.sell(self.acme, 6)
        line.agreement_id.review()
        self.assertGreater(line.sudo().tier_shares[str(self.vip.id)], 0.7)

    def test_a_product_that_nobody_bought_has_the_company_s(self):
        line = self.make_agreement(self.make_product("Bench")).line_ids
        self.assertAlmostEqual(line.sudo().tier_shares[str(self.vip.id)], 0.3)

    def test_a_company_without_orders_has_none(self):
        south = self.make_company("Southwind")
        mix = self.env["customer.tier.demand"].with_context(allowed_company_ids=south.ids)
        self.assertFalse(mix.search([]))

    def test_only_who_sees_tiers_sees_it(self):
        line = self.make_agreement(self.chair).line_ids
        buyer = self.buyer_of()
        self.assertNotIn("tier_mix", line.with_user(buyer).fields_get())
        with self.assertRaisesRegex(Exception, "allowed|access|tier"):
            self.env["customer.tier.demand"].with_user(buyer).search([])


class TestServiceTargets(TierMixCase):
    """A line takes its service target from the tiers, unless somebody types one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        level = cls.env["customer.service.level"].create
        cls.gold = level({"name": "Gold", "service_target": 0.98})
        cls.basic = level({"name": "Basic", "service_target": 0.9})
        cls.vip.service_level_id, cls.ordinary.service_level_id = cls.gold, cls.basic
        cls.agreement = cls.make_agreement(
            cls.chair, start=False, method="service_level", service_target=0.93
        )
        cls.line = cls.agreement.line_ids

    def test_the_highest(self):
        self.line.target_from = "highest"
        self.assertEqual(self.line.service_target, 0.98)
        self.assertIn("98 % service", self.line.levels_text)
        self.assertIn("highest target of the tiers", self.line.levels_text)

    def test_weighted(self):
        self.line.target_from = "weighted"
        self.assertAlmostEqual(self.line.service_target, 0.94)
        self.assertIn("target weighted by tier", self.line.levels_text)

    def test_a_tier_with_a_small_share_does_not_decide(self):
        for number in range(4):
            self.sell(self.bolt, 60 + number)
        self.line.target_from = "highest"
        self.assertEqual(self.line.service_target, 0.9)

    def test_a_typed_target_wins(self):
        self.line.target_from = "highest"
        self.line.service_target = 0.96
        self.assertEqual((self.line.target_from, self.line.service_target), ("typed", 0.96))
        self.agreement.line_ids._find_tier_mix()
        self.assertEqual(self.line.service_target, 0.96)

    def test_what_was_typed_comes_back(self):
        self.line.target_from = "highest"
        self.line.target_from = "typed"
        self.assertEqual(self.line.service_target, 0.93)
        self.assertEqual(self.line.typed_service_target, 0)

    def test_without_any_target_the_typed_one_counts(self):
        (self.gold + self.basic).service_target = 0
        self.line.target_from = "highest"
        self.assertEqual(self.line.service_target, 0.93)

    def test_a_review_follows_the_tiers(self):
        self.line.target_from = "highest"
        self.gold.service_target = 0.97
        self.line._find_tier_mix()
        self.assertEqual(self.line.service_target, 0.97)

    def test_an_archived_level_sets_no_target(self):
        self.line.target_from = "highest"
        self.gold.active = False
        self.line._find_tier_mix()
        self.assertEqual(self.line.service_target, 0.9)

    def test_an_uninstalled_add_on_leaves_what_was_typed(self):
        from ..hooks import uninstall_hook

        self.line.target_from = "weighted"
        self.env.flush_all()
        uninstall_hook(self.env)
        self.line.invalidate_recordset()
        self.assertEqual(self.line.service_target, 0.93)

    @mute_logger("odoo.sql_db")
    def test_a_target_is_a_share(self):
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.gold.service_target = 95
            self.env.flush_all()

    def test_the_explanation_says_so(self):
        self.line.target_from = "highest"
        proposal = self.env["vmi.proposal"].sudo().create({"agreement_id": self.agreement.id})
        line = (
            self.env["vmi.proposal.line"]
            .sudo()
            .create(
                {
                    "proposal_id": proposal.id,
                    "line_id": self.line.id,
                    "product_id": self.chair.id,
                    "suggested_qty": 5,
                }
            )
        )
        self.assertIn("98 % service, highest target of the tiers", line.explanation)


class ReserveCase(TierMixCase):
    """An agreement keeps chairs, of which half go to the best tier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sold.picking_ids.action_cancel()
        cls.agreement = cls.make_agreement(cls.chair)
        cls.line = cls.agreement.line_ids
        # 2 a day, half of it the best tier's: until a receipt in 4 days that is 4, Poisson.
        cls.line.sudo().write(
            {
                "daily_demand": 2,
                "daily_demand_deviation": 0,
                "tier_shares": {str(cls.vip.id): 0.5, str(cls.ordinary.id): 0.5},
            }
        )
        cls.agreement.write({"scarce_allocation": "reserve", "scarce_reserve_level": 0.9})
        cls.coming = cls.receipt(20, days=4)


class TestReserves(ReserveCase):
    """So much is kept for better tiers as they are likely to order until the next receipt."""

    def get_kept(self):
        [pool] = self.sell(self.bolt, 1).picking_ids.move_ids._get_pools()
        return pool.reserve.get_quantity(self.ordinary.sequence)

    def test_others_leave_what_is_kept(self):
        kept = self.get_kept()
        # Mean 4, variance 0.25·0 + 0.25·8 = 2, which is below the mean: Poisson, F(7) = 0.949.
        self.assertEqual(kept, 7)
        self.put(10)
        other = self.sell(self.bolt, 9)
        # One was taken by the order before.
        self.assertEqual(self.reserved(other), (3,))
        better = self.sell(self.acme, 6)
        self.assertEqual(self.reserved(better), (6,))
        self.assertIn(
            "some is kept for orders to come until the next receipt", other.allocation_note
        )

    def test_the_receipt_releases_it(self):
        self.put(10)
        other = self.sell(self.bolt, 9)
        self.assertEqual(self.reserved(other), (3,))
        self.receive(self.coming)
        self.assertEqual(self.reserved(other), (9,))

    def test_it_is_less_the_closer_the_receipt(self):
        kept = []
        for days in (6, 4, 2, 0):
            self.coming.date = Datetime.now() + timedelta(days=days)
            kept.append(self.get_kept())
        self.assertEqual(kept, sorted(kept, reverse=True))
        self.assertLess(kept[-1], kept[0])

    def test_without_a_receipt_it_lasts_for_the_lead_time(self):
        self.coming._action_cancel()
        self.line.sudo().lead_days = 4
        self.assertEqual(self.get_kept(), 7)

    def test_who_waited_long_is_not_kept_waiting(self):
        self.put(10)
        other = self.sell(self.bolt, 9)
        self.assertEqual(self.reserved(other), (3,))
        self.late(other, 14)
        self.run_scheduler()
        self.assertEqual(self.reserved(other), (9,))

    def test_switched_off_all_is_free(self):
        self.put(10)
        other = self.sell(self.bolt, 9)
        self.agreement.scarce_allocation = False
        self.run_scheduler()
        self.assertEqual(self.reserved(other), (9,))

    def test_nothing_is_kept_where_no_agreement_keeps_it(self):
        self.company.scarce_allocation = "reserve"
        self.put(9, product=self.table)
        self.assertEqual(self.reserved(self.sell(self.bolt, 9, product=self.table)), (9,))


class TestChange(ReserveCase):
    """What a reserve costs is shown before it is switched on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement.scarce_allocation = False
        cls.put(8)
        cls.manager = cls.buyer_of(
            "purchase.group_purchase_manager", "customer_tiering.group_tiering_user"
        )

    def open(self, owner):
        action = owner.action_change_scarce_allocation()
        return self.env[action["res_model"]].browse(action["res_id"]).with_user(owner.env.user)

    def test_figures_before_it_is_switched_on(self):
        change = self.open(self.agreement.with_user(self.manager))
        change.write({"allocation": "reserve", "reserve_level": 0.9})
        line = change.line_ids
        self.assertEqual((line.product_id, line.free_qty, line.kept_qty), (self.chair, 8, 7))
        self.assertEqual(line.days, 4)
        self.assertGreater(line.best_fill_with_reserve, line.best_fill)
        self.assertLess(line.others_fill_with_reserve, line.others_fill)
        self.assertGreater(line.lost_qty, 1)
        self.assertIn(f"{self.vip.name}: ", change.outlook)
        self.assertRegex(change.outlook, r"\d+ % → \d+ %")
        self.assertFalse(self.agreement.scarce_allocation)
        told = change.action_apply()["params"]["message"]
        self.assertIn("With a Reserve (lasts with 90 %)", told)
        self.assertEqual(self.agreement.scarce_allocation, "reserve")
        self.assertEqual(self.agreement.scarce_reserve_level, 0.9)
        self.assertIn("90 %", self.agreement.scarce_allocation_note)

    def test_who_may_not_see_tiers_is_told_no_names(self):
        change = self.open(self.agreement.with_user(self.buyer_of(login="blind manager")))
        self.assertNotIn(self.vip.name, change.outlook)
        self.assertIn("Tier 1: ", change.outlook)

    def test_nothing_is_told_of_another_company(self):
        south = self.make_company("Southwind")
        new_manager = self.buyer_of(login="south manager")
        new_manager.sudo().write({"company_ids": [Command.set(south.ids)], "company_id": south.id})
        change = self.env["customer.allocation.change"].with_user(new_manager)
        spec = {"outlook": {}, "line_ids": {"fields": {"free_qty": {}}}}
        for company in (self.company.id, False):
            vals = {"company_id": company, "allocation": "reserve", "reserve_level": 0.9}
            told = change.onchange(vals, list(vals), spec)["value"]
            self.assertFalse(told.get("line_ids"))
            self.assertNotIn("%", told["outlook"])

    def test_a_product_on_two_shelves_is_one(self):
        for number in range(2):
            shelf = self.env["stock.location"].create(
                {"name": f"Shelf {number}", "location_id": self.stock.id, "usage": "internal"}
            )
            agreement = self.make_agreement(self.table, start=False)
            agreement.location_id = shelf
            agreement.action_start()
            agreement.line_ids.sudo().daily_demand = 2
        settings = self.env["res.config.settings"].create({"company_id": self.company.id})
        products = self.open(settings).line_ids.mapped("product_id.name")
        self.assertEqual(sorted(products), ["Chair", "Table"])
        self.assertEqual(len(self.open(settings).line_ids), 2)

    def test_a_level_that_is_none_is_said_at_once(self):
        change = self.open(self.agreement.with_user(self.manager))
        for level in (0.3, 1, 80):
            change.write({"allocation": "reserve", "reserve_level": level})
            self.assertIn("Reserve Lasts must be between 50 % and 99.9 %", change.outlook)
            self.assertNotIn("A reserve would keep nothing", change.outlook)
            self.assertFalse(change.line_ids)
            with self.assertRaisesRegex(ValidationError, "Reserve Lasts"):
                change.action_apply()
        self.assertFalse(self.agreement.scarce_allocation)

    def test_a_tier_that_is_archived_keeps_its_name(self):
        self.ordinary.active = False
        change = self.open(self.agreement.with_user(self.manager))
        self.assertIn(f"{self.ordinary.name}: ", change.outlook)
        self.assertNotIn("No tier", change.outlook)
        self.assertEqual(change.line_ids.kept_qty, 7)

    def test_more_is_kept_than_there_is(self):
        self.line.sudo().daily_demand = 500
        change = self.open(self.agreement.with_user(self.manager))
        line = change.line_ids
        self.assertGreater(line.kept_qty, line.free_qty)
        self.assertEqual(line.others_fill_with_reserve, 0)
        self.assertLessEqual(line.lost_qty, line.free_qty)

    def test_a_company_chooses(self):
        settings = self.env["res.config.settings"].create({"company_id": self.company.id})
        change = self.open(settings)
        self.assertEqual(change.company_id, self.company)
        self.assertIn("Whose delivery comes first", change.outlook)
        change.allocation = "priority"
        self.assertEqual(change.line_ids.product_id, self.chair)
        told = change.action_apply()["params"]["message"]
        self.assertIn(f"{self.company.name} is now: Better Tiers First.", told)
        self.assertEqual(self.company.scarce_allocation, "priority")
        self.assertIn("as the company has it", self.agreement.scarce_allocation_note)

    def test_back_to_the_company(self):
        self.agreement.scarce_allocation = "none"
        change = self.open(self.agreement.with_user(self.manager))
        change.allocation = "company"
        told = change.action_apply()["params"]["message"]
        self.assertIn("is now: As the Company Has It.", told)
        self.assertFalse(self.agreement.scarce_allocation)

    def test_a_company_is_not_offered_to_follow_itself(self):
        arch = etree.fromstring(self.env["customer.allocation.change"].get_view()["arch"])
        of_company, of_agreement = (
            arch.xpath(f"//field[@name='allocation'][@invisible='{when}']")
            for when in ("agreement_id", "not agreement_id")
        )
        self.assertIn("'company'", of_company[0].get("options"))
        self.assertEqual(of_company[0].get("widget"), "filterable_selection")
        self.assertFalse(of_agreement[0].get("options"))

    def test_nobody_passes_by_the_preview(self):
        administrator = self.buyer_of("base.group_system", login="supply administrator")
        vals = {"scarce_allocation": "reserve"}, {"scarce_reserve_level": 0.99}
        for some, name in zip(vals, ("Scarce Stock", "Reserve Lasts"), strict=True):
            with self.assertRaisesRegex(AccessError, name):
                self.agreement.with_user(self.manager).write(some)
            with self.assertRaisesRegex(AccessError, name):
                self.agreement.with_user(self.manager).copy(some)
            with self.assertRaisesRegex(AccessError, name):
                self.company.with_user(administrator).write(some)
        change = self.open(self.agreement.with_user(self.manager))
        with self.assertRaisesRegex(AccessError, "Agreement"):
            change.agreement_id = False
        self.assertFalse(self.agreement.scarce_allocation)

    def test_a_salesperson_changes_nothing(self):
        seller = self.make_member("change_seller", "sales_team.group_sale_manager")
        with self.assertRaisesRegex(Exception, "allowed|access"):
            self.open(self.agreement.with_user(seller))
