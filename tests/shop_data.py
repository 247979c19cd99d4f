"""Customers and orders by the ten thousand, and a look at what runs made of them."""

from __future__ import annotations

from database_view import DatabaseView


class ShopData(DatabaseView):
    """The customers of a database and what became of them."""

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
            "SELECT partner_id, tier_id, score, revenue, tier_since, override_id "
            "FROM customer_standing"
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
