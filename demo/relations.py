"""What happens around the sales: quotations, opportunities, calls, meetings, answers."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from odoo.fields import Command

from . import cast
from .days import Days

SOURCES = ("Referral", "Search engine", "Newsletter")
MEDIA = ("Phone", "Website", "Email")
# By which of them each opportunity came: who was recommended buys.
CAME_BY = (0, 1, 2, 0, 0, 1, 0, 2, 0, 0, 1, 0, 2, 2, 1, 2)
# (customer or prospect, days ago, worth, what became of it)
OPPORTUNITIES = (
    ("Seaside Spa Hotel", 30, 5200, "proposition"),
    ("Food Truck Collective", 16, 1400, "qualified"),
    ("Concert Hall Foyer", 51, 3800, "qualified"),
    ("Riding School Canteen", 9, 900, "new"),
    ("Grand Hotel Riverside", 22, 6500, "proposition"),
    ("University Canteen", 40, 3000, "qualified"),
    ("Harbour Bakery", 12, 2400, "proposition"),
    ("Vineyard Restaurant", 33, 1500, "new"),
    ("City Coffee Chain", 95, 9000, "won"),
    ("Riverbank Bakery", 110, 1200, "won"),
    ("Noodle Bar", 95, 800, "won"),
    ("Bicycle Café", 150, 600, "won"),
    ("Old Mill Café", 45, 2500, "lost"),
    ("Golf Club House", 80, 1100, "lost"),
    ("Conference Centre", 120, 4000, "lost"),
    ("Corner Kiosk", 150, 400, "lost"),
)
# (days ago, subject, salesperson, number of the source): nobody's yet, or nothing came of it.
LEADS = (
    (18, "Asked for a price list", "north", 1),
    (27, "Wants samples of decaf", "south", 1),
    (64, "Met at the food fair", "key", 0),
    (83, "Newsletter: answered the offer", "south", 2),
    (131, "Newsletter: asked for terms", "north", 2),
)
# (customer, days ago, what became of it, product, quantity)
QUOTATIONS = (
    ("Grand Hotel Riverside", 3, "sent", "Coffee Cup White", 240),
    ("Harbour Bakery", 2, "draft", "Wheat Flour 25 kg", 40),
    ("Market Square Bakery", 6, "sent", "Rye Flour 25 kg", 20),
    ("Museum Café", 1, "draft", "Espresso Beans 1 kg", 24),
    ("Seaside Spa Hotel", 8, "sent", "Dinner Plate 27 cm", 144),
    ("Vineyard Restaurant", 5, "sent", "Butter 5 kg", 12),
    ("Old Mill Café", 40, "cancelled", "Espresso Beans 1 kg", 60),
    ("Conference Centre", 110, "cancelled", "Coffee Cup White", 480),
    ("Golf Club House", 75, "expired", "Oat Drink 12 × 1 l", 10),
    ("Night Market Grill", 64, "expired", "Paper Napkins 1000", 12),
    ("Old Town Brasserie", 58, "cancelled", "Dinner Plate 27 cm", 96),
    ("Village Green Pub", 130, "expired", "Dish Soap 10 l", 6),
    ("Concert Hall Foyer", 48, "expired", "Take-away Cup 1000", 6),
)


def make(env, days: Days, customers, products, users) -> None:
    """Write the contacts of the last months."""
    _opportunities(env, days, customers, users)
    _quotations(env, days, customers, products)
    _calls(env, days, customers)
    _meetings(env, days, customers)
    _answers(env, days, customers)


def _opportunities(env, days, customers, users):
    stages = {
        "new": env.ref("crm.stage_lead1"),
        "qualified": env.ref("crm.stage_lead2"),
        "proposition": env.ref("crm.stage_lead3"),
    }
    sources = [env["utm.source"].search([("name", "=", name)], limit=1) for name in SOURCES]
    media = [env["utm.medium"].search([("name", "=", name)], limit=1) for name in MEDIA]
    reason = env["crm.lost.reason"].search([], limit=1)
    for (name, ago, worth, end), source in zip(OPPORTUNITIES, CAME_BY, strict=True):
        partner = customers[name]
        lead = env["crm.lead"].create(
            {
                "name": f"{name}: {'first order' if not partner.sale_order_ids else 'more'}",
                "type": "opportunity",
                "partner_id": partner.id,
                "user_id": partner.user_id.id,
                "expected_revenue": worth,
                "stage_id": stages.get(end, stages["qualified"]).id,
                "source_id": sources[source].id,
                "medium_id": media[source].id,
                "date_deadline": days.ago(ago - 60),
            }
        )
        if end == "won":
            lead.action_set_won()
        elif end == "lost":
            lead.action_set_lost(lost_reason_id=reason.id)
        _date(env, lead, days.moment(days.ago(ago), 9))
        if end == "won":
            _win(env, lead, days)
        elif end == "lost":
            lead.date_closed = days.moment(days.ago(ago - 30), 16)
    for ago, subject, seller, source in LEADS:
        lead = env["crm.lead"].create(
            {
                "name": subject,
                "type": "lead",
                "user_id": users[seller].id,
                "source_id": sources[source].id,
                "medium_id": media[source].id,
            }
        )
        _date(env, lead, days.moment(days.ago(ago), 9))


def _date(env, lead, moment):
    """Let a lead have come in at a moment."""
    lead.flush_recordset()
    env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", [moment, lead.id])
    lead.invalidate_recordset(["create_date"])


def _win(env, lead, days):
    """Let the customer's next orders have come of an opportunity."""
    orders = env["sale.order"].search(
        [
            ("partner_id", "=", lead.partner_id.id),
            ("state", "=", "sale"),
            ("date_order", ">", lead.create_date),
        ],
        order="date_order",
        limit=2,
    )
    orders.opportunity_id = lead
    lead.date_closed = orders[:1].date_order or days.moment(days.today)


