"""The customers and all that was sold to them: orders, deliveries, invoices, payments."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from random import Random

from odoo.fields import Command

from .cast import CUSTOMERS, PROSPECTS, Customer
from .days import Days
from .trade import Sale, Trade

SIZES = ((1.0, "micro"), (1.6, "small"), (2.6, "medium"), (9.0, "large"))


def make_customers(env, users) -> dict:
    """Return the customers and prospects as records, by name."""
    people = [(c.name, c.seller, c.domain, c.size) for c in CUSTOMERS]
    people += [
        (name, seller, Customer(name, seller, 1, ()).domain, 1) for name, seller in PROSPECTS
    ]
    partners = env["res.partner"].create(
        [
            {
                "name": name,
                "is_company": True,
                "email": f"office@{domain}",
                "phone": f"+1 555 01{number:02}",
                "street": f"{number + 1} Example Street",
                "user_id": users[seller].id,
                "customer_size": next(code for most, code in SIZES if size <= most),
                "child_ids": [
                    Command.create(
                        {"name": "Purchasing", "email": f"purchasing@{domain}", "type": "contact"}
                    )
                ],
            }
            for number, (name, seller, domain, size) in enumerate(people)
        ]
    )
    return {partner.name: partner for partner in partners}


def make(env, days: Days, trade: Trade, customers, products, users) -> list[tuple]:
    """Write the sales: ordered, delivered, invoiced and paid on the days of the story.

    :return: [(sale of the story, order)]
    """
    former = _take_over(env, trade.former, customers, users, days)
    orders = in_batches(
        env["sale.order"],
        [_order_vals(sale, customers, products, users, days) for sale in trade.sales],
    )
    (former | orders).action_confirm()
    sold = list(zip((*trade.former, *trade.sales), former | orders, strict=True))
    _date_orders(sold, days)
    shipped = [(sale, order) for sale, order in sold if sale.shipped]
    _deliver(env, shipped, days)
    invoices = _invoice(env, shipped)
    _pay(env, invoices, shipped, days)
    _credit(env, invoices, days)
    return sold


def in_batches(model, vals_list, size=50):
    """Create records a few at a time: what some fields take grows by the square of a batch."""
    records = model
    for start in range(0, len(vals_list), size):
        records |= model.create(vals_list[start : start + size])
        records.env.flush_all()
    return records


def _take_over(env, sales, customers, users, days):
    """Return the orders of the time before: each has one line with what it was worth."""
    line = env["product.product"].create(
        {
            "name": "Order taken over",
            "type": "service",
            "invoice_policy": "delivery",
            "taxes_id": [Command.clear()],
            "description_sale": "Delivered and invoiced by the former system",
            "purchase_ok": False,
            "sale_ok": False,
        }
    )
    return in_batches(
        env["sale.order"],
        [
            {
                "partner_id": customers[sale.customer.name].id,
                "user_id": users[sale.customer.seller].id,
                "date_order": days.moment(sale.day),
                "order_line": [
                    Command.create(
                        {
                            "product_id": line.id,
                            "name": line.name,
                            "price_unit": round(sale.value, 2),
                            "purchase_price": round(sale.cost, 2),
                        }
                    )
                ],
            }
            for sale in sales
        ],
    )


def _order_vals(sale: Sale, customers, products, users, days):
    return {
        "partner_id": customers[sale.customer.name].id,
        "user_id": users[sale.customer.seller].id,
        "date_order": days.moment(sale.day),
        "commitment_date": days.moment(sale.promised, 16),
        "picking_policy": "one",
        "order_line": [
            Command.create(
                {
                    "product_id": products[product].id,
                    "name": product.name,
                    "product_uom_qty": quantity,
                    "price_unit": sale.price(product),
                }
            )
            for product, quantity in sale.lines.items()
        ],
    }


def _date_orders(sold, days):
    """Put the orders on their days again, which confirming replaced by now."""
    by_day = sorted(sold, key=lambda pair: pair[0].day)
    for day, pairs in groupby(by_day, key=lambda pair: pair[0].day):
        orders = [order for _sale, order in pairs]
        same = orders[0].browse([order.id for order in orders])
        same.write({"date_order": days.moment(day)})


def _deliver(env, shipped, days):
    moves = env["stock.move"]
    for _sale, order in shipped:
        moves |= order.picking_ids.move_ids
    for move in moves:
        move.quantity = move.product_uom_qty
    moves.picked = True
    moves._action_done()
    for day, pairs in groupby(
        sorted(shipped, key=lambda pair: pair[0].shipped), key=lambda pair: pair[0].shipped
    ):
        orders = env["sale.order"].browse([order.id for _sale, order in pairs])
        date_moves(orders.picking_ids, days.moment(day, 14))


def date_moves(pickings, moment):
    """Let done transfers have happened at a moment."""
    done = pickings.filtered(lambda picking: picking.state == "done")
    done.move_ids.write({"date": moment})
    done.move_line_ids.write({"date": moment})
    done.write({"date_done": moment})


def _invoice(env, shipped):
    orders = env["sale.order"].browse([order.id for _sale, order in shipped])
    invoices = env["account.move"]
    for start in range(0, len(orders), 50):
        invoices |= orders[start : start + 50]._create_invoices(grouped=True)
    day_of = {order.id: sale.shipped for sale, order in shipped}
    for invoice in invoices:
        invoice.invoice_date = day_of[invoice.line_ids.sale_line_ids.order_id.id]
    invoices.action_post()
    return invoices


def _pay(env, invoices, shipped, days):
    """Pay what is due by the habit of each customer; who pays late still owes the latest."""
    customer_of = {order.id: sale.customer for sale, order in shipped}
    random = Random(3)
    due = []
    for invoice in invoices:
        customer = customer_of[invoice.line_ids.sale_line_ids.order_id.id]
        delay = round(random.gauss(customer.delay, 2))
        day = max(invoice.invoice_date_due + timedelta(days=delay), invoice.invoice_date)
        if day <= days.ago(1):
            due.append((day, invoice))
    due.sort(key=lambda pair: pair[0])
    for day, pairs in groupby(due, key=lambda pair: pair[0]):
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=[invoice.id for _day, invoice in pairs]
        ).create({"payment_date": day, "group_payment": False})._create_payments()


def _credit(env, invoices, days):
    """Take back a few deliveries: broken cups, sour milk."""
    taken = [invoice for invoice in invoices if invoice.invoice_date >= days.ago(400)][::41]
    for invoice in taken:
        day = invoice.invoice_date + timedelta(days=6)
        if day > days.ago(1):
            continue
        reversal = (
            env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"reason": "Arrived broken", "date": day, "journal_id": invoice.journal_id.id})
        )
        reversal.refund_moves()
        credit = reversal.new_move_ids
        line = credit.invoice_line_ids[0]
        line.quantity = max(1, round(line.quantity / 3))
        (credit.invoice_line_ids - line).unlink()
        credit.action_post()
