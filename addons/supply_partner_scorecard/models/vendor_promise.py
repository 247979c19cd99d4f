from odoo import api, fields, models
from odoo.tools import float_compare

from ..engine import missing_promises_statement

# Set in a context by what the vendor does; no client can send it.
VENDOR = object()


class VendorPromise(models.Model):
    """What a vendor promised in an order line, as it was when the order was first approved.

    Later changes are kept beside it. Only what the buyer decides to take less of lowers what the
    vendor is measured by. Quantities are in the product's unit, prices in the company's currency,
    net of discounts and taxes.
    """

    _name = "vendor.promise"
    _description = "Vendor Promise"
    _order = "date_promised desc, id desc"
    _rec_name = "order_id"

    order_line_id = fields.Many2one(
        "purchase.order.line", required=True, ondelete="cascade", readonly=True
    )
    order_id = fields.Many2one(
        "purchase.order", required=True, ondelete="cascade", readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Vendor", required=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="restrict", readonly=True, index=True
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    user_id = fields.Many2one(related="order_id.user_id", string="Buyer")
    approved_at = fields.Datetime(
        "Approved",
        required=True,
        readonly=True,
        help="When the order was first approved, or the line was added to an approved order.",
    )
    quantity = fields.Float("Promised", digits="Product Unit", readonly=True)
    due_quantity = fields.Float(
        "Counted Against",
        digits="Product Unit",
        compute="_compute_due_quantity",
        store=True,
        help="The promised quantity, less what the buyer decided to take less of.",
    )
    date_promised = fields.Datetime("Promised For", required=True, readonly=True)
    latest_date = fields.Datetime(
        required=True,
        readonly=True,
        help="The day agreed at last. Odoo plans the line anew whenever its quantity is changed: "
        "that is nobody's agreement, and does not count.",
    )
    price_unit = fields.Float("Net Price", digits="Product Price", readonly=True, aggregator=None)
    agreed_price = fields.Float(
        digits="Product Price",
        readonly=True,
        help="The price of the supply agreement, else of the vendor's price list; 0: none.",
        aggregator=None,
    )
    best_other_price = fields.Float(
        digits="Product Price",
        readonly=True,
        help="The lowest price of another vendor for this quantity on that day; 0: none.",
        aggregator=None,
    )
    best_other_partner_id = fields.Many2one(
        "res.partner", "Best Other Vendor", readonly=True, ondelete="set null"
    )
    is_estimated = fields.Boolean(
        "Estimated",
        readonly=True,
        help="The order was approved before promises were kept: these are the values that it had "
        "when this began.",
    )
    change_ids = fields.One2many("vendor.promise.change", "promise_id", "Changes")
    change_count = fields.Integer("Number of Changes", compute="_compute_change_count")
    delivery_ids = fields.One2many("vendor.delivery", "promise_id")
    latest_quantity = fields.Float(
        "Ordered Now", digits="Product Unit", compute="_compute_latest", compute_sudo=True
    )
    received_quantity = fields.Float(
        "Received", digits="Product Unit", compute="_compute_latest", compute_sudo=True
    )
    days_late = fields.Integer(
        compute="_compute_latest",
        compute_sudo=True,
        help="How many days the promised day is over.",
    )

    _one_per_line = models.Constraint("UNIQUE (order_line_id)", "An order line is promised once.")
    _vendor = models.Index("(company_id, partner_id)")

    @api.depends("quantity", "change_ids.origin", "change_ids.new_quantity")
    def _compute_due_quantity(self):
        for promise in self:
            due = promise.quantity
            for change in promise.change_ids.sorted("id"):
                if change.kind == "quantity" and change.origin == "buyer":
                    due = min(due, change.new_quantity)
            promise.due_quantity = due

    @api.depends("change_ids")
    def _compute_change_count(self):
        counts = dict(
            self.env["vendor.promise.change"]._read_group(
                [("promise_id", "in", self.ids)], ["promise_id"], ["__count"]
            )
        )
        for promise in self:
            promise.change_count = counts.get(promise, 0)

    @api.depends("order_line_id.product_qty", "order_line_id.qty_received", "date_promised")
    def _compute_latest(self):
        for promise in self:
            line = promise.order_line_id
            today = promise.company_id._vmi_today()
            zone = promise.company_id._vmi_timezone()
            unit, own = line.product_uom_id, promise.product_id.uom_id
            promise.latest_quantity = unit._compute_quantity(line.product_qty, own, round=False)
            promise.received_quantity = unit._compute_quantity(line.qty_received, own, round=False)
            day = fields.Datetime.context_timestamp(
                promise.with_context(tz=zone), promise.date_promised
            ).date()
            promise.days_late = max((today - day).days, 0)

    @api.model
    def _add_missing(self, company):
        """Add the promises of confirmed lines from before promises were kept."""
        self.env.flush_all()
        self.env.cr.execute(
            missing_promises_statement(company.id, company.currency_id.id, self.env.uid)
        )
        self.invalidate_model(flush=False)

    @api.model
    def _make(self, lines):
        """Freeze what was promised in order lines, those that have no promise yet."""
        lines = lines.filtered(
            lambda line: line.product_id and not line.display_type and not line.is_downpayment
        )
        known = self.sudo().search([("order_line_id", "in", lines.ids)]).order_line_id
        return self.sudo().create([self._prepare_vals(line) for line in lines - known])

    @api.model
    def _prepare_vals(self, line):
        """Return the values of an order line's promise."""
        order, product = line.order_id, line.product_id
        quantity, date, price = self._read_line(line)
        other, other_price = self._find_best_other(line)
        return {
            "order_line_id": line.id,
            "order_id": order.id,
            "partner_id": order.partner_id.commercial_partner_id.id,
            "company_id": order.company_id.id,
            "currency_id": order.company_id.currency_id.id,
            "product_id": product.id,
            "approved_at": fields.Datetime.now(),
            "quantity": quantity,
            "date_promised": date,
            "latest_date": date,
            "price_unit": price,
            "agreed_price": self._find_agreed_price(line),
            "best_other_price": other_price,
            "best_other_partner_id": other.id,
        }

    @api.model
    def _read_line(self, line):
        """Return what a line promises now: quantity, moment and price, as they are kept."""
        order, own = line.order_id, line.product_id.uom_id
        quantity = line.product_uom_id._compute_quantity(line.product_qty, own, round=False)
        # The price for which taxes, discounts and currency are seen to.
        price = line.price_subtotal / quantity / (order.currency_rate or 1) if quantity else 0
        if not quantity:
            price = line.product_uom_id._compute_price(line.price_unit_discounted, own) / (
                order.currency_rate or 1
            )
        return quantity, line.date_planned or order.date_planned or fields.Datetime.now(), price

    @api.model
    def _find_agreed_price(self, line):
        """Return the price agreed for a line in the company's currency; 0 if there is none."""
        order, company = line.order_id, line.company_id
        day = fields.Date.context_today(line)
        terms = order.vmi_agreement_id.line_ids.filtered(
            lambda terms: terms.product_id == line.product_id and terms.agreed_price
        )[:1]
        if terms:
            return order.vmi_agreement_id.currency_id._convert(
                terms.agreed_price, company.currency_id, company, day, round=False
            )
        seller = line.selected_seller_id
        # An order of a product adds its own price to the list: that was not agreed before.
        if seller and seller.create_date < order.create_date:
            return self._price_of(seller, line, day)
        return 0

    @api.model
    def _find_best_other(self, line):
        """Return the other vendor with the lowest price for a line, and the price."""
        day = line.order_id.date_order.date()
        sellers = self._get_other_sellers(line, day)
        priced = [
            (price, seller.id, seller)
            for seller in sellers
            if (price := self._price_of(seller, line, day)) > 0
        ]
        if not priced:
            return self.env["res.partner"], 0
        price, _id, seller = min(priced)
        return seller.partner_id.commercial_partner_id, price

    @api.model
    def _get_other_sellers(self, line, day):
        """Return the rows of other vendors' prices that would have served a line; a hook."""
        own = line.order_id.partner_id.commercial_partner_id
        return (
            line.product_id.with_company(line.company_id)
            ._get_filtered_sellers(quantity=line.product_qty, date=day, uom_id=line.product_uom_id)
            .filtered(lambda seller: seller.partner_id.commercial_partner_id != own)
        )

    @api.model
    def _price_of(self, seller, line, day):
        """Return a vendor's price of a unit of the product, in the company's currency."""
        price = seller.product_uom_id._compute_price(
            seller.price_discounted, line.product_id.uom_id
        )
        return seller.currency_id._convert(
            price, line.company_id.currency_id, line.company_id, day, round=False
        )

    def _read_lines(self):
        """Return by promise what its line promises now."""
        return {promise: self._read_line(promise.order_line_id) for promise in self}

    def _note_changes(self, before, is_dated):
        """Keep what changed since, with who did it.

        :param before: what :meth:`_read_lines` returned then
        :param is_dated: whether somebody gave the date
        """
        digits = self.env["decimal.precision"].precision_get
        quantity_digits, price_digits = digits("Product Unit"), digits("Product Price")
        changes = []
        for promise, (quantity, date, price) in self._read_lines().items():
            old_quantity, _old_date, old_price = before[promise]
            if float_compare(quantity, old_quantity, precision_digits=quantity_digits):
                changes.append(
                    promise._prepare_change(
                        "quantity", old_quantity=old_quantity, new_quantity=quantity
                    )
                )
            if is_dated and date != promise.latest_date:
                changes.append(
                    promise._prepare_change("date", old_date=promise.latest_date, new_date=date)
                )
                promise.latest_date = date
            if quantity and float_compare(price, old_price, precision_digits=price_digits):
                changes.append(
                    promise._prepare_change("price", old_price=old_price, new_price=price)
                )
        self._add_changes(changes)

    def _note(self, kind):
        """Keep that the order was cancelled, set to draft, or confirmed again."""
        self._add_changes([promise._prepare_change(kind) for promise in self])

    def _add_changes(self, changes):
        if changes:
            self.env["vendor.promise.change"].sudo().create(changes)

    def _touch(self):
        """Have the next night find anew what became of the promises."""
        self.env["vendor.delivery"].sudo().search([("promise_id", "in", self.ids)]).is_open = True

    def _prepare_change(self, kind, **vals):
        is_vendor = self.env.context.get("vendor_promise_origin") is VENDOR or self.env.user.share
        if kind == "cancelled":
            is_vendor = is_vendor or self.order_id.vmi_is_vendor_cancelled
        return {
            "promise_id": self.id,
            "kind": kind,
            "origin": "vendor" if is_vendor else "buyer",
            "user_id": self.env.uid,
            **vals,
        }

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return self.order_id.get_formview_action()
