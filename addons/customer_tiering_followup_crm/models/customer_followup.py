from odoo import api, fields, models
from odoo.addons.customer_tiering_followup.engine.contacts import meetings_about_query
from odoo.tools import SQL


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    @api.model
    def _get_contact_models(self):
        return {**super()._get_contact_models(), "crm.lead": SQL("TRUE")}

    @api.model
    def _get_contact_sources(self, company_ids, timezone):
        """A meeting names its opportunity also where it was not made from there."""
        records = self._get_contact_records(company_ids)["crm.lead"]
        about = SQL("event.opportunity_id = record.id")
        return [
            *super()._get_contact_sources(company_ids, timezone),
            meetings_about_query(about, records, timezone, fields.Datetime.now()),
        ]
