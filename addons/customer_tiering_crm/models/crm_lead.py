from odoo import fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP
from odoo.tools import format_amount


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "customer.document"]

    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", string="Customer Tier", groups=TIERING_GROUP
    )

    def _describe_event(self, standing):
        """Return the opportunity that was won or lost as an event of a customer's timeline."""
        self.ensure_one()
        if self.won_status == "won":
            title, icon = self.env._("Opportunity won: %s", self.name), "fa-trophy"
        else:
            title, icon = self.env._("Opportunity lost: %s", self.name), "fa-thumbs-down"
        amount = self.expected_revenue and format_amount(
            self.env, self.expected_revenue, self.company_currency or standing.currency_id
        )
        reason = self.won_status == "lost" and self.lost_reason_id.name
        return standing._prepare_event(
            standing._get_local_day(self.date_closed),
            icon,
            title,
            " · ".join(filter(None, (amount, reason))),
            "success" if self.won_status == "won" else "danger",
        )
