"""Orders and quotations."""

from __future__ import annotations

from datetime import date

from odoo.tools import SQL
from odoo.tools.sql import column_exists

from .dice import normal, uniform
from .loading import insert, last_id

# An order's own number: that of its customer and its place among the customer's orders.
KEY = SQL("key")
# Cumulated shares of confirmed orders, sent quotations and cancelled ones; the rest are drafts.
CONFIRMED, SENT, CANCELLED = 0.80, 0.90, 0.96
# Part of a company's orders that its contacts place.
BY_CONTACT = 0.6


def make_orders(cr, company_id: int, count: int, first_day: date, own_currency_id: int) -> None:
    """Make the list ``made_orders`` and the orders, in the order of their moments.

    :param count: of all customers together
    """
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE made_orders AS
            WITH shares AS (
                SELECT n, ROUND(%(count)s * (SUM(weight) OVER (ORDER BY n)
                                             / SUM(weight) OVER ()))::bigint AS upto
                  FROM made_customers
            ),
            counts AS (
                SELECT n, upto - COALESCE(LAG(upto) OVER (ORDER BY n), 0) AS orders FROM shares
            ),
            keyed AS (
                SELECT customer.*, 100000 * customer.n + place AS key
                  FROM counts
                  JOIN made_customers AS customer USING (n)
            CROSS JOIN generate_series(1, counts.orders) AS place
            ),
            drawn AS (
                SELECT keyed.*,
                       %(first_day)s::timestamp + FLOOR(86400 * (came + (went - came) * %(time)s))
                           * INTERVAL '1 second' AS moment,
                       CASE WHEN %(fate)s < %(confirmed)s THEN 'sale'
                            WHEN %(fate)s < %(sent)s THEN 'sent'
                            WHEN %(fate)s < %(cancelled)s THEN 'cancel'
                            ELSE 'draft' END AS state,
                       ROUND((size * EXP(4.5 + 0.9 * %(amount)s))::numeric, 2) AS amount,
                       ROUND((0.2 + 0.15 * %(profit)s)::numeric, 4) AS tolerance_share,
                       CASE WHEN is_company AND %(who)s < %(by_contact)s
                            THEN first_contact_id + (%(who)s < %(by_contact)s / 2)::integer
                            ELSE partner_id END AS ordering_partner_id
                  FROM keyed
            )
            SELECT %(start)s + ROW_NUMBER() OVER (ORDER BY moment, key) AS id,
                   key, n, partner_id, ordering_partner_id, moment, state, amount,
                   ROUND(amount * tolerance_share, 2) AS margin, currency_id, payment_days,
                   usual_delay,
                   CASE WHEN currency_id = %(own_currency)s THEN 1
                        ELSE ROUND((0.9 + 0.1 * SIN(EXTRACT(MONTH FROM moment)))::numeric, 6)
                   END AS rate
              FROM drawn
          ORDER BY moment, key
            """,
            start=last_id(cr, "sale_order"),
            count=count,
            first_day=first_day,
            own_currency=own_currency_id,
            confirmed=CONFIRMED,
            sent=SENT,
            cancelled=CANCELLED,
            by_contact=BY_CONTACT,
            time=uniform(KEY, 20),
            fate=uniform(KEY, 21),
            amount=normal(KEY, 22),
            profit=normal(KEY, 23),
            who=uniform(KEY, 24),
        )
    )
    cr.execute("ANALYZE made_orders")
    insert(
        cr,
        "sale_order",
        {
            "id": SQL("id"),
            "name": SQL("'S' || LPAD(id::text, 8, '0')"),
            "company_id": SQL("%s", company_id),
            "partner_id": SQL("ordering_partner_id"),
            "partner_invoice_id": SQL("partner_id"),
            "partner_shipping_id": SQL("ordering_partner_id"),
            "state": SQL("state"),
            "date_order": SQL("moment"),
            "create_date": SQL("moment"),
            "validity_date": SQL("moment::date + 30"),
            "currency_id": SQL("currency_id"),
            "currency_rate": SQL("rate"),
            "amount_untaxed": SQL("amount"),
            "amount_tax": SQL("0"),
            "amount_total": SQL("amount"),
            "invoice_status": SQL("CASE WHEN state = 'sale' THEN 'to invoice' ELSE 'no' END"),
            "locked": SQL("FALSE"),
            "picking_policy": SQL("'direct'"),
            "margin": SQL("margin"),
            "margin_percent": SQL("margin / NULLIF(amount, 0)"),
            # Databases of the rivals do not have it.
            **(
                {"was_sent": SQL("state = 'cancel'")}
                if column_exists(cr, "sale_order", "was_sent")
                else {}
            ),
        },
        SQL("made_orders ORDER BY id"),
    )
