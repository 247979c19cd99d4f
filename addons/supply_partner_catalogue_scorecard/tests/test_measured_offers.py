from odoo.addons.supply_partner_scorecard.tests.common import ScorecardCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestMeasuredOffers(ScorecardCase):
    """What the catalogue says of a vendor's deliveries."""

    def test_offers_show_what_the_scorecard_found(self):
        bolt_works = self.make_vendor("Bolt Works")
        self.env["product.supplierinfo"].sudo().create(
            {
                "partner_id": bolt_works.id,
                "product_tmpl_id": self.screws.product_tmpl_id.id,
                "price": 3.0,
                "company_id": self.company.id,
            }
        )
        # One of two orders comes in time.
        self.received(self.ordered((self.screws, 10)), "2026-02-09 10:00:00")
        self.received(self.ordered((self.screws, 10)), "2026-02-20 10:00:00")
        self.scorecard.action_recalculate()
        self.env.flush_all()
        offers = self.env["vendor.offer"].search([("product_id", "=", self.screws.id)])
        of_vendor = {offer.partner_id: offer for offer in offers}
        self.assertTrue(of_vendor[self.vendor].has_otif)
        self.assertEqual(of_vendor[self.vendor].otif, 0.5)
        self.assertFalse(of_vendor[bolt_works].has_otif)
