"""The vendors' own pages: who signs in, what was answered, forecast and announced."""

from __future__ import annotations

from datetime import timedelta

from odoo.fields import Command
from odoo.tools import SQL

from . import consignment
from .cast import COFFEE, MILL
from .days import Days

# Logins, each with itself for a password.
LOGINS = {COFFEE: "hill", MILL: "flour", consignment.VENDOR: "orchard"}
# Orders of which the proposals are told; weeks that were forecast, and that are to come.
TOLD_ORDERS = 3
PAST_WEEKS, COMING_WEEKS = 10, 6
# What the roaster is about to deliver.
ORDERED, ORDERED_QUANTITY = "Espresso Beans 1 kg", 24
# How far the coffee roaster's forecasts were off, week by week.
MISSES = (1.1, 0.8, 1.0, 1.25, 0.9, 1.0, 1.15, 0.95, 1.05, 0.85)


def make(env, days: Days, vendors) -> None:
    """Let three vendors sign in, and tell what they did on their pages."""
    agreements = {
        vendor: env["vmi.agreement"].search(
            [("partner_id", "=", vendors[vendor].id), ("state", "=", "running")], limit=1
        )
        for vendor in LOGINS
    }
    users = {
        vendor: _sign_up(env, vendors[vendor], login, agreements[vendor])
        for vendor, login in LOGINS.items()
    }
    env["vmi.sell.through"]._refresh_company(env.company)
    _answer(env, agreements[MILL], users[MILL])
    _forecast(env, days, agreements[COFFEE], users[COFFEE])
    _announce(env, days, agreements[COFFEE], users[COFFEE])
    consignment.settle(env, days, agreements[consignment.VENDOR], users[consignment.VENDOR])


