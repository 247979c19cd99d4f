from .common import TieringCase


class TestCompanies(TieringCase):
    """One customer, several companies: each has its own tiers, branches share their root's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south = cls.make_company("Southwind", currency="USD")
        cls.branch = cls.make_company("Northwind Antwerp", parent=cls.company)
        for company in (cls.company, cls.south):
            cls.judge_by_revenue(cls.policy_of(company))
        cls.acme = cls.make_customer("Acme")

    def seen_from(self, company):
        return self.acme.with_context(allowed_company_ids=company.ids)

    def test_a_customer_has_a_tier_in_each_company(self):
        self.make_order(self.acme, 90, "2026-06-01")
        self.make_order(self.acme, 35, "2026-06-01", company=self.south)
        self.policy.evaluate("2026-06-30")
        self.policy_of(self.south).evaluate("2026-06-30")
        self.assertEqual(self.seen_from(self.company).customer_tier_id.code, "vip")
        self.assertEqual(self.seen_from(self.south).customer_tier_id.code, "ordinary")
        self.assertEqual(self.standing(self.acme, self.south).revenue, 35)

    def test_switching_company_switches_search_and_groups(self):
        self.make_order(self.acme, 90, "2026-06-01")
        self.policy.evaluate("2026-06-30")
        everyone = [("id", "=", self.acme.id)]
        tiered = [*everyone, ("customer_tier_id", "!=", False)]
        self.assertTrue(self.seen_from(self.company).search(tiered))
        self.assertFalse(self.seen_from(self.south).search(tiered))
        groups = self.seen_from(self.south)._read_group(everyone, ["customer_tier_id"], ["__count"])
        self.assertEqual(groups, [(self.env["customer.tier"], 1)])

    def test_a_branch_shares_the_tiers_of_its_root(self):
        self.make_order(self.acme, 50, "2026-06-01")
        self.make_order(self.acme, 40, "2026-06-01", company=self.branch)
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 90)
        self.assertEqual(self.seen_from(self.branch).customer_tier_id, self.vip)

    def test_a_policy_does_not_keep_an_empty_company_from_being_deleted(self):
        empty = self.policy_of(self.make_company("Westwind"))
        empty.evaluate("2026-06-30")
        self.assertEqual(empty._fields["company_id"].ondelete, "cascade")
        empty.unlink()
        self.assertFalse(empty.exists())

    def test_one_run_leaves_the_other_company_alone(self):
        self.make_order(self.acme, 90, "2026-06-01")
        self.make_order(self.acme, 35, "2026-06-01", company=self.south)
        self.policy_of(self.south).evaluate("2026-06-30")
        self.policy.partner_domain = [("id", "=", 0)]
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme, self.south).tier_id.code, "ordinary")
