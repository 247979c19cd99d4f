from datetime import timedelta

from odoo import api, fields, models


class CustomerServiceLevel(models.Model):
    _inherit = "customer.service.level"

    followup_days = fields.Integer(
        "Follow-up Every (days)",
        help="Plan a follow-up for the account manager when the last contact is this many days "
        "ago. 0: no follow-ups.",
    )
    followups_per_week = fields.Float(
        "Follow-ups per Week",
        compute="_compute_followups_per_week",
        store=True,
        help="Follow-ups per customer and week, on average.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Account Manager",
        domain=[("share", "=", False)],
        help="Account manager of the customers of this level who have no salesperson.",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        help="Its team leader is responsible for customers without salesperson and account "
        "manager.",
    )

    _followup_days_range = models.Constraint(
        "CHECK (followup_days BETWEEN 0 AND 3650)",
        "Follow-up Every (days) must be between 0 and 3,650.",
    )

    @api.depends("followup_days")
    def _compute_followups_per_week(self):
        for level in self:
            days = level.followup_days
            level.followups_per_week = timedelta(weeks=1).days / days if days > 0 else 0

    def write(self, vals):
        """Have open follow-ups assigned anew when the level names somebody else."""
        result = super().write(vals)
        if {"user_id", "team_id"} & vals.keys():
            self.env["customer.followup"]._plan_soon()
        return result
