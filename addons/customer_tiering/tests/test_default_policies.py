from .common import TieringCase


class TestDefaultPolicies(TieringCase):
    """Every root company starts with a ladder that works without a click."""

    def test_the_default_ladder(self):
        self.assertEqual(
            [(tier.name, tier.code, tier.min_score) for tier in self.policy._get_ladder()],
            [
                ("VIP", "vip", 80),
                ("Important", "important", 60),
                ("Ordinary", "ordinary", 30),
                ("Potential", "potential", 0),
            ],
        )
        self.assertEqual(
            [
                (criterion.metric, criterion.dimension, criterion.weight)
                for criterion in self.policy.criterion_ids
            ],
            [
                ("revenue", "value", 50),
                ("order_count", "value", 25),
                ("recency_days", "loyalty", 25),
            ],
        )
        self.assertEqual(self.policy.window_months, 12)

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
        names = [tier.with_context(lang="zh_CN").name for tier in self.policy._get_ladder()]
        self.assertEqual(names, ["Gold", "重要客户", "普通客户", "潜力客户"])
        self.assertEqual(self.important.with_context(lang="en_US").name, "Important")
        self.assertEqual(self.policy.with_context(lang="zh_CN").name, "Northwind的客户分级")
        newer = self.policy_of(self.make_company("Westwind"))
        self.assertEqual(newer._get_ladder()[1].with_context(lang="zh_CN").name, "重要客户")
