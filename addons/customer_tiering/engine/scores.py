from odoo.tools import SQL

from .facts import FACT_COLUMNS, figure_name
from .scales import band_points, linear_points, percentile_query

DIMENSIONS = ("value", "loyalty", "cooperation", "potential")


def scores_query(facts, criteria, ranking=None):
    """Return the SELECT of every customer's points and scores; prospects have none.

    :param facts: SQL name of the table that :func:`~.facts.facts_query` filled
    :param criteria: :class:`~.rules.CriterionRule` in order
    :param ranking: returns, for a position and its criterion by rank, the SELECT of the points
        of each figure; by default all in ``facts`` are ranked among themselves
    """

    def rank_all(position, criterion):
        return percentile_query(
            figure_name(position), criterion.higher_is_better, facts, criterion.zero_is_nothing
        )

    rankings = [
        SQL(
            "%s AS MATERIALIZED (%s)",
            SQL.identifier(f"percentile_{position}"),
            (ranking or rank_all)(position, criterion),
        )
        for position, criterion in enumerate(criteria)
        if criterion.scale == "percentile"
    ]
    joins = [
        SQL(
            " LEFT JOIN %(ranking)s ON %(ranking)s.figure = facts.%(figure)s",
            ranking=SQL.identifier(f"percentile_{position}"),
            figure=figure_name(position),
        )
        for position, criterion in enumerate(criteria)
        if criterion.scale == "percentile"
    ]
    points = [
        SQL("(%s)::double precision AS %s", _points(position, criterion), _points_name(position))
        for position, criterion in enumerate(criteria)
    ]
    return SQL(
        """
        %(rankings)s
        SELECT %(fact_columns)s,
               CASE WHEN is_customer THEN %(figures)s END AS figures,
               CASE WHEN is_customer THEN %(points)s END AS points,
               CASE WHEN is_customer THEN %(score)s END AS score,
               %(dimension_scores)s
          FROM (
                SELECT facts.*, %(point_columns)s
                  FROM %(facts)s AS facts
                       %(joins)s
               ) AS pointed
        """,
        fact_columns=SQL(", ").join(SQL.identifier(name) for name in FACT_COLUMNS),
        rankings=SQL("WITH %s", SQL(", ").join(rankings)) if rankings else SQL(),
        figures=_array(figure_name(position) for position in range(len(criteria))),
        points=_array(_points_name(position) for position in range(len(criteria))),
        score=_weighted_mean(list(enumerate(criteria))),
        dimension_scores=SQL(", ").join(
            SQL(
                "CASE WHEN is_customer THEN %s END AS %s",
                _weighted_mean(
                    [
                        (position, criterion)
                        for position, criterion in enumerate(criteria)
                        if criterion.dimension == dimension
                    ]
                ),
                SQL.identifier(f"{dimension}_score"),
            )
            for dimension in DIMENSIONS
        ),
        point_columns=SQL(", ").join(points),
        facts=facts,
        joins=SQL().join(joins),
    )


def _points_name(position):
    return SQL.identifier(f"points_{position}")


def _array(columns):
    return SQL("ARRAY[%s]::double precision[]", SQL(", ").join(columns))


def _points(position, criterion):
    figure = SQL("facts.%s", figure_name(position))
    if criterion.scale == "percentile":
        points = SQL("%s.points", SQL.identifier(f"percentile_{position}"))
    elif criterion.scale == "linear":
        points = linear_points(figure, criterion.floor, criterion.cap)
        # LEAST and GREATEST pass over NULL, which would give a missing figure points.
        points = SQL("CASE WHEN %s IS NOT NULL THEN %s END", figure, points)
    else:
        points = band_points(figure, criterion.bands)
    return SQL("COALESCE(%s, 0)", points) if criterion.missing == "zero" else points


def _weighted_mean(criteria):
    """Return Σ weight × points / Σ weight over the criteria that apply, two decimals, half up.

    :param criteria: pairs (position, criterion)
    """
    criteria = [(position, criterion) for position, criterion in criteria if criterion.weight]
    if not criteria:
        return SQL("NULL::numeric")
    total = SQL(" + ").join(
        SQL("%s::double precision * COALESCE(%s, 0)", criterion.weight, _points_name(position))
        for position, criterion in criteria
    )
    weight = SQL(" + ").join(
        SQL(
            "CASE WHEN %s IS NULL THEN 0 ELSE %s::double precision END",
            _points_name(position),
            criterion.weight,
        )
        for position, criterion in criteria
    )
    # Half a hundredth is not lost to what is 66.66499999999999 instead of 66.665. A cast of the
    # mean itself to numeric, which writes it out and reads it, takes six times as long.
    return SQL(
        "FLOOR((%s) / NULLIF(%s, 0) * 100 + 0.500000000005)::integer::numeric * 0.01",
        total,
        weight,
    )
