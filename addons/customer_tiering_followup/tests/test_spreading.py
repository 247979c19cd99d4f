from datetime import date
from unittest import TestCase

from odoo.tests import tagged

from ..tools.anniversaries import days_celebrated_on
from ..tools.spreading import spread


@tagged("post_install", "-at_install")
class TestSpreading(TestCase):
    """Tasks fall evenly on the days that have room, and yearly days come every year."""

    def test_days_become_as_even_as_they_can(self):
        self.assertEqual(spread(10, [0, 0, 0, 0, 0]), [2, 2, 2, 2, 2])
        self.assertEqual(spread(7, [0, 0, 0]), [3, 2, 2])
        self.assertEqual(spread(4, [3, 0, 1]), [0, 3, 1])
        self.assertEqual(spread(0, [3, 0]), [0, 0])

    def test_no_day_gets_more_than_the_limit(self):
        self.assertEqual(spread(10, [0, 1, 5], limit=3), [3, 2, 0])
        self.assertEqual(spread(2, [0, 1, 5], limit=3), [2, 0, 0])
        self.assertEqual(spread(5, [9, 9], limit=3), [0, 0])

    def test_without_a_day_nothing_is_taken(self):
        self.assertEqual(spread(5, []), [])

    def test_29_february_is_celebrated_in_common_years_too(self):
        self.assertEqual(days_celebrated_on(date(2027, 2, 28)), [(2, 28), (2, 29)])
        self.assertEqual(days_celebrated_on(date(2028, 2, 28)), [(2, 28)])
        self.assertEqual(days_celebrated_on(date(2028, 2, 29)), [(2, 29)])
        self.assertEqual(days_celebrated_on(date(2027, 3, 1)), [(3, 1)])
