from datetime import date

from freezegun import freeze_time

from .common import SourcingCase


class TestSources(SourcingCase):
    """Who is a source of a product, and how much depends on whom."""

    def test_one_vendor_alone(self):
        self.bought(self.screws, 100)
        self.find_sources()
        row = self.row()
        self.assertEqual(row.sourcing, "single")
        self.assertEqual(row.partner_id, self.vendor)
        self.assertEqual((row.spend, row.share, row.hhi), (200, 1, 1))
        self.assertEqual(row.spend_class, "a")

    def test_a_price_alone_is_no_source(self):
        self.bought(self.screws, 100)
        self.add_seller(self.screws, self.other)
        self.find_sources()
        self.assertEqual(self.row().sourcing, "single")
        self.assertFalse(self.source(self.other).is_source)
        self.assertTrue(self.source(self.other).has_row)

    def test_qualified_with_a_price_and_never_used_is_by_habit(self):
        self.bought(self.screws, 100)
        self.add_seller(self.screws, self.other)
        self.qualify(self.other)
        self.find_sources()
        row = self.row()
        self.assertEqual(row.sourcing, "habit")
        self.assertEqual(row.other_count, 1)
        self.assertEqual(row.sources_risk, 50)
        self.assertTrue(self.source(self.other).is_source)

    def test_a_qualification_without_a_price_or_out_of_date_is_no_source(self):
        self.bought(self.screws, 100)
        qualification = self.qualify(self.other, date_end="2026-03-20")
        self.find_sources()
        self.assertEqual(self.row().sourcing, "single")
        seller = self.add_seller(self.screws, self.other)
        self.find_sources()
        self.assertEqual(self.row().sourcing, "habit")
        with freeze_time("2026-03-21 12:00:00"):
            self.find_sources()
        self.assertEqual(self.row().sourcing, "single")
        self.assertEqual(qualification.state, "expired")
        qualification.date_end = False
        qualification.action_qualify()
        seller.date_end = "2026-03-01"
        self.find_sources()
        self.assertEqual(self.row().sourcing, "single")

    def test_two_that_delivered(self):
        self.bought(self.screws, 60)
        self.bought(self.screws, 20, self.other)
        self.find_sources()
        row = self.row()
        self.assertEqual(row.sourcing, "multiple")
        self.assertEqual(row.share, 0.75)
        # 0.75² + 0.25²
        self.assertAlmostEqual(row.hhi, 0.625)

    def test_what_was_received_before_the_period_or_went_back_does_not_count(self):
        self.bought(self.screws, 60)
        self.bought(self.screws, 20, self.other, moment="2025-02-01 08:00:00")
        order = self.ordered((self.screws, 5), vendor=self.other)
        move = self.received(order, "2026-02-03 08:00:00")
        self.returned(move, "2026-02-04 08:00:00", 5)
        self.find_sources()
        self.assertEqual(self.row().sourcing, "single")

    def test_the_order_of_a_contact_is_its_companys(self):
        contact = self.make_vendor("Desk", parent_id=self.vendor.id, is_company=False)
        self.bought(self.screws, 60)
        self.bought(self.screws, 40, contact)
        self.find_sources()
        self.assertEqual(self.row().sourcing, "single")
        self.assertEqual(self.source(self.vendor).received_qty, 100)

    def test_a_qualification_for_a_category_covers_those_below_and_a_closer_one_goes_first(self):
        below = (
            self.env["product.category"]
            .sudo()
            .create({"name": "Wood Screws", "parent_id": self.category.id})
        )
        self.screws.sudo().categ_id = below
        self.bought(self.screws, 60)
        self.add_seller(self.screws, self.other)
        self.qualify(self.other)
        self.find_sources()
        self.assertEqual(self.row().sourcing, "habit")
        self.env["vendor.qualification"].create(
            {"partner_id": self.other.id, "product_id": self.screws.id}
        ).action_reject()
        self.find_sources()
        self.assertEqual(self.row().sourcing, "single")
        self.assertEqual(self.source(self.other).qualification_state, "rejected")

    def test_services_and_other_states_are_no_purchases(self):
        self.ordered((self.screws, 10), approved=None)
        self.find_sources()
        self.assertFalse(self.row())


