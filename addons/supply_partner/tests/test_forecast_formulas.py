from statistics import variance

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.count_quantiles import beta_share, covering_quantities, covering_quantity
from ..tools.forecast import (
    classify,
    counted_demand,
    demand_of_period,
    find_flag,
    forecast,
    season_indices,
    smooth,
)

# Mean, variance, target, and the quantile by scipy 1.17.1: nbinom.ppf(target, m²/(v−m), m/v),
# and poisson.ppf(target, m) where the variance is no more than the mean.
QUANTILES = (
    (0.4, 0.9, 0.9, 1),
    (0.4, 0.9, 0.98, 3),
    (3, 3, 0.95, 6),
    (3, 2, 0.95, 6),
    (5, 40, 0.95, 18),
    (12.5, 30, 0.95, 22),
    (12.5, 30, 0.99, 28),
    (80, 400, 0.95, 115),
    (80, 6000, 0.98, 304),
    (250, 900, 0.95, 301),
    (500, 500, 0.98, 546),
    (0.05, 4, 0.95, 0),
    (0.05, 4, 0.99, 0),
    (900, 250000, 0.95, 1848),
)
# Where the first probability is below e⁻⁶⁰⁰, likewise.
EXPANDED = ((5000, 8000, 0.95, 5148), (20000, 20000, 0.98, 20291), (3000, 5000, 0.99, 3166))

MEANS = st.floats(0.01, 400)
SPREADS = st.floats(0.5, 40)
TARGETS = st.floats(0.5, 0.999)


