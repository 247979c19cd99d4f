"""Confirming orders and pricing 1,000 customers: Odoo with the add-ons beside Odoo without them.

Both databases are measured in the same run, in turns, and from empty caches. Every other customer
has a tier with a pricelist, payment terms and a standing discount. The limits are on queries,
which are the same on every machine; times are printed beside them.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable

from odoo.fields import Command

from benchmarks.common import Limits, benchmark_database, odoo_environment, seconds

CUSTOMERS = 1_000
ORDERS = 65
PRICINGS = 25
WARM_UP = 5
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
    """Take each step in one database and then in the other."""
    shops = Shop(bare_env), Shop(tiers_env)
    for title, prepare, allowed in (
        ("confirming an order", Shop.confirmations, MORE_QUERIES_TO_CONFIRM),
        (f"pricing {CUSTOMERS:,} customers", Shop.pricings, MORE_QUERIES_TO_PRICE),
    ):
        steps = zip(*map(prepare, shops), strict=True)
        pairs = [
            [shop.measure(step) for shop, step in zip(shops, pair, strict=True)] for pair in steps
        ][WARM_UP:]
        (without, fewest), (with_addons, most) = (
            (
                statistics.median(duration for duration, _queries in of_shop),
                statistics.median(queries for _duration, queries in of_shop),
            )
            for of_shop in zip(*pairs, strict=True)
        )
        print(
            f"\n{title}: {1000 * without:.1f} ms without, {1000 * with_addons:.1f} ms with the "
            f"add-ons: {with_addons / without:.2f} × (medians of {len(pairs)})"
        )
        print(f"  {fewest:g} queries without, {most:g} with")
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

    def confirmations(self) -> list[Callable[[], object]]:
        """Return steps that confirm a quotation of three lines each."""
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
        return [order.action_confirm for order in orders]

    def pricings(self) -> list[Callable[[], object]]:
        """Return steps that find everybody's pricelist each."""
        ids = self.customers.ids
        return [lambda: self.env["product.pricelist"]._get_partner_pricelist_multi(ids)] * PRICINGS

    def measure(self, step: Callable[[], object]) -> tuple[float, int]:
        """Return the seconds and the queries that a step takes from empty caches."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        duration = seconds(lambda: (step(), self.env.flush_all()))
        return duration, self.env.cr.sql_log_count - before


if __name__ == "__main__":
    sys.exit(main())
