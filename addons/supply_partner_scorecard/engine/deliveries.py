"""What became of each promise: when it came, how much, and under which definition it was kept.

A line is looked at again as long as its day is not over, and when its order, its promise or one of
its moves was written. Everything else stays as it was found. Figures are double precision: what is
compared has some room, and PostgreSQL writes decimals at several times the price.
"""

from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.tools import SQL

from .receipts import write_receipts

# Quantities are compared with this much of room: sums of fractions miss their target by a hair.
HAIR = 0.000001
# A transaction that was under way while the last run read may show an earlier time of writing.
OVERLAP = "1 hour"

MANY_ROWS = 1_000

DEFINITIONS = ("first", "complete", "in_full", "otif")
BASES = ("approved", "latest")
KEPT_COLUMNS = tuple(
    name if basis == "approved" else f"{name}_latest" for basis in BASES for name in DEFINITIONS
)
COLUMNS = (
    "state", "left_out", "approved_day", "due_day", "latest_day", "is_judged_latest", "first_day",
    "complete_day", "promised_qty", "latest_qty", "received_qty", "held_qty", "held_qty_latest",
    *KEPT_COLUMNS, "disagreement", "lead_days", "bias_days", "promised_value", "kept_value",
    "latest_value", "kept_value_latest", "ordered_value", "agreed_value", "other_value", "is_open",
    "company_key", "partner_key", "order_key", "product_key",
)  # fmt: skip


def write_deliveries(cr, scope, since=None):
    """Find what became of the company's promises, and write what differs.

    :param scope: the :class:`~.scope.VendorScope`
    :param since: the moment, in UTC, from which on changes are looked for; by default everything
        is found anew
    :return: the number of lines looked at, and of rows written
    """
    with TemporaryTables(cr, analyzes=since is not None) as tables:
        changed = tables.create("changed", _changed_query(scope, since)) if since else None
        found = tables.create("found", _found_query(scope, changed), few=since is not None)
        cr.execute(SQL("SELECT COUNT(*) FROM %s", found))
        [(looked_at,)] = cr.fetchall()
        written = 0
        # All are compared at once, a few are looked up: PostgreSQL knows of an empty table only
        # that it was empty.
        cr.execute(SQL("SET LOCAL enable_nestloop = %s", since is not None))
        for statement in (_update_statement(found), _insert_statement(found)):
            cr.execute(statement)
            written += cr.rowcount
        cr.execute("SET LOCAL enable_nestloop TO DEFAULT")
        write_receipts(cr, scope, changed)
    if since is None and written > MANY_ROWS:
        # Otherwise the queries that follow are planned for the table as it was before.
        cr.execute("SET LOCAL default_statistics_target = 10")
        cr.execute("ANALYZE vendor_delivery")
        cr.execute("SET LOCAL default_statistics_target TO DEFAULT")
    return looked_at, written


