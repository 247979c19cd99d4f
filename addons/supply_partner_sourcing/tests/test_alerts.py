from .common import SourcingCase


class TestAlerts(SourcingCase):
    """Who is told, once, when a strategic product becomes single-sourced."""

    def setUp(self):
        super().setUp()
        self.bought(self.screws, 100)
        self.add_seller(self.screws, self.other)
        self.qualification = self.qualify(self.other)
        # By habit the risk is 50 × 40 % of sources alone.
        self.policy.sudo().high_risk = 60
        self.policy.sudo().switching_weight = 0
        self.find_sources()

    def activities(self):
        return self.row().sudo().activity_ids

    def test_told_once_and_taken_back(self):
        self.assertEqual((self.row().quadrant, self.row().sourcing), ("leverage", "habit"))
        self.assertFalse(self.activities())
        self.qualification.action_reject()
        self.find_sources()
        self.assertEqual((self.row().quadrant, self.row().sourcing), ("strategic", "single"))
        self.assertEqual(str(self.row().alert_since), "2026-03-16")
        activity = self.activities()
        self.assertEqual(activity.user_id, self.buyer)
        self.assertEqual(activity.summary, "Screws: strategic, and from Acme Fasteners alone")
        self.find_sources()
        self.assertEqual(self.activities(), activity)
        self.qualification.action_draft()
        self.qualification.action_qualify()
        self.find_sources()
        self.assertFalse(self.activities())
        self.assertFalse(self.row().alert_since)

    def test_whom_the_policy_names_and_who_may_do_it(self):
        manager = self.make_buyer(
            "head of purchase", self.company, "purchase.group_purchase_manager"
        )
        self.policy.sudo().user_id = manager
        self.qualification.action_reject()
        self.find_sources()
        activity = self.activities().with_user(manager)
        self.assertEqual(activity.user_id, manager)
        activity.action_feedback("A second vendor is being looked for.")
        self.assertFalse(self.activities())
        self.assertIn("second vendor", self.row().sudo().message_ids[0].body)

    def test_on_the_first_day_nothing_has_become_so(self):
        self.policy.calculated_at = False
        self.qualification.action_reject()
        self.find_sources()
        self.assertTrue(self.row().alert_since)
        self.assertFalse(self.activities())

    def test_the_overview_counts_it(self):
        self.qualification.action_reject()
        self.find_sources()
        sections = self.env["vmi.overview"].get_overview("company")["sections"]
        [section] = [section for section in sections if section["name"] == "sourcing"]
        self.assertEqual([tile["value"] for tile in section["tiles"]], [1, 0])
