from datetime import timedelta
from unittest.mock import patch

from odoo.addons.customer_tiering.tests.common_prices import PricingCase
from odoo.fields import Command, Datetime

from .common import PosCase


class TestPosPrices(PosCase, PricingCase):
    """What a cashier's point of sale loads of tiers: their pricelists, and who gets them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place(cls.acme, cls.vip)
        cls.shop.write(
            {
                "use_pricelist": True,
                "available_pricelist_ids": [Command.set(cls.standard.ids)],
                "pricelist_id": cls.standard.id,
            }
        )
        cls.cashier = cls.make_member(
            "tier_cashier", "base.group_user,point_of_sale.group_pos_user"
        )

    def load(self, since=None):
        """Return the records that the point of sale loads: {model: {id: values}}."""
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"allowed_company_ids": self.company.ids}
        if since:
            context |= {"pos_last_server_date": Datetime.to_string(since)}
        session = self.shop.current_session_id.with_user(self.cashier).with_context(**context)
        return {
            model: {row["id"]: row for row in rows} for model, rows in session.load_data([]).items()
        }

    def test_customers_come_with_the_tiers_pricelist_and_its_rules(self):
        loaded = self.load()
        customers = loaded["res.partner"]
        self.assertEqual(customers[self.acme.id]["property_product_pricelist"], self.vip_prices.id)
        self.assertEqual(
            customers[self.newcomer.id]["property_product_pricelist"], self.standard.id
        )
        self.assertEqual(set(loaded["product.pricelist"]), {self.standard.id, self.vip_prices.id})
        self.assertIn(self.vip_prices.item_ids.id, loaded["product.pricelist.item"])
        # The cashier chooses among the shop's own.
        config = loaded["pos.config"][self.shop.id]
        self.assertEqual(config["available_pricelist_ids"], self.standard.ids)

    def test_pricelists_that_the_shop_cannot_use_are_left_out(self):
        dollar = self.make_currency("USD", d20260101=2)
        south = self.make_company("Southwind")
        self.important.pricelist_id = self.make_prices("Dollars", currency_id=dollar.id)
        self.ordinary.pricelist_id = self.make_prices("Southern", company=south)
        self.vip_prices.active = False
        self.assertEqual(set(self.load()["product.pricelist"]), set(self.standard.ids))

    def test_a_shop_without_pricelists_loads_none(self):
        self.shop.write({"use_pricelist": False, "pricelist_id": False})
        self.assertFalse(self.load()["product.pricelist"])

    def test_the_next_loading_brings_who_moved(self):
        tomorrow, next_week = (Datetime.now() + timedelta(days=days) for days in (1.5, 8))
        self.env.cr.execute("UPDATE res_partner SET write_date = '2026-01-01'")
        self.env.cr.execute("UPDATE customer_standing SET tier_since = '2026-01-01'")
        ours = self.acme | self.newcomer

        def loaded(since):
            return set(self.load(since)["res.partner"]) & set(ours.ids)

        self.assertFalse(loaded(Datetime.now()))
        self.standing(self.acme).tier_id = self.important
        self.env["customer.standing.change"].create(
            {
                "partner_id": self.acme.id,
                "company_id": self.company.id,
                "old_tier_id": self.vip.id,
                "new_tier_id": self.important.id,
                "reason": "downgrade",
                "date": "2026-06-30",
            }
        )
        self.place(self.newcomer, self.vip)
        self.standing(self.newcomer).tier_since = Datetime.now().date()
        self.assertEqual(loaded(Datetime.now()), set(ours.ids))
        with patch.object(self.env.cr, "now", lambda: next_week):
            self.assertFalse(loaded(tomorrow + timedelta(days=1)))

    def test_another_pricelist_of_a_tier_has_all_loaded_anew(self):
        self.shop.last_data_change = "2026-01-01"
        self.vip.name = "Best"
        self.env.flush_all()
        self.assertEqual(str(self.shop.last_data_change), "2026-01-01 00:00:00")
        self.vip.pricelist_id = self.standard
        self.assertNotEqual(str(self.shop.last_data_change), "2026-01-01 00:00:00")

    def test_the_cashier_sees_no_tier(self):
        self.assertFalse(self.env["customer.tier"].with_user(self.cashier).has_access("read"))
        self.assertNotIn("customer_tier_id", self.load()["res.partner"][self.acme.id])
