from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    allocation_note = fields.Text(
        compute="_compute_allocation_note",
        # Whoever reads the order may know why it waits; of others it says nothing.
        compute_sudo=True,
        help="Which products of the order wait for scarce stock, why, and what comes next.",
    )

    @api.depends("state", "picking_ids.state", "picking_ids.move_ids.quantity")
    @api.depends_context("lang")
    def _compute_allocation_note(self):
        for order in self:
            moves = order.picking_ids.move_ids if order.state == "sale" else ()
            order.allocation_note = "\n".join(moves._describe_wait()) if moves else False
