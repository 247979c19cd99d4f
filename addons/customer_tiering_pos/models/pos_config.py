from odoo import models


class PosConfig(models.Model):
    _inherit = "pos.config"

    def _get_available_pricelists(self):
        """Load the tiers' pricelists, too, where the point of sale uses pricelists.

        They are not among those to choose from: a customer brings the pricelist. As with all
        pricelists of a point of sale, those in another currency are left out.
        """
        pricelists = super()._get_available_pricelists()
        if not self.use_pricelist:
            return pricelists
        config = self.with_company(self.company_id)
        tiers = (
            self.env["customer.tier"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", self.company_id.root_id.id)])
        )
        applicable = config.env["product.pricelist"]._get_tier_pricelist_domain()
        of_tiers = tiers.pricelist_id.filtered_domain(applicable).filtered(
            lambda pricelist: pricelist.currency_id == self.currency_id
        )
        return pricelists | self.env["product.pricelist"].browse(of_tiers.ids)
