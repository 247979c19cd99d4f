from freezegun import freeze_time

from odoo.exceptions import AccessError

from .common import FollowupCase


@freeze_time("2026-06-10 12:00:00")
class TestServiceLevelCompliance(FollowupCase):
    """Follow-ups against the day on which they were due; glue add-ons add other promises."""

    def promises(self, **values):
        report = self.env["customer.promise.report"]
        report.invalidate_model()
        domain = [("company_id", "=", self.company.id)]
        return report.search(domain + [(name, "=", value) for name, value in values.items()])

    def test_without_a_promise_there_is_nothing_to_measure(self):
        report = self.env["customer.promise.report"]
        self.assertFalse(self.promises())
        groups = report._read_group(
            [("company_id", "=", self.company.id)],
            ["tier_id", "promised_date:month"],
            ["attainment:avg", "decided_count:sum"],
        )
        self.assertEqual(groups, [])

    def test_a_follow_up_counts_once_it_is_done_or_overdue(self):
        self.plan()
        self.assertEqual(self.promises().mapped("state"), ["open"])
        self.assertEqual(self.promises().decided_count, 0)
        with freeze_time("2026-06-10 15:00:00"):
            self.acme.activity_ids.action_feedback("Talked")
        self.env.flush_all()
        promise = self.promises()
        self.assertEqual(
            (promise.kind, promise.state, promise.tier_id), ("follow_up", "kept", self.vip)
        )
        self.assertEqual((promise.attainment, promise.days_late), (1, 0))

    def test_a_follow_up_done_the_day_after_is_broken(self):
        self.plan()
        with freeze_time("2026-06-12 09:00:00"):
            self.acme.activity_ids.action_done()
            self.env.flush_all()
            promise = self.promises()
            self.assertEqual((promise.state, promise.attainment), ("broken", 0))
            self.assertAlmostEqual(promise.days_late, 1, places=3)

    def test_what_nobody_was_there_to_do_is_a_broken_promise_too(self):
        self.acme.user_id = False
        self.plan()
        self.assertEqual(self.followups().state, "unassigned")
        with freeze_time("2026-06-12 09:00:00"):
            self.assertEqual(self.promises().state, "broken")

    def test_what_was_cancelled_does_not_count(self):
        self.plan()
        self.acme.activity_ids.unlink()
        self.env.flush_all()
        self.assertFalse(self.promises())

    def test_another_company_and_an_employee_do_not_see_it(self):
        self.plan()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        reports = self.env["customer.promise.report"]
        member = self.make_member("promise_member", "customer_tiering.group_tiering_user")
        self.assertTrue(reports.with_user(member).search([("partner_id", "=", self.acme.id)]))
        member.write({"company_ids": [(4, other.id)], "company_id": other.id})
        here = reports.with_user(member).with_company(other)
        here = here.with_context(allowed_company_ids=other.ids)
        self.assertFalse(here.search([("partner_id", "=", self.acme.id)]))
        employee = self.make_member("promise_employee", "base.group_user")
        with self.assertRaises(AccessError):
            reports.with_user(employee).search([])
