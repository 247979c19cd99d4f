from collections import Counter
from math import exp, lgamma, log
from random import Random

from odoo.tests import BaseCase, tagged

from ..tools import buying, spending
from ..tools.buying import Buying
from ..tools.minimum import NoMinimumError, minimise
from ..tools.spending import Spending

# What is printed for the tenth of CDNOW's customers, in weeks (Fader, Hardie and Lee, 2005).
CDNOW = Buying(False, 0.243, 4.414, 0.793, 2.426)


def draw(count, may_leave_at_once, seed=5):
    """Return (repeats, recency, age) of customers as the models assume them."""
    random, found = Random(seed), []
    for _customer in range(count):
        rate, chance = random.gammavariate(0.8, 1 / 10), random.betavariate(0.9, 2.5)
        age, day, repeats = random.uniform(20, 80), 0.0, 0
        last = 0.0
        while repeats or may_leave_at_once or day == 0:
            if (repeats or may_leave_at_once) and random.random() < chance:
                break
            day += random.expovariate(rate)
            if day > age:
                break
            repeats, last = repeats + 1, day
        found.append((repeats, last, age))
    return found


@tagged("post_install", "-at_install")
class TestBuying(BaseCase):
    """When customers buy: what is known of both models without any database."""

    def test_a_published_forecast(self):
        """Customer 1 of the sample: 2 repeats, the last in week 30.43 of 38.86, 39 weeks ahead."""
        self.assertAlmostEqual(CDNOW.expected_orders(2, 30.43, 38.86, 39), 1.226, 3)

    def test_figures_of_another_program(self):
        """By lifetimes 0.11.3, from the same parameters."""
        self.assertAlmostEqual(CDNOW.probability_alive(2, 30.43, 38.86), 0.7266, 3)

    def test_who_bought_once_is_a_customer_for_ever_by_bg_nbd_alone(self):
        other = Buying(True, 0.525, 6.183, 0.891, 1.614)
        self.assertEqual(CDNOW.probability_alive(0, 0, 1000), 1)
        self.assertLess(other.probability_alive(0, 0, 1000), 0.3)

    def test_the_longer_the_silence_the_less_likely_an_order(self):
        for model in CDNOW, Buying(True, 0.525, 6.183, 0.891, 1.614):
            chances = [model.probability_of_order(5, 20, age, 52) for age in (20, 40, 80, 160)]
            self.assertEqual(chances, sorted(chances, reverse=True))
            self.assertTrue(all(0 < chance < 1 for chance in chances))

    def test_expected_orders_add_up_over_time(self):
        """Numerically: the chance to be alive at each moment times the rate, summed."""
        for model in (
            Buying(False, 0.6, 30.0, 0.8, 2.4),
            Buying(True, 0.6, 30.0, 0.8, 2.4),
            Buying(True, 2.5, 200.0, 1.7, 6.0),
        ):
            repeats, age, ahead = 3, 100.0, 365.0
            shift = model.may_leave_at_once
            random, total, draws = Random(2), 0.0, 60_000
            for _draw in range(draws):
                rate = random.gammavariate(model.r + repeats, 1 / (model.alpha + age))
                chance = random.betavariate(model.a, model.b + repeats + shift)
                total += (1 - exp(-rate * chance * ahead)) / chance
            expected = model.expected_orders_if_alive(repeats, age, ahead)
            self.assertAlmostEqual(total / draws / expected, 1, 1)

    def test_near_one_the_closed_form_is_continuous(self):
        around = [
            Buying(True, 0.6, 30.0, a, 2.4).expected_orders_if_alive(3, 100, 365)
            for a in (0.999, 1 - 1e-9, 1.0, 1 + 1e-9, 1.001)
        ]
        for orders in around:
            self.assertAlmostEqual(orders, around[2], 2)

    def test_many_repeats_and_a_new_customer_need_more_terms_and_get_them(self):
        model = Buying(True, 0.6, 5.0, 0.8, 2.4)
        for repeats, age in ((242, 700.0), (0, 0.0), (1000, 3000.0)):
            whole = model.expected_orders_if_alive(repeats, age, 365)
            halves = model.expected_orders_if_alive(repeats, age, 182.5)
            self.assertTrue(0 < halves < whole < 2 * halves, (repeats, halves, whole))

    def test_the_sum_gives_what_the_series_gives(self):
        for model in (
            Buying(False, 0.6, 30.0, 0.8, 2.4),
            Buying(True, 2.5, 200.0, 1.7, 6.0),
            Buying(True, 0.05, 3.0, 0.3, 0.4),
            Buying(True, 3.0, 90.0, 9.0, 3.0),
        ):
            for repeats, age, days in ((0, 0.0, 365.0), (3, 100.0, 365.0), (60, 700.0, 30.0)):
                series = model.expected_orders_if_alive(repeats, age, days)
                summed = model._expected_orders_summed(repeats, age, days)
                self.assertAlmostEqual(summed / series, 1, 9)

    def test_customers_who_hardly_differ(self):
        """In the limit there is one rate and one chance p for all: (1 − exp(−rate·p·h)) / p."""
        rate, chance, days = 0.05, 0.1, 365.0
        for size in (1e3, 1e5, 1e7):
            model = Buying(True, size * rate, size, size * chance, size * (1 - chance))
            self.assertAlmostEqual(
                model.expected_orders_if_alive(3, 100.0, days)
                / ((1 - exp(-rate * chance * days)) / chance),
                1,
                1,
            )

    def test_discounted_orders_are_fewer(self):
        orders, discounted = CDNOW.discounted_orders_if_alive(2, 39, 12, 0.1)
        self.assertTrue(0.9 * orders < discounted < orders)
        self.assertEqual(CDNOW.discounted_orders_if_alive(2, 39, 12, 0)[0], orders)

    def test_the_gradient_is_that_of_the_likelihood(self):
        customers = draw(300, True)
        groups = [(*key, number) for key, number in Counter(customers).items()]
        counts = Counter(repeats for repeats, _recency, _age in customers)
        for at_once in (False, True):
            sums = buying.group_sums(at_once, groups)
            point = [0.7, 12.0, 0.8, 2.2]
            _value, gradient = buying.log_likelihood(at_once, counts, sums, point)
            for position in range(4):
                values = []
                for step in (-1e-5, 1e-5):
                    moved = [*point]
                    moved[position] += step
                    values.append(buying.log_likelihood(at_once, counts, sums, moved)[0])
                self.assertAlmostEqual((values[1] - values[0]) / 2e-5, gradient[position], 3)

    def test_the_likelihood_is_that_of_the_formula(self):
        """A customer each, against the formula with gamma functions."""

        def gammas(customer, model):
            x, recency, age = customer
            r, alpha, a, b = model.r, model.alpha, model.a, model.b
            shift = model.may_leave_at_once
            value = lgamma(r + x) - lgamma(r) + r * log(alpha)
            value += lgamma(b + x + shift) - lgamma(b) + lgamma(a + b) - lgamma(a + b + x + shift)
            chance = (alpha + age) ** -(r + x)
            if x or shift:
                chance += a / (b + x + shift - 1) * (alpha + recency) ** -(r + x)
            return value + log(chance)

        for model in (CDNOW, Buying(True, 0.5, 6.0, 0.9, 1.6)):
            for customer in ((0, 0.0, 30.0), (2, 30.43, 38.86), (20, 35.0, 39.0)):
                sums = buying.group_sums(model.may_leave_at_once, [(*customer, 1)])
                parameters = (model.r, model.alpha, model.a, model.b)
                found = buying.log_likelihood(
                    model.may_leave_at_once, {customer[0]: 1}, sums, parameters
                )
                self.assertAlmostEqual(found[0], gammas(customer, model), 9)

    def test_what_was_drawn_is_found_again(self):
        for at_once in (False, True):
            customers = draw(4000, at_once)
            groups = [(*key, number) for key, number in Counter(customers).items()]
            counts = Counter(repeats for repeats, _recency, _age in customers)
            model, _likelihood = buying.fit(at_once, counts, buying.group_sums(at_once, groups), 80)
            self.assertAlmostEqual(model.r, 0.8, delta=0.15)
            self.assertAlmostEqual(model.alpha, 10, delta=2.5)
            self.assertAlmostEqual(model.a / (model.a + model.b), 0.9 / 3.4, delta=0.05)

    def test_customers_without_any_difference_have_no_parameters_or_odd_ones(self):
        """Nothing raises, whatever there is."""
        for groups in ([(0, 0.0, 10.0, 50)], [(1, 5.0, 10.0, 50)], [(0, 0.0, 0.0, 1)]):
            counts = {groups[0][0]: groups[0][3]}
            found = buying.fit(True, counts, buying.group_sums(True, groups), 10)
            self.assertTrue(found is None or found[0].r > 0)


