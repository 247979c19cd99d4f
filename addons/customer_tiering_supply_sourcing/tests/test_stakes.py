from odoo.addons.supply_partner_sourcing.tests.common import SourcingCase
from odoo.fields import Command


class TestStakes(SourcingCase):
    """What is at stake if a vendor stops is shared out by the tiers that buy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        admin = cls.env(su=True, user=1)
        cls.policy_of_tiers = admin["customer.tier.policy"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.best, *_others = cls.policy_of_tiers._get_tiers()

    def setUp(self):
        super().setUp()
        self.bought(self.screws, 100)
        self.sold_daily(self.screws, 2, days=60)
        self.find_sources()
        self.row = self.env["vendor.sourcing.vendor"].search(
            [("company_id", "=", self.company.id), ("partner_id", "=", self.vendor.id)]
        )

    def order(self, quantity, tier=None):
        order = (
            self.env(su=True, user=1)["sale.order"]
            .with_context(allowed_company_ids=self.company.ids)
            .create(
                {
                    "partner_id": self.make_vendor("Customer").id,
                    "company_id": self.company.id,
                    "order_line": [
                        Command.create({"product_id": self.screws.id, "product_uom_qty": quantity})
                    ],
                }
            )
        )
        order.action_confirm()
        order.customer_tier_id = tier
        return order

    def stakes(self):
        self.buyer.sudo().group_ids += self.env.ref("customer_tiering.group_tiering_user")
        page = self.env["vendor.sourcing.vendor"].get_drill(self.vendor.id)
        return page["at_stake"], {one["name"]: one["value"] for one in page["stakes"]}

    def test_by_the_tiers_that_buy(self):
        self.order(30, self.best)
        self.order(10)
        at_stake, stakes = self.stakes()
        self.assertGreater(at_stake, 0)
        self.assertAlmostEqual(stakes[self.best.name], 0.75 * at_stake)
        self.assertAlmostEqual(stakes["No tier"], 0.25 * at_stake)
        self.assertEqual(list(stakes), [self.best.name, "No tier"])

    def test_what_nobody_ordered_is_no_tier_s(self):
        at_stake, stakes = self.stakes()
        self.assertEqual(stakes, {"No tier": at_stake})

    def test_who_sees_no_tiers_is_told_nothing(self):
        self.order(30, self.best)
        page = self.env["vendor.sourcing.vendor"].get_drill(self.vendor.id)
        self.assertEqual(page["stakes"], [])
