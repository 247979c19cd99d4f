"""What each method of forecasting says a week, and how far each was off.

The words mean what ``tools/forecast_methods.py`` says. The usual method is part of every forecast
(``forecast.py``); the others are reckoned where one of them is the champion of a class of demand,
and, for comparing, of some lines a week.
"""

from odoo.tools import SQL

from ..tools import FAST_SMOOTHING, MEAN_WEEKS, METHODS, ORIGINS, REVIEWS, SMOOTHING

# So many lines of a class are compared at most with a review: the mean of more says the same.
MOST_COMPARED = 1000
# A line is compared again so many days later.
COMPARED_EVERY_DAYS = 7


def method_rates_query(weeks):
    """Return the SELECT of what a week brings by each of the other methods.

    :param weeks: what to select from, as :func:`~.forecast.weeks_query` has it
    :return: SQL with ``line_id``, ``day`` and, of lines with any counted week in which something
        moved, ``mean``, ``fast``, ``sba`` and ``tsb``; below 0 where more came back
    """
    return SQL(
        """
        SELECT line_id, day,
               COALESCE(SUM(demand) FILTER (WHERE newer < %(mean_weeks)s), 0)
                   / LEAST(MAX(weeks), %(mean_weeks)s) AS mean,
               SUM(demand * %(fast)s) AS fast,
               COALESCE((1 - %(smoothing)s / 2) * SUM(demand * size_weight)
                   / NULLIF(SUM(gap_before * size_weight), 0), 0) AS sba,
               COALESCE(SUM(%(chance)s) FILTER (WHERE demand > 0) * SUM(demand * size_weight), 0)
                   AS tsb
          FROM (
            SELECT ranked.*,
                   -- The first one has the weight of all before it; 0 where nothing was wanted.
                   CASE WHEN demand <= 0 THEN 0
                        ELSE POWER(%(kept)s::double precision, newer_sizes)
                             * CASE WHEN newer_sizes = sizes - 1 THEN 1 ELSE %(smoothing)s END
                   END AS size_weight,
                   COALESCE(former_newer, weeks) - newer AS gap_before
              FROM (
                SELECT counted.line_id, counted.day, newer, demand,
                       MAX(weeks) OVER line AS weeks,
                       COUNT(*) FILTER (WHERE demand > 0) OVER line AS sizes,
                       COUNT(*) FILTER (WHERE demand > 0) OVER newest
                           - (demand > 0)::integer AS newer_sizes,
                       -- Of the week with demand before it.
                       MIN(newer) FILTER (WHERE demand > 0) OVER older AS former_newer
                  FROM (
                    SELECT line_id, day, newer, demand, is_counted,
                           MAX(upto) OVER (PARTITION BY line_id, day) AS weeks
                      FROM %(weeks)s
                  ) AS counted
                 WHERE is_counted
                WINDOW line AS (PARTITION BY line_id, day),
                       newest AS (PARTITION BY line_id, day ORDER BY newer),
                       older AS (PARTITION BY line_id, day ORDER BY newer
                                 ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
              ) AS ranked
          ) AS weighted
      GROUP BY line_id, day
        """,
        weeks=weeks,
        mean_weeks=MEAN_WEEKS,
        smoothing=SMOOTHING,
        kept=1 - SMOOTHING,
        fast=_week_weight(FAST_SMOOTHING),
        chance=_week_weight(SMOOTHING),
    )


def _week_weight(smoothing):
    """Return SQL for the weight of a week in what is smoothed week by week."""
    return SQL(
        "POWER(%s::double precision, newer) * CASE WHEN newer = weeks - 1 THEN 1 ELSE %s END",
        1 - smoothing,
        smoothing,
    )


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
        methods=len(METHODS),
        origins=ORIGINS + REVIEWS - 1,
    )