class TestRisk(SourcingCase):
    """The worked example: 400 screws, 4 a day, one vendor, another one in sight."""

    def setUp(self):
        super().setUp()
        self.bought(self.screws, 760, moment="2025-12-01 08:00:00")
        self.sold_daily(self.screws, 4)
        # 760 − 90 × 4 = 400 are left: 100 days of cover.

    def test_nobody_else(self):
        self.find_sources()
        row = self.row()
        self.assertAlmostEqual(row.daily_demand, 4)
        self.assertEqual(row.on_hand_qty, 400)
        self.assertEqual(row.cover_days, 100)
        self.assertEqual(row.switching_days, 120)
        self.assertEqual(row.sources_risk, 100)
        # 100 × (1 − 100 ÷ 120)
        self.assertAlmostEqual(row.switching_risk, 16.67, 1)
        self.assertFalse(row.is_delivery_rated)
        # (40 × 100 + 30 × 16.67) ÷ 70
        self.assertAlmostEqual(row.risk, 64.3, 1)
        self.assertEqual(row.quadrant, "strategic")
        # 4 × 101 = 404 are the first more than 400.
        self.assertEqual(row.out_date, date(2026, 6, 25))
        self.assertEqual(row.safe_date, date(2026, 2, 25))
        self.assertTrue(row.is_too_late)
        # (120 − 101) × 4 × 5
        self.assertEqual(row.at_stake, 380)

    def test_delivery_counts_once_the_vendor_is_rated(self):
        self.env["vendor.standing"].sudo().create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "scorecard_id": self.scorecard.id,
                "criterion_ids": [
                    (0, 0, {"measure": "otif", "value": 0.9, "base": 9, "points": 80.0})
                ],
            }
        )
        self.find_sources()
        row = self.row()
        self.assertEqual(row.delivery_risk, 20)
        # 40 + 30 × 0.1667 + 30 × 0.2
        self.assertAlmostEqual(row.risk, 51, 1)

    def test_an_alternate_in_sight(self):
        self.add_seller(self.screws, self.other, price=2.5, delay=14)
        plan = self.env["vendor.qualification"].create(
            {
                "partner_id": self.other.id,
                "product_id": self.screws.id,
                "qualification_days": 45,
                "tooling_days": 21,
                "one_off_cost": 500,
            }
        )
        self.find_sources()
        row = self.row()
        # 45 + 21 + 14
        self.assertEqual(row.switching_days, 80)
        # 500 + 0.5 × 4 × 365
        self.assertAlmostEqual(row.switching_cost, 1230)
        self.assertEqual(row.alternate_id, self.other)
        self.assertEqual(row.safe_date, date(2026, 4, 6))
        self.assertEqual(row.at_stake, 0)
        # Still no source: 100; the stock lasts longer than switching takes: 0.
        self.assertEqual((row.sources_risk, row.switching_risk), (100, 0))
        plan.action_qualify()
        self.find_sources()
        # Qualified: only tooling and lead time are left.
        self.assertEqual(row.switching_days, 35)
        self.assertEqual(row.sources_risk, 50)
        self.assertAlmostEqual(row.risk, 28.6, 1)
        self.assertEqual(row.quadrant, "leverage")
        self.assertEqual(self.source(self.other).start_cost, row.switching_cost)

    def test_what_others_have_to_deliver_is_supply_and_the_vendors_own_is_not(self):
        self.ordered((self.screws, 100), approved="2026-03-10 08:00:00", due="2026-04-01 12:00:00")
        self.ordered(
            (self.screws, 40),
            approved="2026-03-10 08:00:00",
            due="2026-04-01 12:00:00",
            vendor=self.other,
        )
        self.find_sources()
        mine, theirs = self.source(self.vendor), self.source(self.other)
        self.assertEqual((mine.supply_qty, theirs.supply_qty), (440, 500))
        # 440 ÷ 4 = 110 days are covered.
        self.assertEqual(mine.out_date, date(2026, 7, 5))
        self.assertEqual(mine.coming_qty, 100)

    def test_open_deliveries_run_out_first(self):
        move = self.move(self.screws, 450, self.stock, self.customers, days=10)
        move._action_confirm()
        self.find_sources()
        self.assertEqual(self.row().out_date, date(2026, 3, 26))

    def test_prices_in_another_unit_and_currency(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 2.0,
            }
        )
        self.add_seller(
            self.screws,
            self.other,
            price=60,
            discount=10,
            currency_id=dollar.id,
            product_uom_id=self.env.ref("uom.product_uom_dozen").id,
        )
        self.find_sources()
        # 60 less 10 % are 54 dollars: 27 euros for twelve.
        self.assertAlmostEqual(self.source(self.other).price, 2.25)


