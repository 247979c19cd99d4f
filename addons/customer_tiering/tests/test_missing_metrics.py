from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from ..metrics import METRICS, Metric, register
from .common import TieringCase

SCHEDULE = "odoo.addons.customer_tiering.models.customer_tier_policy"


@freeze_time("2026-06-10 12:00:00")
class TestMissingMetrics(TieringCase):
    """A criterion whose add-on is gone is left out and said so; it stops nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.policy.criterion_ids = [
            Command.create({"metric": "order_count", "weight": 3, "scale": "linear", "cap": 10})
        ]
        cls.acme = cls.make_customer("Acme")
        cls.make_order(cls.acme, 90, "2026-06-01")
        cls.gone = cls.policy.criterion_ids[1]
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE customer_tier_criterion SET metric = 'gone' WHERE id = %s", cls.gone.ids
        )
        cls.env.invalidate_all()

    def set_override(self, company=None):
        company = company or self.company
        return self.env["customer.tier.override"].create(
            {
                "partner_id": self.acme.id,
                "company_id": company.id,
                "tier_id": self.policy_of(company)._get_tiers()[2].id,
                "reason": "Contract",
                "date_end": "2026-12-31",
            }
        )

    def follow_up(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_tiering.ir_cron_settle").method_direct_trigger()
        self.env.invalidate_all()

    def test_it_is_left_out_of_the_score(self):
        evaluation = self.policy.evaluate("2026-06-09")
        self.assertEqual(self.standing(self.acme).score, 90)
        self.assertEqual([part["metric"] for part in evaluation.criteria], ["revenue"])
        self.assertEqual(len(self.standing(self.acme).components), 1)
        self.standing(self.acme).action_evaluate()
        self.policy.simulate()

    def test_it_is_shown_as_not_available_and_said_on_the_policy(self):
        self.assertEqual(self.gone.display_name, "gone (not available)")
        self.assertFalse(self.gone.is_available)
        self.assertEqual(self.policy.unavailable_criteria, "gone")
        # The form can be read, written and copied.
        self.policy.web_read(
            {"criterion_ids": {"fields": {"metric": {}, "is_available": {}, "unit": {}}}}
        )
        self.gone.weight = 2
        self.assertEqual(self.policy.copy().unavailable_criteria, "gone")

    def test_a_metric_of_an_add_on_that_is_not_installed_or_whose_source_is_not(self):
        @register
        class Elsewhere(Metric):
            code = "gone"
            name = "Gone"

        self.addCleanup(METRICS.pop, "gone")
        self.gone.invalidate_recordset()
        self.assertTrue(self.gone.is_available)
        Elsewhere.sources = ("nowhere",)
        self.gone.invalidate_recordset()
        self.assertFalse(self.gone.is_available)
        Elsewhere.sources = ()
        Elsewhere.__module__ = "odoo.addons.customer_tiering_elsewhere.metrics"
        self.gone.invalidate_recordset()
        self.assertFalse(self.gone.is_available)
        self.policy.evaluate("2026-06-09")

    def test_a_override_takes_effect(self):
        self.policy.evaluate("2026-06-09")
        self.set_override()
        self.assertEqual(self.standing(self.acme).tier_id, self.ordinary)

    def test_without_any_other_criterion_it_says_what_to_do(self):
        self.policy.criterion_ids[0].unlink()
        with self.assertRaisesRegex(UserError, "Not available any more: gone.*add-ons"):
            self.policy.evaluate("2026-06-09")
        # Overrides need no criteria.
        self.set_override()
        self.assertEqual(self.standing(self.acme).tier_id, self.ordinary)

    def test_one_companys_trouble_keeps_no_other_from_overrides_and_announcements(self):
        south = self.make_company("Southwind")
        policies = type(self.policy)
        settle = policies._settle_overrides
        override_rows = "UPDATE customer_standing SET override_id = NULL, tier_id = NULL"
        for company in (self.company, south):
            self.make_order(self.acme, 90, "2026-06-01", company=company)
            self.judge_by_revenue(self.policy_of(company))
            self.policy_of(company).evaluate("2026-06-09")
            self.set_override(company)
        # As if a run had been under way when they were set.
        self.env.flush_all()
        self.env.cr.execute(override_rows)
        self.env.invalidate_all()

        def settle_or_fail(policy):
            if policy == self.policy:
                raise KeyError("gone")
            settle(policy)

        self.patch(policies, "_settle_overrides", settle_or_fail)
        with self.assertLogs(SCHEDULE, "ERROR") as logs:
            self.follow_up()
        self.assertIn("KeyError: 'gone'", logs.output[0])
        self.assertTrue(self.standing(self.acme, south).override_id)
        self.assertFalse(self.standing(self.acme).override_id)
        self.assertEqual(self.policy.failure_message, "Letting overrides take effect: 'gone'")
        self.assertFalse(self.policy_of(south).failure_message)
        changes = self.env["customer.standing.change"]
        self.assertFalse(changes.search([("is_announced", "=", False)]))
        self.patch(policies, "_settle_overrides", settle)
        self.follow_up()
        self.assertTrue(self.standing(self.acme).override_id)
        self.assertFalse(self.policy.failure_message)

    def test_an_announcement_that_fails_keeps_no_other_company_waiting(self):
        south = self.make_company("Southwind")
        seller = self.make_member("loud_seller", "sales_team.group_sale_salesman")
        seller.write({"tells_downgrades": True, "company_ids": [Command.link(south.id)]})
        self.acme.user_id = seller
        for company in (self.company, south):
            self.make_order(self.acme, 90, "2026-06-01", company=company)
            self.judge_by_revenue(self.policy_of(company))
            self.policy_of(company).evaluate("2026-06-09")
            self.set_override(company)
        changes = type(self.env["customer.standing.change"])
        describe = changes._describe_move

        def describe_or_fail(change):
            if change.company_id == self.company:
                raise ValueError("no words")
            return describe(change)

        self.patch(changes, "_describe_move", describe_or_fail)
        with mute_logger(SCHEDULE):
            self.follow_up()
        told = {
            move.company_id: move.is_announced
            for move in self.env["customer.standing.change"].search(
                [("partner_id", "=", self.acme.id)]
            )
        }
        self.assertEqual(told, {self.company: False, south: True})
        self.assertIn("Announcing moves: no words", self.policy.failure_message)

    def test_a_policy_whose_hour_cannot_be_told_keeps_no_other_waiting(self):
        south = self.make_company("Southwind")
        self.make_order(self.acme, 90, "2026-06-01", company=south)
        self.policy_of(south).evaluation_hour = 0
        policies = type(self.policy)
        is_due = policies._is_due

        def is_due_or_fail(policy):
            if policy == self.policy:
                raise KeyError("Mars/Olympus")
            return is_due(policy)

        self.patch(policies, "_is_due", is_due_or_fail)
        with mute_logger(SCHEDULE), self.enter_registry_test_mode():
            self.env.ref("customer_tiering.ir_cron_evaluate").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(self.standing(self.acme, south).tier_id)
        self.assertIn("Mars/Olympus", self.policy.failure_message)
