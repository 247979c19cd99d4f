"""A year of a grocer's sales, kept on the shelf by agreements: the simulation on real demand.

All stores of the data set, dealt into three groups by their number of sales, are three
warehouses. The 200 products in the most baskets, without petrol, are dealt to 10 vendors in the
order of their baskets; every vendor has an agreement for each warehouse. Every day's demand
becomes a done delivery, moved so that the year ends yesterday. Each shelf starts with what its
first four weeks take. What the stores really had is not in the data, so the rules are compared
with each other, by the same replay.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from datetime import date, timedelta

import duckdb
from psycopg2.extras import execute_values

from odoo.fields import Command
from odoo.tools import SQL

from benchmarks.common import benchmark_database, odoo_environment, seconds
from benchmarks.shelves import clone
from order_import.presets import PRESETS, fetch

PRODUCTS = 200
GROUPS = 3
VENDORS = 10
OPENING_DAYS = 28
LEAD_DAYS = 3
# How shelves are kept: a name, what an agreement says, what its lines say.
RULES = (
    (
        "monthly, up to a month's demand",
        {"review_days": 30},
        {"method": "days_of_supply", "min_days": 30, "max_days": 30},
    ),
    (
        "monthly, up to a month's demand and the lead time",
        {"review_days": 30},
        {"method": "days_of_supply", "min_days": 33, "max_days": 33},
    ),
    (
        "weekly, 10 to 14 days of supply",
        {"review_days": 7},
        {"method": "days_of_supply", "min_days": 10, "max_days": 14},
    ),
)


def read_demand():
    """Return the demand a day and the mean prices of the most wanted products.

    :return: ({(group, product, day): quantity}, {product: price}), products by baskets
    """
    preset = PRESETS["completejourney"]
    sales_file, products_file = fetch(preset.file, preset.product_file)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    rows = connection.execute(
        """
        SELECT store_id, basket_id, product_id, quantity, sales_value,
               CAST(transaction_timestamp AS DATE)
          FROM read_parquet(?)
         WHERE quantity > 0 AND product_id NOT IN (
            SELECT product_id FROM read_parquet(?)
             WHERE department = 'FUEL' OR contains(coalesce(product_type, ''), 'GASOLINE')
         )
        """,
        [str(sales_file), str(products_file)],
    ).fetchall()
    baskets = Counter(product for product, _basket in {(row[2], row[1]) for row in rows})
    wanted = sorted(baskets, key=lambda product: (-baskets[product], product))[:PRODUCTS]
    stores = Counter(row[0] for row in rows)
    ranked = sorted(stores, key=lambda store: (-stores[store], store))
    groups = {store: rank % GROUPS for rank, store in enumerate(ranked)}
    demand, value, pieces = Counter(), Counter(), Counter()
    chosen = set(wanted)
    for store, _basket, product, quantity, amount, day in rows:
        if product in chosen:
            demand[groups[store], product, day] += quantity
            value[product] += amount
            pieces[product] += quantity
    return demand, {product: value[product] / pieces[product] for product in wanted}


class Shop:
    """A company with a warehouse a group of stores, and the year's deliveries."""

    def __init__(self, env, demand, prices):
        self.env = env
        last = max(day for _group, _product, day in demand)
        self.shift = date.today() - timedelta(days=1) - last
        self.first = min(day for _group, _product, day in demand) + self.shift
        self.warehouses = env["stock.warehouse"].create(
            [{"name": f"Stores {n + 1}", "code": f"ST{n + 1}"} for n in range(GROUPS)]
        )
        self.vendors = env["res.partner"].create(
            [{"name": f"Vendor {n + 1}", "is_company": True} for n in range(VENDORS)]
        )
        self.products = env["product.product"].create(
            [
                {
                    "name": f"Product {product}",
                    "is_storable": True,
                    "standard_price": price,
                    "seller_ids": [
                        Command.create(
                            {
                                "partner_id": self.vendors[rank % VENDORS].id,
                                "price": price,
                                "delay": LEAD_DAYS,
                            }
                        )
                    ],
                }
                for rank, (product, price) in enumerate(prices.items())
            ]
        )
        self.ids = dict(zip(prices, self.products.ids, strict=True))
        self.add_moves(demand)
        self.add_stock(demand)
        env.flush_all()
        env.cr.execute("ANALYZE")
        env.invalidate_all()

    def add_moves(self, demand):
        """Deliver the demand, and receive as much, so that the real stock stays as it is."""
        env, cr = self.env, self.env.cr
        product, warehouse = self.products[0], self.warehouses[0]
        move = env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 1,
                "product_uom": product.uom_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": env.ref("stock.stock_location_customers").id,
            }
        )
        env.flush_all()
        cr.execute(
            "CREATE TEMPORARY TABLE demand (product_id INTEGER, location_id INTEGER, "
            "moment TIMESTAMP, quantity NUMERIC) ON COMMIT DROP"
        )
        execute_values(
            cr._obj,
            "INSERT INTO demand VALUES %s",
            [
                (self.ids[product], self.warehouses[group].lot_stock_id.id,
                 f"{day + self.shift} 12:00:00", quantity)
                for (group, product, day), quantity in demand.items()
            ],
        )  # fmt: skip
        customers = env.ref("stock.stock_location_customers").id
        suppliers = env.ref("stock.stock_location_suppliers").id
        for origin, destination in (
            (SQL("demand.location_id"), SQL("%s", customers)),
            (SQL("%s", suppliers), SQL("demand.location_id")),
        ):
            clone(
                cr, "stock_move", move.id, SQL("demand"),
                {
                    "product_id": SQL("demand.product_id"),
                    "location_id": origin,
                    "location_dest_id": destination,
                    "location_final_id": SQL("NULL"),
                    "state": SQL("'done'"),
                    "date": SQL("demand.moment"),
                    "create_date": SQL("demand.moment"),
                    "product_qty": SQL("demand.quantity"),
                    "product_uom_qty": SQL("demand.quantity"),
                    "quantity": SQL("demand.quantity"),
                },
            )  # fmt: skip
        cr.execute("DELETE FROM stock_move WHERE id = %s", [move.id])

    def add_stock(self, demand):
        """Put on each shelf what its first weeks take."""
        opening = defaultdict(int)
        until = self.first - self.shift + timedelta(days=OPENING_DAYS)
        for (group, product, day), quantity in demand.items():
            if day < until:
                opening[group, product] += quantity
        for (group, product), quantity in opening.items():
            self.env["stock.quant"]._update_available_quantity(
                self.env["product.product"].browse(self.ids[product]),
                self.warehouses[group].lot_stock_id,
                quantity,
            )

    def simulate(self, agreement_terms, line_terms):
        """Simulate every vendor's agreement for every warehouse by one rule.

        :return: the ``vmi.simulation`` records
        """
        agreements = self.env["vmi.agreement"].create(
            [
                {
                    "partner_id": vendor.id,
                    "user_id": self.env.ref("base.user_admin").id,
                    "warehouse_id": warehouse.id,
                    "line_ids": [
                        Command.create({"product_id": product.id, **line_terms})
                        for product in self.products[rank::VENDORS]
                    ],
                    **agreement_terms,
                }
                for rank, vendor in enumerate(self.vendors)
                for warehouse in self.warehouses
            ]
        )
        simulations = self.env["vmi.simulation"].create(
            [
                {
                    "agreement_id": agreement.id,
                    "date_start": self.first,
                    "date_end": date.today() - timedelta(days=1),
                }
                for agreement in agreements
            ]
        )
        simulations.action_run()
        return simulations


def main() -> int:
    """Simulate each rule in a database of its own, and print what came of it."""
    demand, prices = read_demand()
    print(f"{len(prices)} products, {sum(demand.values()):,} pieces wanted")
    with benchmark_database("shelves_completejourney") as name, odoo_environment(name) as env:
        report(Shop(env, demand, prices))
        env.cr.rollback()
    return 0


def report(shop) -> None:
    """Print a row per rule."""
    for name, agreement_terms, line_terms in RULES:
        found = []
        taken = seconds(
            lambda terms=(agreement_terms, line_terms), found=found: found.append(
                shop.simulate(*terms)
            )
        )
        [simulations] = found
        lines = simulations.line_ids
        wanted = sum(lines.mapped("demanded_qty"))
        filled = sum(line.fill_rate * line.demanded_qty for line in lines)
        days = len(lines) * ((date.today() - shop.first).days)
        print(
            f"{name:<50} fill rate {filled / wanted:.4f}, "
            f"days out {sum(lines.mapped('out_days')):,} of {days:,}, "
            f"average stock {sum(simulations.mapped('stock_value')):,.0f}, "
            f"{sum(simulations.mapped('order_count')):,} orders, {taken:.0f} s"
        )


if __name__ == "__main__":
    sys.exit(main())
