"""What each product of an agreement achieved in each month."""

from dataclasses import dataclass
from datetime import date

from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.addons.supply_partner.engine.demand import (
    QUANTITY,
    TAKEN_TO,
    consumer_join,
    flows_query,
)
from odoo.addons.supply_partner.engine.lead_time import receipts_query
from odoo.addons.supply_partner.engine.locations import crossing_moves, inside_query
from odoo.addons.supply_partner.engine.position import on_hand_query
from odoo.addons.supply_partner.engine.scope import CompanyScope
from odoo.tools import SQL

from .ratios import RATIOS, row_value

# What is counted, by column of the table; every ratio is made of these.
COUNTED = {
    "demanded_qty": "COALESCE(fills.demanded, 0)",
    "filled_qty": "COALESCE(fills.filled, 0)",
    "counted_days": "COALESCE(stocks.counted_days, 0)",
    "out_days": "COALESCE(stocks.out_days, 0)",
    "stocked_days": "COALESCE(stocks.counted_days - stocks.out_days, 0)",
    "demand_qty": "COALESCE(stocks.demand, 0)",
    "demand_value": "COALESCE(stocks.demand, 0) * cost",
    "daily_demand_value": "COALESCE(stocks.demand / NULLIF(stocks.counted_days, 0), 0) * cost",
    "stock_value": "COALESCE(stocks.stock_days / NULLIF(stocks.counted_days, 0), 0) * cost",
    "stock_value_days": "COALESCE(stocks.stock_days, 0) * cost",
    "closing_qty": "COALESCE(stocks.closing, 0)",
    "closing_value": "GREATEST(COALESCE(stocks.closing, 0), 0) * cost",
    "promised_count": "COALESCE(promises.judged, 0)",
    "kept_count": "COALESCE(promises.kept, 0)",
    "receipt_count": "COALESCE(receipts.count, 0)",
    "receipt_days": "COALESCE(receipts.days, 0)",
    "receipt_squares": "COALESCE(receipts.squares, 0)",
    "proposed_count": "COALESCE(proposals.decided, 0)",
    "unchanged_count": "COALESCE(proposals.unchanged, 0)",
    "ordered_value": "COALESCE(orders.value, 0)",
    "order_count": "COALESCE(orders.count, 0)",
    "price_excess": "COALESCE(orders.excess, 0)",
}


@dataclass(frozen=True)
class PerformanceScope(CompanyScope):
    """Which lines are measured, from when on, and what their products cost.

    :ivar first: the first day that is measured
    :ivar currency_id: the company's
    :ivar cost: SQL of a product's cost in that currency, from ``product_product product``
    :ivar digits: decimals of a quantity
    """

    first: date
    currency_id: int
    cost: SQL
    digits: int


def measure(cr, scope):
    """Write the rows of the months from the first day on; only those that differ.

    :param scope: the :class:`PerformanceScope`
    """
    with TemporaryTables(cr, analyzes=True) as tables:
        due = tables.create("due", _lines_query(scope))
        figures = tables.create("figures", _figures_query(scope, due))
        cr.execute(_rows_statement(scope, figures))


