from odoo import fields, models

from .vmi_proposal import PENDING_STATES


class ProductProduct(models.Model):
    """A product, with the supply agreements that replenish it."""

    _inherit = "product.product"

    vmi_line_count = fields.Integer(
        "Number of Supply Agreements",
        compute="_compute_vmi_line_count",
        groups="purchase.group_purchase_user",
    )

    def _compute_vmi_line_count(self):
        counts = dict(
            self.env["vmi.agreement.line"]._read_group(
                [("product_id", "in", self.ids), ("state", "!=", "closed")],
                ["product_id"],
                ["__count"],
            )
        )
        for product in self:
            product.vmi_line_count = counts.get(product, 0)

    def action_open_vmi_lines(self):
        """Open the lines of the supply agreements that replenish the products."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner.vmi_agreement_line_action"
        )
        domain = [("product_id", "in", self.ids), ("state", "!=", "closed")]
        return {**action, "domain": domain, "context": {}}

    def _get_quantity_in_progress(self, location_ids=False, warehouse_ids=False):
        """Add what is proposed and not ordered yet, so that it is not ordered twice."""
        by_location, by_warehouse = super()._get_quantity_in_progress(location_ids, warehouse_ids)
        proposed = (
            self.env["vmi.proposal.line"]
            .sudo()
            ._read_group(
                [
                    ("proposal_id.state", "in", PENDING_STATES),
                    ("product_id", "in", self.ids),
                ],
                ["product_id", "line_id", "source_line_id"],
                ["approved_qty:sum"],
            )
        )
        for product, line, source, quantity in proposed:
            # What is transferred from another location leaves that one.
            for location, change in (
                (line.location_id, quantity),
                (source.location_id, -quantity),
            ):
                if location and (not location_ids or location.id in location_ids):
                    by_location[product.id, location.id] += change
                warehouse = location.warehouse_id
                if warehouse and (not warehouse_ids or warehouse.id in warehouse_ids):
                    by_warehouse[product.id, warehouse.id] += change
        return by_location, by_warehouse
