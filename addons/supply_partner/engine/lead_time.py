"""How long the vendor really took."""

from odoo.tools import SQL

from .steps import DUE

LATEST_LINES = 20
FEWEST_LINES = 5
LONGEST_MEMORY_DAYS = 365


def leads_query(scope):
    """Return the SELECT of the lead times seen, where enough were.

    A lead time runs from the order's approval to the day on which the last of the line came,
    in calendar days. What came after the scope's day is not known yet.

    :return: SQL with ``product_id``, ``commercial_partner_id``, ``lead_days`` and
        ``lead_deviation`` (of a sample)
    """
    return SQL(
        """
        WITH receipts AS (
            SELECT ordered.product_id, vendor.commercial_partner_id,
                   %(received_day)s - %(approved_day)s AS days,
                   ROW_NUMBER() OVER (
                       PARTITION BY ordered.product_id, vendor.commercial_partner_id
                       ORDER BY MAX(move.date) DESC, ordered.id DESC) AS rank
              FROM purchase_order_line ordered
              JOIN purchase_order purchase ON purchase.id = ordered.order_id
              JOIN res_partner vendor ON vendor.id = purchase.partner_id
              JOIN stock_move move
                ON move.purchase_line_id = ordered.id AND move.state = 'done'
              JOIN stock_location origin
                ON origin.id = move.location_id AND origin.usage = 'supplier'
             WHERE purchase.state = 'purchase' AND purchase.company_id = %(company)s
               AND purchase.date_approve IS NOT NULL
               AND ordered.qty_received >= ordered.product_qty
               AND ordered.product_id IN (SELECT product_id FROM %(due)s)
          GROUP BY ordered.id, ordered.product_id, vendor.commercial_partner_id,
                   purchase.date_approve
            HAVING MAX(move.date) >= %(memory_start)s AND MAX(move.date) < %(memory_end)s
        )
        SELECT product_id, commercial_partner_id, AVG(days)::double precision AS lead_days,
               STDDEV_SAMP(days)::double precision AS lead_deviation
          FROM receipts
         WHERE rank <= %(latest)s
      GROUP BY product_id, commercial_partner_id
        HAVING COUNT(*) >= %(fewest)s
        """,
        received_day=scope.local_day(SQL("MAX(move.date)")),
        approved_day=scope.local_day(SQL("purchase.date_approve")),
        company=scope.company_id,
        due=DUE,
        memory_start=scope.start_of(SQL("%s - %s", scope.today, LONGEST_MEMORY_DAYS)),
        memory_end=scope.start_of(SQL("%s + 1", scope.today)),
        latest=LATEST_LINES,
        fewest=FEWEST_LINES,
    )
