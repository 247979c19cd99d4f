from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    vmi_proposal_id = fields.Many2one(
        "vmi.proposal",
        "Supply Proposal",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The proposal by which another place gave its surplus.",
    )

    def _create_backorder_picking(self):
        backorder = super()._create_backorder_picking()
        backorder.sudo().vmi_proposal_id = self.vmi_proposal_id
        return backorder
