from odoo import models


class StockQuant(models.Model):
    """Stock at a place, which is the company's or a vendor's."""

    _inherit = "stock.quant"

    def _compute_value(self):
        """Divide the value by what is valued: Odoo divides it by the vendors' units too."""
        super()._compute_value()
        for (company, product), quants in self.grouped(
            lambda quant: (quant.company_id, quant.product_id)
        ).items():
            valued = quants.filtered("value")
            if not valued or product.lot_valuated:
                continue
            product = product.with_company(company)
            stored = product.qty_available
            own = product._with_valuation_context().qty_available
            if product.uom_id.compare(own, stored) and not product.uom_id.is_zero(own):
                for quant in valued:
                    quant.value = quant.quantity * product.total_value / own
