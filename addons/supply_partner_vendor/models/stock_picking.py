from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """Note which announced shipments came, and let the back order hold the others."""
        result = super()._action_done()
        orders = self.sudo().purchase_id.filtered("vmi_agreement_id")
        if not orders:
            return result
        shipments = self.env["vmi.shipment"].sudo()
        announced = shipments.search(
            [("purchase_id", "in", orders.ids), ("state", "=", "announced")]
        ).grouped("purchase_id")
        for picking in self.sudo():
            if picking.state == "done" and picking.purchase_id in announced:
                open_ones = announced[picking.purchase_id].filtered(
                    lambda shipment: shipment.state == "announced"
                )
                open_ones._receive(picking)
        for order, of_order in announced.items():
            if of_order.filtered(lambda shipment: shipment.state == "announced"):
                order._vmi_write_receipts()
        return result
