from datetime import date

from freezegun import freeze_time

from odoo.addons.customer_tiering.tests.common import TieringCase


@freeze_time("2026-06-10 12:00:00")
class TestContactsOnOpportunities(TieringCase):
    """Being in touch about an opportunity is being in touch with the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.make_member("lead_anna", "sales_team.group_sale_salesman")
        cls.acme = cls.make_customer("Acme")
        cls.contact = cls.env["res.partner"].create({"name": "Ada", "parent_id": cls.acme.id})
        cls.lead = cls.open_lead(cls.company)

    @classmethod
    def open_lead(cls, company):
        return cls.env["crm.lead"].create(
            {
                "name": "Opportunity",
                "type": "opportunity",
                "partner_id": cls.contact.id,
                "company_id": company.id,
                "user_id": False,
            }
        )

    def last_contact(self):
        self.env.flush_all()
        query = self.env["customer.followup"]._last_contacts_query(self.company)
        return dict(self.env.execute_query(query)).get(self.acme.id)

    def post(self, lead, day, **vals):
        message = lead.with_user(self.anna).sudo().message_post(body="Hello", **vals)
        message.date = f"{day} 12:00:00"

    def test_notes_mails_and_activities(self):
        self.assertIsNone(self.last_contact())
        self.post(self.lead, "2026-05-01", message_type="comment")
        self.assertEqual(self.last_contact(), date(2026, 5, 1))
        self.post(self.lead, "2026-05-02", message_type="email", author_id=self.contact.id)
        self.assertEqual(self.last_contact(), date(2026, 5, 2))
        activity = self.lead.activity_schedule("mail.mail_activity_data_call", user_id=self.anna.id)
        with freeze_time("2026-05-03 12:00:00"):
            activity.action_done()
            self.env.flush_all()
        self.assertEqual(self.last_contact(), date(2026, 5, 3))

    def test_a_meeting_about_it(self):
        self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(
            {
                "name": "Visit",
                "start": "2026-05-04 08:00:00",
                "stop": "2026-05-04 09:00:00",
                "opportunity_id": self.lead.id,
                "partner_ids": [(6, 0, self.anna.partner_id.ids)],
            }
        )
        self.assertEqual(self.last_contact(), date(2026, 5, 4))

    def test_a_lead_of_another_company_is_none_here_and_one_of_none_is(self):
        lead = self.open_lead(self.make_company("Southwind"))
        self.post(lead, "2026-05-05", message_type="comment")
        self.assertIsNone(self.last_contact())
        lead.company_id = False
        self.assertEqual(self.last_contact(), date(2026, 5, 5))
