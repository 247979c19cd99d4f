from datetime import timedelta

from odoo.addons.customer_tiering.tests.common import InvoicingCase, TieringCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form


class BacktestCase(TieringCase):
    """Revenue alone decides: VIP from 80, Important from 60, Ordinary from 40."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False, tolerance=0)
        for tier, score in zip(cls.policy._get_tiers(), (80, 60, 40, 0), strict=True):
            tier.min_score = score

    def backtest(self, as_of="2025-06-30", months=6, policy=None, **vals):
        backtest = self.env["customer.tier.backtest"].create(
            {"policy_id": (policy or self.policy).id, "as_of": as_of, "months": months, **vals}
        )
        backtest.action_backtest()
        return backtest

    def report(self, backtest):
        """Return the three parts of the report as one text."""
        parts = (
            backtest.prediction_report,
            backtest.concentration_report,
            backtest.migration_report,
        )
        return "".join(map(str, parts)).replace("\N{NO-BREAK SPACE}", " ")

    def line(self, backtest, tier):
        return backtest.line_ids.filtered(lambda line: line.tier_id == tier)


class TestPrediction(BacktestCase):
    """Six customers, ranked by their last half year on 30 June 2025.

    ========  =====  =========  =========
    customer  score  last year  next half
    ========  =====  =========  =========
    Acme        100        150         50
    Bolt        100        100        200
    Cole         70         70         30
    Dorn         40        150          0
    Elks         40        150        100
    Fern         10         10         20
    ========  =====  =========  =========
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.window_months = 6
        for name, before, lately, later in (
            ("Acme", 0, 150, 50),
            ("Bolt", 0, 100, 200),
            ("Cole", 0, 70, 30),
            ("Dorn", 110, 40, 0),
            ("Elks", 110, 40, 100),
            ("Fern", 0, 10, 20),
            ("Newcomer", 0, 0, 100),
        ):
            customer = cls.make_customer(name)
            days = "2024-09-01", "2025-03-01", "2025-10-01"
            for day, amount in zip(days, (before, lately, later), strict=True):
                if amount:
                    cls.make_order(customer, amount, day)

    def test_the_best_tier_is_set_beside_the_best_choice_and_last_years_revenue(self):
        found = self.backtest().prediction
        self.assertEqual((found["customers"], found["top_customers"]), (6, 2))
        self.assertEqual((found["revenue"], found["other_revenue"]), (400, 100))
        # Acme and Bolt: 250 of 400; Bolt and Elks: 300.
        self.assertEqual(found["captured_by_tier"], 0.625)
        self.assertEqual(found["captured_by_best"], 0.75)
        # Two of the three with 150 last year, so two thirds of their 150.
        self.assertEqual(found["captured_by_revenue"], 0.25)

    def test_equal_figures_share_the_mean_of_their_ranks(self):
        backtest = self.backtest()
        # Ranks by score 5.5 5.5 4 2.5 2.5 1, by last year 5 3 2 5 5 1, by later 4 6 3 1 5 2:
        # 10.5 / √(16.5 · 17.5) and 2.5 / √(15.5 · 17.5).
        self.assertAlmostEqual(backtest.prediction["score_correlation"], 0.617914, 5)
        self.assertAlmostEqual(backtest.prediction["revenue_correlation"], 0.151794, 5)
        self.assertAlmostEqual(backtest.score_correlation, 0.62, 2)
        self.assertEqual(backtest.captured_by_best, 0.75)

    def test_the_report_says_it_in_words(self):
        report = self.report(self.backtest())
        self.assertIn(
            "The 2 of 6 customers ranked VIP on Jun 30, 2025 then bought 63 % of what all "
            "ranked customers bought in the following 6 months; the best possible choice of 2 "
            "customers would have captured 75 %, last year&#39;s revenue alone 25 %.",
            report,
        )
        self.assertIn("The score chose better than last year&#39;s revenue alone", report)
        self.assertIn("bought 20 % of everything since and are left out", report)

    def test_nobody_is_moved(self):
        self.backtest()
        self.assertFalse(
            self.env["customer.standing"].search([("company_id", "=", self.company.id)])
        )
        self.assertFalse(self.policy.evaluation_ids)

    def test_without_later_purchases_there_is_nothing_to_compare(self):
        backtest = self.backtest("2024-12-31", months=2)
        self.assertEqual(backtest.prediction["customers"], 2)
        for figure in ("score_correlation", "revenue_correlation", "captured_by_tier"):
            self.assertIsNone(backtest.prediction[figure])
        self.assertIn(
            "None of the 2 customers ranked on Dec 31, 2024 bought", self.report(backtest)
        )

    def test_without_customers_it_says_so(self):
        backtest = self.backtest("2024-06-30", months=2)
        self.assertEqual(backtest.prediction["customers"], 0)
        self.assertIn("Nobody would have been ranked on Jun 30, 2024", self.report(backtest))

    def test_equal_scores_have_no_order(self):
        self.judge_by_revenue(cap=1)
        backtest = self.backtest()
        self.assertIsNone(backtest.prediction["score_correlation"])
        self.assertEqual(backtest.captured_by_tier, 1)
        self.assertIn("there is no rank correlation", self.report(backtest))

    def test_the_months_after_begin_the_day_after_a_long_months_end(self):
        self.make_order(self.make_customer("Gale"), 90, "2025-08-29")
        found = self.backtest("2025-08-31").prediction
        self.assertEqual(found["revenue"], 400)
        self.assertEqual(found["other_revenue"], 100)

    def test_an_archived_policy_is_tested_by_what_it_would_predict(self):
        draft = self.policy.copy()
        draft.window_months = 12
        backtest = self.backtest(policy=draft)
        # Over a year Acme, Bolt, Dorn and Elks reach 80: 350 of 400.
        self.assertEqual(backtest.prediction["top_customers"], 4)
        self.assertEqual(backtest.captured_by_tier, 0.875)
        self.assertFalse(backtest.line_ids)
        self.assertIn("archived and ranks nobody", self.report(backtest))

    def test_rules_that_rank_nobody_are_refused(self):
        self.policy.copy().criterion_ids.unlink()
        self.policy.criterion_ids.unlink()
        with self.assertRaisesRegex(UserError, "no criteria"):
            self.backtest()


