from datetime import date, datetime, time, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .common import VmiCase

FIRST = date(2026, 3, 2)
CYCLE = 28


class TestGlidePath(VmiCase):
    """Stock of an agreement is lowered by 5 % a cycle, until a fill rate of 99 % is missed."""

    def setUp(self):
        super().setUp()
        self.nuts = self.make_product("Nuts", self.vendor)
        with freeze_time(self.at(0)):
            self.put(self.screws, 1000)
            self.put(self.nuts, 1000)
            self.agreement = self.make_agreement(
                (self.screws, 60, 100),
                {"product_id": self.nuts.id, "min_qty": 98, "max_qty": 100},
                glide_is_on=True,
                glide_target=0.99,
            )
        self.screw_line, self.nut_line = self.agreement.line_ids

    def at(self, day):
        return datetime.combine(FIRST + timedelta(days=day), time(6))

    def night(self, day):
        with freeze_time(self.at(day)):
            self.agreement._glide()
        self.agreement.invalidate_recordset()

    def sell(self, first, last, products=None, quantity=2):
        """Deliver some of each product on each day."""
        for day in range(first, last):
            with freeze_time(self.at(day)):
                for product in products or self.screws | self.nuts:
                    self.move(product, quantity, self.stock, self.customers, done=True)

    def want(self, first, last, quantity=2):
        """Let customers wait for screws."""
        for day in range(first, last):
            with freeze_time(self.at(day)):
                move = self.move(self.screws, quantity, self.stock, self.customers)
                move.date_deadline = self.at(day)

    def levels(self, line):
        line.invalidate_recordset()
        return line.level_min_qty, line.level_max_qty

    def test_down_and_back_again(self):
        self.night(0)
        self.assertEqual(self.agreement.glide_cycle_start, FIRST)
        self.sell(0, CYCLE)
        self.night(CYCLE - 1)
        self.assertFalse(self.agreement.glide_cycle_ids, "the cycle is not over")
        self.night(CYCLE)
        cycle = self.agreement.glide_cycle_ids
        self.assertEqual((cycle.action, cycle.reason, cycle.step), ("step", "kept", 0))
        self.assertEqual((cycle.unit_count, cycle.good_count, cycle.wanted_qty), (56, 56, 112))
        self.assertEqual((cycle.date_start, cycle.date_end), (FIRST, self.at(CYCLE - 1).date()))
        self.assertAlmostEqual(self.agreement.glide_share, 0.95)
        # The maximum is lowered; the minimum only where it would lie above.
        self.assertEqual(self.levels(self.screw_line), (60, 95))
        self.assertEqual(self.levels(self.nut_line), (95, 95))
        self.assertEqual(self.screw_line.orderpoint_id.product_max_qty, 95)
        self.assertEqual(self.screw_line.max_qty, 100, "what was typed is where it starts")
        self.assertIn("lowered to 95 %", self.agreement.message_ids[0].body)
        self.night(CYCLE)
        self.assertEqual(self.agreement.glide_current_step, 1, "once a night")

        self.sell(CYCLE, CYCLE + 27, self.nuts)
        self.want(CYCLE, CYCLE + 27)
        self.night(CYCLE + 27)
        cycle = self.agreement.glide_cycle_ids[0]
        self.assertEqual((cycle.action, cycle.reason, cycle.next_step), ("halt", "alarm", 0))
        self.assertEqual((cycle.fill_rate, cycle.good_count), (0.5, 27))
        self.assertEqual(self.levels(self.screw_line), (60, 100))
        # What is raised now has to reach the shelf first: three days and a review.
        self.assertEqual(self.agreement.glide_cycle_start, self.at(CYCLE + 27 + 4).date())
        self.assertEqual(len(self.agreement.glide_chart["labels"]), 2)
        self.assertIn("by far", self.agreement.glide_text)
        state = self.agreement._get_glide_state()
        self.assertEqual((state.step, state.failed, state.calm_cycles), (0, {1}, 0))

    def test_a_late_delivery_is_not_served(self):
        self.night(0)
        with freeze_time(self.at(1)):
            late = self.move(self.screws, 4, self.stock, self.customers)
            late.date_deadline = self.at(1)
        with freeze_time(self.at(3)):
            late.write({"quantity": 4, "picked": True})
            late._action_done()
        self.sell(4, 5, self.nuts, quantity=6)
        self.night(4 * CYCLE)
        cycle = self.agreement.glide_cycle_ids
        self.assertEqual((cycle.action, cycle.reason), ("hold", "few"))
        self.assertEqual((cycle.unit_count, cycle.good_count), (2, 1))
        self.assertEqual((cycle.wanted_qty, cycle.served_qty), (10, 6))
        self.assertIn("At least 53 days", cycle.description)

    def test_switched_off_the_starting_levels_hold(self):
        self.agreement.sudo().write({"glide_current_step": 3, "glide_since": FIRST})
        self.agreement.line_ids._measure()
        self.assertEqual(self.levels(self.screw_line), (60, 85))
        self.agreement.glide_floor = 0.9
        self.assertEqual(self.levels(self.screw_line), (60, 90))
        self.agreement.glide_is_on = False
        self.assertEqual(self.levels(self.screw_line), (60, 100))
        self.assertEqual(self.agreement.glide_current_step, 0)
        self.assertFalse(self.agreement.glide_text)

    def test_a_suspension_is_not_judged(self):
        self.night(0)
        with freeze_time(self.at(3)):
            self.agreement.action_suspend()
        self.night(4)
        self.assertEqual(self.agreement.glide_checked_on, FIRST)
        with freeze_time(self.at(40)):
            self.agreement.action_resume()
        self.assertEqual(self.agreement.glide_cycle_start, self.at(40).date())

    def test_never_below_a_case_nor_a_service_level(self):
        case = self.env["uom.uom"].sudo().create(
            {"name": "Case of 96", "relative_factor": 96, "relative_uom_id": self.screws.uom_id.id}
        )  # fmt: skip
        self.screw_line.replenishment_uom_id = case
        self.agreement.sudo().write({"glide_current_step": 8, "glide_since": FIRST})
        self.agreement.line_ids._measure()
        self.assertEqual(self.levels(self.screw_line), (60, 96))
        self.assertEqual(self.levels(self.nut_line), (60, 60))

    def test_the_scheduled_action_follows_it(self):
        self.company.sudo().vmi_review_hour = 5
        for day, hour, begins in ((0, 4, False), (0, 6, True)):
            moment = self.at(day).replace(hour=hour)
            with freeze_time(moment), self.enter_registry_test_mode():
                self.env.ref("supply_partner.ir_cron_review").sudo().method_direct_trigger()
            self.assertEqual(bool(self.agreement.glide_cycle_start), begins)

    def test_terms_that_make_no_sense(self):
        for vals in (
            {"glide_step": 0},
            {"glide_step": -0.1},
            {"glide_floor": 1},
            {"glide_floor": 0},
            {"glide_target": 1},
            {"glide_cycle_days": 0},
        ):
            with (
                self.subTest(vals),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.agreement.write(vals)
                self.env.flush_all()

    def test_nobody_writes_where_it_stands(self):
        with self.assertRaises(AccessError):
            self.agreement.write({"glide_current_step": 5})
        with self.assertRaises(AccessError):
            self.env["vmi.glide.cycle"].create({"agreement_id": self.agreement.id})
