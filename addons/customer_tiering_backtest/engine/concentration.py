"""On how many customers the revenue depends."""

from decimal import Decimal

from odoo.tools import SQL


def revenue_concentration(cr, company_id, top_share):
    """Return how the revenue is spread over the customers who are in a tier now.

    :param top_share: which part of the customers is the best (0 to 1)
    :return: dict with ``customers``, ``revenue`` and ``points``: at most a hundred pairs
        (number of best customers, their share of the revenue), one per hundredth of the
        customers; ``best_customers`` and ``best_share`` are the first of these that covers
        ``top_share``, which is there as well. Revenue below zero counts as none; None without
        any.
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
    if not rows:
        return None
    _place, customers, revenue, _share = rows[0]
    points = [[place, float(share)] for place, _customers, _total, share in rows]
    # As text, for 0.07 × 100 is more than 7 in floats.
    covered = Decimal(str(top_share)) * customers
    best_customers, best_share = next(point for point in points if point[0] >= covered)
    return {
        "customers": customers,
        "revenue": float(revenue),
        "points": points,
        "top_share": top_share,
        "best_customers": best_customers,
        "best_share": best_share,
    }
