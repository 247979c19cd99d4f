import math
from random import Random

from odoo.tests import BaseCase

from ..tools import ahp
from .common_matrices import (
    consistent_matrix,
    draw_steps,
    make_matrix,
    permuted,
    with_copy,
)


def weigh(matrix, method="sum_product", table="saaty1980"):
    return ahp.prioritize(matrix, method, table)


class TestScale(BaseCase):
    def test_each_step_is_a_ratio_and_its_opposite_the_reciprocal(self):
        self.assertEqual([ahp.ratio_of(step) for step in (-8, -1, 0, 2, 8)], [1 / 9, 0.5, 1, 3, 9])
        for step in range(-8, 9):
            self.assertAlmostEqual(ahp.ratio_of(step) * ahp.ratio_of(-step), 1, places=15)

    def test_a_judgement_fills_both_sides_of_the_matrix(self):
        self.assertEqual(
            make_matrix(3, {(0, 1): 4, (2, 1): 1}),
            [[1, 5, None], [1 / 5, 1, 1 / 2], [None, 2, 1]],
        )


class TestWeights(BaseCase):
    def test_a_matrix_by_hand(self):
        # Columns 1 + 1/3 + 1/5 and so on: each is divided by its sum, then the rows are averaged.
        matrix = make_matrix(3, {(0, 1): 2, (0, 2): 4, (1, 2): 2})
        found = weigh(matrix)
        sums = (1 + 1 / 3 + 1 / 5, 3 + 1 + 1 / 3, 5 + 3 + 1)
        expected = [sum(value / total for value, total in zip(row, sums, strict=True)) / 3
                    for row in matrix]  # fmt: skip
        for weight, by_hand in zip(found.weights, expected, strict=True):
            self.assertAlmostEqual(weight, by_hand, places=12)
        self.assertEqual([round(weight, 3) for weight in found.weights], [0.633, 0.26, 0.106])
        self.assertAlmostEqual(found.lambda_max, 3.0387, places=3)
        self.assertAlmostEqual(found.ci, (found.lambda_max - 3) / 2, places=12)
        self.assertAlmostEqual(found.cr, found.ci / 0.58, places=12)

    def test_a_consistent_matrix_has_its_own_weights_and_no_inconsistency(self):
        random = Random(3)
        for size in range(1, 10):
            weights = [random.uniform(0.05, 1) for _element in range(size)]
            matrix = consistent_matrix(weights)
            for method in ahp.METHODS:
                found = weigh(matrix, method)
                self.assertEqual(found.cr, 0, (size, method))
                for weight, own in zip(found.weights, weights, strict=True):
                    self.assertAlmostEqual(weight, own / sum(weights), places=12)

    def test_other_order_of_the_criteria_gives_the_same_weights_in_that_order(self):
        random = Random(4)
        for number in range(90):
            size = 2 + number % 8
            matrix = make_matrix(size, draw_steps(random, size))
            order = random.sample(range(size), size)
            for method in ahp.METHODS:
                found, other = weigh(matrix, method), weigh(permuted(matrix, order), method)
                for place, element in enumerate(order):
                    self.assertAlmostEqual(other.weights[place], found.weights[element], places=10)
                self.assertAlmostEqual(other.cr, found.cr, places=9)

    def test_the_table_of_random_indices_decides_the_ratio(self):
        for size in range(3, 16):
            for table, values in ahp.RANDOM_INDEX.items():
                index, ratio = ahp.consistency_ratio(size + 1, size, table)
                self.assertAlmostEqual(index, 1 / (size - 1))
                self.assertAlmostEqual(ratio, index / values[size - 3])
        self.assertEqual(ahp.consistency_ratio(2.5, 2, "saaty1980"), (0, 0))

    def test_the_eigenvector_is_one_however_contradictory(self):
        random = Random(5)
        for number in range(60):
            matrix = make_matrix(3 + number % 7, draw_steps(random, 3 + number % 7))
            found = weigh(matrix, "eigenvector")
            for row, weight in zip(matrix, found.weights, strict=True):
                product = sum(a * b for a, b in zip(row, found.weights, strict=True))
                self.assertAlmostEqual(product, found.lambda_max * weight, places=9)

    def test_circles_are_named(self):
        matrix = make_matrix(4, {(0, 1): 2, (1, 2): 3, (0, 2): -1, (0, 3): 1, (1, 3): 1, (2, 3): 1})
        self.assertEqual(ahp.find_circles(matrix), [(0, 1, 2)])
        self.assertEqual(ahp.find_circles(make_matrix(3, {(0, 1): 2, (1, 2): 3})), [])


