from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merges contacts; the figures of those who are vendors are found anew the next night."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one standing in each company, the destination's where it has one.

        A vendor has one per company: those of the others would collide with it.
        """
        standings = self.env["vendor.standing"].sudo()
        seen = set(standings.search([("partner_id", "=", dst_partner.id)]).mapped("company_id"))
        for standing in standings.search([("partner_id", "in", src_partners.ids)], order="id"):
            if standing.company_id in seen:
                standing.unlink()
            else:
                seen.add(standing.company_id)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # What is kept by a vendor's number alone still has the old one.
        self.env["vendor.scorecard"].sudo().search([]).facts_at = False
        return result
