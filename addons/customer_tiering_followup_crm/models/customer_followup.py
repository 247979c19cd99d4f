from odoo import api, models
from odoo.tools import SQL


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    @api.model
    def _contact_sources(self, company_ids, timezone):
        """A meeting names its opportunity also where it was not made from there."""
        records = self._contact_records(company_ids)["crm.lead"]
        about = SQL("event.opportunity_id = record.id")
        return [
            *super()._contact_sources(company_ids, timezone),
            self._meetings_about_query(about, records, timezone),
        ]

    @api.model
    def _contact_records(self, company_ids):
        """What happens on leads and opportunities is contact; those of no company are of all."""
        return {
            **super()._contact_records(company_ids),
            "crm.lead": SQL(
                """
                SELECT id, partner_id FROM crm_lead
                 WHERE partner_id IS NOT NULL
                   AND (company_id IS NULL OR company_id = ANY(%s))
                """,
                company_ids,
            ),
        }
