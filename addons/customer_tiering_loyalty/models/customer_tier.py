from odoo import api, fields, models, tools


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    points_factor = fields.Float(
        digits=(16, 2),
        default=1,
        help="Loyalty points of orders of this tier's customers are multiplied by this factor. 1 "
        "gives the points of the program, 2 twice as many.",
    )

    _points_factor_not_negative = models.Constraint(
        "CHECK (points_factor >= 0)",
        "The Points Factor of a tier cannot be negative.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        if any("points_factor" in vals for vals in vals_list):
            self.env.registry.clear_cache()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        if "points_factor" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_points_factors(self):
        """Return {id: factor} of the tiers whose factor is not 1; mostly there are none."""
        tiers = self.sudo().with_context(active_test=False).search([("points_factor", "!=", 1)])
        return {tier.id: tier.points_factor for tier in tiers}
