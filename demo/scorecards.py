"""How the vendors did: promises and bills of a year, assessments, and one vendor who slips."""

from __future__ import annotations

from datetime import date, timedelta

from odoo.fields import Command
from odoo.tools import SQL

from .cast import COFFEE, DAIRY, METAL, MILL, PANTRY, PAPER, PORCELAIN
from .days import Days
from .sales import date_moves

# The pantry slipped: what was due in so many days came so much later, and became dearer.
SLIPPING_DAYS, DAYS_LATER, DEARER = 120, 4, 1.04
# The last orders of each vendor that are billed.
BILLED = 6
# By vendor: after how many days it answered the last requests; None: it did not.
ANSWERS = {
    COFFEE: (1, 1, 2, 1, 1, 1),
    MILL: (3, 2, 5, 2, 4, 3),
    PORCELAIN: (2, 2, 3, 2, 6, 2),
    PAPER: (1, 2, 1, 1, 2, 1),
    PANTRY: (2, 3, 4, 6, None, None, None),
}
# How many days ago the market's price of green coffee became what.
MARKET = ((720, 100), (540, 104), (360, 111), (270, 116), (180, 113), (90, 118))
# What our buyer found, criterion by criterion, and what showed it.
FOUND = {
    COFFEE: ((4, "ISO 9001 certificate, audit of spring"), (4, "Roast profiles on paper"),
             (5, "Cupping protocols of 20 batches"), (4, "Complaint closed in two days")),
    MILL: ((3, "Quality manual, two years old"), (3, "Visit to the mill"),
           (2, "Ash content differs by batch"), (2, "Late flour in May: no cause found")),
    PANTRY: ((3, "Self-declaration"), (3, "Samples"), (4, "Six lots compared"),
             (2, "No answer to two complaints")),
}  # fmt: skip


def make(env, days: Days, vendors, products, users, bought) -> None:
    """Tell the year of the scorecard, and rate the vendors at the end of each month."""
    scorecard = env["vendor.scorecard"].search([("company_id", "=", env.company.id)], limit=1)
    # Installed before the company had its name.
    scorecard.name = f"Vendors of {env.company.name}"
    _date_promises(env)
    _slip(env, days, vendors, bought)
    _tell_changes(env)
    _send_back(env, days, bought, vendors)
    _answer(env, vendors)
    _bill(env, days, vendors, bought)
    _assess(env, days, vendors, users)
    _follow_the_market(env, days, vendors)
    scorecard.band_ids.filtered(lambda band: band.code == "watched").order_action = "warn"
    scorecard.band_ids.filtered(lambda band: band.code == "risk").write(
        {"rfq_action": "warn", "order_action": "approve"}
    )
    _rate(env, days, scorecard)
    trial = env["vendor.standing"].search([("partner_id", "=", vendors[METAL].id)], limit=1)
    trial.with_user(users["purchase"])._set_override(
        scorecard.band_ids.filtered(lambda band: band.code == "watched"),
        days.ago(-60),
        "On trial: three orders first",
    )


def _date_promises(env):
    """Let promises have been made when their orders were approved, at the prices of then."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE vendor_promise promise
               SET approved_at = purchase.date_approve,
                   agreed_price = COALESCE(NULLIF(promise.agreed_price, 0), promise.price_unit)
              FROM purchase_order purchase
             WHERE purchase.id = promise.order_id AND purchase.date_approve IS NOT NULL
            """
        )
    )
    # Another vendor sells every third product, a little dearer.
    env.cr.execute(
        SQL(
            """
            UPDATE vendor_promise SET best_other_price = ROUND(price_unit * 1.03, 2)
             WHERE product_id %% 3 = 0
            """
        )
    )
    env.invalidate_all()


def _slip(env, days, vendors, bought):
    """Let a vendor who was good become late and dearer."""
    slipping = [
        (purchase, order)
        for purchase, order in bought
        if purchase.vendor is PANTRY and purchase.promised >= days.ago(SLIPPING_DAYS)
    ]
    for number, (purchase, order) in enumerate(slipping):
        came = purchase.arrivals[0][0] + timedelta(days=DAYS_LATER)
        if came < days.today and number % 4:
            date_moves(order.picking_ids, days.moment(came, 8))
        for line in order.order_line[:1]:
            line.price_unit = round(line.price_unit * DEARER, 2)
    last = slipping[-3:]
    for purchase, order in last[:1]:
        # On the phone; the promise of then stays.
        order.order_line[:1].date_planned = days.moment(purchase.promised + timedelta(days=6))


def _tell_changes(env):
    """Let the changes of open orders be the vendors', with what they said."""
    changes = env["vendor.promise.change"].search([("kind", "in", ("date", "quantity"))])
    reasons = {
        "date": "Called: a machine stands still",
        "quantity": "Wrote: no more in stock",
    }
    for change in changes:
        change.write({"origin": "vendor", "reason": reasons[change.kind]})


def _send_back(env, days, bought, vendors):
    """Let broken porcelain go back, once in exchange; and a box of paper for a reason of ours."""
    cases = ((PORCELAIN, 2, 12, True), (PORCELAIN, 4, 6, False), (PAPER, 3, 10, False))
    for vendor, place, quantity, is_exchange in cases:
        orders = [
            (purchase, order)
            for purchase, order in bought
            if purchase.vendor is vendor and purchase.arrivals and purchase.arrivals[0][0]
            < days.ago(20)
        ]  # fmt: skip
        if len(orders) < place:
            continue
        purchase, order = orders[-place]
        receipt = order.picking_ids.filtered(lambda picking: picking.state == "done")[:1]
        move = receipt.move_ids.filtered(lambda move: move.quantity >= 12)[:1]
        if not move:
            continue
        wizard = (
            env["stock.return.picking"]
            .with_context(active_id=receipt.id, active_model="stock.picking")
            .create({"vendor_is_own_return": vendor is PAPER})
        )
        wizard.product_return_moves.filtered(
            lambda line, move=move: line.move_id == move
        ).quantity = quantity
        action = wizard.action_create_exchanges() if is_exchange else wizard.action_create_returns()
        back = env["stock.picking"].browse(action["res_id"])
        came = purchase.arrivals[0][0]
        _do(env, days, back, quantity, came + timedelta(days=2))
        if is_exchange:
            new = env["stock.picking"].search([("return_id", "=", back.id)])
            _do(env, days, new, quantity, came + timedelta(days=9))


