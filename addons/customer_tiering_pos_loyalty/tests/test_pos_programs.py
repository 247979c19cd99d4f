from odoo.addons.customer_tiering_loyalty.tests.common import LoyaltyCase


class TestPosPrograms(LoyaltyCase):
    """The point of sale offers what is for everybody."""

    def test_programmes_for_tiers_are_left_out(self):
        self.env["account.chart.template"].try_loading("generic_coa", self.company)
        shop = self.env["pos.config"].create({"name": "Shop"})
        currency = {"currency_id": shop.currency_id.id}
        for_everybody = self.make_program(**currency)
        for_tiers = self.make_program("coupons", tiers=self.vip, **currency)
        self.assertEqual(shop._get_program_ids(), for_everybody)
        coupon = self.env["loyalty.card"].create({"program_id": for_tiers.id, "points": 1})
        answer = shop.use_coupon_code(coupon.code, "2026-07-01", self.acme.id, False)
        self.assertFalse(answer["successful"])
        for_tiers.customer_tier_ids = False
        answer = shop.use_coupon_code(coupon.code, "2026-07-01", self.acme.id, False)
        self.assertTrue(answer["successful"])