def _sign_up(env, vendor, login, agreement):
    contact = env["res.partner"].create(
        {
            "name": f"{vendor.name}: Sales Desk",
            "parent_id": vendor.id,
            "email": vendor.email.replace("orders@", "desk@"),
        }
    )
    user = env["res.users"].create(
        {
            "name": contact.name,
            "login": login,
            "password": login,
            "partner_id": contact.id,
            "company_id": env.company.id,
            "company_ids": [Command.set(env.company.ids)],
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    env["vmi.vendor.access"].create(
        {
            "user_id": user.id,
            "partner_id": vendor.id,
            "company_id": agreement.company_id.id,
            "can_settle": agreement.ownership == "consigned",
        }
    )
    return user


def _answer(env, agreement, user):
    """Tell the proposals of the last orders, which the mill answered, and one that it refused."""
    orders = env["purchase.order"].search(
        [("vmi_agreement_id", "=", agreement.id), ("receipt_status", "=", "full")],
        order="date_approve desc, id desc",
        limit=TOLD_ORDERS,
    )
    terms = {line.product_id: line for line in agreement.line_ids}
    for number, order in enumerate(orders):
        told = order.order_line.filtered(lambda line: line.product_id in terms)
        proposal = env["vmi.proposal"].create(
            {
                "agreement_id": agreement.id,
                "state": "ordered",
                "answered_by_id": user.id,
                "purchase_order_ids": [Command.set(order.ids)],
                "line_ids": [
                    Command.create(_tell(line, terms[line.product_id], more=number == 1))
                    for line in told
                ],
            }
        )
        _date_back(env, proposal, order.date_approve - timedelta(hours=20))
    refused = env["vmi.proposal"].create(
        {
            "agreement_id": agreement.id,
            "state": "refused",
            "is_vendor_refused": True,
            "answered_by_id": user.id,
            "end_reason": f"{agreement.partner_id.display_name}: The mill is being cleaned.",
            "line_ids": [
                Command.create(
                    {
                        "line_id": line.id,
                        "product_id": line.product_id.id,
                        "suggested_qty": 20,
                        "unit_price": line._get_vendor_row(quantity=20).price,
                        "level_min_qty": line.level_min_qty,
                        "level_max_qty": line.level_max_qty,
                    }
                )
                for line in agreement.line_ids[:1]
            ],
        }
    )
    _date_back(env, refused, orders[-1:].date_approve - timedelta(days=9))
    waiting = env["vmi.proposal"].search(
        [("agreement_id", "=", agreement.id), ("state", "=", "sent")], limit=1
    )
    service = env(user=user.id, su=False, context={})["vmi.vendor"]
    service.post_message(waiting.id, "The rye comes from the new harvest. Is Thursday fine?")
    waiting.with_user(agreement.user_id).message_post(
        body="Thursday is fine, before noon please.",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
    )


def _tell(ordered, terms, more):
    """Return the line of a proposal from which an order came; once the mill gave more."""
    quantity = ordered.product_qty
    return {
        "line_id": terms.id,
        "product_id": ordered.product_id.id,
        "suggested_qty": quantity - 10 if more and quantity > 10 else quantity,
        "vendor_qty": quantity,
        "approved_qty": quantity,
        "answered_at": ordered.order_id.date_approve,
        "unit_price": ordered.price_unit,
        "level_min_qty": terms.level_min_qty,
        "level_max_qty": terms.level_max_qty,
        "purchase_line_id": ordered.id,
    }


def _date_back(env, record, moment):
    env.flush_all()
    table = SQL.identifier(record._table)
    env.cr.execute(
        SQL("UPDATE %s SET create_date = %s WHERE id = ANY(%s)", table, moment, record.ids)
    )
    record.invalidate_recordset(["create_date"])


def _forecast(env, days, agreement, user):
    """Let the roaster have forecast its first product, well but not perfectly, and the next weeks.

    Past forecasts were entered three weeks before.
    """
    forecasts = env(user=user.id, su=True)["vmi.vendor.forecast"]
    monday = days.today - timedelta(days=days.today.weekday())
    for line in agreement.line_ids[:2]:
        demand = env["vmi.vendor"]._get_weekly_demand(line, PAST_WEEKS)[line]
        for miss, (week, quantity) in zip(MISSES, sorted(demand.items()), strict=True):
            version = forecasts._enter(
                [
                    {
                        "line": line,
                        "week": week,
                        "quantity": round(miss * (quantity or 7 * line.daily_demand)),
                        "capacity": 0,
                    }
                ]
            )
            _date_back(env, version, days.moment(week - timedelta(days=21)))
        expected = round(7 * line.daily_demand)
        forecasts._enter(
            [
                {
                    "line": line,
                    "week": monday + timedelta(weeks=number),
                    "quantity": expected + (number % 3),
                    # The roaster is being maintained.
                    "capacity": expected // 2 if number == COMING_WEEKS - 1 else 2 * expected + 5,
                }
                for number in range(COMING_WEEKS)
            ]
        )


def _announce(env, days, agreement, user):
    """Let the roaster have an open order, of which it announces a part."""
    terms = agreement.line_ids.filtered(lambda line: line.product_id.name == ORDERED)
    order = env["purchase.order"].create(
        {
            "partner_id": agreement.partner_id.id,
            "user_id": agreement.user_id.id,
            "date_planned": days.moment(days.ago(-3)),
            "order_line": [
                Command.create(
                    {
                        "product_id": terms.product_id.id,
                        "product_qty": ORDERED_QUANTITY,
                        "date_planned": days.moment(days.ago(-3)),
                    }
                )
            ],
        }
    )
    order.button_confirm()
    order.write({"date_approve": days.moment(days.ago(2), 9), "vmi_agreement_id": agreement.id})
    order.order_line.write(
        {
            "vmi_promised_qty": ORDERED_QUANTITY,
            "vmi_promised_date": order.order_line.date_planned,
        }
    )
    service = env(user=user.id, su=False, context={})["vmi.vendor"]
    service.announce_shipment(
        order.id,
        [
            {
                "order_line_id": order.order_line.id,
                "quantity": ORDERED_QUANTITY // 2,
                "package": "Pallet 1",
            }
        ],
        days.ago(-2).isoformat(),
        carrier="Coast Freight",
        tracking_ref="CF-2041-77",
        package_count=1,
    )
    terms._measure()
