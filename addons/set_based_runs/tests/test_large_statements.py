from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..large_statements import (
    PARALLEL_WORKERS,
    WORK_MEM,
    Allowance,
    enlarge,
    read_allowance,
    shrink,
)
from ..temporary_tables import TemporaryTables

SHOWN = SQL(
    "SELECT CURRENT_SETTING('work_mem') AS memory,"
    " CURRENT_SETTING('max_parallel_workers_per_gather') AS helpers,"
    " CURRENT_SETTING('jit') AS compiles, CURRENT_SETTING('enable_nestloop') AS loops,"
    " CURRENT_SETTING('parallel_tuple_cost') AS handover"
)
LOGGER = "odoo.addons.set_based_runs.large_statements"


@tagged("post_install", "-at_install")
class TestLargeStatements(TransactionCase):
    """System parameters say how much large statements take; what they cannot be is refused."""

    def setUp(self):
        super().setUp()
        self.parameters = self.env["ir.config_parameter"]
        self.allow(None, None)

    def allow(self, work_mem, workers):
        """Set both parameters, or remove them."""
        for key, value in ((WORK_MEM, work_mem), (PARALLEL_WORKERS, workers)):
            self.parameters.set_param(key, value if value is not None else False)
        self.env.flush_all()

    def put_in_by_force(self, key, value):
        """Write a value past the check, as SQL or an older version may have."""
        self.env.cr.execute(
            SQL("INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)", key, value)
        )

    def in_a_step(self):
        """Return what a step that fills a table runs with."""
        with TemporaryTables(self.env.cr) as tables:
            table = tables.create("settings", SHOWN)
            return self.env.execute_query(SQL("TABLE %s", table))[0]

    def test_by_default_memory_is_enough_and_the_server_says_who_helps(self):
        self.env.cr.execute("SHOW max_parallel_workers_per_gather")
        [helpers] = self.env.cr.fetchone()
        self.assertEqual(self.in_a_step(), ("256MB", helpers, "off", "off", "0.01"))

    def test_what_is_set_is_taken_and_given_back(self):
        before = self.env.execute_query(SHOWN)
        self.allow("64", "0")
        self.assertEqual(self.in_a_step(), ("64MB", "0", "off", "off", "0.01"))
        [(memory, helpers, _jit, *planning)] = self.env.execute_query(SHOWN)
        [(memory_before, helpers_before, _jit, *planning_before)] = before
        self.assertEqual(
            (memory, helpers, planning), (memory_before, helpers_before, planning_before)
        )

    def test_statements_beside_the_tables_take_it_too(self):
        self.allow("32", "3")
        enlarge(self.env.cr)
        self.assertEqual(self.env.execute_query(SHOWN), [("32MB", "3", "off", "off", "0.01")])
        shrink(self.env.cr)
        self.assertNotIn("32MB", self.env.execute_query(SHOWN)[0])

    def test_a_bad_value_is_refused_by_its_name(self):
        for key, values in (
            (WORK_MEM, ("0", "-1", "65537", "256MB", "1e3", "nan", "inf", "1_000", "٣", "9" * 99)),
            (PARALLEL_WORKERS, ("-1", "65", "two", "2.0", "off")),
        ):
            for value in values:
                with self.subTest(value), self.assertRaisesRegex(ValidationError, key):
                    self.parameters.set_param(key, value)

    def test_a_bad_value_that_is_there_is_passed_over_and_logged(self):
        self.put_in_by_force(WORK_MEM, "lots")
        self.put_in_by_force(PARALLEL_WORKERS, "0")
        with self.assertLogs(LOGGER, "WARNING") as logs:
            self.assertEqual(read_allowance(self.env.cr), Allowance(256, 0))
        self.assertIn("set_based_runs.work_mem_mb is 'lots'", logs.output[0])
        self.assertEqual(len(logs.output), 1)

    def test_other_parameters_are_nobodys_business(self):
        self.parameters.set_param("set_based_runs.other", "anything")
