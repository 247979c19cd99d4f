from datetime import timedelta

from odoo.fields import Command, Datetime
from odoo.tools import SQL

from .common import VmiCase


class TestConditions(VmiCase):
    """Another add-on may say alone what counts, and the figures follow."""

    def setUp(self):
        super().setUp()
        self.suppliers = self.env.ref("stock.stock_location_suppliers")
        self.line = self.make_agreement(
            {
                "product_id": self.screws.id,
                "method": "days_of_supply",
                "min_days": 10,
                "max_days": 20,
                "min_floor": 60,
            },
            demand_period_days=30,
        ).line_ids

    def extend(self, name, replacement):
        """Let a method of the line return something else, as another add-on would.

        :param replacement: function of what it returned and of its arguments
        """
        model = type(self.line)
        former = getattr(model, name)
        self.patch(model, name, lambda lines, *args: replacement(former(lines, *args), *args))
        self.line._measure()

    def leave_out(self, name, condition):
        """Let a condition not hold where another one does."""
        self.extend(
            name, lambda usual, *_args: SQL("%s AND (%s) IS NOT TRUE", usual, SQL(condition))
        )

    def figure(self, name):
        self.line._measure()
        return self.line[name]

    def sell(self, quantity, days_ago, origin=False):
        move = self.move(
            self.screws, quantity, self.stock, self.customers, days=-days_ago, done=True
        )
        move.origin = origin
        return move

    def buy(self, quantity=10):
        return self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.screws.id, "product_qty": quantity, "price_unit": 1}
                    )
                ],
            }
        )

    def test_usable_stock(self):
        self.put(self.screws, 50)
        self.assertEqual(self.figure("on_hand_qty"), 50)
        self.extend("_get_usable_stock", lambda usual, _company: SQL("%s / 2", usual))
        self.assertEqual(self.line.on_hand_qty, 25)

    def test_demand(self):
        self.move(self.screws, 1000, self.suppliers, self.stock, days=-100, done=True)
        self.sell(30, 3)
        self.sell(60, 5, "Fair")
        self.assertEqual(self.figure("daily_demand"), 3)
        self.extend(
            "_get_demand_condition",
            lambda usual, move, _consumer: SQL("%s AND %s.origin IS NULL", usual, move),
        )
        self.assertEqual(self.line.daily_demand, 1)

    def test_what_moved(self):
        self.move(self.screws, 1000, self.suppliers, self.stock, days=-100, done=True)
        self.sell(30, 3)
        self.sell(60, 5, "Fair")
        self.assertEqual(self.figure("daily_demand"), 3)
        self.leave_out("_get_moved_condition", "move.origin = 'Fair'")
        self.assertEqual(self.line.daily_demand, 1)

    def test_demand_that_came_back(self):
        self.move(self.screws, 1000, self.suppliers, self.stock, days=-100, done=True)
        self.sell(60, 5)
        back = self.move(self.screws, 30, self.customers, self.stock, days=-2, done=True)
        back.origin = "Worn"
        self.assertEqual(self.figure("daily_demand"), 1)
        self.leave_out("_get_return_condition", "move.origin = 'Worn'")
        self.assertEqual(self.line.daily_demand, 2)

    def approve(self, order, days_ago):
        order.button_confirm()
        moment = Datetime.now() - timedelta(days=days_ago)
        order.sudo().date_approve = moment
        return moment

    def test_receipts(self):
        for days_ago in (30, 40, 50, 60, 70):
            order = self.buy()
            moment = self.approve(order, days_ago)
            self.receive(order).move_ids.date = moment + timedelta(days=6)
        self.assertEqual(self.figure("lead_days"), 6)
        # The vendor's three days are left where no receipt counts.
        self.leave_out("_get_receipt_condition", "purchase.date_approve < now() - interval '1 day'")
        self.assertEqual(self.line.lead_days, 3)

    def test_receipts_taken_back(self):
        for days_ago in (30, 40, 50, 60, 70):
            order = self.buy()
            moment = self.approve(order, days_ago)
            first = self.receive(order, quantity=6).move_ids
            rest = self.receive(order).move_ids
            back = self.move(self.screws, 6, self.stock, self.suppliers, done=True)
            again = self.move(self.screws, 6, self.suppliers, self.stock, done=True)
            (back + again).write({"purchase_line_id": order.order_line.id, "to_refund": False})
            for day, move in zip((2, 4, 6, 8), (first, back, rest, again), strict=True):
                move.date = moment + timedelta(days=day)
        # Six came, went back, four came, and six again.
        self.assertEqual(self.figure("lead_days"), 8)
        self.leave_out("_get_receipt_return_condition", "TRUE")
        self.assertEqual(self.line.lead_days, 6)

    def test_incoming(self):
        self.move(self.screws, 20, self.suppliers, self.stock, days=1).origin = "Doubtful"
        self.assertEqual(self.figure("incoming_qty"), 20)
        self.leave_out("_get_incoming_condition", "move.origin = 'Doubtful'")
        self.assertEqual(self.line.incoming_qty, 0)

    def test_outgoing(self):
        self.move(self.screws, 20, self.stock, self.customers, days=1).origin = "Doubtful"
        self.assertEqual(self.figure("outgoing_qty"), 20)
        self.leave_out("_get_outgoing_condition", "move.origin = 'Doubtful'")
        self.assertEqual(self.line.outgoing_qty, 0)

    def test_requests_for_quotation(self):
        self.buy(25).partner_ref = "Only asked"
        self.buy(30)
        self.assertEqual(self.figure("rfq_qty"), 55)
        self.leave_out("_get_quotation_condition", "purchase.partner_ref = 'Only asked'")
        self.assertEqual(self.line.rfq_qty, 30)

    def test_requests_for_quotation_of_which_one_comes(self):
        self.buy(25)
        self.buy(30)
        self.assertEqual(self.figure("rfq_qty"), 55)
        self.extend("_get_quotation_group", lambda _usual: SQL("purchase.partner_id"))
        self.assertEqual(self.line.rfq_qty, 30)

    def test_proposals(self):
        proposal = self.line.agreement_id.review()
        self.assertEqual(self.figure("pending_qty"), 60)
        self.leave_out("_get_pending_condition", "proposal.state = 'draft'")
        self.assertEqual(self.line.pending_qty, 0)
        self.assertEqual(proposal.state, "draft")
