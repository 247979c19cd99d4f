from odoo import fields, models


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    keeps_birthdays = fields.Boolean(
        "Birthdays",
        tracking=True,
        help="For each contact with a birthdate of a customer in a tier an activity is planned for "
        "the account manager on the birthday, a week ahead; on 28 February in common years for "
        "who was born on the 29th. Off plans none.",
    )
