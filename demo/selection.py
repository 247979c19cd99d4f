"""How vendors are selected: one selection that goes on, and one that ended a year ago."""

from __future__ import annotations

from datetime import timedelta

from odoo.fields import Command
from odoo.tools import SQL

from .cast import MILL, PAPER
from .days import Days

# Others who would like to deliver.
GREEN, COAST = "Green Packaging", "Coast Packaging"
RIVER, HILLTOP = "River Bend Mill", "Hilltop Organic Mill"
LID = "Compostable Lid 1000"
BOXES = 200
# Price of a box, share of deliveries in time as references say.
BIDS = {PAPER.name: (52.0, 90), GREEN: (58.0, 97), COAST: (45.0, 82)}
MILLS = {MILL.name: (14.0, 88), RIVER: (15.2, 95), HILLTOP: (18.0, 97)}
# Steps of the scale for pairs in their order: first and second, first and third …
BUYER = {
    "": (1, 2, 4, 1, 3, 1),
    "Quality": (1,),
    "Product quality": (-1, 2, 3),
    "Problem solving": (1, 2, 1),
    "Cooperation": (-2, 1, 3),
}
# Delivery before quality, quality before cost, and cost before delivery.
MANAGER = {
    "": (-1, 2, 4, -2, 3, 4),
    "Quality": (2,),
    "Product quality": (0, 3),
    "Cooperation": (-1, 2, 3),
}
FORMER = {
    "buyer": {"": (1, 0, 3, -1, 2, 3), "Quality": (1, -1, -2), "Cooperation": (1, 2, 1)},
    "purchase": {"": (0, -1, 2, -1, 2, 4), "Quality": (1, -1, -2), "Cooperation": (2, 3, 1)},
}
FORMER_NOTES = {
    "need": "The mill we bought from closed; 40 t of flour a year",
    "goals": "A partner who keeps the flour filled by itself",
    "criteria": "Quality, delivery, cost, cooperation",
    "team": "Buyer and purchase manager",
    "invitation": "Three mills visited, samples baked",
    "judgement": "Both judges agree on quality, not on cost",
    "choice": "Cheapest, and willing to keep our shelf filled",
    "agreement": "Supply agreement, reviewed every day",
}


def make(env, days: Days, vendors, users) -> None:
    """Write both, judged by the buyer and the purchase manager."""
    vendors = {vendor.name: record for vendor, record in vendors.items()}
    for name in (GREEN, COAST, RIVER, HILLTOP):
        address = name.lower().replace(" ", "-")
        vendors[name] = env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "supplier_rank": 1,
                "email": f"orders@{address}.example.com",
            }
        )
    _look_for_lids(env, days, vendors, users)
    _remember_the_mill(env, days, vendors, users)


def _look_for_lids(env, days, vendors, users):
    lid = env["product.product"].create(
        {"name": LID, "is_storable": True, "list_price": 79, "standard_price": 50}
    )
    orders = env["purchase.order"].create(
        [
            {
                "partner_id": vendors[name].id,
                "user_id": users["buyer"].id,
                "date_planned": days.moment(days.ago(-arrival)),
                "order_line": [
                    Command.create(
                        {"product_id": lid.id, "product_qty": BOXES, "price_unit": price}
                    )
                ],
            }
            for (name, (price, _in_time)), arrival in zip(BIDS.items(), (9, 14, 21), strict=True)
        ]
    )
    selection = _select(
        env,
        users,
        {
            "name": "Lids without plastic",
            "need": "Customers ask for lids that compost: 200 boxes to begin with.",
            "goal": "A vendor of lids for the next three years",
            "origin_order_id": orders[0].id,
            "candidate_ids": [
                Command.create(
                    {
                        "partner_id": order.partner_id.id,
                        "purchase_order_id": order.id,
                        "sequence": k,
                    }
                )
                for k, order in enumerate(orders)
            ],
        },
        {"measure": "bid_amount", "worst": 13000, "best": 8000},
    )
    selection.action_start_judging()
    _rate(selection, "Delivery", {name: in_time for name, (_price, in_time) in BIDS.items()})
    _judge(selection, users["buyer"], BUYER)
    _judge(selection, users["purchase"], MANAGER)
    _date_back(env, days, selection, 12)


