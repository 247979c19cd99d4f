"""The analytic hierarchy process: weights and consistency of pairwise judgements.

A matrix is a list of rows. ``matrix[i][j]`` says how many times as important element i is as j, and
is None where nobody judged the pair. See T. L. Saaty, *The Analytic Hierarchy Process* (1980), and
for incomplete matrices M. Kwiesielewicz, "The logarithmic least squares and the generalized
pseudoinverse in estimating ratios" (1996).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import mul

Matrix = list[list[float | None]]

# The scale has a step for each of 1/9 … 1/2, 1, 2 … 9.
MOST_STEPS = 8
# So many elements are compared with each other at most.
MOST_ELEMENTS = 9
# Up to this consistency ratio judgements are consistent enough.
MOST_INCONSISTENT = 0.10
SMALLEST_INDEXED = 3
# The consistency index of random matrices of 3 to 15 elements, by the name of the table.
RANDOM_INDEX = {
    "saaty1980": (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
    "saaty2005": (0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
}
_MOST_ROUNDS = 100
_PRECISION = 1e-12


@dataclass(frozen=True)
class Priorities:
    """What a matrix says.

    :ivar weights: of the elements; together 1
    :ivar lambda_max: the greatest eigenvalue, or what the method puts in its place; None, as the
        other two, where judgements are missing
    :ivar ci: consistency index
    :ivar cr: consistency ratio
    """

    weights: tuple[float, ...]
    lambda_max: float | None = None
    ci: float | None = None
    cr: float | None = None


def ratio_of(step: int) -> float:
    """Return what a step of the scale, −8 to 8, means: 1/9 to 9."""
    return step + 1.0 if step >= 0 else 1 / (1 - step)


def make_matrix(size: int, steps: dict[tuple[int, int], int]) -> Matrix:
    """Return the reciprocal matrix of judged pairs of elements, given as steps of the scale."""
    matrix: Matrix = [[1.0 if i == j else None for j in range(size)] for i in range(size)]
    for (i, j), step in steps.items():
        matrix[i][j], matrix[j][i] = ratio_of(step), ratio_of(-step)
    return matrix


def is_complete(matrix: Matrix) -> bool:
    """Return whether every pair is judged."""
    return all(value is not None for row in matrix for value in row)


def is_connected(matrix: Matrix) -> bool:
    """Return whether the judged pairs lead from each element to all others."""
    reached, ahead = {0}, [0]
    while ahead:
        row = matrix[ahead.pop()]
        new = {j for j, value in enumerate(row) if value is not None} - reached
        reached |= new
        ahead += new
    return len(reached) == len(matrix)


def sum_product(matrix: Matrix) -> list[float]:
    """Return weights as the means of the rows, once each column is divided by its sum (和积法)."""
    size = len(matrix)
    sums = [sum(column) for column in zip(*matrix, strict=True)]
    return [
        sum(value / total for value, total in zip(row, sums, strict=True)) / size for row in matrix
    ]


def eigenvector(matrix: Matrix) -> list[float]:
    """Return the eigenvector of the greatest eigenvalue.

    By inverse iteration with bounds of the eigenvalue as the shift, which approaches it from above
    from any positive vector (T. Noda, 1971).
    """
    size = len(matrix)
    weights = sum_product(matrix)
    for _round in range(_MOST_ROUNDS):
        quotients = [
            value / weight for value, weight in zip(_times(matrix, weights), weights, strict=True)
        ]
        low, high = min(quotients), max(quotients)
        if high - low <= _PRECISION * high:
            break
        # A little more, or there would be nothing to divide by at the end.
        shift = high * (1 + _PRECISION)
        rows = [[-value for value in row] for row in matrix]
        for i in range(size):
            rows[i][i] += shift
            rows[i].append(weights[i])
        weights = _normalized(_solve(rows))
    return weights


def geometric(matrix: Matrix) -> list[float]:
    """Return weights as the geometric means of the rows."""
    means = [math.exp(sum(map(math.log, row)) / len(row)) for row in matrix]
    return _normalized(means)


def least_squares(matrix: Matrix) -> list[float] | None:
    """Return the weights whose ratios are logarithmically nearest to the pairs that are judged.

    They are those of :func:`geometric` where all are, and None where the pairs do not connect all.
    """
    if not is_connected(matrix):
        return None
    size = len(matrix)
    rows = []
    for i, row in enumerate(matrix):
        judged = [j for j, value in enumerate(row) if j != i and value is not None]
        equation = [0.0] * (size + 1)
        equation[i] = len(judged)
        for j in judged:
            equation[j] -= 1
            equation[size] += math.log(row[j])
        rows.append(equation)
    # Ratios leave one weight free.
    rows[0] = [1.0] + [0.0] * size
    return _normalized([math.exp(value) for value in _solve(rows)])


METHODS: dict[str, Callable[[Matrix], list[float]]] = {
    "sum_product": sum_product,
    "eigenvector": eigenvector,
    "geometric": geometric,
}


def lambda_of(matrix: Matrix, weights: Sequence[float]) -> float:
    """Return the mean of what each row of the matrix makes of the weights, by the weight."""
    product = _times(matrix, weights)
    return sum(value / weight for value, weight in zip(product, weights, strict=True)) / len(matrix)


def consistency_ratio(lambda_max: float, size: int, table: str) -> tuple[float, float]:
    """Return the consistency index and ratio; both are 0 below three elements.

    :param table: name of the table of random indices
    """
    if size < SMALLEST_INDEXED:
        return 0.0, 0.0
    index = (lambda_max - size) / (size - 1)
    # A consistent matrix is not to be called inconsistent for its last digit.
    index = 0.0 if abs(index) < _PRECISION * size else index
    return index, index / RANDOM_INDEX[table][size - SMALLEST_INDEXED]


def prioritize(matrix: Matrix, method: str, table: str) -> Priorities | None:
    """Return what a matrix says by a method, or None where it says nothing of some elements.

    Of an incomplete one the weights are those of :func:`least_squares`, by whichever method.
    """
    if not is_complete(matrix):
        weights = least_squares(matrix)
        return weights and Priorities(tuple(weights))
    weights = METHODS[method](matrix)
    lambda_max = lambda_of(matrix, weights)
    ci, cr = consistency_ratio(lambda_max, len(matrix), table)
    return Priorities(tuple(weights), lambda_max, ci, cr)


def combine(matrices: Sequence[Matrix], shares: Sequence[float]) -> Matrix:
    """Return the judgement of a group: the weighted geometric mean of its judges' matrices.

    A pair is that of the judges who judged it.

    :param shares: how much each judge counts
    """
    size = len(matrices[0])
    group: Matrix = make_matrix(size, {})
    for i, j in combinations(range(size), 2):
        judged = [
            (math.log(matrix[i][j]), share)
            for matrix, share in zip(matrices, shares, strict=True)
            if matrix[i][j] is not None and share > 0
        ]
        if judged:
            total = sum(share for _log, share in judged)
            ratio = math.exp(sum(log * share for log, share in judged) / total)
            group[i][j], group[j][i] = ratio, 1 / ratio
    return group


def widest_disagreement(matrices: Sequence[Matrix]) -> tuple[int, int, float] | None:
    """Return the pair on which judges differ most, and by which factor; None where they agree."""
    worst = None
    for i, j in combinations(range(len(matrices[0]) if matrices else 0), 2):
        ratios = [matrix[i][j] for matrix in matrices if matrix[i][j] is not None]
        factor = max(ratios) / min(ratios) if ratios else 1
        if factor > (worst[2] if worst else 1 + _PRECISION):
            worst = i, j, factor
    return worst


def find_circles(matrix: Matrix) -> list[tuple[int, int, int]]:
    """Return triples of which the first is judged above the second, that above the third, and the
    third above the first."""

    def is_above(i, j):
        value = matrix[i][j]
        return value is not None and value > 1 + _PRECISION

    return [
        triple
        for i, j, k in combinations(range(len(matrix)), 3)
        for triple in ((i, j, k), (i, k, j))
        if is_above(triple[0], triple[1])
        and is_above(triple[1], triple[2])
        and is_above(triple[2], triple[0])
    ]


def rate_by_pairs(matrix: Matrix, method: str, table: str) -> list[float] | None:
    """Return ratings from 0 to 1 of elements that were compared with each other: the best has 1.

    Elements that were judged alike in all count as one, so that a copy of one changes nothing.
    """
    kept: list[int] = []
    likeness = []
    for i in range(len(matrix)):
        same = next((place for place, k in enumerate(kept) if _is_alike(matrix, k, i)), None)
        if same is None:
            same = len(kept)
            kept.append(i)
        likeness.append(same)
    smaller = [[matrix[i][j] for j in kept] for i in kept]
    found = prioritize(smaller, method, table)
    if not found:
        return None
    best = max(found.weights)
    return [found.weights[place] / best for place in likeness]


def _is_alike(matrix: Matrix, i: int, j: int) -> bool:
    return matrix[i][j] is not None and all(
        (one is None) == (other is None) and (one is None or math.isclose(one, other))
        for one, other in zip(matrix[i], matrix[j], strict=True)
    )


def _times(matrix: Matrix, weights: Sequence[float]) -> list[float]:
    return [sum(map(mul, row, weights)) for row in matrix]


def _normalized(values: Iterable[float]) -> list[float]:
    values = list(values)
    total = sum(values)
    return [value / total for value in values]


def _solve(rows: list[list[float]]) -> list[float]:
    """Return the solution of linear equations, each a row with its right side as the last.

    The diagonal outweighs the rest of its row, so that no rows need to be exchanged.
    """
    size = len(rows)
    for column in range(size):
        upper = rows[column]
        for row in range(column + 1, size):
            lower = rows[row]
            if lower[column]:
                factor = lower[column] / upper[column]
                for place in range(column + 1, size + 1):
                    lower[place] -= factor * upper[place]
    solution = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][place] * solution[place] for place in range(row + 1, size))
        solution[row] = (rows[row][size] - known) / rows[row][row]
    return solution
