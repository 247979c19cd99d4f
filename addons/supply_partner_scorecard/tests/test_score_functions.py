import random
from math import isclose

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.addons.supply_partner_scorecard.tools.score import (
    Criterion,
    Figure,
    action_of,
    band_of,
    band_points,
    effective_count,
    hold,
    linear_points,
    rate,
    round_half_up,
    smoothed,
    wilson,
)
from odoo.fields import Date
from odoo.tests import BaseCase, tagged

properties = settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
shares = st.floats(0, 1, allow_nan=False)
weights = st.floats(0.01, 1000)
criteria = st.lists(
    st.tuples(weights, st.booleans(), st.sampled_from(["ignore", "zero"]), st.integers(0, 9)),
    min_size=1,
    max_size=6,
).map(
    lambda rows: [
        Criterion(f"m{place}", weight, "linear", *((0.2, 0.9) if up else (0.9, 0.2)), (), missing,
                  least)
        for place, (weight, up, missing, least) in enumerate(rows)
    ]
)  # fmt: skip
figures = st.lists(st.tuples(st.none() | shares, st.integers(0, 40)), min_size=6, max_size=6).map(
    lambda rows: {
        f"m{place}": Figure(value, base, float(base) or None)
        for place, (value, base) in enumerate(rows)
    }
)
BANDS = [(0, "d"), (60, "c"), (75, "b"), (90, "a")]


@tagged("post_install", "-at_install")
class TestScoreFunctions(BaseCase):
    """How figures become points, points a score, and a score a band."""

    def test_by_hand(self):
        self.assertEqual(linear_points(0.75, 0.5, 1), 50)
        self.assertEqual(linear_points(0.02, 0.05, 0), 60)
        self.assertEqual(band_points(0.93, [(0.9, 60), (0.95, 100)]), 60)
        self.assertEqual(band_points(0.5, [(0.9, 60)]), 0)
        self.assertEqual(round_half_up(66.665), 66.67)
        self.assertEqual(effective_count([100]), 1)
        self.assertEqual(effective_count([1, 1, 1, 1]), 4)
        # 8 of 10 at z = 1.645: (0.8 + 0.1353 ± 1.645 × √(0.016 + 0.00677)) ÷ 1.2706.
        low, high = wilson(0.8, 10)
        self.assertTrue(isclose(low, 0.5408, abs_tol=5e-5), low)
        self.assertTrue(isclose(high, 0.9314, abs_tol=5e-5), high)
        self.assertEqual(smoothed(1, 1, 0.8, 10), (1 + 8) / 11)

    def test_a_bands_edge_is_in_one_band(self):
        for score, band in ((100, "a"), (90, "a"), (89.99, "b"), (75, "b"), (0, "d"), (None, None)):
            self.assertEqual(band_of(score, BANDS), band)

    def test_too_little_known_is_no_score(self):
        rules = [Criterion("a", 60, min_base=5), Criterion("b", 40, min_base=5)]
        nothing = rate({}, rules, 60)
        self.assertEqual((nothing.score, nothing.best), (None, None))
        known = rate({"a": Figure(1.0, 5, 5.0)}, rules, 60)
        self.assertEqual((known.score, known.rated), (100, 60))
        self.assertIsNone(rate({"a": Figure(1.0, 4, 4.0)}, rules, 60).score)
        self.assertIsNone(rate({"b": Figure(1.0, 5, 5.0)}, rules, 60).score)
        zero = [Criterion("a", 60), Criterion("b", 40, missing="zero")]
        self.assertEqual(rate({"a": Figure(1.0, 5, 5.0)}, zero, 60).score, 60)

    def test_a_worse_band_takes_two_months_and_a_better_one_none(self):
        order = {key: least for least, key in BANDS}
        day = Date.to_date
        self.assertEqual(hold(None, "c", None, day("2026-01-10"), 2, order), ("c", None))
        held = hold("a", "c", None, day("2026-01-10"), 2, order)
        self.assertEqual(held, ("a", day("2026-01-10")))
        self.assertEqual(hold("a", "c", held[1], day("2026-01-31"), 2, order), held)
        self.assertEqual(hold("a", "c", held[1], day("2026-02-01"), 2, order), ("c", None))
        self.assertEqual(hold("a", "a", held[1], day("2026-02-01"), 2, order), ("a", None))
        self.assertEqual(hold("c", "b", None, day("2026-01-10"), 2, order), ("b", None))
        self.assertEqual(hold("c", None, None, day("2026-01-10"), 2, order), (None, None))

    def test_what_is_sure_alone_blocks(self):
        self.assertEqual(action_of("block", 0, 0), "block")
        self.assertEqual(action_of("block", 0, 60), "warn")
        self.assertEqual(action_of("approve", 60, 75), "warn")
        self.assertEqual(action_of("block", 0, 60, is_override=True), "block")
        self.assertEqual(action_of("none", 0, 0), "none")

    @properties
    @given(criteria, figures, st.floats(0, 100))
    def test_a_score_lies_within_its_range_and_has_a_band(self, rules, found, least):
        result = rate(found, rules, least)
        if result.score is None:
            self.assertIsNone(band_of(result.score, BANDS))
            return
        self.assertTrue(0 <= result.score <= result.best <= 100)
        self.assertTrue(0 <= result.rank <= 100)
        self.assertEqual(
            sum(1 for low, high in ((0, 60), (60, 75), (75, 90), (90, 100.001))
                if low <= result.score < high), 1)  # fmt: skip

    @properties
    @given(criteria, figures, st.integers(0, 5), shares)
    def test_a_better_figure_never_gives_less(self, rules, found, place, other):
        rule = rules[place % len(rules)]
        name = rule.measure
        if found[name].value is None:
            return
        before = rate(found, rules, 0)
        changed = Figure(other, found[name].base, found[name].effective)
        after = rate({**found, name: changed}, rules, 0)
        if before.score is None:
            return
        is_better = (other >= found[name].value) == (rule.cap > rule.floor)
        if other == found[name].value:
            self.assertEqual(before.score, after.score)
        elif is_better:
            self.assertGreaterEqual(after.score, before.score)
        else:
            self.assertLessEqual(after.score, before.score)

    @properties
    @given(criteria, figures, st.randoms())
    def test_the_order_of_rows_does_not_matter(self, rules, found, chance):
        shuffled = list(rules)
        chance.shuffle(shuffled)
        pairs = list(found.items())
        random.Random(chance.random()).shuffle(pairs)
        first, second = rate(found, rules, 0), rate(dict(pairs), shuffled, 0)
        self.assertEqual(
            (first.score, first.best, first.rank, first.rated),
            (second.score, second.best, second.rank, second.rated),
        )

    @properties
    @given(shares, st.floats(0.1, 1e6))
    def test_an_interval_holds_its_rate(self, share, count):
        low, high = wilson(share, count)
        self.assertTrue(0 <= low <= share + 1e-9 and share - 1e-9 <= high <= 1)

    @properties
    @given(shares, st.floats(0.1, 1e4), shares)
    def test_few_events_are_drawn_towards_all_vendors(self, share, count, common):
        near = smoothed(share, count, common, 10)
        self.assertTrue(min(share, common) - 1e-9 <= near <= max(share, common) + 1e-9)
