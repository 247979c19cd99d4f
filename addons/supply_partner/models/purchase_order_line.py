from odoo import api, fields, models
from odoo.fields import Domain

from .purchase_order import STAFF

# The changes by which less is delivered, so that a review proposes it again.
SHORT_CHANGES = ("cancelled", "less")


class PurchaseOrderLine(models.Model):
    """An order line with the quantity and date promised at approval, and what changed since."""

    _inherit = "purchase.order.line"

    vmi_agreement_id = fields.Many2one(
        related="order_id.vmi_agreement_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        groups=STAFF,
    )
    vmi_promised_qty = fields.Float(
        "Promised Quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="The quantity when the order was approved, in the unit of the order.",
        groups=STAFF,
    )
    vmi_promised_date = fields.Datetime(
        "Promised Date",
        readonly=True,
        copy=False,
        help="The expected arrival when the order was approved.",
        groups=STAFF,
    )
    vmi_missing_qty = fields.Float(
        "Missing Quantity",
        digits="Product Unit",
        compute="_compute_vmi_change",
        store=True,
        help="The part of the promised quantity that neither arrived nor is still expected.",
        groups=STAFF,
    )
    vmi_shift_days = fields.Integer(
        "Delay (Days)",
        compute="_compute_vmi_change",
        store=True,
        help="By how many days the expected arrival moved since approval; below 0: brought "
        "forward.",
        groups=STAFF,
    )
    vmi_change = fields.Selection(
        [
            ("cancelled", "Cancelled"),
            ("less", "Less"),
            ("later", "Later"),
            ("earlier", "Earlier"),
        ],
        "Change",
        compute="_compute_vmi_change",
        store=True,
        index="btree_not_null",
        help="What changed since the order was approved.",
        groups=STAFF,
    )
    vmi_is_seen = fields.Boolean(
        "Seen",
        compute="_compute_vmi_is_seen",
        store=True,
        readonly=False,
        copy=False,
        help="The buyer knows of the change. A further change unticks it.",
        groups=STAFF,
    )

    @api.depends(
        "vmi_promised_qty", "vmi_promised_date", "product_qty", "date_planned", "order_id.state",
        "move_ids.state", "move_ids.product_uom_qty", "move_ids.quantity",
    )  # fmt: skip
    def _compute_vmi_change(self):
        for line in self:
            if not line.vmi_promised_date:
                line.update({"vmi_missing_qty": 0, "vmi_shift_days": 0, "vmi_change": False})
                continue
            expected = line._get_vmi_expected_qty()
            missing = max(line.vmi_promised_qty - expected, 0)
            if line.product_uom_id.is_zero(missing):
                missing = 0
            line.vmi_missing_qty = missing
            line.vmi_shift_days = line._get_vmi_shift_days() if expected else 0
            if missing:
                is_gone = line.product_uom_id.is_zero(expected)
                line.vmi_change = "cancelled" if is_gone else "less"
            elif line.vmi_shift_days:
                line.vmi_change = "later" if line.vmi_shift_days > 0 else "earlier"
            else:
                line.vmi_change = False

    @api.depends("vmi_missing_qty", "vmi_shift_days")
    def _compute_vmi_is_seen(self):
        self.vmi_is_seen = False

    def _get_vmi_expected_qty(self):
        """Return the quantity that arrived or is still expected, in the line's unit."""
        if self.order_id.state == "cancel":
            return 0.0
        receipts = self.move_ids.filtered(lambda move: not move._is_purchase_return())
        # Set to draft again, it waits for new receipts.
        if not receipts or self.order_id.state != "purchase":
            return self.product_qty
        coming = sum(
            move.product_uom._compute_quantity(
                move.quantity if move.state == "done" else move.product_uom_qty,
                self.product_uom_id,
                round=False,
            )
            for move in receipts
            if move.state != "cancel"
        )
        return min(self.product_qty, coming)

    def _get_vmi_next_arrival(self):
        """Return the day on which the rest of it is expected; None when nothing is to come."""
        self.ensure_one()
        zone = self.company_id.sudo()._vmi_timezone()

        def day(moment):
            return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()

        if self.order_id.state != "purchase":
            return day(self.date_planned) if self.date_planned and self.product_qty else None
        coming = [
            move.date
            for move in self.sudo().move_ids
            if move.state not in ("draft", "done", "cancel") and not move._is_purchase_return()
        ]
        return day(min(coming)) if coming else None

    def _get_vmi_outstanding_qty(self):
        """Return the quantity that was ordered and has not arrived, in the product's unit.

        It is read from the line and its receipts alone. What the vendor will not deliver counts
        until the buyer has seen the change; what was returned to the vendor has arrived.
        """
        self.ensure_one()
        if self.order_id.state == "cancel":
            return 0.0
        is_given_up = self.vmi_is_seen and self.vmi_missing_qty
        ordered = self._get_vmi_expected_qty() if is_given_up else self.product_qty
        arrived = sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom_id, round=False)
            for move in self.move_ids
            if move.state == "done" and not move._is_purchase_return()
        )
        outstanding = max(ordered - max(arrived, self.qty_received), 0)
        return self.product_uom_id._compute_quantity(
            outstanding, self.product_id.uom_id, round=False
        )

    def _get_vmi_shift_days(self):
        """Return by how many local days the planned date lies after the promised one."""
        if not self.date_planned:
            return 0
        zone = self.company_id.sudo()._vmi_timezone()
        planned, promised = (
            fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()
            for moment in (self.date_planned, self.vmi_promised_date)
        )
        return (planned - promised).days

    def _freeze_promise(self):
        """Store the quantity and date promised now: later changes overwrite the order's own."""
        for line in self.filtered(lambda line: line.product_id.type == "consu"):
            line.sudo().write(
                {"vmi_promised_qty": line.product_qty, "vmi_promised_date": line.date_planned}
            )

    @api.model
    def _get_unseen_changes(self, agreements, changes=None):
        """Return the order lines of agreements with a change that is not marked as seen.

        :param changes: values of ``vmi_change`` that count; all by default
        """
        domain = Domain("vmi_agreement_id", "in", agreements.ids) & Domain(
            "vmi_is_seen", "=", False
        )
        return self.search(domain & Domain("vmi_change", "in", changes or self._get_changes()))

    @api.model
    def _get_changes(self):
        return [value for value, _label in self._fields["vmi_change"].selection]

    def _describe_vmi_change(self):
        """Return in a phrase what changed, beginning with the order's name."""
        self.ensure_one()
        order, days = self.order_id.name, abs(self.vmi_shift_days)
        if self.order_id.state == "cancel":
            return self.env._("%(order)s was cancelled", order=order)
        if self.vmi_change == "cancelled":
            return self.env._("%(order)s: nothing more will arrive", order=order)
        if self.vmi_change == "less":
            missing = self.product_uom_id.round(self.vmi_missing_qty)
            return self.env._("%(order)s: %(count)g will not arrive", order=order, count=missing)
        if self.vmi_change == "later":
            return self.env._("%(order)s arrives %(days)s days later", order=order, days=days)
        return self.env._("%(order)s arrives %(days)s days earlier", order=order, days=days)

    def action_vmi_seen(self):
        """Mark the changes as seen by the buyer."""
        self.vmi_is_seen = True
