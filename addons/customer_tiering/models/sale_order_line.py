from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _compute_discount(self):
        """Take the discount of the quotation's tier off, where nothing else is."""
        result = super()._compute_discount()
        for line in self:
            # The tier that the quotation was priced under, also when it has changed since.
            discount = line.order_id.sudo().quoted_tier_id.discount
            if not discount or line.discount:
                continue
            if line.combo_item_id:
                # As in Odoo, the parts of a combo have the discount of the whole.
                line.discount = line._get_linked_line().discount
            elif line._may_have_tier_discount():
                line.discount = 100 * line._get_tier_discount()
        return result

    def _may_have_tier_discount(self):
        self.ensure_one()
        return (
            bool(self.product_id)
            and not self.display_type
            and not self.is_downpayment
            and not self._is_delivery()
            and not self._is_discount_line()
            and not self._is_global_discount()
        )

    def _get_tier_discount(self):
        tier = self.order_id.sudo().quoted_tier_id
        if not self.pricelist_item_id:
            return tier.discount
        line = self.with_company(self.company_id)
        return tier._get_tier_discount(
            line._get_pricelist_price(),
            line._get_pricelist_price_before_discount(),
            line.currency_id,
        )
