"""Confirming orders and pricing 1,000 customers: Odoo with the add-ons beside Odoo without them.

Both databases are measured in the same run, in turns, and from empty caches. Every other customer
has a tier with a pricelist, payment terms and a standing discount. The limits are on queries,
which are the same on every machine; times are printed beside them.
"""

from __future__ import annotations

import statistics
import sys

from odoo.fields import Command

from benchmarks.common import Limits, benchmark_database, odoo_environment, seconds

CUSTOMERS = 1_000
ORDERS = 30
ROUNDS = 7
MORE_QUERIES_TO_CONFIRM = 2
MORE_QUERIES_TO_PRICE = 3


def main() -> int:
    limits = Limits()
    with (
        benchmark_database("bare", bare=True) as bare,
        benchmark_database("tiers") as tiers,
        odoo_environment(bare) as bare_env,
        odoo_environment(tiers) as tiers_env,
    ):
        compare(bare_env, tiers_env, limits)
    return limits.exit_code()


def compare(bare_env, tiers_env, limits: Limits) -> None:
    """Measure both in turns, after a first round that warms up; nothing is committed."""
    shops = Shop(bare_env), Shop(tiers_env)
    for title, measure, allowed in (
        ("confirming an order", Shop.confirm_orders, MORE_QUERIES_TO_CONFIRM),
        (f"pricing {CUSTOMERS:,} customers", Shop.price_customers, MORE_QUERIES_TO_PRICE),
    ):
        figures = [[measure(shop) for shop in shops] for _round in range(ROUNDS + 1)][1:]
        times, queries = (
            [[figure[kind] for figure in of_shop] for of_shop in zip(*figures, strict=True)]
            for kind in (0, 1)
        )
        without, with_tiers = (1000 * statistics.median(of_shop) for of_shop in times)
        ratios = [ours / theirs for theirs, ours in zip(*times, strict=True)]
        print(
            f"\n{title}: {without:.1f} ms without, {with_tiers:.1f} ms with the add-ons: "
            f"{statistics.median(ratios):.2f} × ({min(ratios):.2f} to {max(ratios):.2f})"
        )
        fewest, most = min(queries[0]), max(queries[1])
        print(f"  {fewest:.1f} queries without, {most:.1f} with")
        limits.at_most(f"{title}: more queries", most - fewest, allowed)


class Shop:
    """Customers, a product and pricelists, with tiers where the add-ons are installed."""

    def __init__(self, env):
        self.env = env
        env.ref("base.group_user")._apply_group(env.ref("product.group_product_pricelist"))
        self.product = env["product.product"].create(
            {"name": "Advice", "type": "service", "list_price": 100}
        )
        everybodys, better = env["product.pricelist"].create(
            [
                {"name": "Everybody's", "company_id": env.company.id, "sequence": 1},
                {
                    "name": "Better",
                    "company_id": env.company.id,
                    "sequence": 2,
                    "item_ids": [
                        Command.create({"compute_price": "percentage", "percent_price": 20})
                    ],
                },
            ]
        )
        self.customers = env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
        )
        if "customer.tier" in env:
            self._place_every_other_customer(better)
        assert self.customers[1].property_product_pricelist == everybodys
        env.flush_all()

    def _place_every_other_customer(self, pricelist):
        env = self.env
        terms = env["account.payment.term"].create({"name": "60 days"})
        tier = env["customer.tier.policy"]._get_active().tier_ids[0]
        tier.write({"pricelist_id": pricelist.id, "payment_term_id": terms.id, "discount": 0.05})
        env["customer.standing"].create(
            [
                {"partner_id": customer.id, "company_id": env.company.id, "tier_id": tier.id}
                for customer in self.customers[::2]
            ]
        )
        assert self.customers[0].property_product_pricelist == pricelist

    def confirm_orders(self) -> tuple[float, float]:
        """Return the seconds and the queries that confirming one order takes, on average."""
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [
                        Command.create({"product_id": self.product.id}) for _line in range(3)
                    ],
                }
                for customer in self.customers[:ORDERS]
            ]
        )
        figures = [self._measure(order.action_confirm) for order in orders]
        return tuple(map(statistics.mean, zip(*figures, strict=True)))

    def price_customers(self) -> tuple[float, int]:
        """Return the seconds and the queries that finding everybody's pricelist takes."""
        pricelists = self.env["product.pricelist"]
        ids = self.customers.ids
        return self._measure(lambda: pricelists._get_partner_pricelist_multi(ids))

    def _measure(self, step):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        duration = seconds(lambda: (step(), self.env.flush_all()))
        return duration, self.env.cr.sql_log_count - before


if __name__ == "__main__":
    sys.exit(main())