class TestClassesAndCategories(SourcingCase):
    """What is bought in classes, of vendors and of categories."""

    def setUp(self):
        super().setUp()
        self.nails = self.make_product("Nails", self.other)
        self.nails.sudo().categ_id = self.category
        self.bought(self.screws, 400)
        self.bought(self.screws, 25, moment="2026-01-10 08:00:00")
        self.bought(self.nails, 75, self.other)
        self.find_sources()

    def vendor_row(self, vendor):
        return self.env["vendor.sourcing.vendor"].search(
            [("partner_id", "=", vendor.id), ("company_id", "=", self.company.id)]
        )

    def test_vendors(self):
        acme, bolt = self.vendor_row(self.vendor), self.vendor_row(self.other)
        self.assertEqual((acme.spend, bolt.spend), (850, 150))
        self.assertEqual((acme.share, bolt.share), (0.85, 0.15))
        self.assertEqual((acme.spend_class, bolt.spend_class), ("a", "b"))
        self.assertEqual((acme.order_line_count, bolt.order_line_count), (2, 1))
        # Two orders in twelve months.
        self.assertAlmostEqual(acme.orders_a_month, 2 / 12)
        self.assertEqual((acme.single_count, acme.product_count), (1, 1))

    def test_late_deliveries_and_defects(self):
        for product, done in (
            (self.screws, "2026-03-05 12:00:00"),
            (self.screws, "2026-03-02 12:00:00"),
            (self.nails, "2026-03-06 12:00:00"),
        ):
            move = self.move(product, 1, self.stock, self.customers)
            move._action_confirm()
            move.quantity, move.picked = 1, True
            move._action_done()
            move.date_deadline, move.date = "2026-03-03 12:00:00", done
        order = self.ordered((self.nails, 10), vendor=self.other)
        receipt = self.received(order, "2026-03-01 12:00:00")
        self.env["vendor.promise"].sudo()._add_missing(self.company)
        self.returned(receipt, "2026-03-04 12:00:00", 3)
        self.find_sources()
        # Two late deliveries, one of each; everything sent back came from one.
        acme, bolt = self.vendor_row(self.vendor), self.vendor_row(self.other)
        self.assertEqual((acme.late_share, bolt.late_share), (0.5, 0.5))
        self.assertEqual((acme.defect_share, bolt.defect_share), (0, 1))

    def test_category(self):
        row = self.env["vendor.sourcing.category"].search(
            [("categ_id", "=", self.category.id), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((row.product_count, row.vendor_count, row.single_count), (2, 2, 2))
        self.assertEqual(row.spend, 1000)
        # 0.85² + 0.15²
        self.assertAlmostEqual(row.hhi, 0.745)
        self.assertEqual((row.partner_id, row.share), (self.vendor, 0.85))

    def test_what_is_bought_no_more_is_gone(self):
        self.nails.sudo().active = False
        self.find_sources()
        self.assertFalse(self.row(self.nails))
        self.assertFalse(self.vendor_row(self.other))

    def test_vendors_that_are_merged(self):
        self.bought(self.screws, 10)
        self.bought(self.screws, 10, vendor=self.other)
        self.find_sources()
        mine = self.qualify(self.vendor, self.screws)
        other = self.qualify(self.other, self.screws)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.vendor | self.other).ids, self.vendor.sudo())
        self.assertFalse(self.other.exists())
        self.assertTrue(mine.active)
        self.assertFalse(other.active, "it gave way, and is still to be read")
        of_vendor = [("partner_id", "=", self.vendor.id)]
        self.assertEqual(self.env["vendor.sourcing.vendor"].search_count(of_vendor), 1)
        of_screws = [*of_vendor, ("product_id", "=", self.screws.id)]
        self.assertEqual(self.env["vendor.sourcing.source"].search_count(of_screws), 1)
        self.find_sources()
