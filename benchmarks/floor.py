"""The least that tiering customers can cost in PostgreSQL.

The run's own joins and conditions as bare aggregates, and one INSERT … SELECT of a plain
row per customer into an empty table with foreign keys to partner, company, tier and
candidate, the unique constraint and one index. It knows nothing of the engine, so that a
fatter engine or a fatter table does not look better beside it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from .common import seconds


class Floor:
    """The floor for one company in one window.

    :param company_id: a root company without branches whose days are those of UTC
    """

    def __init__(self, cr, company_id: int, tier_id: int, as_of: date, window_months: int):
        self.cr = cr
        self.company_id = company_id
        self.tier_id = tier_id
        self.as_of = as_of
        self.start = as_of - relativedelta(months=window_months)
        self.orders = SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(amount_untaxed) FILTER (WHERE date_order >= %s) AS revenue,
                   COUNT(*) FILTER (WHERE date_order >= %s) AS order_count,
                   MIN(date_order) AS first_order,
                   MAX(date_order) AS last_order
              FROM sale_order AS o
              JOIN res_partner AS partner ON partner.id = o.partner_id
             WHERE o.state = 'sale' AND o.company_id = %s AND date_order < %s
          GROUP BY partner.commercial_partner_id
            """,
            _midnight(self.start),
            _midnight(self.start),
            company_id,
            _midnight(as_of),
        )
        self.invoices = SQL(
            """
            SELECT commercial_partner_id AS partner_id,
                   SUM(amount_untaxed_signed) FILTER (WHERE invoice_date > %s) AS revenue
              FROM account_move
             WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
               AND company_id = %s AND invoice_date <= %s
          GROUP BY commercial_partner_id
            """,
            self.start,
            company_id,
            as_of,
        )
        self._prepare()

    def _prepare(self):
        """Make the empty table, and a list of the customers so that none is looked for twice."""
        self.cr.execute(SQL("CREATE TEMPORARY TABLE floor_customers AS %s", self.orders))
        self.cr.execute("ANALYZE floor_customers")
        self.cr.execute(
            """
            CREATE TABLE tiering_floor (
                id SERIAL PRIMARY KEY,
                partner_id INTEGER NOT NULL REFERENCES res_partner ON DELETE CASCADE,
                company_id INTEGER NOT NULL REFERENCES res_company ON DELETE CASCADE,
                tier_id INTEGER REFERENCES customer_tier,
                candidate_tier_id INTEGER REFERENCES customer_tier,
                score NUMERIC,
                revenue NUMERIC,
                order_count INTEGER,
                last_order_date DATE,
                tier_since DATE,
                UNIQUE (partner_id, company_id)
            )
            """
        )
        self.cr.execute("CREATE INDEX ON tiering_floor (company_id, tier_id)")

    def seconds(self) -> float:
        """Return how long the floor takes once."""
        self.cr.execute("TRUNCATE tiering_floor")
        return seconds(self._run)

    def _run(self):
        for aggregate in (self.orders, self.invoices):
            self.cr.execute(SQL("SELECT COUNT(*), SUM(revenue) FROM (%s) AS aggregated", aggregate))
        self.cr.execute(
            SQL(
                """
                INSERT INTO tiering_floor (partner_id, company_id, tier_id, candidate_tier_id,
                                           score, revenue, order_count, last_order_date, tier_since)
                SELECT partner_id, %s, %s, %s, 50.00, revenue, order_count, last_order::date, %s
                  FROM floor_customers
                """,
                self.company_id,
                self.tier_id,
                self.tier_id,
                self.as_of,
            )
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min)
