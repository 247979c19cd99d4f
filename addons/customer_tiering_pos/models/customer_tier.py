from odoo import api, models


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.filtered("pricelist_id")._renew_points_of_sale()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        if "pricelist_id" in vals:
            self._renew_points_of_sale()
        return result

    def _renew_points_of_sale(self):
        """Have points of sale load all anew, which otherwise load what was edited since.

        Nobody edited the rules of the pricelist nor the customers who get it.
        """
        configs = (
            self.env["pos.config"]
            .sudo()
            .search([("company_id", "child_of", self.company_id.ids), ("use_pricelist", "=", True)])
        )
        if configs:
            configs._compute_local_data_integrity()