class TestIncomplete(BaseCase):
    def test_where_all_is_judged_it_is_the_geometric_mean(self):
        random = Random(6)
        for size in range(2, 10):
            matrix = make_matrix(size, draw_steps(random, size))
            for one, other in zip(ahp.least_squares(matrix), ahp.geometric(matrix), strict=True):
                self.assertAlmostEqual(one, other, places=12)

    def test_a_chain_of_judgements_is_enough_and_tells_no_inconsistency(self):
        found = weigh(make_matrix(4, {(0, 1): 1, (1, 2): 1, (2, 3): 1}))
        for weight, expected in zip(found.weights, (8, 4, 2, 1), strict=True):
            self.assertAlmostEqual(weight, expected / 15, places=12)
        self.assertIsNone(found.cr)

    def test_two_islands_tell_nothing(self):
        self.assertIsNone(weigh(make_matrix(4, {(0, 1): 3, (2, 3): 3})))
        self.assertIsNone(weigh(make_matrix(2, {})))


class TestGroup(BaseCase):
    def test_opposite_judges_meet_in_the_middle_and_the_heavier_one_pulls(self):
        one, other = make_matrix(2, {(0, 1): 8}), make_matrix(2, {(0, 1): -8})
        self.assertAlmostEqual(ahp.combine([one, other], [1, 1])[0][1], 1)
        self.assertAlmostEqual(ahp.combine([one, other], [3, 1])[0][1], 3)
        self.assertEqual(ahp.widest_disagreement([one, other]), (0, 1, 81))
        self.assertIsNone(ahp.widest_disagreement([one, one]))

    def test_a_pair_is_that_of_those_who_judged_it(self):
        one, other = make_matrix(3, {(0, 1): 2}), make_matrix(3, {(0, 1): 2, (1, 2): 3})
        group = ahp.combine([one, other], [1, 1])
        self.assertAlmostEqual(group[0][1], 3)
        self.assertAlmostEqual(group[2][1], 1 / 4)
        self.assertIsNone(group[0][2])

    def test_a_group_contradicts_itself_no_more_than_its_worst_judge(self):
        random = Random(7)
        for number in range(100):
            size = 3 + number % 7
            judges = [make_matrix(size, draw_steps(random, size)) for _judge in range(3)]
            worst = max(weigh(matrix, "eigenvector").cr for matrix in judges)
            group = ahp.combine(judges, [1, 2, 3])
            self.assertLessEqual(weigh(group, "eigenvector").cr, worst + 1e-9)


class TestRatingByPairs(BaseCase):
    def test_the_best_has_one_and_a_copy_changes_nothing(self):
        random = Random(8)
        for number in range(120):
            size = 2 + number % 7
            matrix = make_matrix(size, draw_steps(random, size))
            element = random.randrange(size)
            for method in ahp.METHODS:
                ratings = ahp.rate_by_pairs(matrix, method, "saaty1980")
                self.assertEqual(max(ratings), 1)
                copied = ahp.rate_by_pairs(with_copy(matrix, element), method, "saaty1980")
                for one, other in zip(copied, [*ratings, ratings[element]], strict=True):
                    self.assertTrue(math.isclose(one, other, rel_tol=1e-9))

    def test_nothing_is_rated_before_the_judgements_connect_all(self):
        self.assertIsNone(
            ahp.rate_by_pairs(make_matrix(3, {(0, 1): 3}), "sum_product", "saaty1980")
        )
