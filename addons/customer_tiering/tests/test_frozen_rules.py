from unittest.mock import patch

from .common import TieringCase


class TestFrozenRules(TieringCase):
    """A scheduled run goes by the rules that it began with; those of now come with the next."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False, evaluation_hour=0)
        cls.acme = cls.make_customer("Acme")
        cls.make_order(cls.acme, 70, cls.policy._get_today().isoformat() + " 00:00:01")
        cls.policy_of(cls.env.ref("base.main_company")).evaluation_hour = 23

    def run_cron(self, edit=lambda: None):
        """Run the scheduled action; rules are edited once everything was computed."""
        policies = type(self.policy)
        compute = policies._compute_evaluation

        def compute_and_edit(policy, *args):
            compute(policy, *args)
            if policy == self.policy:
                edit()
                # The scheduled action has a cache of its own.
                self.env.flush_all()
                policy.env.invalidate_all()

        with (
            patch.object(policies, "_compute_evaluation", compute_and_edit),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("customer_tiering.ir_cron_evaluate").method_direct_trigger()
        self.env.invalidate_all()
        return self.policy.evaluation_ids.sorted("id")[-1:]

    def test_thresholds_that_changed_meanwhile_wait_for_the_next_run(self):
        def edit():
            self.policy.tier_ids = [
                (1, self.vip.id, {"min_score": 65}),
                (1, self.important.id, {"min_score": 20}),
                (1, self.ordinary.id, {"min_score": 10}),
            ]

        self.assertEqual(self.run_cron(edit).state, "done")
        standing = self.standing(self.acme)
        self.assertEqual((standing.tier_id, standing.candidate_tier_id), (self.important,) * 2)
        # To 80, the threshold of VIPs when the run began.
        self.assertEqual(standing.points_to_next, 10)
        self.policy.evaluate()
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)

    def test_grace_and_margin_that_changed_meanwhile_wait_too(self):
        self.run_cron()
        self.env["sale.order"].search([("partner_id", "=", self.acme.id)]).order_line.price_unit = 5
        self.policy.evaluation_ids.is_retried = True

        def edit():
            self.policy.write({"grace_days": 30, "one_step_downgrade": True})

        self.run_cron(edit)
        self.assertEqual(self.standing(self.acme).tier_id, self.potential)

    def test_the_explanation_shows_the_criteria_of_the_run(self):
        evaluation = self.run_cron(lambda: self.policy.criterion_ids.write({"cap": 1000}))
        self.assertEqual(evaluation.criteria[0]["cap"], 100)
        self.assertEqual(self.standing(self.acme).components[0]["cap"], 100)

    def test_nobody_is_placed_in_a_tier_that_is_not_there_any_more(self):
        for name, edit in (
            ("archived", lambda: self.important.write({"active": False})),
            ("deleted", lambda: self.ordinary.unlink()),
        ):
            with self.subTest(name):
                evaluation = self.run_cron(edit)
                self.assertEqual((evaluation.state, evaluation.step), ("failed", "writing"))
                self.assertIn("A tier of policy", evaluation.message)
                self.assertIn("archived or deleted while the run was", evaluation.message)
                self.assertFalse(self.standing(self.acme))
        # On the same day the scheduled action does it by what is left.
        self.assertEqual(self.run_cron().state, "done")
        self.assertEqual(self.standing(self.acme).tier_id, self.potential)

    def test_a_policy_that_was_replaced_meanwhile_places_nobody(self):
        successor = self.policy.copy()
        evaluation = self.run_cron(successor._take_over)
        self.assertEqual(evaluation.state, "failed")
        self.assertIn("is archived and ranks nobody", evaluation.message)
        self.assertFalse(self.standing(self.acme))

    def test_a_tier_that_is_added_meanwhile_waits(self):
        def edit():
            self.env["customer.tier"].create(
                {
                    "name": "Best",
                    "code": "best",
                    "policy_id": self.policy.id,
                    "min_score": 90,
                    "sequence": 1,
                }
            )

        self.assertEqual(self.run_cron(edit).state, "done")
        self.assertEqual(self.standing(self.acme).tier_id, self.important)
