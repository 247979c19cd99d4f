"""What was bought in two years: orders to vendors and their receipts."""

from __future__ import annotations

from itertools import groupby

from odoo.fields import Command

from .days import Days
from .sales import date_moves
from .trade import SHELF_LENGTH, Purchase, Trade


def open_shelves(env, days: Days, trade: Trade, products):
    """Count what lay on the shelf on the first day."""
    location = env["stock.warehouse"].search([], limit=1).lot_stock_id
    quants = env["stock.quant"].with_context(inventory_mode=True)
    counted = quants.create(
        [
            {
                "product_id": products[product].id,
                "location_id": location.id,
                "inventory_quantity": quantity,
            }
            for product, quantity in trade.opening.items()
        ]
    )
    counted.action_apply_inventory()
    moves = env["stock.move"].search([("is_inventory", "=", True)])
    moves.write({"date": days.moment(days.ago(SHELF_LENGTH + 1))})
    moves.move_line_ids.write({"date": days.moment(days.ago(SHELF_LENGTH + 1))})
    counted.in_date = days.moment(days.ago(SHELF_LENGTH + 1))


def make(env, days: Days, trade: Trade, vendors, products, users):
    """Write the purchases; return the orders beside what the story has of them."""
    orders = env["purchase.order"].create(
        [_vals(purchase, vendors, products, users, days) for purchase in trade.purchases]
    )
    orders.button_confirm()
    bought = list(zip(trade.purchases, orders, strict=True))
    for day, pairs in groupby(bought, key=lambda pair: pair[0].day):
        same = orders.browse([order.id for _purchase, order in pairs])
        same.write({"date_order": days.moment(day), "date_approve": days.moment(day, 9)})
    # Twice: what comes later is the rest of what came first.
    for number in (0, 1):
        _receive(env, days, bought, products, number)
    return bought


def _vals(purchase: Purchase, vendors, products, users, days):
    return {
        "partner_id": vendors[purchase.vendor].id,
        "user_id": users["buyer"].id,
        "date_order": days.moment(purchase.day),
        "date_planned": days.moment(purchase.promised),
        "order_line": [
            Command.create(
                {
                    "product_id": products[product].id,
                    "product_qty": quantity,
                    "price_unit": product.cost,
                    "date_planned": days.moment(purchase.promised),
                }
            )
            for product, quantity in purchase.lines.items()
        ],
    }


def _receive(env, days, bought, products, number):
    came = [
        (purchase.arrivals[number][0], purchase, order)
        for purchase, order in bought
        if len(purchase.arrivals) > number and purchase.arrivals[number][0] < days.today
    ]
    came.sort(key=lambda arrival: arrival[0])
    moves = env["stock.move"]
    received = []
    for day, purchase, order in came:
        picking = order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        quantities = purchase.arrivals[number][1]
        of_product = {products[product]: quantity for product, quantity in quantities.items()}
        for move in picking.move_ids:
            move.quantity = of_product.get(move.product_id, 0)
        # What has not come at all stays with the rest.
        some = picking.move_ids.filtered("quantity")
        some.picked = True
        moves |= some
        received.append((day, picking))
    moves.with_context(cancel_backorder=False)._action_done()
    for day, pairs in groupby(received, key=lambda pair: pair[0]):
        pickings = env["stock.picking"].browse([picking.id for _day, picking in pairs])
        date_moves(pickings, days.moment(day, 8))