def _do(env, days, picking, quantity, day):
    picking.move_ids.quantity = quantity
    picking.move_ids.picked = True
    picking.move_ids._action_done()
    date_moves(picking, days.moment(day, 8))


def _answer(env, vendors):
    """Let requests of the year have been sent, and answered or not."""
    orders = env["purchase.order"]
    for vendor, answers in ANSWERS.items():
        confirmed = orders.search(
            [("partner_id", "=", vendors[vendor].id), ("state", "=", "purchase")],
            order="date_approve desc, id desc",
            limit=len(answers),
        )
        for order, after in zip(reversed(confirmed), answers, strict=False):
            if after is None:
                continue
            sent = order.date_approve - timedelta(days=after + 1)
            order.sudo().write(
                {
                    "vendor_rfq_sent_at": sent,
                    "vendor_rfq_deadline": sent + timedelta(days=7),
                    "vendor_rfq_answered_at": sent + timedelta(days=after),
                }
            )
        for place in range(answers.count(None)):
            request = orders.create({"partner_id": vendors[vendor].id, "state": "sent"})
            request.button_cancel()
            sent = request.date_order - timedelta(days=20 + 15 * place)
            request.sudo().write(
                {
                    "date_order": sent,
                    "vendor_rfq_sent_at": sent,
                    "vendor_rfq_deadline": sent + timedelta(days=7),
                    "vendor_rfq_is_withdrawn": False,
                }
            )


def _bill(env, days, vendors, bought):
    """Bill the last orders; the pantry's bills are dearer than was promised."""
    bills = env["account.move"]
    for vendor in (COFFEE, MILL, PANTRY, PAPER, DAIRY):
        came = [
            (purchase, order)
            for purchase, order in bought
            if purchase.vendor is vendor
            and purchase.arrivals
            and purchase.arrivals[-1][0] < days.ago(8)
        ]
        for purchase, order in came[-BILLED:]:
            order.action_create_invoice()
            bill = order.invoice_ids
            day = purchase.arrivals[-1][0] + timedelta(days=DAYS_LATER + 2)
            bill.write({"invoice_date": min(day, days.ago(1)), "ref": f"{order.name}-B"})
            bills |= bill
    bills.action_post()
    paid = bills.filtered(lambda bill: bill.invoice_date_due < days.ago(10))
    for number, bill in enumerate(paid):
        late = (0, 0, 6, 0, 12)[number % 5]
        env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        ).create(
            {"payment_date": min(bill.invoice_date_due + timedelta(days=late), days.ago(1))}
        )._create_payments()


def _assess(env, days, vendors, users):
    """Let the buyer have assessed three vendors, and one vendor have answered about us."""
    assessments = env["vendor.assessment"]
    for place, (vendor, found) in enumerate(FOUND.items()):
        assessment = assessments.create(
            {
                "partner_id": vendors[vendor].id,
                "user_id": users["buyer"].id,
                "date": days.ago(40 + 50 * place),
                "date_end": days.ago(40 + 50 * place - 365),
            }
        )
        _fill(assessment, found)
        assessment.action_done()
    of_us = assessments.create(
        {
            "partner_id": vendors[COFFEE].id,
            "kind": "us",
            "user_id": users["buyer"].id,
            "date": days.ago(30),
            "date_end": days.ago(-335),
        }
    )
    _fill(of_us, ((4, "Two changes in a year"), (3, "Two bills late"), (5, "Plans are shared")))
    of_us.action_done()
    assessments.create({"partner_id": vendors[PORCELAIN].id, "user_id": users["buyer"].id})


def _follow_the_market(env, days, vendors):
    """Type what green coffee cost at the market, by quarter."""
    bought = env["vendor.promise"].search([("partner_id", "=", vendors[COFFEE].id)])
    env["vendor.price.index"].create(
        {
            "name": "Green Coffee",
            "source": "Coffee exchange, monthly mean",
            "product_ids": [Command.set(bought.product_id.ids)],
            "value_ids": [
                Command.create({"date": days.ago(back), "value": value}) for back, value in MARKET
            ],
        }
    )


def _fill(assessment, found):
    for line, (value, evidence) in zip(assessment.line_ids, found, strict=True):
        line.write(
            {
                "step_id": line.criterion_id.step_ids.filtered(
                    lambda step, value=value: step.value == value
                ).id,
                "evidence": evidence,
            }
        )


def _rate(env, days, scorecard):
    """Rate the vendors at the end of each month of the year, and now."""
    env.flush_all()
    env["vendor.promise"]._add_missing(env.company)
    env["vendor.delivery"]._refresh(scorecard._prepare_scope())
    ends = []
    last: date = days.today.replace(day=1) - timedelta(days=1)
    for _month in range(12):
        ends.append(last)
        last = last.replace(day=1) - timedelta(days=1)
    for end in reversed(ends):
        scorecard._rate(scorecard._prepare_scope(end))
    scorecard._recalculate()
