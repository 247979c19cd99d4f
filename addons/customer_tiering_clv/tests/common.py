from datetime import timedelta
from random import Random

from odoo import Command, fields
from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.tools import SQL

TODAY = fields.Date.to_date("2026-06-30")


class LifetimeCase(TieringCase):
    """A company whose customers order at random, and leave at random: seeded, so always alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("customer_tiering.group_tiering_manager")
        cls.policy.write({"lifetime_minimum_customers": 40, "lifetime_minimum_days": 180})

    @classmethod
    def sell(cls, bought, company=None, rate=1.0):
        """Make confirmed orders, all at once and without lines.

        :param bought: {customer: [(day, amount), ...]}
        """
        company = company or cls.company
        partners = [
            (partner, day, amount) for partner, rows in bought.items() for day, amount in rows
        ]
        first = cls.make_order(partners[0][0], 1, "2026-01-01", company=company)
        cls.env.flush_all()
        own = {
            "name", "partner_id", "partner_invoice_id", "partner_shipping_id", "date_order",
            "amount_untaxed", "amount_total", "currency_rate", "access_token",
        }  # fmt: skip
        kept = [
            SQL.identifier(name)
            for name, field in first._fields.items()
            if field.store and field.column_type and name not in own | {"id"}
        ]
        cls.env.cr.execute(
            SQL(
                """
                INSERT INTO sale_order (name, partner_id, partner_invoice_id, partner_shipping_id,
                                        date_order, amount_untaxed, amount_total, currency_rate,
                                        %(kept)s)
                     SELECT 'L' || row_number, partner, partner, partner,
                            day + TIME '12:00', amount, amount, %(rate)s, %(kept)s
                       FROM sale_order,
                            UNNEST(%(partners)s::integer[], %(days)s::date[],
                                   %(amounts)s::numeric[])
                            WITH ORDINALITY AS sold (partner, day, amount, row_number)
                      WHERE sale_order.id = %(order)s
                """,
                kept=SQL(", ").join(kept),
                rate=rate,
                partners=[partner.id for partner, _day, _amount in partners],
                days=[day for _partner, day, _amount in partners],
                amounts=[amount for _partner, _day, amount in partners],
                order=first.id,
            )
        )
        cls.env.cr.execute(SQL("DELETE FROM sale_order WHERE id = %s", first.id))
        cls.env.invalidate_all()

    @classmethod
    def make_partners(cls, count, prefix="Customer"):
        return cls.env["res.partner"].create(
            [{"name": f"{prefix} {number}", "is_company": True} for number in range(count)]
        )

    @classmethod
    def draw(
        cls, count, seed=2, history=720, leaving=0.2, rate=(2.0, 90.0), amount=None, newest=0.7
    ):
        """Return what customers who behave by the model's assumptions bought.

        :param leaving: the mean chance to leave after an order
        :param rate: shape and scale (in days) of the rate of orders
        :param amount: of one day, given the random numbers and the customer's mean days between
        :param newest: the latest first order, as part of the history
        """
        random = Random(seed)
        bought = {}
        for partner in cls.make_partners(count):
            own = random.gammavariate(rate[0], 1 / rate[1])
            chance = leaving and random.betavariate(2 * leaving, 2 * (1 - leaving))
            usual = 100 / random.gammavariate(6, 1 / 6)
            day, days = random.uniform(0, newest * history), []
            while day < history:
                when = TODAY - timedelta(days=history - int(day))
                spent = amount(random, own) if amount else usual * random.gammavariate(5, 1 / 5)
                days.append((when, round(max(spent, 1), 2)))
                if random.random() < chance:
                    break
                day += random.expovariate(own)
            bought[partner] = days
        return bought

    @classmethod
    def estimate(cls, policy=None, day=TODAY):
        """Run the tiers, so that there are standings, and estimate."""
        policy = policy or cls.policy
        policy.evaluate(day)
        return policy._estimate_lifetimes(day)

    def score_by(self, metric, **vals):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": metric, "scale": "linear", "floor": 0, "cap": 1, **vals}),
        ]
