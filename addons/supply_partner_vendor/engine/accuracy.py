"""How near a vendor's forecasts came, beside simply going by past demand."""

from odoo.tools import SQL


def accuracy_query(lines, today, timezone, weeks):
    """Return the SELECT of what was forecast for past weeks and what was demanded.

    The forecast of a week that counts is the last one entered before its Monday less the lead
    time: later ones help nobody. The naive one is seven times the daily demand of the agreement's
    demand period up to then. Weighted absolute percentage error Σ|A − F| ÷ ΣA and bias
    Σ(F − A) ÷ ΣA, over the weeks with a forecast (Hyndman and Koehler, 2006, on such measures).

    :param lines: ids of the lines, of one company
    :param today: the company's local day
    :param timezone: the zone in which a forecast was entered on a day
    :param weeks: how many weeks that are over are looked at
    :return: SQL with ``line_id``, ``week`` (its Monday), ``actual``, ``forecast`` (NULL: none that
        counts) and ``naive``
    """
    return SQL(
        """
        WITH weeks AS (
            SELECT week::date AS week
              FROM generate_series(date_trunc('week', %(today)s::timestamp)
                                       - %(weeks)s * INTERVAL '1 week',
                                   date_trunc('week', %(today)s::timestamp) - INTERVAL '1 week',
                                   INTERVAL '1 week') AS week
        ),
        pairs AS (
            SELECT line.id AS line_id, weeks.week,
                   weeks.week - CEIL(COALESCE(line.lead_days, 0))::integer AS until,
                   agreement.demand_period_days
              FROM vmi_agreement_line line
              JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
        CROSS JOIN weeks
             WHERE line.id = ANY(%(lines)s)
        ),
        days AS (
            SELECT line_id, day, sold_qty + used_qty - returned_qty AS demand
              FROM vmi_sell_through
             WHERE line_id = ANY(%(lines)s)
        )
        SELECT pairs.line_id, pairs.week, actuals.demand AS actual, counted.quantity AS forecast,
               7 * past.demand AS naive
          FROM pairs
         -- Of a week that is not all there nothing can be said.
          JOIN LATERAL (SELECT SUM(days.demand) AS demand, COUNT(*) AS count
                          FROM days
                         WHERE days.line_id = pairs.line_id
                           AND days.day >= pairs.week AND days.day < pairs.week + 7) AS actuals
            ON actuals.count = 7
     LEFT JOIN LATERAL (SELECT AVG(days.demand) AS demand
                          FROM days
                         WHERE days.line_id = pairs.line_id AND days.day < pairs.until
                           AND days.day >= pairs.until - pairs.demand_period_days) AS past ON TRUE
     LEFT JOIN LATERAL (SELECT forecast.quantity
                          FROM vmi_vendor_forecast forecast
                         WHERE forecast.line_id = pairs.line_id AND forecast.week = pairs.week
                           AND (forecast.create_date AT TIME ZONE 'UTC'
                                AT TIME ZONE %(timezone)s)::date < pairs.until
                      ORDER BY forecast.create_date DESC, forecast.id DESC
                         LIMIT 1) AS counted ON TRUE
      ORDER BY pairs.line_id, pairs.week
        """,
        today=today,
        timezone=timezone,
        weeks=weeks,
        lines=lines,
    )


def measure(rows):
    """Return the figures of one line.

    :param rows: tuples of actual, forecast (None: none) and naive
    :return: dict of ``weeks``, ``coverage``, and, as shares or None, ``wape``, ``bias``,
        ``naive_wape``, ``naive_bias``
    """
    counted = [row for row in rows if row[1] is not None]
    total = sum(actual for actual, _forecast, _naive in counted)
    with_naive = [(actual, naive) for actual, _forecast, naive in counted if naive is not None]
    naive_total = sum(actual for actual, _naive in with_naive)

    def share(value, whole):
        return round(value / whole, 4) if whole > 0 else None

    return {
        "weeks": len(rows),
        "coverage": share(len(counted), len(rows)),
        "wape": share(sum(abs(a - f) for a, f, _naive in counted), total),
        "bias": share(sum(f - a for a, f, _naive in counted), total),
        "naive_wape": share(sum(abs(a - n) for a, n in with_naive), naive_total),
        "naive_bias": share(sum(n - a for a, n in with_naive), naive_total),
    }
