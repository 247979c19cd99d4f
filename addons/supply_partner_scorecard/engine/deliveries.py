"""What became of each promise: when it came, how much, and under which definition it was kept.

A line is looked at again as long as its day is not over, and when its order, its promise or one of
its moves was written. Everything else stays as it was found.
"""

from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.tools import SQL

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
    "state", "left_out", "due_day", "latest_day", "is_judged_latest", "first_day", "complete_day",
    "promised_qty", "latest_qty", "received_qty", "held_qty", "held_qty_latest", *KEPT_COLUMNS,
    "disagreement", "lead_days", "bias_days", "promised_value", "kept_value",
    "latest_value", "kept_value_latest", "tolerance", "is_open",
)  # fmt: skip


def write_deliveries(cr, scope, since=None):
    """Find what became of the company's promises, and write what differs.

    :param scope: the :class:`~.scope.VendorScope`
    :param since: the moment, in UTC, from which on changes are looked for; by default everything
        is found anew
    :return: the number of lines looked at, and of rows written
    """
    with TemporaryTables(cr, analyzes=True) as tables:
        due = tables.create("due", _due_query(scope, since))
        cr.execute(SQL("SELECT COUNT(*) FROM %s", due))
        [(looked_at,)] = cr.fetchall()
        moved = tables.create("moved", _moved_query(scope, due))
        cr.execute(_rows_statement(scope, due, moved))
        written = cr.rowcount
    if written > MANY_ROWS:
        # Otherwise the queries that follow are planned for the table as it was before.
        cr.execute("ANALYZE vendor_delivery")
    return looked_at, written


def _due_query(scope, since):
    """Return the SELECT of the promises to look at, a row each, in units of the product."""
    return SQL(
        """
        SELECT promise.id AS promise_id, ordered.id AS order_line_id, ordered.product_id,
               own.factor::double precision AS own_factor,
               promise.price_unit::double precision AS price,
               promise.due_quantity::double precision AS promised,
               ordered.product_qty::double precision * unit.factor::double precision
                   / own.factor::double precision AS latest,
               %(due_day)s AS due_day, %(latest_day)s AS latest_day,
               %(approved_day)s AS approved_day,
               purchase.state = 'cancel' AS is_cancelled,
               -- What is entered as received, such as what was used of the vendor's own stock.
               CASE WHEN template.type <> 'consu'
                         OR ordered.qty_received_method IS DISTINCT FROM 'stock_moves'
                    THEN 'service'
                    WHEN ordered.product_id = ANY(%(kits)s) THEN 'kit'
                    WHEN purchase.state = 'cancel'
                         AND purchase.vmi_is_vendor_cancelled IS NOT TRUE THEN 'cancelled'
                    WHEN purchase.state NOT IN ('purchase', 'cancel') THEN 'reopened'
                    WHEN promise.due_quantity <= 0 THEN 'cancelled'
               END AS left_out
          FROM vendor_promise promise
          JOIN purchase_order_line ordered ON ordered.id = promise.order_line_id
          JOIN purchase_order purchase ON purchase.id = ordered.order_id
          JOIN product_product product ON product.id = ordered.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom own ON own.id = template.uom_id
          JOIN uom_uom unit ON unit.id = ordered.product_uom_id
         WHERE promise.company_id = %(company)s AND %(vendors)s AND %(changed)s
        """,
        due_day=scope.local_day(SQL("promise.date_promised")),
        latest_day=scope.local_day(SQL("promise.latest_date")),
        approved_day=scope.local_day(SQL("promise.approved_at")),
        kits=list(scope.kit_ids),
        company=scope.company_id,
        vendors=scope.of_vendors(SQL("promise.partner_id")),
        changed=_changed_condition(scope, since),
    )


