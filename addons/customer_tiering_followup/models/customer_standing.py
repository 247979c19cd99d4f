from odoo import api, models
from odoo.tools import SQL


class CustomerStanding(models.Model):
    _inherit = "customer.standing"

    def action_view_followups(self):
        """Open the customer's follow-ups in this company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering_followup.customer_followup_action"
        )
        return action | {
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {},
        }

    @api.model
    def _get_urgencies(self):
        """Put overdue follow-ups first."""
        today = self.env.company.root_id._tiering_now().date()
        return {
            **super()._get_urgencies(),
            40: (
                lambda alias: SQL(
                    """
                    EXISTS (SELECT 1
                              FROM customer_followup AS followup
                             WHERE followup.partner_id = %s
                               AND followup.company_id = %s
                               AND followup.state = 'planned'
                               AND followup.date_due < %s)
                    """,
                    SQL.identifier(alias, "partner_id"),
                    SQL.identifier(alias, "company_id"),
                    today,
                ),
                lambda standing: self.env._("Follow-up is overdue"),
            ),
        }
