from .common import TieringCase


class TestDefaultPolicies(TieringCase):
    """Every root company starts with tiers that work without a click."""

    def test_the_default_tiers(self):
        policy = self.policy_of(self.make_company("Eastwind"))
        self.assertEqual(
            [(tier.name, tier.code, tier.min_score) for tier in policy._get_tiers()],
            [
                ("VIP", "vip", 80),
                ("Important", "important", 65),
                ("Ordinary", "ordinary", 30),
                ("Potential", "potential", 0),
            ],
        )
        self.assertEqual(
            [
                (criterion.metric, criterion.dimension, criterion.weight)
                for criterion in policy.criterion_ids
                # Of an add-on of its own, which may be installed.
                if criterion.metric != "margin"
            ],
            [
                ("revenue", "value", 25),
                ("order_count", "value", 10),
                ("recency_days", "loyalty", 30),
                ("tenure_days", "loyalty", 10),
                ("quote_acceptance", "cooperation", 5),
                ("payment_delay_days", "cooperation", 10),
                ("growth", "potential", 10),
            ],
        )
        self.assertEqual(set(policy.criterion_ids.mapped("missing")), {"ignore"})
        self.assertEqual(policy.window_months, 12)

    def test_a_company_with_nothing_but_orders_gets_tiers(self):
        company = self.make_company("Eastwind")
        for number in range(10):
            customer = self.make_customer(f"Customer {number}")
            for order in range(number + 1):
                day = f"2026-0{1 + order % 5}-{1 + number:02}"
                self.make_order(customer, 10 + number, day, company=company)
            self.make_order(customer, 10, "2024-06-01", company=company)
        policy = self.policy_of(company)
        policy.evaluate("2026-06-30")
        standings = self.env["customer.standing"].search([("company_id", "=", company.id)])
        best_first = standings.sorted("score", reverse=True)
        self.assertEqual(best_first.mapped("partner_id.name")[:2], ["Customer 9", "Customer 8"])
        self.assertGreater(len(standings.tier_id), 2)
        # The views that need a criterion of potential have something to show.
        self.assertTrue(all(standings.mapped("portfolio")))

    def test_every_root_company_has_one_and_branches_have_none(self):
        branch = self.make_company("Northwind Namur", parent=self.company)
        self.assertFalse(self.policy_of(branch))
        roots = self.env["res.company"].search([("parent_id", "=", False)])
        for company in roots:
            self.assertEqual(len(self.policy_of(company)), 1, company.name)

    def test_a_company_whose_policy_was_archived_gets_no_new_one(self):
        self.policy.active = False
        self.make_company("Eastwind")
        self.assertFalse(self.policy_of(self.company))

    def test_a_language_added_later_names_the_default_tiers(self):
        self.vip.name = "Gold"
        self.env["base.language.install"].create(
            {"lang_ids": [(6, 0, self.env.ref("base.lang_zh_CN").ids)]}
        ).lang_install()
        names = [tier.with_context(lang="zh_CN").name for tier in self.policy._get_tiers()]
        self.assertEqual(names, ["Gold", "重要客户", "普通客户", "潜力客户"])
        self.assertEqual(self.important.with_context(lang="en_US").name, "Important")
        self.assertEqual(self.policy.with_context(lang="zh_CN").name, "Northwind的客户分级")
        newer = self.policy_of(self.make_company("Westwind"))
        self.assertEqual(newer._get_tiers()[1].with_context(lang="zh_CN").name, "重要客户")