def _rows_statement(scope, figures):
    """Return the statement that writes the rows that differ from the figures."""
    keys = ["line_id", "month"]
    owners = ["agreement_id", "product_id", "partner_id", "location_id", "company_id"]
    columns = [*keys, *owners, "currency_id", *COUNTED, *RATIOS]
    values = [SQL.identifier(name) for name in (*keys, *owners)]
    values += [SQL("%s", scope.currency_id)]
    values += [SQL.identifier(name) for name in COUNTED]
    values += [row_value(name) for name in RATIOS]
    changing = [name for name in columns if name not in keys]
    return SQL(
        """
        INSERT INTO vmi_performance AS old (%(columns)s)
        SELECT %(values)s
          FROM %(figures)s
            ON CONFLICT (line_id, month) DO UPDATE
           SET (%(changing)s) = (%(new)s)
         WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        columns=_join(SQL.identifier(name) for name in columns),
        values=_join(values),
        figures=figures,
        changing=_join(SQL.identifier(name) for name in changing),
        new=_join(SQL("EXCLUDED.%s", SQL.identifier(name)) for name in changing),
        old=_join(SQL.identifier("old", name) for name in changing),
    )


def _join(parts):
    return SQL(", ").join(parts)


def _lines_query(scope):
    """Return the SELECT of the lines: measured from ``since`` on, whole days before ``until``."""
    return SQL(
        """
        SELECT *, %(since_start)s AS window_start, LEAST(%(today)s, closed_on + 1) AS until,
               LEAST(%(today)s, closed_on) AS last_day
          FROM (SELECT line.id AS line_id, line.agreement_id, line.product_id, line.partner_id,
                       line.location_id, line.company_id, line.agreed_price,
                       agreement.currency_id, agreement.closed_on, agreement.decision,
                       agreement.delivery_tolerance, agreement.counts_transfers,
                       unit.factor AS unit_factor,
                       %(cost)s::double precision AS cost,
                       GREATEST(%(first)s, COALESCE(agreement.date_start, %(made)s)) AS since
                  FROM vmi_agreement_line line
                  JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = template.uom_id
                 WHERE line.id = ANY(%(lines)s)) AS line
        """,
        today=scope.today,
        cost=scope.cost,
        first=scope.first,
        made=scope.local_day(SQL("agreement.create_date")),
        since_start=scope.start_of(SQL("line.since")),
        lines=scope.lines,
    )


def _figures_query(scope, due):
    """Return the SELECT of what is counted, a row per line and month."""
    return SQL(
        """
        WITH inside AS MATERIALIZED (%(inside)s),
        months AS (
            SELECT due.*, month::date AS month
              FROM %(due)s due,
                   generate_series(date_trunc('month', since::timestamp),
                                   last_day::timestamp, INTERVAL '1 month') AS month
        ),
        fills AS (%(fills)s),
        stocks AS (%(stocks)s),
        promises AS (%(promises)s),
        receipts AS (%(receipts)s),
        proposals AS (%(proposals)s),
        orders AS (%(orders)s)
        SELECT months.line_id, months.month, agreement_id, product_id, partner_id, location_id,
               company_id, %(counted)s
          FROM months
     LEFT JOIN fills USING (line_id, month)
     LEFT JOIN stocks USING (line_id, month)
     LEFT JOIN promises USING (line_id, month)
     LEFT JOIN receipts USING (line_id, month)
     LEFT JOIN proposals USING (line_id, month)
     LEFT JOIN orders USING (line_id, month)
        """,
        inside=inside_query(due),
        due=due,
        fills=_fills_query(scope, due),
        stocks=_stocks_query(scope, due),
        promises=_promises_query(scope, due),
        receipts=_receipts_query(scope, due),
        proposals=_proposals_query(scope, due),
        orders=_orders_query(scope, due),
        counted=_join(
            SQL("%s AS %s", SQL(expression), SQL.identifier(name))
            for name, expression in COUNTED.items()
        ),
    )


def _fills_query(scope, due):
    """Return the SELECT of what was due by a day of the month, and done by that day."""
    return SQL(
        """
        SELECT line_id, %(month)s AS month, SUM(demanded) AS demanded,
               SUM(CASE WHEN done_day <= day THEN LEAST(done, demanded) ELSE 0 END) AS filled
          FROM (%(moves)s) AS moves
      GROUP BY line_id, 2
        """,
        month=_month_of(SQL("day")),
        moves=crossing_moves(
            due,
            False,
            SQL(
                "due.line_id, move.product_qty::double precision AS demanded, %(deadline)s AS day, "
                "CASE WHEN move.state = 'done' THEN %(quantity)s END AS done, "
                "CASE WHEN move.state = 'done' THEN %(moved)s END AS done_day",
                deadline=scope.local_day(SQL("move.date_deadline")),
                moved=scope.local_day(SQL("move.date")),
                quantity=QUANTITY,
            ),
            SQL(
                "move.state NOT IN ('draft', 'cancel') AND %s "
                "AND move.date_deadline >= due.window_start AND move.date_deadline < %s",
                scope.conditions.demand,
                scope.start_of(SQL("due.until")),
            ),
            consumer_join(TAKEN_TO),
        ),
    )


def _stocks_query(scope, due):
    """Return the SELECT of the stock at the end of the days, and of the demand.

    Between two days with moves the stock stays. Past stock is today's less what moved since.
    """
    return SQL(
        """
        SELECT line_id, month, SUM(days)::integer AS counted_days,
               -- Not below 0 itself, for a sum of fractions may miss it by a hair.
               COALESCE(SUM(days) FILTER (WHERE closing < 0.000001), 0)::integer AS out_days,
               SUM(GREATEST(closing, 0) * days) AS stock_days, SUM(demand) AS demand,
               (ARRAY_AGG(ROUND(closing::numeric, %(digits)s) ORDER BY day DESC))[1] AS closing
          FROM (SELECT levels.line_id, day, closing, demand, %(month)s AS month,
                       LEAST(next_day, due.until) - day AS days
                  FROM (%(levels)s) AS levels
                  JOIN %(due)s due ON due.line_id = levels.line_id
                 WHERE day >= due.since AND day < due.until) AS spans
      GROUP BY line_id, month
        """,
        digits=scope.digits,
        month=_month_of(SQL("day")),
        due=due,
        levels=SQL(
            """
            SELECT events.line_id, day, demand,
                   COALESCE(on_hand.stored, 0)::double precision + net
                       - SUM(net) OVER (PARTITION BY events.line_id ORDER BY day DESC) AS closing,
                   LEAD(day) OVER (PARTITION BY events.line_id ORDER BY day) AS next_day
              FROM (SELECT line_id, day, SUM(net) AS net, SUM(demand) AS demand
                      FROM (SELECT line_id, day, net, demand FROM (%(flows)s) AS flows
                             UNION ALL
                            SELECT line_id, GREATEST(month, since), 0, 0 FROM months
                             UNION ALL
                            SELECT line_id, until, 0, 0 FROM %(due)s) AS every
                  GROUP BY line_id, day) AS events
         LEFT JOIN (%(on_hand)s) AS on_hand ON on_hand.line_id = events.line_id
            """,
            flows=flows_query(scope, due, SQL("due.window_start")),
            due=due,
            on_hand=on_hand_query(due, SQL("quant.quantity")),
        ),
    )


def _promises_query(scope, due):
    """Return the SELECT of how many order lines were due, and how many on time in full."""
    promised_day = scope.local_day(SQL("ordered.vmi_promised_date"))
    return SQL(
        """
        SELECT line_id, %(month)s AS month, COUNT(*)::integer AS judged,
               COUNT(*) FILTER (WHERE NOT is_cancelled AND received >= promised - 0.000001)::integer
                   AS kept
          FROM (SELECT due.line_id, %(promised_day)s AS day, purchase.state = 'cancel' AS
                       is_cancelled,
                       ordered.vmi_promised_qty::double precision
                           * (1 - COALESCE(due.delivery_tolerance, 0)) AS promised,
                       COALESCE(SUM(
                           CASE WHEN %(is_receipt)s THEN 1 ELSE -1 END
                           * move.quantity::double precision * move_unit.factor::double precision
                           / unit.factor::double precision), 0) AS received
                  FROM %(due)s due
                  JOIN purchase_order_line ordered
                    ON ordered.vmi_agreement_id = due.agreement_id
                   AND ordered.product_id = due.product_id
                  JOIN purchase_order purchase ON purchase.id = ordered.order_id
                  JOIN uom_uom unit ON unit.id = ordered.product_uom_id
             LEFT JOIN (stock_move move
                        JOIN uom_uom move_unit ON move_unit.id = move.product_uom
                        JOIN stock_location origin ON origin.id = move.location_id
                        JOIN stock_location destination
                          ON destination.id = move.location_dest_id)
                    ON move.purchase_line_id = ordered.id AND move.state = 'done'
                   AND move.date < %(promised_end)s AND (%(is_receipt)s OR %(is_return)s)
                 WHERE ordered.vmi_promised_qty > 0
                   AND ordered.vmi_promised_date >= due.window_start
                   AND ordered.vmi_promised_date < %(until_start)s
                   AND (purchase.state = 'purchase'
                        OR (purchase.state = 'cancel' AND purchase.vmi_is_vendor_cancelled))
              GROUP BY due.line_id, due.delivery_tolerance, ordered.id, purchase.state) AS promises
      GROUP BY line_id, 2
        """,
        month=_month_of(SQL("day")),
        promised_day=promised_day,
        promised_end=scope.start_of(SQL("%s + 1", promised_day)),
        is_receipt=scope.conditions.receipt,
        is_return=scope.conditions.receipt_return,
        until_start=scope.start_of(SQL("due.until")),
        due=due,
    )


def _receipts_query(scope, due):
    """Return the SELECT of how many order lines were received in full, and their lead times."""
    return SQL(
        """
        SELECT due.line_id, %(month)s AS month, COUNT(*)::integer AS count,
               SUM(receipts.days)::double precision AS days,
               SUM(receipts.days * receipts.days)::double precision AS squares
          FROM %(due)s due
          JOIN (%(receipts)s) AS receipts
            ON receipts.agreement_id = due.agreement_id AND receipts.product_id = due.product_id
         WHERE receipts.received_at >= due.window_start
      GROUP BY due.line_id, 2
        """,
        month=_month_of(scope.local_day(SQL("receipts.received_at"))),
        due=due,
        receipts=receipts_query(scope, due, scope.start_of(SQL("%s", scope.first))),
    )


def _proposals_query(scope, due):
    """Return the SELECT of how many proposal lines people decided, and how many unchanged."""
    return SQL(
        """
        SELECT due.line_id, %(month)s AS month, COUNT(*)::integer AS decided,
               COUNT(*) FILTER (
                   WHERE proposal.state = 'ordered'
                     AND ROUND((proposed.approved_qty - proposed.suggested_qty)::numeric,
                               %(digits)s) = 0)::integer AS unchanged
          FROM %(due)s due
          JOIN vmi_proposal_line proposed ON proposed.line_id = due.line_id
          JOIN vmi_proposal proposal ON proposal.id = proposed.proposal_id
         WHERE proposal.state IN ('ordered', 'refused') AND proposal.kind = 'purchase'
           AND (due.decision <> 'automatic' OR proposal.is_over_limit)
           AND proposal.create_date >= due.window_start
      GROUP BY due.line_id, 2
        """,
        month=_month_of(scope.local_day(SQL("proposal.create_date"))),
        digits=scope.digits,
        due=due,
    )


def _orders_query(scope, due):
    """Return the SELECT of the ordered value in the company's currency, and of the orders.

    An order of several products counts in equal parts, so that the parts sum up to one.
    """
    return SQL(
        """
        SELECT line_id, month, SUM(value / rate)::double precision AS value,
               SUM(part)::double precision AS count,
               SUM(GREATEST(value - agreed, 0) / rate)::double precision AS excess
          FROM (SELECT due.line_id, %(month)s AS month, ordered.price_subtotal AS value,
                       COALESCE(NULLIF(purchase.currency_rate, 0), 1)::double precision AS rate,
                       1.0 / COUNT(*) OVER (PARTITION BY purchase.id) AS part,
                       -- In a third currency there is nothing to compare with.
                       NULLIF(due.agreed_price, 0)
                           * CASE WHEN due.currency_id = purchase.currency_id THEN 1
                                  WHEN due.currency_id = %(currency)s THEN purchase.currency_rate
                             END
                           * ordered.product_qty * unit.factor / due.unit_factor AS agreed
                  FROM %(due)s due
                  JOIN purchase_order_line ordered
                    ON ordered.vmi_agreement_id = due.agreement_id
                   AND ordered.product_id = due.product_id
                  JOIN purchase_order purchase ON purchase.id = ordered.order_id
                  JOIN uom_uom unit ON unit.id = ordered.product_uom_id
                 WHERE purchase.state = 'purchase' AND purchase.date_approve >= due.window_start
               ) AS ordered
      GROUP BY line_id, month
        """,
        month=_month_of(scope.local_day(SQL("purchase.date_approve"))),
        currency=scope.currency_id,
        due=due,
    )


def _month_of(day):
    return SQL("date_trunc('month', (%s)::timestamp)::date", day)
