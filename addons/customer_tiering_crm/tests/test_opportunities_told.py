from freezegun import freeze_time

from odoo.addons.customer_tiering.tests.common import TieringCase


@freeze_time("2026-06-10 12:00:00")
class TestOpportunitiesTold(TieringCase):
    """The customer's timeline tells which opportunities were won and lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.make_member("told_seller", "sales_team.group_sale_salesman")
        cls.colleague = cls.make_member("told_colleague", "sales_team.group_sale_salesman")
        cls.leader = cls.make_member("told_leader", "sales_team.group_sale_salesman_all_leads")
        cls.reader = cls.make_member("told_reader", "customer_tiering.group_tiering_user")
        cls.acme = cls.make_customer("Acme")
        cls.make_order(cls.acme, 90, "2026-05-01")
        cls.policy.evaluate("2026-06-09")

    def lead(self, name, partner=None, **vals):
        return self.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "partner_id": (partner or self.acme).id,
                "company_id": self.company.id,
                "user_id": self.seller.id,
                "expected_revenue": 1200,
                **vals,
            }
        )

    def told(self, user=None):
        """Return (day, title, text, tone) of what somebody is told of opportunities."""
        standing = self.standing(self.acme).with_user(user or self.seller)
        standing.invalidate_recordset(["timeline"])
        return [
            (event["date"], event["title"], event["text"], event["tone"])
            for event in standing.timeline
            if event["title"].startswith("Opportunity")
        ]

    def test_won_and_lost_with_the_reason(self):
        reason = self.env["crm.lost.reason"].create({"name": "Too dear"})
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.lead("Kiosk").action_set_won()
        with freeze_time("2026-06-11 18:00:00"):
            self.lead("Bar", partner=buyer).action_set_lost(lost_reason_id=reason.id)
        self.lead("Open")
        self.lead("Tip", type="lead").action_set_lost()
        self.lead("Spam", probability=20).action_archive()
        self.assertEqual(
            self.told(),
            [
                ("2026-06-12", "Opportunity lost: Bar", "1,200.00\xa0€ · Too dear", "danger"),
                ("2026-06-10", "Opportunity won: Kiosk", "1,200.00\xa0€", "success"),
            ],
        )

    def test_everybody_is_told_of_what_they_may_see(self):
        self.lead("Mine").action_set_won()
        self.lead("Anybody's", company_id=False, user_id=False).action_set_won()
        self.lead("The colleague's", user_id=self.colleague.id).action_set_won()
        south = self.make_company("Southwind")
        self.lead("Southwind's", company_id=south.id, user_id=False).action_set_won()
        self.assertEqual(
            [len(self.told(user)) for user in (self.seller, self.colleague, self.leader)], [2, 2, 3]
        )
        self.assertEqual(self.told(self.reader), [])

    def test_an_opportunity_stays_with_whom_it_was_for(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.lead("Kiosk", partner=buyer, expected_revenue=0).action_set_won()
        buyer.parent_id = self.make_customer("Bolt")
        self.assertEqual(self.told(), [("2026-06-10", "Opportunity won: Kiosk", "", "success")])
