from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

CATALOGUE_VIEW = "supply_partner_catalogue.product_view_kanban_cart"
SEARCH_VIEW = "supply_partner_catalogue.product_view_search_cart"


class VendorCart(models.Model):
    """What a buyer puts together from all vendors' offers, until it is asked for."""

    _name = "vendor.cart"
    _description = "Purchase Cart"
    _inherit = ["product.catalog.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        "Reference", required=True, copy=False, default=lambda self: self.env._("New")
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Buyer",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        check_company=True,
        tracking=True,
    )
    date_planned = fields.Date("Needed by", help="Empty: as the vendors' lead times allow.")
    state = fields.Selection(
        [("draft", "Open"), ("done", "Requested"), ("cancel", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        string="Status",
    )
    line_ids = fields.One2many("vendor.cart.line", "cart_id", "Products", copy=True)
    purchase_order_ids = fields.Many2many(
        "purchase.order", string="Requests for Quotation", readonly=True, copy=False
    )
    order_count = fields.Integer(compute="_compute_order_count")
    line_count = fields.Integer("Number of Products", compute="_compute_amount")
    vendor_count = fields.Integer("Vendors", compute="_compute_amount")
    amount = fields.Monetary("Landed Value", compute="_compute_amount")
    savings = fields.Monetary(
        compute="_compute_amount",
        help="How much more the best other vendor of each product would cost.",
    )

    @api.depends("line_ids.amount", "line_ids.next_price", "line_ids.partner_id")
    def _compute_amount(self):
        for cart in self:
            lines = cart.line_ids
            cart.line_count = len(lines)
            cart.vendor_count = len(lines.partner_id)
            cart.amount = sum(lines.mapped("amount"))
            cart.savings = sum(
                line.quantity * (line.next_price - line.good_price)
                for line in lines
                if line.next_price
            )

    @api.depends("purchase_order_ids")
    def _compute_order_count(self):
        for cart in self:
            cart.order_count = len(cart.purchase_order_ids)

    @api.model_create_multi
    def create(self, vals_list):
        unnamed = self.env._("New")
        for vals in vals_list:
            if vals.get("name", unnamed) == unnamed:
                vals["name"] = self.env["ir.sequence"].next_by_code(self._name) or unnamed
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_requested(self):
        for cart in self:
            if cart.state == "done":
                raise UserError(
                    self.env._("%s was requested: it is kept with its orders.", cart.name)
                )

    # -- what people do ------------------------------------------------------------------------

    def action_create_rfqs(self):
        """Make a request for quotation of each vendor chosen, and show them.

        :raise UserError: when the cart is not open, empty, or a product has no vendor
        """
        self.ensure_one()
        lines = self._check_ready()
        by_vendor = lines.grouped("partner_id")
        orders = self.env["purchase.order"]
        for vendor, part in by_vendor.items():
            orders |= self._create_rfq(vendor, part)
        return self._finish(orders)

    def action_cancel(self):
        """Give an open cart up."""
        self.check_access("write")
        for cart in self:
            cart._check_open()
        self.sudo().state = "cancel"

    def action_reopen(self):
        """Take up again a cart that was given up."""
        self.check_access("write")
        self.filtered(lambda cart: cart.state == "cancel").sudo().state = "draft"

    def action_choose_best(self):
        """Choose for each product the vendor whose good units come cheapest."""
        self.check_access("write")
        for cart in self:
            cart._check_open()
        for line in self.line_ids:
            best = self.env["vendor.offer"]._choose(line._get_offers(), line.quantity)
            if best:
                line.partner_id = best.partner_id

    def action_open_orders(self):
        """Show the requests for quotation that came of the cart."""
        self.ensure_one()
        orders = self.purchase_order_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Requests for Quotation"),
            "res_model": "purchase.order",
            "view_mode": "form" if len(orders) == 1 else "list,kanban,form",
            "res_id": orders.id if len(orders) == 1 else False,
            "domain": [("id", "in", orders.ids)],
            "context": {"create": False},
        }

    # -- from a cart to requests for quotation -------------------------------------------------

    def _check_open(self):
        if self.state != "draft":
            raise UserError(self.env._("%s is not open any more.", self.name))

    def _check_ready(self):
        """Return the products to request, with nobody else at them.

        :raise UserError: when the cart is not open, empty, or a product has no vendor
        """
        self.check_access("write")
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        self._check_open()
        lines = self.line_ids.filtered(lambda line: line.quantity > 0)
        if not lines:
            raise UserError(self.env._("The cart is empty: add products from the catalogue."))
        missing = lines.filtered(lambda line: not line.partner_id)
        if missing:
            raise UserError(
                self.env._(
                    "Choose a vendor for %s.", ", ".join(missing.product_id.mapped("display_name"))
                )
            )
        return lines

    def _create_rfq(self, vendor, lines):
        """Return a new request for quotation; Odoo prices it from the vendor's prices."""
        order = self.env["purchase.order"].with_company(self.company_id)
        order = order.create(self._prepare_rfq_vals(vendor, lines))
        order.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": order, "origin": self},
            subtype_xmlid="mail.mt_note",
        )
        return order

    def _prepare_rfq_vals(self, vendor, lines):
        vendor = vendor.with_company(self.company_id)
        positions = self.env["account.fiscal.position"].with_company(self.company_id)
        return {
            "partner_id": vendor.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "origin": self.name,
            "currency_id": (
                vendor.property_purchase_currency_id.id or self.company_id.currency_id.id
            ),
            "payment_term_id": vendor.property_supplier_payment_term_id.id,
            "fiscal_position_id": positions._get_fiscal_position(vendor).id,
            "order_line": [Command.create(self._prepare_rfq_line_vals(line)) for line in lines],
        }

    def _prepare_rfq_line_vals(self, line):
        vals = {
            "product_id": line.product_id.id,
            "product_qty": line.quantity,
            "product_uom_id": line.product_uom_id.id,
        }
        if self.date_planned:
            vals["date_planned"] = fields.Datetime.to_datetime(self.date_planned)
        return vals

    def _finish(self, orders):
        """Close the cart over the requests that came of it, and show them."""
        self.sudo().write({"state": "done", "purchase_order_ids": [Command.set(orders.ids)]})
        return self.action_open_orders()

    # -- adding products -----------------------------------------------------------------------

    @api.model
    def _get_open(self):
        """Return the user's open cart, a new one where there is none."""
        own = [
            ("user_id", "=", self.env.uid),
            ("company_id", "=", self.env.company.id),
            ("state", "=", "draft"),
        ]
        return self.search(own, limit=1) or self.create({})

    def _add(self, product, quantity, vendor=None):
        """Add so much of a product, from a vendor if one is given."""
        self.ensure_one()
        self._check_open()
        line = self.line_ids.filtered(lambda line: line.product_id == product)[:1]
        if line:
            line.quantity += quantity
            if vendor:
                line.partner_id = vendor
            return line
        vals = {"cart_id": self.id, "product_id": product.id, "quantity": quantity}
        return self.env["vendor.cart.line"].create(
            {**vals, "partner_id": vendor.id} if vendor else vals
        )

    @api.model
    def add_offer(self, product_id, partner_id, cart_id=False):
        """Put a product of a vendor into a cart, the user's open one by default.

        :return: ``cart_id``, and a ``message`` that says what was added
        :raise UserError: when the vendor does not offer it
        """
        product = self.env["product.product"]._browse_asked(product_id)
        offers = self.env["vendor.offer"]._get_by_product(product).get(product)
        own = offers and offers.filtered(lambda offer: offer.partner_id.id == partner_id)
        if not own:
            raise UserError(self.env._("This vendor does not offer the product any more."))
        cart = self._browse_asked(cart_id) if cart_id else self._get_open()
        cart.check_access("write")
        held = cart.line_ids.filtered(lambda line: line.product_id == product)
        if held and held.partner_id != own[0].partner_id:
            # The other vendor for the same quantity.
            held.partner_id = own[0].partner_id
        else:
            cart._add(product, max(min(own.mapped("min_qty")), 1.0), own[0].partner_id)
        return {
            "cart_id": cart.id,
            "message": self.env._(
                "%(product)s from %(vendor)s is in %(cart)s",
                product=product.display_name,
                vendor=own[0].partner_id.display_name,
                cart=cart.name,
            ),
        }

    def _tell_added(self, products):
        """Return the client's answer: what was added, and the way to the cart."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(products)s is in %%s",
                    products=", ".join(products.mapped("display_name")),
                ),
                "links": [{"label": self.name, "url": f"/odoo/vendor-carts/{self.id}"}],
            },
        }

    # -- Odoo's product catalogue --------------------------------------------------------------

    def action_add_from_catalog(self):
        """Open Odoo's catalogue of products, with the vendors' offers on the cards."""
        action = super().action_add_from_catalog()
        action["name"] = self.env._("Catalogue")
        action["views"][0] = (self.env.ref(CATALOGUE_VIEW).id, "kanban")
        action["search_view_id"] = [self.env.ref(SEARCH_VIEW).id, "search"]
        return action

    def _get_action_add_from_catalog_extra_context(self):
        return {
            **super()._get_action_add_from_catalog_extra_context(),
            "order_id": self.id,
            "precision": self.env["decimal.precision"].precision_get("Product Unit"),
            "product_catalog_currency_id": self.currency_id.id,
            "product_catalog_digits": (16, 2),
            "search_default_offered": 1,
        }

    def _get_product_catalog_domain(self):
        return super()._get_product_catalog_domain() & Domain("purchase_ok", "=", True)

    def _is_readonly(self):
        return self.state != "draft"

    def _get_product_catalog_record_lines(self, product_ids, **kwargs):
        lines = defaultdict(lambda: self.env["vendor.cart.line"])
        for line in self.line_ids:
            if line.product_id.id in product_ids:
                lines[line.product_id] |= line
        return lines

    def _get_product_catalog_order_data(self, products, **kwargs):
        data = super()._get_product_catalog_order_data(products, **kwargs)
        found = self.env["vendor.offer"]._get_by_product(products)
        for product in products:
            best = self.env["vendor.offer"]._choose(
                found.get(product, self.env["vendor.offer"]), 1.0
            )
            data[product.id]["price"] = best.good_price if best else product.standard_price
        return data

    def _update_order_line_info(self, product_id, quantity, **kwargs):
        """Set how much of a product the cart has; return the price of one."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        product = self.env["product.product"].browse(product_id)
        line = self.line_ids.filtered(lambda line: line.product_id == product)[:1]
        if quantity > 0:
            if line:
                line.quantity = quantity
            else:
                line = self._add(product, quantity)
            return line.good_price or product.standard_price
        line.unlink()
        return self._get_product_catalog_order_data(product)[product.id]["price"]
