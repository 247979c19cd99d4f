from ..tools.ahp import MOST_STEPS, make_matrix
from ..tools.coach import all_pairs


def draw_steps(random, size):
    """Return a judgement of every pair, drawn from the whole scale."""
    return {pair: random.randint(-MOST_STEPS, MOST_STEPS) for pair in all_pairs(size)}


def consistent_matrix(weights):
    """Return the matrix of judges who contradict themselves nowhere."""
    return [[one / other for other in weights] for one in weights]


def permuted(matrix, order):
    """Return the matrix of the same elements in another order."""
    return [[matrix[i][j] for j in order] for i in order]


def with_copy(matrix, element):
    """Return the matrix with a copy of an element as the last one."""
    order = [*range(len(matrix)), element]
    return permuted(matrix, order)


__all__ = ["all_pairs", "consistent_matrix", "draw_steps", "make_matrix", "permuted", "with_copy"]
