from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merges contacts; the figures of those who are vendors are found anew the next night."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # What is kept by a vendor's number alone still has the old one.
        self.env["vendor.scorecard"].sudo().search([]).facts_at = False
        return result
