"""How long the vendor really took."""

from odoo.tools import SQL

LATEST_LINES = 20
FEWEST_LINES = 5
LONGEST_MEMORY_DAYS = 365


def leads_query(scope, due):
    """Return the SELECT of the latest lead times seen up to the day, where enough were.

    :param due: the table of lines
    :return: SQL with ``product_id``, ``commercial_partner_id``, ``lead_days`` and
        ``lead_deviation`` (of a sample)
    """
    return SQL(
        """
        WITH ranked AS (
            SELECT *, ROW_NUMBER() OVER (
                       PARTITION BY product_id, commercial_partner_id
                       ORDER BY received_at DESC, order_line_id DESC) AS rank
              FROM (%(receipts)s) AS receipts
             WHERE received_at < %(end)s
        )
        SELECT product_id, commercial_partner_id, AVG(days)::double precision AS lead_days,
               STDDEV_SAMP(days)::double precision AS lead_deviation
          FROM ranked
         WHERE rank <= %(latest)s
      GROUP BY product_id, commercial_partner_id
        HAVING COUNT(*) >= %(fewest)s
        """,
        receipts=receipts_query(
            scope, due, scope.start_of(SQL("%s - %s", scope.today, LONGEST_MEMORY_DAYS))
        ),
        end=scope.start_of(SQL("%s + 1", scope.today)),
        latest=LATEST_LINES,
        fewest=FEWEST_LINES,
    )


def receipts_query(scope, due, since):
    """Return the SELECT of the order lines that came whole, with the time that each took.

    A lead time runs from the order's approval to the day on which the last of the line first
    came, in calendar days. What was sent back, refunded or exchanged afterwards changes nothing.

    :param due: the table of lines
    :param since: SQL of the moment from which on the last of a line must have come
    :return: SQL with ``order_line_id``, ``agreement_id``, ``product_id``,
        ``commercial_partner_id``, ``received_at`` and ``days``
    """
    return SQL(
        """
        WITH moved AS (
            SELECT ordered.id AS order_line_id, purchase.vmi_agreement_id AS agreement_id,
                   ordered.product_id, vendor.commercial_partner_id, move.date,
                   purchase.date_approve, ordered.product_qty * unit.factor AS wanted,
                   -- An exchange replaces what went back, and brings nothing of what is missing.
                   SUM(CASE WHEN %(enters)s THEN move.quantity ELSE -move.quantity END
                       * move_unit.factor) OVER upto AS held,
                   SUM(CASE WHEN %(refunded)s THEN move.quantity * move_unit.factor ELSE 0 END)
                       OVER upto AS refunded
              FROM purchase_order_line ordered
              JOIN purchase_order purchase ON purchase.id = ordered.order_id
              JOIN res_partner vendor ON vendor.id = purchase.partner_id
              JOIN uom_uom unit ON unit.id = ordered.product_uom_id
              JOIN stock_move move
                ON move.purchase_line_id = ordered.id AND move.state = 'done'
              JOIN uom_uom move_unit ON move_unit.id = move.product_uom
              JOIN stock_location origin ON origin.id = move.location_id
              JOIN stock_location destination ON destination.id = move.location_dest_id
             WHERE purchase.state = 'purchase' AND purchase.company_id = %(company)s
               AND purchase.date_approve IS NOT NULL
               AND ordered.product_id IN (SELECT product_id FROM %(due)s)
               AND (%(enters)s OR %(returns)s)
            WINDOW upto AS (PARTITION BY ordered.id ORDER BY move.date, move.id)
        )
        SELECT order_line_id, agreement_id, product_id, commercial_partner_id,
               MIN(date) AS received_at, %(received_day)s - %(approved_day)s AS days
          FROM moved
         WHERE held + refunded >= wanted * 0.999999
      GROUP BY order_line_id, agreement_id, product_id, commercial_partner_id, date_approve
        HAVING MIN(date) >= %(since)s
        """,
        received_day=scope.local_day(SQL("MIN(date)")),
        approved_day=scope.local_day(SQL("date_approve")),
        company=scope.company_id,
        due=due,
        since=since,
        enters=scope.conditions.receipt,
        returns=scope.conditions.receipt_return,
        refunded=SQL("((%s) AND move.to_refund)", scope.conditions.receipt_return),
    )
