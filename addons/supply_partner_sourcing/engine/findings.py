"""What the facts say about sources, products, vendors and categories: rows to write."""

from collections import defaultdict
from math import fsum

from ..tools.classes import abc_classes, hhi, shares
from ..tools.drill import drill
from ..tools.kraljic import delivery_risk, quadrant, risk, sources_risk, switching_risk
from ..tools.switching import switching_cost, switching_days

# Nobody may count on them as an alternate.
NO_ALTERNATE = ("rejected",)


def find(scope, facts, delivery_points, defects):
    """Return the rows of sources, products, vendors and categories, each a list of dicts.

    :param scope: the :class:`~.scope.SourcingScope`
    :param facts: the :class:`~.facts.Facts`
    :param delivery_points: 0 to 100 by vendor; who is not rated is left out
    :param defects: the value of what was defective, by vendor
    """
    sources = _find_sources(scope, facts)
    classes = abc_classes(
        {product: fsum(one["spend"] for one in found) for product, found in sources.items()},
        *scope.shares,
    )
    products = [
        _find_product(scope, facts, product, found, classes[product], delivery_points)
        for product, found in sorted(sources.items())
    ]
    rows = [one for _product, found in sorted(sources.items()) for one in found]
    return (
        rows,
        products,
        _find_vendors(scope, facts, rows, products, defects),
        _find_categories(scope, rows, products),
    )


def _find_sources(scope, facts):
    """Return by product what is known of each of its vendors, the greatest spend first."""
    pairs = {*facts.bought, *facts.received, *facts.rows, *facts.qualified, *facts.coming}
    vendors = defaultdict(list)
    for product, partner in sorted(pairs):
        if product in facts.products:
            vendors[product].append(partner)
    found = {product: [] for product in facts.products}
    for product, partners in vendors.items():
        spend = {
            partner: facts.bought.get((product, partner), (0, 0, 0, 0.0))[3] or 0.0
            for partner in partners
        }
        part = shares(spend)
        found[product] = sorted(
            (
                _find_source(scope, facts, product, partner, spend[partner], part[partner])
                for partner in partners
            ),
            key=lambda one: (
                -one["spend"],
                -one["received_qty"],
                not one["has_row"],
                one["partner_id"],
            ),
        )
        _find_main(found[product])
        _borrow_lead_times(found[product])
        _find_drills(scope, facts, product, found[product])
    return found


def _find_source(scope, facts, product, partner, spend, share):
    """Return what is known of a vendor of a product, without the others."""
    pair = (product, partner)
    lines, _orders, bought_qty = facts.bought.get(pair, (0, 0, 0.0))[:3]
    received_qty, received_on = facts.received.get(pair, (0.0, None))
    price, delay = facts.rows.get(pair, (None, None))
    known = facts.qualified.get(pair)
    qualification, state, to_qualify, tooling, lead, one_off = known or (
        None, "none", scope.qualification_days, 0, 0, 0.0,
    )  # fmt: skip
    is_received = received_qty > 0
    if state == "qualified" or (is_received and known is None):
        to_qualify = 0
    if is_received:
        # What it was made with is there.
        tooling = 0
    measured = facts.leads.get(pair)
    if measured:
        lead = measured[0]
    elif delay is not None and (delay or not lead):
        lead = delay
    if price is None and bought_qty:
        price = spend / bought_qty
    return {
        "product_id": product,
        "partner_id": partner,
        "company_id": scope.company_id,
        "has_row": pair in facts.rows,
        "is_received": is_received,
        "is_qualified": state == "qualified",
        "is_source": is_received or (state == "qualified" and pair in facts.rows),
        "is_alternate": state not in NO_ALTERNATE,
        "is_main": False,
        "received_qty": max(received_qty, 0.0),
        "received_on": received_on,
        "order_line_count": lines,
        "spend": spend,
        "share": share,
        "price": price,
        "lead_days": lead or 0.0,
        "coming_qty": (facts.coming.get(pair) or (0.0,))[0],
        "qualification_id": qualification,
        "qualification_state": state,
        "start_days": switching_days(to_qualify, tooling, lead),
        "one_off_cost": one_off or 0.0,
    }


def _find_main(found):
    """Mark the main vendor: of the greatest spend, who delivered or is about to."""
    main = next(
        (one for one in found if one["is_received"] or one["spend"] > 0 or one["coming_qty"] > 0),
        None,
    )
    if main:
        main["is_main"] = True


