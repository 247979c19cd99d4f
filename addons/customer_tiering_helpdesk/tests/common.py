from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.fields import Command, Datetime


class TicketCase(TieringCase):
    """VIPs are promised an answer within 2 working hours, and a resolution within 8."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False)
        cls.acme, cls.bolt = map(cls.make_customer, ("Acme", "Bolt"))
        cls.first_order = cls.make_order(cls.acme, 90, "2026-06-01")
        cls.make_order(cls.bolt, 45, "2026-06-01")
        cls.policy.evaluate("2026-06-30")
        cls.week = cls.company.resource_calendar_id = cls.make_week("UTC")
        cls.gold = cls.env["customer.service.level"].create(
            {"name": "Gold", "response_hours": 2, "resolution_hours": 8}
        )
        cls.vip.service_level_id = cls.gold
        cls.new, cls.working, cls.done = (
            cls.env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}")
            for name in ("new", "in_progress", "done")
        )
        cls.done.mail_template_id = False
        cls.agent = cls.make_member("agent", "helpdesk_mgmt.group_helpdesk_user")

    @classmethod
    def make_week(cls, timezone, company=None):
        """Return working hours from Monday to Friday, 8 to 12 and 13 to 17."""
        return cls.env["resource.calendar"].create(
            {
                "name": timezone,
                "tz": timezone,
                "company_id": (company or cls.company).id,
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": f"{day} {begin}",
                                "dayofweek": str(day),
                                "hour_from": begin,
                                "hour_to": begin + 4,
                                "day_period": "morning" if begin == 8 else "afternoon",
                            }
                        )
                        for day in range(5)
                        for begin in (8, 13)
                    ),
                ],
            }
        )

    @contextmanager
    def at(self, moment):
        """Let it be a moment (UTC)."""
        moment = Datetime.to_datetime(moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            yield
            self.env.flush_all()

    def open_ticket(self, partner, moment="2026-07-06 09:00:00", **vals):
        """Return a ticket that a customer opens; the day is a Monday unless another is named."""
        with self.at(moment):
            return self.env["helpdesk.ticket"].create(
                {
                    "name": "Broken chair",
                    "description": "It has three legs.",
                    "partner_id": partner.id,
                    **vals,
                }
            )

    def sla(self, ticket, promise):
        return ticket.ticket_sla_ids.filtered(lambda sla: sla.promise == promise)

    def move(self, ticket, stage, moment):
        with self.at(moment):
            ticket.stage_id = stage

    def answer(self, ticket, moment, author=None, **values):
        with self.at(moment):
            ticket.with_user(author or self.agent).message_post(
                **{
                    "body": "We send a leg.",
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_comment",
                    **values,
                }
            )
