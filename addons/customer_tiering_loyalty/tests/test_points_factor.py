from psycopg2.errors import CheckViolation

from odoo.tools import mute_logger

from .common import LoyaltyCase


class TestPointsFactor(LoyaltyCase):
    """Better tiers earn more points on loyalty cards."""

    def card(self, program, partner):
        return self.env["loyalty.card"].search(
            [("program_id", "=", program.id), ("partner_id", "=", partner.id)]
        )

    def earn(self, program, partner, amount):
        """Return the points on the customer's card after an order."""
        self.quote(partner, amount).action_confirm()
        return self.card(program, partner).points

    def test_an_order_earns_the_tiers_points(self):
        self.vip.points_factor = 1.5
        program = self.make_program("loyalty")
        self.assertEqual(self.earn(program, self.acme, 100), 150)
        self.assertEqual(self.earn(program, self.bolt, 100), 100)

    def test_points_are_rounded_down(self):
        self.vip.points_factor = 1.5
        # 33.33 points become 49.995.
        self.assertEqual(self.earn(self.make_program("loyalty"), self.acme, 33.33), 49.99)

    def test_nothing_changes_by_default(self):
        self.assertEqual(self.vip.points_factor, 1)
        self.assertEqual(self.earn(self.make_program("loyalty"), self.acme, 100), 100)

    def test_a_factor_of_zero_gives_none(self):
        self.potential.points_factor = 0
        program = self.make_program("loyalty")
        self.assertFalse(self.earn(program, self.bolt, 100))
        self.assertEqual(self.earn(program, self.acme, 100), 100)

    def test_a_lost_tier_earns_as_everybody(self):
        self.vip.points_factor = 2
        program = self.make_program("loyalty")
        self.assertEqual(self.earn(program, self.acme, 10), 20)
        self.lose_the_tier(self.acme)
        self.assertEqual(self.earn(program, self.acme, 10), 30)

    def test_what_triggers_a_reward_is_not_multiplied(self):
        self.vip.points_factor = 3
        program = self.make_program("buy_x_get_y")
        order = self.quote(self.acme)
        self.assertEqual(order._program_check_compute_points(program)[program]["points"], [1])

    def test_confirming_an_order_costs_two_queries_more_at_most(self):
        program = self.make_program("loyalty")
        plain = self.count_queries_of_confirming()
        program.customer_tier_ids = self.vip
        self.vip.points_factor = 2
        self.assertLessEqual(self.count_queries_of_confirming(), plain + 2)

    def count_queries_of_confirming(self):
        # The first one fills the caches.
        for _number in range(2):
            order = self.quote(self.acme)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
        return queries

    def test_a_negative_factor_is_refused(self):
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.vip.points_factor = -1
            self.vip.flush_recordset()
