from odoo.fields import Command

from .common import TieringCase


class TestExplanation(TieringCase):
    """A score is explained by what the run stored, not by what holds now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.criterion_ids = [
            Command.clear(),
            Command.create(
                {"metric": "revenue", "weight": 3, "scale": "linear", "floor": 0, "cap": 2000}
            ),
            Command.create(
                {"metric": "recency_days", "weight": 1, "scale": "linear", "floor": 100, "cap": 0}
            ),
        ]
        cls.acme = cls.make_customer("Acme")
        cls.make_order(cls.acme, 1000, "2026-06-20")
        cls.policy.evaluate("2026-06-30")

    def test_contributions_add_up_to_the_score(self):
        standing = self.standing(self.acme)
        self.assertEqual(
            [
                (part["metric"], part["figure"], part["points"], part["contribution"])
                for part in standing.components
            ],
            [("revenue", 1000, 50, 37.5), ("recency_days", 10, 90, 22.5)],
        )
        self.assertEqual(sum(part["contribution"] for part in standing.components), standing.score)

    def test_it_stays_true_after_the_criteria_changed(self):
        self.policy.criterion_ids[0].weight = 1
        self.assertEqual(self.standing(self.acme).components[0]["weight"], 3)
        self.policy.evaluate("2026-07-01")
        self.assertEqual(self.standing(self.acme).components[0]["weight"], 1)

    def test_it_is_shown_in_words_and_money(self):
        text = self.standing(self.acme).explanation
        for expected in ("Revenue", "1,000.00", "10 days", "37.50", "60.00"):
            self.assertIn(expected, text)

    def test_a_missing_figure_is_left_out_of_the_weights(self):
        invoiced_only = self.make_customer("Never Ordered")
        self.make_order(invoiced_only, 500, "2026-06-01").write({"state": "cancel"})
        journal = self.env["account.journal"].create(
            {"name": "Sales", "code": "TSJ", "type": "sale", "company_id": self.company.id}
        )
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": invoiced_only.id,
                "journal_id": journal.id,
                "invoice_date": "2026-06-01",
            }
        ).state = "posted"
        self.policy.evaluate("2026-06-30")
        ignored = self.standing(invoiced_only)
        self.assertEqual([part["points"] for part in ignored.components], [0, None])
        self.assertEqual(ignored.score, 0)
        self.policy.criterion_ids[0].write({"floor": 2000, "cap": 0})
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(invoiced_only).score, 100)
        self.policy.criterion_ids[1].missing = "zero"
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(invoiced_only).score, 75)
