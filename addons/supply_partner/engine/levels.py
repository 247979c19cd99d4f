"""Minimum and maximum by each method, and how much to order for them."""

from odoo.tools import SQL

# A service level needs at least as many days with demand.
FEWEST_DEMAND_DAYS = 10


def levels_query(scope, due, leads, demands, forecasts):
    """Return the SELECT of minimum and maximum as of a day.

    :param due: the table of lines
    :param leads: the table of lead times
    :param demands: what to select from: rows of :func:`~.demand.demand_figures`
    :param forecasts: what to select from: rows of :func:`~.forecast.forecasts_query`
    :return: SQL with the columns of ``demands``, ``lead_days`` and ``lead_deviation``,
        what the forecast says (``forecast_days``, ``forecast_qty`` and ``forecast_deviation``,
        without a basis by the daily demand, and the columns of ``forecasts``),
        ``problem`` (why nothing can be ordered), ``is_resting`` (before the day on which
        ordering starts, or from the day on which it stops), ``level_min`` and ``level_max``
        (NULL without a basis)
    """
    return SQL(
        """
        -- Step by step, for PostgreSQL would put each step's terms into all that follow; OFFSET
        -- keeps it from that, and unlike MATERIALIZED keeps no rows. In quotes it is the bigint
        -- that is wanted: with one that is yet to be made of a number, no process shares the work.
        WITH targets (target, z) AS (%(targets)s),
        seasons AS (
            SELECT demands.*, due.hindrance, due.method, due.min_qty, due.max_qty, due.min_days,
                   due.max_days, due.min_floor, due.cover_days, due.interval_days,
                   due.season_min_qty, due.season_max_qty,
                   COALESCE(demands.day BETWEEN due.season_start AND due.season_end, FALSE)
                       AS in_season,
                   COALESCE(demands.day < due.order_start_date, FALSE)
                       OR COALESCE(demands.day >= due.order_stop_date, FALSE) AS is_resting,
                   COALESCE(leads.lead_days, due.delay, 0) AS lead_days,
                   COALESCE(leads.lead_deviation, 0) AS lead_deviation,
                   COALESCE(targets.z, 0) AS z,
                   COALESCE(forecasts.weeks, 0) AS weeks,
                   COALESCE(forecasts.weekly_forecast, 0) AS weekly_forecast,
                   forecasts.demand_class, forecasts.forecast_flag, forecasts.covering,
                   forecasts.forecast_method,
                   forecasts.mean, forecasts.variance
              FROM %(demands)s demands
              JOIN %(due)s due ON due.line_id = demands.line_id
         LEFT JOIN %(leads)s leads
                ON leads.product_id = due.product_id
               AND leads.commercial_partner_id = due.commercial_partner_id
         LEFT JOIN targets ON targets.target = due.service_target
         LEFT JOIN %(forecasts)s forecasts
                ON forecasts.line_id = due.line_id AND forecasts.day = demands.day
            OFFSET '0'
        ),
        figures AS (
            SELECT seasons.*,
                   lead_days + interval_days AS period_days,
                   CASE WHEN hindrance IS NOT NULL THEN hindrance
                        WHEN method = 'service_level' AND NOT in_season
                             AND days_with_demand < %(fewest)s THEN 'few_days_with_demand'
                   END AS problem
              FROM seasons
            OFFSET '0'
        ),
        minimums AS (
            SELECT figures.*,
                   CASE WHEN problem = 'few_days_with_demand' THEN NULL
                        WHEN in_season THEN season_min_qty
                        WHEN method = 'min_max' THEN min_qty
                        WHEN method = 'days_of_supply'
                        THEN GREATEST(daily_demand * min_days, min_floor)
                        WHEN method = 'forecast' AND covering IS NOT NULL
                        THEN GREATEST(covering, min_floor)
                        WHEN method = 'forecast'
                        THEN GREATEST(
                            daily_demand * COALESCE(NULLIF(min_days, 0), period_days), min_floor)
                        -- Safety stock for a varying demand and lead time with periodic review.
                        ELSE daily_demand * (lead_days + interval_days)
                             + z * SQRT((lead_days + interval_days) * deviation^2
                                        + daily_demand^2 * lead_deviation^2)
                   END::numeric AS minimum
              FROM figures
            OFFSET '0'
        )
        SELECT line_id, day, daily_demand, deviation, is_thin, days_with_demand, stocked_days,
               lead_days, lead_deviation, problem, is_resting,
               weeks, weekly_forecast, demand_class, forecast_flag, covering, forecast_method,
               CASE WHEN method = 'forecast' THEN period_days ELSE 0 END AS forecast_days,
               CASE WHEN covering IS NOT NULL THEN mean
                    WHEN method = 'forecast' THEN daily_demand * period_days
                    ELSE 0 END AS forecast_qty,
               CASE WHEN covering IS NOT NULL THEN SQRT(variance)
                    WHEN method = 'forecast'
                    THEN SQRT(period_days * deviation^2 + (daily_demand * lead_deviation)^2)
                    ELSE 0 END AS forecast_deviation,
               ROUND(minimum, %(digits)s) AS level_min,
               ROUND(GREATEST(minimum, (
                   CASE WHEN in_season THEN season_max_qty
                        WHEN method = 'min_max' THEN max_qty
                        WHEN method = 'days_of_supply' THEN daily_demand * max_days
                        WHEN method = 'forecast' AND covering IS NOT NULL
                        THEN covering::double precision + weekly_forecast / 7 * cover_days
                        WHEN method = 'forecast' AND max_days > 0 THEN daily_demand * max_days
                        ELSE minimum::double precision + daily_demand * cover_days
                   END)::numeric), %(digits)s) AS level_max
          FROM minimums
        """,
        targets=scope.targets_values(),
        demands=demands,
        due=due,
        leads=leads,
        forecasts=forecasts,
        fewest=FEWEST_DEMAND_DAYS,
        digits=scope.digits,
    )


