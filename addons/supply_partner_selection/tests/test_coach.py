from itertools import combinations, product
from random import Random

from odoo.tests import BaseCase

from ..tools.ahp import METHODS, make_matrix, prioritize
from ..tools.coach import Coach, all_pairs
from .common_matrices import draw_steps

TABLE = "saaty1980"
SCALE = range(-8, 9)


def ratio(size, steps, method="sum_product"):
    return prioritize(make_matrix(size, steps), method, TABLE).cr


class TestCoach(BaseCase):
    def test_the_one_slip_in_a_consistent_matrix_is_named(self):
        # 4 : 2 : 1, but the first and the last the wrong way round.
        steps = {(0, 1): 1, (1, 2): 1, (0, 2): -3}
        self.assertGreater(ratio(3, steps), 0.1)
        best = Coach(3, steps, "sum_product", TABLE).advise()[0]
        self.assertEqual((best.changes, best.cr, best.distance), ({(0, 2): 3}, 0, 6))
        self.assertGreater(best.weights[0], best.weights[2])

    def test_one_judgement_beside_brute_force(self):
        random = Random(11)
        for number in range(60):
            size = 3 + number % 4
            steps = draw_steps(random, size)
            method = list(METHODS)[number % 3]
            coach = Coach(size, steps, method, TABLE, most=1e9)
            expected = min(
                (round(ratio(size, {**steps, pair: step}, method), 9), abs(step - steps[pair]))
                for pair, step in product(steps, SCALE)
                if step != steps[pair]
            )
            best = coach.advise()[0]
            self.assertEqual((best.cr, best.distance), expected)

    def test_two_judgements_beside_brute_force(self):
        random = Random(12)
        for number in range(6):
            size = (4, 5, 6)[number % 3]
            steps = draw_steps(random, size)
            of_one = Coach(size, steps, "sum_product", TABLE, most=9).advise()[0]
            best = Coach(size, steps, "sum_product", TABLE, most=of_one.cr - 1e-6).advise()[0]
            self.assertEqual(len(best.changes), 2)
            expected = min(
                round(ratio(size, {**steps, one: step, other: another}), 9)
                for one, other in combinations(all_pairs(size), 2)
                for step, another in product(SCALE, SCALE)
            )
            self.assertEqual(best.cr, expected)

    def test_the_least_change_that_is_enough(self):
        steps = {(0, 1): 1, (1, 2): 1, (0, 2): -3}
        coach = Coach(3, steps, "sum_product", TABLE)
        best = coach.advise()[0]
        least = coach.nearest(best)
        [step] = least.changes.values()
        self.assertTrue(-3 < step < 3)
        self.assertTrue(coach.mends(least))
        self.assertFalse(ratio(3, {**steps, (0, 2): step - 1}) <= 0.1)

    def test_ties_go_to_the_fewest_steps(self):
        steps = dict.fromkeys(all_pairs(4), 0)
        advice = Coach(4, steps, "geometric", TABLE).advise()
        self.assertEqual({each.distance for each in advice}, {1})

    def test_beyond_six_elements_an_advice_of_two_is_found_as_well(self):
        weights = [1, 2, 3, 4, 5, 6, 8]
        steps = {
            (i, j): max(-8, min(8, round(weights[i] / weights[j]) - 1))
            if weights[i] >= weights[j]
            else -max(0, min(8, round(weights[j] / weights[i]) - 1))
            for i, j in all_pairs(7)
        }
        for pair in ((0, 6), (1, 5)):
            steps[pair] = 8
        coach = Coach(7, steps, "sum_product", TABLE)
        best = coach.advise()[0]
        self.assertTrue(coach.mends(best))
        self.assertEqual(set(best.changes), {(0, 6), (1, 5)})
