from odoo.fields import Datetime
from odoo.tests import new_test_user

from .common import TicketCase


class TestFirstResponse(TicketCase):
    """A ticket is answered by the first public message of somebody who works here."""

    def setUp(self):
        super().setUp()
        self.ticket = self.open_ticket(self.acme)

    def answered(self):
        return Datetime.to_string(self.ticket.first_response_date) or False

    def test_the_first_public_message_counts(self):
        self.answer(self.ticket, "2026-07-06 10:00:00")
        self.answer(self.ticket, "2026-07-06 10:30:00")
        self.assertEqual(self.answered(), "2026-07-06 10:00:00")
        self.assertEqual(self.sla(self.ticket, "response").state, "accomplished")
        self.assertEqual(self.sla(self.ticket, "resolution").state, "in_progress")

    def test_an_answer_by_mail_counts(self):
        self.answer(self.ticket, "2026-07-06 10:00:00", message_type="email")
        self.assertEqual(self.answered(), "2026-07-06 10:00:00")

    def test_a_late_answer_is_expired(self):
        self.answer(self.ticket, "2026-07-06 11:00:01")
        self.assertEqual(self.sla(self.ticket, "response").state, "expired")

    def test_notes_customers_and_machines_do_not_answer(self):
        portal = new_test_user(self.env, "answer_portal", "base.group_portal")
        portal.partner_id.parent_id = self.acme
        self.ticket.message_subscribe(portal.partner_id.ids)
        for values in (
            {"subtype_xmlid": "mail.mt_note"},
            {"message_type": "notification"},
            {"message_type": "auto_comment"},
            {"author": portal},
            {"author": self.env.ref("base.user_root")},
        ):
            self.answer(self.ticket, "2026-07-06 10:00:00", **values)
            self.assertFalse(self.answered(), values)

    def test_an_employee_who_asks_does_not_answer(self):
        ticket = self.open_ticket(self.agent.partner_id)
        self.answer(ticket, "2026-07-06 10:00:00")
        self.assertFalse(ticket.first_response_date)

    def test_it_is_noted_without_a_promise_too(self):
        ticket = self.open_ticket(self.bolt)
        self.answer(ticket, "2026-07-06 10:00:00")
        self.assertEqual(Datetime.to_string(ticket.first_response_date), "2026-07-06 10:00:00")
        self.assertFalse(ticket.copy().first_response_date)

    def test_an_answer_after_closing_does_not_replace_it(self):
        self.move(self.ticket, self.done, "2026-07-06 10:00:00")
        self.answer(self.ticket, "2026-07-06 15:00:00")
        response = self.sla(self.ticket, "response")
        self.assertEqual(response.state, "accomplished")
        self.assertEqual(Datetime.to_string(response.kept_date), "2026-07-06 10:00:00")
