from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import TieringCase


class TestScheduledEvaluation(TieringCase):
    """The nightly action ranks every company and one company's trouble stops no other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south = cls.make_company("Southwind")
        cls.acme = cls.make_customer("Acme")
        for company in (cls.company, cls.south):
            cls.make_order(cls.acme, 90, "2026-06-01", company=company)
            cls.policy_of(company).evaluation_hour = 0
        cls.cron = cls.env.ref("customer_tiering.ir_cron_evaluate")

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_every_company_is_ranked(self):
        self.run_cron()
        for company in (self.company, self.south):
            self.assertTrue(self.standing(self.acme, company).tier_id)
            self.assertEqual(self.policy_of(company).last_evaluation_id.state, "done")

    def test_a_policy_that_cannot_run_says_why_and_the_others_run(self):
        self.policy.criterion_ids.unlink()
        self.run_cron()
        failed = self.policy.evaluation_ids
        self.assertEqual(failed.state, "failed")
        self.assertIn("no criteria", failed.message)
        manager = self.make_member("rerunning_manager", "customer_tiering.group_tiering_manager")
        failed = failed.with_user(manager)
        view = failed.get_view(view_type="form")["arch"]
        self.assertIn('name="action_recalculate"', view, "a failed run can be run again")
        with self.assertRaisesRegex(UserError, "no criteria"):
            failed.action_recalculate()
        self.judge_by_revenue()
        asked = failed.action_recalculate()
        self.assertEqual(asked["res_model"], "customer.tier.run.wizard")
        self.assertFalse(self.policy.last_evaluation_id)
        self.assertTrue(self.standing(self.acme, self.south).tier_id)

    def test_each_company_is_ranked_at_its_own_hour(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.policy.evaluation_hour = 4
        self.policy_of(self.south).evaluation_hour = 22
        for moment, ranked in (
            ("2026-06-09 19:59:59", []),  # 3:59 in Shanghai
            ("2026-06-09 20:00:00", ["Northwind"]),
            ("2026-06-09 22:00:00", ["Northwind", "Southwind"]),
        ):
            with freeze_time(moment):
                self.run_cron()
            standings = self.env["customer.standing"].search([("partner_id", "=", self.acme.id)])
            self.assertEqual(sorted(standings.company_id.mapped("name")), ranked, moment)
        # In Shanghai the day was the tenth already.
        self.assertEqual(str(self.policy.last_evaluation_id.as_of), "2026-06-10")
        self.assertEqual(str(self.policy_of(self.south).last_evaluation_id.as_of), "2026-06-09")

    def test_the_evaluation_says_how_far_it_has_come(self):
        self.run_cron()
        self.assertEqual(self.policy.last_evaluation_id.step, "writing")

    def test_an_archived_policy_is_passed_over(self):
        self.policy.active = False
        self.run_cron()
        self.assertFalse(self.policy.evaluation_ids)
        self.assertTrue(self.standing(self.acme, self.south).tier_id)

    def test_no_company_is_ranked_twice_while_another_waits(self):
        # The action is called again when its time is up: what was done today is passed over.
        self.run_cron()
        self.run_cron()
        for company in (self.company, self.south):
            self.assertEqual(len(self.policy_of(company).evaluation_ids), 1)

    def test_a_policy_that_failed_is_not_tried_again_the_same_day(self):
        self.policy.criterion_ids.unlink()
        self.run_cron()
        self.run_cron()
        self.assertEqual(len(self.policy.evaluation_ids), 1)
        # What lacks is told until a run is done, also in hours in which nothing is tried.
        self.assertIn("no criteria", self.policy.failure_message)

    def test_what_failed_by_no_fault_of_the_policy_is_tried_three_times_a_day(self):
        compute = self.registry["customer.tier.policy"]._compute_evaluation

        def failing(policy, *arguments):
            if policy.company_id == self.company:
                raise RuntimeError("The disk is full")
            return compute(policy, *arguments)

        with (
            freeze_time("2026-06-10 12:00:00"),
            patch.object(self.registry["customer.tier.policy"], "_compute_evaluation", failing),
            mute_logger("odoo.addons.customer_tiering.models.customer_tier_policy"),
        ):
            for _hour in range(5):
                self.run_cron()
                # An hour in which nothing is tried ends no failure.
                self.assertIn("The disk is full", self.policy.failure_message)
        self.assertEqual(self.policy.evaluation_ids.mapped("state"), ["failed"] * 3)
        self.assertEqual(len(self.policy_of(self.south).evaluation_ids), 1)
        [tile] = [
            tile
            for section in self.env["customer.tier.overview"].get_overview("company")["sections"]
            for tile in section["tiles"]
            if tile["name"] == "last_run"
        ]
        self.assertEqual(tile["hint"], "the last nightly run failed")
        with freeze_time("2026-06-11 12:00:00"):
            self.run_cron()
        self.assertEqual(self.policy.last_evaluation_id.state, "done")
        self.assertFalse(self.policy.failure_message)

    def test_a_run_by_hand_that_succeeds_ends_the_failure_of_the_night(self):
        self.policy._note_failure(self.company, "evaluate", "A tier lacks.")
        self.policy._note_failure(self.company, "announce", "The mail server is away.")
        self.policy.action_evaluate()
        self.assertEqual(self.policy.failures, {"announce": "The mail server is away."})

    def test_an_evaluation_by_hand_does_not_replace_the_scheduled_one(self):
        self.policy.evaluate()
        self.run_cron()
        self.assertEqual(len(self.policy.evaluation_ids), 2)

    def test_an_unexpected_error_stops_no_other_company(self):
        # A filter that became impossible after it was saved.
        self.env.cr.execute(
            "UPDATE customer_tier_policy SET partner_domain = %s WHERE id = %s",
            ["[('total_invoiced', '>', 0)]", self.policy.id],
        )
        self.env.invalidate_all()
        with mute_logger("odoo.addons.customer_tiering.models.customer_tier_policy"):
            self.run_cron()
        self.assertEqual(self.policy.evaluation_ids.state, "failed")
        self.assertIn("total_invoiced", self.policy.evaluation_ids.message)
        self.assertTrue(self.standing(self.acme, self.south).tier_id)

    def test_a_run_that_was_killed_is_marked_as_interrupted(self):
        killed = self.env["customer.tier.evaluation"].create(
            {"policy_id": self.policy.id, "as_of": "2026-06-30"}
        )
        self.assertEqual(killed.state, "running")
        self.policy.evaluate("2026-06-30")
        self.assertEqual((killed.state, killed.message), ("failed", "The run was interrupted."))

    def test_it_runs_as_any_scheduler_user(self):
        self.cron.user_id = self.env.ref("base.user_admin")
        self.run_cron()
        self.assertTrue(self.standing(self.acme, self.south).tier_id)
