from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # None of these may become a dependency of a stored field: a move would recompute documents.
    @api.depends("commercial_partner_id.customer_standing_ids.tier_id")
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    def _inverse_product_pricelist(self):
        """Keep as the customer's own what differs from the tier's pricelist, and nothing else.

        Forms and imports write back the pricelist they were shown. That of the tier stays the
        tier's; any other is the customer's own choice, the default of the country included.
        """
        by_tier = self.env["product.pricelist"]._get_tier_pricelists(self)
        tiered = self.filtered(lambda partner: partner.id in by_tier)
        for partner in tiered:
            chosen = partner.property_product_pricelist
            partner.specific_property_product_pricelist = (
                chosen if chosen != by_tier[partner.id] else False
            )
        return super(ResPartner, self - tiered)._inverse_product_pricelist()

    def _get_own_pricelist(self):
        """Return the pricelist set on the customer in the current company, if it applies."""
        return self.specific_property_product_pricelist._get_partner_pricelist_multi_filter_hook()
