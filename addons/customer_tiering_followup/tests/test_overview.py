from freezegun import freeze_time

from odoo.addons.overview_page.tests.common import OverviewCase

from .common import FollowupCase

PAGE = "customer.tier.overview"


@freeze_time("2026-06-10 12:00:00")
class TestOverview(FollowupCase, OverviewCase):
    def test_follow_ups_due_and_overdue_are_those_of_the_list(self):
        beta = self.make_customer("Beta", user_id=self.anna.id)
        days = {self.acme: "2026-06-01", beta: "2026-06-15"}
        for customer, day in days.items():
            self.env["customer.followup"].sudo().create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "kind": "anniversary",
                    "occasion": day,
                    "user_id": self.anna.id,
                    "date_planned": "2026-05-20",
                    "date_due": day,
                    "state": "planned",
                }
            )
        company = self.check_overview(PAGE)["company"]
        self.assertEqual(company["followups_overdue"]["value"], 1)
        self.assertEqual(company["followups_due"]["value"], 1)
        mine = self.check_overview(PAGE, self.anna)["mine"]
        self.assertEqual(mine["followups_overdue"]["value"], 1)
        other = self.make_member("care_other", "sales_team.group_sale_salesman")
        self.assertEqual(self.check_overview(PAGE, other)["mine"]["followups_due"]["value"], 0)
