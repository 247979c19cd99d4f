"""The policy that is measured."""

from __future__ import annotations

from odoo.fields import Command

# Ten criteria, which read every source of facts that the add-on has of its own.
RANKED = (
    "revenue",
    "order_count",
    "average_order",
    "recency_days",
    "tenure_days",
    "return_rate",
    "quote_acceptance",
    "payment_delay_days",
)
EVEN = ({"metric": "active_months", "cap": 1}, {"metric": "overdue_ratio", "floor": 1, "cap": 0})


def policy_of_ten_criteria(env):
    """Return the superuser's company's policy, judging by ten criteria over twelve months.

    The company's days are made those of UTC, as the floor has them.
    """
    policy = env["customer.tier.policy"]._get_active()
    policy.company_id.resource_calendar_id.tz = "UTC"
    policy.write(
        {
            "window_months": 12,
            "criterion_ids": [
                Command.clear(),
                *(Command.create({"metric": metric, "weight": 1}) for metric in RANKED),
                *(Command.create({**vals, "weight": 1, "scale": "linear"}) for vals in EVEN),
            ],
        }
    )
    return policy
