from odoo import api, fields, models
from odoo.fields import Domain


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    only_for_tiers = fields.Boolean(
        "Only for Tiers",
        help="Only customers of a tier with this pricelist, and customers who have it set, get it; "
        "it is never the default. Ticked when a tier uses the pricelist; untick it if customers "
        "without a tier shall get it, too.",
    )

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Put the tier's pricelist between the customer's own and those of Odoo's order."""
        partners = self.env["res.partner"].with_context(active_test=False).browse(partner_ids)
        by_tier = self._get_tier_pricelists(
            partners.filtered(lambda partner: not partner._get_own_pricelist())
        )
        others = [partner_id for partner_id in partner_ids if partner_id not in by_tier]
        pricelists = super()._get_partner_pricelist_multi(others)
        pricelists.update(by_tier)
        return pricelists

    @api.model
    def _get_tier_pricelists(self, partners):
        """Return the pricelists that the tiers of customers give them in the current company.

        The tiers are read with elevated rights: who may ask for a customer's prices gets the
        right ones, whether or not they may see tiers.

        :return: {partner id: pricelist}; whoever gets none is missing
        """
        if not self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            return {}
        tiers = {partner.id: partner.sudo()._get_held_tier() for partner in partners}
        pricelists = self.env["customer.tier"].sudo().concat(*tiers.values()).pricelist_id
        applicable = pricelists.filtered_domain(self._get_tier_pricelist_domain())
        return {
            partner_id: self.browse(tier.pricelist_id.id)
            for partner_id, tier in tiers.items()
            if tier.pricelist_id in applicable
        }

    @api.model
    def _get_tier_pricelist_domain(self):
        """Return which pricelists of tiers apply; the others are passed over."""
        return Domain("active", "=", True) & Domain(
            "company_id", "in", [self.env.company.id, False]
        )

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        return [*domain, ("only_for_tiers", "=", False)]

    def _get_country_pricelist_multi(self, country_ids):
        """Pass over a default that a system parameter names and that is only for tiers."""
        pricelists = super()._get_country_pricelist_multi(country_ids)
        parameters = self.env["ir.config_parameter"].sudo()
        name = "res.partner.property_product_pricelist"
        # What was searched for is not only for tiers already.
        if not any(map(parameters.get_param, (name, f"{name}_{self.env.company.id}"))):
            return pricelists
        domain = self._get_partner_pricelist_multi_search_domain_hook(self.env.company.id)
        fallback = self.search(domain, limit=1)
        return {
            country_id: fallback if pricelist.only_for_tiers else pricelist
            for country_id, pricelist in pricelists.items()
        }
