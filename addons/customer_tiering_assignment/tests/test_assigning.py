from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.assigning import Customer, Manager, assign

MANAGERS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([0, 0.5, 2])), min_size=1, max_size=4
)
CUSTOMERS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([0, 0.25, 0.5, 1]),
        st.none() | st.integers(1, 4),
        st.none() | st.integers(1, 4),
    ),
    max_size=12,
)


@tagged("-at_install", "post_install")
class TestAssigning(BaseCase):
    """Who should look after whom, within what each account manager can do."""

    def moves(self, managers, customers):
        return [(move.customer.partner_id, move.user_id) for move in assign(managers, customers)]

    def test_the_best_are_placed_first_with_whom_has_most_room(self):
        anna, bob = Manager(1, 3, 0, customer_capacity=4), Manager(2, 0, 0, customer_capacity=2)
        customers = [Customer(10 + rank, (rank,), 0) for rank in range(5)]
        self.assertEqual(self.moves([anna, bob], customers), [(10, 2), (11, 2), (12, 1)])
        self.assertEqual((anna.customers, bob.customers), (4, 2))

    def test_whoever_is_named_comes_first_while_there_is_room(self):
        anna, bob = Manager(1, 0, 0, customer_capacity=9), Manager(2, 0, 0, customer_capacity=1)
        customers = [Customer(10, (0,), 0, named_id=2), Customer(11, (1,), 0, named_id=2)]
        self.assertEqual(self.moves([anna, bob], customers), [(10, 2), (11, 1)])

    def test_a_week_s_follow_ups_are_room_too(self):
        anna = Manager(1, 0, 0, followup_capacity=1)
        customers = [Customer(10 + rank, (rank,), 0.4) for rank in range(3)]
        self.assertEqual(self.moves([anna], customers), [(10, 1), (11, 1)])

    def test_too_many_give_the_last_to_whom_has_room(self):
        anna, bob = Manager(1, 3, 0, customer_capacity=2), Manager(2, 0, 0, customer_capacity=5)
        customers = [Customer(10 + rank, (rank,), 0, manager_id=1) for rank in range(3)]
        self.assertEqual(self.moves([anna, bob], customers), [(12, 2)])
        self.assertEqual((anna.customers, bob.customers), (2, 1))

    def test_nobody_is_taken_away_when_nobody_has_room(self):
        anna, bob = Manager(1, 3, 0, customer_capacity=2), Manager(2, 5, 0, customer_capacity=5)
        customers = [Customer(10 + rank, (rank,), 0, manager_id=1) for rank in range(3)]
        self.assertEqual(self.moves([anna, bob], customers), [])

    def test_who_has_no_capacity_set_is_proposed_nobody(self):
        self.assertEqual(self.moves([Manager(1, 0, 0)], [Customer(10, (0,), 0)]), [])

    @settings(
        max_examples=300,
        deadline=None,
        derandomize=True,
        # A busy machine is slow, which says nothing about the assignment.
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(MANAGERS, CUSTOMERS)
    def test_never_over_capacity_and_nobody_moves_without_need(self, capacities, people):
        customers = [
            Customer(
                number,
                (rank,),
                followups,
                manager_id=holder if holder and holder <= len(capacities) else None,
                named_id=named,
            )
            for number, (rank, followups, holder, named) in enumerate(people)
        ]
        managers = []
        for user_id, (room, week) in enumerate(capacities, start=1):
            held = [customer for customer in customers if customer.manager_id == user_id]
            followups = sum(customer.followups for customer in held)
            managers.append(Manager(user_id, len(held), followups, room, week))
        before = {manager.user_id: replace(manager) for manager in managers}
        moves = assign(managers, customers)
        for manager in managers:
            gained = [move for move in moves if move.user_id == manager.user_id]
            lost = [move for move in moves if move.customer.manager_id == manager.user_id]
            former = before[manager.user_id]
            self.assertEqual(manager.customers, former.customers + len(gained) - len(lost))
            self.assertFalse(gained and (manager.is_over or not manager.is_limited))
            # Only who looks after too many gives some away, and only as many as need be.
            self.assertTrue(not lost or former.is_over)
            if lost:
                best = min(lost, key=lambda move: (move.customer.rank, move.customer.partner_id))
                kept = replace(manager)
                kept.take(best.customer)
                self.assertTrue(kept.is_over or gained)
        self.assertEqual(len({move.customer.partner_id for move in moves}), len(moves))
        self.assertTrue(all(move.user_id != move.customer.manager_id for move in moves))
