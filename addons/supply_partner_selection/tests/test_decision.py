from odoo.tests import BaseCase

from ..tools.decision import CRITERIA, VENDORS, Decision, Node
from ..tools.summary import summarize

QUALITY, TASTE, PURITY, COST = 1, 2, 3, 4
VALLEY, RIVER = 11, 12
BUYER, COLLEAGUE = 21, 22


def decide(nodes, ratings=(), shares=None):
    return Decision(
        nodes=tuple(nodes),
        shares=shares or {BUYER: 1.0},
        method="sum_product",
        table="saaty1980",
        vendors=(VALLEY, RIVER),
        ratings=dict(ratings),
    )


class TestDecision(BaseCase):
    """A tree: quality (taste and purity) and cost; taste is judged in pairs."""

    def nodes(self, criteria=2, parts=1, taste=-2):
        return (
            Node(0, CRITERIA, (QUALITY, COST), {BUYER: {(0, 1): criteria}}),
            Node(QUALITY, CRITERIA, (TASTE, PURITY), {BUYER: {(0, 1): parts}}),
            Node(TASTE, VENDORS, (VALLEY, RIVER), {BUYER: {(0, 1): taste}}),
        )

    def test_weights_are_multiplied_from_the_goal_down(self):
        decision = decide(self.nodes())
        self.assertAlmostEqual(decision.weights[QUALITY], 3 / 4)
        self.assertEqual(set(decision.leaf_weights), {TASTE, PURITY, COST})
        self.assertAlmostEqual(decision.leaf_weights[TASTE], 3 / 4 * 2 / 3)
        self.assertAlmostEqual(sum(decision.leaf_weights.values()), 1)

    def test_ratings_in_pairs_stand_beside_figures(self):
        decision = decide(self.nodes(), {VALLEY: {PURITY: 0.5, COST: 1}, RIVER: {COST: 0.1}})
        self.assertEqual(decision.all_ratings[1], {TASTE: 1, COST: 0.1})
        self.assertAlmostEqual(decision.all_ratings[0][TASTE], 1 / 3)
        self.assertEqual(decision.winners, [VALLEY])

    def test_without_weights_there_is_no_winner(self):
        first, *others = self.nodes()
        decision = decide([Node(0, CRITERIA, first.elements), *others])
        self.assertIsNone(decision.scores)
        self.assertEqual(decision.winners, [])
        self.assertFalse(decision.is_judged)
        self.assertEqual(summarize(decision)["weights"], {})

    def test_another_judgement_may_bring_another_winner(self):
        decision = decide(self.nodes(), {VALLEY: {COST: 1}, RIVER: {PURITY: 1}})
        self.assertEqual(decision.winners, [RIVER])
        changed = decision.with_judgement(0, CRITERIA, BUYER, {(0, 1): -8})
        self.assertEqual(changed.winners, [VALLEY])
        self.assertEqual(decision.winners, [RIVER])

    def test_who_judged_nothing_counts_nothing(self):
        alone = decide(self.nodes())
        beside = decide(self.nodes(), shares={BUYER: 1.0, COLLEAGUE: 5.0})
        self.assertEqual(alone.weights, beside.weights)
        self.assertTrue(alone.is_judged)
        self.assertFalse(beside.is_judged)
