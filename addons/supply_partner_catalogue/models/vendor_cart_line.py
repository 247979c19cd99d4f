from datetime import timedelta

from odoo import api, fields, models


class VendorCartLine(models.Model):
    """A product of a cart, and the vendor it is to come from."""

    _name = "vendor.cart.line"
    _description = "Product of a Purchase Cart"
    _order = "cart_id desc, id"
    _check_company_auto = True

    cart_id = fields.Many2one("vendor.cart", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="cart_id.company_id", store=True, precompute=True)
    state = fields.Selection(related="cart_id.state")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("purchase_ok", "=", True)],
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    quantity = fields.Float(required=True, default=1.0, digits="Product Unit")
    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
        domain="[('id', 'in', vendor_ids)]",
    )
    vendor_ids = fields.Many2many("res.partner", compute="_compute_offer", string="Vendors")
    offers = fields.Json(related="product_id.vendor_offers", string="Offers")
    currency_id = fields.Many2one(related="company_id.currency_id")
    net_price = fields.Float("Price", compute="_compute_offer", min_display_digits="Product Price")
    good_price = fields.Float(
        "Landed Price",
        compute="_compute_offer",
        min_display_digits="Product Price",
        help="With duty and freight, per good unit.",
    )
    next_price = fields.Float(
        "Next Best",
        compute="_compute_offer",
        min_display_digits="Product Price",
        help="What the best other vendor asks, with duty and freight, per good unit.",
    )
    next_partner_id = fields.Many2one("res.partner", "Next Best Vendor", compute="_compute_offer")
    min_qty = fields.Float(compute="_compute_offer", digits="Product Unit")
    date_expected = fields.Date("Arrives", compute="_compute_offer")
    amount = fields.Monetary("Landed Value", compute="_compute_offer")
    hint = fields.Char(compute="_compute_offer")

    _once = models.UniqueIndex(
        "(cart_id, product_id)", "A product stands once in a cart: change its quantity."
    )
    _quantity_is_not_below_0 = models.Constraint(
        "CHECK (quantity >= 0)", "A quantity is 0 or more."
    )

    @api.depends("product_id")
    def _compute_partner_id(self):
        found = self.env["vendor.offer"]._get_by_product(self.product_id)
        for line in self:
            offers = found.get(line.product_id, self.env["vendor.offer"])
            best = self.env["vendor.offer"]._choose(offers, line.quantity)
            line.partner_id = best.partner_id

    @api.depends("product_id", "quantity", "partner_id")
    @api.depends_context("company", "lang")
    def _compute_offer(self):
        chooses = self.env["vendor.offer"]._choose
        for company, lines in self.grouped("company_id").items():
            found = self.env["vendor.offer"].with_company(company or self.env.company)
            found = found._get_by_product(lines.product_id)
            today = (company or self.env.company)._vmi_today()
            for line in lines:
                offers = found.get(line.product_id, self.env["vendor.offer"])
                own = offers.filtered(lambda offer, line=line: offer.partner_id == line.partner_id)
                chosen = chooses(own, line.quantity)
                following = chooses(offers - own, line.quantity)
                line.vendor_ids = offers.partner_id
                line.net_price = chosen.net_price
                line.good_price = chosen.good_price
                line.next_price = following.good_price
                line.next_partner_id = following.partner_id
                line.min_qty = chosen.min_qty
                line.amount = line.quantity * chosen.good_price
                line.date_expected = chosen and today + timedelta(days=chosen.delay)
                line.hint = line._get_hint(chosen, following)

    def _get_hint(self, chosen, following):
        """Return what a buyer should see before ordering."""
        if not chosen:
            return self.partner_id and self.env._("No price in force")
        if chosen.min_qty > self.quantity + 1e-6:
            return self.env._("From %s", f"{chosen.min_qty:g}")
        if (
            following
            and following.good_price < chosen.good_price - 1e-6
            and (following.min_qty <= self.quantity + 1e-6)
        ):
            return self.env._("%s is cheaper", following.partner_id.sudo().name)
        return False

    def _get_offers(self):
        """Return all offers of the product, the best first."""
        offers = self.env["vendor.offer"].with_company(self.company_id)
        return offers._get_by_product(self.product_id).get(self.product_id, offers)

    def _get_product_catalog_lines_data(self, parent_record=False, **kwargs):
        """Return what Odoo's catalogue shows of a product that is in the cart."""
        if len(self) != 1:
            return {"quantity": 0}
        return {
            "quantity": self.quantity,
            "price": self.good_price,
            "uomDisplayName": self.product_uom_id.display_name,
            "readOnly": self.cart_id._is_readonly(),
        }
