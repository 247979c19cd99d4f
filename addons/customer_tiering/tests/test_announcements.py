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
            self.env.ref("customer_tiering.ir_cron_follow_up").method_direct_trigger()
        self.env.invalidate_all()

    def rise(self):
        self.make_order(self.acme, 80, "2026-06-02")
        self.policy.evaluate("2026-06-03")

    def announcements(self):
        return self.acme.message_ids.filtered(
            lambda message: message.subtype_id.get_external_id()[message.subtype_id.id].startswith(
                "customer_tiering."
            )
        )

    def test_the_salesperson_is_notified_once(self):
        self.salesman.with_user(self.salesman).tells_promotions = True
        self.rise()
        self.follow_up()
        self.follow_up()
        message = self.announcements()
        self.assertEqual(len(message), 1)
        self.assertIn("from Potential to VIP, with a score of 90.00", message.body)
        self.assertEqual(message.notified_partner_ids, self.salesman.partner_id)

    def test_nobody_is_told_who_did_not_ask(self):
        self.salesman.tells_demotions = True
        self.rise()
        self.follow_up()
        self.assertFalse(self.announcements())
        self.salesman.tells_promotions = True
        self.follow_up()
        self.assertFalse(self.announcements())

    def test_a_demotion_and_leaving_the_ladder_are_bad_news(self):
        self.salesman.tells_demotions = True
        self.rise()
        self.policy.evaluate("2026-07-15")
        self.policy.partner_domain = [("name", "!=", "Acme")]
        self.policy.evaluate("2026-07-16")
        self.follow_up()
        bodies = " ".join(self.announcements().mapped("body"))
        self.assertIn("from VIP to Important, with a score of 0.00", bodies)
        self.assertIn("left the ladder, was Important", bodies)
        self.assertEqual(len(self.announcements()), 2)

    def test_followers_of_the_contact_may_subscribe_to_it(self):
        colleague = self.make_member("following_salesman", "sales_team.group_sale_salesman")
        subtype = self.env.ref("customer_tiering.mt_tier_promotion")
        self.acme.message_subscribe(colleague.partner_id.ids, subtype.ids)
        self.rise()
        self.follow_up()
        self.assertEqual(self.announcements().notified_partner_ids, colleague.partner_id)

    def test_news_of_a_company_that_is_not_the_salespersons_stay_there(self):
        south = self.make_company("Southwind")
        self.salesman.tells_promotions = True
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        self.make_order(self.acme, 10, "2026-06-02", company=south)
        policy.evaluate("2026-06-03")
        self.make_order(self.acme, 80, "2026-06-03", company=south)
        policy.evaluate("2026-06-04")
        self.follow_up()
        self.assertNotIn(self.salesman.partner_id, self.announcements().notified_partner_ids)
