from odoo import api, fields, models
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP
from odoo.exceptions import LockError, UserError
from odoo.fields import Command


class VmiConsignmentPurchase(models.TransientModel):
    """Buys over what a vendor has here: it becomes the company's own, and is billed as ordered."""

    _name = "vmi.consignment.purchase"
    _description = "Buy Consigned Stock Over"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one("res.partner", "Vendor", required=True)
    product_id = fields.Many2one("product.product", required=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    lot_id = fields.Many2one(
        "stock.lot", domain="[('product_id', '=', product_id)]", check_company=True
    )
    on_hand_qty = fields.Float("On Hand", digits="Product Unit", compute="_compute_on_hand_qty")
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
    )
    unit_price = fields.Float(
        digits="Product Price",
        required=True,
        compute="_compute_unit_price",
        store=True,
        readonly=False,
        precompute=True,
        help="For a unit of the product.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_unit_price",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("company_id", "partner_id", "product_id", "lot_id")
    def _compute_on_hand_qty(self):
        for wizard in self:
            wizard.on_hand_qty = sum(wizard._find_quants().mapped("quantity"))

    @api.depends("on_hand_qty")
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = wizard.on_hand_qty

    @api.depends("company_id", "partner_id", "product_id")
    def _compute_unit_price(self):
        entries = self.env["vmi.consignment.entry"].sudo()
        for wizard in self:
            company = wizard.company_id.sudo()
            seller = self.env["product.supplierinfo"].sudo()
            if wizard.product_id and company:
                product = wizard.product_id.with_company(company)
                seller = entries._get_seller(product, wizard.partner_id, company._vmi_today())
            wizard.unit_price = seller.price_discounted
            wizard.currency_id = seller.currency_id or company.currency_id

    def action_buy(self):
        """Order what was chosen, and let it become the company's own where it lies.

        :return: the action that opens the order, which is billed like any other
        """
        self.ensure_one()
        self._lock_stock()
        self._check()
        order = self._make_order()
        for location, quantity in self._divide_by_location():
            self._change_owner(order, location, quantity)
        return order.get_formview_action()

    def _lock_stock(self):
        """Let nobody else take the stock until the end: Odoo would give it twice.

        :raise LockError: when somebody is taking it at this moment
        """
        quants = self._find_quants()
        try:
            quants.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is moving this stock of %s at this moment. Try again.",
                    self.product_id.display_name,
                )
            ) from error
        # Read again what was seen before.
        quants.invalidate_recordset()
        self.invalidate_recordset(["on_hand_qty"])

    def _find_quants(self):
        """Return the vendor's stock of the product, and lot, at the company's own locations."""
        if not (self.partner_id and self.product_id):
            return self.env["stock.quant"].sudo()
        domain = [
            ("product_id", "=", self.product_id.id),
            ("owner_id", "=", self.partner_id.id),
            ("location_id.usage", "=", "internal"),
            ("location_id.company_id", "=", self.company_id.id),
            ("quantity", ">", 0),
        ]
        if self.product_id.tracking != "none":
            domain.append(("lot_id", "=", self.lot_id.id))
        return self.env["stock.quant"].sudo().search(domain, order="in_date, id")

    def _check(self):
        if not self.env.user.has_group(BUYER_GROUP):
            raise UserError(self.env._("Only buyers can buy consigned stock over."))
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("Switch to %s to buy there.", self.company_id.sudo().name))
        if self.unit_price < 0:
            raise UserError(self.env._("Enter a price of 0 or more."))
        unit = self.product_id.uom_id
        if unit.compare(self.quantity, 0) <= 0 or unit.compare(self.quantity, self.on_hand_qty) > 0:
            raise UserError(
                self.env._(
                    "%(vendor)s has %(count)g here of %(product)s: buy some of that over, or all.",
                    vendor=self.partner_id.display_name,
                    count=self.on_hand_qty,
                    product=self.product_id.display_name,
                )
            )

    def _make_order(self):
        """Return the confirmed order; it is billed, and nothing is to be received."""
        order = (
            self.env["purchase.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "user_id": self.env.uid,
                    "currency_id": self.currency_id.id,
                    "vmi_is_bought_over": True,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product_id.id,
                                "product_qty": self.quantity,
                                "product_uom_id": self.product_id.uom_id.id,
                                "price_unit": self.unit_price,
                                "discount": 0,
                                "date_planned": fields.Datetime.now(),
                            }
                        )
                    ],
                }
            )
            .with_env(self.env)
        )
        order.button_confirm()
        if order.state != "purchase":
            raise UserError(
                self.env._(
                    "The order is above what you may approve in Purchase: ask somebody who may "
                    "to buy it over, or buy a part."
                )
            )
        return order

    def _divide_by_location(self):
        """Return pairs of location and quantity, the oldest stock first."""
        left, parts = self.quantity, {}
        for quant in self._find_quants():
            part = min(left, quant.quantity)
            if self.product_id.uom_id.compare(part, 0) > 0:
                parts[quant.location_id, quant.package_id] = (
                    parts.get((quant.location_id, quant.package_id), 0) + part
                )
                left -= part
        return list(parts.items())

    def _change_owner(self, order, where, quantity):
        """Give stock back to the vendor, and receive it as the company's own; nothing moves."""
        location, package = where
        vendors = self.partner_id.property_stock_supplier
        for origin, destination, owner, line in (
            (location, vendors, self.partner_id, order.order_line.browse()),
            (vendors, location, self.partner_id.browse(), order.order_line),
        ):
            enters = destination == location
            move = (
                self.env["stock.move"]
                .sudo()
                .create(
                    {
                        "product_id": self.product_id.id,
                        "product_uom": self.product_id.uom_id.id,
                        "product_uom_qty": quantity,
                        "location_id": origin.id,
                        "location_dest_id": destination.id,
                        "company_id": self.company_id.id,
                        "origin": order.name,
                        "restrict_partner_id": owner.id,
                        "purchase_line_id": line.id,
                        "vmi_is_bought_over": True,
                        "picked": True,
                        "state": "confirmed",
                        "move_line_ids": [
                            Command.create(
                                {
                                    "product_id": self.product_id.id,
                                    "product_uom_id": self.product_id.uom_id.id,
                                    "quantity": quantity,
                                    "location_id": origin.id,
                                    "location_dest_id": destination.id,
                                    "company_id": self.company_id.id,
                                    "lot_id": self.lot_id.id,
                                    "owner_id": owner.id,
                                    "package_id": False if enters else package.id,
                                    "result_package_id": package.id if enters else False,
                                }
                            )
                        ],
                    }
                )
            )
            move._action_done()
