"""How well the scores of a past day predicted what was bought afterwards."""

from odoo.tools import SQL


def prediction_query(compared, bought):
    """Return the SELECT of one row of figures, which :meth:`.backtest.Backtest.predict` names.

    :param compared: table with a row per ranked customer: ``score``, ``is_top`` (in the best tier
        by score), ``earlier`` and ``later`` (revenue of the twelve months before the day, and of
        the period after it)
    :param bought: table of what everybody bought in the period: ``partner_id``, ``revenue``
    """
    return SQL(
        """
        WITH whole AS (
            SELECT COUNT(*) AS customers,
                   COUNT(*) FILTER (WHERE is_top) AS top_customers,
                   COALESCE(SUM(GREATEST(later, 0)), 0) AS revenue,
                   COALESCE(SUM(GREATEST(later, 0)) FILTER (WHERE is_top), 0) AS captured
              FROM %(compared)s
        ),
        ranks AS (
            SELECT %(score_rank)s AS by_score,
                   %(earlier_rank)s AS by_earlier,
                   %(later_rank)s AS by_later
              FROM %(compared)s
             WHERE score IS NOT NULL
        ),
        correlations AS (
            SELECT CORR(by_score, by_later) AS score_correlation,
                   CORR(by_earlier, by_later) AS revenue_correlation
              FROM ranks
        )
        SELECT customers,
               top_customers,
               revenue,
               (SELECT COALESCE(SUM(GREATEST(revenue, 0)), 0) FROM %(bought)s) - revenue
                   AS other_revenue,
               CASE WHEN revenue > 0 THEN score_correlation END AS score_correlation,
               CASE WHEN revenue > 0 THEN revenue_correlation END AS revenue_correlation,
               captured / NULLIF(revenue, 0) AS captured_by_tier,
               %(best)s / NULLIF(revenue, 0) AS captured_by_best,
               %(by_revenue)s / NULLIF(revenue, 0) AS captured_by_revenue
          FROM whole
    CROSS JOIN correlations
        """,
        compared=compared,
        bought=bought,
        score_rank=_doubled_rank(SQL("score")),
        earlier_rank=_doubled_rank(SQL("earlier")),
        later_rank=_doubled_rank(SQL("later")),
        best=_captured_by(compared, SQL("later")),
        by_revenue=_captured_by(compared, SQL("earlier")),
    )


def _doubled_rank(figure):
    """Return twice the mean rank of a figure plus a constant, which no correlation notices."""
    return SQL(
        "(2 * RANK() OVER (ORDER BY %s) + COUNT(*) OVER (PARTITION BY %s))::double precision",
        figure,
        figure,
    )


def _captured_by(compared, figure):
    """Return what as many customers as are in the best tier, with the highest figure, bought."""
    return SQL(
        """
        (
            SELECT COALESCE(SUM(
                       bought * LEAST(GREATEST(whole.top_customers - better, 0), same) / same), 0)
              FROM (
                    SELECT SUM(GREATEST(later, 0)) AS bought,
                           COUNT(*) AS same,
                           SUM(COUNT(*)) OVER (ORDER BY %(figure)s DESC) - COUNT(*) AS better
                      FROM %(compared)s
                  GROUP BY %(figure)s
                   ) AS ordered
        )
        """,
        figure=figure,
        compared=compared,
    )
