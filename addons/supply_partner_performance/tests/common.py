from freezegun import freeze_time

from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.fields import Date

NOW = "2026-03-16 12:00:00"
FEBRUARY, MARCH = Date.to_date("2026-02-01"), Date.to_date("2026-03-01")


class PerformanceCase(VmiCase):
    """Two months and a half of an agreement, as of 16 March 2026."""

    def setUp(self):
        super().setUp()
        frozen = freeze_time(NOW)
        frozen.start()
        self.addCleanup(frozen.stop)
        self.screws.sudo().with_company(self.company).standard_price = 2

    def frozen(self, moment):
        return freeze_time(moment)

    def agree(self, *lines, **vals):
        vals = {"date_start": "2026-01-01", **vals}
        return self.make_agreement(*[each or (self.screws, 0, 1) for each in lines], **vals)

    def moved(self, moment, quantity, origin, destination, product=None):
        """Return a move that was done at a moment."""
        with freeze_time(moment):
            return self.move(product or self.screws, quantity, origin, destination, done=True)

    def supplied(self, moment, quantity, product=None, location=None):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        return self.moved(moment, quantity, suppliers, location or self.stock, product)

    def sold(self, moment, quantity, product=None, location=None):
        return self.moved(moment, quantity, location or self.stock, self.customers, product)

    def wanted(self, deadline, quantity, product=None, location=None):
        """Return an open delivery."""
        move = self.move(product or self.screws, quantity, location or self.stock, self.customers)
        move.date_deadline = deadline
        return move

    def delivered(self, move, moment, quantity):
        """Deliver a quantity at a moment; the rest is a back order."""
        with freeze_time(moment):
            move.write({"quantity": quantity, "picked": True})
            move._action_done()
        return (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("product_id", "=", move.product_id.id),
                    ("state", "not in", ("done", "cancel")),
                    ("date_deadline", "=", move.date_deadline),
                ]
            )
        )

    def ordered(self, agreement, moment):
        """Return the order of what a review at a moment proposes."""
        with freeze_time(moment):
            proposal = agreement.review()
            proposal.action_approve()
            order = proposal.purchase_order_ids
            order.button_confirm()
        return order

    def received(self, order, moment, product, quantity):
        """Receive a quantity of one product of an order at a moment."""
        with freeze_time(moment):
            moves = order.sudo().picking_ids.move_ids.filtered(
                lambda move: move.product_id == product and move.state not in ("done", "cancel")
            )
            moves.write({"quantity": quantity, "picked": True})
            moves._action_done()
        return moves

    def figures(self, agreement, month=FEBRUARY, product=None):
        """Return the row of a product and month after measuring anew."""
        agreement.action_refresh_performance()
        return self.env["vmi.performance"].search(
            [
                ("agreement_id", "=", agreement.id),
                ("product_id", "=", (product or self.screws).id),
                ("month", "=", month),
            ]
        )
