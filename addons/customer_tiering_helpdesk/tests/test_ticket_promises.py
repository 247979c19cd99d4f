from .common import TicketCase


class TestTicketPromises(TicketCase):
    """Tickets are set against their deadlines."""

    def promises(self, *tickets, now="2026-07-20 09:00:00"):
        """Return {promise: (state, days late)} of the tickets."""
        self.env["customer.promise.report"].invalidate_model()
        ids = [ticket.id for ticket in tickets]
        with self.at(now):
            return {
                promise.kind: (promise.state, promise.days_late)
                for promise in self.env["customer.promise.report"].search(
                    [("res_model", "=", "helpdesk.ticket"), ("res_id", "in", ids)]
                )
            }

    def test_answered_in_time_and_resolved_late(self):
        ticket = self.open_ticket(self.acme)
        self.answer(ticket, "2026-07-06 11:00:00")
        self.assertEqual(
            self.promises(ticket, now="2026-07-07 09:00:00"),
            {"response": ("kept", 0), "resolution": ("open", 0)},
        )
        self.move(ticket, self.done, "2026-07-07 15:00:00")
        self.assertEqual(
            self.promises(ticket), {"response": ("kept", 0), "resolution": ("broken", 0.25)}
        )

    def test_what_is_overdue_is_broken(self):
        ticket = self.open_ticket(self.acme)
        self.assertEqual(
            self.promises(ticket, now="2026-07-06 17:00:00"),
            {"response": ("broken", 0.25), "resolution": ("open", 0)},
        )

    def test_archived_tickets_count_if_they_were_settled(self):
        spam, settled = self.open_ticket(self.acme), self.open_ticket(self.acme)
        self.move(settled, self.done, "2026-07-06 10:00:00")
        (spam | settled).active = False
        self.env.flush_all()
        self.assertEqual(self.promises(spam), {})
        self.assertEqual(
            self.promises(settled), {"response": ("kept", 0), "resolution": ("kept", 0)}
        )

    def test_tickets_without_a_promise_are_not_measured(self):
        self.assertEqual(self.promises(self.open_ticket(self.bolt)), {})

    def test_the_tier_is_that_of_the_ticket(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        tickets = [self.open_ticket(buyer) for _number in range(4)]
        for ticket in tickets[:3]:
            self.move(ticket, self.done, "2026-07-06 10:00:00")
        self.standing(self.acme).sudo().tier_id = self.ordinary
        self.env.flush_all()
        seller = self.make_member("ticket_seller", "sales_team.group_sale_salesman")
        groups = (
            self.env["customer.promise.report"]
            .with_user(seller)
            ._read_group(
                [("kind", "=", "resolution")],
                ["partner_id", "tier_id"],
                ["attainment:avg", "decided_count:sum"],
            )
        )
        self.assertEqual(groups, [(self.acme, self.vip, 0.75, 4)])
