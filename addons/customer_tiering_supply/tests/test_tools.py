from datetime import date
from math import comb, inf

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.supply_partner.tools import covering_quantity
from odoo.tests import BaseCase, tagged

from ..tools import (
    Claim,
    Pool,
    Reserve,
    allocate,
    days_to_cover,
    fair_shares,
    foresee,
    highest_target,
    share_of_demand,
    weighted_target,
)

properties = settings(max_examples=200, deadline=None, derandomize=True)
CLAIMS = st.lists(
    st.tuples(
        st.integers(1, 50), st.integers(0, 50), st.sampled_from([10, 20, inf]), st.booleans()
    ),
    min_size=1,
    max_size=8,
)


def make_claims(rows):
    return [
        Claim(number, need, min(held, need), rank, is_late=late)
        for number, (need, held, rank, late) in enumerate(rows)
    ]


@tagged("post_install", "-at_install")
class TestFairShares(BaseCase):
    """What is not enough is shared out among equals by what they ordered."""

    def share(self, total, *needs, held=()):
        held = [*held, *[0] * (len(needs) - len(held))]
        claims = [Claim(n, need, held[n]) for n, need in enumerate(needs)]
        return list(fair_shares(total, claims).values())

    def test_by_hand(self):
        self.assertEqual(self.share(10, 10, 5), [7, 3])
        self.assertEqual(self.share(7, 6, 6), [4, 3])
        self.assertEqual(self.share(100, 50, 40, 30), [42, 33, 25])
        # Hamilton's example of three thirds: the odd one goes to the lowest id.
        self.assertEqual(self.share(10, 20, 20, 20), [4, 3, 3])
        self.assertEqual(self.share(0, 3, 3), [0, 0])

    def test_what_is_held_counts_towards_the_share(self):
        self.assertEqual(self.share(5, 10, 10, held=[5]), [0, 5])
        self.assertEqual(self.share(2, 10, 10, held=[8]), [0, 2])

    def test_who_is_alone_gets_a_fraction(self):
        self.assertEqual(self.share(2.5, 10), [2.5])
        self.assertEqual(self.share(2.5, 10, 10, held=[10]), [0, 2.5])

    def test_steps_of_a_dozen(self):
        claims = [Claim(1, 24, step=12), Claim(2, 12, step=12)]
        # Quotas of 20 and 10: one dozen each by the larger remainder, 6 are no dozen for anybody.
        self.assertEqual(fair_shares(30, claims), {1: 12, 2: 12})
        self.assertEqual(fair_shares(11, claims), {1: 0, 2: 0})

    @properties
    @given(CLAIMS, st.integers(0, 200))
    def test_no_more_than_there_is_and_nothing_left_over(self, rows, total):
        claims = make_claims(rows)
        total = min(total, int(sum(claim.open for claim in claims)))
        shares = fair_shares(total, claims)
        self.assertAlmostEqual(sum(shares.values()), total)
        for claim in claims:
            self.assertTrue(0 <= shares[claim.id] <= claim.open)
            self.assertEqual(shares[claim.id], int(shares[claim.id]))

    @properties
    @given(st.lists(st.integers(1, 60), min_size=2, max_size=8), st.integers(0, 300))
    def test_nobody_is_a_unit_away_from_its_quota(self, needs, total):
        total = min(total, sum(needs))
        shares = self.share(total, *needs)
        for need, share in zip(needs, shares, strict=True):
            self.assertLess(abs(share - total * need / sum(needs)), 1)

    @properties
    @given(CLAIMS, st.integers(0, 200), st.randoms(use_true_random=False))
    def test_one_after_the_other_is_the_same_as_all_at_once(self, rows, free, random):
        claims = make_claims(rows)
        at_once = allocate(free, claims)
        order = [claim.id for claim in claims]
        random.shuffle(order)
        left = free
        for claim_id in order:
            taken = allocate(left, claims)[claim_id].quantity
            self.assertAlmostEqual(taken, at_once[claim_id].quantity)
            left -= taken
            claims = [
                Claim(c.id, c.need, c.held + taken, c.rank, c.is_urgent, c.is_late)
                if c.id == claim_id
                else c
                for c in claims
            ]

    @properties
    @given(CLAIMS, st.integers(0, 200), st.integers(0, 30))
    def test_the_better_are_served_before_the_others(self, rows, free, kept):
        claims = make_claims(rows)
        found = allocate(free, claims, lambda rank: kept if rank > 10 else 0)
        for claim in claims:
            if found[claim.id].quantity < claim.open - 1e-6:
                for other in claims:
                    if other.turn > claim.turn:
                        self.assertEqual(found[other.id].quantity, 0)
        given_to_others = sum(
            found[claim.id].quantity for claim in claims if claim.rank > 10 and not claim.is_late
        )
        self.assertLessEqual(given_to_others, max(free - kept, 0) + 1e-6)

    def test_reasons(self):
        claims = [Claim(1, 5, rank=10), Claim(2, 5, rank=20), Claim(3, 5, rank=20), Claim(4, 5)]
        reasons = {n: one.reason for n, one in allocate(8, claims).items()}
        self.assertEqual(reasons, {1: "full", 2: "share", 3: "share", 4: "better"})
        reasons = {n: one.reason for n, one in allocate(0, claims).items()}
        self.assertEqual(set(reasons.values()), {"nothing"})
        kept = allocate(8, claims[1:], lambda rank: 6)
        self.assertEqual({n: one.reason for n, one in kept.items()}[2], "reserve")
        late = Claim(9, 8, is_late=True)
        found = allocate(8, [*claims, late], lambda rank: 6)
        self.assertEqual((found[9].quantity, found[1].quantity), (8, 0))

    def test_what_would_be_the_own_share(self):
        pool = Pool(1, 1, 1, 0, "priority", claims=[Claim(1, 5, 0, 10), Claim(2, 5, 4, 20)])
        self.assertEqual((pool.get_share(1), pool.get_share(2)), (0, 0))
        pool.free = 3
        self.assertEqual((pool.get_share(1), pool.get_share(2)), (3, 2))


