from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import TieringCase


class TestSecurity(TieringCase):
    """Users read their companies' tiers, managers set them, nobody writes standings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.south = cls.make_company("Southwind")
        cls.acme = cls.make_customer("Acme")
        for company in (cls.company, cls.south):
            cls.make_order(cls.acme, 90, "2026-06-01", company=company)
            cls.policy_of(company).evaluate("2026-06-30")

        cls.user = cls.make_member("tiering_user", "customer_tiering.group_tiering_user")
        cls.manager = cls.make_member("tiering_manager", "customer_tiering.group_tiering_manager")
        cls.salesperson = cls.make_member("tiering_seller", "sales_team.group_sale_salesman")

    def test_a_user_reads_and_changes_nothing(self):
        for user in (self.user, self.salesperson):
            policy = self.policy.with_user(user)
            policy.read(["name", "criterion_ids", "tier_ids"])
            for model, vals in (
                ("customer.tier.policy", {"name": "Mine"}),
                ("customer.tier", {"min_score": 1}),
                ("customer.tier.criterion", {"weight": 1}),
                ("customer.standing", {"score": 100}),
                ("customer.standing.change", {"reason": "upgrade"}),
            ):
                records = self.env[model].with_user(user)
                with self.subTest(model=model), self.assertRaises(AccessError):
                    (records.search([], limit=1) or records.browse(1)).write(vals)
            with self.assertRaises(AccessError):
                policy.evaluate()

    def test_a_manager_sets_the_policy_and_evaluates_it(self):
        policy = self.policy.with_user(self.manager)
        policy.tier_ids[0].min_score = 95
        policy.criterion_ids[0].weight = 2
        evaluation = policy.evaluate("2026-07-01")
        self.assertEqual(evaluation.user_id, self.manager)
        self.assertEqual(evaluation.env.user, self.manager)
        self.assertFalse(evaluation.env.su)
        self.assertEqual(evaluation.customer_count, 1)

    def test_a_managers_own_view_on_contacts_does_not_change_the_result(self):
        private = self.env["ir.rule"].create(
            {
                "name": "Nobody sees Acme",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.acme.id})]",
            }
        )
        self.assertTrue(private)
        self.assertEqual(
            self.policy.with_user(self.manager).evaluate("2026-07-01").customer_count, 1
        )

    def test_nobody_writes_standings_or_the_ledger(self):
        for model in ("customer.standing", "customer.standing.change", "customer.tier.evaluation"):
            records = self.env[model].with_user(self.manager)
            for operation in ("create", "write", "unlink"):
                self.assertFalse(records.has_access(operation), f"{operation} on {model}")

    def test_another_companys_tiers_are_hidden(self):
        south = self.policy_of(self.south)
        for user in (self.user, self.manager, self.salesperson):
            for records in (
                south,
                south.tier_ids,
                south.criterion_ids,
                south.evaluation_ids,
                south.evaluation_ids.migration_ids,
                self.standing(self.acme, self.south),
            ):
                self.assertTrue(records)
                found = records.with_user(user).search([("id", "in", records.ids)])
                self.assertFalse(found, f"{user.login} sees {records._name}")
                with self.assertRaises(AccessError):
                    records.with_user(user).read(["display_name"])

    def test_a_branch_user_reads_the_roots_tiers(self):
        branch = self.make_company("Northwind Ghent", parent=self.company)
        user = new_test_user(
            self.env,
            "tiering_branch",
            "sales_team.group_sale_salesman",
            company_id=branch.id,
            company_ids=[Command.set(branch.ids)],
        )
        shown = self.acme.with_user(user).with_context(allowed_company_ids=branch.ids)
        self.assertEqual(shown.customer_tier_id, self.vip)
        self.assertTrue(shown.customer_standing_id.explanation)
