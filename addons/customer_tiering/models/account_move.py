from odoo import models

from .customer_document import CUSTOMER_DOCUMENT


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", CUSTOMER_DOCUMENT]

    _contact_field = "commercial_partner_id"

    _customer_credits_idx = models.Index(
        "(invoice_date) WHERE move_type = 'out_refund' AND state = 'posted'"
    )
