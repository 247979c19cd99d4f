from freezegun import freeze_time

from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.fields import Command, Datetime

NOW = "2026-03-16 12:00:00"
DEFINITIONS = ("first", "complete", "in_full", "otif")


class ScorecardCase(VmiCase):
    """A company with a scorecard, as of noon of 16 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scorecard = cls.env["vendor.scorecard"].sudo()._make_default(cls.company)
        cls.scorecard.worse_periods = 1

    def setUp(self):
        super().setUp()
        frozen = freeze_time(NOW)
        frozen.start()
        self.addCleanup(frozen.stop)

    def ordered(
        self, *lines, approved="2026-02-01 08:00:00", due="2026-02-10 12:00:00", vendor=None, **vals
    ):
        """Return an order of (product, quantity) or of values of lines, approved at a moment."""
        with freeze_time(approved):
            order = self.env["purchase.order"].create(
                {
                    "partner_id": (vendor or self.vendor).id,
                    "company_id": self.company.id,
                    "date_planned": due,
                    "order_line": [
                        Command.create(
                            {
                                "price_unit": 2.0,
                                "date_planned": due,
                                **(
                                    line
                                    if isinstance(line, dict)
                                    else {"product_id": line[0].id, "product_qty": line[1]}
                                ),
                            }
                        )
                        for line in lines or [(self.screws, 10)]
                    ],
                    **vals,
                }
            )
            if approved:
                order.button_confirm()
        return order

    def received(self, order, moment, quantity=None, product=None):
        """Receive a quantity of one product of an order, or all, at a moment."""
        with freeze_time(moment):
            moves = order.sudo().picking_ids.move_ids.filtered(
                lambda move: (
                    move.state not in ("done", "cancel")
                    and move.location_id.usage == "supplier"
                    and product in (None, move.product_id)
                )
            )
            for move in moves:
                move.quantity = move.product_uom_qty if quantity is None else quantity
            moves.picked = True
            moves._action_done()
        return moves

    def returned(self, move, moment, quantity, exchange=False):
        """Send back a part of a done receipt, in exchange for others or not."""
        with freeze_time(moment):
            wizard = (
                self.env["stock.return.picking"]
                .sudo()
                .with_context(active_id=move.picking_id.id, active_model="stock.picking")
                .create({})
            )
            wizard.product_return_moves.filtered(
                lambda line: line.move_id == move
            ).quantity = quantity
            action = (
                wizard.action_create_exchanges() if exchange else wizard.action_create_returns()
            )
            picking = self.env["stock.picking"].sudo().browse(action["res_id"])
            picking.move_ids.quantity = quantity
            picking.move_ids.picked = True
            picking.move_ids._action_done()
        return picking.move_ids

    def recalculate(self, is_full=True):
        self.scorecard._recalculate(is_full=is_full)

    def delivery(self, order, product=None):
        """Return what became of an order's line, found anew."""
        self.recalculate()
        return self.env["vendor.delivery"].search(
            [
                ("order_id", "=", order.id),
                ("product_id", "=", (product or order.order_line.product_id[:1]).id),
            ]
        )

    def promise(self, order):
        return self.env["vendor.promise"].search([("order_id", "=", order.id)])

    def verdicts(self, delivery, latest=False):
        """Return first, complete, in_full and otif."""
        suffix = "_latest" if latest else ""
        return tuple(delivery[name + suffix] for name in DEFINITIONS)

    def standing(self, vendor=None):
        return self.env["vendor.standing"].search(
            [
                ("partner_id", "=", (vendor or self.vendor).id),
                ("company_id", "=", self.company.id),
            ]
        )

    def measure(self, code, vendor=None):
        """Return a measure of a vendor: a dict of value, base, low, high, points."""
        self.recalculate()
        vendor = vendor or self.vendor
        found = self.env["vendor.standing"]._get_measures(vendor, self.company)
        return found[vendor.id].get(code)

    def day(self, text):
        return Datetime.to_datetime(text)
