from odoo.tests import TransactionCase, tagged

from ..models.queued_runs import PARAMETER
from .common import JobsCase


@tagged("post_install", "-at_install")
class TestSettings(JobsCase, TransactionCase):
    """The setting is of the database, and starts with what needs no runner."""

    def settings(self, **vals):
        return self.env["res.config.settings"].create(vals)

    def test_the_default_and_what_is_unknown(self):
        for value in (False, "sometimes"):
            self.env["ir.config_parameter"].set_param(PARAMETER, value)
            self.assertEqual(self.settings().queued_runs_mode, "when_running")

    def test_it_is_kept(self):
        self.settings(queued_runs_mode="never").execute()
        self.assertEqual(self.env["ir.config_parameter"].get_param(PARAMETER), "never")
        self.assertEqual(self.settings().queued_runs_mode, "never")

    def test_it_says_whether_a_runner_is_at_work(self):
        self.assertFalse(self.settings().queued_runs_has_runner)
        with self.runner_at_work():
            self.assertTrue(self.settings().queued_runs_has_runner)
