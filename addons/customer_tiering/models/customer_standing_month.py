from odoo import fields, models


class CustomerStandingMonth(models.Model):
    """The score with which a customer ended a month; runs keep it as the next month begins.

    What a score was cannot be found out later: orders change, and so do the rules.
    """

    _name = "customer.standing.month"
    _description = "Customer Score by Month"
    _order = "month desc, id desc"
    _rec_name = "month"
    # A run writes every row, so who wrote it says nothing.
    _log_access = False

    standing_id = fields.Many2one(
        "customer.standing", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    score = fields.Float(digits=(5, 2), readonly=True, aggregator="avg")

    _standing_month_unique = models.Constraint(
        "UNIQUE (standing_id, month)", "A customer has one score per month."
    )
