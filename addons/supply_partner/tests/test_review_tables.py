from unittest.mock import patch

from psycopg2.errors import UndefinedColumn

from odoo.tools import SQL, mute_logger

from ..engine import Review
from ..models import vmi_agreement_line
from .common import VmiCase


class TestReviewTables(VmiCase):
    """A review's temporary tables are its own, and end with it."""

    def tables(self):
        """Return the names of the tables of reviews that the connection holds."""
        self.env.cr.execute(
            r"SELECT relname FROM pg_class WHERE relkind = 'r' "
            r"AND relname LIKE 'run\_%' AND pg_table_is_visible(oid)"
        )
        return [name for (name,) in self.env.cr.fetchall()]

    def setUp(self):
        super().setUp()
        self.agreement = self.make_agreement((self.screws, 60, 120))
        self.lines = self.agreement.line_ids.sudo()

    def test_nothing_is_left_of_whatever_looks_at_the_lines(self):
        proposal = self.agreement.review()
        self.assertFalse(self.tables())
        self.lines._measure()
        self.lines._find()
        self.lines._get_hindrances()
        self.assertFalse(self.tables())
        proposal.action_approve()
        self.assertFalse(self.tables())

    def test_nothing_is_left_of_one_that_fails_between_its_steps(self):
        failing = patch.object(Review, "write_findings", side_effect=KeyError("gone"))
        with failing, self.assertRaises(KeyError):
            self.agreement.review()
        self.assertFalse(self.tables())

    def test_very_many_lines_come_out_as_few_do(self):
        self.put(self.screws, 30)
        with self.lines._prepare_review(self.company) as review:
            review.find()
            few = review.rows()
        with (
            patch.object(vmi_agreement_line, "MANY_LINES", 1),
            self.lines._prepare_review(self.company) as review,
        ):
            review.find()
            self.assertTrue(review.shared)
            self.assertEqual(review.rows(), few)
        self.assertEqual(few[0]["order_qty"], 90)
        self.assertFalse(self.tables())

    def test_nothing_is_left_of_one_of_very_many_lines(self):
        with patch.object(vmi_agreement_line, "MANY_LINES", 1):
            self.assertTrue(self.agreement.review())
            self.assertFalse(self.tables())
            failing = patch.object(Review, "write_findings", side_effect=KeyError("gone"))
            with failing, self.assertRaises(KeyError):
                self.agreement.review()
            self.assertFalse(self.tables())

    def test_several_processes_sort_what_moved_of_very_many_lines(self):
        # One look-up that only one process may do, and it alone would do all of it.
        sold = self.move(self.screws, 3, self.stock, self.customers, days=-5, done=True)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO stock_move
                SELECT copy.*
                  FROM stock_move AS original
            CROSS JOIN GENERATE_SERIES(1, 2000) AS n
            CROSS JOIN LATERAL JSONB_POPULATE_RECORD(
                           original, JSONB_BUILD_OBJECT('id', 1000000 + n)) AS copy
                 WHERE original.id = %s
                """,
                sold.id,
            )
        )
        self.env.cr.execute("ANALYZE stock_move")
        plans = {}
        create = Review.create

        def explained(review, name, query, *args):
            # As it is planned for many, and where asking others costs nothing.
            self.env.cr.execute(
                "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off;"
                "SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0;"
                "SET LOCAL min_parallel_table_scan_size = 0;"
                "SET LOCAL max_parallel_workers_per_gather = 2"
            )
            self.env.cr.execute(SQL("EXPLAIN (FORMAT JSON) %s", query))
            [[[plans[name]]]] = self.env.cr.fetchall()
            return create(review, name, query, *args)

        with (
            patch.object(vmi_agreement_line, "MANY_LINES", 1),
            patch.object(Review, "create", explained),
            self.lines._prepare_review(self.company) as review,
        ):
            review.find()
        shared = list(_below(plans["demands"]["Plan"], ("Gather", "Gather Merge")))
        # Leaving and entering, and tomorrow.
        self.assertLessEqual({"Append", "Sort"}, {node["Node Type"] for node in shared})

    @mute_logger("odoo.sql_db")
    def test_nothing_is_left_of_one_that_the_database_stops(self):
        self.patch(type(self.lines), "_get_usable_stock", lambda *_args: SQL("quant.gone"))
        with self.assertRaises(UndefinedColumn), self.env.cr.savepoint():
            self.lines._measure()
        self.assertFalse(self.tables())

    def test_two_on_one_connection_never_meet(self):
        bolts = self.make_product("Bolts", self.vendor)
        others = self.make_agreement((bolts, 60, 120)).line_ids.sudo()
        with self.lines._prepare_review(self.company) as outer:
            outer.find()
            with others._prepare_review(self.company) as inner:
                inner.find()
                self.assertEqual([row["line_id"] for row in inner.rows()], others.ids)
            self.assertEqual([row["line_id"] for row in outer.rows()], self.lines.ids)


def _below(node, kinds, is_below=False):
    """Yield the nodes of a plan that are below one of some kinds."""
    if is_below:
        yield node
    for child in node.get("Plans", ()):
        yield from _below(child, kinds, is_below or node["Node Type"] in kinds)
