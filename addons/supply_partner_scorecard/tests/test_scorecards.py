from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import ScorecardCase


class TestScorecards(ScorecardCase):
    """Vendors are rated by what was due in twelve months; bands follow the score."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scorecard.criterion_ids = [
            Command.clear(),
            Command.create({"measure": "otif", "weight": 1, "floor": 0.5, "cap": 1}),
        ]
        cls.manager = cls.make_buyer(
            "scorecard manager", cls.company, "purchase.group_purchase_manager"
        )

    def deliver(self, *days, vendor=None, quantity=10):
        """Order 10 for 10 February on several days; each day is when it came."""
        for place, came in enumerate(days):
            order = self.ordered(
                (self.screws, quantity), due=f"2026-02-{10 + place} 12:00:00", vendor=vendor
            )
            if came:
                self.received(order, f"{came} 10:00:00")

    def test_a_language_added_later_names_the_usual_bands(self):
        self.env["res.lang"].sudo()._activate_lang("zh_CN")
        bands = self.scorecard.band_ids
        renamed = bands.filtered(lambda band: band.code == "risk")
        renamed.name = "Under Talks"
        self.env["ir.module.module"].sudo()._load_module_terms(
            ["supply_partner_scorecard"], ["zh_CN"]
        )
        names = {band.code: band.with_context(lang="zh_CN").name for band in bands}
        self.assertEqual((names["preferred"], names["risk"]), ("优选", "Under Talks"))
        self.assertEqual(bands.mapped("name")[0], "Preferred")

    def test_four_of_five(self):
        self.deliver("2026-02-10", "2026-02-11", "2026-02-12", "2026-02-13", "2026-02-20")
        otif = self.measure("otif")
        self.assertEqual((otif["value"], otif["base"], otif["points"]), (0.8, 5, 60))
        self.assertTrue(otif["low"] < 0.8 < otif["high"])
        standing = self.standing()
        self.assertEqual((standing.score, standing.band_id.code), (60, "watched"))
        self.assertEqual(
            self.env["vendor.standing"]._get_score(self.vendor, self.company),
            {self.vendor.id: 60.0},
        )
        self.assertEqual(standing.change_ids.mapped("reason"), ["first"])
        self.assertIn(Date.to_date("2026-03-01"), standing.month_ids.mapped("month"))

    def test_a_hundred_lines_on_one_truck_are_one_event(self):
        products = [self.make_product(f"Screw {number}", self.vendor) for number in range(20)]
        order = self.ordered(*[(product, 1) for product in products])
        self.received(order, "2026-02-10 08:00:00")
        otif = self.measure("otif")
        self.assertEqual((otif["value"], otif["base"]), (1, 1))
        self.assertIsNone(otif["points"])
        self.assertEqual(self.standing().state, "unrated")
        self.assertEqual(
            self.env["vendor.standing"]._get_score(self.vendor, self.company),
            {self.vendor.id: None},
        )

    def test_no_history_is_neither_the_best_nor_the_worst(self):
        new = self.make_vendor("New Fasteners")
        self.ordered(vendor=new, due="2026-04-10 12:00:00")
        self.recalculate()
        standing = self.standing(new)
        self.assertEqual((standing.state, standing.band_id.id), ("unrated", False))
        self.env.cr.execute("SELECT score FROM vendor_standing WHERE id = %s", [standing.id])
        self.assertEqual(self.env.cr.fetchall(), [(None,)])

    def test_all_on_time_is_a_hundred_and_has_a_band(self):
        self.deliver(*[f"2026-02-{day}" for day in range(10, 16)])
        self.recalculate()
        self.assertEqual((self.standing().score, self.standing().band_id.code), (100, "preferred"))

    def test_units_of_two_products_are_never_added_but_values_are(self):
        nuts = self.make_product("Nuts", self.vendor)
        order = self.ordered(
            {"product_id": self.screws.id, "product_qty": 10, "price_unit": 1},
            {"product_id": nuts.id, "product_qty": 1000, "price_unit": 0.09},
        )
        self.received(order, "2026-02-10 08:00:00", product=self.screws)
        self.assertEqual(self.measure("otif")["value"], 0.5)
        self.assertAlmostEqual(self.measure("otif_value")["value"], 0.1)
        self.assertEqual(self.measure("otif_order")["value"], 0)

    def test_two_currencies_are_valued_in_the_companys(self):
        dollar = self.env(su=True, user=1).ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].sudo().create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": "2026-01-01",
             "rate": 4}
        )  # fmt: skip
        kept = self.ordered({"product_id": self.screws.id, "product_qty": 10, "price_unit": 4.0},
                            currency_id=dollar.id)  # fmt: skip
        self.received(kept, "2026-02-10 08:00:00")
        self.ordered({"product_id": self.screws.id, "product_qty": 10, "price_unit": 3.0})
        # 40 dollars are 10 euros, of 40 euros due.
        self.assertAlmostEqual(self.measure("otif_value")["value"], 0.25)

    def test_each_definition_against_the_approved_and_the_latest_day(self):
        """Five orders of 20 a line: in time, late, short, postponed, and one with a late line."""
        nuts = self.make_product("Nuts", self.vendor)
        in_time, late, short, postponed = (self.ordered() for _each in range(4))
        both = self.ordered((self.screws, 10), (nuts, 10))
        theirs = postponed.sudo()
        theirs._update_date_planned_for_lines(
            [(theirs.order_line, self.day("2026-02-20 12:00:00"))]
        )
        self.received(in_time, "2026-02-10 08:00:00")
        self.received(late, "2026-02-11 08:00:00")
        self.received(short, "2026-02-09 08:00:00", 6)
        self.received(postponed, "2026-02-20 08:00:00")
        self.received(both, "2026-02-10 08:00:00", product=self.screws)
        self.received(both, "2026-02-12 08:00:00", product=nuts)
        self.recalculate()
        measures = self.env["vendor.standing"]._get_measures(self.vendor, self.company)
        found = {code: figure["value"] for code, figure in measures[self.vendor.id].items()}
        for code, approved, latest in (
            ("first", 3 / 6, 4 / 6),
            ("complete", 2 / 6, 3 / 6),
            ("in_full", 5 / 6, 5 / 6),
            ("otif", 2 / 6, 3 / 6),
            ("otif_order", 1 / 5, 2 / 5),
            # 20 + 12 + 20 of six lines of 20; the postponed one's 20 by the latest day.
            ("otif_value", 52 / 120, 72 / 120),
        ):
            self.assertAlmostEqual(found[code], approved, 9, code)
            self.assertAlmostEqual(found[f"{code}_latest"], latest, 9, f"{code}_latest")

    def test_lead_time(self):
        for days in (3, 5, 5, 7, 15):
            order = self.ordered(approved="2026-02-01 08:00:00", due="2026-02-06 12:00:00")
            self.received(order, f"2026-02-{1 + days:02} 15:00:00")
        self.assertEqual(self.measure("lead_mean")["value"], 7)
        # Deviations −4, −2, −2, 0 and 8 make 88; the root of 88 ÷ 4.
        self.assertAlmostEqual(self.measure("lead_deviation")["value"], 22**0.5)
        # Between the fourth (7) and the fifth (15) of five, at 0.9 × 4 = 3.6.
        self.assertAlmostEqual(self.measure("lead_p90")["value"], 7 + 0.6 * 8)
        self.assertEqual(self.measure("lead_bias")["value"], 2)

    def test_what_was_due_before_the_period_is_forgotten(self):
        with freeze_time("2025-01-02"):
            order = self.ordered(approved="2025-01-02 08:00:00", due="2025-01-10 12:00:00")
        self.assertFalse((self.measure("otif") or {}).get("base"))
        self.assertTrue(self.promise(order))

    def test_a_worse_band_is_held_for_a_second_month(self):
        self.scorecard.worse_periods = 2
        self.deliver(*[f"2026-02-{day}" for day in range(10, 16)])
        self.recalculate()
        self.deliver(None, None, None, None)
        self.recalculate()
        standing = self.standing()
        self.assertEqual(standing.band_id.code, "preferred")
        self.assertEqual(standing.candidate_band_id.code, "risk")
        self.assertEqual(standing.worse_since, Date.to_date("2026-03-16"))
        with freeze_time("2026-04-01 12:00:00"):
            self.recalculate()
        self.assertEqual(standing.band_id.code, "risk")
        self.assertEqual(standing.change_ids.mapped("reason"), ["worse", "first"])

    def test_an_override_holds_until_its_end(self):
        self.deliver(*[f"2026-02-{day}" for day in range(10, 16)])
        self.recalculate()
        standing = self.standing()
        risk = self.scorecard.band_ids.filtered(lambda band: band.code == "risk")
        with self.assertRaises(AccessError):
            standing.action_override()
        mine = standing.with_user(self.manager)
        with Form(
            self.env(user=self.manager)["vendor.standing.override"].with_context(
                **mine.action_override()["context"]
            )
        ) as form:
            form.band_id = risk
            form.date_end = "2026-03-20"
            form.reason = "Insolvency proceedings"
        form.save().action_apply()
        self.assertEqual((standing.band_id, standing.override_user_id), (risk, self.manager))
        self.recalculate()
        self.assertEqual(standing.band_id, risk)
        with freeze_time("2026-03-21 12:00:00"):
            self.recalculate()
        self.assertEqual(standing.band_id.code, "preferred")
        self.assertEqual(
            standing.change_ids.mapped("reason"), ["override_ended", "override", "first"]
        )

    def test_a_second_run_writes_nothing(self):
        self.deliver("2026-02-10", "2026-02-20")
        self.recalculate()
        self.env.cr.execute("SELECT xmin::text, id FROM vendor_standing_criterion ORDER BY id")
        before = self.env.cr.fetchall()
        self.recalculate()
        self.env.cr.execute("SELECT xmin::text, id FROM vendor_standing_criterion ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_one_good_delivery_does_not_rank_first(self):
        lucky = self.make_vendor("Lucky Fasteners")
        self.scorecard.criterion_ids.min_base = 1
        self.scorecard.criterion_ids.floor = 0
        self.deliver(*[f"2026-02-{day}" for day in range(10, 20)], "2026-02-25")
        self.deliver("2026-02-10", vendor=lucky)
        self.deliver(None, None, None, vendor=self.make_vendor("Bad Fasteners"))
        self.recalculate()
        self.assertEqual(self.standing(lucky).score, 100)
        self.assertLess(self.standing(lucky).rank_score, self.standing().rank_score)

    def test_a_scorecard_that_could_leave_a_score_without_a_band_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "begin at 0"):
            self.scorecard.band_ids.filtered(lambda band: not band.min_score).min_score = 1
        with self.assertRaisesRegex(ValidationError, "a weight"):
            self.scorecard.criterion_ids.weight = 0
            self.scorecard._check_criteria()

    def test_a_color_that_there_is_not_is_refused(self):
        band = self.scorecard.band_ids[0]
        for color in (-1, 12):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, "color_range"),
                self.env.cr.savepoint(),
            ):
                band.color = color
                band.flush_recordset()
        band.color = 11
        band.flush_recordset()

    def test_the_button_says_how_many(self):
        self.deliver("2026-02-10")
        action = self.scorecard.with_user(self.env.user).action_recalculate()
        self.assertIn("1 unrated", action["params"]["message"])
        with self.assertRaises(UserError):
            self.scorecard.with_user(self.env.ref("base.public_user")).action_recalculate()

    def test_other_companies_do_not_count(self):
        other = self.make_company("Southwind")
        self.deliver("2026-02-10")
        self.recalculate()
        scorecard = self.env["vendor.scorecard"].sudo()._make_default(other)
        scorecard._recalculate()
        self.assertFalse(scorecard.standing_ids)
