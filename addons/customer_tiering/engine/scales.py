"""How a figure becomes points from 0 to 100."""

from odoo.tools import SQL


def percentile_query(figure, higher_is_better, facts):
    """Return the SELECT of the points that each distinct figure earns.

    Points are 100 × (customers with a worse figure + ½ × others with the same)
    / (n − 1), the mid-rank percentile over the n customers who have a figure;
    a lone customer earns 100.
    """
    return SQL(
        """
        SELECT figure,
               CASE WHEN total = 1 THEN 100.0
                    ELSE 50.0 * (2 * worse + same - 1) / (total - 1)
               END::double precision AS points
          FROM (
                SELECT figure,
                       same,
                       (SUM(same) OVER (ORDER BY figure %(direction)s) - same)::bigint AS worse,
                       (SUM(same) OVER ())::bigint AS total
                  FROM (
                        SELECT %(figure)s AS figure, COUNT(*) AS same
                          FROM %(facts)s
                         WHERE %(figure)s IS NOT NULL
                      GROUP BY %(figure)s
                       ) AS distinct_figures
               ) AS ranked
        """,
        direction=SQL("ASC") if higher_is_better else SQL("DESC"),
        figure=figure,
        facts=facts,
    )


def linear_points(figure, floor, cap):
    """Return points that grow evenly from 0 at ``floor`` to 100 at ``cap``.

    A floor above the cap means that less is better.
    """
    return SQL(
        "100 * LEAST(1, GREATEST(0, (%s - %s::double precision) / %s::double precision))",
        figure,
        floor,
        cap - floor,
    )


def band_points(figure, bands):
    """Return the points of the highest threshold that the figure reaches, else 0.

    :param bands: pairs (threshold, points)
    """
    cases = SQL(" ").join(
        SQL("WHEN %s >= %s THEN %s::double precision", figure, threshold, points)
        for threshold, points in sorted(bands, reverse=True)
    )
    return SQL("CASE WHEN %s IS NULL THEN NULL %s ELSE 0 END", figure, cases)
