from odoo import models


class CustomerServiceLevel(models.Model):
    _inherit = "customer.service.level"

    def write(self, vals):
        result = super().write(vals)
        if {"delivery_priority", "active"} & vals.keys():
            self.env.registry.clear_cache()
        return result
