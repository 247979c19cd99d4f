from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import SQL

from .common import TieringCase


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
