from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one open follow-up per company: those of the merged customers would collide."""
        self.env["customer.followup"].sudo()._keep_one_each(dst_partner, src_partners)
        return super()._update_foreign_keys(src_partners, dst_partner)