def _changed_condition(scope, since):
    """Return the SQL condition for a promise to be looked at."""
    if since is None:
        return SQL("TRUE")
    return SQL(
        """promise.id IN (
            SELECT candidate.id
              FROM vendor_promise candidate
         LEFT JOIN vendor_delivery delivery ON delivery.promise_id = candidate.id
             WHERE candidate.company_id = %(company)s
               AND (delivery.id IS NULL OR delivery.is_open OR candidate.write_date >= %(since)s
                    OR delivery.tolerance IS DISTINCT FROM %(tolerance)s)
             UNION
            SELECT candidate.id
              FROM vendor_promise candidate
              JOIN purchase_order purchase ON purchase.id = candidate.order_id
             WHERE purchase.write_date >= %(since)s
             UNION
            SELECT candidate.id
              FROM vendor_promise candidate
              JOIN purchase_order_line ordered ON ordered.id = candidate.order_line_id
             WHERE ordered.write_date >= %(since)s
             UNION
            SELECT candidate.id
              FROM vendor_promise candidate
              JOIN stock_move move ON move.purchase_line_id = candidate.order_line_id
             WHERE move.write_date >= %(since)s)""",
        company=scope.company_id,
        tolerance=scope.tolerance,
        since=SQL("(%s::timestamp - %s::interval)", since, OVERLAP),
    )


def _moved_query(scope, due):
    """Return the SELECT of what came for a promise and went back, a row per promise."""
    return SQL(
        """
        WITH moves AS (
            SELECT due.promise_id, %(day)s AS day, move.date, move.id,
                   CASE WHEN %(receipt)s THEN 1 ELSE -1 END
                       * move.quantity::double precision * unit.factor::double precision
                       / due.own_factor AS quantity
              FROM %(due)s due
              JOIN purchase_order_line ordered ON ordered.id = due.order_line_id
              JOIN purchase_order purchase ON purchase.id = ordered.order_id
              JOIN stock_move move
                ON move.purchase_line_id = due.order_line_id AND move.state = 'done'
               AND move.product_id = due.product_id
              JOIN uom_uom unit ON unit.id = move.product_uom
              JOIN stock_location origin ON origin.id = move.location_id
              JOIN stock_location destination ON destination.id = move.location_dest_id
             WHERE due.left_out IS NULL AND (%(receipt)s OR %(returned)s)
        ),
        sums AS (
            SELECT due.promise_id, COUNT(*) AS moves, SUM(quantity) AS received,
                   COALESCE(SUM(quantity) FILTER (WHERE day <= due_day), 0) AS held,
                   COALESCE(SUM(quantity) FILTER (WHERE day <= latest_day), 0) AS held_latest,
                   MIN(day) FILTER (WHERE quantity > 0) AS first_day,
                   MIN(day) FILTER (WHERE quantity >= %(needed)s) AS complete_day,
                   MIN(day) FILTER (WHERE quantity >= %(needed_latest)s) AS complete_latest_day
              FROM moves
              JOIN %(due)s due ON due.promise_id = moves.promise_id
          GROUP BY due.promise_id
        ),
        -- What comes in one piece is complete with it; only the others are added up.
        reached AS (
            SELECT promise_id, MIN(day) FILTER (WHERE upto >= %(needed)s) AS complete_day,
                   MIN(day) FILTER (WHERE upto >= %(needed_latest)s) AS complete_latest_day
              FROM (SELECT due.promise_id, due.promised, due.latest, moves.day,
                           SUM(moves.quantity) OVER (
                               PARTITION BY due.promise_id ORDER BY moves.date, moves.id) AS upto
                      FROM moves
                      JOIN %(due)s due ON due.promise_id = moves.promise_id
                     WHERE moves.promise_id IN (SELECT promise_id FROM sums WHERE sums.moves > 1)
                   ) AS running
          GROUP BY promise_id
        )
        SELECT sums.promise_id, received, held, held_latest, first_day,
               CASE WHEN moves > 1 THEN reached.complete_day ELSE sums.complete_day END
                   AS complete_day,
               CASE WHEN moves > 1 THEN reached.complete_latest_day
                    ELSE sums.complete_latest_day END AS complete_latest_day
          FROM sums
     LEFT JOIN reached ON reached.promise_id = sums.promise_id
        """,
        due=due,
        day=scope.local_day(SQL("move.date")),
        receipt=scope.conditions.receipt,
        returned=scope.conditions.receipt_return,
        needed=_needed(scope, SQL("promised")),
        needed_latest=_needed(scope, SQL("latest")),
    )