def _borrow_lead_times(found):
    """Take the main vendor's lead time for those of whom none is known."""
    main = next((one for one in found if one["is_main"]), None)
    for one in found:
        if main and not one["lead_days"]:
            one["lead_days"] = main["lead_days"]
            one["start_days"] = switching_days(one["start_days"], 0, main["lead_days"])


def _find_drills(scope, facts, product, found):
    """Find for each vendor that delivers what happens if it stops today."""
    demand = (facts.demand.get(product) or (0.0,))[0] or 0.0
    on_hand = (facts.on_hand.get(product) or (0.0,))[0] or 0.0
    _category, price, is_storable = facts.products[product]
    main = next((one for one in found if one["is_main"]), None)
    for one in found:
        alternates = sorted(
            (other for other in found if other is not one and other["is_alternate"]),
            key=lambda other: (other["start_days"], other["price"] or 0.0, other["partner_id"]),
        )
        best = alternates[0] if alternates else None
        days = best["start_days"] if best else scope.new_vendor_days
        others = fsum(other["coming_qty"] for other in found if other is not one)
        is_used = one["is_received"] or one["coming_qty"] > 0 or one["spend"] > 0
        outcome = (
            drill(
                scope.today, on_hand + others, demand, price, days, facts.leaving.get(product, ())
            )
            if is_used and is_storable
            else None
        )
        compared = main if main is not one else None
        one |= {
            "is_used": is_used,
            "supply_qty": on_hand + others,
            "alternate_id": best and best["partner_id"],
            "alternate_count": len(alternates),
            "switching_days": days,
            "switching_cost": best
            and switching_cost(best["one_off_cost"], one["price"], best["price"], demand),
            "start_cost": compared
            and switching_cost(one["one_off_cost"], compared["price"], one["price"], demand),
            "out_date": outcome and outcome.out_date,
            "safe_date": outcome and outcome.safe_date,
            "at_stake": outcome.at_stake if outcome else 0.0,
        }


def _find_product(scope, facts, product, found, spend_class, delivery_points):
    """Return the row of a product."""
    category, _price, is_storable = facts.products[product]
    demand = (facts.demand.get(product) or (0.0,))[0] or 0.0
    on_hand = (facts.on_hand.get(product) or (0.0,))[0] or 0.0
    main = next((one for one in found if one["is_main"]), {})
    received = sum(one["is_received"] for one in found)
    others = sum(one["is_qualified"] and one["has_row"] for one in found if not one["is_main"])
    usual = [one for one in found if one["is_received"] or one["is_source"]]
    if not received:
        sourcing = "none"
    elif received > 1:
        sourcing = "multiple"
    else:
        sourcing = "single" if len(usual) == 1 else "habit"
    switching = main.get("switching_days", scope.new_vendor_days)
    cover = on_hand / demand if demand > 0 else None
    parts = {
        "sources_risk": sources_risk(others),
        "switching_risk": _switching_risk(is_storable, demand, cover, switching),
        "delivery_risk": delivery_risk(delivery_points.get(main.get("partner_id"))),
    }
    points = risk(zip(scope.weights, parts.values(), strict=True))
    buyer = (facts.bought.get((product, main.get("partner_id"))) or (None,) * 5)[4]
    return {
        "product_id": product,
        "company_id": scope.company_id,
        "categ_id": category,
        "partner_id": main.get("partner_id"),
        "user_id": buyer,
        "spend": fsum(one["spend"] for one in found),
        "spend_class": spend_class,
        "order_line_count": sum(one["order_line_count"] for one in found),
        "daily_demand": demand,
        "on_hand_qty": on_hand,
        "cover_days": cover,
        "sourcing": sourcing,
        "received_count": received,
        "row_count": sum(one["has_row"] for one in found),
        "qualified_count": sum(one["is_qualified"] for one in found),
        "other_count": others,
        "share": main.get("share"),
        "hhi": hhi(one["spend"] for one in found),
        **parts,
        "is_delivery_rated": parts["delivery_risk"] is not None,
        "risk": points,
        "impact": "high" if spend_class == "a" else "low",
        "risk_level": "high" if points is not None and points >= scope.high_risk else "low",
        "quadrant": quadrant(spend_class, points, scope.high_risk),
        "alternate_id": main.get("alternate_id"),
        "switching_days": switching,
        "switching_cost": main.get("switching_cost"),
        "out_date": main.get("out_date"),
        "safe_date": main.get("safe_date"),
        "at_stake": main.get("at_stake", 0.0),
    }


