from freezegun import freeze_time

from odoo.fields import Command

from .common import ScorecardCase


class TestDeliveries(ScorecardCase):
    """Each definition by itself, with what goes wrong in each; promised: 10 by 10 February."""

    def check(self, order, approved, latest=None, reason=False, product=None):
        """Hold the verdicts first, complete, in_full and otif, as letters: y(es) or n(o)."""
        delivery = self.delivery(order, product)
        self.assertEqual(delivery.state, "judged")
        self.assertEqual(
            "".join("y" if verdict else "n" for verdict in self.verdicts(delivery)), approved
        )
        self.assertEqual(
            "".join("y" if verdict else "n" for verdict in self.verdicts(delivery, True)),
            latest or approved,
        )
        self.assertEqual(delivery.disagreement, reason)
        return delivery

    def test_on_the_day(self):
        order = self.ordered()
        self.received(order, "2026-02-10 18:00:00")
        delivery = self.check(order, "yyyy")
        self.assertEqual((delivery.lead_days, delivery.bias_days), (9, 0))
        self.assertEqual((delivery.promised_value, delivery.kept_value), (20, 20))

    def test_a_day_late(self):
        order = self.ordered()
        self.received(order, "2026-02-11 08:00:00")
        delivery = self.check(order, "nnyn", reason="late")
        self.assertEqual((delivery.bias_days, delivery.kept_value), (1, 0))

    def test_the_rest_late_and_never(self):
        order = self.ordered()
        self.received(order, "2026-02-09 08:00:00", 6)
        self.check(order, "ynnn", reason="short")
        self.received(order, "2026-02-14 08:00:00")
        delivery = self.check(order, "ynyn", reason="rest_late")
        self.assertEqual((delivery.held_qty, delivery.received_qty, delivery.kept_value),
                         (6, 10, 12))  # fmt: skip

    def test_within_the_tolerance(self):
        self.scorecard.delivery_tolerance = 0.05
        order = self.ordered((self.screws, 100))
        self.received(order, "2026-02-10 08:00:00", 95)
        self.check(order, "yyyy")

    def test_what_went_back_in_time_and_later(self):
        early, later = self.ordered(), self.ordered()
        for order, moment in ((early, "2026-02-09 08:00:00"), (later, "2026-02-12 08:00:00")):
            move = self.received(order, "2026-02-08 08:00:00")
            self.returned(move, moment, 4)
        delivery = self.check(early, "yynn", reason="returned_early")
        self.assertEqual((delivery.held_qty, delivery.received_qty), (6, 6))
        self.check(later, "yyny", reason="returned_later")

    def test_what_was_exchanged_in_time_and_late(self):
        quick, slow = self.ordered(), self.ordered()
        for order, moment in ((quick, "2026-02-10 09:00:00"), (slow, "2026-02-13 09:00:00")):
            move = self.received(order, "2026-02-07 08:00:00")
            self.returned(move, "2026-02-08 08:00:00", 4, exchange=True)
            self.received(order, moment, 4)
        delivery = self.check(quick, "yyyy")
        self.assertEqual(delivery.received_qty, 10)
        self.check(slow, "yyyn", reason="returned_early")

    def test_more_than_ordered_is_not_better_than_in_full(self):
        order = self.ordered()
        self.received(order, "2026-02-09 08:00:00", 20)
        delivery = self.check(order, "yyyy")
        self.assertEqual((delivery.received_qty, delivery.kept_value), (20, 20))

    def test_postponed_by_the_vendor(self):
        order = self.ordered()
        theirs = order.sudo()
        theirs._update_date_planned_for_lines(
            [(theirs.order_line, self.day("2026-02-20 12:00:00"))]
        )
        self.received(order, "2026-02-20 08:00:00")
        self.check(order, "nnyn", latest="yyyy", reason="postponed")

    def test_a_date_moved_after_the_receipt_changes_nothing(self):
        order = self.ordered()
        self.received(order, "2026-02-12 08:00:00")
        order.order_line.date_planned = "2026-02-12 12:00:00"
        self.check(order, "nnyn", latest="yyyy", reason="postponed")

    def test_cancelled_by_either_side(self):
        ours, theirs = self.ordered(), self.ordered()
        (ours | theirs).button_cancel()
        theirs.vmi_is_vendor_cancelled = True
        delivery = self.delivery(ours)
        self.assertEqual((delivery.state, delivery.left_out), ("left_out", "cancelled"))
        self.check(theirs, "nnnn")
        order = self.ordered()
        order.order_line.product_qty = 0
        self.assertEqual(self.delivery(order).left_out, "cancelled")

    def test_less_by_the_buyer_is_not_held_against_the_vendor(self):
        ours, theirs = self.ordered(), self.ordered()
        for order in (ours, theirs):
            self.received(order, "2026-02-09 08:00:00", 6)
            order.order_line.product_qty = 6
        self.promise(theirs).change_ids.origin = "vendor"
        self.check(ours, "yyyy")
        self.check(theirs, "ynnn", latest="yyyy", reason="changed_quantity")

    def test_a_line_added_later_has_its_own_day(self):
        order = self.ordered()
        self.received(order, "2026-02-10 08:00:00")
        nuts = self.make_product("Nuts", self.vendor)
        with freeze_time("2026-02-04 09:00:00"):
            order.order_line = [
                Command.create(
                    {
                        "product_id": nuts.id,
                        "product_qty": 5,
                        "date_planned": "2026-02-15 12:00:00",
                    }
                )
            ]
        self.received(order, "2026-02-15 08:00:00")
        delivery = self.check(order, "yyyy", product=nuts)
        self.assertEqual(delivery.lead_days, 11)

    def test_set_to_draft_and_confirmed_again_is_judged_by_the_first_promise(self):
        order = self.ordered()
        order.button_cancel()
        order.button_draft()
        self.assertEqual(self.delivery(order).left_out, "reopened")
        order.order_line.date_planned = "2026-02-20 12:00:00"
        order.button_confirm()
        self.received(order, "2026-02-20 08:00:00")
        self.check(order, "nnyn", latest="yyyy", reason="postponed")

    def test_a_dozen_against_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.ordered(
            {"product_id": self.screws.id, "product_qty": 2, "product_uom_id": dozen.id}
        )
        move = self.received(order, "2026-02-09 08:00:00", 12)
        self.returned(move, "2026-02-09 12:00:00", 12)
        self.received(order, "2026-02-10 08:00:00")
        delivery = self.delivery(order)
        self.assertEqual(
            (delivery.promised_qty, delivery.received_qty, delivery.otif), (24, 12, False)
        )

    def test_at_half_past_eleven_in_shanghai(self):
        self.company.sudo().resource_calendar_id.tz = "Asia/Shanghai"
        # Noon of the 10th there is four in the morning in UTC.
        order = self.ordered(due="2026-02-10 04:00:00")
        self.received(order, "2026-02-10 15:30:00")
        self.check(order, "yyyy")
        night = self.ordered(due="2026-02-10 04:00:00")
        self.received(night, "2026-02-10 16:30:00")
        self.check(night, "nnyn", reason="late")

    def test_the_day_must_be_over(self):
        order = self.ordered(due="2026-03-16 06:00:00")
        self.assertEqual(self.delivery(order).state, "open")
        with freeze_time("2026-03-17 00:30:00"):
            self.check(order, "nnnn")

    def test_services_are_left_out(self):
        service = self.env["product.product"].sudo().create({"name": "Advice", "type": "service"})
        order = self.ordered((service, 1))
        self.assertEqual(self.delivery(order).left_out, "service")

    def test_the_next_day_looks_at_what_is_open_or_changed(self):
        done, late = self.ordered(), self.ordered(due="2026-03-20 12:00:00")
        move = self.received(done, "2026-02-10 08:00:00")
        self.recalculate()
        with freeze_time("2026-03-18 12:00:00"):
            scope = self.scorecard._prepare_scope()
            refresh = self.env["vendor.delivery"].sudo()._refresh
            looked_at, written = refresh(scope, self.day("2026-03-18 12:00:00"))
            # What this transaction wrote looks as if it was written now.
            self.assertLessEqual(looked_at, 2)
            self.assertEqual(written, 0)
        self.env.cr.execute("UPDATE stock_move SET write_date = '2026-01-01'")
        self.env.cr.execute("UPDATE purchase_order SET write_date = '2026-01-01'")
        self.env.cr.execute("UPDATE purchase_order_line SET write_date = '2026-01-01'")
        self.env.cr.execute("UPDATE vendor_promise SET write_date = '2026-01-01'")
        since = self.day("2026-03-16 12:00:00")
        self.assertEqual(refresh(self.scorecard._prepare_scope(), since)[0], 1, "the open one")
        self.env.cr.execute(
            "UPDATE stock_move SET write_date = '2026-03-16 12:30:00' WHERE id = %s", [move.id]
        )
        self.assertEqual(refresh(self.scorecard._prepare_scope(), since)[0], 2)
        self.assertTrue(late)
