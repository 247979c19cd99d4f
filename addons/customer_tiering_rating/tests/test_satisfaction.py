from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.fields import Command


class TestSatisfaction(TieringCase):
    """The ratings of the period, as a part of the best rating."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "satisfaction", "scale": "linear", "floor": 0, "cap": 1}),
        ]
        cls.acme = cls.make_customer("Acme")
        cls.order = cls.make_order(cls.acme, 1, "2026-06-01")

    def rate(self, stars, moment="2026-06-10", partner=None, record=None, **values):
        """Return a rating of a record, the customer's order if none is given."""
        record = record or self.order
        rating = self.env["rating.rating"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(record._name),
                "res_id": record.id,
                "partner_id": (partner or self.acme).id,
                "rating": stars,
                "consumed": True,
                **values,
            }
        )
        # Giving a rating sets its date to now.
        rating.rated_on = moment if ":" in moment else f"{moment} 12:00:00"
        return rating

    def figure(self):
        self.policy.evaluate("2026-06-30")
        return self.standing(self.acme).components[0]["figure"]

    def test_ratings_of_contacts_are_averaged(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.rate(5)
        self.rate(2, partner=buyer)
        self.rate(5, partner=buyer)
        self.assertEqual(self.figure(), 0.8)
        standing = self.standing(self.acme)
        self.assertEqual((standing.score, standing.loyalty_score), (80, 80))
        self.assertEqual(standing._format_component(standing.components[0])["figure"], "80.0 %")

    def test_a_rating_stays_with_whom_it_was_given_for(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.rate(4, partner=buyer)
        buyer.parent_id = self.make_customer("Bolt")
        self.assertEqual(self.figure(), 0.8)

    def test_it_is_missing_without_a_rating(self):
        self.assertIsNone(self.figure())

    def test_what_was_asked_for_and_not_given_does_not_count(self):
        self.rate(0)
        self.rate(5, consumed=False)
        self.rate(4).reset()
        self.assertIsNone(self.figure())

    def test_a_rating_counts_when_it_was_given(self):
        asked_before = self.rate(1)
        self.env.cr.execute(
            "UPDATE rating_rating SET create_date = '2025-06-01' WHERE id = %s", [asked_before.id]
        )
        self.rate(5, "2025-06-30")
        self.rate(5, "2026-07-01")
        self.assertEqual(self.figure(), 0.2)

    def test_a_rating_of_an_earlier_version_counts_when_it_was_asked_for(self):
        rating = self.rate(3)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE rating_rating SET rated_on = NULL, create_date = '2026-06-01' WHERE id = %s",
            [rating.id],
        )
        self.assertEqual(self.figure(), 0.6)

    def test_the_day_is_the_companys(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        # 23:30 on the last day, and 00:30 on the day after it.
        self.rate(5, "2026-06-30 15:30:00")
        self.rate(1, "2026-06-30 16:30:00")
        # 23:30 on the day before the period, and 00:30 on its first day.
        self.rate(1, "2025-06-30 15:30:00")
        self.rate(4, "2025-06-30 16:30:00")
        self.assertEqual(self.figure(), 0.9)

    def test_a_rating_belongs_to_the_company_of_what_was_rated(self):
        branch = self.make_company("Northwind Antwerp", parent=self.company)
        south = self.make_company("Southwind")
        self.rate(5)
        self.rate(4, record=self.make_order(self.acme, 1, "2026-06-02", company=branch))
        self.rate(1, record=self.make_order(self.acme, 1, "2026-06-02", company=south))
        self.assertEqual(self.figure(), 0.9)

    def test_a_rating_of_what_every_company_shares_counts_for_each(self):
        self.rate(5)
        self.rate(2, record=self.product)
        self.rate(2, record=self.env["res.country"].search([], limit=1))
        self.assertEqual(self.figure(), 0.6)

    def test_the_company_is_that_of_the_day_of_the_rating(self):
        shared = self.env["res.partner"].create({"name": "Adviser"})
        rating = self.rate(2, record=shared, consumed=False)
        shared.company_id = self.company
        rating.write({"rating": 4, "consumed": True})
        self.assertEqual(rating.rated_company_id, self.company)
        shared.company_id = self.make_company("Southwind")
        self.assertEqual(rating.rated_company_id, self.company)
