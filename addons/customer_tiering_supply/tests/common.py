from datetime import timedelta

from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user


class SupplyCase(TieringCase):
    """A company whose customers have tiers, with goods of a vendor in its warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False)
        cls.acme, cls.bolt, cls.cogs = map(cls.make_customer, ("Acme", "Bolt", "Cogs"))
        cls.make_order(cls.acme, 90, "2026-06-01")
        cls.make_order(cls.bolt, 45, "2026-06-01")
        cls.make_order(cls.cogs, 45, "2026-06-01")
        cls.policy.evaluate("2026-06-30")
        cls.chair = cls.make_product("Chair")
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])
        cls.stock = cls.warehouse.lot_stock_id
        cls.company.horizon_days = 0
        cls.buyer = cls.buyer_of(login="supply clerk")

    @classmethod
    def make_product(cls, name, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                **vals,
            }
        )

    @classmethod
    def make_vendor(cls, *products, delay=5):
        vendor = cls.env["res.partner"].create({"name": "Joiners", "is_company": True})
        for product in products:
            cls.env["product.supplierinfo"].create(
                {
                    "partner_id": vendor.id,
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "price": 2,
                    "delay": delay,
                    "currency_id": cls.company.currency_id.id,
                }
            )
        return vendor

    @classmethod
    def make_agreement(cls, product, start=True, **line):
        """Return an agreement that keeps 10 to 20 of a product, and its line."""
        agreement = cls.env["vmi.agreement"].create(
            {
                "partner_id": cls.make_vendor(product).id,
                "company_id": cls.company.id,
                "user_id": cls.buyer.id,
                "line_ids": [
                    Command.create({"product_id": product.id, "min_qty": 10, "max_qty": 20, **line})
                ],
            }
        )
        if start:
            agreement.action_start()
        return agreement

    @classmethod
    def buyer_of(cls, *groups, login="supply buyer"):
        return new_test_user(
            cls.env,
            login,
            ",".join(groups or ("purchase.group_purchase_manager", "stock.group_stock_user")),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def put(cls, quantity, product=None, location=None):
        cls.env["stock.quant"]._update_available_quantity(
            product or cls.chair, location or cls.stock, quantity
        )

    @classmethod
    def sell(cls, partner, quantity, product=None, confirm=True, company=None, **vals):
        """Return an order of chairs, confirmed now."""
        company = company or cls.company
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.chair).id,
                            "product_uom_qty": quantity,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def receipt(cls, quantity, days=0, product=None):
        """Return a confirmed receipt from a vendor, due in some days."""
        product = product or cls.chair
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": cls.stock.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "company_id": cls.company.id,
                "date": Datetime.now() + timedelta(days=days),
            }
        )
        move._action_confirm()
        return move

    @staticmethod
    def receive(move):
        move.quantity = move.product_uom_qty
        move.picked = True
        if move.picking_id:
            move.picking_id.button_validate()
        else:
            move._action_done()

    @staticmethod
    def reserved(*orders):
        """Return what is reserved for each order."""
        for order in orders:
            order.picking_ids.move_ids.invalidate_recordset(["quantity"])
        return tuple(sum(order.picking_ids.move_ids.mapped("quantity")) for order in orders)

    def late(self, order, days):
        """Let an order have been promised so many days ago."""
        order.picking_ids.move_ids.write({"date_deadline": Datetime.now() - timedelta(days=days)})

    def run_scheduler(self):
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
