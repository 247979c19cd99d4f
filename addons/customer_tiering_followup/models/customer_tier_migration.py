from odoo import fields, models


class CustomerTierMigration(models.Model):
    _inherit = "customer.tier.migration"

    extra_followups = fields.Float(
        "Extra Follow-ups per Week",
        digits=(16, 2),
        help="Follow-ups per week that the service levels of the new tier need in addition. "
        "Negative: fewer.",
    )
