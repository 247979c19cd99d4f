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
        self.assertFalse(self.policy.last_evaluation_id)
        self.assertTrue(self.standing(self.acme, self.south).tier_id)

    def test_an_archived_policy_is_passed_over(self):
        self.policy.active = False
        self.run_cron()
        self.assertFalse(self.policy.evaluation_ids)
        self.assertTrue(self.standing(self.acme, self.south).tier_id)