@tagged("post_install", "-at_install")
class TestSpending(BaseCase):
    """What customers spend, without any database."""

    def setUp(self):
        super().setUp()
        random = Random(3)
        self.customers = []
        for _customer in range(3000):
            scale, repeats = random.gammavariate(4, 1 / 15), random.randint(1, 8)
            mean = sum(random.gammavariate(6, 1 / scale) for _day in range(repeats)) / repeats
            self.customers.append((repeats, mean))

    def test_what_was_drawn_is_found_again(self):
        spent, sums = spending.Spent.of(self.customers), spending.customer_sums(self.customers)
        model, likelihood = spending.fit(spent, sums)
        self.assertAlmostEqual(model.q, 4, delta=0.5)
        # Several pairs of p and gamma are about as likely; the mean that they make is not.
        self.assertAlmostEqual(model.expected_amount(0, 0), 30, delta=1)
        drawn_from, _gradient = spending.log_likelihood(spent, sums, (6, 4, 15))
        self.assertTrue(drawn_from < likelihood < drawn_from + 5)

    def test_another_currency_changes_gamma_alone(self):
        dear = [(repeats, 1000 * mean) for repeats, mean in self.customers]
        one, other = (
            spending.fit(spending.Spent.of(rows), spending.customer_sums(rows))[0]
            for rows in (self.customers, dear)
        )
        self.assertAlmostEqual(one.p, other.p, 3)
        self.assertAlmostEqual(one.q, other.q, 3)
        self.assertAlmostEqual(1000 * one.gamma, other.gamma, 0)

    def test_the_gradient_is_that_of_the_likelihood(self):
        spent = spending.Spent.of(self.customers[:200])
        sums = spending.customer_sums(self.customers[:200])
        point = [5.0, 3.0, 12.0]
        _value, gradient = spending.log_likelihood(spent, sums, point)
        for position in range(3):
            values = []
            for step in (-1e-5, 1e-5):
                moved = [*point]
                moved[position] += step
                values.append(spending.log_likelihood(spent, sums, moved)[0])
            self.assertAlmostEqual((values[1] - values[0]) / 2e-5, gradient[position], 3)

    def test_the_expected_amount_lies_between_the_customers_own_and_everybodys(self):
        model = Spending(6.25, 3.74, 15.44)
        everybody = model.expected_amount(0, 0)
        self.assertAlmostEqual(everybody, 6.25 * 15.44 / 2.74)
        for repeats in (1, 10):
            self.assertTrue(everybody < model.expected_amount(repeats, 90) < 90)
        self.assertGreater(model.expected_amount(10, 90), model.expected_amount(1, 90))

    def test_without_a_mean_no_value_is_told(self):
        self.assertFalse(Spending(1.0, 0.9, 10).has_mean)

    def test_the_digamma_function(self):
        self.assertAlmostEqual(spending.digamma(1), -0.5772156649015329, 12)
        self.assertAlmostEqual(spending.digamma(0.01), -100.56088545786868, 9)
        self.assertAlmostEqual(spending.digamma(250.5), log(250.5) - 1 / 501, 5)


@tagged("post_install", "-at_install")
class TestMinimum(BaseCase):
    """The least value of a function of which the gradient is known."""

    def test_a_curved_valley(self):
        def rosenbrock(point):
            x, y = point
            return (1 - x) ** 2 + 100 * (y - x * x) ** 2, [
                -2 * (1 - x) - 400 * x * (y - x * x),
                200 * (y - x * x),
            ]

        point, value = minimise(rosenbrock, [-1.2, 1.0])
        self.assertAlmostEqual(point[0], 1, 5)
        self.assertAlmostEqual(point[1], 1, 5)
        self.assertAlmostEqual(value, 0, 9)

    def test_without_a_minimum_it_says_so(self):
        with self.assertRaises(NoMinimumError):
            minimise(lambda point: (-point[0], [-1.0]), [0.0])

    def test_it_steps_back_from_where_there_is_no_value(self):
        def barrier(point):
            return point[0] - log(point[0]), [1 - 1 / point[0]]

        point, _value = minimise(barrier, [0.01])
        self.assertAlmostEqual(point[0], 1, 5)