def _update_statement(found):
    """Return the statement that writes the rows that differ from what was found."""
    return SQL(
        """
        UPDATE vendor_delivery old
           SET (%(columns)s) = ROW(%(new)s)
          FROM %(found)s new
         WHERE old.promise_id = new.promise_id AND (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        columns=SQL(", ").join(map(SQL.identifier, COLUMNS)),
        new=SQL(", ").join(SQL.identifier("new", name) for name in COLUMNS),
        old=SQL(", ").join(SQL.identifier("old", name) for name in COLUMNS),
        found=found,
    )


def _insert_statement(found):
    """Return the statement that adds the rows that are not there yet."""
    return SQL(
        """
        INSERT INTO vendor_delivery (promise_id, %(columns)s)
        SELECT promise_id, %(columns)s
          FROM %(found)s new
         WHERE NOT EXISTS (SELECT FROM vendor_delivery old WHERE old.promise_id = new.promise_id)
        """,
        columns=SQL(", ").join(map(SQL.identifier, COLUMNS)),
        found=found,
    )


def _found_query(scope, changed):
    """Return the SELECT of the rows to write: each promise with what came for it.

    :param changed: the table of the promises to look at; None for all
    """
    return SQL(
        """
        SELECT *,
               CASE WHEN state <> 'judged' THEN NULL
                    WHEN is_judged_latest AND otif <> otif_latest AND latest_day > due_day
                    THEN 'postponed'
                    WHEN is_judged_latest AND otif <> otif_latest AND latest_day < due_day
                    THEN 'brought_forward'
                    WHEN is_judged_latest AND otif <> otif_latest THEN 'changed_quantity'
                    WHEN complete AND NOT otif THEN 'returned_early'
                    WHEN otif AND NOT in_full THEN 'returned_later'
                    WHEN in_full AND NOT complete AND first THEN 'rest_late'
                    WHEN in_full AND NOT complete THEN 'late'
                    WHEN first AND NOT complete THEN 'short'
                    WHEN is_judged_latest
                         AND (first, complete, in_full)
                             <> (first_latest, complete_latest, in_full_latest)
                    THEN 'changed_quantity'
               END AS disagreement
          FROM (
            SELECT promise_id, approved_day, due_day, latest_day, first_day, complete_day, left_out,
                   CASE WHEN left_out IS NOT NULL THEN 'left_out'
                        WHEN due_day < %(today)s THEN 'judged' ELSE 'open' END AS state,
                   left_out IS NULL AND latest_day < %(today)s AND latest > 0 AS is_judged_latest,
                   left_out IS NULL AND GREATEST(due_day, latest_day) >= %(today)s AS is_open,
                   promised AS promised_qty, latest AS latest_qty, received AS received_qty,
                   held AS held_qty, held_latest AS held_qty_latest,
                   NOT is_cancelled AND COALESCE(first_day <= due_day, FALSE) AS first,
                   NOT is_cancelled AND COALESCE(complete_day <= due_day, FALSE) AS complete,
                   NOT is_cancelled AND received >= %(needed)s AS in_full,
                   NOT is_cancelled AND held >= %(needed)s AS otif,
                   NOT is_cancelled AND COALESCE(first_day <= latest_day, FALSE) AS first_latest,
                   NOT is_cancelled AND COALESCE(complete_latest_day <= latest_day, FALSE)
                       AS complete_latest,
                   NOT is_cancelled AND received >= %(needed_latest)s AS in_full_latest,
                   NOT is_cancelled AND held_latest >= %(needed_latest)s AS otif_latest,
                   complete_day - approved_day AS lead_days, complete_day - due_day AS bias_days,
                   promised * price AS promised_value,
                   CASE WHEN is_cancelled THEN 0
                        ELSE GREATEST(LEAST(held, promised), 0) * price END AS kept_value,
                   latest * price AS latest_value,
                   CASE WHEN is_cancelled THEN 0
                        ELSE GREATEST(LEAST(held_latest, latest), 0) * price END
                       AS kept_value_latest,
                   ordered_value,
                   CASE WHEN agreed_price > 0 AND ordered_value IS NOT NULL
                        THEN latest * agreed_price END AS agreed_value,
                   CASE WHEN other_price > 0 AND ordered_value IS NOT NULL
                        THEN latest * other_price END AS other_value,
                   %(company)s AS company_key, partner_key, order_key, product_key
              FROM (%(lines)s) AS line
          ) AS found
        """,
        today=scope.today,
        company=scope.company_id,
        needed=_needed(scope),
        needed_latest=_needed(scope, "latest"),
        lines=_lines_query(scope, changed),
    )


def _lines_query(scope, changed):
    """Return the SELECT of promises with what came by which day, a row each."""
    same = ("price", "agreed_price", "other_price", "promised", "latest", "ordered_value",
            "due_day", "latest_day", "approved_day", "left_out",
            "partner_key", "order_key", "product_key")  # fmt: skip
    return SQL(
        """
        SELECT promise_id, BOOL_AND(is_cancelled) AS is_cancelled,
               -- Each move of a promise says the same of it.
               %(same)s,
               COALESCE(SUM(quantity), 0) AS received,
               COALESCE(SUM(quantity) FILTER (WHERE day <= due_day), 0) AS held,
               COALESCE(SUM(quantity) FILTER (WHERE day <= latest_day), 0) AS held_latest,
               MIN(day) FILTER (WHERE quantity > 0) AS first_day,
               MIN(day) FILTER (WHERE upto >= %(needed)s) AS complete_day,
               MIN(day) FILTER (WHERE upto >= %(needed_latest)s) AS complete_latest_day
          FROM (
            SELECT *, SUM(quantity) OVER (PARTITION BY promise_id ORDER BY date, move_id) AS upto
              FROM (%(moves)s) AS moves
          ) AS running
      GROUP BY promise_id
        """,
        same=SQL(", ").join(SQL("MIN(%(name)s) AS %(name)s", name=SQL.identifier(name))
                            for name in same),
        needed=_needed(scope),
        needed_latest=_needed(scope, "latest"),
        moves=_moves_query(scope, changed),
    )  # fmt: skip


def _needed(scope, quantity="promised"):
    return SQL("%s * %s - %s", SQL.identifier(quantity), 1 - scope.tolerance, HAIR)


def _moves_query(scope, changed):
    """Return the SELECT of promises, a row for each move that came for it or went back.

    Quantities are in the product's unit; what nothing came for has one row.
    """
    return SQL(
        """
        SELECT promise.id AS promise_id, promise.price_unit::double precision AS price,
               promise.agreed_price::double precision AS agreed_price,
               promise.best_other_price::double precision AS other_price,
               promise.due_quantity::double precision AS promised,
               promise.partner_id AS partner_key, promise.order_id AS order_key,
               promise.product_id AS product_key,
               ordered.product_qty::double precision * unit.factor::double precision
                   / own.factor::double precision AS latest,
               CASE WHEN purchase.state = 'purchase' AND ordered.product_qty > 0
                    THEN ordered.price_subtotal::double precision
                         / COALESCE(NULLIF(purchase.currency_rate, 0), 1) END AS ordered_value,
               %(due_day)s AS due_day, %(latest_day)s AS latest_day,
               %(approved_day)s AS approved_day,
               purchase.state = 'cancel' AS is_cancelled, excluded.left_out,
               move.date, move.id AS move_id, %(day)s AS day,
               CASE WHEN excluded.left_out IS NOT NULL THEN NULL
                    WHEN %(receipt)s THEN 1 ELSE -1 END
                   * move.quantity::double precision * moved_unit.factor::double precision
                   / own.factor::double precision AS quantity
          FROM %(promises)s
          JOIN purchase_order_line ordered ON ordered.id = promise.order_line_id
          JOIN purchase_order purchase ON purchase.id = ordered.order_id
          JOIN product_product product ON product.id = ordered.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom own ON own.id = template.uom_id
          JOIN uom_uom unit ON unit.id = ordered.product_uom_id
    CROSS JOIN LATERAL (
               -- What is entered as received, such as what was used of the vendor's own stock.
               SELECT CASE WHEN template.type <> 'consu'
                                OR ordered.qty_received_method IS DISTINCT FROM 'stock_moves'
                           THEN 'service'
                           WHEN ordered.product_id = ANY(%(kits)s) THEN 'kit'
                           WHEN purchase.state = 'cancel'
                                AND purchase.vmi_is_vendor_cancelled IS NOT TRUE THEN 'cancelled'
                           WHEN purchase.state NOT IN ('purchase', 'cancel') THEN 'reopened'
                           WHEN promise.due_quantity <= 0 THEN 'cancelled'
                      END AS left_out) AS excluded
     LEFT JOIN (stock_move move
                JOIN uom_uom moved_unit ON moved_unit.id = move.product_uom
                JOIN stock_location origin ON origin.id = move.location_id
                JOIN stock_location destination ON destination.id = move.location_dest_id)
            ON move.purchase_line_id = ordered.id AND move.state = 'done'
           AND move.product_id = ordered.product_id AND (%(receipt)s OR %(returned)s)
         WHERE promise.company_id = %(company)s AND %(vendors)s
        """,
        # The first of the joins, since PostgreSQL puts no more than eight of them in order.
        promises=SQL(
            "%s AS changed JOIN vendor_promise promise ON promise.id = changed.promise_id", changed
        )
        if changed
        else SQL("vendor_promise promise"),
        due_day=scope.local_day(SQL("promise.date_promised")),
        latest_day=scope.local_day(SQL("promise.latest_date")),
        approved_day=scope.local_day(SQL("promise.approved_at")),
        day=scope.local_day(SQL("move.date")),
        receipt=scope.conditions.receipt,
        returned=scope.conditions.receipt_return,
        kits=list(scope.kit_ids),
        company=scope.company_id,
        vendors=scope.of_vendors(SQL("promise.partner_id")),
    )


def _changed_query(scope, since):
    """Return the SELECT of the promises to look at anew, and whether anything was written.

    What is open alone, since its day is not over, has nothing new received.
    """
    return SQL(
        """
        SELECT promise_id, BOOL_OR(is_written) AS is_written
          FROM (
            SELECT promise_id, FALSE AS is_written
              FROM vendor_delivery
             WHERE is_open AND company_key = %(company)s
             UNION ALL
            SELECT id, TRUE
              FROM vendor_promise
             WHERE company_id = %(company)s AND write_date >= %(since)s
             UNION ALL
            SELECT promise.id, TRUE
              FROM vendor_promise promise
              JOIN purchase_order purchase ON purchase.id = promise.order_id
             WHERE promise.company_id = %(company)s AND purchase.write_date >= %(since)s
             UNION ALL
            SELECT promise.id, TRUE
              FROM vendor_promise promise
              JOIN purchase_order_line ordered ON ordered.id = promise.order_line_id
             WHERE promise.company_id = %(company)s AND ordered.write_date >= %(since)s
             UNION ALL
            SELECT promise.id, TRUE
              FROM vendor_promise promise
              JOIN stock_move move ON move.purchase_line_id = promise.order_line_id
             WHERE promise.company_id = %(company)s AND move.write_date >= %(since)s
          ) AS each
      GROUP BY promise_id
        """,
        company=scope.company_id,
        since=SQL("(%s::timestamp - %s::interval)", since, OVERLAP),
    )