@tagged("post_install", "-at_install")
class TestReserve(BaseCase):
    """So much is kept as better tiers are likely to order."""

    def test_the_share_of_a_demand(self):
        self.assertEqual(share_of_demand(0.5, 10, 30), (5, 10))
        # A binomial choice of a fixed number.
        mean, variance = share_of_demand(0.5, 4, 0)
        exact = sum(comb(4, k) * k * k for k in range(5)) / 16 - 4
        self.assertEqual((mean, variance), (2, exact))

    def test_each_tier_leaves_to_the_better_ones(self):
        reserve = Reserve(4, 3, 5, ((10, 0.2), (20, 0.3), (30, 0.5)), 0.8)
        kept = [reserve.get_quantity(rank) for rank in (10, 20, 30, inf)]
        self.assertEqual(kept[0], 0)
        self.assertEqual(kept, sorted(kept))
        self.assertEqual(kept[1], covering_quantity(4, 0.04 * 45 + 0.16 * 20, 0.8))

    def test_until_the_next_receipt(self):
        today = date(2026, 11, 29)
        self.assertEqual(days_to_cover(today, date(2026, 12, 4), 9), 5)
        self.assertEqual(days_to_cover(today, date(2026, 11, 20), 9), 1)
        self.assertEqual(days_to_cover(today, None, 8.2), 9)
        self.assertEqual(days_to_cover(today, None, 0), 1)

    def test_what_it_costs_the_others(self):
        reserve = Reserve(4, 3, 5, ((10, 0.2), (20, 0.8)), 0.95)
        best, others = foresee(14, reserve)
        self.assertEqual(foresee(14, reserve), [best, others])
        self.assertAlmostEqual(best.wanted, 4, delta=0.3)
        self.assertAlmostEqual(others.wanted, 16, delta=0.5)
        self.assertAlmostEqual(best.served / best.wanted, others.served / others.wanted, delta=0.1)
        self.assertGreater(best.served_with_reserve, best.served)
        self.assertLess(others.served_with_reserve, others.served)
        self.assertGreater(best.served_with_reserve / best.wanted, 0.9)
        # What the one gains, the others lose; nobody gains by being kept from something.
        for free in range(0, 40, 4):
            best, others = foresee(free, reserve)
            self.assertGreaterEqual(best.served_with_reserve, best.served - 1e-9)
            self.assertLessEqual(others.served_with_reserve, others.served + 1e-9)
        # With plenty for all it costs nothing.
        for one in foresee(500, reserve):
            self.assertAlmostEqual(one.served, one.served_with_reserve)

    def test_customers_without_a_tier_are_others(self):
        ranks = [one.rank for one in foresee(5, Reserve(4, 3, 5, ((10, 0.2),), 0.8))]
        self.assertEqual(ranks, [10, inf])


@tagged("post_install", "-at_install")
class TestTargets(BaseCase):
    """The service target of a product by the tiers that buy it."""

    def test_the_highest_of_those_that_take_a_twentieth(self):
        self.assertEqual(highest_target([(0.05, 0.99), (0.95, 0.9)]), 0.99)
        self.assertEqual(highest_target([(0.049, 0.99), (0.951, 0.9)]), 0.9)
        self.assertIsNone(highest_target([(0.04, 0.99), (0.96, 0)]))

    def test_weighted_by_share(self):
        self.assertAlmostEqual(weighted_target([(0.2, 0.98), (0.8, 0.9)], 0.95), 0.916)
        self.assertAlmostEqual(weighted_target([(0.2, 0.98), (0.8, 0)], 0.95), 0.956)
        self.assertIsNone(weighted_target([(1, 0)], 0.95))
