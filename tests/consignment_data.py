"""Consigned stock of which something was used, in a database of its own."""

from __future__ import annotations

from supply_data import SupplyData

BOOK = 'env.ref("supply_partner_consignment.ir_cron_book").method_direct_trigger()'

_USE = """
from odoo.fields import Command

if not env.company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", env.company)
group = env.ref("purchase.group_purchase_user").ids
buyers = env["res.users"].search([("login", "in", ("ann", "bob"))], order="login")
if not buyers:
    buyers = env["res.users"].create([
        {"name": login, "login": login, "email": login + "@example.com",
         "group_ids": [Command.set(group)]}
        for login in ("ann", "bob")
    ])
vendor = env["res.partner"].create({"name": "Acme", "is_company": True})
product = env["product.product"].create(
    {"name": "Part", "is_storable": True, "supplier_taxes_id": [Command.clear()],
     "seller_ids": [Command.create({"partner_id": vendor.id, "price": 2, "delay": 3})]}
)
agreement = env["vmi.agreement"].with_user(buyers[0]).create(
    {"partner_id": vendor.id, "ownership": "consigned", "line_ids": [
        Command.create({"product_id": product.id, "min_qty": 60, "max_qty": 120})
    ]}
)
agreement.action_start()

def move(quantity, origin, destination):
    move = env["stock.move"].create(
        {"product_id": product.id, "product_uom_qty": quantity, "product_uom": product.uom_id.id,
         "location_id": origin.id, "location_dest_id": destination.id}
    )
    move._action_confirm()
    env["stock.move.line"].create(
        {**move._prepare_move_line_vals(), "quantity": quantity, "owner_id": vendor.id}
    )
    move.picked = True
    move._action_done()

stock = agreement.location_id
move(20, vendor.property_stock_supplier, stock)
move(6, stock, env.ref("stock.stock_location_customers"))
result = vendor.id
"""


class ConsignmentData(SupplyData):
    """Vendors of whose 20 units 6 were used, at 2.00 each."""

    def use(self) -> int:
        """Return the id of a vendor of whose stock 6 units were used today."""
        return self.odoo.run(_USE)

    def settle(self, vendor: int) -> int:
        """Settle what was used of a vendor's stock; return the settlement's id."""
        return self.odoo.run(settling(vendor))

    def entered(self, vendor: int) -> list[tuple]:
        """Return reason and quantity of what the ledger says of a vendor's stock."""
        return self.query(
            "SELECT reason, quantity FROM vmi_consignment_entry WHERE partner_id = %s ORDER BY id",
            [vendor],
        )

    def settled(self, vendor: int) -> list[tuple]:
        """Return quantity and state of each line that was settled of a vendor's stock."""
        return self.query(
            """
            SELECT line.quantity, settlement.state
              FROM vmi_consignment_settlement AS settlement
         LEFT JOIN vmi_consignment_settlement_line AS line ON line.settlement_id = settlement.id
             WHERE settlement.partner_id = %s
          ORDER BY settlement.id, line.id
            """,
            [vendor],
        )

    def billed(self, vendor: int) -> list[tuple]:
        """Return kind and amount of each bill of a vendor's settlements."""
        return self.query(
            """
            SELECT bill.move_type, bill.amount_untaxed::float, COUNT(line.id)
              FROM account_move AS bill
              JOIN vmi_consignment_settlement AS settlement
                ON settlement.id = bill.vmi_settlement_id
         LEFT JOIN account_move_line AS line
                ON line.move_id = bill.id AND line.vmi_settlement_line_id IS NOT NULL
             WHERE settlement.partner_id = %s
          GROUP BY bill.id
            """,
            [vendor],
        )

    def bought_over(self, vendor: int) -> list[tuple]:
        """Return the quantity and state of each order by which a vendor's stock was bought over."""
        return self.query(
            """
            SELECT line.product_qty::float, purchase.state
              FROM purchase_order AS purchase
              JOIN purchase_order_line AS line ON line.order_id = purchase.id
             WHERE purchase.partner_id = %s AND purchase.vmi_is_bought_over
            """,
            [vendor],
        )


def settling(vendor: int, login: str = "ann") -> str:
    """Return the script by which a buyer settles what was used of a vendor's stock."""
    return f"""
from odoo.exceptions import UserError
from odoo.service.model import retrying

env = env(user=env["res.users"].search([("login", "=", {login!r})]).id)
vendor = env["res.partner"].browse({vendor})
result = vendor.name
today = env.company._vmi_today()
env.cr.execute("SELECT pg_advisory_xact_lock_shared(7)")

def settle():
    return env["vmi.consignment.settlement"]._settle(env.company, today, today, vendor).id

try:
    result = retrying(settle, env)
except UserError as error:
    env.cr.rollback()
    result = str(error)
"""


def billing(settlement: int, login: str = "ann") -> str:
    """Return the script by which a buyer bills a settlement."""
    return f"""
from odoo.exceptions import UserError
from odoo.service.model import retrying

env = env(user=env["res.users"].search([("login", "=", {login!r})]).id)
settlement = env["vmi.consignment.settlement"].browse({settlement})
result = settlement.state
env.cr.execute("SELECT pg_advisory_xact_lock_shared(7)")
try:
    retrying(settlement.action_bill, env)
    result = "billed"
except UserError as error:
    env.cr.rollback()
    result = str(error)
"""


def buying_over(vendor: int, login: str = "ann") -> str:
    """Return the script by which a buyer buys over all that is left of a vendor's stock."""
    return f"""
from odoo.exceptions import UserError
from odoo.service.model import retrying

env = env(user=env["res.users"].search([("login", "=", {login!r})]).id)
vendor = env["res.partner"].browse({vendor})
product = env["product.product"].search([("seller_ids.partner_id", "=", vendor.id)])
result = product.name
env.cr.execute("SELECT pg_advisory_xact_lock_shared(7)")

def buy():
    wizards = env["vmi.consignment.purchase"]
    wizard = wizards.create({{"partner_id": vendor.id, "product_id": product.id}})
    wizard.quantity = 14
    wizard.action_buy()

try:
    retrying(buy, env)
    result = "bought"
except UserError as error:
    env.cr.rollback()
    result = str(error)
"""
