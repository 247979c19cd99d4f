"""What a decision says, as JSON has it: keys of records, no names."""

from __future__ import annotations

from .ahp import METHODS, Priorities, find_circles, prioritize, widest_disagreement
from .decision import CRITERIA, Decision, Node
from .rating import places_of


def summarize(decision: Decision) -> dict:
    """Return scores with ranks, weights, ratings, leaders by method, and the nodes.

    A weight is that beside the other parts of the same criterion, and that in the whole.
    """
    scores, weights = decision.scores, decision.weights or {}
    return {
        "scores": scores
        and {
            str(vendor): [round(score, 6), place]
            for vendor, score, place in zip(
                decision.vendors, scores, places_of(scores), strict=True
            )
        },
        "weights": {
            str(key): [weights[key] / weights[node.key], weights[key]]
            for node in decision.nodes
            if node.kind == CRITERIA and weights
            for key in node.elements
        },
        "leaves": {str(key): weight for key, weight in (decision.leaf_weights or {}).items()},
        "ratings": {
            str(vendor): {str(key): value for key, value in rating.items()}
            for vendor, rating in zip(decision.vendors, decision.all_ratings, strict=True)
        },
        "winners": decision.winners_by_method(),
        "nodes": [summarize_node(decision, node) for node in decision.nodes],
    }


def summarize_node(decision: Decision, node: Node) -> dict:
    """Return what the group says at a node by each method, what each judge says, and circles."""
    group, matrices = node.group_matrix(decision.shares), node.matrices(decision.shares)
    by_method = {method: prioritize(group, method, decision.table) for method in METHODS}
    by_judge = {
        judge: prioritize(matrix, decision.method, decision.table)
        for judge, matrix in matrices.items()
    }
    return {
        "key": node.key,
        "kind": node.kind,
        "elements": node.elements,
        "methods": {method: found and _plain(found) for method, found in by_method.items()},
        "judges": {str(judge): _plain(found) for judge, found in by_judge.items() if found},
        "quarrel": widest_disagreement(list(matrices.values())),
        "circles": find_circles(group),
    }


def _plain(found: Priorities) -> dict:
    return {
        "weights": found.weights,
        "lambda": found.lambda_max,
        "ci": found.ci,
        "cr": found.cr,
    }
