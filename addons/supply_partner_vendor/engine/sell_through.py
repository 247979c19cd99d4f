"""What each product of an agreement sold, and what was left of it, day by day."""

from dataclasses import dataclass
from datetime import date

from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.addons.supply_partner.engine.demand import flows_query
from odoo.addons.supply_partner.engine.locations import inside_query
from odoo.addons.supply_partner.engine.position import on_hand_query
from odoo.addons.supply_partner.engine.scope import CompanyScope
from odoo.tools import SQL

OWNERS = ("agreement_id", "product_id", "location_id", "company_id")
FIGURES = ("sold_qty", "used_qty", "returned_qty", "on_hand_qty", "incoming_qty")


@dataclass(frozen=True)
class SellThroughScope(CompanyScope):
    """Which days are written.

    :ivar first: the first day; the last one is yesterday
    :ivar digits: decimals of a quantity
    """

    first: date
    digits: int


def refresh(cr, scope):
    """Write the rows of the days from the first one to yesterday; only those that differ.

    :param scope: the :class:`SellThroughScope`
    """
    with TemporaryTables(cr, analyzes=True) as tables:
        due = tables.create("due", _lines_query(scope))
        days = tables.create("days", _days_query(scope, due))
        cr.execute(_rows_statement(days))


def _rows_statement(days):
    names = ["line_id", "day", *OWNERS, *FIGURES]
    changing = [*OWNERS, *FIGURES]
    return SQL(
        """
        INSERT INTO vmi_sell_through AS old (%(names)s)
        SELECT %(names)s FROM %(days)s
            ON CONFLICT (line_id, day) DO UPDATE
           SET (%(changing)s) = (%(new)s)
         WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        names=_join(map(SQL.identifier, names)),
        days=days,
        changing=_join(map(SQL.identifier, changing)),
        new=_join(SQL("EXCLUDED.%s", SQL.identifier(name)) for name in changing),
        old=_join(SQL.identifier("old", name) for name in changing),
    )


def _join(parts):
    return SQL(", ").join(parts)


def _lines_query(scope):
    """Return the SELECT of the lines, and from when on each is followed."""
    return SQL(
        """
        SELECT line.id AS line_id, line.agreement_id, line.product_id, line.location_id,
               line.company_id, agreement.counts_transfers, unit.factor AS unit_factor,
               vendor.commercial_partner_id AS vendor_id,
               %(start)s AS window_start,
               LEAST(%(today)s - 1, agreement.closed_on) AS last_day
          FROM vmi_agreement_line line
          JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
          JOIN res_partner vendor ON vendor.id = agreement.partner_id
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom unit ON unit.id = template.uom_id
         WHERE line.id = ANY(%(lines)s)
        """,
        start=scope.start_of(SQL("%s", scope.first)),
        today=scope.today,
        lines=scope.lines,
    )


def _days_query(scope, due):
    """Return the SELECT of the rows, one for each line and day."""
    return SQL(
        """
        WITH inside AS MATERIALIZED (%(inside)s),
        flows AS MATERIALIZED (%(flows)s),
        others AS MATERIALIZED (%(others)s),
        days AS (
            SELECT due.line_id, day::date AS day
              FROM %(due)s due, generate_series(%(first)s::timestamp, last_day::timestamp,
                                                INTERVAL '1 day') AS day
        ),
        nets AS (
            SELECT line_id, day, SUM(net) AS net
              FROM (SELECT line_id, day, net FROM flows
                     UNION ALL
                    SELECT line_id, day, -net FROM others) AS moved
          GROUP BY line_id, day
        ),
        on_hand AS (%(on_hand)s),
        incoming AS (%(incoming)s),
        levels AS (
            SELECT days.line_id, days.day,
                   COALESCE(on_hand.quantity, 0)::double precision
                       - COALESCE(SUM(nets.net), 0) AS closing
              FROM days
         LEFT JOIN on_hand ON on_hand.line_id = days.line_id
         LEFT JOIN nets ON nets.line_id = days.line_id AND nets.day > days.day
          GROUP BY days.line_id, days.day, on_hand.quantity
        )
        SELECT days.line_id, days.day, due.agreement_id, due.product_id, due.location_id,
               due.company_id,
               %(sold)s AS sold_qty, %(used)s AS used_qty, %(returned)s AS returned_qty,
               %(closing)s AS on_hand_qty, %(coming)s AS incoming_qty
          FROM days
          JOIN %(due)s due ON due.line_id = days.line_id
          JOIN levels ON levels.line_id = days.line_id AND levels.day = days.day
     LEFT JOIN flows ON flows.line_id = days.line_id AND flows.day = days.day
     LEFT JOIN incoming ON incoming.line_id = days.line_id AND incoming.day = days.day
        """,
        inside=inside_query(due),
        flows=flows_query(
            scope,
            due,
            SQL("due.window_start"),
            columns=SQL(", consumer.usage AS consumer_usage"),
            aggregates=SQL(
                """,
                COALESCE(-SUM(net) FILTER (WHERE is_demand AND net < 0
                                             AND consumer_usage = 'customer'), 0) AS sold,
                COALESCE(-SUM(net) FILTER (WHERE is_demand AND net < 0
                                             AND consumer_usage <> 'customer'), 0) AS used,
                COALESCE(SUM(net) FILTER (WHERE is_demand AND net > 0), 0) AS returned
                """
            ),
        ),
        others=_others_query(scope, due),
        due=due,
        first=scope.first,
        # What belongs to somebody else is nobody's business.
        on_hand=on_hand_query(
            due,
            SQL(
                "CASE WHEN quant.owner_id IS NULL OR quant.owner_id IN "
                "(SELECT id FROM res_partner WHERE commercial_partner_id = due.vendor_id) "
                "THEN quant.quantity ELSE 0 END"
            ),
        ),
        incoming=_incoming_query(scope, due),
        sold=_rounded(scope, SQL("flows.sold")),
        used=_rounded(scope, SQL("flows.used")),
        returned=_rounded(scope, SQL("flows.returned")),
        closing=_rounded(scope, SQL("levels.closing")),
        coming=_rounded(scope, SQL("incoming.quantity")),
    )


def _rounded(scope, quantity):
    return SQL("ROUND(COALESCE(%s, 0)::numeric, %s)", quantity, scope.digits)


def _others_query(scope, due):
    """Return the SELECT of what other owners' stock moved across the border, by line and day."""
    return SQL(
        """
        SELECT due.line_id, %(day)s AS day,
               SUM(CASE WHEN entered.location_id IS NULL THEN -1 ELSE 1 END
                   * part.quantity_product_uom)::double precision AS net
          FROM %(due)s due
          JOIN stock_move_line part
            ON part.product_id = due.product_id AND part.state = 'done'
           AND part.owner_id IS NOT NULL AND part.date >= due.window_start
          JOIN res_partner owner
            ON owner.id = part.owner_id AND owner.commercial_partner_id <> due.vendor_id
     LEFT JOIN inside entered
            ON entered.root_id = due.location_id AND entered.location_id = part.location_dest_id
     LEFT JOIN inside gone
            ON gone.root_id = due.location_id AND gone.location_id = part.location_id
         WHERE (entered.location_id IS NULL) <> (gone.location_id IS NULL)
      GROUP BY due.line_id, 2
        """,
        day=scope.local_day(SQL("part.date")),
        due=due,
    )


def _incoming_query(scope, due):
    """Return the SELECT of what was ordered under the agreement and had not come by a day's end."""
    done_day = scope.local_day(SQL("move.date"))
    return SQL(
        """
        SELECT days.line_id, days.day, SUM(coming.quantity) AS quantity
          FROM (SELECT due.line_id, %(approved)s AS approved_day,
                       CASE WHEN move.state = 'done' THEN %(done_day)s END AS done_day,
                       CASE WHEN move.state = 'done' THEN move.quantity
                            ELSE move.product_uom_qty END::double precision
                           * unit.factor::double precision
                           / due.unit_factor::double precision AS quantity
                  FROM %(due)s due
                  JOIN purchase_order_line ordered
                    ON ordered.vmi_agreement_id = due.agreement_id
                   AND ordered.product_id = due.product_id
                  JOIN purchase_order purchase
                    ON purchase.id = ordered.order_id AND purchase.state = 'purchase'
                  JOIN stock_move move
                    ON move.purchase_line_id = ordered.id AND move.state NOT IN ('draft', 'cancel')
                  JOIN stock_location origin
                    ON origin.id = move.location_id AND origin.usage IN ('supplier', 'transit')
                  JOIN uom_uom unit ON unit.id = move.product_uom) AS coming
          JOIN days
            ON days.line_id = coming.line_id AND days.day >= coming.approved_day
           AND (coming.done_day IS NULL OR coming.done_day > days.day)
      GROUP BY days.line_id, days.day
        """,
        approved=scope.local_day(SQL("COALESCE(purchase.date_approve, purchase.date_order)")),
        done_day=done_day,
        due=due,
    )
