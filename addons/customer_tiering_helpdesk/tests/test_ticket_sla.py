from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user

from .common import TicketCase


class TestTicketSla(TicketCase):
    """A new ticket gets the SLA of its customer's tier."""

    def deadlines(self, ticket):
        return {
            sla.promise: Datetime.to_string(sla.deadline)
            for sla in ticket.ticket_sla_ids
            if sla.promise
        }

    def expired(self, moment):
        """Return the tickets that the helpdesk's filter finds."""
        with self.at(moment):
            return self.env["helpdesk.ticket"].search(
                [("sla_expired", "=", True), ("company_id", "=", self.company.id)]
            )

    def test_a_ticket_gets_the_hours_of_the_tier(self):
        ticket = self.open_ticket(self.acme)
        self.assertEqual(
            self.deadlines(ticket),
            {"response": "2026-07-06 11:00:00", "resolution": "2026-07-07 09:00:00"},
        )
        self.assertEqual(ticket.customer_tier_id, self.vip)
        self.assertEqual(Datetime.to_string(ticket.sla_deadline), "2026-07-06 11:00:00")
        self.assertEqual(set(ticket.ticket_sla_ids.mapped("state")), {"in_progress"})
        self.assertEqual(
            ticket.ticket_sla_ids.mapped("display_name"), ["First Response", "Resolution"]
        )
        self.assertTrue(ticket.sla_fits)

    def test_contacts_follow_their_company(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.assertEqual(len(self.deadlines(self.open_ticket(buyer))), 2)

    def test_an_archived_level_promises_nothing_to_new_tickets(self):
        before = self.open_ticket(self.acme)
        deadlines = self.deadlines(before)
        self.gold.active = False
        self.assertFalse(self.deadlines(self.open_ticket(self.acme)))
        before.ticket_sla_ids.invalidate_recordset()
        self.assertEqual(self.deadlines(before), deadlines)

    def test_one_promise_alone(self):
        self.gold.response_hours = 0
        ticket = self.open_ticket(self.acme)
        self.assertEqual(self.deadlines(ticket), {"resolution": "2026-07-07 09:00:00"})
        self.assertEqual(Datetime.to_string(ticket.sla_deadline), "2026-07-07 09:00:00")

    def test_the_deadline_does_not_move(self):
        ticket = self.open_ticket(self.acme)
        before = self.deadlines(ticket)
        self.gold.write({"response_hours": 4, "resolution_hours": 16})
        self.answer(ticket, "2026-07-06 10:00:00")
        shown = ticket.sla_deadline
        self.assertEqual(Datetime.to_string(shown), "2026-07-07 09:00:00")
        for stage, moment in (
            (self.working, "2026-07-06 10:30:00"),
            (self.new, "2026-07-06 15:00:00"),
            (self.done, "2026-07-07 08:00:00"),
        ):
            self.move(ticket, stage, moment)
            self.assertEqual(self.deadlines(ticket), before, stage.name)
            self.assertEqual(ticket.sla_deadline, shown, stage.name)
        self.assertEqual(set(ticket.ticket_sla_ids.mapped("state")), {"accomplished"})

    def test_closing_in_time_without_an_answer_keeps_both(self):
        ticket = self.open_ticket(self.acme)
        shown = ticket.sla_deadline
        self.move(ticket, self.done, "2026-07-06 10:00:00")
        self.assertEqual(set(ticket.ticket_sla_ids.mapped("state")), {"accomplished"})
        self.assertEqual(ticket.sla_deadline, shown)

    def test_closing_late_is_expired_and_stays_so(self):
        ticket = self.open_ticket(self.acme)
        before = self.deadlines(ticket)
        self.answer(ticket, "2026-07-06 10:00:00")
        self.move(ticket, self.done, "2026-07-07 09:00:01")
        self.assertEqual(self.sla(ticket, "resolution").state, "expired")
        self.assertEqual(self.sla(ticket, "response").state, "accomplished")
        self.assertEqual(self.deadlines(ticket), before)
        self.assertTrue(ticket.sla_expired)
        self.assertEqual(self.expired("2026-08-01 09:00:00"), ticket)

    def test_the_helpdesks_filter_finds_what_is_overdue(self):
        ticket = self.open_ticket(self.acme)
        self.open_ticket(self.bolt)
        self.assertFalse(self.expired("2026-07-06 10:59:59"))
        self.assertEqual(self.expired("2026-07-06 11:00:01"), ticket)

    def test_a_ticket_that_is_opened_again_is_not_resolved(self):
        ticket = self.open_ticket(self.acme)
        self.move(ticket, self.done, "2026-07-06 10:00:00")
        self.move(ticket, self.working, "2026-07-06 10:30:00")
        self.assertEqual(self.sla(ticket, "resolution").state, "in_progress")
        self.assertEqual(self.sla(ticket, "response").state, "accomplished")
        self.move(ticket, self.done, "2026-07-10 10:00:00")
        self.assertEqual(self.sla(ticket, "resolution").state, "expired")

    def test_a_new_ticket_after_a_move_has_the_new_tiers_sla(self):
        silver = self.gold.copy({"name": "Silver", "response_hours": 4, "resolution_hours": 0})
        self.potential.service_level_id = silver
        before = self.open_ticket(self.acme)
        self.first_order._action_cancel()
        self.make_order(self.acme, 1, "2026-06-02")
        self.policy.evaluate("2026-07-02")
        after = self.open_ticket(self.acme)
        self.assertEqual(after.customer_tier_id, self.potential)
        self.assertEqual(self.deadlines(after), {"response": "2026-07-06 14:00:00"})
        self.assertEqual(before.customer_tier_id, self.vip)
        self.assertEqual(len(self.deadlines(before)), 2)
        self.assertTrue(before.sla_fits)

    def test_each_company_has_its_own_tiers(self):
        south = self.make_company("Southwind")
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        self.make_order(self.bolt, 90, "2026-06-01", company=south)
        policy.evaluate("2026-06-30")
        policy._get_tiers()[0].service_level_id = self.gold.copy({"company_id": south.id})
        ticket = self.open_ticket(self.bolt, company_id=south.id)
        self.assertEqual(ticket.customer_tier_id.company_id, south)
        self.assertEqual(len(self.deadlines(ticket)), 2)
        self.assertFalse(self.deadlines(self.open_ticket(self.acme, company_id=south.id)))
        self.assertFalse(self.deadlines(self.open_ticket(self.bolt)))

    def test_other_tickets_keep_the_helpdesks_sla(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "Repairs", "use_sla": True, "resource_calendar_id": self.week.id}
        )
        general = self.env["helpdesk.sla"].create(
            {"name": "General", "hours": 3, "team_ids": team.ids, "stage_id": self.done.id}
        )
        for partner in (self.bolt, self.make_customer("New"), self.env["res.partner"]):
            ticket = self.open_ticket(partner, team_id=team.id)
            self.assertEqual(ticket.sla_ids, general)
            self.assertEqual(Datetime.to_string(ticket.sla_deadline), "2026-07-06 12:00:00")
            self.assertTrue(ticket.sla_fits)
        self.move(ticket, self.done, "2026-07-06 10:00:00")
        self.assertEqual(ticket.ticket_sla_ids.state, "accomplished")
        self.assertFalse(ticket.sla_deadline)
        self.assertFalse(self.open_ticket(self.bolt).ticket_sla_ids)
        promised = self.open_ticket(self.acme, team_id=team.id)
        self.assertNotIn(general, promised.sla_ids)
        self.assertEqual(len(promised.sla_ids), 2)

    def test_naming_the_customer_later_brings_the_tier(self):
        ticket = self.open_ticket(self.env["res.partner"])
        self.assertFalse(ticket.ticket_sla_ids)
        with self.at("2026-07-06 10:00:00"):
            ticket.with_user(self.agent).partner_id = self.acme
        self.assertEqual(self.deadlines(ticket)["response"], "2026-07-06 11:00:00")
        with self.at("2026-07-06 10:30:00"):
            ticket.with_user(self.agent).partner_id = self.bolt
        self.assertFalse(ticket.ticket_sla_ids)
        self.assertEqual(ticket.customer_tier_id, self.ordinary)

    def test_the_helpdesk_keeps_what_it_may_not_see(self):
        self.env.flush_all()
        with self.at("2026-07-06 09:00:00"):
            ticket = (
                self.env["helpdesk.ticket"]
                .with_user(self.agent)
                .create({"name": "A", "description": "B", "partner_id": self.acme.id})
            )
        self.assertEqual(len(self.deadlines(ticket)), 2)
        with self.assertRaises(AccessError):
            ticket.read(["customer_tier_id"])
        with self.at("2026-07-06 10:00:00"):
            ticket.stage_id = self.done
        self.assertEqual(set(ticket.ticket_sla_ids.mapped("state")), {"accomplished"})

    def test_a_customer_in_the_portal_sees_the_deadline_and_not_the_tier(self):
        portal = new_test_user(
            self.env,
            "ticket_portal",
            "base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        portal.partner_id.parent_id = self.acme
        ticket = self.open_ticket(portal.partner_id).with_user(portal)
        self.assertTrue(ticket.sla_deadline)
        with self.assertRaises(AccessError):
            ticket.read(["customer_tier_id"])
        with self.assertRaises(AccessError):
            ticket.search([("customer_tier_id", "=", self.vip.id)])

    def test_a_tier_that_a_ticket_names_is_archived_and_not_deleted(self):
        self.open_ticket(self.acme)
        self.env["customer.standing"].search([("tier_id", "=", self.vip.id)]).sudo().unlink()
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.vip.unlink()
