from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tools import SQL

from ..engine import Run
from ..engine.apply import write_standings
from ..engine.outlook import Advice
from ..engine.rules import CriterionRule, MovementRule, Rules, SegmentRule, TierRule
from ..engine.scales import band_points, fifth_query, linear_points, percentile_query
from ..engine.segments import segments_query
from ..metrics.registry import METRICS
from .common import TieringCase

AS_OF = date(2026, 1, 1)
THRESHOLDS = (80, 60, 30, 0)
properties = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
cents = st.integers(-(10**6), 10**6).map(lambda number: number / 100)
figures = st.one_of(st.none(), st.integers(-3, 3).map(float), cents)
scores = st.one_of(
    st.none(),
    # About the thresholds, and about the tolerances below them.
    st.sampled_from(["0", "28.50", "29.99", "30", "57", "59.99", "60", "71.99", "72", "80", "100"]),
    st.integers(0, 10000).map(lambda number: f"{number / 100:.2f}"),
).map(lambda score: score and Decimal(score))
revenues = st.one_of(st.integers(-2, 5), st.integers(-100, 100000).map(lambda n: n / 100)).map(
    lambda amount: Decimal(str(amount))
)
shares = st.lists(st.integers(1, 9999), min_size=1, max_size=3).filter(lambda s: sum(s) <= 10000)


def movement_rule(**vals):
    rule = {"has_thresholds": True, "tolerance": Decimal(0), "grace_days": 0}
    return MovementRule(**{**rule, "one_step": False, **vals})


SEGMENTS = SegmentRule(
    abc_a_share=Decimal("0.80"),
    abc_b_share=Decimal("0.95"),
    top_share=Decimal("0.20"),
    lapsing_factor=Decimal("1.5"),
    lost_factor=Decimal(3),
    at_risk_revenue_share=Decimal("0.75"),
)


def tiers_of(tier_ids, steps=()):
    """Return tiers with the default thresholds and these shares in hundredths of a percent."""
    padded = [*steps, *[0] * len(tier_ids)]
    return tuple(
        TierRule(tier_id, Decimal(threshold), Decimal(share) / 10000)
        for tier_id, threshold, share in zip(tier_ids, THRESHOLDS, padded, strict=False)
    )


class PopulationCase(TieringCase):
    """The engine's SQL on generated populations."""

    def points_of(self, expression, population):
        """Return the points of each figure by an expression over ``figure``."""
        rows = SQL(", ").join(
            SQL("(%s, %s::double precision)", place, figure)
            for place, figure in enumerate(population)
        )
        query = SQL(
            "SELECT %s FROM (VALUES %s) AS population (place, figure) ORDER BY place",
            expression,
            rows,
        )
        return [points for (points,) in self.env.execute_query(query)]

    def compute(self, population, rules, as_of=AS_OF):
        """Return a run with the standings of (partner id, score, revenue)."""
        rows = SQL(", ").join(
            SQL("(%s::integer, %s::numeric, %s::numeric)", *customer) for customer in population
        )
        run = Run(self.env.cr, None, rules, None)
        scores = run.create(
            "scores",
            SQL(
                """
                SELECT partner_id, TRUE AS is_customer, revenue, 0::numeric AS previous_revenue,
                       1 AS order_count, 1 AS order_days, 1 AS order_days_ever,
                       %(day)s::date AS first_order_date, %(day)s::date AS last_order_date,
                       NULL::numeric AS margin,
                       '{}'::double precision[] AS figures, '{}'::double precision[] AS points,
                       score, score AS value_score, NULL::numeric AS loyalty_score,
                       NULL::numeric AS cooperation_score, NULL::numeric AS potential_score
                  FROM (VALUES %(rows)s) AS population (partner_id, score, revenue)
                 WHERE partner_id > 0
                """,
                day=as_of,
                rows=rows,
            ),
        )
        run.create("standings", segments_query(scores, rules, as_of))
        return run

    def standings_of(self, population, rules):
        """Return the standings of (partner id, score, revenue) by partner id."""
        with self.compute(population, rules) as run:
            found = self.env.execute_query(
                SQL("SELECT partner_id, candidate_tier_id, abc_class FROM %s", run.standings)
            )
        standings = {partner_id: row for partner_id, *row in found}
        self.assertEqual(len(found), len(standings), "nobody is in two tiers")
        return standings


