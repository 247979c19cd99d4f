from datetime import timedelta
from random import Random

from odoo import Command, fields
from odoo.addons.customer_tiering.tests.common import TieringCase

TODAY = fields.Date.to_date("2026-06-30")


class LifetimeCase(TieringCase):
    """A company whose customers order at random, and leave at random: seeded, so always alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("customer_tiering.group_tiering_manager")
        cls.policy.write({"lifetime_minimum_customers": 40, "lifetime_minimum_days": 180})

    @classmethod
    def sell(cls, bought, company=None, currency=None, rate=1.0):
        """Make confirmed orders, all at once and without lines: a thousand take a second.

        :param bought: {customer: [(day, amount), ...]}
        """
        company = company or cls.company
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        rows = [
            (partner, day, amount) for partner, days in bought.items() for day, amount in days
        ]
        orders = env["sale.order"].create(
            [{"partner_id": partner.id, "company_id": company.id} for partner, _day, _sum in rows]
        )
        orders.flush_recordset()
        for order, (_partner, day, amount) in zip(orders, rows, strict=True):
            cls.env.cr.execute(
                """
                UPDATE sale_order
                   SET state = 'sale', date_order = %s, amount_untaxed = %s, amount_total = %s,
                       currency_rate = %s, currency_id = %s
                 WHERE id = %s
                """,
                [
                    f"{day} 12:00:00",
                    amount,
                    amount,
                    rate,
                    (currency or company.currency_id).id,
                    order.id,
                ],
            )
        cls.env.invalidate_all()
        return orders

    @classmethod
    def make_customers(cls, count, prefix="Customer"):
        return cls.env["res.partner"].create(
            [{"name": f"{prefix} {number}", "is_company": True} for number in range(count)]
        )

    @classmethod
    def draw(
        cls, count, seed=1, history=720, leaving=0.2, rate=(2.0, 90.0), amount=None, newest=0.7
    ):
        """Return what customers who behave by the model's assumptions bought.

        :param leaving: the mean chance to leave after an order
        :param rate: shape and scale (in days) of the rate of orders
        :param amount: of one day, given the random numbers and the customer's mean days between
        :param newest: the latest first order, as part of the history
        """
        random = Random(seed)
        bought = {}
        for partner in cls.make_customers(count):
            own = random.gammavariate(rate[0], 1 / rate[1])
            chance = leaving and random.betavariate(2 * leaving, 2 * (1 - leaving))
            usual = 100 / random.gammavariate(6, 1 / 6)
            day, days = random.uniform(0, newest * history), []
            while day < history:
                when = TODAY - timedelta(days=history - int(day))
                spent = (
                    amount(random, own) if amount else usual * random.gammavariate(5, 1 / 5)
                )
                days.append((when, round(max(spent, 1), 2)))
                if random.random() < chance:
                    break
                day += random.expovariate(own)
            bought[partner] = days
        return bought

    def estimate(self, policy=None, day=TODAY):
        """Run the tiers, so that there are standings, and estimate."""
        policy = policy or self.policy
        policy.evaluate(day)
        return policy._estimate_lifetimes(day)

    def score_by(self, metric, **vals):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create(
                {"metric": metric, "scale": "linear", "floor": 0, "cap": 1, **vals}
            ),
        ]
