from statistics import variance

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import (
    FEWEST_FORECASTS,
    METHODS,
    ORIGINS,
    REVIEWS,
    covering_quantity,
    find_champion,
    sum_losses,
)
from ..tools.forecast import demand_of_period
from ..tools.forecast_methods import (
    mean_of_latest,
    syntetos_boylan,
    teunter_syntetos_babai,
    weekly_rates,
)

# Enough for a change, and one origin less.
ENOUGH = ORIGINS + REVIEWS - 1
WEEKS = st.lists(st.integers(0, 40), min_size=1, max_size=60)
OTHERS = st.sampled_from([method for method in METHODS if method != "ses"])
LOSSES = st.floats(0.01, 1000)


def origin(champion, loss, **others):
    """Return what methods lost at an origin: as much as the champion where nothing is said."""
    return {**dict.fromkeys(METHODS, loss), champion: loss, **others}


def chosen(champion, losses, each=FEWEST_FORECASTS // ORIGINS):
    """Return who is the champion by so many forecasts at each origin."""
    return find_champion(champion, losses, [each] * len(losses))


@tagged("post_install", "-at_install")
class TestForecastMethods(BaseCase):
    """Each method by hand, and when one takes another's place."""

    def test_the_mean_of_a_quarter(self):
        self.assertEqual(mean_of_latest([]), 0)
        self.assertEqual(mean_of_latest([4, 8]), 6)
        self.assertEqual(mean_of_latest([1000] + [5] * 12 + [18]), 6)

    def test_syntetos_and_boylan_by_hand(self):
        self.assertEqual(syntetos_boylan([0, 0, 0]), 0)
        # Sizes 6 and 9, intervals 2 and 3: 0.95·(6 + 0.1·3)/(2 + 0.1·1).
        self.assertAlmostEqual(syntetos_boylan([0, 6, 0, 0, 9]), 0.95 * 6.3 / 2.1, 12)
        # Weeks without demand change nothing until something is wanted again.
        self.assertAlmostEqual(syntetos_boylan([0, 6, 0, 0, 9, 0, 0]), 0.95 * 6.3 / 2.1, 12)
        self.assertAlmostEqual(syntetos_boylan([5] * 20), 0.95 * 5, 12)

    def test_teunter_syntetos_and_babai_by_hand(self):
        self.assertEqual(teunter_syntetos_babai([0, 0, 0]), 0)
        # The chance: 0, 0.1, 0.09, 0.081, 0.1 + 0.9·0.081; the size: 6, then 6 + 0.1·3.
        self.assertAlmostEqual(teunter_syntetos_babai([0, 6, 0, 0, 9]), 0.1729 * 6.3, 12)
        # What is wanted no more dies, week by week.
        self.assertAlmostEqual(
            teunter_syntetos_babai([0, 6, 0, 0, 9, 0, 0]), 0.1729 * 0.81 * 6.3, 12
        )
        self.assertAlmostEqual(teunter_syntetos_babai([5] * 20), 5, 12)

    def test_what_came_back_is_no_demand(self):
        self.assertEqual(weekly_rates([-5] * 9), dict.fromkeys(METHODS, 0))

    @settings(deadline=None, max_examples=150)
    @given(WEEKS, st.integers(2, 9))
    def test_times_the_demand_is_times_the_rate(self, weeks, times):
        rates = weekly_rates([demand * times for demand in weeks])
        for method, rate in weekly_rates(weeks).items():
            self.assertAlmostEqual(rates[method], rate * times, 6, method)
            self.assertLessEqual(rate, max(weeks) + 1e-9, method)

    @settings(deadline=None, max_examples=150)
    @given(
        st.lists(st.integers(0, 40), min_size=8, max_size=52),
        st.tuples(st.floats(1, 60), st.floats(1, 60)),
        st.tuples(st.floats(0.5, 0.99), st.floats(0.5, 0.99)),
        st.integers(1, 9),
    )
    def test_whichever_method_the_minimum_never_falls(self, weeks, days, targets, times):
        spread = variance(weeks)

        def minimum(method, period, target, factor=1):
            rate = weekly_rates([week * factor for week in weeks])[method]
            found = demand_of_period(rate, spread * factor**2, period)
            return covering_quantity(*found, target)

        for method in METHODS:
            least = minimum(method, min(days), min(targets))
            self.assertLessEqual(least, minimum(method, max(days), min(targets)), method)
            self.assertLessEqual(least, minimum(method, min(days), max(targets)), method)
            # Beyond a rounded unit: see the usual method's.
            more = minimum(method, min(days), min(targets), times)
            self.assertLessEqual(least, more + 1, method)

    def test_a_challenger_that_is_11_percent_better_wins_at_the_third_review(self):
        losses = [origin("ses", 100, tsb=89)] * (ENOUGH - 1)
        self.assertEqual(chosen("ses", losses), "ses")
        self.assertEqual(chosen("ses", [*losses, losses[0]]), "tsb")
        # Two reviews running only: the first of the three looked at a bad origin, too.
        worse = [origin("ses", 100, tsb=140)]
        self.assertEqual(chosen("ses", worse + losses), "ses")
        self.assertEqual(chosen("ses", worse + losses + losses[:1]), "tsb")

    @settings(deadline=None, max_examples=150)
    @given(OTHERS, st.lists(LOSSES, min_size=ENOUGH, max_size=3 * ENOUGH), st.floats(0, 0.09))
    def test_a_challenger_that_is_9_percent_better_never_wins(self, method, losses, lower):
        origins = [origin("ses", loss, **{method: loss * (1 - lower)}) for loss in losses]
        self.assertEqual(chosen("ses", origins), "ses")

    @settings(deadline=None, max_examples=150)
    @given(OTHERS, st.lists(LOSSES, min_size=1, max_size=3 * ENOUGH), st.floats(0.11, 1))
    def test_one_that_is_11_percent_better_wins_with_the_third_review(self, method, losses, lower):
        origins = [origin("ses", loss, **{method: loss * (1 - lower)}) for loss in losses]
        expected = method if len(losses) >= ENOUGH else "ses"
        self.assertEqual(chosen("ses", origins), expected)

    @settings(deadline=None, max_examples=150)
    @given(st.sampled_from(METHODS), st.lists(LOSSES, max_size=3 * ENOUGH))
    def test_a_tie_keeps_the_champion(self, champion, losses):
        origins = [origin(champion, loss) for loss in losses]
        self.assertEqual(chosen(champion, origins), champion)

    def test_twelve_forecasts_of_one_product_decide_nothing(self):
        losses = [origin("ses", 100, tsb=10)] * ENOUGH
        self.assertEqual(chosen("ses", losses, each=1), "ses")
        self.assertEqual(chosen("ses", losses, each=9), "ses")
        self.assertEqual(chosen("ses", losses, each=10), "tsb")
        # What was forecast before the 12 weeks is not among them.
        self.assertEqual(find_champion("ses", losses, [900, 900] + [9] * ORIGINS), "ses")
        self.assertEqual(find_champion("ses", losses, [0, 0] + [9] * 11 + [21]), "tsb")

    def test_nothing_lost_is_not_less(self):
        self.assertEqual(chosen("ses", [origin("ses", 0)] * ENOUGH), "ses")

    @settings(deadline=None, max_examples=150)
    @given(
        st.sampled_from(METHODS),
        st.lists(
            st.fixed_dictionaries(dict.fromkeys(METHODS, LOSSES)),
            min_size=ENOUGH,
            max_size=2 * ENOUGH,
        ),
    )
    def test_who_has_won_is_not_replaced_by_the_same_figures(self, champion, losses):
        winner = chosen(champion, losses)
        if winner != champion:
            self.assertLess(sum_losses(losses)[winner], sum_losses(losses)[champion])
            self.assertNotEqual(chosen(winner, losses), champion)

    def test_of_several_the_best_wins(self):
        losses = [origin("ses", 100, mean=85, sba=80, tsb=80, fast=89)] * ENOUGH
        self.assertEqual(chosen("ses", losses), "sba")

    def test_only_the_latest_origins_count(self):
        old = [origin("ses", 1, tsb=500)] * 40
        self.assertEqual(chosen("ses", old + [origin("ses", 9, tsb=7)] * ENOUGH), "tsb")
