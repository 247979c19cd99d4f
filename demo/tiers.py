"""What the tiers made of it: a year of runs, overrides, follow-ups, workload, back-tests."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from . import cast
from .days import Days

# Runs at the end of each month of the year before, then every week, then yesterday.
WEEKS = 8


def run(env, days: Days, sold) -> None:
    """Recalculate the tiers on past days, and note on orders the tier that the customer had."""
    policy = _policy(env)
    months = [days.today.replace(day=1) - relativedelta(months=ago) for ago in range(12, 1, -1)]
    runs = [month - timedelta(days=1) for month in months]
    runs += [days.ago(7 * week) for week in range(WEEKS, 0, -1)] + [days.ago(1)]
    for day in sorted(set(runs)):
        if day == runs[-1]:
            _plan(env, days, policy)
        policy.evaluate(day)
    env.invalidate_all()
    _note_tiers(env, sold)


def _plan(env, days, policy):
    """Let moves from now on start a welcome or a win-back plan, and anniversaries be kept."""
    vip, important = policy._get_tiers()[:2]
    plan = {
        name: env["mail.activity.plan"].search([("name", "=", name)], limit=1)
        for name in ("Welcome a new VIP", "Win back a downgraded customer", "Acquire a prospect")
    }
    vip.welcome_plan_id = plan["Welcome a new VIP"]
    (vip | important).winback_plan_id = plan["Win back a downgraded customer"]
    policy.keeps_anniversaries = True
    policy.write({"mails_upgrades": True, "mails_downgrades": True})
    policy.mails_since = days.ago(60)
    policy.segment_plan_ids = [
        Command.create(
            {
                "segment": "prospect",
                "plan_id": plan["Acquire a prospect"].id,
                "include_current": True,
            }
        )
    ]


def _policy(env):
    return env["customer.tier.policy"].search([("company_id", "=", env.company.id)])


def _note_tiers(env, sold):
    """Give each order the tier that the customer had on its day, as confirming it then had."""
    standings = {s.partner_id: s for s in env["customer.standing"].search([])}
    changes = env["customer.standing.change"].search([], order="date, id")
    of_partner = changes.grouped("partner_id")
    first = env["customer.tier.evaluation"].search([("state", "=", "done")], order="as_of", limit=1)
    by_tier = {}
    for sale, order in sold:
        standing = standings.get(order.partner_id)
        if not standing or sale.day < first.as_of:
            continue
        moves = of_partner.get(order.partner_id, changes.browse())
        before = moves.filtered(lambda move, day=sale.day: move.date <= day)
        if before:
            tier = before[-1].new_tier_id
        else:
            tier = moves[0].old_tier_id if moves else standing.tier_id
        by_tier[tier] = by_tier.get(tier, order.browse()) | order
    for tier, orders in by_tier.items():
        orders.customer_tier_id = tier


def decide(env, users, customers) -> None:
    """Override a tier, and ask for another."""
    policy = _policy(env)
    policy.user_id = users["sales"]
    important = policy._get_tiers()[1]
    overrides = env["customer.tier.override"]
    today = policy.company_id._tiering_now().date()
    overrides.with_user(users["sales"]).create(
        {
            "partner_id": customers[cast.OVERRIDDEN.name].id,
            "company_id": policy.company_id.id,
            "tier_id": important.id,
            "reason": "Opens a second house in spring",
            "date_end": today + relativedelta(months=5),
        }
    )
    overrides.with_user(users["north"]).create(
        {
            "partner_id": customers[cast.REQUESTED.name].id,
            "company_id": policy.company_id.id,
            "tier_id": important.id,
            "reason": "Signs a contract for a year",
            "date_end": today + relativedelta(months=12),
        }
    )


def follow_up(env, days: Days, users) -> None:
    """Follow up the best customers for a year: mostly on time, some late, the latest open."""
    random = Random(19)
    standings = env["customer.standing"].search([("tier_id.service_level_id", "!=", False)])
    rows = []
    for standing in standings:
        every = standing.tier_id.service_level_id.followup_days
        ago = random.randint(every // 2, every) + every
        while ago < 365:
            due = days.working_day(days.ago(ago))
            delay = random.choice((-2, -1, 0, 0, -3, 0, 4))
            rows.append(
                {
                    "partner_id": standing.partner_id.id,
                    "company_id": standing.company_id.id,
                    "tier_id": standing.tier_id.id,
                    "kind": "follow_up",
                    "occasion": due.isoformat(),
                    "user_id": standing.partner_id.user_id.id,
                    "date_planned": due - timedelta(days=7),
                    "date_due": due,
                    "state": "late" if delay > 0 else "done",
                    "date_done": due + timedelta(days=delay),
                }
            )
            ago += every
    followups = env["customer.followup"]
    _recall(env, days, followups.create(rows))
    # As the scheduled action does, but all in the one transaction of the story.
    followups._plan_company(env.company, lambda processed=0, remaining=None: 1)
    env.invalidate_all()
    # Two that were due last week and are still open.
    planned = followups.search(
        [("state", "=", "planned"), ("user_id", "in", (users["north"].id, users["key"].id))],
        order="date_due, id",
    )
    for some in planned.grouped("user_id").values():
        late = some[0]
        late.date_due = days.working_day(days.ago(4))
        late.activity_id.sudo().date_deadline = late.date_due


# What customers said on the phone.
SAID = (
    "Content with the last delivery.",
    "Opens the terrace next month and will need more cups.",
    "Asked for a price for twice the quantity.",
    "Flour came late twice; I promised to look into it.",
    "Tries a cheaper supplier for syrups.",
)


def _recall(env, days: Days, followups) -> None:
    """Keep what was said in the latest follow-up of each customer."""
    random = Random(29)
    for partner, done in followups.grouped("partner_id").items():
        last = max(done, key=lambda followup: (followup.date_done, followup.id))
        activity = partner.activity_schedule(
            "customer_tiering_followup.mail_activity_follow_up",
            last.date_due,
            user_id=last.user_id.id,
        )
        message = activity.action_feedback(feedback=random.choice(SAID))
        env["mail.message"].browse(message).date = days.moment(last.date_done, 11)
        activity.date_done = last.date_done
        last.activity_id = activity


def look_back(env, days: Days) -> None:
    """Test the ladder on the past half year, and propose who takes over customers."""
    policy = _policy(env)
    backtests = env["customer.tier.backtest"].create(
        [{"policy_id": policy.id, "months": 6}, {"policy_id": policy.id, "months": 3}]
    )
    for backtest in backtests:
        backtest.action_backtest()
    env["customer.tier.notice"]._send_company(policy, lambda processed=0, remaining=None: 1)
    policy.copy({"name": "Draft: loyalty counts more", "active": False})


def foresee(env, days: Days) -> None:
    """Estimate who will buy: refused for so few customers, then by a minimum lowered to 30."""
    policy = _policy(env).sudo()
    policy._estimate_lifetimes(days.ago(7))
    policy.lifetime_minimum_customers = 30
    policy._estimate_lifetimes(days.today)


def share_out(env, users) -> None:
    """Hand customers over once, and propose it again for those who came since."""
    users["key"].customer_capacity += 1
    assignments = env["customer.assignment"]
    assignments.action_open_current()
    assignments.search([], limit=1).with_user(users["sales"]).action_apply()
    users["key"].customer_capacity -= 1
    assignments.action_open_current()


def open_portal(env, customers) -> None:
    """Let one customer sign in: cafe, with the password cafe."""
    contact = customers[cast.FALLING.name].child_ids[:1]
    env["res.users"].create(
        {
            "name": contact.name,
            "login": "cafe",
            "password": "cafe",
            "partner_id": contact.id,
            "company_id": env.company.id,
            "company_ids": [Command.set(env.company.ids)],
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
