from odoo.tools import SQL

from .overrides import overrides_query
from .parts import EVERYBODY
from .tiers import compared, direction, places_query


def movement_query(scores, company_id, as_of, tiers, rule, wanted=EVERYBODY):
    """Return the SELECT that sets every customer's old standing beside the new one.

    Upgrade is immediate. A score between the held threshold m and m × (1 − tolerance)
    neither starts nor ends a grace period; below that one starts, and when it is over the
    customer goes down. Customers who have a standing and no score are no longer tiered.
    Whoever holds a tier of a former policy holds the one with the same code in this one.
    An override decides over all of that, as long as its tier is one of the run's. Every move
    has a ``direction`` beside its ``reason``: also an override goes up or down.

    :param scores: SQL name of the table that :func:`~.segments.segments_query` filled
    :param tiers: :class:`~.rules.TierRule` from best to worst
    :param rule: the :class:`~.rules.MovementRule`
    :param wanted: the :class:`~.parts.Part` of the customers to judge
    """
    return SQL(
        """
        WITH tier (tier_id, rank, min_score, next_tier_id, better_score)
             AS (VALUES %(tiers)s),
        equivalent AS (%(equivalent)s),
        places AS (%(places)s),
        overridden AS (
            SELECT override.override_id, override.partner_id, override.user_id,
                   override.tier_id IS NULL AS keeps_out,
                   tier.tier_id
              FROM (%(overrides)s) AS override
         LEFT JOIN equivalent ON equivalent.former_tier_id = override.tier_id
         LEFT JOIN tier ON tier.tier_id = COALESCE(equivalent.tier_id, override.tier_id)
             WHERE override.tier_id IS NULL OR tier.tier_id IS NOT NULL
        ),
        compared AS (
            SELECT standing.id AS standing_id,
                   COALESCE(equivalent.tier_id, standing.tier_id) AS old_tier_id,
                   standing.tier_since AS old_tier_since,
                   standing.downgrade_on AS old_downgrade_on,
                   COALESCE(scores.partner_id, standing.partner_id, overridden.partner_id)
                       AS partner_id,
                   standing.override_id AS old_override_id,
                   overridden.override_id,
                   overridden.tier_id AS override_tier_id,
                   overridden.user_id AS overridden_by_id,
                   (scores.partner_id IS NULL AND overridden.tier_id IS NULL)
                       OR COALESCE(overridden.keeps_out, FALSE) AS has_left,
                   scores.revenue, scores.previous_revenue, scores.order_count,
                   scores.last_order_date,
                   scores.figures, scores.points,
                   scores.score, scores.value_score, scores.loyalty_score,
                   scores.cooperation_score, scores.potential_score,
                   scores.candidate_tier_id,
                   scores.abc_class, scores.rfm_code, scores.rfm_segment, scores.value_class,
                   scores.portfolio, scores.lifecycle, scores.at_risk
              FROM (SELECT * FROM %(scores)s AS computed WHERE %(wanted)s) AS scores
         FULL JOIN (
                    SELECT * FROM customer_standing WHERE company_id = %(company)s AND %(wanted)s
                   ) AS standing
                ON standing.partner_id = scores.partner_id
         FULL JOIN overridden
                ON overridden.partner_id = COALESCE(scores.partner_id, standing.partner_id)
         LEFT JOIN equivalent ON equivalent.former_tier_id = standing.tier_id
             WHERE scores.partner_id IS NOT NULL
                OR standing.tier_id IS NOT NULL
                OR standing.override_id IS NOT NULL
                OR overridden.partner_id IS NOT NULL
        ),
        judged AS (
            SELECT compared.*,
                   held.rank AS held_rank,
                   held.next_tier_id AS step_down_tier_id,
                   candidate.rank AS candidate_rank,
                   candidate.better_score,
                   CASE WHEN override_tier_id IS NOT NULL THEN NULL
                        WHEN held.rank IS NULL OR candidate.rank <= held.rank THEN NULL
                        WHEN %(held_is_tolerated)s THEN old_downgrade_on
                        ELSE COALESCE(old_downgrade_on, %(as_of)s::date + %(grace)s)
                   END AS due
              FROM compared
         LEFT JOIN tier AS held ON held.tier_id = compared.old_tier_id
         LEFT JOIN tier AS candidate ON candidate.tier_id = compared.candidate_tier_id
        ),
        placed AS (
            SELECT judged.*,
                   CASE WHEN override_tier_id IS NOT NULL THEN override_tier_id
                        WHEN has_left THEN NULL
                        WHEN held_rank IS NULL OR candidate_rank <= held_rank
                             THEN candidate_tier_id
                        WHEN due <= %(as_of)s::date
                             THEN %(downgraded_to)s
                        ELSE old_tier_id
                   END AS tier_id
              FROM judged
        )
        SELECT placed.*,
               CASE WHEN placed.tier_id IS NULL THEN NULL
                    WHEN placed.tier_id = old_tier_id THEN old_tier_since
                    ELSE %(as_of)s::date
               END AS tier_since,
               CASE WHEN placed.tier_id = old_tier_id THEN due
                    WHEN override_tier_id IS NOT NULL OR %(reached_is_tolerated)s THEN NULL
                    WHEN candidate_rank > reached.rank
                         THEN %(as_of)s::date + GREATEST(%(grace)s, 1)
               END AS downgrade_on,
               %(points_to_next)s AS points_to_next,
               way.direction,
               CASE WHEN placed.tier_id IS NOT DISTINCT FROM old_tier_id THEN NULL
                    WHEN override_id IS NOT NULL THEN 'manual'
                    WHEN old_override_id IS NOT NULL THEN 'override_expired'
                    WHEN old_tier_id IS NULL THEN 'first'
                    WHEN placed.tier_id IS NULL THEN 'left'
                    WHEN way.direction = 'up' THEN 'upgrade'
                    WHEN way.direction = 'down' THEN 'downgrade'
                    ELSE 'replaced'
               END AS reason
          FROM placed
     LEFT JOIN tier AS reached ON reached.tier_id = placed.tier_id
     LEFT JOIN places AS old_place ON old_place.tier_id = placed.old_tier_id
     LEFT JOIN places AS new_place ON new_place.tier_id = placed.tier_id
CROSS JOIN LATERAL (
            -- By the run's own tiers where it has both, whatever became of the tiers since.
            SELECT CASE WHEN held_rank IS NOT NULL AND reached.rank IS NOT NULL
                        THEN %(in_policy)s
                        ELSE %(direction)s
                   END AS direction
           ) AS way
        """,
        tiers=_tier_rows(tiers),
        equivalent=equivalent_tiers(tiers),
        places=places_query(),
        in_policy=compared(SQL("held_rank"), SQL("reached.rank")),
        direction=direction(SQL("old_place"), SQL("new_place")),
        overrides=overrides_query(company_id, as_of, wanted),
        scores=scores,
        wanted=wanted.holds(SQL("partner_id")),
        company=company_id,
        as_of=as_of,
        held_is_tolerated=_is_tolerated(SQL("held"), rule),
        reached_is_tolerated=_is_tolerated(SQL("reached"), rule),
        points_to_next=SQL("placed.better_score - score")
        if rule.has_thresholds
        else SQL("NULL::numeric"),
        grace=rule.grace_days,
        downgraded_to=SQL("step_down_tier_id") if rule.one_step else SQL("candidate_tier_id"),
    )


