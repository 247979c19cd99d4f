from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Datetime
from odoo.tests import Form
from odoo.tools import SQL

from .common import VmiCase


class TestScenarios(VmiCase):
    """What happens to goods between an order and a shelf, and what a review makes of it."""

    def order(self, *lines, **vals):
        """Return an agreement on screws, between 60 and 120, and its first confirmed order."""
        agreement = self.make_agreement(*(lines or [(self.screws, 60, 120)]), **vals)
        proposal = agreement.review()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        order.button_confirm()
        return agreement, order

    def give_back(self, picking, quantity):
        """Return the transfer that sends a part of another one back, still to be done."""
        wizard = Form(
            self.env["stock.return.picking"]
            .sudo()
            .with_context(
                active_ids=picking.ids, active_id=picking.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = quantity
        return self.env["stock.picking"].sudo().browse(
            wizard.action_create_returns()["res_id"]
        )  # fmt: skip

    def finish(self, picking):
        picking.move_ids.picked = True
        picking.button_validate()

    def position(self, agreement):
        agreement.line_ids._measure()
        line = agreement.line_ids
        return line.on_hand_qty, line.incoming_qty, line.outgoing_qty, line.position_qty

    def test_an_order_that_is_late_is_waited_for(self):
        agreement, _order = self.order()
        with freeze_time(Datetime.now() + timedelta(days=20)):
            self.assertFalse(agreement.review())
            self.assertEqual(agreement.line_ids.stock_status, "out")
            self.assertEqual(agreement.line_ids.incoming_qty, 120)

    def test_the_rest_that_will_not_come_is_proposed_again(self):
        agreement, order = self.order()
        self.receive(order, quantity=50, backorder=False)
        proposal = agreement.review()
        self.assertEqual(proposal.line_ids.suggested_qty, 70)
        self.assertIn("70 will not arrive", proposal.line_ids.change_note)

    def test_a_rest_that_is_cancelled_later_is_proposed_again(self):
        agreement, order = self.order()
        self.receive(order, quantity=50)
        self.assertFalse(agreement.review())
        order.sudo().picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.assertEqual(agreement.review().line_ids.suggested_qty, 70)

    def test_what_goes_back_to_the_vendor_is_missing_from_then_on(self):
        agreement, order = self.order()
        receipt = self.receive(order)
        going = self.give_back(receipt, 50)
        self.assertEqual(self.position(agreement), (120, 0, 50, 70))
        self.assertFalse(agreement.review())
        self.finish(going)
        self.assertEqual(self.position(agreement), (70, 0, 0, 70))
        self.finish(self.give_back(receipt, 20))
        self.assertEqual(agreement.review().line_ids.suggested_qty, 70)
        # It is no demand.
        self.assertEqual(agreement.line_ids.daily_demand, 0)

    def test_what_customers_send_back_counts_before_it_is_there(self):
        self.put(self.screws, 120)
        agreement = self.make_agreement((self.screws, 60, 120))
        delivery = (
            self.env["stock.picking"]
            .sudo()
            .create(
                {
                    "picking_type_id": self.warehouse.out_type_id.id,
                    "location_id": self.stock.id,
                    "location_dest_id": self.customers.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.screws.id,
                                "product_uom_qty": 90,
                                "location_id": self.stock.id,
                                "location_dest_id": self.customers.id,
                            }
                        )
                    ],
                }
            )
        )
        delivery.action_confirm()
        delivery.action_assign()
        self.finish(delivery)
        self.assertEqual(self.position(agreement), (30, 0, 0, 30))
        coming = self.give_back(delivery, 40)
        self.assertEqual(self.position(agreement), (30, 40, 0, 70))
        self.assertFalse(agreement.review())
        self.finish(coming)
        self.assertEqual(self.position(agreement), (70, 0, 0, 70))
        self.assertFalse(agreement.review())

    def test_deliveries_that_overdraw_the_shelf_are_filled_up(self):
        self.put(self.screws, 10)
        self.move(self.screws, 45, self.stock, self.customers, days=0)
        agreement = self.make_agreement((self.screws, 60, 120))
        line = agreement.review().line_ids
        self.assertEqual((line.position_qty, line.suggested_qty), (-35, 155))

    def test_a_kit_is_refused_by_name(self):
        if "mrp.bom" not in self.env:
            self.skipTest("The Manufacturing app is not installed.")
        self.make_kit(self.screws)
        with self.assertRaisesRegex(UserError, "Screws: is a kit, which has no stock of its own"):
            self.make_agreement((self.screws, 60, 120))

    def test_what_is_kept_filled_cannot_become_a_kit(self):
        if "mrp.bom" not in self.env:
            self.skipTest("The Manufacturing app is not installed.")
        self.make_agreement((self.screws, 60, 120))
        with self.assertRaisesRegex(ValidationError, "at least one reordering rule"):
            self.make_kit(self.screws)

    def make_kit(self, product):
        component = self.make_product("Half a screw")
        self.env["mrp.bom"].sudo().create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": component.id, "product_qty": 2})
                ],
            }
        )  # fmt: skip
        self.env.flush_all()
        product.invalidate_recordset()

    def test_a_suspended_agreement_still_keeps_its_place(self):
        first = self.make_agreement((self.screws, 60, 120))
        first.action_suspend()
        second = self.make_agreement((self.screws, 5, 10), start=False)
        with self.assertRaisesRegex(UserError, f"{first.name} with Acme Fasteners keeps it"):
            second.action_start()
        first.action_close()
        second.action_start()
        self.assertEqual(second.review().line_ids.suggested_qty, 10)

    def test_a_day_at_odoo_s_own_hands_orders_nothing_past_the_agreement(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        point = agreement.line_ids.orderpoint_id.sudo()
        points = self.env["stock.warehouse.orderpoint"].with_user(1)
        rules = self.env["stock.rule"].with_user(1)
        self.move(self.screws, 500, self.stock, self.customers, days=0)._trigger_scheduler()
        points.action_open_orderpoints()
        rules.run_scheduler(company_id=self.company.id)
        points._unlink_processed_orderpoints()
        points.action_open_orderpoints()
        lines = self.env["purchase.order.line"].search([("product_id", "=", self.screws.id)])
        self.assertFalse(lines)
        self.assertTrue(point.exists())
        # The agreement orders all of it, once.
        proposal = agreement.review()
        self.assertEqual(proposal.line_ids.suggested_qty, 620)
        proposal.action_approve()
        rules.run_scheduler(company_id=self.company.id)
        points.action_open_orderpoints()
        lines = self.env["purchase.order.line"].search([("product_id", "=", self.screws.id)])
        self.assertEqual(lines.mapped("product_qty"), [620])
        self.assertEqual(lines.order_id.vmi_agreement_id, agreement)

    def test_another_add_on_adds_its_part_to_the_position(self):
        quarantine = self.env["stock.location"].sudo().create(
            {"name": "Quarantine", "location_id": self.stock.id}
        )  # fmt: skip
        self.put(self.screws, 70)
        self.put(self.screws, 25, quarantine)

        def get_position_parts(lines, company):
            self.assertEqual(company, self.company)
            return [
                SQL(
                    """
                    SELECT due.line_id, -SUM(quant.quantity) AS quantity
                      FROM due
                      JOIN inside ON inside.root_id = due.location_id
                      JOIN stock_quant quant ON quant.location_id = inside.location_id
                       AND quant.product_id = due.product_id
                     WHERE quant.location_id = %s
                  GROUP BY due.line_id
                    """,
                    quarantine.id,
                ),
                SQL("SELECT line_id, -20 AS quantity FROM due"),
            ]

        self.patch(type(self.env["vmi.agreement.line"]), "_get_position_parts", get_position_parts)
        line = self.make_agreement((self.screws, 60, 120)).review().line_ids
        self.assertEqual((line.other_qty, line.position_qty, line.suggested_qty), (-45, 50, 70))
        self.assertIn("95 on hand − 45 other = 50", line.explanation)
