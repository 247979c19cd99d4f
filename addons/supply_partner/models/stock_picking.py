from odoo import fields, models

from .purchase_order import STAFF


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
