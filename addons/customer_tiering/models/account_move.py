from odoo import api, fields, models

from .customer_document import CUSTOMER_DOCUMENT
from .res_partner import TIERING_GROUP


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", CUSTOMER_DOCUMENT]

    _contact_field = "commercial_partner_id"

    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", string="Customer Tier", groups=TIERING_GROUP
    )

    _customer_credits_idx = models.Index(
        "(invoice_date) WHERE move_type = 'out_refund' AND state = 'posted'"
    )

    @api.model_create_multi
    def create(self, vals_list):
        """What is credited is taken off the customer it was invoiced to.

        The contact may have gone to another since.
        """
        moves = super().create(vals_list)
        if any(vals.get("reversed_entry_id") for vals in vals_list):
            for move in moves.sudo():
                move._keep_customer_of(move.reversed_entry_id)
        return moves
