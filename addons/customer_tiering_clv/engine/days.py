"""Who bought when for how much: from the orders that a tier run counts."""

from dataclasses import replace

from odoo.addons.customer_tiering.metrics import made_for
from odoo.addons.customer_tiering.metrics.registry import SOURCES
from odoo.tools import SQL

# Twice as many months back amounts are read: all that there are.
_ALL_MONTHS = 600


def days_query(scope, partners):
    """Return the SELECT of the days of each customer on which something was bought or returned.

    Days are local ones by the date of the order, amounts untaxed. Credit notes and returns take
    their amount off on their own day.

    :param scope: the core's ``engine.scope.Scope`` of a tier run
    :param partners: subselect of the ids of those who may be ranked
    :return: SQL of ``partner_id``, ``day``, ``is_order`` (whether an order was made on it) and
        ``units`` (in smallest currency units)
    """
    everything = replace(scope, window_months=_ALL_MONTHS)
    return SQL(
        """
        SELECT partner_id, day, BOOL_OR(is_order) AS is_order, SUM(revenue)::bigint AS units
          FROM (
                SELECT contact.customer_id AS partner_id,
                       %(day)s AS day,
                       state <> 'corrected' AS is_order,
                       COALESCE(revenue, 0) AS revenue
                  FROM %(documents)s AS document
                  JOIN (
                        SELECT id, commercial_partner_id FROM res_partner
                       ) AS contact (contact_id, customer_id)
                    ON contact.contact_id = document.partner_id
                 WHERE state IN ('sale', 'sold', 'corrected')
                   AND company_id = ANY(%(companies)s)
                   AND date_order < %(until)s
                   AND contact.customer_id IN %(partners)s
                OFFSET 0
               ) AS bought
      GROUP BY partner_id, day
        """,
        day=scope.local_date(SQL("date_order")),
        documents=SOURCES["orders"].documents(everything),
        companies=list(scope.company_ids),
        until=scope.end_utc,
        partners=partners,
    )


def older_query(scope, days):
    """Return the SELECT of the ids of customers who bought before the first order that is known.

    Their invoices say so. When they began to buy is not known, so nothing is said of them.

    :param days: SQL name of the table of :func:`days_query`
    """
    return SQL(
        """
        SELECT DISTINCT contact.commercial_partner_id AS partner_id
          FROM account_move
          JOIN res_partner AS contact ON contact.id = %(partner)s
         WHERE (%(invoices)s)
           AND account_move.company_id = ANY(%(companies)s)
           AND account_move.invoice_date < (SELECT MIN(day) FROM %(days)s WHERE is_order)
        """,
        partner=made_for(SQL("account_move"), SQL("partner_id")),
        invoices=scope.counted.invoices,
        companies=list(scope.company_ids),
        days=days,
    )


def facts_query(scope, days, older, as_of, known_since):
    """Return the SELECT of what the models go by, a row per customer with an order.

    :param days: SQL name of the table of :func:`days_query`
    :param older: SQL name of the table of :func:`older_query`
    :param as_of: the last day that counts
    :param known_since: orders are complete from this day on; None for all
    :return: SQL of ``partner_id``, ``first_day``, ``repeats`` (days with an order but the first),
        ``recency`` and ``age`` (days from the first order to the last, and to ``as_of``), ``mean``
        (amount of the days after the first, per one; NULL without any), ``year_units`` (what was
        bought in the twelve months to ``as_of``) and ``is_older`` (who may have bought before)
    """
    return SQL(
        """
        SELECT customer.partner_id,
               first_day,
               (order_days - 1)::integer AS repeats,
               (last_day - first_day)::double precision AS recency,
               (%(as_of)s::date - first_day)::double precision AS age,
               CASE WHEN order_days > 1
                    THEN ((units - first_units) * %(rounding)s)::double precision
                         / (order_days - 1) END AS mean,
               year_units,
               older.partner_id IS NOT NULL OR %(unknown)s AS is_older
          FROM (
                SELECT partner_id,
                       MIN(day) FILTER (WHERE is_order) AS first_day,
                       MAX(day) FILTER (WHERE is_order) AS last_day,
                       COUNT(*) FILTER (WHERE is_order) AS order_days,
                       SUM(units) AS units,
                       (MIN(ARRAY[day - DATE '2000-01-01', units]) FILTER (WHERE is_order))[2]
                           AS first_units,
                       COALESCE(SUM(units) FILTER (
                           WHERE day > %(as_of)s::date - INTERVAL '12 months'), 0) AS year_units
                  FROM %(days)s
                 WHERE day <= %(as_of)s
              GROUP BY partner_id
               ) AS customer
     LEFT JOIN %(older)s AS older ON older.partner_id = customer.partner_id
         WHERE first_day IS NOT NULL
        """,
        as_of=as_of,
        rounding=scope.currency_rounding,
        unknown=SQL("first_day < %s", known_since) if known_since else SQL("FALSE"),
        days=days,
        older=older,
    )
