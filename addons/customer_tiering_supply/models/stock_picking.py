from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    allocation_warning = fields.Text(
        compute="_compute_allocation_warning",
        help="What the transfer reserves beyond its share of scarce stock.",
    )

    @api.depends("state", "move_ids.quantity", "move_ids.state")
    @api.depends_context("lang")
    def _compute_allocation_warning(self):
        shares = self.move_ids._get_own_shares()
        for picking in self:
            texts = [
                move._describe_own_share(
                    move.product_uom._compute_quantity(
                        move.quantity, move.product_id.uom_id, round=False
                    ),
                    shares[move],
                )
                for move in picking.move_ids
                if move in shares
            ]
            picking.allocation_warning = "\n".join(filter(None, texts))
