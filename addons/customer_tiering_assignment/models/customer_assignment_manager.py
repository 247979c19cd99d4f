from odoo import fields, models


class CustomerAssignmentManager(models.Model):
    """An account manager's workload and capacity, before and after the reassignments."""

    _name = "customer.assignment.manager"
    _description = "Workload of an Account Manager"
    _order = "assignment_id, id"
    _rec_name = "user_id"

    assignment_id = fields.Many2one(
        "customer.assignment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True)
    user_id = fields.Many2one("res.users", "Account Manager", required=True, ondelete="cascade")
    customers = fields.Integer()
    customers_after = fields.Integer(help="After all proposed reassignments.")
    customer_capacity = fields.Integer(help="0: no limit.")
    followups = fields.Float("Follow-ups per Week", digits=(16, 1))
    followups_after = fields.Float(
        "Follow-ups per Week After", digits=(16, 1), help="After all proposed reassignments."
    )
    followup_capacity = fields.Float(
        "Follow-up Capacity", digits=(16, 1), help="Per week. 0: no limit."
    )
    is_over = fields.Boolean(compute="_compute_is_over")

    def _compute_is_over(self):
        for manager in self:
            manager.is_over = bool(
                (manager.customer_capacity and manager.customers > manager.customer_capacity)
                or (manager.followup_capacity and manager.followups > manager.followup_capacity)
            )
