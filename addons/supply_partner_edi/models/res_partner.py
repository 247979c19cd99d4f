from odoo import fields, models
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    vmi_message_count = fields.Integer(
        "Number of EDI Messages", compute="_compute_vmi_message_count", groups=BUYER_GROUP
    )

    def _compute_vmi_message_count(self):
        counts = dict(
            self.env["vmi.message"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.vmi_message_count = counts.get(partner, 0)
