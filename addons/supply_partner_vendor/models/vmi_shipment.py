from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

# What is still on its way, or waits for the buyer.
OPEN_STATES = ("waiting", "announced")
OPEN_MOVES = ("waiting", "confirmed", "partially_available", "assigned")
# A slip of the hand, or worse.
MOST_LINES = 1000


class VmiShipment(models.Model):
    """What a vendor has sent, or is about to: announced before it arrives, received as it comes.

    What is announced is the quantity of the receipt, with its lots, until somebody counts it. It
    is never marked as picked, and what was not announced is still expected.
    """

    _name = "vmi.shipment"
    _description = "Announced Shipment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Reference", required=True, copy=False, default=lambda self: self.env._("New")
    )
    purchase_id = fields.Many2one(
        "purchase.order",
        "Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    agreement_id = fields.Many2one(
        "vmi.agreement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        related="agreement_id.partner_id", store=True, precompute=True, string="Vendor"
    )
    user_id = fields.Many2one(
        "res.users", "Announced By", readonly=True, default=lambda self: self.env.user
    )
    date = fields.Date("Arrives", required=True, readonly=True, tracking=True)
    carrier = fields.Char(readonly=True)
    tracking_ref = fields.Char("Tracking Reference", readonly=True)
    package_count = fields.Integer("Packages", readonly=True)
    note = fields.Text("Vendor's Note", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waits for the Buyer"),
            ("announced", "Announced"),
            ("received", "Received"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="announced",
        copy=False,
        tracking=True,
        index=True,
    )
    excess = fields.Text(
        "More than Ordered", readonly=True, copy=False, help="Why it waits for the buyer."
    )
    line_ids = fields.One2many("vmi.shipment.line", "shipment_id", "Products", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Number the shipments of an order by themselves: how many others announce is their own."""
        orders = self.env["purchase.order"]
        unnamed = self.env._("New")
        given = {}
        for vals in vals_list:
            if vals.get("name", unnamed) == unnamed:
                order = orders.browse(vals.get("purchase_id"))
                if order not in given:
                    given[order] = self.sudo().search_count([("purchase_id", "=", order.id)])
                given[order] += 1
                vals["name"] = f"{order.sudo().name}/{given[order]}"
        return super().create(vals_list)

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        # The user is the vendor's: nothing of what is noted here is sent there.
        return []

    @api.constrains("package_count")
    def _check_package_count(self):
        for shipment in self:
            if not 0 <= shipment.package_count <= 100_000:
                raise ValidationError(self.env._("The number of packages must be 0 to 100,000."))

    def action_accept(self):
        """Take what is more than ordered as it was announced."""
        self.check_access("write")
        for shipment in self:
            shipment._check_in_state("waiting")
            shipment.sudo().write({"state": "announced", "excess": False})
            shipment.sudo()._end_activities()
        self.purchase_id.sudo()._vmi_write_receipts()
        for shipment in self.sudo():
            shipment._note_on_receipts()

    def action_cancel(self):
        """Call the shipment off: what it held is expected as before."""
        self.check_access("write")
        self._cancel()

    def action_open_receipts(self):
        """Open the receipts of the order."""
        self.ensure_one()
        return self.purchase_id.action_view_picking()

    def _cancel(self):
        for shipment in self:
            shipment._check_in_state(*OPEN_STATES)
            shipment.sudo().state = "cancelled"
            shipment.sudo()._end_activities()
        packages = self.sudo().line_ids.package_id
        self.purchase_id.sudo()._vmi_write_receipts()
        packages.filtered(lambda package: not package.quant_ids).unlink()

    def _check_in_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        if self.state not in states:
            raise UserError(
                self.env._(
                    "%(shipment)s is %(state)s already.",
                    shipment=self.name,
                    state=labels[self.state].lower(),
                )
            )

    def _end_activities(self):
        self.activity_unlink(["mail.mail_activity_data_todo"])

    @api.model
    def _announce(self, order, vals, lines):
        """Return a new shipment of an order.

        :param order: a purchase order under an agreement
        :param vals: ``date`` and, if known, ``carrier``, ``tracking_ref``, ``package_count``,
            ``note``
        :param lines: dicts of ``order_line`` (record), ``quantity`` (in the order's unit) and, if
            known, ``lot`` and ``package``
        :raise UserError: for what is wrong with it
        """
        order._vmi_lock()
        self._check_lines(order, lines)
        if not order._vmi_get_open_receipts():
            raise UserError(self.env._("Nothing of %s is expected any more.", order.name))
        shipment = self.create(
            {
                **vals,
                "purchase_id": order.id,
                "agreement_id": order.vmi_agreement_id.id,
                "user_id": self.env.uid,
                "line_ids": [
                    fields.Command.create(
                        {
                            "purchase_line_id": line["order_line"].id,
                            "quantity": line["quantity"],
                            "lot_name": line.get("lot") or False,
                            "package_name": line.get("package") or False,
                        }
                    )
                    for line in lines
                ],
            }
        )
        shipment._make_packages()
        if excess := order._vmi_get_excess():
            shipment.write({"state": "waiting", "excess": "\n".join(excess)})
            shipment.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("More is announced than was ordered"),
                note=shipment.excess,
                user_id=shipment.agreement_id._get_acting_buyer().id,
            )
        else:
            order._vmi_write_receipts()
            shipment._note_on_receipts()
        return shipment

    def _make_packages(self):
        """Make the packages that were named, where the company uses packages."""
        packages = self.env.ref("stock.group_tracking_lot").sudo()
        if packages not in self.env.ref("base.group_user").sudo().all_implied_ids:
            return
        for name, lines in self.line_ids.grouped("package_name").items():
            if name:
                lines.package_id = self.env["stock.package"].create({"name": name})

    def _note_on_receipts(self):
        """Note on the open receipts what is on its way, package by package."""
        parts = []
        for name, lines in self.line_ids.grouped("package_name").items():
            products = ", ".join(line._describe() for line in lines)
            parts.append(f"{name}: {products}" if name else products)
        body = self.env._(
            "%(shipment)s was announced for %(day)s. %(products)s",
            shipment=self.name,
            day=format_full_day(self.env, self.date),
            products="; ".join(parts),
        )
        for receipt in self.purchase_id._vmi_get_open_receipts().picking_id:
            receipt.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _check_lines(self, order, lines):
        if not lines:
            raise UserError(self.env._("Enter how much of at least one product is sent."))
        if len(lines) > MOST_LINES:
            raise UserError(self.env._("Announce at most %s lines at once.", MOST_LINES))
        serials = set()
        for line in lines:
            ordered, lot = line["order_line"], line.get("lot")
            product = ordered.product_id
            name = product.with_context(display_default_code=False).display_name
            if line["quantity"] <= 0:
                raise UserError(self.env._("%s: enter a quantity above 0.", name))
            unit = ordered.product_uom_id
            digits = self.env["decimal.precision"].precision_get("Product Unit")
            if unit.compare(unit.round(line["quantity"]), line["quantity"]) or float_compare(
                round(line["quantity"], digits), line["quantity"], precision_digits=9
            ):
                raise UserError(self.env._("%s: enter fewer decimals.", name))
            if product.tracking == "serial" and lot:
                count = unit._compute_quantity(line["quantity"], product.uom_id, round=False)
                if float_compare(count, 1, precision_digits=6):
                    raise UserError(
                        self.env._("%s: a serial number stands for one piece alone.", name)
                    )
                if (product, lot) in serials:
                    raise UserError(
                        self.env._(
                            "%(product)s: %(serial)s is there twice.", product=name, serial=lot
                        )
                    )
                serials.add((product, lot))
            if lot and product.tracking == "none":
                raise UserError(self.env._("%s has no lots: leave the lot empty.", name))

    def _receive(self, picking):
        """Note what of the shipments came with a receipt that is done; the rest stays announced.

        What came of a product is that of the shipment announced first.
        """
        came = {}
        for move in picking.move_ids:
            if move.state == "done" and move.purchase_line_id:
                line = move.purchase_line_id
                came[line] = came.get(line, 0) + move.product_uom._compute_quantity(
                    move.quantity, line.product_uom_id, round=False
                )
        for shipment in self.sorted(lambda shipment: (shipment.date, shipment.id)):
            received = False
            for line in shipment.line_ids:
                part = min(came.get(line.purchase_line_id, 0), line.quantity)
                if part > 0:
                    came[line.purchase_line_id] -= part
                    line.received_qty += part
                    received = True
            if received:
                shipment.state = "received"
                shipment._end_activities()
