"""Days of customers that come back every year, such as anniversaries."""

from __future__ import annotations

from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(frozen=True)
class Occasion:
    """Yearly days of one kind.

    :ivar kind: a value of the ledger's field ``kind``
    :ivar days: SELECT of ``partner_id``, ``day`` (the first one, which is not celebrated) and
        ``of_whom``, a prefix that tells apart several days of one customer, or ''
    :ivar more: names of further columns of ``days`` that the ledger takes over
    """

    kind: str
    days: SQL
    more: tuple[str, ...] = ()


def occasions_query(occasion, customers, celebrated):
    """Return the SELECT of the ledger's rows for customers in tiers.

    :param occasion: an :class:`Occasion`
    :param celebrated: tuples (due on, month, day of month): which yearly days are due when
    """
    dues, months, days_of_month = zip(*celebrated, strict=True)
    return SQL(
        """
        SELECT first.*, customer.tier_id, %(kind)s AS kind,
               CONCAT(first.of_whom, EXTRACT(YEAR FROM celebrated.due)) AS occasion,
               customer.user_id, celebrated.due AS date_due,
               NULL::date AS last_contact_date, NULL::integer AS template_id,
               ROW_NUMBER() OVER (ORDER BY customer.partner_id, first.of_whom) AS place
          FROM (%(days)s) AS first
          JOIN UNNEST(%(dues)s::date[], %(months)s::int[], %(days_of_month)s::int[])
               AS celebrated (due, month, day_of_month)
            ON celebrated.month = EXTRACT(MONTH FROM first.day)
           AND celebrated.day_of_month = EXTRACT(DAY FROM first.day)
           AND celebrated.due > first.day
          JOIN (%(customers)s) AS customer
            ON customer.partner_id = first.partner_id AND customer.tier_id IS NOT NULL
        """,
        kind=occasion.kind,
        days=occasion.days,
        dues=list(dues),
        months=list(months),
        days_of_month=list(days_of_month),
        customers=customers,
    )
