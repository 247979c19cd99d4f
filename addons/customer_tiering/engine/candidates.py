"""Which tier a customer earns, by each method."""

from itertools import accumulate

from odoo.tools import SQL


def candidate_tier(method, ladder):
    """Return the tier that a customer earns, as SQL over the columns of :func:`~.lenses`.

    - ``score``: the best tier whose threshold the score reaches;
    - ``top_share``: by place in the order of scores, with boundaries at
      ⌈(s₁ + … + s_k) · n⌉ customers;
    - ``value_share``: by the revenue of those before in the order of revenue, against
      (s₁ + … + s_k) of the whole.

    Whoever reaches nothing, or has no score, is in the lowest tier.

    :param ladder: :class:`~.rules.LadderStep` from best to worst
    """
    return {
        "score": _by_score,
        "top_share": _by_place,
        "value_share": _by_revenue,
    }[method](ladder)


def score_place(method):
    """Return a customer's place in the order of scores, from 1, where the method asks for it."""
    if method != "top_share":
        return SQL("NULL::bigint")
    return SQL("ROW_NUMBER() OVER (ORDER BY score DESC NULLS LAST, revenue DESC, partner_id)")


def _by_score(ladder):
    steps = ladder[::-1]
    return SQL(
        "COALESCE((%s::integer[])[WIDTH_BUCKET(score, %s::numeric[])], %s)",
        [step.tier_id for step in steps],
        [step.min_score for step in steps],
        steps[0].tier_id,
    )


def _by_place(ladder):
    return _first_where(
        ladder,
        lambda share: SQL("score IS NOT NULL AND score_place <= CEIL(%s * customers)", share),
    )


def _by_revenue(ladder):
    return _first_where(
        ladder,
        lambda share: SQL("revenue > 0 AND revenue_before < %s * total_revenue", share),
    )


def _first_where(ladder, condition):
    """Return the best tier below the last whose condition on its cumulated share holds."""
    shares = accumulate(step.share for step in ladder)
    cases = SQL(" ").join(
        SQL("WHEN %s THEN %s", condition(share), step.tier_id)
        for step, share in zip(ladder[:-1], shares, strict=False)
    )
    lowest = ladder[-1].tier_id
    return SQL("CASE %s ELSE %s END", cases, lowest) if cases.code else SQL("%s", lowest)
