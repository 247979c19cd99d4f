from odoo import api, fields, models
from odoo.exceptions import UserError

from .res_partner import TIERING_GROUP


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Ticking a box installs the add-on of its name, if the app that it joins is there or comes
    # with it.
    module_customer_tiering_followup = fields.Boolean("Follow-ups")
    module_customer_tiering_assignment = fields.Boolean("Account Manager Workload")
    module_customer_tiering_backtest = fields.Boolean("Back-tests")
    module_customer_tiering_clv = fields.Boolean("Lifetime Value")
    module_customer_tiering_dashboard = fields.Boolean("Dashboard")
    module_customer_tiering_portal = fields.Boolean("Customer Portal")
    module_customer_tiering_margin = fields.Boolean("Margin")
    module_customer_tiering_crm = fields.Boolean("Opportunities")
    module_customer_tiering_rating = fields.Boolean("Ratings")
    module_customer_tiering_survey = fields.Boolean("Satisfaction Surveys")
    module_customer_tiering_pos = fields.Boolean("Point of Sale Orders")
    module_customer_tiering_loyalty = fields.Boolean("Loyalty Programs")
    module_customer_tiering_website_sale = fields.Boolean("Online Shop")
    module_customer_tiering_stock = fields.Boolean("Delivery Priority")
    module_customer_tiering_helpdesk = fields.Boolean("Helpdesk")
    module_customer_tiering_birthdate = fields.Boolean("Birthdays")
    module_customer_tiering_queue_job = fields.Boolean("Runs as Jobs")

    tier_policy_id = fields.Many2one(
        "customer.tier.policy",
        "Active Policy",
        compute="_compute_tier_policy_id",
        groups=TIERING_GROUP,
    )
    tier_run_hour = fields.Integer(
        "Nightly Run at (hour)",
        compute="_compute_tier_run_hour",
        inverse="_inverse_tier_run_hour",
        groups=TIERING_GROUP,
        help="The hour of the day, in the company's time zone, from which the nightly tier run "
        "starts: 0 to 23.",
    )

    @api.depends("company_id")
    def _compute_tier_policy_id(self):
        for settings in self:
            settings.tier_policy_id = self.env["customer.tier.policy"].search(
                [("company_id", "=", settings.company_id.root_id.id)], limit=1
            )

    @api.depends("tier_policy_id")
    def _compute_tier_run_hour(self):
        for settings in self:
            settings.tier_run_hour = settings.tier_policy_id.evaluation_hour

    def _inverse_tier_run_hour(self):
        for settings in self:
            policy = settings.tier_policy_id
            if policy and policy.evaluation_hour != settings.tier_run_hour:
                policy.evaluation_hour = settings.tier_run_hour

    def action_open_tier_policy(self):
        """Open the active policy, or the list in which one is made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_tier_policy_action"
        )
        if not self.tier_policy_id:
            return action
        return action | {
            "res_id": self.tier_policy_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_run_tiers(self):
        """Recalculate the tiers of the company.

        :raise UserError: when it has no active policy
        """
        self.ensure_one()
        if not self.tier_policy_id:
            raise UserError(self.env._("There is no active policy: make one first."))
        return self.tier_policy_id.action_run()
