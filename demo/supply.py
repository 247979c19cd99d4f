"""The agreements with vendors, what reviews proposed, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from odoo.addons.supply_partner.engine import GlideCycle, GlideState, decide, follow, share_at
from odoo.fields import Command

from .cast import (
    CLEANING,
    COFFEE,
    DAIRY,
    KETTLE,
    METAL,
    MILL,
    PAPER,
    PORCELAIN,
    PRODUCTS,
    TEAPOT,
    Product,
    Vendor,
)
from .days import Days
from .goods import make_cases
from .trade import SHELF_LENGTH, Trade

# The agreements began a year ago.
AGE = 365


@dataclass(frozen=True)
class Terms:
    """An agreement with a vendor.

    :ivar method: how the levels of its products are set
    :ivar vals: other values of the agreement
    """

    vendor: Vendor
    decision: str
    method: str
    vals: dict


TERMS = (
    Terms(
        COFFEE,
        "automatic",
        "service_level",
        {"approval_limit_value": 150, "demand_period_days": 180},
    ),
    Terms(MILL, "vendor", "min_max", {"minimum_order_value": 100}),
    Terms(DAIRY, "buyer", "days_of_supply", {"review_frequency": "weekdays", "cutoff_hour": 14}),
    Terms(PORCELAIN, "buyer", "min_max", {"review_days": 7, "delivery_tolerance": 0.05}),
    Terms(PAPER, "automatic", "min_max", {"review_days": 2}),
    Terms(METAL, "buyer", "min_max", {"review_days": 7}),
    Terms(CLEANING, "buyer", "days_of_supply", {}),
)
# What a count found last night, as a share of the minimum: a wet pallet, broken boxes.
COUNTED = {
    "Rye Flour 25 kg": 0,
    "Wheat Flour 25 kg": 0.5,
    "Butter 5 kg": 0.4,
    "Decaf Beans 1 kg": 0.6,
    "Coffee Cup White": 2.9,
    "Take-away Cup 1000": 0.7,
    "Dinner Plate 27 cm": 0.8,
}
# What the cycles of the glide path saw, the oldest first: products times days with demand, those on
# which all was served, and the quantities wanted and served on the day.
GLIDE_TERMS = {"glide_is_on": True, "glide_cycle_days": 28, "glide_target": 0.98}
GLIDE_CYCLES = (
    (84, 84, 260, 260),
    (88, 88, 274, 274),
    (91, 90, 281, 279),
    (86, 85, 266, 263),
    (90, 85, 283, 271),
    (87, 87, 270, 270),
    (92, 91, 288, 286),
    (89, 89, 275, 275),
)


def make(env, days: Days, trade: Trade, vendors, products, users, bought) -> None:
    """Write the agreements, their year, and the work that waits for the buyer this morning."""
    cases = make_cases(env)
    agreements = {
        terms.vendor: _agree(env, days, trade, terms, vendors, products, users, cases)
        for terms in TERMS
    }
    _adopt(days, agreements, bought)
    _close_former(env, days, vendors, products, users)
    _go_on_holiday(env, days, vendors)
    for agreement in agreements.values():
        agreement.action_start()
    _count(env, agreements, products)
    agreements[CLEANING].action_suspend()
    _morning(env, days, agreements, users, vendors, products)
    _glide(env, days, agreements[COFFEE])
    _find_damage(env, agreements[PAPER], products)
    every = env["vmi.agreement"].search([("state", "!=", "draft")])
    every.action_refresh_performance()
    agreements[MILL].action_simulate()


def _stored(vendor: Vendor) -> tuple[Product, ...]:
    if vendor is METAL:
        return (KETTLE, TEAPOT)
    return tuple(product for product in PRODUCTS if product.vendor is vendor)


def _agree(env, days, trade, terms, vendors, products, users, cases):
    lines = []
    for product in _stored(terms.vendor):
        lines.append(
            {
                "product_id": products[product].id,
                "agreed_price": product.cost,
                "replenishment_uom_id": cases[product.multiple].id,
                **_levels(trade, terms, product),
            }
        )
    return env["vmi.agreement"].create(
        {
            "partner_id": vendors[terms.vendor].id,
            "user_id": users["buyer"].id,
            "backup_user_id": users["purchase"].id,
            "date_start": days.ago(AGE),
            "decision": terms.decision,
            "line_ids": [Command.create(line) for line in lines],
            **terms.vals,
        }
    )


def _levels(trade, terms, product):
    if terms.method == "days_of_supply":
        return {"method": terms.method, "min_days": 9, "max_days": 24, "min_floor": 2}
    if terms.method == "service_level" and product.popularity >= 10:
        return {"method": terms.method, "service_target": 0.97, "cover_days": 14}
    demand = _demand(trade, product)
    most = product.multiple
    low = max(most, _whole(demand * (product.vendor.lead_days + 10), most))
    return {
        "method": "min_max",
        "min_qty": low,
        "max_qty": low + max(most, _whole(demand * 30, most)),
    }


def _demand(trade, product):
    return sum(sale.lines.get(product, 0) for sale in trade.sales) / SHELF_LENGTH


def _whole(quantity, multiple):
    return max(1, round(quantity / multiple)) * multiple


def _adopt(days, agreements, bought):
    """Make the orders of the year the agreements' own, with what was promised at approval."""
    for purchase, order in bought:
        agreement = agreements.get(purchase.vendor)
        if not agreement or purchase.day < days.ago(AGE):
            continue
        order.vmi_agreement_id = agreement
        for line in order.order_line:
            line.write(
                {"vmi_promised_qty": line.product_qty, "vmi_promised_date": line.date_planned}
            )


