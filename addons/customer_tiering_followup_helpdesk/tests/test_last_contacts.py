from datetime import date

from .common import TicketCase


class TestContactsOnTickets(TicketCase):
    """Being in touch about a ticket is being in touch with the customer."""

    def last_contact(self):
        self.env.flush_all()
        query = self.env["customer.followup"]._last_contacts_query(self.company)
        return dict(self.env.execute_query(query)).get(self.acme.id)

    def post(self, ticket, day, **vals):
        message = ticket.with_user(self.agent).sudo().message_post(body="Hello", **vals)
        message.date = f"{day} 12:00:00"

    def test_what_is_written_on_a_ticket(self):
        self.assertEqual(self.last_contact(), date(2026, 6, 1))
        ticket = self.open_ticket(self.acme)
        self.post(ticket, "2026-06-20", message_type="comment")
        self.assertEqual(self.last_contact(), date(2026, 6, 20))
        self.post(ticket, "2026-06-21", message_type="email", author_id=self.acme.id)
        self.assertEqual(self.last_contact(), date(2026, 6, 21))

    def test_a_ticket_of_another_company_is_none_here(self):
        ticket = self.open_ticket(self.acme)
        ticket.sudo().company_id = self.make_company("Southwind")
        self.post(ticket, "2026-06-20", message_type="comment")
        self.assertEqual(self.last_contact(), date(2026, 6, 1))
