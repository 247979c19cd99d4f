"""Customers and orders by the ten thousand, and a look at what runs made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

import psycopg2


class ShopData:
    """The data of a database, seen and changed over connections of its own."""

    def __init__(self, database: str):
        self.database = database

    def query(self, query: str, values: Sequence | Mapping = ()) -> list[tuple]:
        """Run a statement and commit it; return its rows, if it has some."""
        with closing(psycopg2.connect(dbname=self.database)) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def add_customers(self, count: int) -> None:
        """Add customers with two confirmed orders each in the last half year."""
        self.query(
            """
            WITH customer AS (
                INSERT INTO res_partner (name, complete_name, active, type, is_company,
                                         autopost_bills, group_rfq, group_on)
                SELECT 'Customer ' || n, 'Customer ' || n, TRUE, 'contact', TRUE,
                       'ask', 'default', 'default'
                  FROM generate_series(1, %s) AS n
             RETURNING id
            )
            INSERT INTO sale_order (name, company_id, currency_id, currency_rate, state,
                                    partner_id, partner_invoice_id, partner_shipping_id,
                                    date_order, amount_untaxed, amount_total, picking_policy)
            SELECT 'Order', company.id, company.currency_id, 1, 'sale',
                   customer.id, customer.id, customer.id,
                   NOW() AT TIME ZONE 'UTC' - RANDOM() * INTERVAL '180 days', 0, 0, 'direct'
              FROM customer, generate_series(1, 2), res_company AS company
            """,
            [count],
        )
        self.query(
            """
            UPDATE res_partner SET commercial_partner_id = id
             WHERE commercial_partner_id IS NULL AND parent_id IS NULL
            """
        )
        self.draw_amounts()
        self.query("ANALYZE res_partner, sale_order")

    def draw_amounts(self, partners: list[int] | None = None) -> None:
        """Have customers change places: those given, or all."""
        self.query(
            """
            UPDATE sale_order SET amount_untaxed = 1000 * RANDOM()
             WHERE name = 'Order' AND (partner_id = ANY(%(partners)s) OR %(partners)s IS NULL)
            """,
            {"partners": partners},
        )

    def standings(self) -> dict[int, tuple]:
        """Return what the standings say, by customer."""
        rows = self.query(
            "SELECT partner_id, tier_id, score, revenue, tier_since, lock_id FROM customer_standing"
        )
        standings = {partner: rest for partner, *rest in rows}
        assert len(standings) == len(rows), "a customer has two standings"
        return standings

    def ledger(self) -> list[tuple]:
        """Return the moves, oldest first: customer, tier before, tier after."""
        return self.query(
            "SELECT partner_id, old_tier_id, new_tier_id FROM customer_standing_change ORDER BY id"
        )

    def last_run(self) -> tuple[str, str, str]:
        """Return the newest evaluation's state, step and message."""
        runs = self.query(
            "SELECT state, step, message FROM customer_tier_evaluation ORDER BY id DESC LIMIT 1"
        )
        return runs[0] if runs else (None, None, None)

    def waiting(self) -> int:
        """Return how many connections wait for a lock."""
        return self.query(
            """
            SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = CURRENT_DATABASE() AND wait_event_type = 'Lock'
            """
        )[0][0]

    def connections(self) -> int:
        """Return how many connections there are beside this one."""
        return self.query(
            """
            SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = CURRENT_DATABASE() AND pid <> PG_BACKEND_PID()
            """
        )[0][0]
