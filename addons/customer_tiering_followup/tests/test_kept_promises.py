from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tools import SQL

from .common import TieringCase
from .test_follow_ups import FollowupCase


@freeze_time("2026-06-10 12:00:00")
class TestKeptPromises(FollowupCase):
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
        self.assertEqual(self.care().state, "unassigned")
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


class TestPromiseSources(TieringCase):
    """What the sources give is judged the same way for all of them."""

    def test_without_a_source_the_analysis_is_empty(self):
        report = self.env["customer.promise.report"]
        with patch.object(self.registry["customer.promise.report"], "_promise_sources", list):
            self.assertFalse(report.search([]))
            self.assertFalse(
                report._read_group(
                    [], ["tier_id", "promised_date:month"], ["attainment:avg", "days_late:avg"]
                )
            )

    def test_each_source_keeps_its_own_rows(self):
        def sources(report):
            return [
                SQL(
                    """
                    SELECT 7 AS id, NULL AS kind, %s AS partner_id, %s AS company_id,
                           NULL::integer AS tier_id, %s::timestamp AS promised_date,
                           %s::timestamp AS due, %s::timestamp AS kept_date,
                           'res.partner' AS res_model, %s AS res_id
                    """,
                    acme.id,
                    self.company.id,
                    "2026-07-01 12:00:00",
                    "2026-07-01 22:00:00",
                    done,
                    acme.id,
                )
                for done in ("2026-07-01 22:00:00", "2026-07-02 10:00:00", None)
            ]

        acme = self.make_customer("Acme")
        report = self.env["customer.promise.report"]
        with (
            patch.object(self.registry["customer.promise.report"], "_promise_sources", sources),
            freeze_time("2026-07-01 21:00:00"),
        ):
            promises = report.search([], order="id")
            self.assertEqual(promises.mapped("state"), ["kept", "broken", "open"])
            self.assertEqual(promises.mapped("days_late"), [0, 0.5, 0])
            self.assertEqual(
                report._read_group([], [], ["attainment:avg", "decided_count:sum", "is_kept:sum"]),
                [(0.5, 2, 1)],
            )
            self.assertEqual(report.browse(promises[1].id).kept_date.hour, 10)
