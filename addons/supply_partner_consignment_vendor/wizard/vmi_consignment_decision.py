from odoo import api, fields, models


class VmiConsignmentDecision(models.TransientModel):
    """Asks how a line is decided; what a vendor disputed is answered as well."""

    _inherit = "vmi.consignment.decision"

    vendor_reason = fields.Char("The Vendor's Reason", compute="_compute_vendor_reason")
    answer = fields.Char("Answer to the Vendor", help="The vendor reads it on the vendor's pages.")

    @api.depends("line_ids")
    def _compute_vendor_reason(self):
        for wizard in self:
            reasons = wizard.line_ids.filtered("vendor_reason").mapped("vendor_reason")
            wizard.vendor_reason = "; ".join(dict.fromkeys(reasons))

    def action_confirm(self):
        result = super().action_confirm()
        self.line_ids.filtered("vendor_reason").sudo().answer = self.answer
        return result
