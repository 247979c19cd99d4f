from odoo import fields, models
from odoo.tools import SQL


class CustomerPromiseReport(models.Model):
    _inherit = "customer.promise.report"

    kind = fields.Selection(
        selection_add=[("response", "First Response"), ("resolution", "Resolution")]
    )

    def _promise_sources(self):
        return [*super()._promise_sources(), self._ticket_promises()]

    def _ticket_promises(self):
        """Return a row per ticket and promise; archived tickets that were never settled are out."""
        return SQL(
            """
            SELECT promise.id,
                   sla.promise AS kind,
                   ticket.commercial_partner_id AS partner_id,
                   ticket.company_id,
                   ticket.customer_tier_id AS tier_id,
                   promise.deadline AS promised_date,
                   promise.deadline AS due,
                   promise.kept_date,
                   'helpdesk.ticket' AS res_model,
                   ticket.id AS res_id
              FROM helpdesk_ticket_sla AS promise
              JOIN helpdesk_sla AS sla ON sla.id = promise.sla_id
              JOIN helpdesk_ticket AS ticket ON ticket.id = promise.ticket_id
             WHERE sla.promise IS NOT NULL
               AND (ticket.active OR promise.kept_date IS NOT NULL)
            """
        )
