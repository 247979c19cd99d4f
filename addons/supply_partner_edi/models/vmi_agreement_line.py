from odoo import models

from ..tools import Item, Known, get_code


class VmiAgreementLine(models.Model):
    _inherit = "vmi.agreement.line"

    def _prepare_offer(self, quantity, fits, multiple):
        """Return the line of a proposal that the vendor made.

        :param fits: up to how much fits below the maximum, in whole multiples
        """
        self.ensure_one()
        seller = self._get_vendor_row(quantity=quantity)
        price = seller.product_uom_id._compute_price(seller.price, self.product_uom_id)
        currency = self.agreement_id.currency_id
        day = self.agreement_id._get_order_date()
        return {
            "line_id": self.id,
            "product_id": self.product_id.id,
            "suggested_qty": min(quantity, fits),
            "vendor_qty": quantity,
            "approved_qty": quantity,
            "multiple_qty": multiple,
            "unit_price": (
                seller.currency_id._convert(price, currency, self.company_id, day, round=False)
                if seller
                else 0.0
            ),
            **{
                name: self[name]
                for name in (
                    "on_hand_qty", "incoming_qty", "rfq_qty", "pending_qty", "outgoing_qty",
                    "other_qty", "position_qty", "level_min_qty", "level_max_qty", "daily_demand",
                )
            },
        }  # fmt: skip

    def _get_edi_known(self):
        """Return by which numbers messages may name the products."""
        sellers = self.env["vmi.vendor"]._get_sellers(self)
        return [
            Known(
                key=line.id,
                gtin=line.product_id.barcode or "",
                buyer_code=line.product_id.default_code or "",
                vendor_code=sellers.get(line.id, {}).get("code") or "",
            )
            for line in self
        ]

    def _get_edi_items(self, described):
        """Return by line id how messages name the products, and the codes of their units.

        :param described: by line id what the vendor's service says of it
        """
        units = self.product_id.uom_id
        names = units._get_external_ids()
        codes = {unit.id: next(filter(None, map(get_code, names[unit.id])), "") for unit in units}
        items = {}
        for line in self:
            product = line.product_id
            barcode = product.barcode or ""
            row = described[line.id]
            items[line.id] = (
                Item(
                    gtin=barcode if barcode.isdigit() and len(barcode) in (8, 12, 13, 14) else "",
                    buyer_code=row["code"],
                    vendor_code=row["vendor_code"],
                    name=row["product"],
                ),
                codes[product.uom_id.id],
            )
        return items