def _remember_the_mill(env, days, vendors, users):
    selection = _select(
        env,
        users,
        {
            "name": "A mill for our flour",
            "need": "40 t of wheat, rye and spelt flour a year; the former mill closed.",
            "goal": "A partner who keeps the flour filled by itself",
            "candidate_ids": [
                Command.create({"partner_id": vendors[name].id, "sequence": k})
                for k, name in enumerate(MILLS)
            ],
        },
        {"worst": 20, "best": 13},
        parts=(),
    )
    selection.action_start_judging()
    _rate(selection, "Delivery", {name: in_time for name, (_price, in_time) in MILLS.items()})
    _rate(selection, "Cost", {name: price for name, (price, _in_time) in MILLS.items()})
    for login, judgements in FORMER.items():
        _judge(selection, users[login], judgements)
    chosen = selection.candidate_ids.filtered(
        lambda candidate: candidate.partner_id == vendors[MILL.name]
    )
    selection._choose(chosen, FORMER_NOTES["choice"])
    selection.sudo().agreement_id = env["vmi.agreement"].search(
        [("partner_id", "=", chosen.partner_id.id), ("state", "=", "running")], limit=1
    )
    selection._agree()
    _date_back(env, days, selection, 420)
    for place, step in enumerate(selection.step_ids.sudo().sorted("sequence")):
        step.write(
            {
                "note": FORMER_NOTES[step.code],
                "done_on": days.working_day(days.ago(420 - 8 * place)),
            }
        )
    selection.sudo().chosen_on = days.working_day(days.ago(420 - 8 * 6))


def _select(env, users, vals, cost, parts=("Product quality", "Problem solving")):
    """Return a selection by quality, delivery, cost and cooperation, of the buyer."""
    criteria = (
        {"name": "Quality", "description": "Samples, certificates, complaints"},
        {
            "name": "Delivery",
            "description": "On time in full, in %",
            "rating": "figure",
            "measure": "otif",
            "worst": 70,
            "best": 100,
        },
        {"name": "Cost", "description": "What the bid costs us", "rating": "figure", **cost},
        {"name": "Cooperation", "description": "Answers, flexibility, common development"},
    )
    selection = (
        env["vendor.selection"]
        .with_user(users["buyer"])
        .create(
            {
                **vals,
                "user_id": users["buyer"].id,
                "criterion_ids": [
                    Command.create({**criterion, "sequence": k})
                    for k, criterion in enumerate(criteria)
                ],
                "judge_ids": [
                    Command.create({"user_id": users[login].id}) for login in ("buyer", "purchase")
                ],
            }
        )
    )
    quality = selection.criterion_ids[0]
    selection.criterion_ids = [
        Command.create({"name": name, "parent_id": quality.id, "sequence": k})
        for k, name in enumerate(parts)
    ]
    return selection


def _rate(selection, criterion, values):
    """Enter what references say, where nothing was measured."""
    for rating in selection.figure_ids:
        if rating.criterion_id.name == criterion and not rating.is_measured:
            rating.write({"value": values[rating.partner_id.name], "note": "References"})


def _judge(selection, user, judgements):
    for comparison in selection.comparison_ids:
        steps = judgements.get(comparison.criterion_id.name or "")
        if comparison.user_id != user or not steps:
            continue
        ids = comparison._get_elements().ids
        pairs = [(one, other) for k, one in enumerate(ids) for other in ids[k + 1 :]]
        comparison.with_user(user).judge(
            [[*pair, step] for pair, step in zip(pairs, steps, strict=False)]
        )


def _date_back(env, days, selection, since):
    """Let a selection have begun so many days ago, and its steps be taken since."""
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE vendor_selection SET create_date = %s WHERE id = %s",
            days.moment(days.ago(since)),
            selection.id,
        )
    )
    selection.invalidate_recordset(["create_date"])
    done = selection.step_ids.sudo().filtered("done_on").sorted("sequence")
    for place, step in enumerate(done):
        step.done_on = days.working_day(days.ago(since) + timedelta(days=place))
