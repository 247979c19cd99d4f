from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

BUYERS = "purchase.group_purchase_user"


class ProductProduct(models.Model):
    _inherit = "product.product"

    vendor_offers = fields.Json(
        "Offers",
        compute="_compute_vendor_offers",
        groups=BUYERS,
        help="What every vendor asks for it today, the best first.",
    )
    vendor_offer_count = fields.Integer(
        "Offering Vendors", compute="_compute_vendor_offers", groups=BUYERS
    )
    best_landed_price = fields.Float(
        compute="_compute_vendor_offers",
        groups=BUYERS,
        min_display_digits="Product Price",
        help="The landed price per good unit of the best offer for one unit, in the company's "
        "currency.",
    )
    vendor_search = fields.Char(
        "Vendor's Product", compute="_compute_vendor_search", search="_search_vendor_search",
        groups=BUYERS,
    )  # fmt: skip
    is_in_vendor_cart = fields.Boolean(
        compute="_compute_is_in_vendor_cart", search="_search_is_in_vendor_cart", groups=BUYERS
    )

    @api.depends_context("company", "lang")
    def _compute_vendor_offers(self):
        found = self.env["vendor.offer"]._get_by_product(self)
        for product in self:
            offers = found.get(product, self.env["vendor.offer"])
            described = product._describe_offers(offers)
            product.vendor_offers = described
            product.vendor_offer_count = len(described)
            product.best_landed_price = described[0]["good_price"] if described else 0.0

    def _describe_offers(self, offers):
        """Return a dict for each vendor: the offer for one unit, and what more brings.

        :param offers: of the product, the best first
        """
        self.ensure_one()
        vendors = []
        for partner, own in offers.grouped("partner_id").items():
            breaks = own.sorted(lambda offer: (offer.min_qty, offer.good_price, offer.id))
            first = breaks[0]
            currency = first.currency_id
            vendors.append(
                {
                    "partner_id": partner.id,
                    "vendor": partner.sudo().display_name,
                    "vendor_code": first.vendor_code or "",
                    "price": format_amount(self.env, first.net_price, currency),
                    "landed": format_amount(self.env, first.landed_price, currency),
                    "good": format_amount(self.env, first.good_price, currency),
                    "good_price": first.good_price,
                    "has_more_costs": first.good_price - first.net_price > 1e-6,
                    "min_qty": first.min_qty,
                    "delay": first.delay,
                    "otif": first.otif if first.has_otif else None,
                    "defects": first.defect_share if first.has_defects else None,
                    "until": first.date_end.isoformat() if first.date_end else None,
                    "breaks": [
                        {
                            "min_qty": offer.min_qty,
                            "good": format_amount(self.env, offer.good_price, currency),
                        }
                        for offer in breaks[1:]
                        if offer.good_price < first.good_price
                    ],
                }
            )
        return sorted(vendors, key=lambda one: (one["good_price"], one["partner_id"]))

    def _compute_vendor_search(self):
        self.vendor_search = False

    def _search_vendor_search(self, operator, value):
        """Find products by the vendors' codes and names for them."""
        if operator not in ("=", "ilike", "like", "=ilike", "in"):
            return NotImplemented
        sellers = self.env["product.supplierinfo"].search(
            Domain("product_code", operator, value) | Domain("product_name", operator, value)
        )
        whole = sellers.filtered(lambda seller: not seller.product_id).product_tmpl_id
        return Domain("id", "in", sellers.product_id.ids) | Domain(
            "product_tmpl_id", "in", whole.ids
        )

    def _get_vendor_cart(self):
        cart = self.env.context.get("product_catalog_order_id")
        if self.env.context.get("product_catalog_order_model") != "vendor.cart":
            return self.env["vendor.cart"]
        return self.env["vendor.cart"].browse(cart).exists()

    @api.depends_context("product_catalog_order_id")
    def _compute_is_in_vendor_cart(self):
        held = self._get_vendor_cart().line_ids.product_id
        for product in self:
            product.is_in_vendor_cart = product in held

    def _search_is_in_vendor_cart(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", self._get_vendor_cart().line_ids.product_id.ids)]
