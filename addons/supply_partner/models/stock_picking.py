from odoo import fields, models

from .purchase_order import STAFF
from .vmi_agreement import HOLDING_STATES


class StockPicking(models.Model):
    """A transfer, with the supply proposal that it carries out."""

    _inherit = "stock.picking"

    vmi_proposal_id = fields.Many2one(
        "vmi.proposal",
        "Supply Proposal",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The proposal to transfer the surplus of another location.",
        groups=STAFF,
    )

    def _create_backorder_picking(self):
        backorder = super()._create_backorder_picking()
        backorder.sudo().vmi_proposal_id = self.vmi_proposal_id
        return backorder

    def _action_done(self):
        """Show on the board at once what was received under an agreement."""
        result = super()._action_done()
        agreements = self.sudo().purchase_id.vmi_agreement_id
        if agreements:
            products = self.sudo().move_ids.product_id
            lines = agreements.line_ids.filtered(
                lambda line: line.state in HOLDING_STATES and line.product_id in products
            )
            lines._measure()
        return result
