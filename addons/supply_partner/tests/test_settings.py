from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import VmiCase


class TestSettings(VmiCase):
    """The page of settings sets the hour of the review, and starts it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_buyer(
            "settings manager", cls.company, "purchase.group_purchase_manager,base.group_system"
        )

    def settings(self):
        settings = self.env["res.config.settings"].with_user(self.manager)
        return settings.create({"company_id": self.company.id})

    def is_reviewed(self, agreement, moment):
        """Return whether the scheduled action reviews an agreement at a moment."""
        before = agreement.last_review
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("supply_partner.ir_cron_review").sudo().method_direct_trigger()
        return agreement.last_review != before

    def test_nothing_is_reviewed_before_the_hour(self):
        with freeze_time("2026-03-16 02:30:00"):
            agreement = self.make_agreement((self.screws, 60, 120))
        self.assertTrue(self.is_reviewed(agreement, "2026-03-16 02:30:00"), "from midnight on")
        settings = self.settings()
        settings.vmi_review_hour = 4
        settings.execute()
        self.assertEqual(self.company.vmi_review_hour, 4)
        self.assertFalse(self.is_reviewed(agreement, "2026-03-17 03:59:00"))
        self.assertTrue(self.is_reviewed(agreement, "2026-03-17 04:00:00"))
        # The hour is that of the company's own zone.
        self.company.sudo().resource_calendar_id.tz = "America/New_York"
        self.assertFalse(self.is_reviewed(agreement, "2026-03-18 07:59:00"))
        self.assertTrue(self.is_reviewed(agreement, "2026-03-18 08:00:00"))

    def test_an_hour_that_no_clock_has(self):
        for hour in (-1, 24):
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.company.sudo().vmi_review_hour = hour
                self.env.flush_all()

    def test_everything_is_reviewed_at_once(self):
        with self.assertRaisesRegex(UserError, "No agreement is running"):
            self.settings().action_review_supply()
        agreement = self.make_agreement((self.screws, 60, 120))
        self.make_agreement(
            (self.make_product("Nuts", self.vendor), 60, 120), date_start="2100-01-01"
        )
        action = self.settings().action_review_supply()
        self.assertEqual(action["res_model"], "vmi.proposal")
        self.assertEqual(agreement.proposal_ids.line_ids.suggested_qty, 120)
