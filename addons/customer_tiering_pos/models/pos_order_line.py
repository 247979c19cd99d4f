from odoo import api, models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """What is returned is taken off the customer it was sold to, as a credit note is."""
        lines = super().create(vals_list)
        if any(vals.get("refunded_orderline_id") for vals in vals_list):
            for order in lines.sudo().filtered("refunded_orderline_id").order_id:
                order._keep_customer_of(order.lines.refunded_orderline_id.order_id[:1])
        return lines