def glided_maximum(scope):
    """Return SQL for a maximum that is lowered to a share of it, as a glide path has it.

    It is not lowered below a whole multiple and, where a service level is kept or a forecast
    covered, the minimum. It reads ``level_min``, ``level_max``, ``glide_share``, ``multiple`` and
    ``method``.
    """
    return SQL(
        """
        CASE WHEN glide_share < 1 AND level_max IS NOT NULL THEN LEAST(level_max, GREATEST(
                 ROUND(level_max * glide_share, %s), COALESCE(multiple, 0)::numeric,
                 CASE WHEN method IN ('service_level', 'forecast') THEN level_min ELSE 0 END))
             ELSE level_max END""",
        scope.digits,
    )


def glided_minimum(scope):
    """Return SQL for the minimum that belongs to it: no more than that maximum."""
    return SQL("LEAST(level_min, %s)", glided_maximum(scope))


def quantities_query(scope, rows):
    """Return the SELECT of some rows with ``order_qty``, 0 when nothing is to be ordered.

    :param rows: what to select from, with ``position``, ``level_min``, ``level_max``,
        ``problem``, ``is_resting``, ``minimum_qty`` and ``multiple``
    """
    return SQL(
        """
        SELECT needs.*, CASE WHEN need = 0 THEN 0 ELSE %(whole)s END AS order_qty
          FROM (SELECT rows.*,
                       CASE WHEN problem IS NULL AND NOT is_resting
                                 AND position < level_min AND level_max > position
                            THEN GREATEST(level_max - position, minimum_qty::numeric)
                            ELSE 0 END AS need
                  FROM %(rows)s rows
                -- The need is reckoned once.
                OFFSET '0') needs
        """,
        rows=rows,
        whole=whole_multiples(scope, SQL("need")),
    )


def whole_multiples(scope, quantity):
    """Return SQL for a quantity rounded up to whole multiples of its line."""
    return SQL(
        # Rounded first, for a whole number may come out a hair too high.
        "CASE WHEN multiple IS NULL THEN %(quantity)s "
        "ELSE ROUND(CEIL(ROUND(%(quantity)s / multiple::numeric, 6)) * multiple::numeric, "
        "%(digits)s) END",
        quantity=quantity,
        digits=scope.digits,
    )


def is_above(scope):
    """Return SQL for whether a position is above the maximum by more than an order may bring it.

    An order fills up to the maximum, rounded up to whole multiples, and is never for less than
    the vendor's minimum quantity. It reads ``position``, ``level_min``, ``level_max``,
    ``minimum_qty`` and ``multiple``.
    """
    return SQL(
        "(position > level_max AND position >= level_max + COALESCE(multiple, 0)::numeric "
        "AND position >= level_min + COALESCE(%s, 0))",
        whole_multiples(scope, SQL("minimum_qty::numeric")),
    )


def is_urgent():
    """Return SQL for whether a line is out before the next review.

    It reads ``on_hand``, ``incoming_soon``, ``outgoing_soon``, ``daily_demand`` and
    ``days_to_next``.
    """
    return SQL(
        "(on_hand + incoming_soon "
        "- GREATEST(outgoing_soon::double precision, daily_demand * days_to_next) <= 0)"
    )
