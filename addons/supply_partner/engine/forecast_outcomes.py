"""Forecasts are stored as a review made them, and compared with what came once it is known."""

from odoo.tools import SQL

from ..tools import WEEKS
from .demand import has_stock


def store_statement(scope, findings, agreement_ids):
    """Return the INSERT of the forecasts that a review made; a line's first of a day stays.

    :param agreement_ids: of which agreements; what was found may be about others, too
    """
    return SQL(
        """
        INSERT INTO vmi_forecast (line_id, company_id, date, period_days, target, demand_class,
                                  forecast_method, forecast_qty, quantile_qty, usual_qty,
                                  usual_quantile_qty, is_compared, was_out)
        SELECT line_id, company_id, %(today)s, forecast_days, service_target, demand_class,
               forecast_method, forecast_qty, COALESCE(covering, level_min),
               daily_demand * forecast_days,
               daily_demand * forecast_days
               + z * SQRT(forecast_days * deviation ^ 2 + (daily_demand * lead_deviation) ^ 2),
               FALSE, FALSE
          FROM %(findings)s finding
          JOIN (%(targets)s) AS targets (target, z) ON targets.target = finding.service_target
         WHERE method = 'forecast' AND agreement_id = ANY(%(agreements)s)
           AND forecast_days > 0 AND level_min IS NOT NULL
            ON CONFLICT (line_id, date) DO NOTHING
        """,
        today=scope.today,
        findings=findings,
        targets=scope.targets_values(),
        agreements=agreement_ids,
    )


def outcomes_statement(scope, shelf_days):
    """Return the UPDATE that says what was wanted in the periods that are over.

    The last day counts as far as the period reaches. Where stock ran out meanwhile it is said.
    """
    return SQL(
        """
        UPDATE vmi_forecast forecast
           SET actual_qty = found.quantity, was_out = found.was_out, is_compared = TRUE
          FROM (
            SELECT open.id,
                   COALESCE(SUM(days.demand * LEAST(
                       open.period_days - (days.day - open.date), 1))
                       FILTER (WHERE days.day <= open.last_day), 0) AS quantity,
                   COALESCE(BOOL_OR(CASE WHEN days.day <= open.last_day
                                         THEN NOT %(closed)s ELSE FALSE END
                                    OR COALESCE(days.previous_day < open.date, TRUE)
                                       AND NOT %(opened)s), FALSE) AS was_out
              FROM (SELECT *, date + CEIL(period_days)::integer - 1 AS last_day
                      FROM vmi_forecast WHERE NOT is_compared) AS open
              JOIN %(shelf_days)s days
                ON days.line_id = open.line_id AND days.day >= open.date
               AND (days.day <= open.last_day OR COALESCE(days.previous_day < open.date, TRUE))
             -- What lies further back than the days that were looked at cannot be told any more.
             WHERE open.last_day < %(today)s AND open.date >= %(today)s - 7 * %(weeks)s
          GROUP BY open.id
          ) AS found
         WHERE forecast.id = found.id
        """,
        closed=has_stock(SQL("days.opening + days.net")),
        opened=has_stock(SQL("days.opening")),
        shelf_days=shelf_days,
        today=SQL("%s::date", scope.today),
        weeks=WEEKS,
    )