def _close_former(env, days, vendors, products, users):
    """Close an agreement of the year before, which nobody missed."""
    former = env["vmi.agreement"].create(
        {
            "partner_id": vendors[CLEANING].id,
            "user_id": users["buyer"].id,
            "line_ids": [
                Command.create({"product_id": products[TEAPOT].id, "min_qty": 6, "max_qty": 12})
            ],
        }
    )
    former.action_close()
    former.closed_on = days.ago(300)


def _go_on_holiday(env, days, vendors):
    new_year = days.today.replace(month=12, day=24)
    env["vmi.vendor.holiday"].create(
        [
            {
                "partner_id": vendors[vendor].id,
                "name": "Year-end closing",
                "date_start": new_year,
                "date_end": new_year + timedelta(days=8),
            }
            for vendor in (MILL, PORCELAIN)
        ]
        + [
            {
                "partner_id": vendors[COFFEE].id,
                "name": "Roaster maintenance",
                "date_start": days.ago(-40),
                "date_end": days.ago(-43),
            }
        ]
    )


def _count(env, agreements, products):
    """Count some shelves, and look again at what they hold."""
    lines = {
        line.product_id: line for agreement in agreements.values() for line in agreement.line_ids
    }
    quants = env["stock.quant"].with_context(inventory_mode=True)
    counted = quants.browse()
    for product, record in products.items():
        if product.name in COUNTED and record in lines:
            line = lines[record]
            counted |= quants.create(
                {
                    "product_id": record.id,
                    "location_id": line.location_id.id,
                    "inventory_quantity": max(
                        0, round(COUNTED[product.name] * line.level_min_qty - line.incoming_qty)
                    ),
                }
            )
    counted.action_apply_inventory()


