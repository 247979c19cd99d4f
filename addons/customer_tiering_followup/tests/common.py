from freezegun import freeze_time

from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.fields import Command


@freeze_time("2026-06-10 12:00:00")
class FollowupCase(TieringCase):
    """Wednesday, 10 June 2026. VIPs are promised a follow-up every 30 days; Acme is one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False)
        cls.anna = cls.make_member("care_anna", "sales_team.group_sale_salesman")
        cls.acme = cls.make_customer("Acme", user_id=cls.anna.id)
        cls.make_order(cls.acme, 90, "2026-05-01")
        # Whoever makes test data must not become the salesperson of everybody.
        cls.level = cls.env["customer.service.level"].create(
            {"name": "Every 30 days", "followup_days": 30, "company_id": cls.company.id}
        )
        cls.vip.service_level_id = cls.level
        cls.policy.evaluate("2026-06-09")

    def plan(self):
        with self.enter_registry_test_mode():
            self.env.ref("customer_tiering_followup.ir_cron_followup").method_direct_trigger()
        self.env.invalidate_all()

    def followups(self, partner=None, company=None, **values):
        domain = [("partner_id", "=", (partner or self.acme).id)]
        domain.append(("company_id", "=", (company or self.company).id))
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["customer.followup"].search(domain, order="id")

    def make_vips(self, number, **vals):
        """Return customers with an order each, the first being the one who waits longest."""
        vals.setdefault("user_id", self.anna.id)
        partners = self.env["res.partner"]
        for place in range(number):
            partners |= self.make_customer(f"Customer {place}", **vals)
            self.make_order(partners[-1], 90, f"2026-04-{place + 1:02}")
        self.policy.evaluate("2026-06-10")
        return partners


class PlanCase(FollowupCase):
    """Nobody is promised follow-ups; plans are made by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.followup_days = 0
        cls.welcome = cls.make_plan("Welcome", ("Call", 1, "days"), ("Letter", 1, "weeks"))
        cls.win_back = cls.make_plan("Win back", ("Ask", 0, "days"))
        # Before anything a manager sets: what moved until now is history.
        cls.bolt = cls.make_customer("Bolt", user_id=cls.anna.id)
        cls.make_order(cls.bolt, 10, "2026-05-01")
        cls.policy.evaluate("2026-06-09")

    @classmethod
    def make_plan(cls, name, *lines):
        return cls.env["mail.activity.plan"].create(
            {
                "name": name,
                "res_model": "res.partner",
                "company_id": False,
                "template_ids": [
                    Command.create(
                        {
                            "summary": summary,
                            "delay_count": count,
                            "delay_unit": unit,
                            "delay_from": "after_plan_date",
                            "activity_type_id": cls.env.ref("mail.mail_activity_data_todo").id,
                        }
                    )
                    for summary, count, unit in lines
                ],
            }
        )

    def tasks(self, partner=None):
        """Return the open activities as (summary, deadline), the first due first."""
        activities = (partner or self.bolt).activity_ids
        return [
            (activity.summary, activity.date_deadline.isoformat())
            for activity in activities.sorted("date_deadline")
        ]

    def rise(self, partner=None):
        self.make_order(partner or self.bolt, 85, "2026-06-09")
        self.policy.evaluate("2026-06-10")
