from freezegun import freeze_time

from odoo.fields import Command, Datetime

from .common import DeliveryCase


class TestDeliveryPromises(DeliveryCase):
    """A delivery is kept when it arrives on the promised day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Europe/Brussels"
        cls.env["stock.quant"]._update_available_quantity(
            cls.product, cls.warehouse.lot_stock_id, 10
        )

    def promised(self, partner, moment, **vals):
        """Return the order that is promised for a moment (UTC)."""
        with freeze_time("2026-07-01 08:00:00"):
            return self.deliver(partner, commitment_date=moment, **vals)

    def arrive(self, order, moment):
        with freeze_time(moment):
            transfer = order.picking_ids.filtered(lambda picking: picking.state != "done")
            transfer.move_ids.picked = True
            transfer.button_validate()

    def outcome(self, order, now="2026-07-20 08:00:00"):
        """Return (state, days late) of each promise of the order."""
        self.env.flush_all()
        self.env["customer.promise.report"].invalidate_model()
        with freeze_time(now):
            return [
                (promise.state, round(promise.days_late, 2))
                for promise in self.env["customer.promise.report"].search(
                    [("res_model", "=", "sale.order"), ("res_id", "=", order.id)],
                    order="promised_date",
                )
            ]

    def test_the_day_counts_as_the_company_sees_it(self):
        in_time, late = (
            self.promised(self.acme, "2026-07-10 10:00:00"),
            self.promised(self.acme, "2026-07-10 10:00:00"),
        )
        # Midnight in Brussels is 22:00 UTC in summer.
        self.arrive(in_time, "2026-07-10 21:59:00")
        self.arrive(late, "2026-07-10 22:00:00")
        self.assertEqual(self.outcome(in_time), [("kept", 0)])
        self.assertEqual(self.outcome(late)[0][0], "broken")

    def test_an_open_delivery_counts_once_it_is_overdue(self):
        order = self.promised(self.acme, "2026-07-10 10:00:00")
        self.assertEqual(self.outcome(order, "2026-07-10 21:00:00"), [("open", 0)])
        self.assertEqual(self.outcome(order, "2026-07-11 21:59:59"), [("broken", 1)])

    def test_without_a_delivery_date_the_lead_time_is_promised(self):
        self.product.sale_delay = 3
        order = self.promised(self.acme, False)
        self.assertEqual(
            order.picking_ids.date_deadline, Datetime.to_datetime("2026-07-04 08:00:00")
        )
        self.assertEqual(self.outcome(order, "2026-07-04 20:00:00"), [("open", 0)])
        self.assertEqual(self.outcome(order, "2026-07-05 21:59:59"), [("broken", 1)])

    def test_an_order_is_delivered_when_all_of_it_is(self):
        order = self.promised(
            self.acme,
            "2026-07-10 10:00:00",
            order_line=[Command.create({"product_id": self.product.id, "product_uom_qty": 3})],
        )
        transfer = order.picking_ids
        with freeze_time("2026-07-09 10:00:00"):
            transfer.move_ids[0].write({"quantity": 1, "picked": True})
            transfer.move_ids[1].write({"quantity": 1, "picked": True})
            transfer._action_done()
        self.assertEqual(self.outcome(order, "2026-07-10 10:00:00"), [("open", 0)])
        self.arrive(order, "2026-07-12 21:59:59")
        self.assertEqual(self.outcome(order), [("broken", 2)])

    def test_a_step_before_the_last_is_not_the_delivery(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self.promised(self.acme, "2026-07-10 10:00:00")
        self.arrive(order, "2026-07-09 10:00:00")
        self.assertEqual(self.outcome(order, "2026-07-10 10:00:00"), [("open", 0)])
        self.arrive(order, "2026-07-10 12:00:00")
        self.assertEqual(self.outcome(order), [("kept", 0)])

    def test_another_date_is_another_promise(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self.promised(self.acme, "2026-07-10 10:00:00")
        order.commitment_date = "2026-07-15 10:00:00"
        self.arrive(order, "2026-07-12 10:00:00")
        order.commitment_date = "2026-07-16 10:00:00"
        self.assertEqual(self.outcome(order, "2026-07-16 10:00:00"), [("open", 0)])
        self.arrive(order, "2026-07-16 12:00:00")
        self.assertEqual(self.outcome(order), [("kept", 0)])

    def test_lead_times_of_lines_are_promises_of_their_own(self):
        order = self.promised(
            self.acme,
            False,
            order_line=[
                Command.create(
                    {"product_id": self.product.id, "product_uom_qty": 1, "customer_lead": 5}
                )
            ],
        )
        self.assertEqual(len(self.outcome(order)), 2)
        together = self.promised(
            self.acme,
            False,
            picking_policy="one",
            order_line=[
                Command.create(
                    {"product_id": self.product.id, "product_uom_qty": 1, "customer_lead": 5}
                )
            ],
        )
        self.assertEqual(self.outcome(together, "2026-07-07 21:59:59"), [("broken", 1)])

    def test_cancelled_orders_and_services_promise_nothing(self):
        order = self.promised(self.acme, "2026-07-10 10:00:00")
        order._action_cancel()
        self.assertEqual(self.outcome(order), [])
        self.assertEqual(self.outcome(self.first_order), [])

    def test_attainment_by_tier_and_month(self):
        for partner, promised, arrived in (
            (self.acme, "2026-07-10 10:00:00", "2026-07-09 10:00:00"),
            (self.acme, "2026-07-11 10:00:00", "2026-07-11 10:00:00"),
            (self.acme, "2026-07-12 10:00:00", "2026-07-10 10:00:00"),
            (self.acme, "2026-07-13 10:00:00", "2026-07-20 10:00:00"),
            (self.acme, "2026-08-13 10:00:00", "2026-08-10 10:00:00"),
            (self.bolt, "2026-07-13 10:00:00", "2026-07-20 10:00:00"),
        ):
            self.arrive(self.promised(partner, promised), arrived)
        self.promised(self.bolt, "2099-01-01 10:00:00")
        self.env.flush_all()
        seller = self.make_member("promise_seller", "sales_team.group_sale_salesman")
        groups = (
            self.env["customer.promise.report"]
            .with_user(seller)
            ._read_group(
                [("kind", "=", "delivery"), ("state", "!=", "open")],
                ["tier_id", "promised_date:month"],
                ["attainment:avg", "decided_count:sum", "is_kept:sum"],
            )
        )
        self.assertEqual(
            {(tier.code, month.month): figures for tier, month, *figures in groups},
            {("vip", 7): [0.75, 4, 3], ("vip", 8): [1, 1, 1], ("ordinary", 7): [0, 1, 0]},
        )

    def test_a_later_move_changes_no_promise(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        order = self.promised(buyer, "2026-07-10 10:00:00")
        self.standing(self.acme).sudo().tier_id = self.ordinary
        self.env.flush_all()
        promise = self.env["customer.promise.report"].search([("res_id", "=", order.id)])
        self.assertEqual((promise.tier_id, promise.partner_id), (self.vip, self.acme))
        self.assertEqual(promise.action_view_document()["res_id"], order.id)

    def test_each_company_sees_its_own(self):
        south = self.make_company("Southwind")
        self.deliver(self.acme, company=south, commitment_date="2026-07-10 10:00:00")
        self.env.flush_all()
        report = self.env["customer.promise.report"]
        seller = self.make_member("promise_north", "sales_team.group_sale_salesman")
        self.assertFalse(report.with_user(seller).search([]))
        self.assertEqual(
            report.with_context(allowed_company_ids=south.ids).search([]).company_id, south
        )
