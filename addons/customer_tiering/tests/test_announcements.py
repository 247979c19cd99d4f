from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..models import customer_standing_change
from .common import TieringCase


class TestAnnouncements(TieringCase):
    """Salespeople who asked for it hear of their customers' moves, once each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(window_months=1, grace_days=0)
        cls.salesman = cls.make_member("told_salesman", "sales_team.group_sale_salesman")
        cls.acme = cls.make_customer("Acme", user_id=cls.salesman.id)
        cls.make_order(cls.acme, 10, "2026-05-20")
        cls.policy.evaluate("2026-06-01")

    def follow_up(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_tiering.ir_cron_settle").method_direct_trigger()
        self.env.invalidate_all()

    def rise(self):
        self.make_order(self.acme, 80, "2026-06-02")
        self.policy.evaluate("2026-06-03")

    def announcements(self, partner=None):
        messages = self.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "=", (partner or self.acme).id)]
        )
        return messages.filtered(
            lambda message: message.subtype_id.get_external_id()[message.subtype_id.id].startswith(
                "customer_tiering."
            )
        )

    def test_the_salesperson_is_notified_once(self):
        self.salesman.with_user(self.salesman).tells_upgrades = True
        self.rise()
        self.follow_up()
        self.follow_up()
        message = self.announcements()
        self.assertEqual(len(message), 1)
        self.assertIn("from Potential to VIP, with a score of 90.00", message.body)
        self.assertEqual(message.notified_partner_ids, self.salesman.partner_id)

    def test_nobody_is_told_who_did_not_ask(self):
        self.salesman.tells_downgrades = True
        self.rise()
        self.follow_up()
        self.assertFalse(self.announcements())
        self.salesman.tells_upgrades = True
        self.follow_up()
        self.assertFalse(self.announcements())

    def test_a_downgrade_and_being_no_longer_tiered_are_bad_news(self):
        self.salesman.tells_downgrades = True
        self.rise()
        self.policy.evaluate("2026-07-15")
        self.policy.partner_domain = [("name", "!=", "Acme")]
        self.policy.evaluate("2026-07-16")
        self.follow_up()
        bodies = " ".join(self.announcements().mapped("body"))
        self.assertIn("from VIP to Important, with a score of 0.00", bodies)
        self.assertIn("no longer tiered, was Important", bodies)
        self.assertEqual(len(self.announcements()), 2)

    def test_followers_of_the_contact_may_subscribe_to_it(self):
        colleague = self.make_member("following_salesman", "sales_team.group_sale_salesman")
        subtype = self.env.ref("customer_tiering.mt_tier_upgrade")
        self.acme.message_subscribe(colleague.partner_id.ids, subtype.ids)
        self.rise()
        self.follow_up()
        self.assertEqual(self.announcements().notified_partner_ids, colleague.partner_id)

    def test_an_employee_who_reads_the_contact_reads_no_tier(self):
        self.salesman.tells_upgrades = True
        employee = self.make_member("following_employee", "base.group_user")
        subtype = self.env.ref("customer_tiering.mt_tier_upgrade")
        self.acme.message_subscribe(employee.partner_id.ids, subtype.ids)
        self.rise()
        self.follow_up()
        self.assertEqual(self.announcements().notified_partner_ids, self.salesman.partner_id)
        self.assertNotIn(self.announcements(), self.acme.message_ids)
        found = self.env["mail.message"].with_user(employee).search([("body", "ilike", "VIP")])
        self.assertFalse(found)
        with self.assertRaises(AccessError):
            self.announcements().with_user(employee).read(["body"])

    def test_news_of_a_company_that_is_not_the_salespersons_stay_there(self):
        south = self.make_company("Southwind")
        self.salesman.tells_upgrades = True
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        self.make_order(self.acme, 10, "2026-06-02", company=south)
        policy.evaluate("2026-06-03")
        self.make_order(self.acme, 80, "2026-06-03", company=south)
        policy.evaluate("2026-06-04")
        self.follow_up()
        self.assertNotIn(self.salesman.partner_id, self.announcements().notified_partner_ids)

    def test_who_is_not_a_user_any_more_is_not_told(self):
        self.salesman.tells_upgrades = True
        self.salesman.active = False
        self.rise()
        self.follow_up()
        self.assertFalse(self.announcements())

    def test_who_may_not_see_tiers_any_more_is_not_told(self):
        self.salesman.tells_upgrades = True
        self.salesman.group_ids = self.env.ref("base.group_user")
        self.rise()
        self.follow_up()
        self.assertFalse(self.announcements())

    def test_the_customer_who_follows_his_own_record_is_not_told(self):
        subtypes = self.env.ref("customer_tiering.mt_tier_upgrade")
        portal = new_test_user(
            self.env, "customer_portal", "base.group_portal", partner_id=self.acme.id
        )
        self.acme.message_subscribe(portal.partner_id.ids, subtypes.ids)
        self.rise()
        self.follow_up()
        self.assertFalse(self.announcements().notified_partner_ids)

    def test_a_kind_of_news_that_was_deleted_stops_nobody(self):
        self.salesman.tells_upgrades = True
        self.env.ref("customer_tiering.mt_tier_upgrade").unlink()
        self.rise()
        self.follow_up()
        told = self.env["mail.message"].search(
            [
                ("res_id", "=", self.acme.id),
                ("model", "=", "res.partner"),
                ("body", "ilike", "to VIP"),
            ]
        )
        self.assertEqual(told.notified_partner_ids, self.salesman.partner_id)

    def test_moves_that_nobody_hears_of_do_not_wait(self):
        self.rise()
        waiting = self.env["customer.standing.change"].search([("is_announced", "=", False)])
        self.assertEqual(waiting.partner_id, self.acme)
        self.follow_up()
        self.assertTrue(waiting.is_announced)

    def test_when_the_time_is_up_the_rest_waits_and_nobody_is_told_twice(self):
        self.salesman.tells_upgrades = True
        bolt = self.make_customer("Bolt", user_id=self.salesman.id)
        self.make_order(bolt, 10, "2026-05-20")
        self.policy.evaluate("2026-06-01")
        self.make_order(bolt, 80, "2026-06-02")
        self.rise()
        self.patch(customer_standing_change, "BATCH", 1)
        changes = self.env["customer.standing.change"]
        changes._announce(lambda processed=0, **_progress: not processed)
        told = [self.announcements(partner) for partner in (self.acme, bolt)]
        self.assertEqual(sorted(map(len, told)), [0, 1])
        changes._announce(lambda **_progress: 1)
        told = [self.announcements(partner) for partner in (self.acme, bolt)]
        self.assertEqual(list(map(len, told)), [1, 1])

    def test_it_is_said_in_the_salespersons_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["customer_tiering"], ["zh_CN"])
        self.salesman.write({"tells_upgrades": True, "lang": "zh_CN"})
        self.rise()
        self.follow_up()
        chinese = self.potential.with_context(lang="zh_CN").name
        self.assertNotEqual(chinese, self.potential.name)
        self.assertIn(chinese, self.announcements().body)
