from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class VmiCase(TransactionCase):
    """A company of its own with a warehouse, a vendor of screws and a buyer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.make_company("Northwind")
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids, "lang": "en_US"}
        )
        cls.company = cls.company.with_env(cls.env)
        cls.buyer = cls.make_buyer("vmi buyer", cls.company)
        cls.env = cls.env(user=cls.buyer)
        cls.warehouse = cls.warehouse_of(cls.company)
        cls.stock = cls.warehouse.lot_stock_id
        cls.vendor = cls.make_vendor("Acme Fasteners")
        cls.screws = cls.make_product("Screws", cls.vendor)

    @classmethod
    def make_company(cls, name):
        env = cls.env(su=True, user=1)
        euro = env.ref("base.EUR")
        euro.active = True
        company = env["res.company"].create({"name": name, "currency_id": euro.id})
        company.resource_calendar_id.tz = "UTC"
        company.partner_id.tz = "UTC"
        company.horizon_days = 0
        env.user.company_ids |= company
        return company.with_env(cls.env)

    @classmethod
    def make_buyer(cls, login, company, group="purchase.group_purchase_user"):
        return new_test_user(
            cls.env(su=True, user=1),
            login,
            group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            email=f"{login.replace(' ', '.')}@example.com",
        )

    @classmethod
    def warehouse_of(cls, company):
        return (
            cls.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", company.id)], limit=1)
            .with_env(cls.env)
        )

    @classmethod
    def make_vendor(cls, name, **vals):
        vals = {"name": name, "is_company": True, "email": "orders@example.com", **vals}
        return cls.env["res.partner"].sudo().create(vals).with_env(cls.env)

    @classmethod
    def make_product(cls, name, vendor=None, price=2.0, **seller):
        product = (
            cls.env["product.product"]
            .sudo()
            .create({"name": name, "is_storable": True, "supplier_taxes_id": [Command.clear()]})
        )
        if vendor:
            cls.add_seller(product, vendor, price=price, **seller)
        return product.with_env(cls.env)

    @classmethod
    def add_seller(cls, product, vendor, price=2.0, delay=3, **vals):
        return (
            cls.env["product.supplierinfo"]
            .sudo()
            .create(
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "product_id": product.id,
                    "partner_id": vendor.id,
                    "price": price,
                    "delay": delay,
                    "currency_id": cls.company.currency_id.id,
                    "company_id": False,
                    **vals,
                }
            )
        )

    @classmethod
    def make_agreement(cls, *lines, start=True, **vals):
        """Return an agreement with lines of (product, minimum, maximum) or of values."""
        agreement = cls.env["vmi.agreement"].create(
            {
                "partner_id": cls.vendor.id,
                "company_id": cls.company.id,
                "line_ids": [
                    Command.create(
                        line
                        if isinstance(line, dict)
                        else {"product_id": line[0].id, "min_qty": line[1], "max_qty": line[2]}
                    )
                    for line in lines
                ],
                **vals,
            }
        )
        if start:
            agreement.action_start()
        return agreement

    @classmethod
    def put(cls, product, quantity, place=None):
        """Let a place hold a quantity more (or less) of a product."""
        cls.env["stock.quant"].sudo()._update_available_quantity(
            product, place or cls.stock, quantity
        )

    @classmethod
    def move(cls, product, quantity, origin, destination, days=0, done=False):
        """Return a move in some days from now; negative days are past."""
        moment = datetime.now() + timedelta(days=days)
        company = destination.company_id or origin.company_id or cls.company
        move = (
            cls.env["stock.move"]
            .sudo()
            .create(
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "product_uom": product.uom_id.id,
                    "location_id": origin.id,
                    "location_dest_id": destination.id,
                    "company_id": company.id,
                    "date": moment,
                }
            )
        )
        move._action_confirm()
        if done:
            move.quantity = quantity
            move.picked = True
            move._action_done()
            move.date = moment
            cls.env["stock.quant"].sudo().search(
                [("product_id", "=", product.id), ("in_date", ">", moment)]
            ).in_date = moment
        return move

    @property
    def customers(self):
        return self.env.ref("stock.stock_location_customers")

    def receive(self, order, quantity=None, backorder=True):
        """Receive an order, or a part of its only line."""
        picking = order.sudo().picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True
        picking.with_context(
            skip_backorder=True,
            picking_ids_not_to_backorder=[] if backorder else picking.ids,
        ).button_validate()
        return picking