@tagged("post_install", "-at_install")
class TestForecastFormulas(BaseCase):
    """Each formula of the forecast, by hand and against other people's figures."""

    def test_a_week_counts_as_if_there_had_been_stock_all_week(self):
        # 6 on three days is 14 a week; one day with stock says nothing.
        self.assertEqual(counted_demand([(7, 7), (6, 3), (5, 1), (0, 7), (4, 2)]), [7, 14, 0, 14])

    def test_smoothing_by_hand(self):
        self.assertEqual(smooth([]), 0)
        self.assertEqual(smooth([8]), 8)
        # The first week stands for all before it: 10·0.9² + 20·0.1·0.9 + 30·0.1.
        self.assertAlmostEqual(smooth([10, 20, 30]), 8.1 + 1.8 + 3, 12)

    def test_smoothing_is_the_same_week_by_week(self):
        weeks = [5, 0, 12, 3, 3, 40, 0, 0, 7]
        level = weeks[0]
        for week in weeks[1:]:
            level += 0.1 * (week - level)
        self.assertAlmostEqual(smooth(weeks), level, 12)

    def test_the_period_by_hand(self):
        # 14 a week, of variance 21, for 10 days, delivered within 2 days more or less.
        mean, spread = demand_of_period(14, 21, 10, 2)
        self.assertEqual(mean, 20)
        self.assertAlmostEqual(spread, 21 * 10 / 7 + (14 / 7 * 2) ** 2, 12)

    def test_classes(self):
        self.assertEqual(classify([5] * 7), "new")
        self.assertEqual(classify([5] * 8), "smooth")
        self.assertEqual(classify([1, 20] * 4), "erratic")
        self.assertEqual(classify([5, 0] * 4), "intermittent")
        self.assertEqual(classify([1, 0, 0, 30, 0, 0, 1, 0, 0]), "lumpy")
        self.assertEqual(classify([0] * 8), "intermittent")
        # 4 weeks in 3 with demand are 1.33 apart: at 1.32 demand is intermittent.
        self.assertEqual(classify([5, 5, 5, 0] * 3), "intermittent")
        self.assertEqual(classify([5, 5, 5, 5, 0] * 3), "smooth")

    def test_what_one_should_know_of_the_weeks(self):
        self.assertEqual(find_flag([5]), "one_week")
        self.assertEqual(find_flag([5] * 7), "few_weeks")
        self.assertEqual(find_flag([0] * 20), "no_demand")
        self.assertEqual(find_flag([2] * 19 + [500]), "giant")
        self.assertIsNone(find_flag([2] * 20))

    def test_odd_histories_give_sensible_figures(self):
        nothing = forecast([(0, 7)] * 52)
        self.assertEqual((nothing.rate, nothing.variance), (0, 0))
        self.assertEqual(covering_quantity(*demand_of_period(0, 0, 10), 0.95), 0)
        single = forecast([(9, 7)])
        self.assertEqual((single.rate, single.variance, single.demand_class), (9, 0, "new"))
        giant = forecast([(2, 7)] * 40 + [(1000, 7)] + [(2, 7)] * 11)
        self.assertEqual(giant.flag, "giant")
        # The order of half a year ago wears off; the safety it leaves is below itself.
        self.assertLess(giant.rate, 40)
        period = demand_of_period(giant.rate, giant.variance, 10)
        self.assertLess(covering_quantity(*period, 0.95), 1000)
        # More came back than left.
        self.assertEqual(forecast([(-5, 7)] * 20).rate, 0)

    def test_the_variance_is_that_of_a_sample(self):
        weeks = [3, 9, 0, 4, 4, 12, 1, 0, 6]
        self.assertAlmostEqual(
            forecast([(week, 7) for week in weeks]).variance, variance(weeks), 12
        )

    def test_quantiles_are_those_of_scipy(self):
        for mean, spread, target, quantile in QUANTILES:
            with self.subTest(mean=mean, variance=spread, target=target):
                self.assertEqual(covering_quantity(mean, spread, target), quantile)

    def test_large_quantiles_are_expanded(self):
        for mean, spread, target, quantile in EXPANDED:
            self.assertAlmostEqual(covering_quantity(mean, spread, target), quantile, delta=2)

    def test_many_quantiles_at_once_are_those_of_each(self):
        targets = [number / 100 for number in range(0, 100, 7)] + [0.999]
        # Nothing, Poisson, negative binomial, expanded, and one that is searched for.
        for mean, spread in ((0, 1), (3, 2), (12, 40), (5000, 9000), (1e5, 1e12)):
            with self.subTest(mean=mean, spread=spread):
                self.assertEqual(
                    covering_quantities(mean, spread, targets),
                    [covering_quantity(mean, spread, target) for target in targets],
                )

    def test_no_mean_needs_nothing(self):
        for mean in (0, -3):
            self.assertEqual(covering_quantity(mean, 5, 0.98), 0)
        with self.assertRaises(ValueError):
            covering_quantity(float("nan"), 5, 0.98)
        with self.assertRaises(ValueError):
            covering_quantity(5, float("inf"), 0.98)
        with self.assertRaises(ValueError):
            covering_quantity(5, 9, 1)

    def test_a_giant_variance_is_found_at_once(self):
        # Adding up would take a million steps.
        self.assertEqual(covering_quantity(1e5, 1e12, 0.95), 33626)

    def test_the_distribution_function_ends_at_its_ends(self):
        self.assertEqual((beta_share(2, 3, 0), beta_share(2, 3, 1)), (0, 1))
        # P(X ≤ 2) of Poisson's limit and of a coin: 1 − 0.5³ − … by hand.
        self.assertAlmostEqual(beta_share(1, 3, 0.5), 1 - 0.5**3, 12)

    def test_a_season_by_hand(self):
        rows = [("tea", month, demand) for month, demand in ((1, 30), (1, 30), (7, 10), (7, 10))]
        self.assertEqual(season_indices(rows), {1: 1.5, 7: 0.5})
        # Of a second product only the summer counts; its own mean is held against it.
        rows += [("ice", 7, 8)]
        self.assertEqual(season_indices(rows)[1], 1.5)
        self.assertAlmostEqual(season_indices(rows)[7], 28 / 48, 12)
        self.assertEqual(season_indices([("tea", 1, 100), ("tea", 2, 0)])[2], 0.2)

    @settings(deadline=None, max_examples=200)
    @given(MEANS, SPREADS, TARGETS, TARGETS)
    def test_a_higher_target_never_needs_less(self, mean, spread, one, other):
        low, high = sorted((one, other))
        self.assertLessEqual(
            covering_quantity(mean, mean * spread, low),
            covering_quantity(mean, mean * spread, high),
        )

    @settings(deadline=None, max_examples=200)
    @given(st.floats(0.1, 60), SPREADS, st.floats(1, 60), st.floats(1, 60), TARGETS)
    def test_a_longer_lead_time_never_needs_less(self, rate, spread, one, other, target):
        quantities = [
            covering_quantity(*demand_of_period(rate, rate * spread, days), target)
            for days in sorted((one, other))
        ]
        self.assertLessEqual(*quantities)

    @settings(deadline=None, max_examples=200)
    @given(
        st.lists(st.integers(0, 50), min_size=8, max_size=52),
        st.integers(1, 20),
        st.floats(0.5, 0.99),
    )
    def test_more_of_the_same_demand_never_needs_less(self, weeks, times, target):
        def minimum(factor):
            found = forecast([(week * factor, 7) for week in weeks])
            return covering_quantity(*demand_of_period(found.rate, found.variance, 10), target)

        # Beyond a rounded unit: a multiple of single units is not the distribution of single units.
        self.assertLessEqual(minimum(1), minimum(times) + 1)
