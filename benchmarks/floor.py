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

# What every run reads, and what it reads for criteria on how customers pay.
DOCUMENTS = ("orders", "invoices")
PAYMENTS = ("payments", "receivables")


class Floor:
    """The floor for one company in one window.

    :param company_id: a root company without branches whose days are those of UTC
    :param sources: what the run reads, of :data:`DOCUMENTS` and :data:`PAYMENTS`
    """

    def __init__(
        self,
        cr,
        company_id: int,
        tier_id: int,
        as_of: date,
        window_months: int,
        sources: tuple[str, ...] = DOCUMENTS,
    ):
        self.cr = cr
        self.company_id = company_id
        self.tier_id = tier_id
        self.as_of = as_of
        self.start = as_of - relativedelta(months=window_months)
        self.sources = sources
        self.aggregates = {
            "orders": self._orders(),
            "invoices": self._invoices(),
            "payments": self._payments(),
            "receivables": self._receivables(),
        }
        self._prepare()

    def _orders(self):
        window = SQL("date_order >= %s", _midnight(self.start))
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(amount_untaxed) FILTER (WHERE state = 'sale' AND %(window)s) AS revenue,
                   COUNT(*) FILTER (WHERE state = 'sale' AND %(window)s) AS order_count,
                   COUNT(*) FILTER (WHERE %(window)s) AS decided_count,
                   MIN(date_order) FILTER (WHERE state = 'sale') AS first_order,
                   MAX(date_order) FILTER (WHERE state = 'sale') AS last_order
              FROM sale_order
              JOIN res_partner AS partner ON partner.id = sale_order.partner_id
             WHERE state IN ('sale', 'sent', 'cancel')
               AND sale_order.company_id = %(company)s
               AND date_order < %(until)s
          GROUP BY partner.commercial_partner_id
            """,
            window=window,
            company=self.company_id,
            until=_midnight(self.as_of),
        )

    def _invoices(self):
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(amount_untaxed_signed) AS revenue,
                   SUM(amount_untaxed_signed) FILTER (WHERE move_type = 'out_refund') AS credited
              FROM account_move AS move
              JOIN res_partner AS partner ON partner.id = move.commercial_partner_id
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.company_id = %s
               AND move.invoice_date <= %s
          GROUP BY partner.commercial_partner_id
            """,
            self.company_id,
            self.as_of,
        )

    def _payments(self):
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(matched.amount) AS paid,
                   SUM(matched.amount * (payment.date - due.date_maturity)) AS delay
              FROM account_partial_reconcile AS matched
              JOIN account_move_line AS due ON due.id = matched.debit_move_id
              JOIN account_move AS invoice ON invoice.id = due.move_id
              JOIN res_partner AS partner ON partner.id = invoice.commercial_partner_id
              JOIN account_move_line AS payment ON payment.id = matched.credit_move_id
              JOIN account_move AS payment_move ON payment_move.id = payment.move_id
             WHERE invoice.move_type = 'out_invoice'
               AND invoice.state = 'posted'
               AND invoice.company_id = %s
               AND payment_move.move_type = 'entry'
               AND payment.date > %s
               AND payment.date <= %s
          GROUP BY partner.commercial_partner_id
            """,
            self.company_id,
            self.start,
            self.as_of,
        )

    def _receivables(self):
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(line.amount_residual) AS open,
                   SUM(line.amount_residual) FILTER (WHERE line.date_maturity < %s) AS overdue
              FROM account_move_line AS line
              JOIN account_move AS invoice ON invoice.id = line.move_id
              JOIN res_partner AS partner ON partner.id = invoice.commercial_partner_id
              JOIN account_account AS account ON account.id = line.account_id
             WHERE line.reconciled IS NOT TRUE
               AND line.parent_state = 'posted'
               AND account.account_type = 'asset_receivable'
               AND line.amount_residual > 0
               AND invoice.move_type = 'out_invoice'
               AND invoice.company_id = %s
               AND invoice.invoice_date <= %s
          GROUP BY partner.commercial_partner_id
            """,
            self.as_of,
            self.company_id,
            self.as_of,
        )

    def _prepare(self):
        """Make the empty table, and a list of the customers so that none is looked for twice."""
        self.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE floor_customers AS
                SELECT * FROM (%s) AS aggregated WHERE first_order IS NOT NULL
                """,
                self.aggregates["orders"],
            )
        )
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
        for source in self.sources:
            # In a plain subselect PostgreSQL leaves out the sums that nobody asks for.
            self.cr.execute(
                SQL(
                    "WITH aggregated AS MATERIALIZED (%s) SELECT COUNT(*) FROM aggregated",
                    self.aggregates[source],
                )
            )
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
