from odoo import api, models
from odoo.addons.supply_partner_catalogue.models.vendor_offer import DELIVERY, QUALITY


class VendorOffer(models.Model):
    """Offers with what the scorecard knows of their vendors."""

    _inherit = "vendor.offer"

    @api.model
    def _get_vendor_measures(self, company):
        # The figures beside a price, and no score: who compares prices may see these.
        standings = self.env["vendor.standing"].sudo()
        partners = standings.search([("company_id", "=", company.id)]).partner_id
        found = super()._get_vendor_measures(company)
        for partner_id, measures in standings._get_measures(partners, company).items():
            found[partner_id] = {
                code: measures[code]["value"]
                for code in (DELIVERY, QUALITY)
                if code in measures and measures[code]["value"] is not None
            }
        return found

    @api.model
    def _has_measures(self):
        return True
