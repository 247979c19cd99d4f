from odoo import fields, models


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    keeps_birthdays = fields.Boolean(
        "Birthdays",
        tracking=True,
        help="Plan an activity for the account manager on the birthdays of customers in a tier and "
        "of their contacts. 29 February is celebrated on the 28th in common years.",
    )
