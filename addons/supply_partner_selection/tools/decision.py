"""A choice among vendors by a tree of criteria: what judges said, put together.

Criteria, vendors and judges are known by keys (ids of records); the goal's own key is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from .ahp import (
    METHODS,
    Matrix,
    Priorities,
    combine,
    is_complete,
    make_matrix,
    prioritize,
    rate_by_pairs,
)
from .rating import places_of, scores_of

GOAL = 0
CRITERIA, VENDORS = "criteria", "vendors"
Steps = Mapping[tuple[int, int], int]


@dataclass(frozen=True)
class Node:
    """What is compared with each other: criteria below a criterion, or all vendors under one.

    :ivar key: the criterion, or the goal
    :ivar kind: what the elements are
    :ivar elements: keys, in the order of the matrix
    :ivar steps: by judge, the step of the scale for pairs of places in that order
    """

    key: int
    kind: str
    elements: tuple[int, ...]
    steps: Mapping[int, Steps] = field(default_factory=dict)

    def matrix_of(self, judge: int) -> Matrix:
        """Return the matrix of a judge."""
        return make_matrix(len(self.elements), dict(self.steps.get(judge, {})))

    def matrices(self, shares: Mapping[int, float]) -> dict[int, Matrix]:
        """Return the matrix of each judge who judged any pair, by judge."""
        return {judge: self.matrix_of(judge) for judge in shares if self.steps.get(judge)}

    def group_matrix(self, shares: Mapping[int, float]) -> Matrix:
        """Return the matrix of the group of judges."""
        matrices = self.matrices(shares)
        if not matrices:
            return make_matrix(len(self.elements), {})
        return combine(list(matrices.values()), [shares[judge] for judge in matrices])


@dataclass(frozen=True)
class Decision:
    """What a choice goes by.

    :ivar nodes: from the goal downward
    :ivar shares: how much each judge counts
    :ivar method: how weights are found
    :ivar table: name of the random indices
    :ivar vendors: their keys
    :ivar ratings: from 0 to 1, by vendor and criterion, where figures give them
    """

    nodes: tuple[Node, ...]
    shares: Mapping[int, float]
    method: str
    table: str
    vendors: tuple[int, ...]
    ratings: Mapping[int, Mapping[int, float]]

    def by(self, method: str) -> Decision:
        """Return the same decision by another method."""
        return replace(self, method=method)

    def with_judgement(self, key: int, kind: str, judge: int, steps: Steps) -> Decision:
        """Return the same decision with other judgements of one judge at one node."""
        return replace(
            self,
            nodes=tuple(
                replace(node, steps={**node.steps, judge: steps})
                if (node.key, node.kind) == (key, kind)
                else node
                for node in self.nodes
            ),
        )

    def priorities_of(self, node: Node) -> Priorities | None:
        """Return what the group says at a node."""
        return prioritize(node.group_matrix(self.shares), self.method, self.table)

    @cached_property
    def weights(self) -> dict[int, float] | None:
        """The weight of each criterion in the whole; None while judgements are missing for it."""
        weights = {GOAL: 1.0}
        for node in self.nodes:
            if node.kind != CRITERIA:
                continue
            found = self.priorities_of(node)
            if not found:
                return None
            for key, weight in zip(node.elements, found.weights, strict=True):
                weights[key] = weights[node.key] * weight
        return weights

    @cached_property
    def leaf_weights(self) -> dict[int, float] | None:
        """The weight of each criterion by which vendors are rated."""
        inner = {node.key for node in self.nodes if node.kind == CRITERIA}
        return self.weights and {
            key: weight for key, weight in self.weights.items() if key not in inner
        }

    @cached_property
    def all_ratings(self) -> list[dict[int, float]]:
        """From 0 to 1, of each vendor by criterion: of figures, and of judgements in pairs."""
        ratings = [dict(self.ratings.get(vendor, {})) for vendor in self.vendors]
        for node in self.nodes:
            if node.kind == VENDORS:
                matrix = node.group_matrix(self.shares)
                found = rate_by_pairs(matrix, self.method, self.table)
                for rating, value in zip(ratings, found or [None] * len(ratings), strict=True):
                    if value is not None:
                        rating[node.key] = value
        return ratings

    @cached_property
    def scores(self) -> list[float] | None:
        """From 0 to 1, of each vendor; None while criteria have no weights."""
        return self.leaf_weights and scores_of(self.leaf_weights, self.all_ratings)

    @property
    def winners(self) -> list[int]:
        """The vendors with the best score: one, unless some are level."""
        if not self.scores:
            return []
        places = places_of(self.scores)
        return [vendor for vendor, place in zip(self.vendors, places, strict=True) if place == 1]

    @property
    def is_judged(self) -> bool:
        """Whether each judge compared all pairs."""
        return all(
            is_complete(node.matrix_of(judge)) for node in self.nodes for judge in self.shares
        )

    def winners_by_method(self) -> dict[str, list[int]]:
        """Return the vendors that lead by each method."""
        return {method: self.by(method).winners for method in METHODS}
