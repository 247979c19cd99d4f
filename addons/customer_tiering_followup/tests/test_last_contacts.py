from datetime import date

from freezegun import freeze_time

from .common import FollowupCase


@freeze_time("2026-06-10 12:00:00")
class TestLastContacts(FollowupCase):
    """What counts as being in touch with a customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Ada", "parent_id": cls.acme.id})

    def last_contact(self):
        self.env.flush_all()
        query = self.env["customer.followup"]._last_contacts_query(self.company)
        return dict(self.env.execute_query(query)).get(self.acme.id)

    def post(self, record, day, user=None, **vals):
        vals.setdefault("message_type", "comment")
        message = record.with_user(user or self.anna).sudo().message_post(body="Hello", **vals)
        message.date = f"{day} 12:00:00"
        return message

    def assert_contact(self, day):
        self.assertEqual(self.last_contact(), date.fromisoformat(day))

    def assert_none_since(self):
        self.assert_contact("2026-05-01")

    def test_an_order_of_a_contact(self):
        self.assert_none_since()
        self.make_order(self.contact, 5, "2026-05-20")
        self.assert_contact("2026-05-20")

    def test_a_quotation_is_none_until_somebody_sends_it(self):
        order = self.make_order(self.acme, 5, "2026-05-20", confirm=False)
        self.assert_none_since()
        self.post(order, "2026-05-21")
        self.assert_contact("2026-05-21")

    def test_what_an_employee_notes_on_a_contact(self):
        self.post(self.contact, "2026-05-20")
        self.assert_contact("2026-05-20")

    def test_a_mail_of_the_customer(self):
        self.post(
            self.acme,
            "2026-05-20",
            user=self.env.ref("base.user_root"),
            message_type="email",
            author_id=self.contact.id,
        )
        self.assert_contact("2026-05-20")

    def test_what_the_system_or_a_stranger_writes_is_none(self):
        stranger = self.env["res.partner"].create({"name": "Somebody"})
        self.post(self.acme, "2026-05-20", user=self.env.ref("base.user_root"))
        self.post(self.acme, "2026-05-20", message_type="notification")
        self.post(self.acme, "2026-05-20", message_type="email", author_id=stranger.id)
        self.assert_none_since()

    def test_a_mail_that_bounced_is_none(self):
        message = self.post(self.acme, "2026-05-20")
        notice = self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "res_partner_id": self.contact.id,
                "notification_type": "email",
                "notification_status": "sent",
            }
        )
        self.assert_contact("2026-05-20")
        notice.notification_status = "bounce"
        self.assert_none_since()
        # It reached somebody else at the customer's.
        notice.copy({"res_partner_id": self.acme.id, "notification_status": "sent"})
        self.assert_contact("2026-05-20")

    def test_an_activity_that_was_done(self):
        activity = self.contact.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.anna.id
        )
        self.assert_none_since()
        with freeze_time("2026-05-20 12:00:00"):
            activity.action_done()
            self.env.flush_all()
        self.assert_contact("2026-05-20")

    def test_what_happens_on_an_invoice(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company)
        invoice = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.contact.id}
        )
        self.assert_none_since()
        self.post(invoice, "2026-05-20")
        self.assert_contact("2026-05-20")
        activity = invoice.activity_schedule("mail.mail_activity_data_call", user_id=self.anna.id)
        with freeze_time("2026-05-21 12:00:00"):
            activity.action_done()
            self.env.flush_all()
        self.assert_contact("2026-05-21")
        # A vendor's bill is none, even if the vendor is a customer too.
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "partner_id": self.contact.id}
        )
        self.post(bill, "2026-05-22")
        self.assert_contact("2026-05-21")

    def test_an_invoice_of_another_company_is_none_here(self):
        south = self.make_company("Southwind")
        self.env["account.chart.template"].try_loading("generic_coa", south)
        invoice = (
            self.env["account.move"]
            .with_company(south)
            .create({"move_type": "out_invoice", "partner_id": self.acme.id})
        )
        self.assertEqual(invoice.company_id, south)
        self.post(invoice, "2026-05-20")
        self.assert_none_since()

    def test_a_meeting_about_an_order_whoever_was_invited(self):
        if "calendar.event" not in self.env:
            self.skipTest("Meetings are not installed")
        order = self.make_order(self.acme, 5, "2026-05-20", confirm=False)
        self.env["calendar.event"].with_context(no_mail_to_attendees=True).create(
            [
                {
                    "name": day,
                    "start": f"{day} 08:00:00",
                    "stop": f"{day} 09:00:00",
                    "res_model_id": self.env["ir.model"]._get_id("sale.order"),
                    "res_id": order.id,
                    "partner_ids": [(6, 0, self.anna.partner_id.ids)],
                }
                for day in ("2026-05-21", "2026-06-20")
            ]
        )
        self.assert_contact("2026-05-21")

    def test_a_meeting_that_was_held(self):
        if "calendar.event" not in self.env:
            self.skipTest("Meetings are not installed")
        meetings = self.env["calendar.event"].with_context(no_mail_to_attendees=True)
        held, declined, ahead = meetings.create(
            [
                {
                    "name": day,
                    "start": f"{day} 08:00:00",
                    "stop": f"{day} 09:00:00",
                    "partner_ids": [(6, 0, self.contact.ids)],
                }
                for day in ("2026-05-20", "2026-05-21", "2026-06-20")
            ]
        )
        declined.attendee_ids.state = "declined"
        self.assertTrue(held and ahead)
        self.assert_contact("2026-05-20")
