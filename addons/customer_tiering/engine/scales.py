"""How a figure becomes points from 0 to 100."""

from odoo.tools import SQL


def percentile_points(figure, worse, same, others, zero_is_nothing):
    """Return 100 × (customers with a worse figure + ½ × others with the same) / others.

    That is the mid-rank percentile of a customer beside the others who are ranked; a lone
    customer earns 100.

    :param same: SQL of the number of others with the same figure
    :param zero_is_nothing: whether no or a negative figure earns 0 points
    """
    points = SQL(
        "CASE WHEN %(others)s = 0 THEN 100.0"
        " ELSE 50.0 * (2 * %(worse)s + %(same)s) / %(others)s END",
        worse=worse,
        same=same,
        others=others,
    )
    if zero_is_nothing:
        points = SQL("CASE WHEN %s > 0 THEN %s ELSE 0 END", figure, points)
    return SQL("(%s)::double precision", points)


def percentile_query(figure, higher_is_better, facts, zero_is_nothing=False):
    """Return the SELECT of the points that each distinct figure earns.

    :param zero_is_nothing: whether no or a negative figure earns 0 points, and the others are
        ranked among themselves
    :return: SQL with the columns ``figure`` and ``points``
    """
    return SQL(
        """
        SELECT figure, %(points)s AS points
          FROM (
                SELECT figure,
                       same - 1 AS same,
                       (SUM(same) FILTER (WHERE %(is_ranked)s) OVER (ORDER BY figure %(direction)s)
                           - same)::bigint AS worse,
                       (SUM(same) FILTER (WHERE %(is_ranked)s) OVER ())::bigint - 1 AS others
                  FROM (%(distinct_figures)s) AS distinct_figures
               ) AS ranked
        """,
        points=percentile_points(
            SQL("figure"), SQL("worse"), SQL("same"), SQL("others"), zero_is_nothing
        ),
        is_ranked=SQL("figure > 0") if zero_is_nothing else SQL("TRUE"),
        direction=SQL("ASC") if higher_is_better else SQL("DESC"),
        distinct_figures=_distinct_figures(figure, facts),
    )


def fifth_query(figure, facts):
    """Return the SELECT of the fifth of equal counts, 1 to 5, in which each distinct figure is.

    Customers with the same figure are in the same fifth, the lowest that one of them is in:
    1 + ⌊5 × (customers with a lower figure) / n⌋.

    :return: SQL with the columns ``figure`` and ``fifth``
    """
    return SQL(
        """
        SELECT figure,
               1 + DIV(5 * (SUM(same) OVER (ORDER BY figure) - same), SUM(same) OVER ())::integer
                   AS fifth
          FROM (%s) AS distinct_figures
        """,
        _distinct_figures(figure, facts),
    )


def _distinct_figures(figure, facts):
    return SQL(
        """
        SELECT %(figure)s AS figure, COUNT(*) AS same
          FROM %(facts)s
         WHERE %(figure)s IS NOT NULL
      GROUP BY %(figure)s
        """,
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
