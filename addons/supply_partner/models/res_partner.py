from odoo import fields, models

from .purchase_order import STAFF


class ResPartner(models.Model):
    _inherit = "res.partner"

    vmi_holiday_ids = fields.One2many(
        "vmi.vendor.holiday", "partner_id", "Vendor's Holidays", groups=STAFF
    )
    vmi_agreement_ids = fields.One2many(
        "vmi.agreement", "partner_id", "Supply Agreements", groups=STAFF
    )
    vmi_agreement_count = fields.Integer(
        "Number of Supply Agreements",
        compute="_compute_vmi_agreement_count",
        groups="purchase.group_purchase_user",
    )

    def _compute_vmi_agreement_count(self):
        counts = dict(
            self.env["vmi.agreement"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.vmi_agreement_count = counts.get(partner, 0)
