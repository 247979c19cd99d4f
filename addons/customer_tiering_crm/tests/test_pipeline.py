from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.fields import Command


class TestPipeline(TieringCase):
    """Open opportunities count by their probability, and make prospects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "pipeline", "scale": "linear", "floor": 0, "cap": 1000}),
        ]
        cls.acme = cls.make_customer("Acme")
        cls.make_order(cls.acme, 1, "2026-06-01")

    def open_lead(self, revenue, probability, partner=None, company=None, **values):
        lead = self.env["crm.lead"].create(
            {
                "name": "Opportunity",
                "type": "opportunity",
                "partner_id": (partner or self.acme).id,
                "company_id": (company or self.company).id,
                "expected_revenue": revenue,
                "probability": probability,
                **values,
            }
        )
        # As if it had been there on the day of the evaluation.
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-06-15' WHERE id = %s", [lead.id]
        )
        return lead

    def evaluate(self):
        self.env.flush_all()
        self.policy.evaluate("2026-06-30")

    def test_revenue_is_weighted_by_probability(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.open_lead(1000, 25)
        self.open_lead(400, 50, partner=buyer)
        self.evaluate()
        standing = self.standing(self.acme)
        self.assertEqual(standing.components[0]["figure"], 450)
        self.assertEqual((standing.score, standing.potential_score), (45, 45))

    def test_an_opportunity_stays_with_whom_it_was_for(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.open_lead(1000, 25, partner=buyer)
        buyer.parent_id = self.make_customer("Bolt")
        self.evaluate()
        self.assertEqual(self.standing(self.acme).components[0]["figure"], 250)

    def test_won_lost_and_foreign_opportunities_do_not_count(self):
        self.open_lead(1000, 100).action_set_won()
        self.open_lead(1000, 50).action_set_lost()
        self.open_lead(1000, 50, company=self.make_company("Southwind"))
        self.open_lead(1000, 50, type="lead")
        self.evaluate()
        self.assertEqual(self.standing(self.acme).components[0]["figure"], 0)

    def test_an_opportunity_makes_a_prospect(self):
        newcomer = self.make_customer("Newcomer")
        self.open_lead(1000, 10, partner=newcomer)
        self.evaluate()
        standing = self.standing(newcomer)
        self.assertEqual((standing.lifecycle, standing.tier_id), ("prospect", self.potential))
