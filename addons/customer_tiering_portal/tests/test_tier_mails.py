from freezegun import freeze_time

from .test_portal_tier import PortalTierCase


@freeze_time("2026-06-10 12:00:00")
class TestTierMails(PortalTierCase):
    """Customers are told of upgrades and coming downgrades, once each, where the policy says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("customer_tiering_portal.ir_cron_notice")
        cls.policy.write({"mails_upgrades": True, "mails_downgrades": True, "notice_days": 14})

    def send(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def mails(self, partner=None):
        partner = partner or self.bakery
        notices = self.env["customer.tier.notice"].search([("partner_id", "=", partner.id)])
        return self.env["mail.mail"].search(
            [("model", "=", "customer.tier.notice"), ("res_id", "in", notices.ids)], order="id"
        )

    def upgrade(self, day="2026-06-10"):
        self.make_order(self.bakery, 30, "2026-06-01")
        self.policy.evaluate(day)

    def fall(self, day="2026-06-10"):
        self.make_order(self.bakery, -55, "2026-06-02")
        self.policy.evaluate(day)

    def test_an_upgrade_is_told_once(self):
        self.upgrade()
        self.send()
        self.send()
        mail = self.mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.bakery)
        self.assertEqual(mail.subject, "You are now Important")
        self.assertIn("8 % discount on new quotations", mail.body_html)
        self.assertIn("/my/tier", mail.body_html)
        self.assertNotIn("70", mail.body_html)

    def test_upgrades_from_before_the_mails_were_turned_on_are_not_told(self):
        self.policy.mails_upgrades = False
        self.upgrade("2026-06-09")
        self.policy.mails_upgrades = True
        self.send()
        self.assertFalse(self.mails())

    def test_an_upgrade_that_did_not_last_is_not_told(self):
        self.policy.write({"grace_days": 0, "mails_downgrades": False})
        self.upgrade()
        self.fall()
        self.send()
        self.assertFalse(self.mails())

    def test_a_coming_downgrade_is_told_some_days_before(self):
        self.policy.mails_upgrades = False
        self.policy.grace_days = 30
        self.upgrade()
        self.fall()
        self.send()
        self.assertFalse(self.mails())
        with freeze_time("2026-06-27 12:00:00"):
            self.send()
            self.send()
        mail = self.mails()
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.subject, "Keep being Important")
        self.assertIn("07/10/2026", mail.body_html)
        self.assertIn("to stay Important", mail.body_html)

    def test_a_policy_that_mails_nothing(self):
        self.policy.write({"mails_upgrades": False, "mails_downgrades": False})
        self.upgrade()
        self.fall()
        self.send()
        self.assertFalse(self.mails())

    def test_customers_without_an_address_are_passed_over(self):
        self.bakery.email = False
        self.upgrade()
        self.send()
        self.assertFalse(self.mails())
        self.bakery.email = "bakery@example.com"
        self.send()
        self.assertEqual(len(self.mails()), 1)

    def test_other_companies_decide_for_themselves(self):
        other = self.make_company("Southwind")
        policy = self.policy_of(other)
        self.judge_by_revenue(policy)
        policy.evaluate("2026-06-09")
        self.make_order(self.bakery, 90, "2026-06-01", company=other)
        policy.evaluate("2026-06-10")
        self.send()
        self.assertFalse(self.mails())

    def test_the_mail_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.bakery.lang = "fr_FR"
        self.important.with_context(lang="fr_FR").name = "Premium"
        self.upgrade()
        self.send()
        self.assertIn("Premium", self.mails().subject)
