from odoo.addons.field_guard.tests.common import GuardedFamilyCase
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import TieringCase

# The strongest roles of a shop that are no administrator's.
ROLES = (
    "customer_tiering.group_tiering_manager",
    "sales_team.group_sale_manager",
    "survey.group_survey_manager",
    "helpdesk_mgmt.group_helpdesk_manager",
    "base.group_partner_manager",
)


class TestGuard(GuardedFamilyCase, TieringCase):
    family = "customer_tiering"
    context_key = "tiering_lines_checked_later"
    least_numbers, least_kept, least_methods = 200, 10, 60

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.acme = cls.make_customer("Acme")
        cls.order = cls.make_order(cls.acme, 90, "2026-06-01")
        cls.policy.evaluate("2026-06-30")
        groups = [group for group in ROLES if cls.env.ref(group, raise_if_not_found=False)]
        cls.strongest = new_test_user(
            cls.env,
            "guard_strongest",
            ",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def test_an_import_names_the_number(self):
        result = self.policy.tier_ids.with_user(self.strongest).load(
            [".id", "min_score"], [[str(self.vip.id), "nan"]]
        )
        self.assertIn("From Score", result["messages"][0]["message"])
        self.assertEqual(self.vip.min_score, 80)

    def test_no_default_of_the_client_sets_it(self):
        overrides = self.env["customer.tier.override"].with_user(self.make_member(
            "guard_seller", "sales_team.group_sale_salesman"
        ))  # fmt: skip
        self.env["ir.default"].with_user(overrides.env.user).set(
            "customer.tier.override", "state", "active", user_id=True
        )
        override = overrides.with_context(
            default_state="active", default_approver_id=self.strongest.id, default_user_id=1
        ).create({"partner_id": self.acme.id, "tier_id": self.vip.id, "reason": "Mine"})
        self.assertEqual(override.state, "requested")
        self.assertEqual(override.user_id, overrides.env.user)
        self.assertFalse(override.approver_id)

    def test_tiers_are_checked_whatever_the_context(self):
        tier = self.vip.with_user(self.strongest).with_context(tiering_lines_checked_later=True)
        with self.assertRaises(ValidationError):
            tier.min_score = 1
        with self.assertRaises(ValidationError):
            self.policy.criterion_ids.with_user(self.strongest).with_context(
                tiering_lines_checked_later=True
            ).weight = 0
