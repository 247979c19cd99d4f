from odoo import fields, models


class CustomerAssignmentWorkload(models.Model):
    """An account manager's customers and follow-ups in one tier, when calculated."""

    _name = "customer.assignment.workload"
    _description = "Workload by Account Manager and Tier"
    _order = "assignment_id, user_id, tier_id"
    _rec_name = "user_id"

    assignment_id = fields.Many2one(
        "customer.assignment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        "Account Manager",
        ondelete="cascade",
        help="Empty: customers without an account manager.",
    )
    tier_id = fields.Many2one("customer.tier", required=True, ondelete="cascade")
    customers = fields.Integer()
    followups = fields.Float("Follow-ups per Week", digits=(16, 1))
