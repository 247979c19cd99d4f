from odoo import api, models
from odoo.addons.website.models import ir_http
from odoo.fields import Domain


class ProductPricelist(models.Model):
    """Pricelists only for tiers are for their customers, and not for the shop's visitors."""

    _inherit = "product.pricelist"

    @api.model
    def _get_tier_pricelist_domain(self):
        domain = super()._get_tier_pricelist_domain()
        if website := ir_http.get_request_website():
            # Unlike other pricelists it need not be selectable.
            domain &= Domain("website_id", "in", [website.id, False])
        return domain

    def _get_partner_pricelist_multi_filter_hook(self):
        """Let a pricelist only for tiers, too, be a customer's own in the shop."""
        website = ir_http.get_request_website()
        if not website:
            return super()._get_partner_pricelist_multi_filter_hook()
        reserved = self.filtered("only_for_tiers")
        open_to_all = super(ProductPricelist, self - reserved)
        return open_to_all._get_partner_pricelist_multi_filter_hook() | reserved.filtered_domain(
            self._get_tier_pricelist_domain()
        )

    def _is_available_on_website(self, website):
        return not self.only_for_tiers and super()._is_available_on_website(website)

    def _get_website_pricelists_domain(self, website):
        return [
            *super()._get_website_pricelists_domain(website),
            ("only_for_tiers", "=", False),
        ]
