from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.addons.overview_page.tests.common import OverviewCase
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import TieringCase

PAGE = "customer.tier.overview"


class TestOverview(TieringCase, OverviewCase):
    """The first page tells each user about the own customers, in numbers that the lists confirm."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(cap=1000, tolerance=0, grace_days=10)
        cls.today = cls.policy._get_today()
        cls.seller = cls.make_member("over_seller", "sales_team.group_sale_salesman")
        cls.colleague = cls.make_member("over_colleague", "sales_team.group_sale_salesman")
        cls.leader = cls.make_member("over_leader", "sales_team.group_sale_salesman")
        cls.manager = cls.make_member("over_manager", "sales_team.group_sale_manager")
        cls.env["crm.team"].create(
            {
                "name": "North",
                "company_id": cls.company.id,
                "user_id": cls.leader.id,
                "member_ids": [(6, 0, cls.seller.ids)],
            }
        )
        cls.best = cls.make_customer("Harbour Bakery", user_id=cls.seller.id)
        cls.small = cls.make_customer("Corner Shop", user_id=cls.colleague.id)
        # What the bakery bought leaves the period of twelve months in a few days.
        cls.make_order(cls.best, 900, str(cls.today - relativedelta(years=1, days=-5)))
        cls.make_order(cls.small, 50, str(cls.today - timedelta(days=40)))

    def run_as_of(self, days):
        return self.policy.evaluate(self.today + timedelta(days=days))

    def tiles(self, user=None, scope=None):
        seen = self.check_overview(PAGE, user)
        return seen[scope or next(iter(seen))]

    def test_a_new_company_has_four_steps_and_no_customers(self):
        page = self.env[PAGE].with_user(self.manager)
        overview = page.get_overview()
        steps = {step["name"]: step["is_done"] for step in overview["steps"]}
        self.assertEqual(list(steps), ["policy", "preview", "run", "benefits"])
        self.assertFalse(steps["run"])
        self.assertEqual([section["name"] for section in overview["sections"]], ["runs"])
        self.assertEqual(page.with_user(self.seller).get_overview()["steps"], [])

    def test_steps_are_done_one_by_one_and_gone_with_the_last(self):
        page = self.env[PAGE].with_user(self.manager)

        def done():
            return [step["name"] for step in page.get_overview()["steps"] if step["is_done"]]

        self.policy.simulate()
        self.assertEqual(done(), ["policy", "preview"])
        self.run_as_of(0)
        self.assertEqual(done(), ["policy", "preview", "run"])
        self.vip.discount = 0.05
        self.assertEqual(page.get_overview()["steps"], [])

    def test_closing_the_steps_closes_them_for_the_company(self):
        page = self.env[PAGE]
        page.with_user(self.seller).dismiss_steps()
        self.assertTrue(page.with_user(self.manager).get_overview()["steps"])
        page.with_user(self.manager).dismiss_steps()
        self.assertEqual(page.get_overview()["steps"], [])

    def test_the_numbers_are_those_of_the_lists_for_every_role(self):
        self.run_as_of(0)
        for user in (self.env.user, self.manager, self.leader, self.seller):
            self.check_overview(PAGE, user)

    def test_each_sees_the_customers_of_the_own_scope(self):
        self.run_as_of(0)
        best, small = (
            f"tier_{self.standing(customer).tier_id.id}" for customer in (self.best, self.small)
        )
        company = self.tiles(self.manager, "company")
        self.assertEqual((company[best]["value"], company[small]["value"]), (1, 1))
        self.assertIn("95%", company[best]["hint"])
        team = self.tiles(self.leader, "team")
        self.assertEqual((team[best]["value"], team[small]["value"]), (1, 0))
        mine = self.tiles(self.colleague)
        self.assertEqual((mine[best]["value"], mine[small]["value"]), (0, 1))

    def test_who_may_not_see_all_customers_cannot_ask_for_them(self):
        self.run_as_of(0)
        overview = self.env[PAGE].with_user(self.colleague).get_overview("company")
        self.assertEqual((overview["scope"], overview["scopes"]), ("mine", []))

    def test_users_without_the_role_see_nothing(self):
        clerk = new_test_user(self.env, "over_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env[PAGE].with_user(clerk).get_overview()

    def test_a_downgrade_is_announced_and_then_counted(self):
        self.run_as_of(0)
        held = self.standing(self.best).tier_id
        self.run_as_of(10)
        self.assertEqual(self.tiles(self.manager)["downgrades"]["value"], 1)
        self.run_as_of(20)
        self.assertNotEqual(self.standing(self.best).tier_id, held)

    def test_the_change_since_a_month_ago_follows_the_ledger(self):
        self.make_order(self.small, 50, str(self.today - relativedelta(months=3)))
        self.policy.evaluate(self.today - relativedelta(months=2))
        before = self.standing(self.small).tier_id
        self.make_order(self.small, 800, str(self.today - timedelta(days=2)))
        self.run_as_of(0)
        after = self.standing(self.small).tier_id
        self.assertNotEqual(after, before)
        tiles = self.tiles(self.manager)
        self.assertEqual(tiles[f"tier_{before.id}"]["change"]["value"], -1)
        self.assertEqual(tiles[f"tier_{after.id}"]["change"]["value"], 1)
        self.assertEqual(tiles["moved_up"]["value"], 1)

    def test_requests_and_overrides_that_end_are_counted(self):
        self.run_as_of(0)
        self.env["customer.tier.override"].with_user(self.seller).create(
            {
                "partner_id": self.best.id,
                "company_id": self.company.id,
                "tier_id": self.vip.id,
                "reason": "Framework contract",
                "date_end": self.today + timedelta(days=60),
            }
        )
        self.env["customer.tier.override"].with_user(self.manager).create(
            {
                "partner_id": self.small.id,
                "company_id": self.company.id,
                "tier_id": self.vip.id,
                "reason": "Opening",
                "date_end": self.today + timedelta(days=20),
            }
        )
        tiles = self.tiles(self.manager)
        self.assertEqual(tiles["overrides_requested"]["value"], 1)
        self.assertEqual(tiles["overrides_ending"]["value"], 1)
        self.assertEqual(self.tiles(self.seller)["overrides_ending"]["value"], 0)

    def test_two_companies_are_not_mixed(self):
        other = self.make_company("Southwind")
        self.make_order(self.best, 100, str(self.today), company=other)
        self.run_as_of(0)
        self.policy_of(other).evaluate(self.today)
        self.env.user.company_ids |= other
        for companies in (self.company + other, other + self.company):
            seen = self.check_overview(PAGE, companies=companies)["company"]
            counts = sum(tile["value"] for name, tile in seen.items() if name.startswith("tier_"))
            self.assertEqual(counts, 2 if companies[0] == self.company else 1)

    def test_the_whole_page_asks_the_database_twelve_times_at_most(self):
        self.run_as_of(0)
        # The client sends language and time zone with each call.
        page = self.env[PAGE].with_user(self.manager).with_context(lang="en_US", tz="UTC")
        page.get_overview()
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        page.get_overview()
        self.assertLessEqual(self.env.cr.sql_log_count - start, 12)