def _needed(scope, quantity):
    return SQL("%s * %s - %s", quantity, 1 - scope.tolerance, HAIR)


def _rows_statement(scope, due, moved):
    """Return the statement that writes the rows that differ from what was found."""
    names = [SQL.identifier(name) for name in COLUMNS]
    return SQL(
        """
        INSERT INTO vendor_delivery AS old (promise_id, %(columns)s)
        SELECT promise_id, %(columns)s FROM (%(facts)s) AS facts
            ON CONFLICT (promise_id) DO UPDATE
           SET (%(columns)s) = (%(new)s)
         WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        columns=SQL(", ").join(names),
        facts=_facts_query(scope, due, moved),
        new=SQL(", ").join(SQL("EXCLUDED.%s", name) for name in names),
        old=SQL(", ").join(SQL.identifier("old", name) for name in COLUMNS),
    )


def _facts_query(scope, due, moved):
    """Return the SELECT of the rows to write."""
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
            SELECT due.promise_id, due_day, latest_day, first_day, complete_day, left_out,
                   CASE WHEN left_out IS NOT NULL THEN 'left_out'
                        WHEN due_day < %(today)s THEN 'judged' ELSE 'open' END AS state,
                   left_out IS NULL AND latest_day < %(today)s AND latest > 0 AS is_judged_latest,
                   left_out IS NULL AND GREATEST(due_day, latest_day) >= %(today)s AS is_open,
                   promised AS promised_qty, latest AS latest_qty,
                   COALESCE(received, 0) AS received_qty, COALESCE(held, 0) AS held_qty,
                   COALESCE(held_latest, 0) AS held_qty_latest,
                   NOT is_cancelled AND COALESCE(first_day <= due_day, FALSE) AS first,
                   NOT is_cancelled AND COALESCE(complete_day <= due_day, FALSE) AS complete,
                   NOT is_cancelled AND COALESCE(received, 0) >= %(needed)s AS in_full,
                   NOT is_cancelled AND COALESCE(held, 0) >= %(needed)s AS otif,
                   NOT is_cancelled AND COALESCE(first_day <= latest_day, FALSE) AS first_latest,
                   NOT is_cancelled AND COALESCE(complete_latest_day <= latest_day, FALSE)
                       AS complete_latest,
                   NOT is_cancelled AND COALESCE(received, 0) >= %(needed_latest)s
                       AS in_full_latest,
                   NOT is_cancelled AND COALESCE(held_latest, 0) >= %(needed_latest)s
                       AS otif_latest,
                   complete_day - approved_day AS lead_days, complete_day - due_day AS bias_days,
                   promised * price AS promised_value,
                   CASE WHEN is_cancelled THEN 0
                        ELSE GREATEST(LEAST(COALESCE(held, 0), promised), 0) * price END
                       AS kept_value,
                   latest * price AS latest_value,
                   CASE WHEN is_cancelled THEN 0
                        ELSE GREATEST(LEAST(COALESCE(held_latest, 0), latest), 0) * price END
                       AS kept_value_latest,
                   %(tolerance)s::double precision AS tolerance
              FROM %(due)s due
         LEFT JOIN %(moved)s moved ON moved.promise_id = due.promise_id
          ) AS found
        """,
        today=scope.today,
        tolerance=scope.tolerance,
        needed=_needed(scope, SQL("promised")),
        needed_latest=_needed(scope, SQL("latest")),
        due=due,
        moved=moved,
    )
