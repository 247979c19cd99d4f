"""Whether a ladder does what it is for: what its scores foretell, and who brings the revenue."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from .facts import facts_query
from .scope import Scope
from .steps import STANDINGS, create, drop

BOUGHT = SQL("tiering_bought")
FORETOLD = SQL("tiering_foretold")


@dataclass(frozen=True)
class Aftermath(Scope):
    """The months after a day.

    Counting the months back from the last day would begin too early after a clipped
    month: six months before 28 February is 28 August, also for an ``after`` of 31 August.

    :ivar after: the last local date before the window
    """

    after: date | None = None

    @property
    def window_start(self) -> date:
        return self.after


def months_after(scope, months):
    """Return the :class:`Aftermath` of so many months that follow a scope's date."""
    until = scope.as_of + relativedelta(months=months)
    return Aftermath(
        **{**vars(scope), "as_of": until, "window_months": months, "after": scope.as_of}
    )


def gather_bought(cr, aftermath, facts):
    """Fill the temporary table of what each customer bought in the aftermath's window.

    :param facts: the :class:`~.facts.Facts` of every contact, ranked or not
    """
    bought = facts_query(aftermath, facts, with_prospects=False)
    create(cr, BOUGHT, SQL("SELECT partner_id, revenue FROM (%s) AS facts", bought))


def prediction(cr, year_before, facts, best_tier_id):
    """Return how well the scores of a past day foretold what was bought afterwards.

    Reads what :func:`~.compute.compute_standings` and :func:`gather_bought` filled, and drops
    the former. The correlations are Spearman's: Pearson's over ranks, where equal figures
    share the mean of their ranks. A choice by a figure takes the customers with the highest;
    where equal ones straddle the end of the choice, they count by the part of them that
    fits. Revenue below zero counts as none in the shares, not in the ranks.

    :param year_before: the :class:`~.scope.Scope` of the twelve months up to that day
    :param facts: the :class:`~.facts.Facts` of every contact, ranked or not
    :return: dict with ``customers`` (ranked on that day), ``top_customers`` (those in the
        best tier by their score), ``revenue`` (what the ranked bought afterwards) and
        ``other_revenue`` (what all others did), ``score_correlation`` and
        ``revenue_correlation`` (−1 to 1), ``caught_by_tier``, ``caught_by_best`` and
        ``caught_by_revenue`` (shares of ``revenue``); None where there is nothing to measure
    """
    create(
        cr,
        FORETOLD,
        SQL(
            """
            SELECT ranked.score,
                   ranked.candidate_tier_id = %(best_tier)s AS is_top,
                   COALESCE(before.revenue, 0) AS earlier,
                   COALESCE(bought.revenue, 0) AS later
              FROM %(ranked)s AS ranked
         LEFT JOIN (%(before)s) AS before ON before.partner_id = ranked.partner_id
         LEFT JOIN %(bought)s AS bought ON bought.partner_id = ranked.partner_id
             WHERE ranked.lifecycle IS DISTINCT FROM 'prospect'
            """,
            best_tier=best_tier_id,
            ranked=STANDINGS,
            before=facts_query(year_before, facts, with_prospects=False),
            bought=BOUGHT,
        ),
    )
    cr.execute(
        SQL(
            """
            WITH whole AS (
                SELECT COUNT(*) AS customers,
                       COUNT(*) FILTER (WHERE is_top) AS top_customers,
                       COALESCE(SUM(GREATEST(later, 0)), 0) AS revenue,
                       COALESCE(SUM(GREATEST(later, 0)) FILTER (WHERE is_top), 0) AS caught
                  FROM %(foretold)s
            ),
            ranks AS (
                SELECT %(score_rank)s AS by_score,
                       %(earlier_rank)s AS by_earlier,
                       %(later_rank)s AS by_later
                  FROM %(foretold)s
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
                   caught / NULLIF(revenue, 0) AS caught_by_tier,
                   %(best)s / NULLIF(revenue, 0) AS caught_by_best,
                   %(by_revenue)s / NULLIF(revenue, 0) AS caught_by_revenue
              FROM whole
        CROSS JOIN correlations
            """,
            foretold=FORETOLD,
            bought=BOUGHT,
            score_rank=_doubled_rank(SQL("score")),
            earlier_rank=_doubled_rank(SQL("earlier")),
            later_rank=_doubled_rank(SQL("later")),
            best=_caught_by(SQL("later")),
            by_revenue=_caught_by(SQL("earlier")),
        )
    )
    found = dict(zip((column.name for column in cr.description), cr.fetchone(), strict=True))
    drop(cr, STANDINGS, FORETOLD)
    return {
        name: value if value is None or isinstance(value, int) else round(float(value), 6)
        for name, value in found.items()
    }


def _doubled_rank(figure):
    """Return twice the mean rank of a figure plus a constant, which no correlation notices."""
    return SQL(
        "(2 * RANK() OVER (ORDER BY %s) + COUNT(*) OVER (PARTITION BY %s))::double precision",
        figure,
        figure,
    )


def _caught_by(figure):
    """Return what the ``top_customers`` with the highest figure bought later."""
    return SQL(
        """
        (
            SELECT COALESCE(SUM(
                       bought * LEAST(GREATEST(whole.top_customers - better, 0), same) / same), 0)
              FROM (
                    SELECT SUM(GREATEST(later, 0)) AS bought,
                           COUNT(*) AS same,
                           SUM(COUNT(*)) OVER (ORDER BY %(figure)s DESC) - COUNT(*) AS better
                      FROM %(foretold)s
                  GROUP BY %(figure)s
                   ) AS ordered
        )
        """,
        figure=figure,
        foretold=FORETOLD,
    )


def pareto_curve(cr, company_id):
    """Return how the revenue is spread over the customers who are in a tier now.

    :return: dict with ``customers``, ``revenue`` and ``points``: at most a hundred pairs
        (number of best customers, their share of the revenue), one per hundredth of the
        customers. Revenue below zero counts as none; without any there are no points.
    """
    cr.execute(
        SQL(
            """
            SELECT place, customers, total, ROUND(reached / total, 6)
              FROM (
                    SELECT ROW_NUMBER() OVER by_revenue AS place,
                           COUNT(*) OVER () AS customers,
                           SUM(GREATEST(revenue, 0)) OVER by_revenue AS reached,
                           SUM(GREATEST(revenue, 0)) OVER () AS total
                      FROM customer_standing
                     WHERE company_id = %s
                       AND tier_id IS NOT NULL
                       AND lifecycle IS DISTINCT FROM 'prospect'
                    WINDOW by_revenue AS (ORDER BY revenue DESC, id ROWS UNBOUNDED PRECEDING)
                   ) AS ranked
             WHERE total > 0
               -- The places ⌈k · customers / 100⌉, in whole numbers.
               AND place * 100 / customers > (place - 1) * 100 / customers
          ORDER BY place
            """,
            company_id,
        )
    )
    rows = cr.fetchall()
    return {
        "customers": rows[0][1] if rows else 0,
        "revenue": float(rows[0][2]) if rows else 0,
        "points": [[place, float(share)] for place, _customers, _total, share in rows],
    }