class TestPredictionByInvoices(InvoicingCase):
    def test_revenue_follows_the_amount_basis(self):
        self.judge_by_revenue(amount_basis="invoiced")
        bolt = self.make_customer("Bolt")
        self.invoice(90, "2025-06-01")
        self.invoice(10, "2025-06-01", partner=bolt)
        self.invoice(30, "2025-07-01")
        self.invoice(70, "2025-08-01", partner=bolt)
        self.invoice(20, "2025-09-01", partner=bolt, move_type="out_refund")
        self.make_order(bolt, 1000, "2025-07-01")
        backtest = self.env["customer.tier.backtest"].create(
            {"policy_id": self.policy.id, "as_of": "2025-06-30", "months": 6}
        )
        backtest.action_backtest()
        self.assertEqual(backtest.prediction["revenue"], 80)
        self.assertEqual(backtest.captured_by_tier, 0.375)
        self.assertEqual(backtest.prediction["score_correlation"], -1)


class TestTierHistory(BacktestCase):
    """Evaluated at the end of each quarter of 2025; back-tested from 30 June to 30 December."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.window_months = 3
        quarters = "2025-03-15", "2025-06-15", "2025-09-15", "2025-12-15"
        bought = {
            "Stayer": (90, 90, 90, 90),
            "Riser": (40, 40, 90, 90),
            "Faller": (90, 90, 0, 0),
            "Risen before": (40, 65, 65, 65),
            "Leaver": (65, 65, 0, 0),
            "Risen newcomer": (0, 0, 40, 90),
            "Newcomer": (0, 0, 0, 10),
        }
        cls.customers = {name: cls.make_customer(name) for name in bought}
        for name, amounts in bought.items():
            for day, amount in zip(quarters, amounts, strict=True):
                if amount:
                    cls.make_order(cls.customers[name], amount, day)
        cls.policy.evaluate("2025-03-31")
        cls.policy.evaluate("2025-06-30")
        cls.customers["Leaver"].active = False
        cls.policy.evaluate("2025-09-30")
        cls.policy.evaluate("2025-12-30")

    def migration(self, backtest):
        return {
            (line.old_tier_id.code, line.new_tier_id.code): line.customers
            for line in backtest.migration_ids
        }

    EXPECTED = {
        ("vip", "vip"): 1,
        ("ordinary", "vip"): 1,
        ("vip", "potential"): 1,
        ("important", "important"): 1,
        ("important", False): 1,
        (False, "vip"): 1,
        (False, "potential"): 1,
    }

    def test_who_went_where(self):
        self.assertEqual(len(self.changes(self.customers["Risen newcomer"])), 1)
        backtest = self.backtest()
        self.assertEqual(self.migration(backtest), self.EXPECTED)
        self.assertIn(
            "2 customers stayed in their tier, 1 moved up, 1 moved down, 2 were new and 1 are no "
            "longer tiered",
            self.report(backtest),
        )

    def test_who_stayed_and_who_still_bought(self):
        backtest = self.backtest()
        figures = {
            line.tier_id.code: (line.held_customers, line.kept_customers, line.buying_customers)
            for line in backtest.line_ids
        }
        self.assertEqual(
            figures,
            {
                "vip": (2, 1, 1),
                "important": (2, 1, 1),
                "ordinary": (1, 1, 1),
                "potential": (0, 0, 0),
            },
        )
        self.assertEqual(self.line(backtest, self.vip).kept_share, 0.5)
        self.assertEqual(self.line(backtest, self.ordinary).buying_share, 1)

    def test_between_two_runs_the_tiers_are_those_of_the_run_before(self):
        """On 20 September Risen newcomer had bought, and no run had placed this customer."""
        migration = self.migration(self.backtest("2025-09-20", months=1))
        self.assertEqual(migration[False, "ordinary"], 1)
        self.assertEqual(migration["ordinary", "vip"], 1)
        self.assertNotIn(("ordinary", "ordinary"), migration)

    def test_before_the_first_evaluation_nobody_is_in_a_tier(self):
        backtest = self.backtest("2025-03-20", months=1)
        self.assertEqual(
            self.migration(backtest),
            {(False, "vip"): 2, (False, "important"): 1, (False, "ordinary"): 2},
        )
        self.assertFalse(any(backtest.line_ids.mapped("held_customers")))
        self.assertIn("the first tier run was later", self.report(backtest))

    def test_tiers_of_a_former_policy_are_those_with_the_same_code(self):
        successor = self.policy.copy()
        self.policy.active = False
        successor.active = True
        successor.evaluate("2025-12-31")
        backtest = self.backtest(policy=successor)
        self.assertEqual(self.migration(backtest), self.EXPECTED)
        self.assertEqual(backtest.line_ids.tier_id, successor.tier_ids)


class TestTiersNow(BacktestCase):
    """How the revenue is spread over the present tiers, and who is near a threshold."""

    def place(self, **revenues):
        customers = {name: self.make_customer(name) for name in revenues}
        for name, revenue in revenues.items():
            self.make_order(customers[name], revenue, "2025-12-01")
        self.policy.evaluate("2025-12-31")
        return customers

    def test_the_curve_of_a_few_customers_has_a_point_for_each(self):
        self.place(a=50, b=25, c=15, d=10)
        backtest = self.backtest()
        self.assertEqual(
            backtest.concentration,
            {
                "customers": 4,
                "revenue": 100,
                "points": [[1, 0.5], [2, 0.75], [3, 0.9], [4, 1]],
                "top_share": 0.2,
                "best_customers": 1,
                "best_share": 0.5,
            },
        )
        self.assertIn(
            "best 20 % of the customers, 1 of 4, bring 50 % of the revenue", self.report(backtest)
        )
        figures = {line.tier_id.code: (line.customers, line.revenue) for line in backtest.line_ids}
        self.assertEqual(
            figures,
            {"vip": (0, 0), "important": (0, 0), "ordinary": (1, 50), "potential": (3, 50)},
        )

    def test_the_curve_of_many_customers_has_a_hundred_points(self):
        partners = self.env["res.partner"].create([{"name": str(n)} for n in range(250)])
        self.env["customer.standing"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "tier_id": self.vip.id,
                    "revenue": 10,
                }
                for partner in partners
            ]
        )
        points = self.backtest().concentration["points"]
        self.assertEqual(len(points), 100)
        # ⌈2.5⌉, ⌈5⌉, ⌈7.5⌉ … of 250 equal customers.
        self.assertEqual(points[:3], [[3, 0.012], [5, 0.02], [8, 0.032]])
        self.assertEqual(points[-1], [250, 1])

    def test_shares_are_of_what_was_earned(self):
        self.place(a=90, b=30, c=-60)
        backtest = self.backtest()
        shares = {line.tier_id.code: line.revenue_share for line in backtest.line_ids}
        self.assertEqual(shares, {"vip": 0.75, "important": 0, "ordinary": 0, "potential": 0.25})
        report = self.report(backtest)
        self.assertIn("75 %", report)
        self.assertNotIn("150 %", report)

    def test_without_revenue_there_is_no_curve(self):
        self.place(a=0)
        backtest = self.backtest()
        self.assertFalse(backtest.concentration)
        self.assertIn("no revenue in the policy&#39;s period", self.report(backtest))

    def test_who_is_near_a_threshold(self):
        customers = self.place(a=79, b=79.01, c=79.99, d=80, e=80.99, f=81, g=60.5, h=39.5)
        backtest = self.backtest(near_points=1)
        figures = {
            line.tier_id.code: (line.threshold, line.near_below, line.near_above)
            for line in backtest.line_ids
        }
        self.assertEqual(
            figures,
            {
                "vip": (80, 2, 2),
                "important": (60, 0, 1),
                "ordinary": (40, 1, 0),
                "potential": (0, 0, 0),
            },
        )
        self.assertEqual(backtest.near_count, 6)
        action = backtest.action_view_near_threshold()
        shown = self.env["customer.standing"].search(action["domain"]).partner_id
        close = {customers[name] for name in "bcdegh"}
        self.assertEqual(set(shown), close)

    def test_with_shares_the_threshold_is_the_last_score_that_earned_the_tier(self):
        self.policy.method = "top_share"
        for tier, share in zip(self.policy._get_tiers(), (0.25, 0.25, 0.25, 0), strict=True):
            tier.share = share
        self.place(a=90, b=89.5, c=50, d=20)
        backtest = self.backtest()
        line = self.line(backtest, self.vip)
        self.assertEqual((line.threshold, line.near_below, line.near_above), (90, 1, 1))
        self.assertEqual(self.line(backtest, self.ordinary).threshold, 50)
        self.policy.method = "value_share"
        backtest = self.backtest()
        self.assertEqual(backtest.near_count, 0)
        self.assertIn("there is no threshold", self.report(backtest))
        self.assertFalse(
            self.env["customer.standing"].search(backtest.action_view_near_threshold()["domain"])
        )

    def test_who_is_above_the_score_by_tolerance_or_grace(self):
        self.policy.write({"grace_days": 60, "tolerance": 0.05, "window_months": 1})
        customers = {name: self.make_customer(name) for name in ("Tolerance", "Grace", "Fine")}
        for name, before, later in (("Tolerance", 90, 77), ("Grace", 90, 50), ("Fine", 90, 85)):
            self.make_order(customers[name], before, "2025-11-15")
            self.make_order(customers[name], later, "2025-12-15")
        self.policy.evaluate("2025-11-30")
        self.policy.evaluate("2025-12-31")
        backtest = self.backtest()
        self.assertEqual(backtest.above_score_count, 2)
        self.assertEqual(self.line(backtest, self.vip).above_score, 2)
        action = backtest.action_view_above_score()
        shown = self.env["customer.standing"].search(action["domain"]).partner_id
        self.assertEqual(shown, customers["Tolerance"] | customers["Grace"])
        self.assertIn("within the tolerance or the grace period: 2.", self.report(backtest))

    def test_whom_an_override_keeps_up_or_down_is_counted_apart(self):
        customers = {name: self.make_customer(name) for name in ("Up", "Down", "There")}
        for name, amount in (("Up", 50), ("Down", 95), ("There", 90)):
            self.make_order(customers[name], amount, "2025-11-15")
        self.policy.evaluate("2025-12-31")
        for name, tier in (("Up", self.vip), ("Down", self.ordinary), ("There", self.vip)):
            self.env["customer.tier.override"].create(
                {
                    "partner_id": customers[name].id,
                    "company_id": self.company.id,
                    "tier_id": tier.id,
                    "reason": "Contract",
                }
            )
        backtest = self.backtest()
        vip, ordinary = self.line(backtest, self.vip), self.line(backtest, self.ordinary)
        self.assertEqual((vip.overridden_up, vip.overridden_down), (1, 0))
        self.assertEqual((ordinary.overridden_up, ordinary.overridden_down), (0, 1))
        self.assertEqual(backtest.above_score_count, 0)
        self.assertIn("in another tier than by score, by an override: 2.", self.report(backtest))


class TestBacktestRecords(BacktestCase):
    """Who may run a back-test, and for which days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_order(cls.make_customer("Acme"), 90, "2025-06-01")
        cls.policy.evaluate("2025-06-30")
        cls.user = cls.make_member("backtest_user", "customer_tiering.group_tiering_user")
        cls.manager = cls.make_member("backtest_manager", "customer_tiering.group_tiering_manager")

    def test_a_manager_runs_one_from_the_policy_and_a_user_reads(self):
        action = self.policy.with_user(self.manager).action_backtest()
        backtest = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(backtest.user_id, self.manager)
        self.assertEqual(backtest.until, self.policy._get_today())
        self.assertEqual(backtest.create_uid, self.manager)
        shown = backtest.with_user(self.user)
        self.assertIn("Do the tiers predict", shown.prediction_report)
        self.assertEqual(shown.line_ids.mapped("tier_id"), self.policy.tier_ids)
        with self.assertRaises(AccessError):
            shown.action_backtest()
        with self.assertRaises(AccessError):
            self.policy.with_user(self.user).action_backtest()
        with self.assertRaises(AccessError):
            shown.create({"policy_id": self.policy.id})
        for lines in (backtest.line_ids, backtest.migration_ids):
            for user in (self.user, self.manager):
                self.assertFalse(lines.with_user(user).has_access("write"))

    def test_running_again_replaces_what_was_found(self):
        backtest = self.backtest()
        self.assertEqual(self.line(backtest, self.vip).customers, 1)
        self.make_order(self.make_customer("Bolt"), 95, "2025-06-15")
        self.policy.evaluate("2025-07-01")
        backtest.action_backtest()
        self.assertEqual(self.line(backtest, self.vip).customers, 2)
        self.assertEqual(len(backtest.line_ids), 4)
        self.assertEqual(backtest.prediction["customers"], 2)

    def test_another_companys_backtests_are_hidden(self):
        south = self.make_company("Southwind")
        self.make_order(self.make_customer("Dorn"), 90, "2025-06-01", company=south)
        self.policy_of(south).evaluate("2025-06-30")
        backtest = self.backtest(policy=self.policy_of(south))
        for records in (backtest, backtest.line_ids, backtest.migration_ids):
            self.assertTrue(records)
            for user in (self.user, self.manager):
                self.assertFalse(records.with_user(user).search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    records.with_user(user).read(["display_name"])

    def test_months_that_are_not_over_are_refused(self):
        today = self.policy._get_today()
        with self.assertRaisesRegex(ValidationError, "set As Of to .* or earlier, or shorten"):
            self.backtest(today + timedelta(days=1))
        with self.assertRaisesRegex(ValidationError, "is not known yet"):
            self.backtest(today - timedelta(days=20), months=1)
        backtest = self.backtest()
        with self.assertRaisesRegex(ValidationError, "is not known yet"):
            backtest.as_of = today

    def test_with_another_day_the_findings_no_longer_hold(self):
        backtest = self.backtest("2025-05-31", months=2)
        self.assertEqual(backtest.captured_by_tier, 0)
        self.make_order(self.make_customer("Bolt"), 95, "2025-05-15")
        backtest.action_backtest()
        self.assertTrue(backtest.prediction_report)
        backtest.as_of = "2025-06-10"
        self.assertFalse(backtest.tested_on or self.report(backtest))

    def test_the_form_offers_the_months_that_just_ended(self):
        with Form(self.env["customer.tier.backtest"].with_user(self.manager)) as form:
            self.assertEqual(form.policy_id, self.policy)
            self.assertEqual(form.until, self.policy._get_today())
            form.months = 12
            self.assertEqual(form.until, self.policy._get_today())
        self.assertFalse(form.record.prediction_report)

    def test_the_same_value_may_be_sent_again(self):
        backtests = self.env["customer.tier.backtest"].with_user(self.manager)
        backtest = backtests.create({"user_id": self.manager.id, "duration": 0.0})
        backtest.write({"user_id": self.manager.id})
        self.assertEqual(backtest.user_id, self.manager)
        self.assertEqual(backtest.copy().user_id, self.manager)
        with self.assertRaises(AccessError):
            backtests.create({"user_id": self.env.ref("base.user_admin").id})

    def test_nothing_is_left_of_the_tables_of_a_run(self):
        self.backtest()
        self.env.cr.execute(
            "SELECT relname FROM pg_class"
            " WHERE relnamespace = pg_my_temp_schema() AND STARTS_WITH(relname, 'run_')"
        )
        self.assertFalse(self.env.cr.fetchall())
