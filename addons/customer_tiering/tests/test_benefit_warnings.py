from odoo.tests import Form

from .common_prices import PricingCase


class TestBenefitWarnings(PricingCase):
    """A tier says what of its benefits does not reach its customers."""

    def test_nothing_to_say(self):
        self.assertFalse(self.vip.benefit_warning)
        self.assertFalse(self.ordinary.benefit_warning)

    def test_the_feature_is_off(self):
        self.turn_off("product.group_product_pricelist")
        self.assertIn("Turn on Pricelists in the settings", self.vip.benefit_warning)
        self.assertFalse(self.ordinary.benefit_warning)
        manager = self.make_member("warned", "customer_tiering.group_tiering_manager")
        with Form(self.vip.with_user(manager)) as form:
            self.assertIn(
                "Pricelist VIP has no effect: pricelists are turned off", form.benefit_warning
            )

    def test_archived(self):
        self.vip_prices.active = False
        self.assertIn("Pricelist VIP: no effect, because it is archived", self.vip.benefit_warning)

    def test_of_another_company(self):
        south = self.make_company("Southwind")
        self.vip.pricelist_id = self.make_prices("Southern", company=south)
        self.assertIn("belongs to Southwind. Choose one of Northwind", self.vip.benefit_warning)
        terms = self.env["account.payment.term"].create({"name": "60 days", "company_id": south.id})
        self.vip.write({"pricelist_id": False, "payment_term_id": terms.id})
        self.assertIn("Payment terms 60 days: no effect", self.vip.benefit_warning)
        manager = self.make_member("southern", "customer_tiering.group_tiering_manager")
        self.assertIn("Southwind", self.vip.with_user(manager).benefit_warning)

    def test_branches_cannot_use_it(self):
        self.make_company("Northwind Ghent", parent=self.company)
        self.assertIn("Pricelist VIP: no effect in branches", self.vip.benefit_warning)
        self.vip_prices.company_id = False
        self.assertFalse(self.vip.benefit_warning)
