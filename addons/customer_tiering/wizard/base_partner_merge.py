from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep the best merged standing in each company, and the newest override.

        A customer has one standing and one open follow-up per company: without this step the
        ones of the source partners would collide with that of the destination.
        """
        self.env["customer.standing"]._keep_best(dst_partner, src_partners)
        dst_partner._take_over_documents(src_partners)
        self.env["customer.followup"].sudo()._keep_one_each(dst_partner, src_partners)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["customer.tier.override"]._keep_newest(dst_partner)
        return result