class TestScaleProperties(PopulationCase):
    """Points of whatever figures."""

    def percentiles(self, population, higher_is_better=True, zero_is_nothing=False):
        rows = SQL(", ").join(SQL("(%s::double precision)", figure) for figure in population)
        query = percentile_query(
            SQL("figure"),
            higher_is_better,
            SQL("(VALUES %s) AS population (figure)", rows),
            zero_is_nothing,
        )
        found = self.env.execute_query(query)
        self.assertEqual(len(found), len(dict(found)))
        return dict(found)

    @properties
    @given(st.lists(figures, min_size=1, max_size=12), st.randoms(use_true_random=False))
    def test_percentiles_rank_everybody_who_has_a_figure(self, population, random):
        points = self.percentiles(population)
        present = [figure for figure in population if figure is not None]
        self.assertEqual(set(points), set(present))
        if len(present) == 1:
            self.assertEqual(points, {present[0]: 100})
        elif present:
            mean = sum(points[figure] for figure in present) / len(present)
            self.assertAlmostEqual(mean, 50)
            self.assertTrue(all(0 <= earned <= 100 for earned in points.values()))
            ascending = [points[figure] for figure in sorted(points)]
            self.assertEqual(ascending, sorted(set(ascending)), "more earns more")
            # Where less is better, the ranks are the mirror image.
            for figure, earned in self.percentiles(population, higher_is_better=False).items():
                self.assertAlmostEqual(earned, 100 - points[figure])
        # Where nothing is worth nothing, the others are ranked as if those were not there.
        worth = [figure for figure in present if figure > 0]
        self.assertEqual(
            self.percentiles(population, zero_is_nothing=True),
            {
                **dict.fromkeys((figure for figure in present if figure <= 0), 0),
                **(self.percentiles(worth) if worth else {}),
            },
        )
        random.shuffle(population)
        self.assertEqual(self.percentiles(population), points)

    @properties
    @given(st.lists(figures.filter(lambda figure: figure is not None), min_size=1, max_size=12))
    def test_fifths_go_by_how_many_are_lower(self, population):
        rows = SQL(", ").join(SQL("(%s::double precision)", figure) for figure in population)
        query = fifth_query(SQL("figure"), SQL("(VALUES %s) AS population (figure)", rows))
        for figure, fifth in self.env.execute_query(query):
            lower = sum(other < figure for other in population)
            self.assertEqual(fifth, 1 + 5 * lower // len(population))

    @properties
    @given(
        st.lists(figures.filter(lambda figure: figure is not None), min_size=1, max_size=12),
        cents,
        cents,
    )
    def test_linear_points_grow_from_the_floor_to_the_cap(self, population, floor, cap):
        if floor == cap:
            return
        population = sorted([*population, floor, cap], reverse=floor > cap)
        points = self.points_of(linear_points(SQL("figure"), floor, cap), population)
        self.assertEqual(points, sorted(points))
        self.assertTrue(all(0 <= earned <= 100 for earned in points))
        self.assertEqual(points[population.index(floor)], 0)
        self.assertEqual(points[population.index(cap)], 100)

    @properties
    @given(
        st.lists(figures, min_size=1, max_size=12),
        st.dictionaries(cents, st.integers(0, 100), min_size=1, max_size=5),
        st.randoms(use_true_random=False),
    )
    def test_bands_give_the_points_of_the_highest_threshold_reached(
        self, population, by_threshold, random
    ):
        population += by_threshold  # each threshold is reached at its exact figure
        bands = list(by_threshold.items())
        random.shuffle(bands)
        points = self.points_of(band_points(SQL("figure"), bands), population)
        for figure, earned in zip(population, points, strict=True):
            if figure is None:
                self.assertIsNone(earned)
            else:
                reached = [threshold for threshold in by_threshold if threshold <= figure]
                self.assertEqual(earned, by_threshold[max(reached)] if reached else 0)


class TestTierProperties(PopulationCase):
    """Candidate tiers and classes of whatever customers."""

    populations = st.lists(st.tuples(scores, revenues), min_size=1, max_size=12).map(
        lambda rows: [(number, *row) for number, row in enumerate(rows, 1)]
    )
    tiers = (1, 2, 3, 4)  # from best to worst

    def rank(self, population, method, steps=()):
        tiers = self.tiers[: len(steps) + 1] if steps else self.tiers
        rules = Rules((), method, tiers_of(tiers, steps), movement_rule(), SEGMENTS, None)
        standings = self.standings_of(population, rules)
        self.assertEqual(set(standings), {number for number, *_rest in population})
        self.assertLessEqual({tier for tier, _class in standings.values()}, set(tiers))
        self.assertEqual(self.standings_of(population[::-1], rules), standings)
        return {number: tier for number, (tier, _class) in standings.items()}, standings

    @properties
    @given(populations)
    def test_a_threshold_is_reached_or_not(self, population):
        tiers, _standings = self.rank(population, "score")
        for number, score, _revenue in population:
            reached = [
                tier
                for tier, threshold in zip(self.tiers, THRESHOLDS, strict=True)
                if score is not None and score >= threshold
            ]
            self.assertEqual(tiers[number], min(reached, default=self.tiers[-1]))

    @properties
    @given(populations, shares)
    def test_top_shares_are_filled_to_the_boundary_rounded_up(self, population, steps):
        tiers, _standings = self.rank(population, "top_share", steps)
        scored = [customer for customer in population if customer[1] is not None]
        for tier, share in enumerate(accumulate(steps), 1):
            boundary = -(-share * len(population) // 10000)
            within = [number for number, score, _ in scored if tiers[number] <= tier]
            self.assertEqual(len(within), min(boundary, len(scored)))
        best_first = sorted(scored, key=lambda row: (-row[1], -row[2], row[0]))
        in_order = [tiers[number] for number, *_rest in best_first]
        self.assertEqual(in_order, sorted(in_order), "better scores are never in a worse tier")
        for number, score, _revenue in population:
            if score is None:
                self.assertEqual(tiers[number], len(steps) + 1)

    @properties
    @given(populations, shares)
    def test_shares_of_the_revenue_go_by_what_the_better_ones_bought(self, population, steps):
        tiers, standings = self.rank(population, "value_share", steps)
        classes = {number: "abc".index(class_) for number, (_tier, class_) in standings.items()}
        self.check_by_revenue(population, tiers, list(accumulate(steps)), first=1)
        self.check_by_revenue(population, classes, [8000, 9500], first=0)

    def check_by_revenue(self, population, places, boundaries, first):
        total = Fraction(sum(revenue for *_rest, revenue in population if revenue > 0))
        before = Fraction(0)
        for number, _score, revenue in sorted(population, key=lambda row: (-row[2], row[0])):
            place = len(boundaries)
            if revenue > 0:
                place = sum(before >= Fraction(edge, 10000) * total for edge in boundaries)
                before += Fraction(revenue)
            self.assertEqual(places[number], first + place)


class TestMovementProperties(PopulationCase):
    """Whatever the scores do from day to day, upgrade is at once and downgrade is slow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_ids = [cls.make_customer(f"Customer {number}").id for number in range(4)]
        cls.tier_ids = cls.policy._get_tiers().ids
        cls.place_of = {tier_id: place for place, tier_id in enumerate(cls.tier_ids)}

    # Within each tier, below its threshold by little and by much, and not there at all.
    daily_scores = st.sampled_from([85, 80, 79, 77, 73, 71, 58, 40, 29, 10, None, "gone"])
    days = st.lists(
        st.tuples(st.integers(1, 3), st.lists(daily_scores, min_size=4, max_size=4)),
        min_size=3,
        max_size=6,
    )
    # Customer, tier, the run before which it is set, and days from then on.
    overrides = st.lists(
        st.tuples(
            st.integers(0, 3),
            st.none() | st.integers(0, 3),
            st.integers(0, 2),
            st.integers(0, 5),
        ),
        max_size=3,
        unique_by=lambda override: override[0],
    )
    movement_rules = st.builds(
        movement_rule,
        has_thresholds=st.sampled_from([True, True, False]),
        tolerance=st.sampled_from(["0.05", "0.1", "0", "1"]).map(Decimal),
        grace_days=st.sampled_from([3, 5, 1, 0]),
        one_step=st.booleans(),
    )

    def held(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, tier_id, candidate_tier_id, downgrade_on, tier_since, score"
                "  FROM customer_standing WHERE company_id = %s",
                self.company.id,
            )
        )
        return {
            partner_id: (self.place_of.get(tier), self.place_of.get(candidate), *rest)
            for partner_id, tier, candidate, *rest in rows
        }

    def run_on(self, day, population, rule):
        method = "score" if rule.has_thresholds else "top_share"
        tiers = tiers_of(self.tier_ids, (2000, 3000, 3000))
        rules = Rules((), method, tiers, rule, SEGMENTS, None)
        with self.compute(population, rules, day) as run:
            return write_standings(run, run.standings, self.company.id, day, rules, self.env.uid)

    def set_override(self, customer, place, last_day):
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_tier_override"
                " (partner_id, company_id, tier_id, reason, state, date_end)"
                " VALUES (%s, %s, %s, 'Contract', 'active', %s)",
                self.partner_ids[customer],
                self.company.id,
                None if place is None else self.tier_ids[place],
                last_day,
            )
        )

    @properties
    @given(days, overrides, movement_rules)
    def test_up_at_once_and_down_slowly(self, days, overrides, rule):
        for table in ("customer_standing", "customer_standing_change", "customer_tier_override"):
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE company_id = %s",
                    SQL.identifier(table),
                    self.company.id,
                )
            )
        day, active = AS_OF, {}
        for number, (gap, row) in enumerate(days):
            day += timedelta(days=gap)
            for customer, place, first_run, length in overrides:
                if first_run == number:
                    active[customer] = (place, day + timedelta(days=length))
                    self.set_override(customer, *active[customer])
            # Whoever is kept out is not computed.
            present = [
                customer
                for customer, score in enumerate(row)
                if score != "gone" and self.override_on(day, active.get(customer)) != (None,)
            ]
            # A population may be empty; nobody has the number 0.
            population = [(self.partner_ids[c], row[c], Decimal(c)) for c in present]
            before = self.held()
            outcome = self.run_on(day, [(0, None, Decimal(0)), *population], rule)
            after = self.held()
            self.assertEqual(outcome["customers"], self.count_placed(after))
            moved = Counter(
                partner_id
                for partner_id, standing in after.items()
                if partner_id in before and before[partner_id][0] != standing[0]
            )
            self.assertGreaterEqual(outcome["changes_written"], len(moved))
            for customer, partner_id in enumerate(self.partner_ids):
                override = self.override_on(day, active.get(customer))
                old = before.get(partner_id, (None,) * 5)
                if customer in present or override:
                    self.check_move(
                        day, old, after[partner_id], customer in present, override, rule
                    )
                elif partner_id in after:
                    self.assertEqual(after[partner_id][0::2], (None, None, None), "left")
        again = self.run_on(day, [(0, None, Decimal(0)), *population], rule)
        self.assertEqual((again["standings_written"], again["changes_written"]), (0, 0))
        self.assertEqual(self.held(), after)

    def override_on(self, day, override):
        """Return (place,) of an override in force on a day, else None."""
        return (override[0],) if override and day <= override[1] else None

    def count_placed(self, standings):
        return sum(tier is not None for tier, *_rest in standings.values())

    def check_move(self, day, old, new, is_present, override, rule):
        old_tier, _candidate, old_due, old_since, _score = old
        tier, candidate, due, since, score = new
        if override:
            self.assertEqual((tier, due), (*override, None))
            return
        self.assertEqual(since, day if tier != old_tier else old_since)
        if old_tier is None or candidate <= old_tier:
            self.assertEqual((tier, due), (candidate, None), "at once")
            return
        self.assertLessEqual(tier, candidate, "never below what is earned")
        begun = old_due or day + timedelta(days=rule.grace_days)
        tolerated = rule.has_thresholds and score is not None
        if tolerated:
            threshold = THRESHOLDS[old_tier]
            tolerated = score >= threshold * (1 - rule.tolerance)
        falls = begun <= day and not (tolerated and not old_due)
        if not falls:
            self.assertEqual(tier, old_tier, "never before the day")
            self.assertEqual(due, old_due if tolerated else begun)
            return
        self.assertEqual(tier, old_tier + 1 if rule.one_step else candidate)
        if due:
            self.assertGreater(due, day)
            self.assertLess(tier, candidate)


class TestAdviceProperties(PopulationCase):
    """Whoever buys what is told comes into the tier at the next run, and not by less."""

    criteria = st.lists(
        st.tuples(
            st.sampled_from(
                [
                    ("revenue", "percentile", {}),
                    ("revenue", "linear", {"cap": 600.0}),
                    ("order_count", "percentile", {}),
                    ("order_count", "bands", {"bands": ((1, 20), (3, 60), (6, 100))}),
                    ("average_order", "percentile", {}),
                    ("recency_days", "percentile", {"higher_is_better": False}),
                    ("recency_days", "linear", {"floor": 200.0}),
                    ("tenure_days", "percentile", {}),
                    ("active_months", "percentile", {}),
                    ("quote_acceptance", "percentile", {}),
                    ("growth", "percentile", {"missing": "zero"}),
                    ("return_rate", "percentile", {"higher_is_better": False}),
                ]
            ),
            st.integers(1, 3),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda criterion: criterion[0][0],
    )
    orders = st.lists(
        st.tuples(st.integers(0, 5), st.integers(1, 30000), st.integers(0, 800), st.booleans()),
        min_size=8,
        max_size=16,
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner_ids = [cls.make_customer(f"Customer {number}").id for number in range(6)]
        cls.tier_ids = cls.policy._get_tiers().ids
        order = cls.make_order(cls.make_customer("Template"), 0, "2026-01-01", confirm=False)
        order.env.flush_all()
        [(cls.template,)] = cls.env.execute_query(
            SQL("SELECT TO_JSONB(sale_order)::text FROM sale_order WHERE id = %s", order.id)
        )

    def order(self, customer, cents, days_ago, state="sale"):
        # A copy of a row, which has whatever other add-ons require.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sale_order
                SELECT (JSONB_POPULATE_RECORD(NULL::sale_order, %(template)s::jsonb ||
                           JSONB_BUILD_OBJECT('id', NEXTVAL('sale_order_id_seq'),
                               'partner_id', %(partner)s, 'state', %(state)s,
                               'date_order', %(day)s, 'amount_untaxed', %(amount)s::numeric))).*
                """,
                template=self.template,
                partner=self.partner_ids[customer],
                state=state,
                day=(AS_OF - timedelta(days=days_ago)).isoformat(),
                amount=Decimal(cents) / 100,
            )
        )

    def places(self, parts, apply=False):
        with Run(self.env.cr, *parts) as run:
            run.compute()
            found = self.env.execute_query(
                SQL("SELECT partner_id, candidate_tier_id, figures FROM %s", run.standings)
            )
            if apply:
                run.apply(None, self.env.uid)
        return {
            self.partner_ids.index(partner_id): (self.tier_ids.index(tier_id), figures)
            for partner_id, tier_id, figures in found
        }

    def make_run(self, criteria, method, months):
        rules = Rules(
            tuple(
                CriterionRule(
                    metric,
                    METRICS[metric].dimension,
                    weight,
                    scale,
                    zero_is_nothing=METRICS[metric].zero_is_nothing,
                    **vals,
                )
                for (metric, scale, vals), weight in criteria
            ),
            method,
            tiers_of(self.tier_ids, (2000, 3000, 3000)),
            movement_rule(),
            SEGMENTS,
            None,
        )
        scope = replace(self.policy._prepare_scope(AS_OF), window_months=months)
        facts = replace(
            self.policy._prepare_facts(AS_OF),
            metrics=tuple(METRICS[rule.metric] for rule in rules.criteria),
            margin=None,
        )
        return scope, rules, facts

    def test_what_is_told_earns_the_tier_and_nothing_less_does(self):
        self.advised = 0
        self.check_what_is_told()
        # Two to four customers of each example can rise.
        self.assertGreaterEqual(self.advised, 200)

    @settings(properties, max_examples=90)
    @given(criteria, orders, st.sampled_from(["score", "score", "value_share"]), st.integers(2, 12))
    def check_what_is_told(self, criteria, orders, method, months):
        cr = self.env.cr
        for table in ("customer_standing", "sale_order"):
            cr.execute(
                SQL("DELETE FROM %s WHERE company_id = %s", SQL.identifier(table), self.company.id)
            )
        for customer, cents, days_ago, is_lost in orders:
            self.order(customer, cents, days_ago, "cancel" if is_lost and days_ago else "sale")
        run = self.make_run(criteria, method, months)
        before = self.places(run, apply=True)
        for customer, (place, figures) in before.items():
            if not place:
                continue
            advice = Advice(cr, *run, self.partner_ids[customer], figures)
            way = advice.least_for(self.tier_ids[place - 1])
            if not way:
                continue
            self.advised += 1
            self.assertLess(self.place_with(run, customer, way.count, way.amount), place)
            if way.is_larger:
                less = 1, way.amount - 100
                self.assertGreater(self.place_with(run, customer, 1, way.ordinary), place - 1)
            else:
                less = way.count - 1, way.amount
            if less[0] and less[1] >= way.ordinary:
                self.assertEqual(self.place_with(run, customer, *less), place)

    def place_with(self, run, customer, count, cents):
        self.env.cr.execute("SAVEPOINT bought")
        for _number in range(count):
            self.order(customer, cents, 0)
        place, _figures = self.places(run)[customer]
        self.env.cr.execute("ROLLBACK TO SAVEPOINT bought")
        return place
