from odoo import api, fields, models

ALLOCATIONS = [
    ("none", "First Come, First Served"),
    ("priority", "Better Tiers First"),
    ("reserve", "Better Tiers First, With a Reserve"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    scarce_allocation = fields.Selection(
        ALLOCATIONS,
        "Scarce Stock",
        # Chosen with its preview only, see ``customer.allocation.change``.
        readonly=True,
        required=True,
        default="none",
        groups="base.group_user",
        help="Who gets what is not enough for all deliveries that wait.\n"
        "First come, first served: as Odoo reserves it.\n"
        "Better tiers first: urgent deliveries, then the better tiers; equals share by what they "
        "ordered.\n"
        "With a reserve: besides, so much is kept for better tiers as they are likely to order "
        "until the next receipt.",
    )
    scarce_reserve_level = fields.Float(
        "Reserve Lasts",
        digits=(5, 4),
        readonly=True,
        required=True,
        default=0.8,
        groups="base.group_user",
        help="How likely it shall be that what is kept for better tiers lasts until the next "
        "receipt.",
    )
    scarce_wait_days = fields.Integer(
        "Longest Wait",
        required=True,
        default=14,
        groups="base.group_user",
        help="A delivery that is late by so many days comes before all others, whatever "
        "the tier, and nothing is kept from it.",
    )

    _scarce_reserve_level_range = models.Constraint(
        "CHECK (scarce_reserve_level >= 0.5 AND scarce_reserve_level <= 0.999)",
        "Reserve Lasts must be between 50 % and 99.9 %.",
    )
    _scarce_wait_days_range = models.Constraint(
        "CHECK (scarce_wait_days BETWEEN 1 AND 365)",
        "The Longest Wait must be between 1 and 365 days.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(vals.get("scarce_allocation", "none") != "none" for vals in vals_list):
            self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "scarce_allocation" in vals:
            self.env.registry.clear_cache()
        return result
