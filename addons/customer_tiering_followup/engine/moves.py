"""Who was upgraded or downgraded, or placed for the first time, and the plan for it."""

from odoo.tools import SQL


def changes_query(change_ids, plan_ids):
    """Return the applications of plans to tier changes; None is no plan.

    :param plan_ids: the plan of the change at the same place
    """
    return SQL(
        """
        SELECT change.partner_id, move.plan_id, CONCAT('move ', change.id) AS occasion,
               change.id AS source_id
          FROM UNNEST(%s::int[], %s::int[]) AS move (id, plan_id)
          JOIN customer_standing_change AS change ON change.id = move.id
         WHERE move.plan_id IS NOT NULL
        """,
        change_ids,
        plan_ids,
    )


def first_placements_query(company_id, tier_ids, since):
    """Return the applications of welcome plans to customers who got their first tier.

    Those whom the company's first tier run placed are not new.

    :param tier_ids: the tiers with a welcome plan
    :param since: the day after which they were placed
    """
    return SQL(
        """
        SELECT standing.partner_id, tier.welcome_plan_id AS plan_id, 'first' AS occasion,
               standing.id AS source_id
          FROM customer_standing AS standing
          JOIN customer_tier AS tier ON tier.id = standing.tier_id
         WHERE standing.company_id = %(company)s
           AND standing.tier_id = ANY(%(tiers)s)
           AND standing.tier_since > %(since)s
           AND standing.tier_since > (
               SELECT MIN(as_of)
                 FROM customer_tier_evaluation AS evaluation
                 JOIN customer_tier_policy AS policy ON policy.id = evaluation.policy_id
                WHERE policy.company_id = %(company)s
                  AND evaluation.state = 'done'
                  AND evaluation.is_simulation IS NOT TRUE)
           AND NOT EXISTS (
               SELECT 1 FROM customer_standing_change AS change
                WHERE change.partner_id = standing.partner_id
                  AND change.company_id = standing.company_id)
           AND NOT EXISTS (
               SELECT 1 FROM customer_followup AS followup
                WHERE followup.partner_id = standing.partner_id
                  AND followup.company_id = standing.company_id
                  AND followup.kind = 'plan'
                  AND followup.occasion LIKE 'first/%%'
                  AND followup.state <> 'unassigned')
        """,
        company=company_id,
        tiers=tier_ids,
        since=since,
    )
