from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    # Back orders keep it.
    vmi_proposal_id = fields.Many2one(
        "vmi.proposal",
        "Supply Proposal",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The proposal by which another place gave its surplus.",
    )
