"""How long the vendor really took."""

from odoo.tools import SQL

from .steps import DUE

LATEST_LINES = 20
FEWEST_LINES = 5
LONGEST_MEMORY_DAYS = 365


def leads_query(scope):
    """Return the SELECT of the latest lead times seen up to the day, where enough were.

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
            scope, scope.start_of(SQL("%s - %s", scope.today, LONGEST_MEMORY_DAYS))
        ),
        end=scope.start_of(SQL("%s + 1", scope.today)),
        latest=LATEST_LINES,
        fewest=FEWEST_LINES,
    )


def receipts_query(scope, since):
    """Return the SELECT of the order lines that came whole, with the time that each took.

    A lead time runs from the order's approval to the day on which the last of the line came,
    in calendar days.

    :param since: SQL of the moment from which on the last of a line must have come
    :return: SQL with ``order_line_id``, ``agreement_id``, ``product_id``,
        ``commercial_partner_id``, ``received_at`` and ``days``
    """
    return SQL(
        """
        SELECT ordered.id AS order_line_id, purchase.vmi_agreement_id AS agreement_id,
               ordered.product_id, vendor.commercial_partner_id,
               MAX(move.date) AS received_at, %(received_day)s - %(approved_day)s AS days
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
               purchase.vmi_agreement_id, purchase.date_approve
        HAVING MAX(move.date) >= %(since)s
        """,
        received_day=scope.local_day(SQL("MAX(move.date)")),
        approved_day=scope.local_day(SQL("purchase.date_approve")),
        company=scope.company_id,
        due=DUE,
        since=since,
    )
