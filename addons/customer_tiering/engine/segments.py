"""The segments of the scored customers: ABC, RFM, value class, portfolio, lifecycle, risk."""

from odoo.tools import SQL

from ..tools.rfm import segments_by_code
from .candidates import candidate_tier, score_place
from .scales import fifth_query


def segments_query(scores, rules, as_of):
    """Return the SELECT that adds the candidate tier and the segments to every score.

    The numbers are those of ``rules.segments``, a :class:`~.rules.SegmentRule`.

    ``abc_class`` goes by the revenue of those who bring more, as a share of all of it.
    ``rfm_code`` is the fifths of recency, frequency (days with an order) and revenue among
    those who ordered in the period, 5 the best; whoever did not has 111.
    ``value_class`` is ``bz`` (margin below zero), ``mvc`` (top share by revenue), ``stc``
    (of the others, top share by potential) or ``standard``. ``portfolio`` crosses revenue
    and potential at the medians of the customers with revenue. ``lifecycle`` sets the days
    since the last order against the customer's rhythm: the mean gap between its days with an
    order, with the company's median gap counted as one more, so that one quick reorder does
    not make a rhythm. ``at_risk`` says what is falling, the rhythm or the revenue, of those
    who belonged to the top share by revenue in the period before and are not lost.

    :param scores: SQL name of the table that :func:`~.scores.scores_query` filled
    :param rules: the :class:`~.rules.Rules`
    :param as_of: the run's date
    """
    return SQL(
        """
        WITH recency AS MATERIALIZED (%(recency)s),
        frequency AS MATERIALIZED (%(frequency)s),
        monetary AS MATERIALIZED (%(monetary)s),
        whole AS (
            SELECT COUNT(*) AS customers,
                   COALESCE(SUM(revenue) FILTER (WHERE revenue > 0), 0) AS total_revenue,
                   PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY revenue::double precision)
                       FILTER (WHERE revenue > 0) AS median_revenue,
                   PERCENTILE_CONT(1 - %(top)s)
                       WITHIN GROUP (ORDER BY previous_revenue::double precision)
                       FILTER (WHERE previous_revenue > 0) AS best_previous_revenue,
                   PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY potential_score::double precision)
                       FILTER (WHERE revenue > 0) AS median_potential,
                   PERCENTILE_CONT(0.5) WITHIN GROUP (
                       ORDER BY (last_order_date - first_order_date)
                                / NULLIF(order_days_ever - 1, 0)::double precision)
                       FILTER (WHERE order_days_ever > 1) AS median_gap
              FROM %(scores)s
             WHERE is_customer
        ),
        -- The first who is not among the best by potential: three columns are sorted quickly.
        next_best AS (
            SELECT potential_score AS next_score, revenue AS next_revenue, partner_id AS next_id
              FROM %(scores)s
             WHERE is_customer AND potential_score > 0
          ORDER BY potential_score DESC, revenue DESC, partner_id
            OFFSET (SELECT CEIL(%(top)s * customers) FROM whole)
             LIMIT 1
        ),
        placed AS (
            SELECT scores.*,
                   whole.*,
                   %(score_place)s AS score_place,
                   ROW_NUMBER() OVER by_revenue AS revenue_place,
                   potential_score > 0 AND COALESCE(
                       (potential_score, revenue, -partner_id)
                           > (next_score, next_revenue, -next_id),
                       TRUE) AS is_best_by_potential,
                   SUM(GREATEST(revenue, 0)) OVER by_revenue - GREATEST(revenue, 0)
                       AS revenue_before,
                   %(as_of)s::date - last_order_date AS recency_days,
                   (last_order_date - first_order_date + median_gap)
                       / GREATEST(order_days_ever, 1) AS rhythm,
                   revenue < %(falling)s * previous_revenue AS is_falling,
                   previous_revenue >= best_previous_revenue AS was_best,
                   potential_score > 0 AND potential_score >= median_potential
                       AS has_high_potential
              FROM %(scores)s AS scores
        CROSS JOIN whole
         LEFT JOIN next_best ON TRUE
             WHERE is_customer
            WINDOW by_revenue AS (ORDER BY revenue DESC, partner_id ROWS UNBOUNDED PRECEDING)
        ),
        cycled AS (
            SELECT placed.*,
                   CASE WHEN last_order_date IS NULL THEN NULL
                        WHEN rhythm IS NULL THEN 'new'
                        WHEN recency_days > %(lost)s * rhythm THEN 'lost'
                        WHEN recency_days > %(lapsing)s * rhythm THEN 'lapsing'
                        WHEN order_days_ever = 1 THEN 'new'
                        ELSE 'active'
                   END AS lifecycle,
                   %(recency_fifth)s AS recency_fifth,
                   %(frequency_fifth)s AS frequency_fifth,
                   %(revenue_fifth)s AS revenue_fifth
              FROM placed
         LEFT JOIN recency ON recency.figure = placed.last_order_date
         LEFT JOIN frequency ON frequency.figure = placed.order_days
         LEFT JOIN monetary ON monetary.figure = placed.revenue
        )
        SELECT partner_id, revenue, previous_revenue, order_count, last_order_date,
               figures, points, score, value_score, loyalty_score, cooperation_score,
               potential_score,
               %(candidate)s AS candidate_tier_id,
               CASE WHEN revenue <= 0 THEN 'c'
                    WHEN revenue_before < %(share_a)s * total_revenue THEN 'a'
                    WHEN revenue_before < %(share_b)s * total_revenue THEN 'b'
                    ELSE 'c'
               END AS abc_class,
               CONCAT(recency_fifth, frequency_fifth, revenue_fifth) AS rfm_code,
               (%(segments)s::varchar[])[
                   25 * recency_fifth + 5 * frequency_fifth + revenue_fifth - 30
               ] AS rfm_segment,
               CASE WHEN margin < 0 THEN 'bz'
                    WHEN revenue > 0 AND revenue_place <= CEIL(%(top)s * customers) THEN 'mvc'
                    WHEN is_best_by_potential THEN 'stc'
                    ELSE 'standard'
               END AS value_class,
               CASE WHEN potential_score IS NULL OR median_potential IS NULL THEN NULL
                    WHEN revenue >= median_revenue AND has_high_potential THEN 'invest'
                    WHEN has_high_potential THEN 'cultivate'
                    WHEN revenue >= median_revenue THEN 'restructure'
                    ELSE 'abandon'
               END AS portfolio,
               lifecycle,
               CASE WHEN NOT was_best OR lifecycle = 'lost' THEN NULL
                    WHEN lifecycle = 'lapsing' AND is_falling THEN 'both'
                    WHEN lifecycle = 'lapsing' THEN 'rhythm'
                    WHEN is_falling THEN 'revenue'
               END AS at_risk
          FROM cycled
         UNION ALL
        SELECT partner_id, revenue, previous_revenue, order_count, NULL, NULL, NULL, NULL, NULL,
               NULL, NULL, NULL, %(prospect_tier)s, NULL, NULL, NULL, NULL, NULL, 'prospect', NULL
          FROM %(scores)s
         WHERE NOT is_customer
        """,
        recency=fifth_query(SQL("last_order_date"), _buyers(scores)),
        frequency=fifth_query(SQL("order_days"), _buyers(scores)),
        monetary=fifth_query(SQL("revenue"), _buyers(scores)),
        scores=scores,
        as_of=as_of,
        candidate=candidate_tier(rules.method, rules.tiers),
        score_place=score_place(rules.method),
        share_a=rules.segments.abc_a_share,
        share_b=rules.segments.abc_b_share,
        recency_fifth=_fifth(SQL("recency")),
        frequency_fifth=_fifth(SQL("frequency")),
        revenue_fifth=_fifth(SQL("monetary")),
        segments=segments_by_code(),
        top=rules.segments.top_share,
        falling=rules.segments.at_risk_revenue_share,
        lost=rules.segments.lost_factor,
        lapsing=rules.segments.lapsing_factor,
        prospect_tier=rules.prospect_tier_id,
    )


def _buyers(scores):
    return SQL("(SELECT * FROM %s WHERE is_customer AND order_days > 0) AS buyers", scores)


def _fifth(ranking):
    """Return 1 to 5; whoever has no order in the period is in the lowest."""
    return SQL("CASE WHEN order_days > 0 THEN %s.fifth ELSE 1 END", ranking)
