"""Customers and, of the companies among them, the contacts."""

from __future__ import annotations

from odoo.tools import SQL

from .dice import normal, uniform
from .loading import insert, last_id

# A fifth of the customers are companies with two contacts each.
COMPANIES = 0.2
# Most customers buy in the company's own currency, the others in one of two more.
OWN_CURRENCY, SECOND_CURRENCY = 0.8, 0.92
# Orders per customer: Lomax with this index, cut off where one customer would outweigh the rest.
TAIL, MOST = 1.5, 500


def make_customers(cr, count: int, days: int, currencies: tuple[int, int, int]) -> None:
    """Make the list ``made_customers`` and the partners.

    A customer comes at some day of the period and stays for a time of their own.

    :param days: length of the period
    :param currencies: ids of the company's currency and of two others
    """
    n = SQL("n")
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE made_customers AS
            SELECT n,
                   %(start)s + n AS partner_id,
                   %(start)s + %(count)s + 2 * n - 1 AS first_contact_id,
                   %(kind)s < %(companies)s AS is_company,
                   CASE WHEN %(money)s < %(own)s THEN %(currency)s
                        WHEN %(money)s < %(second)s THEN %(second_currency)s
                        ELSE %(third_currency)s END AS currency_id,
                   LEAST(POWER(1 - %(orders)s, -1 / %(tail)s::double precision) - 0.8, %(most)s)
                       AS weight,
                   EXP(0.7 * %(size)s) AS size,
                   (ARRAY[0, 14, 30, 60])[1 + FLOOR(4 * %(terms)s)::integer] AS payment_days,
                   (12 * %(habit)s)::integer AS usual_delay,
                   came,
                   LEAST(%(days)s, came + %(days)s * (0.05 + 1.5 * %(stay)s)) AS went
              FROM generate_series(1::bigint, %(count)s) AS n
        CROSS JOIN LATERAL (SELECT 0.9 * %(days)s * %(coming)s AS came) AS arrival
            """,
            start=last_id(cr, "res_partner"),
            count=count,
            days=days,
            companies=COMPANIES,
            own=OWN_CURRENCY,
            second=SECOND_CURRENCY,
            currency=currencies[0],
            second_currency=currencies[1],
            third_currency=currencies[2],
            tail=TAIL,
            most=MOST,
            kind=uniform(n, 1),
            money=uniform(n, 2),
            orders=uniform(n, 3),
            size=normal(n, 4),
            terms=uniform(n, 5),
            habit=normal(n, 6),
            coming=uniform(n, 7),
            stay=uniform(n, 8),
        )
    )
    cr.execute("ANALYZE made_customers")
    common = {
        "type": SQL("'contact'"),
        "active": SQL("TRUE"),
        "partner_share": SQL("TRUE"),
        "lang": SQL("'en_US'"),
        "autopost_bills": SQL("'ask'"),
        "group_rfq": SQL("'default'"),
        "group_on": SQL("'default'"),
        "create_date": SQL("NOW() AT TIME ZONE 'UTC'"),
    }
    insert(
        cr,
        "res_partner",
        {
            **common,
            "id": SQL("partner_id"),
            "commercial_partner_id": SQL("partner_id"),
            "is_company": SQL("is_company"),
            "customer_rank": SQL("1"),
            "name": SQL("'Customer ' || n"),
            "complete_name": SQL("'Customer ' || n"),
            "email": SQL("'customer' || n || '@example.com'"),
            "email_normalized": SQL("'customer' || n || '@example.com'"),
            "city": SQL("'City ' || n %% 500"),
        },
        SQL("made_customers ORDER BY n"),
    )
    insert(
        cr,
        "res_partner",
        {
            **common,
            "id": SQL("first_contact_id + place"),
            "parent_id": SQL("partner_id"),
            "commercial_partner_id": SQL("partner_id"),
            "is_company": SQL("FALSE"),
            "name": SQL("'Contact ' || place + 1"),
            "complete_name": SQL("'Customer ' || n || ', Contact ' || place + 1"),
        },
        SQL("made_customers, generate_series(0, 1) AS place WHERE is_company ORDER BY n, place"),
    )
