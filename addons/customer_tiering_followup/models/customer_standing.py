from odoo import models


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
