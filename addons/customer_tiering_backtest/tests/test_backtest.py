from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common import InvoicingCase, TieringCase


class BacktestCase(TieringCase):
    """Revenue alone decides: VIP from 80, Important from 60, Ordinary from 40."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False, tolerance=0)
        for tier, score in zip(cls.policy._get_ladder(), (80, 60, 40, 0), strict=True):
            tier.min_score = score

    def assess(self, as_of="2025-06-30", months=6, policy=None, **vals):
        assessment = self.env["customer.tier.backtest"].create(
            {"policy_id": (policy or self.policy).id, "as_of": as_of, "months": months, **vals}
        )
        assessment.action_backtest()
        return assessment

    def report(self, assessment):
        return str(assessment.report).replace("\N{NO-BREAK SPACE}", " ")

    def line(self, assessment, tier):
        return assessment.line_ids.filtered(lambda line: line.tier_id == tier)


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
        found = self.assess().prediction
        self.assertEqual((found["customers"], found["top_customers"]), (6, 2))
        self.assertEqual((found["revenue"], found["other_revenue"]), (400, 100))
        # Acme and Bolt: 250 of 400; Bolt and Elks: 300.
        self.assertEqual(found["caught_by_tier"], 0.625)
        self.assertEqual(found["caught_by_best"], 0.75)
        # Two of the three with 150 last year, so two thirds of their 150.
        self.assertEqual(found["caught_by_revenue"], 0.25)

    def test_equal_figures_share_the_mean_of_their_ranks(self):
        assessment = self.assess()
        # Ranks by score 5.5 5.5 4 2.5 2.5 1, by last year 5 3 2 5 5 1, by later 4 6 3 1 5 2:
        # 10.5 / √(16.5 · 17.5) and 2.5 / √(15.5 · 17.5).
        self.assertAlmostEqual(assessment.prediction["score_correlation"], 0.617914, 5)
        self.assertAlmostEqual(assessment.prediction["revenue_correlation"], 0.151794, 5)
        self.assertAlmostEqual(assessment.score_correlation, 0.62, 2)
        self.assertEqual(assessment.caught_by_best, 0.75)

    def test_the_report_says_it_in_words(self):
        report = self.report(self.assess())
        self.assertIn(
            "The 2 of 6 customers ranked VIP on 06/30/2025 then bought 63 % of what all those "
            "ranked bought in the following 6 months; the best possible choice of 2 would have "
            "caught 75 %, last year&#39;s revenue alone 25 %.",
            report,
        )
        self.assertIn("The score chose better than last year&#39;s revenue alone", report)
        self.assertIn("bought 20 % of everything since and are left out", report)

    def test_nobody_is_moved(self):
        self.assess()
        self.assertFalse(
            self.env["customer.standing"].search([("company_id", "=", self.company.id)])
        )
        self.assertFalse(self.policy.evaluation_ids)

    def test_without_later_purchases_there_is_nothing_to_compare(self):
        assessment = self.assess("2024-12-31", months=2)
        self.assertEqual(assessment.prediction["customers"], 2)
        for figure in ("score_correlation", "revenue_correlation", "caught_by_tier"):
            self.assertIsNone(assessment.prediction[figure])
        self.assertIn(
            "None of the 2 customers ranked on 12/31/2024 bought", self.report(assessment)
        )

    def test_without_customers_it_says_so(self):
        assessment = self.assess("2024-06-30", months=2)
        self.assertEqual(assessment.prediction["customers"], 0)
        self.assertIn("Nobody would have been ranked on 06/30/2024", self.report(assessment))

    def test_equal_scores_have_no_order(self):
        self.judge_by_revenue(cap=1)
        assessment = self.assess()
        self.assertIsNone(assessment.prediction["score_correlation"])
        self.assertEqual(assessment.caught_by_tier, 1)
        self.assertIn("no order to test", self.report(assessment))

    def test_the_months_after_begin_the_day_after_a_long_months_end(self):
        self.make_order(self.make_customer("Gale"), 90, "2025-08-29")
        found = self.assess("2025-08-31").prediction
        self.assertEqual(found["revenue"], 400)
        self.assertEqual(found["other_revenue"], 100)

    def test_an_archived_policy_is_assessed_by_what_it_would_foretell(self):
        draft = self.policy.copy()
        draft.window_months = 12
        assessment = self.assess(policy=draft)
        # Over a year Acme, Bolt, Dorn and Elks reach 80: 350 of 400.
        self.assertEqual(assessment.prediction["top_customers"], 4)
        self.assertEqual(assessment.caught_by_tier, 0.875)
        self.assertFalse(assessment.line_ids)
        self.assertIn("archived and ranks nobody", self.report(assessment))

    def test_rules_that_rank_nobody_are_refused(self):
        self.policy.copy().criterion_ids.unlink()
        self.policy.criterion_ids.unlink()
        with self.assertRaisesRegex(UserError, "no criteria"):
            self.assess()


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
        assessment = self.env["customer.tier.backtest"].create(
            {"policy_id": self.policy.id, "as_of": "2025-06-30", "months": 6}
        )
        assessment.action_backtest()
        self.assertEqual(assessment.prediction["revenue"], 80)
        self.assertEqual(assessment.caught_by_tier, 0.375)
        self.assertEqual(assessment.prediction["score_correlation"], -1)


class TestTierHistory(BacktestCase):
    """Evaluated at the end of each quarter of 2025; assessed from 30 June to 30 December."""

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

    def migration(self, assessment):
        return {
            (line.old_tier_id.code, line.new_tier_id.code): line.customers
            for line in assessment.migration_ids
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
        assessment = self.assess()
        self.assertEqual(self.migration(assessment), self.EXPECTED)
        self.assertIn(
            "2 customers stayed in their tier, 1 ended higher, 1 lower, 2 came and 1 left",
            self.report(assessment),
        )

    def test_who_stayed_and_who_still_bought(self):
        assessment = self.assess()
        figures = {
            line.tier_id.code: (line.held_customers, line.kept_customers, line.buying_customers)
            for line in assessment.line_ids
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
        self.assertEqual(self.line(assessment, self.vip).kept_share, 0.5)
        self.assertEqual(self.line(assessment, self.ordinary).buying_share, 1)

    def test_between_two_runs_the_tiers_are_those_of_the_run_before(self):
        """On 20 September Risen newcomer had bought, and no run had placed him."""
        migration = self.migration(self.assess("2025-09-20", months=1))
        self.assertEqual(migration[False, "ordinary"], 1)
        self.assertEqual(migration["ordinary", "vip"], 1)
        self.assertNotIn(("ordinary", "ordinary"), migration)

    def test_before_the_first_evaluation_nobody_is_in_a_tier(self):
        assessment = self.assess("2025-03-20", months=1)
        self.assertEqual(
            self.migration(assessment),
            {(False, "vip"): 2, (False, "important"): 1, (False, "ordinary"): 2},
        )
        self.assertFalse(any(assessment.line_ids.mapped("held_customers")))
        self.assertIn("the first evaluation came later", self.report(assessment))

    def test_tiers_of_a_former_policy_are_those_with_the_same_code(self):
        successor = self.policy.copy()
        self.policy.active = False
        successor.active = True
        successor.evaluate("2025-12-31")
        assessment = self.assess(policy=successor)
        self.assertEqual(self.migration(assessment), self.EXPECTED)
        self.assertEqual(assessment.line_ids.tier_id, successor.tier_ids)


class TestLadderNow(BacktestCase):
    """How the present ladder spreads the revenue, and who stands close to a line."""

    def place(self, **revenues):
        customers = {name: self.make_customer(name) for name in revenues}
        for name, revenue in revenues.items():
            self.make_order(customers[name], revenue, "2025-12-01")
        self.policy.evaluate("2025-12-31")
        return customers

    def test_the_curve_of_a_few_customers_has_a_point_for_each(self):
        self.place(a=50, b=25, c=15, d=10)
        assessment = self.assess()
        self.assertEqual(
            assessment.pareto,
            {
                "customers": 4,
                "revenue": 100,
                "points": [[1, 0.5], [2, 0.75], [3, 0.9], [4, 1]],
            },
        )
        self.assertIn(
            "fifth of the customers, 1 of 4, brings 50 % of the revenue", self.report(assessment)
        )
        figures = {
            line.tier_id.code: (line.customers, line.revenue) for line in assessment.line_ids
        }
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
        points = self.assess().pareto["points"]
        self.assertEqual(len(points), 100)
        # ⌈2.5⌉, ⌈5⌉, ⌈7.5⌉ … of 250 equal customers.
        self.assertEqual(points[:3], [[3, 0.012], [5, 0.02], [8, 0.032]])
        self.assertEqual(points[-1], [250, 1])

    def test_shares_are_of_what_was_earned(self):
        self.place(a=90, b=30, c=-60)
        assessment = self.assess()
        shares = {line.tier_id.code: line.revenue_share for line in assessment.line_ids}
        self.assertEqual(shares, {"vip": 0.75, "important": 0, "ordinary": 0, "potential": 0.25})
        report = self.report(assessment)
        self.assertIn("75 %", report)
        self.assertNotIn("150 %", report)

    def test_without_revenue_there_is_no_curve(self):
        self.place(a=0)
        assessment = self.assess()
        self.assertEqual(assessment.pareto["points"], [])
        self.assertIn("No revenue in the policy&#39;s window", self.report(assessment))

    def test_who_is_close_to_a_line(self):
        customers = self.place(a=79, b=79.01, c=79.99, d=80, e=80.99, f=81, g=60.5, h=39.5)
        assessment = self.assess(near_points=1)
        figures = {
            line.tier_id.code: (line.boundary, line.near_below, line.near_above)
            for line in assessment.line_ids
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
        self.assertEqual(assessment.near_line_count, 6)
        action = assessment.action_view_near_line()
        shown = self.env["customer.standing"].search(action["domain"]).partner_id
        close = {customers[name] for name in "bcdegh"}
        self.assertEqual(set(shown), close)

    def test_with_shares_the_line_is_the_last_score_that_earned_the_tier(self):
        self.policy.method = "top_share"
        for tier, share in zip(self.policy._get_ladder(), (0.25, 0.25, 0.25, 0), strict=True):
            tier.share = share
        self.place(a=90, b=89.5, c=50, d=20)
        assessment = self.assess()
        line = self.line(assessment, self.vip)
        self.assertEqual((line.boundary, line.near_below, line.near_above), (90, 1, 1))
        self.assertEqual(self.line(assessment, self.ordinary).boundary, 50)
        self.policy.method = "value_share"
        assessment = self.assess()
        self.assertEqual(assessment.near_line_count, 0)
        self.assertIn("no score is a line", self.report(assessment))
        self.assertFalse(
            self.env["customer.standing"].search(assessment.action_view_near_line()["domain"])
        )

    def test_who_is_held_up_by_the_margin_or_by_grace(self):
        self.policy.write({"grace_days": 60, "tolerance": 0.05, "window_months": 1})
        customers = {name: self.make_customer(name) for name in ("Margin", "Grace", "Fine")}
        for name, before, later in (("Margin", 90, 77), ("Grace", 90, 50), ("Fine", 90, 85)):
            self.make_order(customers[name], before, "2025-11-15")
            self.make_order(customers[name], later, "2025-12-15")
        self.policy.evaluate("2025-11-30")
        self.policy.evaluate("2025-12-31")
        assessment = self.assess()
        self.assertEqual(assessment.held_up_count, 2)
        self.assertEqual(self.line(assessment, self.vip).held_up, 2)
        action = assessment.action_view_held_up()
        shown = self.env["customer.standing"].search(action["domain"]).partner_id
        self.assertEqual(shown, customers["Margin"] | customers["Grace"])
        self.assertIn("2 are in a better tier than their score earns", self.report(assessment))

    def test_whom_a_override_holds_up_or_down_is_counted_apart(self):
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
        assessment = self.assess()
        vip, ordinary = self.line(assessment, self.vip), self.line(assessment, self.ordinary)
        self.assertEqual((vip.overridden_up, vip.overridden_down), (1, 0))
        self.assertEqual((ordinary.overridden_up, ordinary.overridden_down), (0, 1))
        self.assertEqual(assessment.held_up_count, 0)
        self.assertIn(
            "2 are in another tier than their score earns by an override", self.report(assessment)
        )


class TestAssessmentRecords(BacktestCase):
    """Who may assess, and for which days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_order(cls.make_customer("Acme"), 90, "2025-06-01")
        cls.policy.evaluate("2025-06-30")
        cls.user = cls.make_member("assessing_user", "customer_tiering.group_tiering_user")
        cls.manager = cls.make_member("assessing_manager", "customer_tiering.group_tiering_manager")

    def test_a_manager_assesses_from_the_policy_and_a_user_reads(self):
        action = self.policy.with_user(self.manager).action_backtest()
        assessment = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(assessment.user_id, self.manager)
        self.assertEqual(assessment.until, self.policy._get_today())
        self.assertEqual(assessment.create_uid, self.manager)
        shown = assessment.with_user(self.user)
        self.assertIn("Do the tiers foretell", shown.report)
        self.assertEqual(shown.line_ids.mapped("tier_id"), self.policy.tier_ids)
        with self.assertRaises(AccessError):
            shown.action_backtest()
        with self.assertRaises(AccessError):
            self.policy.with_user(self.user).action_backtest()
        with self.assertRaises(AccessError):
            shown.create({"policy_id": self.policy.id})
        for lines in (assessment.line_ids, assessment.migration_ids):
            for user in (self.user, self.manager):
                self.assertFalse(lines.with_user(user).has_access("write"))

    def test_assessing_again_replaces_what_was_found(self):
        assessment = self.assess()
        self.assertEqual(self.line(assessment, self.vip).customers, 1)
        self.make_order(self.make_customer("Bolt"), 95, "2025-06-15")
        self.policy.evaluate("2025-07-01")
        assessment.action_backtest()
        self.assertEqual(self.line(assessment, self.vip).customers, 2)
        self.assertEqual(len(assessment.line_ids), 4)
        self.assertEqual(assessment.prediction["customers"], 2)

    def test_another_companys_assessments_are_hidden(self):
        south = self.make_company("Southwind")
        self.make_order(self.make_customer("Dorn"), 90, "2025-06-01", company=south)
        self.policy_of(south).evaluate("2025-06-30")
        assessment = self.assess(policy=self.policy_of(south))
        for records in (assessment, assessment.line_ids, assessment.migration_ids):
            self.assertTrue(records)
            for user in (self.user, self.manager):
                self.assertFalse(records.with_user(user).search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    records.with_user(user).read(["display_name"])

    def test_months_that_are_not_over_are_refused(self):
        today = self.policy._get_today()
        with self.assertRaisesRegex(ValidationError, "set As Of to .* or earlier, or lower Months"):
            self.assess(today + timedelta(days=1))
        with self.assertRaisesRegex(ValidationError, "is not known yet"):
            self.assess(today - timedelta(days=20), months=1)
        assessment = self.assess()
        with self.assertRaisesRegex(ValidationError, "is not known yet"):
            assessment.as_of = today

    def test_with_another_day_the_findings_no_longer_hold(self):
        assessment = self.assess("2025-05-31", months=2)
        self.assertEqual(assessment.caught_by_tier, 0)
        self.make_order(self.make_customer("Bolt"), 95, "2025-05-15")
        assessment.action_backtest()
        self.assertTrue(assessment.report)
        assessment.as_of = "2025-06-10"
        self.assertFalse(assessment.tested_on or assessment.report)

    def test_the_form_offers_the_months_that_just_ended(self):
        with Form(self.env["customer.tier.backtest"].with_user(self.manager)) as form:
            self.assertEqual(form.policy_id, self.policy)
            self.assertEqual(form.until, self.policy._get_today())
            form.months = 12
            self.assertEqual(form.until, self.policy._get_today())
        self.assertFalse(form.record.report)
