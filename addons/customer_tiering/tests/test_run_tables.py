from unittest.mock import patch

from odoo.tools import SQL, mute_logger

from ..engine import Run
from .common import TieringCase


class TestRunTables(TieringCase):
    """The temporary tables of a run end with it; whoever uses the connection next finds none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(evaluation_hour=0)
        cls.acme = cls.make_customer("Acme")
        cls.make_order(cls.acme, 90, cls.policy._get_today().isoformat() + " 00:00:01")
        cls.policy_of(cls.env.ref("base.main_company")).evaluation_hour = 23

    def tables(self):
        """Return the temporary tables of ours that this session has."""
        return self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class"
                " WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
                " AND STARTS_WITH(relname, 'run_')"
            )
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_tiering.ir_cron_evaluate").method_direct_trigger()
        self.env.invalidate_all()

    def test_a_run_leaves_none(self):
        self.policy.evaluate()
        self.assertFalse(self.tables())
        self.policy._evaluate_customer(self.acme)
        self.assertFalse(self.tables())

    def test_a_preview_leaves_none(self):
        self.policy.simulate()
        self.assertFalse(self.tables())

    def test_a_scheduled_run_leaves_none(self):
        self.run_cron()
        self.assertEqual(self.policy.last_evaluation_id.state, "done")
        self.assertFalse(self.tables())

    def test_an_override_leaves_none(self):
        self.policy.evaluate()
        override = self.env["customer.tier.override"].create(
            {
                "partner_id": self.acme.id,
                "company_id": self.company.id,
                "tier_id": self.ordinary.id,
                "reason": "Contract",
                "date_end": "2099-12-31",
            }
        )
        self.assertEqual(self.standing(self.acme).override_id, override)
        self.assertFalse(self.tables())

    def test_a_run_that_fails_leaves_none(self):
        def fail(run, *args):
            self.assertTrue(self.tables())
            raise ValueError("as a statement may fail")

        for name in ("hold_tiers", "apply"):
            with patch.object(Run, name, fail), self.assertRaises(ValueError):
                self.policy.evaluate()
            self.assertFalse(self.tables())
        with patch.object(Run, "preview", fail), self.assertRaises(ValueError):
            self.policy.simulate()
        self.assertFalse(self.tables())

    def test_a_scheduled_run_that_fails_leaves_none(self):
        def fail(run, *args):
            run.cr.execute("SELECT 1 / 0")

        with (
            patch.object(Run, "apply", fail),
            mute_logger("odoo.addons.customer_tiering.models.customer_tier_policy", "odoo.sql_db"),
        ):
            self.run_cron()
        self.assertEqual(self.policy.evaluation_ids.state, "failed")
        self.assertFalse(self.tables())

    def test_a_run_that_places_nobody_leaves_none(self):
        self.policy.minimum_customers = 100
        self.assertEqual(self.policy.evaluate().state, "skipped")
        self.assertFalse(self.tables())