def _quotations(env, days, customers, products):
    of_name = {product.name: record for product, record in products.items()}
    opportunities = {
        lead.partner_id: lead
        for lead in env["crm.lead"].with_context(active_test=False).search([])
        if lead.partner_id
    }
    for name, ago, end, product, quantity in QUOTATIONS:
        day = days.ago(ago)
        order = env["sale.order"].create(
            {
                "partner_id": customers[name].id,
                "user_id": customers[name].user_id.id,
                "opportunity_id": opportunities.get(customers[name], env["crm.lead"]).id,
                "date_order": days.moment(day),
                "validity_date": day + timedelta(days=30 if end != "expired" else 21),
                "order_line": [
                    Command.create({"product_id": of_name[product].id, "product_uom_qty": quantity})
                ],
            }
        )
        if end != "draft":
            order.action_quotation_sent()
        if end == "cancelled":
            order._action_cancel()
            order.cancelled_on = day + timedelta(days=12)


def _calls(env, days, customers):
    """Let each salesperson have called some customers; who was called when is in the chatter."""
    random = Random(11)
    called = random.sample([customer.name for customer in cast.CUSTOMERS], 22)
    for name in called:
        partner = customers[name]
        activity = partner.activity_schedule(
            "mail.mail_activity_data_call",
            summary="How are things?",
            user_id=partner.user_id.id,
        )
        message = env["mail.message"].browse(activity.action_feedback(feedback="Content so far."))
        day = days.ago(random.randint(3, 80))
        message.date = days.moment(day, 11)
        activity.date_done = day


def _meetings(env, days, customers):
    random = Random(13)
    for name in random.sample([customer.name for customer in cast.CUSTOMERS], 14):
        partner = customers[name]
        start = days.moment(days.working_day(days.ago(random.randint(-20, 90))), 9)
        env["calendar.event"].create(
            {
                "name": f"Visit {name}",
                "start": start,
                "stop": start + timedelta(hours=1),
                "user_id": partner.user_id.id,
                "partner_ids": [Command.set((partner | partner.user_id.partner_id).ids)],
            }
        )