def _switching_risk(is_storable, demand, cover, switching):
    """Return the points for the stock that covers the switching time; nothing asked for: 0."""
    if not is_storable:
        return None
    return switching_risk(cover, switching) if demand > 0 else 0.0


def _find_vendors(scope, facts, sources, products, defects):
    """Return the rows of the vendors that something was bought from, in classes."""
    by_product = {row["product_id"]: row for row in products}
    of_vendor = defaultdict(list)
    for one in sources:
        if one["is_used"]:
            of_vendor[one["partner_id"]].append(one)
    orders = {
        partner: len(
            {
                order
                for one in found
                for order in (
                    facts.bought.get((one["product_id"], partner)) or (None,) * 5 + ((),)
                )[5]
            }
        )
        for partner, found in of_vendor.items()
    }
    late = {
        partner: fsum(
            one["share"] * (facts.delivered.get(one["product_id"]) or (0, 0))[1] for one in found
        )
        for partner, found in of_vendor.items()
    }
    figures = {
        "spend": {
            partner: fsum(one["spend"] for one in found) for partner, found in of_vendor.items()
        },
        "lines": {
            partner: float(sum(one["order_line_count"] for one in found))
            for partner, found in of_vendor.items()
        },
        "orders": {partner: orders[partner] / scope.months for partner in of_vendor},
        "late": late,
        "defects": {partner: defects.get(partner) or 0.0 for partner in of_vendor},
    }
    classes = {name: abc_classes(values, *scope.shares) for name, values in figures.items()}
    parts = {name: shares(values) for name, values in figures.items()}
    return [
        {
            "partner_id": partner,
            "company_id": scope.company_id,
            "spend": figures["spend"][partner],
            "share": parts["spend"][partner],
            "spend_class": classes["spend"][partner],
            "order_line_count": int(figures["lines"][partner]),
            "lines_class": classes["lines"][partner],
            "orders_a_month": figures["orders"][partner],
            "orders_class": classes["orders"][partner],
            "late_share": parts["late"][partner],
            "late_class": classes["late"][partner],
            "defect_share": parts["defects"][partner],
            "defect_class": classes["defects"][partner],
            "product_count": len(found),
            "single_count": sum(
                by_product[one["product_id"]]["sourcing"] == "single" and one["is_received"]
                for one in found
            ),
            "strategic_count": sum(
                by_product[one["product_id"]]["quadrant"] == "strategic" and one["is_main"]
                for one in found
            ),
            "safe_date": min((one["safe_date"] for one in found if one["safe_date"]), default=None),
            "out_date": min((one["out_date"] for one in found if one["out_date"]), default=None),
            "at_stake": fsum(one["at_stake"] for one in found),
        }
        for partner, found in sorted(of_vendor.items())
    ]


def _find_categories(scope, sources, products):
    """Return the rows of the categories of the products."""
    category_of = {row["product_id"]: row["categ_id"] for row in products}
    of_category = defaultdict(list)
    for row in products:
        of_category[row["categ_id"]].append(row)
    spend = defaultdict(lambda: defaultdict(float))
    used = defaultdict(set)
    for one in sources:
        category = category_of[one["product_id"]]
        spend[category][one["partner_id"]] += one["spend"]
        if one["is_used"]:
            used[category].add(one["partner_id"])
    totals = {
        category: fsum(row["spend"] for row in found) for category, found in of_category.items()
    }
    classes = abc_classes(totals, *scope.shares)
    rows = []
    for category, found in sorted(of_category.items()):
        part = shares(spend[category])
        main = max(part, key=lambda partner: (part[partner], -partner), default=None)
        rows.append(
            {
                "categ_id": category,
                "company_id": scope.company_id,
                "product_count": len(found),
                "vendor_count": len(used[category]),
                "single_count": sum(row["sourcing"] == "single" for row in found),
                "habit_count": sum(row["sourcing"] == "habit" for row in found),
                "strategic_count": sum(row["quadrant"] == "strategic" for row in found),
                "spend": totals[category],
                "spend_class": classes[category],
                "partner_id": main if main and part[main] else None,
                "share": part[main] if main else 0.0,
                "hhi": hhi(spend[category].values()),
                "at_stake": fsum(row["at_stake"] for row in found),
            }
        )
    return rows
