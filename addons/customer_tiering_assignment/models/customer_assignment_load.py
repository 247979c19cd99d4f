from odoo import fields, models


class CustomerAssignmentLoad(models.Model):
    """What an account manager looked after in a tier when the proposal was made."""

    _name = "customer.assignment.load"
    _description = "Load by Account Manager and Tier"
    _order = "assignment_id, user_id, tier_id"
    _rec_name = "user_id"

    assignment_id = fields.Many2one(
        "customer.assignment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users", "Account Manager", ondelete="cascade", help="Empty: nobody."
    )
    tier_id = fields.Many2one("customer.tier", required=True, ondelete="cascade")
    customers = fields.Integer()
    followups = fields.Float("Follow-ups a Week", digits=(16, 1))
