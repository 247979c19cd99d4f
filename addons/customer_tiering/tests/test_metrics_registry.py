import re
from datetime import date
from pathlib import Path
from textwrap import dedent

from odoo.fields import Command
from odoo.tools import SQL

from ..metrics import DOCUMENTS, METRICS, SOURCES, Metric, Source, register
from .common import TieringCase

DEVELOPER_GUIDE = Path(__file__).parents[1] / "readme" / "DEVELOP.rst"


class TestMetricsRegistry(TieringCase):
    """Another add-on brings a source and a metric without touching this one."""

    def test_a_registered_metric_is_offered_and_scored(self):
        @register
        class LineSource(Source):
            code = "lines"

            def query(self, scope):
                return SQL(
                    "SELECT partner.commercial_partner_id AS partner_id, COUNT(*) AS line_count"
                    " FROM sale_order_line AS line"
                    " JOIN res_partner AS partner ON partner.id = line.order_partner_id"
                    " WHERE line.state = 'sale' GROUP BY partner.commercial_partner_id"
                )

        @register
        class LineCount(Metric):
            code = "line_count"
            name = "Number of order lines"
            dimension = "potential"
            sources = ("lines",)

            def expression(self, scope):
                return SQL("COALESCE(lines.line_count, 0)")

        self.addCleanup(METRICS.pop, "line_count")
        self.addCleanup(SOURCES.pop, "lines")
        acme = self.make_customer("Acme")
        for _number in range(3):
            self.make_order(acme, 1, "2026-06-01")
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create(
                {"metric": "line_count", "weight": 1, "scale": "linear", "floor": 0, "cap": 4}
            ),
        ]
        self.assertEqual(self.policy.criterion_ids.dimension, "potential")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(acme).score, 75)
        self.assertEqual(self.standing(acme).potential_score, 75)

    def test_what_is_not_installed_is_not_offered(self):
        @register
        class Elsewhere(Metric):
            code = "elsewhere"
            name = "Figure of an add-on that is not installed"

        self.addCleanup(METRICS.pop, "elsewhere")
        Elsewhere.__module__ = "odoo.addons.customer_tiering_elsewhere.metrics"
        offered = dict(self.env["customer.tier.criterion"]._selection_metric())
        self.assertIn("revenue", offered)
        self.assertNotIn("elsewhere", offered)

    def test_the_examples_of_the_developers_guide_work(self):
        blocks = re.findall(
            r"^\.\. code:: python\n\n((?:   .*\n|\n)+)", DEVELOPER_GUIDE.read_text(), re.MULTILINE
        )
        blocks = [dedent(block) for block in blocks]
        examples = [block for block in blocks if "@register" in block]
        self.assertEqual(len(examples), 3)
        # Models of an add-on; what they do is tried in tests of their own.
        for extension in blocks[3:]:
            compile(extension, DEVELOPER_GUIDE.name, "exec")
        self.assertLess(len(examples[0].splitlines()), 20, "a metric takes under 20 lines")
        self.addCleanup(METRICS.pop, "order_span_days", None)
        self.addCleanup(SOURCES.pop, "products", None)
        self.addCleanup(DOCUMENTS.pop, "rentals", None)
        namespace = {"__name__": f"{__package__}.example"}
        for example in examples:
            exec(compile(example, DEVELOPER_GUIDE.name, "exec"), namespace)
        acme = self.make_customer("Acme")
        for day in ("2026-05-01", "2026-06-10"):
            self.make_order(acme, 1, day)
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "order_span_days", "scale": "linear", "floor": 0, "cap": 50}),
        ]
        self.rent(acme, 30, "2026-05-10")
        self.policy.evaluate("2026-06-30")
        standing = self.standing(acme)
        self.assertEqual(standing.score, 80)
        self.assertEqual((standing.revenue, standing.order_count), (32, 3))
        self.env.cr.execute(
            SOURCES["products"].query(self.policy._prepare_scope(date(2026, 6, 30)))
        )
        self.assertIn((acme.id, 1), self.env.cr.fetchall())

    def rent(self, partner, amount, day):
        """Make the table of which the guide's documents are read, with one row."""
        self.env.cr.execute(
            """
            CREATE TEMPORARY TABLE rental ON COMMIT DROP AS
            SELECT %s AS partner_id, %s AS company_id, %s::timestamp AS date_start,
                   %s::numeric AS amount_untaxed, TRUE AS confirmed
            """,
            [partner.id, self.company.id, day, amount],
        )
