from random import Random

import ahpy

from odoo.tests import BaseCase

from ..tools.ahp import prioritize
from .common_matrices import all_pairs, draw_steps, make_matrix

MATRICES = 600


class TestBesideAhpy(BaseCase):
    def test_weights_and_consistency_are_those_of_ahpy(self):
        random = Random(1971)
        for number in range(MATRICES):
            size = 2 + number % 8
            matrix = make_matrix(size, draw_steps(random, size))
            rival = ahpy.Compare(
                "goal",
                {(i, j): matrix[i][j] for i, j in all_pairs(size)},
                precision=6,
                random_index="saaty",
            )
            found = prioritize(matrix, "eigenvector", "saaty2005")
            for place, weight in enumerate(found.weights):
                self.assertAlmostEqual(weight, rival.local_weights[place], delta=1e-6)
            self.assertAlmostEqual(found.cr, rival.consistency_ratio, delta=1e-6)
