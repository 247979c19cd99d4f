from datetime import date, datetime

from odoo.tests import TransactionCase, freeze_time, tagged

from ..tools.dates import format_day, format_full_day, format_month


@tagged("post_install", "-at_install")
@freeze_time("2026-11-30")
class TestDates(TransactionCase):
    """Short dates read as the reader's language writes them."""

    def test_in_each_order(self):
        for code in ("de_DE", "zh_CN"):
            self.env["res.lang"]._activate_lang(code)
        day = date(2026, 6, 5)
        expected = {
            "en_US": ("Jun 2026", "Jun 5", "Jun 5, 2026"),
            "de_DE": ("Juni 2026", "5. Juni", "5. Juni 2026"),
            "zh_CN": ("2026年6月", "6月5日", "2026年6月5日"),
        }
        for code, texts in expected.items():
            env = self.env(context={"lang": code})
            with self.subTest(code):
                self.assertEqual(
                    (format_month(env, day), format_day(env, day), format_full_day(env, day)),
                    texts,
                )

    def test_a_moment_is_on_the_readers_day(self):
        self.env.user.tz = "Asia/Shanghai"
        env = self.env(context={"lang": "en_US", "tz": "Asia/Shanghai"})
        self.assertEqual(format_day(env, datetime(2026, 6, 5, 20)), "Jun 6")

    def test_a_day_of_another_year_says_so(self):
        env = self.env(context={"lang": "en_US", "tz": "Asia/Shanghai"})
        days = (date(2025, 12, 24), date(2026, 1, 1), date(2027, 1, 3), datetime(2025, 12, 31, 20))
        self.assertEqual(
            [format_day(env, day) for day in days],
            ["Dec 24, 2025", "Jan 1", "Jan 3, 2027", "Jan 1"],
        )

    def test_no_day_is_no_text(self):
        self.assertEqual(format_month(self.env, False), "")
        self.assertEqual(format_day(self.env, False), "")
