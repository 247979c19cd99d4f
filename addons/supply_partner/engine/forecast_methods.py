"""What each method of forecasting says a week, and how far each was off.

The words mean what ``tools/forecast_methods.py`` says. The usual method is part of every forecast
(``forecast.py``); the others are reckoned where one of them is the champion of a class of demand,
and, for comparing, of some lines a week. They read the same weeks, in the same pass.
"""

from odoo.tools import SQL

from ..tools import FAST_SMOOTHING, MEAN_WEEKS, METHODS, ORIGINS, REVIEWS, SMOOTHING

# So many lines of a class are compared at most with a review: the mean of more says the same.
MOST_COMPARED = 1000
# A line is compared again so many days later.
COMPARED_EVERY_DAYS = 7
# What was forecast longer ago decides nothing, however rarely is reviewed.
OLDEST_DAYS = 400


def method_sums():
    """Return SQL of what the other methods take of the weeks of a line: aggregates, with a comma.

    :return: SQL over rows of :func:`~.forecast.weeks_query` with ranks
    """
    return SQL(
        """,
                   SUM(demand * POWER(%(fast_kept)s::double precision, newer)) AS fast_sum,
                   SUM(demand) FILTER (WHERE newer < %(mean_weeks)s) AS late_demand,
                   SUM(POWER(%(kept)s::double precision, newer)) FILTER (WHERE demand > 0)
                       AS chance_sum,
                   SUM(demand * POWER(%(kept)s::double precision, rank)) FILTER (WHERE demand > 0)
                       AS size_sum,
                   SUM(newer * POWER(%(kept)s::double precision, rank)) FILTER (WHERE demand > 0)
                       AS place_sum,
                   MIN(newer) FILTER (WHERE demand > 0) AS last_place,
                   -- How new it is, and the demand, of the first week in which any was wanted.
                   MAX(ARRAY[newer, demand]) FILTER (WHERE demand > 0) AS first_size""",
        fast_kept=1 - FAST_SMOOTHING,
        kept=1 - SMOOTHING,
        mean_weeks=MEAN_WEEKS,
    )


def method_rates():
    """Return SQL of demand a week by each of the other methods, over those sums.

    :return: dict of SQL by method; NULL where nothing was wanted, below 0 where more came back
    """
    kept, sizes = SQL("%s::double precision", 1 - SMOOTHING), SQL("(sizes - 1)")
    size = SQL(
        "(%s * size_sum + (1 - %s) * POWER(%s, %s) * first_size[2])",
        SMOOTHING,
        SMOOTHING,
        kept,
        sizes,
    )
    # Of weights times differences of places, summed by parts, so that no row looks at another.
    interval = SQL(
        """(CASE WHEN sizes = 1 THEN weeks - first_size[1] ELSE
            POWER(%(kept)s, %(sizes)s) * weeks - %(smoothing)s * last_place
            + %(smoothing)s ^ 2 / %(kept)s
              * (place_sum - last_place - POWER(%(kept)s, %(sizes)s) * first_size[1])
            + (2 * %(smoothing)s - 1) * POWER(%(kept)s, sizes - 2) * first_size[1] END)""",
        kept=kept,
        smoothing=SMOOTHING,
        sizes=sizes,
    )
    chance = SQL(
        "(%s * chance_sum + CASE WHEN oldest[1] = weeks - 1 AND oldest[2] > 0 "
        "THEN (1 - %s) * POWER(%s, oldest[1]) ELSE 0 END)",
        SMOOTHING,
        SMOOTHING,
        kept,
    )
    return {
        "mean": SQL("late_demand / LEAST(weeks, %s)", MEAN_WEEKS),
        "fast": SQL(
            "%(smoothing)s * fast_sum + CASE WHEN oldest[1] = weeks - 1 THEN oldest[2] "
            "* POWER(1 - %(smoothing)s::double precision, oldest[1]) * (1 - %(smoothing)s) "
            "ELSE 0 END",
            smoothing=FAST_SMOOTHING,
        ),
        "sba": SQL("(1 - %s / 2::double precision) * %s / %s", SMOOTHING, size, interval),
        "tsb": SQL("%s * %s", chance, size),
    }


