from odoo import models
from odoo.tools import SQL


class VmiAgreementLine(models.Model):
    _inherit = "vmi.agreement.line"

    def _get_quotation_group(self):
        """Of alternatives one only will come."""
        # Ids of groups are below 0, so that none is the id of an order.
        return SQL("COALESCE(-purchase.purchase_group_id, %s)", super()._get_quotation_group())

    def _get_quotation_condition(self):
        """Once a product was ordered with one alternative, the others bring nothing of it."""
        return SQL(
            """
            %s AND NOT EXISTS (
                SELECT FROM purchase_order chosen
                  JOIN purchase_order_line won ON won.order_id = chosen.id
                 WHERE chosen.purchase_group_id = purchase.purchase_group_id
                   AND chosen.state = 'purchase'
                   AND won.product_id = ordered.product_id AND won.product_qty > 0)
            """,
            super()._get_quotation_condition(),
        )
