from random import Random

from odoo.tests import BaseCase

from ..tools import rating


class TestScores(BaseCase):
    def test_figures_lie_between_the_worst_and_the_best(self):
        self.assertEqual(rating.points_of(90, 70, 90), 1)
        self.assertEqual(rating.points_of(75, 70, 90), 0.25)
        self.assertEqual(rating.points_of(50, 70, 90), 0)
        # Less is better.
        self.assertEqual(rating.points_of(10, 20, 5), 10 / 15)

    def test_equal_scores_share_a_place(self):
        self.assertEqual(rating.places_of([0.5, 0.8, 0.5, 0.1]), [2, 1, 2, 4])

    def test_a_copy_of_a_vendor_changes_no_score(self):
        weights = {1: 0.6, 2: 0.4}
        ratings = [{1: 1, 2: 0.2}, {1: 0.5, 2: 0.9}]
        scores = rating.scores_of(weights, ratings)
        self.assertEqual(rating.scores_of(weights, [*ratings, ratings[1]]), [*scores, scores[1]])

    def test_what_is_not_rated_counts_nothing(self):
        self.assertEqual(rating.scores_of({1: 0.6, 2: 0.4}, [{1: 1}]), [0.6])


class TestFlips(BaseCase):
    def test_the_weight_from_which_on_the_other_leads(self):
        weights = {1: 0.5, 2: 0.5}
        ratings = [{1: 1, 2: 0.4}, {1: 0.6, 2: 0.7}]
        flips = rating.find_flips(weights, ratings)
        self.assertEqual([(flip.criterion, flip.challenger) for flip in flips], [(1, 1), (2, 1)])
        self.assertAlmostEqual(flips[0].weight, 3 / 7)
        self.assertAlmostEqual(flips[1].weight, 4 / 7)

    def test_both_sides_of_each_flip(self):
        random = Random(21)
        found = 0
        for number in range(200):
            keys = range(2 + number % 4)
            weights = dict(enumerate(_shares(random, len(keys))))
            ratings = [{key: random.random() for key in keys} for _vendor in range(4)]
            first = _leader(weights, ratings)
            for flip in rating.find_flips(weights, ratings):
                found += 1
                toward = 1 if flip.weight > weights[flip.criterion] else -1
                before, after = (
                    _pair(_moved(weights, flip.criterion, flip.weight + toward * step),
                          ratings, first, flip.challenger)
                    for step in (-1e-6, 1e-6)
                )  # fmt: skip
                self.assertGreater(before, 0)
                self.assertLess(after, 0)
        self.assertGreater(found, 100)

    def test_who_is_better_in_all_is_never_passed(self):
        self.assertEqual(
            rating.find_flips({1: 0.5, 2: 0.5}, [{1: 1, 2: 0.9}, {1: 0.8, 2: 0.9}]), []
        )

    def test_the_only_criterion_has_no_other_weight(self):
        self.assertEqual(rating.find_flips({1: 1.0}, [{1: 1}, {1: 0.5}]), [])


def _shares(random, count):
    values = [random.uniform(0.1, 1) for _each in range(count)]
    return [value / sum(values) for value in values]


def _leader(weights, ratings):
    scores = rating.scores_of(weights, ratings)
    return scores.index(max(scores))


def _moved(weights, key, weight):
    scale = (1 - weight) / (1 - weights[key])
    return {other: weight if other == key else scale * held for other, held in weights.items()}


def _pair(weights, ratings, one, other):
    scores = rating.scores_of(weights, ratings)
    return scores[one] - scores[other]
