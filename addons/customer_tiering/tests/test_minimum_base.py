from .common import TieringCase


class TestMinimumBase(TieringCase):
    """A first run that has too little to go by warns and places nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.acme = cls.make_customer("Acme")
        cls.make_order(cls.acme, 90, "2026-06-01")

    def test_too_few_customers(self):
        self.policy.minimum_customers = 2
        evaluation = self.policy.evaluate("2026-06-02")
        self.assertEqual(evaluation.state, "skipped")
        self.assertIn("has 1 customers, and the policy asks for 2", evaluation.message)
        self.assertFalse(self.standing(self.acme))
        self.assertFalse(self.policy.last_evaluation_id)
        self.make_order(self.make_customer("Bolt"), 10, "2026-06-01")
        self.assertEqual(self.policy.evaluate("2026-06-02").state, "done")

    def test_too_short_a_history(self):
        self.policy.minimum_history_days = 30
        evaluation = self.policy.evaluate("2026-06-30")
        self.assertIn("go back 29 days, and the policy asks for 30", evaluation.message)
        self.assertEqual(self.policy.evaluate("2026-07-01").state, "done")

    def test_it_is_asked_for_the_first_run_only(self):
        self.policy.evaluate("2026-06-02")
        self.policy.minimum_customers = 100
        self.assertEqual(self.policy.evaluate("2026-06-03").state, "done")

    def test_a_manager_is_warned(self):
        self.policy.minimum_customers = 2
        notice = self.policy.action_evaluate()["params"]
        self.assertEqual(notice["type"], "warning")
        self.assertIn("Minimum Customers", notice["message"])
