from freezegun import freeze_time

from odoo.fields import Command

from .common import PlanCase


@freeze_time("2026-06-10 12:00:00")
class TestPlanDirections(PlanCase):
    """The direction that the ledger notes decides whether a customer is welcomed or won back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Acme is a VIP with 90 points; Bolt, Potential until now, is Important with 65.
        cls.make_order(cls.bolt, 55, "2026-06-08")
        cls.policy.evaluate("2026-06-09")
        cls.env["customer.standing.change"].search([]).is_followed_up = True
        cls.policy.tier_ids.write(
            {"welcome_plan_id": cls.welcome.id, "winback_plan_id": cls.win_back.id}
        )

    def succeed(self, *tiers):
        """Let a policy with other tiers rank, and plan."""
        successor = self.policy.copy(
            {
                "tier_ids": [
                    Command.create(
                        {
                            "name": code.capitalize(),
                            "code": code,
                            "min_score": min_score,
                            "welcome_plan_id": self.welcome.id,
                        }
                    )
                    for code, min_score in tiers
                ]
            }
        )
        successor._take_over()
        successor.evaluate("2026-06-10")
        self.plan()

    def planned(self, partner=None):
        return sorted(summary for summary, _day in self.tasks(partner))

    def test_as_high_as_before_under_another_policy_plans_nothing(self):
        self.succeed(("gold", 80), ("silver", 60), ("tin", 30), ("bronze", 0))
        self.assertEqual(self.planned(self.acme) + self.planned(), [])

    def test_lower_under_another_policy_is_won_back(self):
        self.succeed(("gold", 80), ("silver", 75), ("tin", 70), ("bronze", 0))
        self.assertEqual(self.planned(), ["Ask"])

    def test_higher_under_another_policy_is_welcomed(self):
        self.succeed(("gold", 50), ("bronze", 0))
        self.assertEqual(self.planned(), ["Call", "Letter"])

    def test_an_override_plans_and_so_does_its_end(self):
        override = self.env["customer.tier.override"].create(
            {
                "partner_id": self.bolt.id,
                "tier_id": self.ordinary.id,
                "reason": "Contract",
                "company_id": self.company.id,
                "date_end": "2026-12-31",
            }
        )
        self.plan()
        self.assertEqual(self.planned(), ["Ask"])
        override.action_remove()
        self.policy.evaluate("2026-06-11")
        self.plan()
        self.assertEqual(self.planned(), ["Ask", "Call", "Letter"])
