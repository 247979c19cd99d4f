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
    """Proposed account managers, within the capacity of each."""

    def proposals(self, managers, customers):
        return [(line.customer.partner_id, line.user_id) for line in assign(managers, customers)]

    def test_the_best_are_assigned_first_by_lowest_utilization(self):
        anna, bob = Manager(1, 3, 0, customer_capacity=4), Manager(2, 0, 0, customer_capacity=2)
        customers = [Customer(10 + rank, (rank,), 0) for rank in range(5)]
        self.assertEqual(self.proposals([anna, bob], customers), [(10, 2), (11, 2), (12, 1)])
        self.assertEqual((anna.customers, bob.customers), (4, 2))

    def test_the_service_level_s_account_manager_comes_first_within_capacity(self):
        anna, bob = Manager(1, 0, 0, customer_capacity=9), Manager(2, 0, 0, customer_capacity=1)
        customers = [Customer(10, (0,), 0, named_id=2), Customer(11, (1,), 0, named_id=2)]
        self.assertEqual(self.proposals([anna, bob], customers), [(10, 2), (11, 1)])

    def test_follow_ups_per_week_have_a_capacity_too(self):
        anna = Manager(1, 0, 0, followup_capacity=1)
        customers = [Customer(10 + rank, (rank,), 0.4) for rank in range(3)]
        self.assertEqual(self.proposals([anna], customers), [(10, 1), (11, 1)])

    def test_over_capacity_the_last_go_to_who_has_capacity(self):
        anna, bob = Manager(1, 3, 0, customer_capacity=2), Manager(2, 0, 0, customer_capacity=5)
        customers = [Customer(10 + rank, (rank,), 0, manager_id=1) for rank in range(3)]
        self.assertEqual(self.proposals([anna, bob], customers), [(12, 2)])
        self.assertEqual((anna.customers, bob.customers), (2, 1))

    def test_nobody_is_reassigned_without_capacity_elsewhere(self):
        anna, bob = Manager(1, 3, 0, customer_capacity=2), Manager(2, 5, 0, customer_capacity=5)
        customers = [Customer(10 + rank, (rank,), 0, manager_id=1) for rank in range(3)]
        self.assertEqual(self.proposals([anna, bob], customers), [])

    def test_without_a_capacity_no_customer_is_proposed(self):
        self.assertEqual(self.proposals([Manager(1, 0, 0)], [Customer(10, (0,), 0)]), [])

    @settings(
        max_examples=300,
        deadline=None,
        derandomize=True,
        # The speed of the machine is not tested here.
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(MANAGERS, CUSTOMERS)
    def test_never_over_capacity_and_no_needless_reassignment(self, capacities, people):
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
        for user_id, (count, week) in enumerate(capacities, start=1):
            held = [customer for customer in customers if customer.manager_id == user_id]
            followups = sum(customer.followups for customer in held)
            managers.append(Manager(user_id, len(held), followups, count, week))
        before = {manager.user_id: replace(manager) for manager in managers}
        proposals = assign(managers, customers)
        for manager in managers:
            gained = [line for line in proposals if line.user_id == manager.user_id]
            lost = [line for line in proposals if line.customer.manager_id == manager.user_id]
            former = before[manager.user_id]
            self.assertEqual(manager.customers, former.customers + len(gained) - len(lost))
            self.assertFalse(gained and (manager.is_over or not manager.is_limited))
            # Only managers over capacity lose customers, and only as many as needed.
            self.assertTrue(not lost or former.is_over)
            if lost:
                best = min(lost, key=lambda line: (line.customer.rank, line.customer.partner_id))
                kept = replace(manager)
                kept.add(best.customer)
                self.assertTrue(kept.is_over or gained)
        self.assertEqual(len({line.customer.partner_id for line in proposals}), len(proposals))
        self.assertTrue(all(line.user_id != line.customer.manager_id for line in proposals))
