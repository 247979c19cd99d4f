from odoo import fields, models
from odoo.tools import SQL


class CustomerPromiseReport(models.Model):
    _inherit = "customer.promise.report"

    kind = fields.Selection(selection_add=[("follow_up", "Follow-up")])

    def _promise_sources(self):
        return [*super()._promise_sources(), self._follow_up_promises()]

    def _follow_up_promises(self):
        """Return a row per follow-up that fell due; it is kept when done by the end of its day.

        Unassigned ones count as well. Cancelled ones are left out.
        """
        return SQL(
            """
            SELECT followup.id, 'follow_up' AS kind, followup.partner_id, followup.company_id,
                   followup.tier_id,
                   %(due_on)s AS promised_date,
                   %(due_on)s + INTERVAL '1 day' - INTERVAL '1 second' AS due,
                   (followup.date_done + TIME '00:00') AT TIME ZONE zone.timezone
                       AT TIME ZONE 'UTC' AS kept_date,
                   'res.partner' AS res_model, followup.partner_id AS res_id
              FROM customer_followup AS followup
              JOIN (%(timezones)s) AS zone (company_id, timezone)
                   ON zone.company_id = followup.company_id
             WHERE followup.kind = 'follow_up' AND followup.state <> 'cancelled'
            """,
            due_on=SQL(
                "(followup.date_due + TIME '00:00') AT TIME ZONE zone.timezone AT TIME ZONE 'UTC'"
            ),
            timezones=(self.env.companies | self.env.companies.root_id)._tiering_timezones(),
        )
