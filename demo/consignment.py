"""A shelf that is a vendor's: what was used of it, a month billed, and a month to settle."""

from __future__ import annotations

from datetime import date, timedelta

from odoo.fields import Command

from .days import Days

VENDOR = "Orchard Preserves"
# Price to the vendor, price to customers, brought each month, sold each week.
GOODS = {
    "Strawberry Jam 340 g": (2.4, 4.5, 96, 18),
    "Orange Marmalade 340 g": (2.6, 4.9, 72, 13),
    "Apple Butter 280 g": (3.1, 5.9, 48, 8),
    "Blossom Honey 500 g": (4.8, 8.9, 36, 6),
}
DEARER = "Blossom Honey 500 g"
BROKEN = "Apple Butter 280 g"
OWN = "Strawberry Jam 340 g"


def make(env, days: Days, users):
    """Write the shelf's three months; the month that ended last is to be settled.

    :return: the vendor
    """
    last = days.today.replace(day=1) - timedelta(days=1)
    first, _before = _month_before(days)
    vendor = env["res.partner"].create(
        {
            "name": VENDOR,
            "is_company": True,
            "email": "orders@orchard-preserves.example",
            "phone": "+1 555 0390",
            "supplier_rank": 1,
        }
    )
    products = _goods(env, vendor, last)
    agreement = _agree(env, users, vendor, products, first)
    shelf = agreement.location_id
    customers = env.ref("stock.stock_location_customers")
    own = vendor.browse()
    _move(env, days, first, products[OWN], 12, vendor.property_stock_supplier, shelf, own)
    for month in (first, last.replace(day=1), days.today.replace(day=1)):
        for name, (_cost, _price, brought, sold) in GOODS.items():
            _move(
                env,
                days,
                month,
                products[name],
                brought,
                vendor.property_stock_supplier,
                shelf,
                vendor,
            )
            for week in range(4):
                day = month + timedelta(days=6 + 7 * week)
                if day < days.today:
                    # A little more each week.
                    _move(env, days, day, products[name], sold + week, shelf, customers, vendor)
    lost = products[BROKEN].property_stock_inventory
    _move(env, days, last - timedelta(days=9), products[BROKEN], 2, shelf, lost, vendor)
    agreement.line_ids._measure()
    return vendor


def _goods(env, vendor, last: date):
    products = env["product.product"].create(
        [
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "list_price": price,
                "standard_price": cost,
                "invoice_policy": "delivery",
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                "seller_ids": [
                    Command.create({"partner_id": vendor.id, "price": cost, "delay": 4})
                ],
            }
            for name, (cost, price, _brought, _sold) in GOODS.items()
        ]
    )
    by_name = dict(zip(GOODS, products, strict=True))
    # Honey became dearer in the middle of the month that is to be settled.
    old = by_name[DEARER].seller_ids
    dearer = last.replace(day=16)
    old.copy({"price": 5.2, "date_start": dearer})
    old.date_end = dearer - timedelta(days=1)
    return by_name


def _agree(env, users, vendor, products, first: date):
    agreement = env["vmi.agreement"].create(
        {
            "partner_id": vendor.id,
            "user_id": users["buyer"].id,
            "backup_user_id": users["purchase"].id,
            "date_start": first,
            "consigned_since": first,
            "ownership": "consigned",
            "review_days": 7,
            "line_ids": [
                Command.create(
                    {"product_id": products[name].id, "min_qty": sold * 2, "max_qty": brought * 2}
                )
                for name, (_cost, _price, brought, sold) in GOODS.items()
            ],
        }
    )
    agreement.action_start()
    return agreement


def _move(env, days: Days, day: date, product, quantity, origin, destination, owner) -> None:
    if day >= days.today:
        return
    move = env["stock.move"].create(
        {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "product_uom": product.uom_id.id,
            "location_id": origin.id,
            "location_dest_id": destination.id,
            "state": "confirmed",
            "picked": True,
            "move_line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_id": product.uom_id.id,
                        "quantity": quantity,
                        "location_id": origin.id,
                        "location_dest_id": destination.id,
                        "owner_id": owner.id,
                    }
                )
            ],
        }
    )
    move._action_done()
    move.write({"date": days.moment(day)})
    move.move_line_ids.write({"date": days.moment(day)})


def _month_before(days: Days):
    """Return the first and the last day of the month before last."""
    last = days.today.replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    return before.replace(day=1), before


def settle(env, days: Days, agreement, user) -> None:
    """Settle the month before last by halves: one is billed but for a dispute, one waits.

    :param user: the vendor's, who confirms the first half, and has not seen the second
    """
    first, before = _month_before(days)
    middle = first.replace(day=15)
    settlements = env["vmi.consignment.settlement"]
    service = env(user=user.id, su=False, context={})["vmi.vendor"]
    settled = settlements._settle(agreement.company_id, first, middle)
    disputed = settled.line_ids.filtered(lambda line: line.product_id.name == BROKEN)
    service.dispute_settlement_line(settled.id, disputed.id, "We count six jars more.")
    settled.action_bill()
    service.confirm_settlement(settled.id, "OP-1187")
    settled.bill_ids.invoice_date = middle + timedelta(days=4)
    settled.bill_ids.action_post()
    settlements._settle(agreement.company_id, middle + timedelta(days=1), before)
