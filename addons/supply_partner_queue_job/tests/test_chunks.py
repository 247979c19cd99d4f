from odoo.tests import BaseCase, tagged

from ..tools import chunks


@tagged("post_install", "-at_install")
class TestChunks(BaseCase):
    """Agreements are put together up to so many lines, and never taken apart."""

    def test_as_many_as_fit(self):
        sizes = zip("abcde", (4, 6, 3, 8, 2), strict=True)
        self.assertEqual(chunks(sizes, 10), [["a", "b"], ["c"], ["d", "e"]])

    def test_what_is_too_large_by_itself_is_alone(self):
        sizes = zip("abc", (1, 25, 1), strict=True)
        self.assertEqual(chunks(sizes, 10), [["a"], ["b"], ["c"]])

    def test_nothing(self):
        self.assertEqual(chunks([], 10), [])