def compared_query(scope, shelves, findings, agreement_ids):
    """Return the SELECT of the lines whose forecasts of today all methods shall make.

    Each line once a week, and of many of a class always the same ones.

    :return: SQL with ``line_id``, ``day`` and ``weeks`` to look back over
    """
    return SQL(
        """
        SELECT line_id, %(today)s::date AS day, look_back_weeks AS weeks
          FROM (
            SELECT shelf.line_id, shelf.look_back_weeks,
                   ROW_NUMBER() OVER (
                       PARTITION BY finding.demand_class
                       ORDER BY shelf.line_id::bigint * 2654435761 %% 4294967296, shelf.line_id
                   ) AS place
              FROM %(shelves)s shelf
              JOIN %(findings)s finding ON finding.line_id = shelf.line_id
             WHERE finding.demand_class <> 'new' AND finding.agreement_id = ANY(%(agreements)s)
               AND NOT EXISTS (
                   SELECT FROM vmi_forecast forecast
                     JOIN vmi_forecast_challenger made ON made.forecast_id = forecast.id
                    WHERE forecast.line_id = shelf.line_id
                      AND forecast.date > %(today)s::date - %(every)s
                      AND forecast.date <> %(today)s::date)
          ) AS found
         WHERE place <= %(most)s
        """,
        today=scope.today,
        shelves=shelves,
        findings=findings,
        agreements=agreement_ids,
        every=COMPARED_EVERY_DAYS,
        most=MOST_COMPARED,
    )


def store_challengers_statement(made):
    """Return the INSERT of what each method forecast, beside the forecasts of the same days.

    :param made: the table of :func:`~.forecast.forecasts_query`, of all methods
    """
    return SQL(
        """
        INSERT INTO vmi_forecast_challenger
               (forecast_id, company_id, method, forecast_qty, quantile_qty)
        SELECT forecast.id, forecast.company_id, made.forecast_method, made.mean, made.covering
          FROM %s made
          JOIN vmi_forecast forecast ON forecast.line_id = made.line_id AND forecast.date = made.day
         WHERE made.covering IS NOT NULL AND forecast.demand_class <> 'new'
            ON CONFLICT (forecast_id, method) DO NOTHING
        """,
        made,
    )


def losses_statement(company_id):
    """Return the UPDATE that says what each method's quantity cost once the outcome is known."""
    return SQL(
        """
        UPDATE vmi_forecast_challenger made
           SET pinball_loss = GREATEST(
                   forecast.target * (forecast.actual_qty - made.quantile_qty),
                   (forecast.target - 1) * (forecast.actual_qty - made.quantile_qty))
          FROM vmi_forecast forecast
         WHERE forecast.id = made.forecast_id AND forecast.is_compared
           AND made.pinball_loss IS NULL AND made.company_id = %s
        """,
        company_id,
    )


def class_losses_query(company_id, day):
    """Return the SELECT of what methods lost, by class of demand and origin, the oldest first.

    An origin is a week, from Monday, in which forecasts were made. As many are looked at as a
    change of champion takes; what was not known on the day is left out.

    :param day: the day as of which it is asked
    :return: SQL with ``demand_class``, ``origin``, ``method``, ``loss`` and ``forecasts``
    """
    return SQL(
        """
        WITH known AS (
            SELECT forecast.demand_class, DATE_TRUNC('week', forecast.date)::date AS origin,
                   made.method, SUM(made.pinball_loss) AS loss, COUNT(*) AS forecasts
              FROM vmi_forecast_challenger made
              JOIN vmi_forecast forecast ON forecast.id = made.forecast_id
             WHERE made.company_id = %(company)s AND made.pinball_loss IS NOT NULL
               AND forecast.date + CEIL(forecast.period_days)::integer <= %(day)s
               AND forecast.date > %(day)s::date - %(oldest)s
          GROUP BY 1, 2, 3
        ),
        -- Of a week that misses a method nothing can be compared.
        whole AS (
            SELECT known.*, COUNT(*) OVER (PARTITION BY demand_class, origin) AS methods,
                   DENSE_RANK() OVER (PARTITION BY demand_class ORDER BY origin DESC) AS place
              FROM known
        )
        SELECT demand_class, origin, method, loss, forecasts
          FROM whole
         WHERE methods = %(methods)s AND place <= %(origins)s
      ORDER BY demand_class, origin, method
        """,
        company=company_id,
        day=day,
        oldest=OLDEST_DAYS,
        methods=len(METHODS),
        origins=ORIGINS + REVIEWS - 1,
    )
