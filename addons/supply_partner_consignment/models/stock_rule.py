from odoo import models


class StockRule(models.Model):
    """A rule by which agreements buy: orders of consigned ones are marked when they are made."""

    _inherit = "stock.rule"

    def _prepare_purchase_order(self, company_id, origins, values):
        vals = super()._prepare_purchase_order(company_id, origins, values)
        agreement = values[0].get("vmi_agreement_id")
        if agreement and agreement.sudo().ownership == "consigned":
            vals["vmi_is_consigned"] = True
        return vals
