from odoo import api, models
from odoo.tools import SQL


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    @api.model
    def _contact_records(self, company_ids):
        """What happens on tickets is contact; those of no company are of all."""
        return {
            **super()._contact_records(company_ids),
            "helpdesk.ticket": SQL(
                """
                SELECT id, partner_id FROM helpdesk_ticket
                 WHERE partner_id IS NOT NULL
                   AND (company_id IS NULL OR company_id = ANY(%s))
                """,
                company_ids,
            ),
        }
