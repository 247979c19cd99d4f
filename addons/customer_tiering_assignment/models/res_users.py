from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    customer_capacity = fields.Integer(
        "Customer Capacity",
        help="How many customers in a tier the user can look after; reassignments stay within it. "
        "0: no limit.",
    )

    _capacity_not_negative = models.Constraint(
        "CHECK (customer_capacity >= 0)",
        "Customer Capacity must not be negative. 0: no limit.",
    )
