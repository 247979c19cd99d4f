from odoo.fields import Command

from .common import TieringCase


class TestScales(TieringCase):
    """How figures become points, each against a computation by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = [cls.make_customer(f"Customer {letter}") for letter in "ABCDE"]
        for customer, amount, orders in zip(
            cls.customers, (100, 200, 200, 400, 1000), (1, 2, 2, 2, 5), strict=True
        ):
            for _number in range(orders):
                cls.make_order(customer, amount / orders, "2026-06-10")

    def judge(self, *criteria):
        self.policy.criterion_ids = [Command.clear(), *map(Command.create, criteria)]
        self.policy.evaluate("2026-06-30")
        return [self.standing(customer).score for customer in self.customers]

    def test_percentile_shares_the_points_of_equals(self):
        # 100 × (worse + ½ × others with the same) / (5 − 1)
        scores = self.judge({"metric": "revenue", "weight": 1, "scale": "percentile"})
        self.assertEqual(scores, [0, 37.5, 37.5, 75, 100])

    def test_percentile_of_a_lone_customer_is_100(self):
        self.policy.partner_domain = [("id", "=", self.customers[0].id)]
        self.judge({"metric": "revenue", "weight": 1, "scale": "percentile"})
        self.assertEqual(self.standing(self.customers[0]).score, 100)

    def test_percentile_ranks_few_days_first_where_less_is_better(self):
        for days, customer in enumerate(self.customers):
            self.make_order(customer, 0, f"2026-06-{30 - days}")
        scores = self.judge({"metric": "recency_days", "weight": 1, "scale": "percentile"})
        self.assertEqual(scores, [100, 75, 50, 25, 0])

    def test_who_has_nothing_earns_nothing_and_the_others_are_ranked_among_themselves(self):
        nothing, refunded = self.make_customer("Nothing"), self.make_customer("Refunded")
        self.make_order(nothing, 0, "2026-06-10")
        self.make_order(refunded, -50, "2026-06-10")
        self.customers = [*self.customers, nothing, refunded]
        scores = self.judge({"metric": "revenue", "weight": 1, "scale": "percentile"})
        self.assertEqual(scores, [0, 37.5, 37.5, 75, 100, 0, 0])

    def test_the_only_customer_with_something_earns_100(self):
        self.policy.partner_domain = [("id", "in", [self.customers[0].id])]
        idle = self.make_customer("Idle")
        self.make_order(idle, 10, "2024-06-10")
        self.policy.partner_domain = [("id", "in", [self.customers[0].id, idle.id])]
        for metric in ("revenue", "order_count", "active_months"):
            self.judge({"metric": metric, "weight": 1, "scale": "percentile"})
            self.assertEqual(
                [self.standing(partner).score for partner in (self.customers[0], idle)], [100, 0]
            )

    def test_linear_is_clipped_at_both_ends(self):
        scores = self.judge(
            {"metric": "revenue", "weight": 1, "scale": "linear", "floor": 200, "cap": 600}
        )
        self.assertEqual(scores, [0, 0, 0, 50, 100])

    def test_linear_with_the_floor_above_the_cap_rewards_less(self):
        scores = self.judge(
            {"metric": "revenue", "weight": 1, "scale": "linear", "floor": 500, "cap": 100}
        )
        self.assertEqual(scores, [100, 75, 75, 25, 0])

    def test_bands_count_from_their_threshold_on(self):
        scores = self.judge(
            {
                "metric": "revenue",
                "weight": 1,
                "scale": "bands",
                "band_ids": [
                    Command.create({"threshold": 200, "points": 40}),
                    Command.create({"threshold": 400, "points": 90}),
                ],
            }
        )
        self.assertEqual(scores, [0, 40, 40, 90, 90])

    def test_weighted_mean_is_rounded_half_up_to_two_decimals(self):
        # Orders: one worse and 1 of 2 others alike → (1 + 1) / 4 = 50; revenue B: 37.5.
        scores = self.judge(
            {"metric": "revenue", "weight": 2, "scale": "percentile"},
            {"metric": "order_count", "weight": 1, "scale": "percentile"},
        )
        self.assertEqual(scores, [0, 41.67, 41.67, 66.67, 100])

    def test_a_half_in_the_third_decimal_goes_up(self):
        scores = self.judge(
            {
                "metric": "revenue",
                "weight": 1,
                "scale": "bands",
                "band_ids": [Command.create({"threshold": 0, "points": 0.01})],
            },
            {
                "metric": "order_count",
                "weight": 1,
                "scale": "bands",
                "band_ids": [Command.create({"threshold": 0, "points": 66.66})],
            },
        )
        self.assertEqual(set(scores), {33.34})  # 66.67 / 2 = 33.335

    def test_a_dimension_is_scored_by_its_own_criteria(self):
        self.judge(
            {"metric": "revenue", "weight": 3, "scale": "percentile"},
            {"metric": "recency_days", "weight": 1, "scale": "linear", "floor": 40, "cap": 0},
        )
        best = self.standing(self.customers[-1])
        self.assertEqual((best.value_score, best.loyalty_score), (100, 50))
        self.assertEqual(best.score, 87.5)
        self.env.cr.execute(
            "SELECT potential_score FROM customer_standing WHERE id = %s", [best.id]
        )
        self.assertEqual(self.env.cr.fetchone(), (None,), "no criterion, no score")
