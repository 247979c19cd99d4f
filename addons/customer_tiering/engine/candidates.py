"""Which tier a customer earns, by each method."""

from itertools import accumulate

from odoo.tools import SQL


def candidate_tier(method, tiers):
    """Return the tier that a customer earns, as SQL over the columns of
    :func:`~.segments.segments_query`.

    - ``score``: the best tier whose threshold the score reaches;
    - ``top_share``: by place in the order of scores, with boundaries at
      ⌈(s₁ + … + s_k) · n⌉ customers;
    - ``value_share``: by the revenue of those before in the order of revenue, against
      (s₁ + … + s_k) of the whole.

    Whoever reaches nothing, or has no score, is in the lowest tier.

    :param tiers: :class:`~.rules.TierRule` from best to worst
    """
    return {
        "score": _by_score,
        "top_share": _by_place,
        "value_share": _by_revenue,
    }[method](tiers)


def score_place(method):
    """Return a customer's place in the order of scores, from 1, where the method asks for it."""
    if method != "top_share":
        return SQL("NULL::bigint")
    return SQL("ROW_NUMBER() OVER (ORDER BY score DESC NULLS LAST, revenue DESC, partner_id)")


def _by_score(tiers):
    ascending = tiers[::-1]
    return SQL(
        "COALESCE((%s::integer[])[WIDTH_BUCKET(score, %s::numeric[])], %s)",
        [tier.tier_id for tier in ascending],
        [tier.min_score for tier in ascending],
        ascending[0].tier_id,
    )


def _by_place(tiers):
    return _first_where(
        tiers,
        lambda share: SQL("score IS NOT NULL AND score_place <= CEIL(%s * customers)", share),
    )


def _by_revenue(tiers):
    return _first_where(
        tiers,
        lambda share: SQL("revenue > 0 AND revenue_before < %s * total_revenue", share),
    )


def _first_where(tiers, condition):
    """Return the best tier below the last whose condition on its cumulated share holds."""
    shares = accumulate(tier.share for tier in tiers)
    cases = SQL(" ").join(
        SQL("WHEN %s THEN %s", condition(share), tier.tier_id)
        for tier, share in zip(tiers[:-1], shares, strict=False)
    )
    lowest = tiers[-1].tier_id
    return SQL("CASE %s ELSE %s END", cases, lowest) if cases.code else SQL("%s", lowest)
