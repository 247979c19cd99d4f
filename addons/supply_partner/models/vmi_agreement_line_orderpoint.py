from odoo import fields, models

from .stock_warehouse_orderpoint import OWNER
from .vmi_agreement import HOLDING_STATES

# What an agreement writes on the rule that it takes over; the levels follow with the review.
OWNED_FIELDS = (
    "trigger",
    "active",
    "route_id",
    "supplier_id",
    "replenishment_uom_id",
    "product_min_qty",
    "product_max_qty",
)


class VmiAgreementLineOrderpoint(models.Model):
    """The orderpoint behind each line: Odoo's lead days, rule and vendor hang on it."""

    _inherit = "vmi.agreement.line"

    orderpoint_before = fields.Json(
        readonly=True,
        copy=False,
        # It is written to a rule with all rights.
        groups=fields.NO_ACCESS,
        help="What the rule held when the agreement took it over; empty when there was none.",
    )

    def _own_orderpoints(self, buyer):
        """Give every line an orderpoint that only the agreement orders for.

        A manual or archived one at the place is taken over, for Odoo allows no second one.

        :param buyer: who makes it; Odoo deletes those that its own user made
        """
        # The buyer need not be a stock manager; the agreement was checked.
        points = self.env["stock.warehouse.orderpoint"].with_user(buyer).sudo()
        existing = points.with_context(active_test=False).search(
            [
                ("product_id", "in", self.product_id.ids),
                ("location_id", "in", self.location_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        by_place = {(p.product_id, p.location_id, p.company_id): p for p in existing}
        missing = self.browse()
        for line in self:
            point = by_place.get((line.product_id, line.location_id, line.company_id))
            if not point:
                missing += line
                continue
            if line.orderpoint_id != point:
                # After a rest it is the agreement's own already.
                [before] = point.read(OWNED_FIELDS, load=None)
                line.sudo().orderpoint_before = {name: before[name] for name in OWNED_FIELDS}
            vals = line._prepare_orderpoint_vals()
            point.with_context(vmi_owner=OWNER).write(
                {name: vals[name] for name in OWNED_FIELDS if not name.startswith("product_")}
            )
            line.sudo().orderpoint_id = point
        created = points.with_context(vmi_owner=OWNER).create(
            [line._prepare_orderpoint_vals() for line in missing]
        )
        for line, point in zip(missing, created, strict=True):
            line.sudo().orderpoint_id = point
            line.sudo().orderpoint_before = False

    def _give_back_orderpoints(self):
        """Let the rules that were taken over be as they were; the agreement holds them no more."""
        for line in self.sudo():
            if line.orderpoint_before:
                line.orderpoint_id._vmi_restore(line.orderpoint_before)
                line.orderpoint_before = False

    def unlink(self):
        taken_over = [
            (line.orderpoint_id, line.orderpoint_before)
            for line in self.sudo()
            if line.orderpoint_before and line.state in HOLDING_STATES
        ]
        result = super().unlink()
        for point, before in taken_over:
            point._vmi_restore(before)
        return result

    def _prepare_orderpoint_vals(self):
        """Return what an owned orderpoint holds; minimum and maximum follow with the review."""
        self.ensure_one()
        agreement = self.agreement_id
        return {
            "product_id": self.product_id.id,
            "location_id": agreement.location_id.id,
            "warehouse_id": agreement.warehouse_id.id,
            "company_id": agreement.company_id.id,
            "trigger": "manual",
            "active": True,
            "route_id": self._get_buy_rule().route_id.id,
            "supplier_id": self._get_vendor_row().id,
            "replenishment_uom_id": self.replenishment_uom_id.id,
            "product_min_qty": 0.0,
            "product_max_qty": 0.0,
        }
