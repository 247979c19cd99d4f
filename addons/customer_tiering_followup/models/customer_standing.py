from odoo import api, models
from odoo.addons.customer_tiering.models.customer_standing import TIMELINE_EVENTS
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

    def action_finish_followup(self):
        """Ask how the overdue follow-ups of the customer went, and mark them done."""
        self.ensure_one()
        today = self.company_id.sudo()._tiering_now().date()
        overdue = self.env["customer.followup"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "planned"),
                ("date_due", "<", today),
            ]
        )
        return overdue.action_done()

    def _get_timeline_events(self):
        """Tell the follow-ups that were done as well."""
        events = super()._get_timeline_events()
        done = self.env["customer.followup"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("date_done", "!=", False),
            ],
            order="date_done desc, id desc",
            limit=TIMELINE_EVENTS,
        )
        return events + [followup._describe_event() for followup in done]

    @api.model
    def _get_urgencies(self):
        """Put overdue follow-ups first."""
        today = self.env.company.root_id._tiering_now().date()
        self.env["customer.followup"].flush_model(["partner_id", "company_id", "state", "date_due"])
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
