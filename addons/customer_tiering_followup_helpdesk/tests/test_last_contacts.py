from datetime import date

from odoo.addons.customer_tiering.tests.common import TieringCase


class TestContactsOnTickets(TieringCase):
    """Being in touch about a ticket is being in touch with the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls.make_customer("Acme")
        cls.make_order(cls.acme, 90, "2026-06-01")
        cls.agent = cls.make_member("agent", "helpdesk_mgmt.group_helpdesk_user")
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "Broken chair",
                "description": "It has three legs.",
                "partner_id": cls.acme.id,
            }
        )

    def last_contact(self):
        self.env.flush_all()
        query = self.env["customer.followup"]._last_contacts_query(self.company)
        return dict(self.env.execute_query(query)).get(self.acme.id)

    def post(self, day, **vals):
        message = self.ticket.with_user(self.agent).sudo().message_post(body="Hello", **vals)
        message.date = f"{day} 12:00:00"

    def test_what_is_written_on_a_ticket(self):
        self.assertEqual(self.last_contact(), date(2026, 6, 1))
        self.post("2026-06-20", message_type="comment")
        self.assertEqual(self.last_contact(), date(2026, 6, 20))
        self.post("2026-06-21", message_type="email", author_id=self.acme.id)
        self.assertEqual(self.last_contact(), date(2026, 6, 21))

    def test_a_ticket_of_another_company_is_none_here(self):
        self.ticket.sudo().company_id = self.make_company("Southwind")
        self.post("2026-06-20", message_type="comment")
        self.assertEqual(self.last_contact(), date(2026, 6, 1))
