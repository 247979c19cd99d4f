from odoo import models
from odoo.tools import SQL


class VmiAgreementLine(models.Model):
    _inherit = "vmi.agreement.line"

    def _get_quotation_group(self):
        """Alternatives are one: below 0, so that no group has the number of an order."""
        return SQL("COALESCE(-purchase.purchase_group_id, purchase.id)")

    def _get_quotation_condition(self):
        """What an alternative brings that was ordered already, the others bring no more."""
        return SQL(
            """
            %s AND NOT EXISTS (
                SELECT FROM purchase_order chosen
                  JOIN purchase_order_line ON purchase_order_line.order_id = chosen.id
                 WHERE chosen.purchase_group_id = purchase.purchase_group_id
                   AND chosen.state = 'purchase'
                   AND purchase_order_line.product_id = ordered.product_id)
            """,
            super()._get_quotation_condition(),
        )
