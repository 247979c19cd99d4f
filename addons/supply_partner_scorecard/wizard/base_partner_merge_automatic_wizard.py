from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merges contacts; the figures of those who are vendors are found anew the next night."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        # What is kept by a vendor's number alone still has the old one.
        self.env["vendor.scorecard"].sudo().search([]).facts_at = False
        return result
