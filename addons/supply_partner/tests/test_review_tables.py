from unittest.mock import patch

from psycopg2.errors import UndefinedColumn

from odoo.tools import SQL, mute_logger

from ..engine import Review
from ..engine.demand import crossings_query
from ..engine.due import due_query
from ..engine.locations import inside_query, inside_step
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

    def is_shared(self, query):
        """Return whether PostgreSQL may have several processes do all of a SELECT."""
        # It has another process do it, if one may; until 15 it had another word for it.
        settings = (
            "SELECT set_config(name, %s, TRUE) FROM pg_settings "
            "WHERE name IN ('debug_parallel_query', 'force_parallel_mode')"
        )
        self.env.cr.execute(settings, ["on"])
        self.env.cr.execute(SQL("EXPLAIN (FORMAT JSON) %s", query))
        [[[plan]]] = self.env.cr.fetchall()
        self.env.cr.execute(settings, ["off"])
        return plan["Plan"]["Node Type"] == "Gather"

    def test_several_processes_may_read_what_moved_of_very_many_lines(self):
        # One condition of an add-on's that only one process may look at, and it alone does all.
        with (
            patch.object(vmi_agreement_line, "MANY_LINES", 1),
            self.lines._prepare_review(self.company) as review,
        ):
            due = review.create("due", due_query(review.scope))
            inside = review.create("inside", inside_query(due))
            moved = crossings_query(review.scope, due, SQL("due.window_start"))
            self.assertTrue(self.is_shared(SQL("WITH %s %s", inside_step(due, inside), moved)))

    def test_several_processes_may_find_what_is_said_of_very_many_lines(self):
        shared = set()
        create = Review.create

        def look_and_create(review, name, query, **options):
            if self.is_shared(query):
                shared.add(name)
            return create(review, name, query, **options)

        self.patch(vmi_agreement_line, "MANY_LINES", 1)
        self.patch(Review, "create", look_and_create)
        self.agreement.review()
        # Of the others one process puts together what several have joined and sorted.
        self.assertLessEqual({"wanted_at", "findings", "prices"}, shared)

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
