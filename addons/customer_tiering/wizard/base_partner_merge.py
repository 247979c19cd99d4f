from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep the best of the merged customers' standings in each company.

        A customer has one standing per company: without this step the ones of the
        source partners would collide with that of the destination.
        """
        self.env["customer.standing"]._keep_best(dst_partner, src_partners)
        return super()._update_foreign_keys(src_partners, dst_partner)
