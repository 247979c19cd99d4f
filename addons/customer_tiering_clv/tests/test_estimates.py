from collections import Counter
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.addons.customer_tiering.tests.common import InvoicingCase
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..engine import Lifetimes
from ..engine.sums import buying_sums, groups_query, spenders_query, spending_sums
from ..tools import buying, spending
from .common import TODAY, LifetimeCase


@tagged("post_install", "-at_install")
class TestEstimate(LifetimeCase):
    """What is estimated of customers who behave as the models assume."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bought = cls.draw(150)
        cls.sell(cls.bought)
        cls.fit = cls.estimate()

    def facts_of(self, partner):
        """Return repeats, recency and age by hand."""
        days = sorted({day for day, _amount in self.bought[partner]})
        return len(days) - 1, (days[-1] - days[0]).days, (TODAY - days[0]).days

    def test_everybody_with_an_order_is_scored(self):
        self.assertEqual(self.fit.state, "done", self.fit.summary)
        self.assertEqual(self.fit.customer_count, 150)
        self.assertEqual(self.fit.scored_count, 150)
        self.assertTrue(self.fit.r > 0 and self.fit.a > 0 and self.fit.q > 1)

    def test_the_fit_in_sql_is_that_in_memory(self):
        facts = Counter(self.facts_of(partner) for partner in self.bought)
        counts = Counter()
        for (repeats, _recency, _age), number in facts.items():
            counts[repeats] += number
        for model, at_once in (("mbg_nbd", True), ("bg_nbd", False)):
            self.policy.lifetime_model = model
            fit = self.policy._estimate_lifetimes(TODAY)
            groups = [(*key, number) for key, number in facts.items()]
            longest = max(age for _repeats, _recency, age in facts)
            found, likelihood = buying.fit(
                at_once, counts, buying.group_sums(at_once, groups), longest
            )
            self.assertAlmostEqual(fit.r, found.r, 4)
            self.assertAlmostEqual(fit.alpha, found.alpha, 2)
            self.assertAlmostEqual(fit.a, found.a, 3)
            self.assertAlmostEqual(fit.b, found.b, 3)
            self.assertAlmostEqual(fit.log_likelihood, likelihood, 5)

    def test_the_scores_in_sql_are_those_in_memory(self):
        for model, at_once in (("mbg_nbd", True), ("bg_nbd", False)):
            self.policy.lifetime_model = model
            fit = self.policy._estimate_lifetimes(TODAY)
            self.env.invalidate_all()
            own = buying.Buying(at_once, fit.r, fit.alpha, fit.a, fit.b)
            spent = spending.Spending(fit.p, fit.q, fit.gamma)
            days = buying.DAYS_OF_MONTH * 12
            for partner in list(self.bought)[:40]:
                facts, standing = self.facts_of(partner), self.standing(partner)
                self.assertAlmostEqual(standing.alive_probability, own.probability_alive(*facts), 3)
                self.assertAlmostEqual(
                    standing.order_probability, own.probability_of_order(*facts, days), 3
                )
                self.assertAlmostEqual(
                    standing.expected_orders, own.expected_orders(*facts, days), 2
                )
                later = Counter()
                for day, amount in self.bought[partner]:
                    later[day] += amount
                first = min(later)
                mean = sum(a for day, a in later.items() if day > first) / max(facts[0], 1)
                _orders, discounted = own.discounted_orders_if_alive(facts[0], facts[2], 12, 0.1)
                value = (
                    own.probability_alive(*facts)
                    * discounted
                    * spent.expected_amount(facts[0], mean)
                )
                self.assertAlmostEqual(standing.lifetime_value, value, delta=0.02)

    def test_who_has_been_silent_for_long_is_unlikely_to_order(self):
        busy = [partner for partner in self.bought if len(self.bought[partner]) > 8]
        by_silence = sorted(busy, key=lambda partner: self.facts_of(partner)[1:])
        standings = [self.standing(partner) for partner in by_silence]
        silent = [s for s in standings if (TODAY - s.last_order_date).days > 200]
        fresh = [s for s in standings if (TODAY - s.last_order_date).days < 10]
        self.assertTrue(silent and fresh)
        self.assertLess(
            max(s.order_probability for s in silent), min(s.order_probability for s in fresh)
        )
        self.assertIn("days ago", silent[0].lifetime_reason)
        self.assertEqual(silent[0].order_percent, round(100 * silent[0].order_probability))

    def test_the_holdout_stands_beside_last_years_revenue(self):
        holdout = self.fit.holdout
        self.assertEqual(len(holdout["deciles"]), 10)
        expected, actual = holdout["orders"]
        self.assertAlmostEqual(expected / actual, 1, delta=0.35)
        self.assertEqual(actual, sum(tenth[1] for tenth in holdout["deciles"]))
        cut = self.fit.first_day + timedelta(days=self.fit.history_days * 2 // 3)
        known = {p for p, days in self.bought.items() if min(days)[0] <= cut}
        came = sum(len({day for day, _a in self.bought[p] if day > cut}) for p in known)
        self.assertEqual(actual, came)
        spent = sum(a for p in known for day, a in self.bought[p] if day > cut)
        self.assertAlmostEqual(holdout["amount"][1], spent, 2)
        captured = holdout["captured"]
        self.assertTrue(0 < captured["revenue"] <= captured["best"] <= 1)
        self.assertTrue(0 < captured["model"] <= captured["best"])
        self.assertLess(holdout["brier"], holdout["brier_base"])
        for words in ("last year", "Brier", "Tenth"):
            self.assertIn(words, self.fit.holdout_report)

    def test_the_sums_of_amounts_in_sql_are_those_in_memory(self):
        scope = self.policy._prepare_scope(TODAY)
        partners = self.policy._prepare_facts(TODAY).partners
        terms = self.policy._prepare_lifetime_terms()
        with Lifetimes(self.env.cr, scope, partners, terms) as lifetimes:
            lifetimes.gather()
            facts = lifetimes.table("facts")
            rows = self.env.execute_query(spenders_query(facts))
            spenders = lifetimes.create("spenders", spenders_query(facts))
            in_sql = spending_sums(self.env.cr, spenders)(12.5)
            groups = lifetimes.create("groups", groups_query(facts))
            point = (0.6, 40.0, 0.8, 2.5)
            in_sql_too = buying_sums(self.env.cr, groups, True)(*point)
            known = self.env.execute_query(groups_query(facts))
        for found, expected in (
            (in_sql, spending.customer_sums(rows)(12.5)),
            (in_sql_too, buying.group_sums(True, known)(*point)),
        ):
            for one, other in zip(found, expected, strict=True):
                self.assertAlmostEqual(one, other, 6)

    def test_other_months_hold_from_the_next_scoring_on(self):
        partner = max(self.bought, key=lambda p: self.standing(p).expected_orders)
        year = self.standing(partner).expected_orders
        self.policy.lifetime_months = 3
        self.fit._score(TODAY)
        standing = self.standing(partner)
        self.assertTrue(0.2 * year < standing.expected_orders < 0.4 * year)
        self.assertIn("coming 3 months", standing.lifetime_reason)

    def test_a_second_estimate_writes_no_row(self):
        self.env.cr.execute("SELECT id, xmin::text FROM customer_standing ORDER BY id")
        before = self.env.cr.fetchall()
        self.policy._estimate_lifetimes(TODAY)
        self.env.cr.execute("SELECT id, xmin::text FROM customer_standing ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_margin_share_and_discount_make_the_value_less(self):
        partner = max(self.bought, key=lambda p: self.standing(p).lifetime_value)
        before = self.standing(partner).lifetime_value
        self.policy.write({"lifetime_margin_share": 0.25, "lifetime_discount": 0.1})
        self.policy._estimate_lifetimes(TODAY)
        self.env.invalidate_all()
        self.assertAlmostEqual(self.standing(partner).lifetime_value, before / 4, delta=0.02)

    def test_a_criterion_goes_by_the_figures(self):
        self.score_by("order_probability")
        self.policy.evaluate(TODAY)
        standing = self.standing(next(iter(self.bought)))
        self.assertAlmostEqual(standing.score, 100 * standing.order_probability, 1)
        self.score_by("lifetime_value", scale="percentile")
        self.policy.evaluate(TODAY)
        best = max(self.bought, key=lambda p: self.standing(p).lifetime_value)
        self.assertEqual(self.standing(best).score, 100)
        self.score_by("expected_orders", scale="percentile")
        self.policy.evaluate(TODAY)
        busiest = max(self.bought, key=lambda p: self.standing(p).expected_orders)
        self.assertEqual(self.standing(busiest).score, 100)

    def test_what_is_old_is_missing(self):
        self.score_by("order_probability")
        self.policy.evaluate(TODAY + timedelta(days=40))
        figures = {part["figure"] for part in self.standing(next(iter(self.bought))).components}
        self.assertEqual(figures, {None})

    def test_a_customer_whom_nothing_is_said_of_any_more_loses_the_figures(self):
        partner = next(iter(self.bought))
        orders = self.env["sale.order"].search([("partner_id", "=", partner.id)])
        orders.write({"state": "cancel"})
        self.fit._score(TODAY)
        self.assertFalse(self.standing(partner).has_lifetime_score)
        self.assertEqual(self.fit.scored_count, 149)

    def test_the_contact_shows_and_finds_it(self):
        partner = max(self.bought, key=lambda p: self.standing(p).lifetime_value)
        standing = self.standing(partner)
        self.assertEqual(partner.customer_lifetime_value, standing.lifetime_value)
        self.assertEqual(partner.customer_expected_orders, standing.expected_orders)
        found = self.env["res.partner"].search(
            [
                ("has_customer_lifetime_score", "=", True),
                ("customer_order_probability", ">=", standing.order_probability),
                ("id", "in", [p.id for p in self.bought]),
            ]
        )
        self.assertIn(partner, found)
        for low in self.bought:
            is_found = low in found
            self.assertEqual(
                is_found, self.standing(low).order_probability >= standing.order_probability
            )

    def test_the_list_begins_with_the_most_valuable(self):
        listed = self.env["customer.standing"].search(
            [("company_id", "=", self.company.id)],
            order="lifetime_value desc, expected_orders desc",
        )
        values = [standing.lifetime_value for standing in listed]
        self.assertEqual(values, sorted(values, reverse=True))
        by_percent = self.env["customer.standing"].search(
            [("company_id", "=", self.company.id)], order="order_percent desc"
        )
        self.assertEqual(
            by_percent[0].order_probability, max(by_percent.mapped("order_probability"))
        )

    def test_the_overview_says_what_is_expected_and_opens_it(self):
        page = self.env["customer.tier.overview"].get_overview("company")
        [tile] = [
            tile
            for section in page["sections"]
            for tile in section["tiles"]
            if tile["name"] == "lifetime_value"
        ]
        listed = self.env["customer.standing"].search(tile["action"]["domain"])
        self.assertAlmostEqual(tile["value"], sum(listed.mapped("lifetime_value")), 2)
        self.assertIn("rough", tile["hint"])

    def test_the_overview_counts_those_without_a_tier(self):
        page = self.env["customer.tier.overview"]
        [before] = page._sum_figures("company", "expected_orders")
        listed = self.env["customer.standing"].search([("has_lifetime_score", "=", True)], limit=9)
        listed.sudo().tier_id = False
        tiered = sum(row["customers"] for row in page._get_figures("company").values())
        self.assertEqual(page._sum_figures("company", "expected_orders"), [before])
        self.assertEqual(page._sum_figures("company", "customers"), [tiered + 9])

    def test_the_overview_asks_the_database_twelve_times_at_most(self):
        """With an estimate and all that other add-ons show, as without any."""
        manager = self.make_member("overview_manager", "customer_tiering.group_tiering_manager")
        page = self.env["customer.tier.overview"].with_user(manager)
        # The client sends language and time zone with each call.
        page = page.with_context(lang="en_US", tz="UTC")
        page.get_overview()
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        shown = page.get_overview()
        self.assertLessEqual(self.env.cr.sql_log_count - start, 12)
        names = {tile["name"] for section in shown["sections"] for tile in section["tiles"]}
        self.assertIn("lifetime_value", names)

    def test_managers_estimate_and_salespeople_read(self):
        seller = self.make_member("lifetime_seller", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.policy.with_user(seller).action_estimate_lifetimes()
        self.assertEqual(self.fit.with_user(seller).customer_count, 150)
        with self.assertRaises(AccessError):
            self.fit.with_user(seller).write({"r": 1})
        employee = self.make_member("lifetime_employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.fit.with_user(employee).read(["r"])
        partner = next(iter(self.bought)).with_user(employee)
        with self.assertRaises(AccessError):
            partner.read(["customer_lifetime_value"])
        with self.assertRaises(AccessError):
            partner.search([("customer_lifetime_value", ">", 1)])
        manager = self.make_member("lifetime_manager", "customer_tiering.group_tiering_manager")
        action = self.policy.with_user(manager).action_estimate_lifetimes()
        fit = self.env["customer.lifetime.fit"].browse(action["res_id"])
        self.assertEqual(fit.user_id, manager)
        with self.assertRaises(AccessError):
            fit.with_user(manager).write({"refusal": False})

    def test_an_archived_policy_estimates_nothing(self):
        draft = self.policy.copy()
        with self.assertRaises(UserError):
            draft.action_estimate_lifetimes()

    def test_settings_that_mean_nothing_are_refused(self):
        for vals in (
            {"lifetime_months": 0},
            {"lifetime_months": 1000},
            {"lifetime_discount": -0.1},
            {"lifetime_margin_share": 0},
            {"lifetime_minimum_customers": 1},
            {"lifetime_minimum_days": 0},
        ):
            with (
                self.subTest(vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.policy.write(vals)
                self.policy.flush_recordset()


@tagged("post_install", "-at_install")
class TestRefusals(LifetimeCase):
    """Why nothing is told, in words, on the estimate and where the list is empty."""

    def refused(self, code, *words):
        fit = self.estimate()
        self.assertEqual((fit.refusal or {}).get("code"), code, fit.summary)
        self.assertEqual(fit.state, "refused")
        for word in words:
            self.assertIn(word, fit.refusal_text)
        standings = self.env["customer.standing"].search([("company_id", "=", self.company.id)])
        for standing in standings[:2]:
            self.assertFalse(standing.has_lifetime_score)
            self.assertEqual(standing.lifetime_reason, fit.refusal_text)
        listed = self.env["customer.standing"].with_context(explain_lifetimes=True)
        self.assertIn(fit.refusal_text[:20], listed.get_empty_list_help(""))
        return fit

    def test_fewer_than_five_hundred_customers(self):
        self.assertEqual(self.env["customer.tier.policy"].default_get(
            ["lifetime_minimum_customers", "lifetime_minimum_days"]
        ), {"lifetime_minimum_customers": 500, "lifetime_minimum_days": 180})  # fmt: skip
        self.policy.lifetime_minimum_customers = 500
        self.sell(self.draw(60))
        self.refused("few_customers", "60", "500")

    def test_nobody_ever_ordered(self):
        self.refused("few_customers", "0")

    def test_less_than_half_a_year(self):
        self.sell(self.draw(60, history=150, rate=(2.0, 20.0)))
        self.refused("short_history", "180")

    def test_nobody_leaves(self):
        self.sell(self.draw(80, leaving=0, rate=(8.0, 160.0), newest=0.3))
        self.refused("nobody_leaves", "At Risk")

    def test_nobody_orders_again(self):
        self.sell({partner: days[:1] for partner, days in self.draw(60).items()})
        fit = self.estimate()
        self.assertIn(fit.state, ("refused", "orders"))
        self.assertTrue(fit.refusal_text or fit.value_refusal_text)

    def test_orders_before_a_day_were_not_imported(self):
        self.sell(self.draw(60))
        self.policy.lifetime_known_since = TODAY - timedelta(days=30)
        fit = self.refused("older_customers", "60")
        self.assertGreater(fit.older_count, 50)

    def test_those_who_may_be_older_are_left_out_alone(self):
        bought = self.draw(150)
        self.sell(bought)
        self.policy.lifetime_known_since = TODAY - timedelta(days=600)
        fit = self.estimate()
        older = [p for p, days in bought.items() if min(days)[0] < TODAY - timedelta(days=600)]
        self.assertTrue(older)
        self.assertEqual((fit.older_count, fit.state), (len(older), "done"))
        self.assertFalse(self.standing(older[0]).has_lifetime_score)
        self.assertIn("left out", fit.warning_text)

    def test_a_refusal_takes_the_former_figures_along(self):
        bought = self.draw(150)
        self.sell(bought)
        self.assertEqual(self.estimate().state, "done")
        self.policy.lifetime_minimum_customers = 500
        fit = self.policy._estimate_lifetimes(TODAY)
        self.assertFalse(self.standing(next(iter(bought))).has_lifetime_score)
        with self.assertRaises(UserError):
            fit._score(TODAY)

    def test_who_orders_often_spends_more_each_time(self):
        bought = self.draw(
            120, seed=1, amount=lambda random, rate: 5000 * rate * random.uniform(0.9, 1.1)
        )
        self.sell(bought)
        fit = self.estimate()
        self.assertEqual(fit.value_refusal["code"], "correlation")
        self.assertEqual(fit.state, "orders")
        self.assertIn("0.3", fit.value_refusal_text)
        standing = self.env["customer.standing"].search(
            [("company_id", "=", self.company.id), ("has_lifetime_score", "=", True)], limit=1
        )
        self.assertFalse(standing.has_lifetime_value)
        self.assertFalse(standing.lifetime_value)
        self.assertGreater(standing.expected_orders, 0)
        self.assertIn("correlation", standing.lifetime_reason)
        self.assertIsNone(fit.holdout["amount"][0])
        self.assertTrue(fit.holdout_report)

    def test_amounts_without_a_mean(self):
        means = {}

        def amount(random, rate):
            mean = means.setdefault(rate, 100 / max(random.gammavariate(0.6, 1), 1e-6))
            return mean * random.gammavariate(4, 1 / 4)

        self.sell(self.draw(150, amount=amount))
        fit = self.estimate()
        self.assertEqual(fit.value_refusal["code"], "no_mean")
        self.assertIn("q =", fit.value_refusal_text)

    def test_most_began_with_the_history(self):
        self.sell(self.draw(150, newest=0.05))
        fit = self.estimate()
        self.assertEqual(fit.state, "done")
        self.assertIn("Orders Complete since", fit.warning_text)


@tagged("post_install", "-at_install")
class TestWhatCounts(InvoicingCase, LifetimeCase):
    """Local days, other currencies, credit notes and invoices before the first order."""

    def facts(self, partner, day=TODAY):
        policy = self.policy
        self.env.flush_all()
        with Lifetimes(
            self.env.cr,
            policy._prepare_scope(day),
            policy._prepare_facts(day).partners,
            policy._prepare_lifetime_terms(),
        ) as lifetimes:
            lifetimes.gather()
            self.env.cr.execute(
                SQL(
                    "SELECT repeats, recency, age, mean, is_older FROM %s WHERE partner_id = %s",
                    lifetimes.table("facts"),
                    partner.id,
                )
            )
            return self.env.cr.fetchone()

    def test_several_orders_of_a_day_are_one(self):
        self.make_order(self.acme, 100, "2026-01-01")
        for amount in (30, 50):
            self.make_order(self.acme, amount, "2026-02-01")
        self.make_order(self.acme, 60, "2026-05-01")
        self.assertEqual(self.facts(self.acme), (2, 120, 180, 70, False))

    def test_the_day_is_the_companys(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.make_order(self.acme, 100, "2026-01-01 15:30:00")
        self.make_order(self.acme, 100, "2026-01-01 16:30:00")
        self.assertEqual(self.facts(self.acme)[:3], (1, 1, 180))

    def test_another_currency_counts_at_the_orders_rate(self):
        pricelist = self.make_pricelist(self.make_currency("USD", d20260101=2))
        self.make_order(self.acme, 100, "2026-01-02")
        self.make_order(self.acme, 100, "2026-02-01", pricelist=pricelist)
        self.assertEqual(self.facts(self.acme)[3], 50)

    def test_a_contacts_orders_are_its_companys(self):
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.make_order(self.acme, 100, "2026-01-02")
        self.make_order(contact, 40, "2026-02-01")
        self.assertEqual(self.facts(self.acme)[0], 1)
        self.assertIsNone(self.facts(contact))

    def test_quotations_and_cancelled_orders_do_not_count(self):
        self.make_order(self.acme, 100, "2026-01-02")
        self.make_order(self.acme, 100, "2026-02-02", confirm=False)
        self.make_order(self.acme, 100, "2026-03-02")._action_cancel()
        self.assertEqual(self.facts(self.acme)[0], 0)

    def test_what_is_credited_is_taken_off(self):
        self.product.invoice_policy = "order"
        self.make_order(self.acme, 100, "2026-01-02")
        order = self.make_order(self.acme, 80, "2026-02-01")
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-02-02"
        invoice.action_post()
        note = invoice._reverse_moves([{"invoice_date": "2026-03-01", "date": "2026-03-01"}])
        note.invoice_line_ids.price_unit = 20
        note.action_post()
        self.assertEqual(self.facts(self.acme)[::3], (1, 60))

    def test_who_was_invoiced_before_the_first_known_order_is_older(self):
        other = self.make_customer("Other")
        self.make_order(self.acme, 100, "2026-01-02")
        self.make_order(other, 100, "2026-01-02")
        self.invoice(50, "2024-05-01")
        self.assertTrue(self.facts(self.acme)[4])
        self.assertFalse(self.facts(other)[4])

    def test_orders_after_the_day_are_not_read(self):
        self.make_order(self.acme, 100, "2026-01-02")
        self.make_order(self.acme, 100, "2026-05-02")
        day = TODAY.replace(month=3, day=1)
        self.assertEqual(self.facts(self.acme, day)[:3], (0, 0, 58))


@tagged("post_install", "-at_install")
class TestCompanies(LifetimeCase):
    """Each company has estimates of its own, in its own currency."""

    def test_two_companies_and_currencies(self):
        other = self.make_company("Southwind", currency="JPY")
        theirs = self.policy_of(other)
        theirs.lifetime_minimum_customers = 40
        bought = self.draw(100)
        self.sell(bought)
        shared = list(bought)[:60]
        # Yen, a hundred of them for each of the others.
        self.sell(
            {
                partner: [(day, round(100 * amount)) for day, amount in bought[partner]]
                for partner in shared
            },
            company=other,
        )
        own = self.estimate()
        self.assertEqual(own.customer_count, 100)
        fit = self.estimate(theirs)
        self.assertEqual((fit.customer_count, fit.currency_id.name), (60, "JPY"))
        partner = max(shared, key=lambda p: self.standing(p).lifetime_value)
        here, there = self.standing(partner), self.standing(partner, other)
        self.assertGreater(here.lifetime_value, 0)
        self.assertGreater(there.lifetime_value, 10 * here.lifetime_value)
        self.assertEqual(there.lifetime_value, round(there.lifetime_value))
        # A refusal there leaves the figures here alone.
        theirs.lifetime_minimum_customers = 500
        theirs._estimate_lifetimes(TODAY)
        self.env.invalidate_all()
        self.assertTrue(self.standing(partner).has_lifetime_score)
        self.assertFalse(self.standing(partner, other).has_lifetime_score)
        in_yen = partner.with_context(allowed_company_ids=other.ids)
        self.assertFalse(in_yen.has_customer_lifetime_score)
        self.assertTrue(partner.has_customer_lifetime_score)

    def test_a_branchs_orders_count_for_the_root(self):
        branch = self.make_company("Northwind East", parent=self.company)
        bought = self.draw(60)
        halves = list(bought)
        self.sell({partner: bought[partner] for partner in halves[:30]})
        self.sell({partner: bought[partner] for partner in halves[30:]}, company=branch)
        self.assertEqual(self.estimate().customer_count, 60)

    def test_other_companies_estimates_are_not_seen(self):
        other = self.make_company("Southwind")
        fit = self.policy_of(other)._estimate_lifetimes(TODAY)
        seller = self.make_member("lifetime_alone", "sales_team.group_sale_salesman")
        self.assertNotIn(fit, self.env["customer.lifetime.fit"].with_user(seller).search([]))


@tagged("post_install", "-at_install")
class TestScheduled(LifetimeCase):
    """Fitted once a week, scored every night after the tier run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Other companies of the database have actions of their own.
        cls.env["customer.tier.policy"].search([("id", "!=", cls.policy.id)]).active = False
        cls.bought = cls.draw(60)
        cls.sell(cls.bought)
        cls.today = cls.policy._get_today()

    def call(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"customer_tiering_clv.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_a_tier_run_asks_for_the_scores(self):
        triggers = self.env["ir.cron.trigger"]
        cron = self.env.ref("customer_tiering_clv.ir_cron_score")
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        self.env["customer.tier.policy"]._after_moves()
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))

    def test_the_first_night_fits_and_scores(self):
        self.policy.evaluate(self.today)
        self.call("score")
        fit = self.policy.lifetime_fit_id
        self.assertEqual(fit.scored_on, self.today)
        self.assertEqual(fit.scored_count, 60)

    def test_the_next_run_scores_by_the_same_fit(self):
        self.policy.evaluate(self.today)
        fit = self.policy._estimate_lifetimes(self.today - timedelta(days=1))
        self.assertEqual(fit.scored_on, self.today - timedelta(days=1))
        self.call("score")
        self.assertEqual(self.policy.lifetime_fit_id, fit)
        self.assertEqual(fit.scored_on, self.today)
        self.assertFalse(self.policy._is_scoring_due())
        self.policy.evaluate(self.today)
        self.assertTrue(self.policy._is_scoring_due())

    def test_the_weekly_action_fits_anew(self):
        self.policy.evaluate(self.today)
        old = self.policy._estimate_lifetimes(self.today - timedelta(days=7))
        self.call("estimate")
        self.assertNotEqual(self.policy.lifetime_fit_id, old)
        again = self.policy.lifetime_fit_id
        self.call("estimate")
        self.assertEqual(self.policy.lifetime_fit_id, again)

    def test_a_failure_is_noted_on_the_policy(self):
        self.policy.evaluate(self.today)

        message = "No disk"

        def fail(*_arguments):
            raise UserError(message)

        self.patch(type(self.env["customer.lifetime.fit"]), "_estimate", fail)
        with self.assertLogs("odoo.addons.customer_tiering", level="ERROR"):
            self.call("estimate")
        self.assertIn(message, self.policy.failure_message)
