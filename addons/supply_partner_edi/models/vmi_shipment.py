from odoo import api, fields, models

from .vmi_vendor import get_sender


class VmiShipment(models.Model):
    _inherit = "vmi.shipment"

    edi_message_id = fields.Many2one(
        "vmi.message",
        "EDI Message",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _announce(self, order, vals, lines):
        shipment = super()._announce(order, vals, lines)
        if sender := get_sender(self.env):
            shipment.edi_message_id = sender.message_id
            if sender.doubts:
                shipment.activity_ids.summary = self.env._("Announced by email: check the sender")
        return shipment
