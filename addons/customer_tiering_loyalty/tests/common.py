from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.fields import Command


class LoyaltyCase(TieringCase):
    """A VIP and an ordinary customer, and programmes made in one line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.judge_by_revenue(grace_days=0)
        cls.acme = cls.make_customer("Acme")
        cls.bolt = cls.make_customer("Bolt")
        cls.make_order(cls.acme, 90, "2026-06-01")
        cls.make_order(cls.bolt, 10, "2026-06-01")
        cls.policy.evaluate("2026-06-30")

    @classmethod
    def make_program(cls, kind="promotion", code=None, tiers=None, **vals):
        """Return a programme that takes 10 % off the order, kept to tiers if some are given."""
        return cls.env["loyalty.program"].create(
            {
                "name": f"{kind} {code or ''}",
                "program_type": kind,
                "trigger": "with_code" if code else "auto",
                "applies_on": "both" if kind == "loyalty" else "current",
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                "customer_tier_ids": [Command.set(tiers.ids if tiers else [])],
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "mode": "with_code" if code else "auto",
                            "code": code,
                            "reward_point_amount": 1,
                            "reward_point_mode": "money" if kind == "loyalty" else "order",
                        }
                    ),
                ],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "percent",
                            "discount": 10,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    ),
                ],
                **vals,
            }
        )

    @classmethod
    def quote(cls, partner, amount=100, company=None, user=None):
        """Return an open quotation, with its programmes computed."""
        order = cls.make_order(partner, amount, "2026-07-01", company=company, confirm=False)
        if user:
            order = order.with_user(user)
        order._update_programs_and_rewards()
        return order

    @staticmethod
    def offered(order):
        """Return the programmes whose rewards can be claimed on an order."""
        rewards = order._get_claimable_rewards().values()
        return order.env["loyalty.program"].union(*(reward.program_id for reward in rewards))

    def lose_the_tier(self, customer):
        self.policy.partner_domain = [("id", "!=", customer.id)]
        self.policy.evaluate("2026-07-01")
        self.assertFalse(self.standing(customer).tier_id)