# Aspect: (importance, performance) as customers see it, of 5; what they miss is on-time delivery.
OPINIONS = {
    "quality": (4.6, 4.5),
    "delivery": (4.7, 3.3),
    "advice": (3.2, 4.1),
    "help": (3.7, 3.8),
    "price": (4.0, 3.6),
}

# (how customers write its name, {aspect: how well it does it, of 5})
COMPETITORS = (
    (
        ("Northern Wholesale", "northern wholesale", "Northern Wh."),
        {"quality": 4.2, "delivery": 4.4, "advice": 3.2, "help": 3.6, "price": 3.4},
    ),
    (
        ("Cash & Carry East", "CASH & CARRY EAST"),
        {"quality": 3.6, "delivery": 3.4, "advice": 2.4, "help": 2.9, "price": 4.5},
    ),
    (("the market hall",), {"quality": 4.6, "delivery": 2.8, "advice": 3.6, "price": 3.9}),
)


def _answers(env, days, customers):
    """Let half of the customers have answered the yearly survey."""
    survey = env.ref("customer_tiering_survey.satisfaction_survey", raise_if_not_found=False)
    if not survey:
        return
    random, others = Random(17), Random(23)
    env["customer.competitor"].create(
        [
            {"name": "Northern Wholesale", "spellings": "Northern Wh."},
            {"name": "Cash & Carry East"},
        ]
    )
    aspects = {
        env.ref(f"customer_tiering_survey.aspect_{name}", raise_if_not_found=False): name
        for name in OPINIONS
    }
    opinions = {
        env.ref(f"customer_tiering_survey.aspect_{name}", raise_if_not_found=False): figures
        for name, figures in OPINIONS.items()
    }
    asked = [customer.name for customer in cast.CUSTOMERS if customer.phases[-1].every]
    # A fifth buys from nobody else.
    suppliers = others.sample((*COMPETITORS, ((), {})), 20, counts=(8, 6, 2, 4))
    for name in random.sample(asked, 20):
        partner = customers[name]
        moment = days.moment(days.ago(random.randint(5, 150)), 15)
        names, marks = suppliers.pop()
        env["survey.user_input"].create(
            {
                "survey_id": survey.id,
                "partner_id": partner.id,
                "email": partner.email,
                "company_id": env.company.id,
                "state": "done",
                "start_datetime": moment,
                "end_datetime": moment,
                "user_input_line_ids": [
                    Command.create(
                        {
                            "question_id": question.id,
                            "answer_type": "scale",
                            "value_scale": _opinion(
                                random, opinions.get(question.satisfaction_aspect_id), question
                            ),
                        }
                    )
                    for question in survey.question_ids
                    if question.satisfaction_role in ("importance", "performance")
                ]
                + [
                    Command.create(_judge(others, names, marks, aspects, question))
                    for question in survey.question_ids
                    if question.satisfaction_role in ("competitor", "competitor_performance")
                ],
            }
        )


def _opinion(random, figures, question):
    importance, performance = figures or (4.0, 3.8)
    mean = importance if question.satisfaction_role == "importance" else performance
    return min(5, max(1, round(random.gauss(mean, 0.7))))


def _judge(random, names, marks, aspects, question):
    """Return the answer to a question about another supplier; skipped where there is none."""
    vals = {"question_id": question.id, "answer_type": question.question_type}
    mark = marks.get(aspects.get(question.satisfaction_aspect_id))
    if question.satisfaction_role == "competitor" and names:
        return {**vals, "value_char_box": random.choice(names)}
    if question.satisfaction_role == "competitor_performance" and mark:
        return {**vals, "value_scale": min(5, max(1, round(random.gauss(mark, 0.7))))}
    return {"question_id": question.id, "answer_type": False, "skipped": True}


def note_tiers(env) -> None:
    """Let the answers know the tiers of those who gave them, whom the runs found since."""
    env["survey.user_input"].search([("partner_id", "!=", False)])._compute_customer_tier_id()
