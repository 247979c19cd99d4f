from odoo import fields, models


class CustomerServiceLevel(models.Model):
    _inherit = "customer.service.level"

    service_target = fields.Float(
        "Stock Service Target",
        digits=(5, 4),
        help="Share of order cycles in which customers shall find the products in stock (cycle "
        "service). Products of supply agreements can take it from the tiers that buy them. "
        "0: no target.",
        aggregator=None,
    )

    _service_target_range = models.Constraint(
        "CHECK (service_target = 0 OR service_target >= 0.5 AND service_target < 1)",
        "The Stock Service Target must be at least 50 % and below 100 %, or 0 for none.",
    )
