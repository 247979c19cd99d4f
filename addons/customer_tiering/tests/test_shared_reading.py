from datetime import date

from odoo.tools import SQL

from ..metrics import SOURCES
from .common import InvoicingCase


class TestSharedReading(InvoicingCase):
    """Several processes read what there is most of, whichever add-ons count documents there too.

    One part of the query that only one process may do, and PostgreSQL has it do all the rest.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_order(cls.acme, 100, "2026-05-01")

    def copies(self, record, count=2_000, **values):
        """Add rows like a record's, without what Odoo does for each.

        :param values: SQL of what is another in each, over its number ``n``
        """
        table = SQL.identifier(record._table)
        self.env.flush_all()
        values = {"id": SQL("original.id + 1000000 + n"), **values}
        changes = SQL(", ").join(SQL("%s, %s", name, value) for name, value in values.items())
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(table)s
                SELECT copy.*
                  FROM %(table)s AS original
            CROSS JOIN GENERATE_SERIES(1, %(count)s) AS n
            CROSS JOIN LATERAL JSONB_POPULATE_RECORD(
                           original, JSONB_BUILD_OBJECT(%(changes)s)) AS copy
                 WHERE original.id = %(id)s
                """,
                table=table,
                count=count,
                changes=changes,
                id=record.id,
            )
        )
        self.env.cr.execute(SQL("ANALYZE %s", table))

    def shared_steps(self, source):
        """Return what several processes do of a source's query, where asking them costs nothing.

        :return: the set of steps, each as a pair (kind, table or None)
        """
        query = SOURCES[source].query(self.policy._prepare_scope(date(2026, 6, 30)))
        self.env.cr.execute(
            "SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0;"
            "SET LOCAL min_parallel_table_scan_size = 0; SET LOCAL jit = off;"
            "SET LOCAL min_parallel_index_scan_size = 0;"
            "SET LOCAL max_parallel_workers_per_gather = 2;"
            "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off"
        )
        self.env.cr.execute(SQL("EXPLAIN (FORMAT JSON) %s", query))
        [[[plan]]] = self.env.cr.fetchall()
        return set(_steps_below_gather(plan["Plan"]))

    def test_orders_are_sorted(self):
        self.copies(self.env["sale.order"].search([("partner_id", "=", self.acme.id)], limit=1))
        self.assertLessEqual(
            {("Seq Scan", "sale_order"), ("Sort", None)}, self.shared_steps("orders")
        )

    def test_invoices_are_added_up(self):
        self.copies(self.invoice(80, "2026-05-01"), name=SQL("n::text"))
        steps = self.shared_steps("invoices")
        self.assertIn("account_move", {table for _kind, table in steps})
        self.assertIn(("Aggregate", None), steps)

    def test_payments_are_joined_with_what_was_written_off(self):
        invoice = self.invoice(80, "2026-05-01")
        self.pay(invoice, 80, "2026-05-20")
        self.copies(invoice.line_ids.matched_credit_ids)
        self.assertLessEqual(
            {("Seq Scan", "account_partial_reconcile"), ("Function Scan", None)},
            self.shared_steps("payments"),
        )


def _steps_below_gather(node, is_shared=False):
    """Yield what a node of a plan and those below it do in more than one process."""
    if is_shared:
        yield node["Node Type"], node.get("Relation Name")
    is_shared = is_shared or node["Node Type"] in ("Gather", "Gather Merge")
    for child in node.get("Plans", ()):
        yield from _steps_below_gather(child, is_shared)
