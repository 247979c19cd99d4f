from odoo import api, models

from .edi_exchange_record import GUARDED


class EdiExchangeRelatedRecord(models.Model):
    """What an exchange record belongs to: for those of vendors, what says who may touch them."""

    _inherit = "edi.exchange.related.record"

    @api.model_create_multi
    def create(self, vals_list):
        links = super().create(vals_list)
        links._check_guard()
        return links

    def write(self, vals):
        self._check_guard()
        result = super().write(vals)
        self._check_guard()
        return result

    def unlink(self):
        self._check_guard()
        return super().unlink()

    def _check_guard(self):
        """Raise AccessError for who may not write what a vendor's record belongs to."""
        if self.env.su:
            return
        for link in self:
            every = link.sudo().exchange_record_id.related_record_ids | link.sudo()
            for one in every.filtered(lambda one: one.model in GUARDED and one.record):
                self.env[one.model].browse(one.res_id).check_access(
                    self.env[one.model].get_edi_access([one.res_id], "write")
                )
