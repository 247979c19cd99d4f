from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep the best merged standing in each company, and the newest override.

        A customer has one standing per company: without this step those of the source partners
        would collide with that of the destination.
        """
        self.env["customer.standing"]._keep_best(dst_partner, src_partners)
        dst_partner._take_over_documents(src_partners)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["customer.tier.override"]._keep_newest(dst_partner)
        return result
