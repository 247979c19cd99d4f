from odoo import fields, models


class StockRule(models.Model):
    """A rule by which is bought: from no vendor who is blocked."""

    _inherit = "stock.rule"

    def _get_matching_supplier(self, product_id, product_qty, product_uom, company_id, values):
        supplier = super()._get_matching_supplier(
            product_id, product_qty, product_uom, company_id, values
        )
        if not supplier or supplier._without_blocked(company_id):
            return supplier
        # What was to come from this vendor and no other is not bought. A reordering rule only
        # prefers its vendor.
        is_from_rule = values.get("orderpoint_id") and not values.get("vmi_agreement_id")
        if values.get("supplierinfo_id") and not is_from_rule:
            return supplier.browse()
        product = product_id.with_company(company_id)
        planned = values.get("date_planned")
        today = fields.Date.today()
        found = product._select_seller(
            quantity=product_qty,
            date=max(fields.Datetime.to_datetime(planned).date(), today) if planned else None,
            uom_id=product_uom,
            params={"force_uom": values.get("force_uom")},
        )
        # As Odoo does, any price rather than none.
        return (
            found
            or (
                product._prepare_sellers(False)
                ._without_blocked(company_id)
                .filtered(lambda seller: not seller.company_id or seller.company_id == company_id)[
                    :1
                ]
            )
        )
