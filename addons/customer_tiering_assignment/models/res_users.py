from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    customer_capacity = fields.Integer(
        help="Number of customers in a tier that the user can be account manager of. Reassignments "
        "stay within it. 0: no limit.",
    )

    _capacity_not_negative = models.Constraint(
        "CHECK (customer_capacity >= 0)",
        "Customer Capacity must not be negative. 0: no limit.",
    )
