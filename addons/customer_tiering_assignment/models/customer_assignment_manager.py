from odoo import fields, models


class CustomerAssignmentManager(models.Model):
    """An account manager's load when the proposal was made, and after it."""

    _name = "customer.assignment.manager"
    _description = "Load of an Account Manager"
    _order = "assignment_id, id"
    _rec_name = "user_id"

    assignment_id = fields.Many2one(
        "customer.assignment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True)
    user_id = fields.Many2one("res.users", "Account Manager", required=True, ondelete="cascade")
    customers = fields.Integer()
    customers_then = fields.Integer(help="Once the moves are applied.")
    customer_capacity = fields.Integer("Room for Customers", help="0: any number.")
    followups = fields.Float("Follow-ups a Week", digits=(16, 1))
    followups_then = fields.Float(
        "Follow-ups a Week Then", digits=(16, 1), help="Once the moves are applied."
    )
    followup_capacity = fields.Float(
        "Room for Follow-ups", digits=(16, 1), help="A week; 0: any number."
    )
    is_over = fields.Boolean(compute="_compute_is_over")

    def _compute_is_over(self):
        for manager in self:
            manager.is_over = bool(
                (manager.customer_capacity and manager.customers > manager.customer_capacity)
                or (manager.followup_capacity and manager.followups > manager.followup_capacity)
            )