def equivalent_tiers(tiers):
    """Return the SELECT of the tiers of other policies that have the code of one of the run's.

    :return: SQL with the columns ``former_tier_id`` and ``tier_id``
    """
    return SQL(
        """
        SELECT former.id AS former_tier_id, present.id AS tier_id
          FROM customer_tier AS present
          JOIN customer_tier AS former
            ON former.code = present.code AND former.policy_id <> present.policy_id
         WHERE present.id = ANY(%s)
        """,
        [step.tier_id for step in tiers],
    )


def _is_tolerated(step, rule):
    """Return whether the score is within the tolerance below a tier's threshold."""
    if not rule.has_thresholds:
        return SQL("FALSE")
    return SQL("score >= %s.min_score * (1 - %s)", step, rule.tolerance)


def _tier_rows(tiers):
    below = [step.tier_id for step in tiers[1:]] + [None]
    above = [None] + [step.min_score for step in tiers[:-1]]
    return SQL(", ").join(
        SQL(
            "(%s::integer, %s::integer, %s::numeric, %s::integer, %s::numeric)",
            step.tier_id,
            rank,
            step.min_score,
            next_tier_id,
            better_score,
        )
        for rank, (step, next_tier_id, better_score) in enumerate(
            zip(tiers, below, above, strict=True)
        )
    )
