from odoo import models

from .customer_document import CUSTOMER_DOCUMENT


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", CUSTOMER_DOCUMENT]

    _contact_field = "commercial_partner_id"

    _customer_credits_idx = models.Index(
        "(invoice_date) WHERE move_type = 'out_refund' AND state = 'posted'"
    )

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """What is credited is taken off the customer it was invoiced to.

        The contact may have gone to another since.
        """
        reverses = super()._reverse_moves(default_values_list, cancel)
        for move, reverse in zip(self, reverses, strict=True):
            customer = move._get_customer()
            if customer and reverse.commercial_partner_id != customer:
                reverse.sudo().made_for_id = customer
        return reverses