def _morning(env, days, agreements, users, vendors, products):
    """Review everything twice: what came of the first proposals, and what waits now."""
    # One that was refused, one that nobody answered in time, one that was ordered.
    refused = agreements[METAL].review() or agreements[DAIRY].review()
    refused.action_refuse("Wait for the new price list")
    expired = agreements[PORCELAIN].review()
    expired.date_expiry = days.moment(days.ago(1))
    expired._expire()
    ordered = agreements[DAIRY].review()
    ordered.action_approve()
    for vendor in (PORCELAIN, COFFEE, METAL, PAPER):
        agreements[vendor].review()
    answered = agreements[MILL].review()
    for line in answered.line_ids[:1]:
        line.vendor_qty = _whole(line.suggested_qty / 2, line.multiple_qty or 1)
    _change_orders(env, days, vendors, products, users, agreements)
    env["vmi.alert"]._update_activities(env["vmi.agreement"].search([("state", "=", "running")]))


def _find_damage(env, agreement, products):
    """Count damp napkins after the review: below the minimum, and proposed with the next one."""
    [(product, kept)] = [
        (record, line)
        for each, record in products.items()
        if each.name == "Paper Napkins 1000"
        for line in agreement.line_ids
        if line.product_id == record
    ]
    quant = env["stock.quant"].with_context(inventory_mode=True).create(
        {
            "product_id": product.id,
            "location_id": kept.location_id.id,
            "inventory_quantity": round(0.7 * kept.level_min_qty),
        }
    )  # fmt: skip
    quant.action_apply_inventory()
    kept._measure()


def _glide(env, days, agreement):
    """Lower the coffee's stock cycle by cycle; once it went too far."""
    agreement.write(GLIDE_TERMS)
    terms, state = agreement._get_glide_terms(), GlideState()
    length = max(terms.cycle_days, terms.wait_days)
    start = days.ago(length * len(GLIDE_CYCLES) + terms.wait_days + 9)
    agreement.sudo().glide_since = start
    for units, good, wanted, served in GLIDE_CYCLES:
        seen = GlideCycle(length, units, good, wanted, served)
        decision = decide(terms, state, seen)
        env["vmi.glide.cycle"].sudo().create(
            {
                "agreement_id": agreement.id,
                "date_start": start,
                "date_end": start + timedelta(days=length - 1),
                "step": state.step,
                "share": share_at(state.step, terms),
                "next_step": decision.step,
                "target": terms.target,
                "unit_count": units,
                "good_count": good,
                "wanted_qty": wanted,
                "served_qty": served,
                "fill_rate": served / wanted,
                "chance": decision.chance,
                "action": decision.action,
                "reason": decision.reason,
            }
        )
        state = follow(state, decision)
        pause = terms.wait_days if decision.action in ("back", "halt") else 0
        start += timedelta(days=length + pause)
    agreement.sudo().write({"glide_current_step": state.step, "glide_cycle_start": start})
    agreement.line_ids._measure()


def _change_orders(env, days, vendors, products, users, agreements):
    """Let two open orders be changed by their vendors, and one be late."""
    changes = (
        (PORCELAIN, "Dinner Plate 27 cm", 48, days.ago(9), days.ago(-12), days.ago(-21), 48),
        (METAL, "Steel Teapot 1 l", 12, days.ago(6), days.ago(-8), days.ago(-8), 6),
        (MILL, "Spelt Flour 10 kg", 20, days.ago(10), days.ago(3), days.ago(3), 20),
    )
    of_name = {product.name: record for product, record in products.items()}
    for vendor, name, quantity, day, promised, expected, left in changes:
        order = env["purchase.order"].create(
            {
                "partner_id": vendors[vendor].id,
                "user_id": users["buyer"].id,
                "date_planned": days.moment(promised),
                "order_line": [
                    Command.create(
                        {
                            "product_id": of_name[name].id,
                            "product_qty": quantity,
                            "date_planned": days.moment(promised),
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        order.write({"date_order": days.moment(day), "date_approve": days.moment(day, 9)})
        order.vmi_agreement_id = agreements[vendor]
        line = order.order_line
        line.write({"vmi_promised_qty": quantity, "vmi_promised_date": days.moment(promised)})
        if expected != promised:
            line.date_planned = days.moment(expected)
        if left != quantity:
            line.product_qty = left
