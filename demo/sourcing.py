"""Who else could deliver: qualifications in every state, and what hangs on one vendor."""

from __future__ import annotations

from datetime import timedelta

from .cast import CLEANING, COFFEE, DAIRY, METAL, MILL, PANTRY, PAPER, PORCELAIN, PRODUCTS
from .days import Days

CATEGORIES = {
    COFFEE: "Coffee",
    MILL: "Flour",
    PANTRY: "Pantry",
    DAIRY: "Dairy",
    PORCELAIN: "Tableware",
    CLEANING: "Cleaning",
    PAPER: "Packaging",
}
# They have delivered nothing yet.
ROASTERS, RIVER_MILL, CARTON = "Lowland Roasters", "River Mill", "Cup & Carton"
# What the second mill has a price for, beside the first one's, and its lead time.
HABIT = {"Wheat Flour 25 kg": 14.6, "Rye Flour 25 kg": 15.4}
HABIT_LEAD_DAYS = 8
# The coffee that is from one roaster alone.
STRATEGIC, STRATEGIC_PRICE = "Espresso Beans 1 kg", 9.6


def make(env, days: Days, vendors, products) -> None:
    """Plan, begin, finish, refuse and let lapse qualifications; calculate before and after.

    :param vendors: by what the story calls them
    :param products: the same
    """
    by_name = {product.name: record for product, record in products.items()}
    categories = _categories(env, products)
    roasters, mill, carton = env["res.partner"].create(
        [
            {
                "name": name,
                "is_company": True,
                "email": f"orders@{name.lower().replace(' & ', '-').replace(' ', '-')}.example.com",
            }
            for name in (ROASTERS, RIVER_MILL, CARTON)
        ]
    )
    for name, price in HABIT.items():
        _price(env, by_name[name], mill, price, HABIT_LEAD_DAYS)
    espresso = by_name[STRATEGIC]
    _price(env, espresso, roasters, STRATEGIC_PRICE, 9)
    buyer = env["res.users"].search([("login", "=", "buyer")])
    shared = {"company_id": env.company.id, "user_id": buyer.id}

    def plan(partner, category, **vals):
        return env["vendor.qualification"].create(
            {"partner_id": partner.id, "categ_id": category.id, **shared, **vals}
        )

    coffee = plan(
        roasters, categories[COFFEE], qualification_days=60, lead_days=9, one_off_cost=1200,
        notes="<p>First samples were cupped; the audit of the roastery is next.</p>",
    )  # fmt: skip
    flour = plan(
        mill, categories[MILL], qualification_days=45, one_off_cost=800,
        date_end=days.today + timedelta(days=240),
    )  # fmt: skip
    oat = plan(
        vendors[PANTRY], categories[DAIRY], product_id=by_name["Oat Drink 12 × 1 l"].id,
        qualification_days=20, lead_days=10, one_off_cost=150,
    )  # fmt: skip
    cups = plan(
        carton, categories[PAPER], product_id=by_name["Take-away Cup 1000"].id,
        qualification_days=30, tooling_days=40, lead_days=12, one_off_cost=2500,
        notes="<p>The lids of the samples leaked.</p>",
    )  # fmt: skip
    plan(carton, categories[PAPER], qualification_days=30, lead_days=12, one_off_cost=400)
    plan(
        vendors[METAL], categories[PORCELAIN], qualification_days=40, tooling_days=30,
        lead_days=14, one_off_cost=900,
    )  # fmt: skip
    for qualification in (coffee, flour, oat):
        qualification.action_start()
        qualification.action_qualify()
    cups.action_start()
    cups.action_reject()
    oat.write({"date_qualified": days.today - timedelta(days=380),
               "date_end": days.today - timedelta(days=15)})  # fmt: skip
    _calculate(env)
    # The roaster's qualification is withdrawn: the buyer is told what that means.
    coffee.action_draft()
    coffee.action_start()
    coffee.date_start = days.today - timedelta(days=18)
    _calculate(env)


def _categories(env, products):
    """Give each product a category, by its vendor."""
    categories = dict(
        zip(
            CATEGORIES,
            env["product.category"].create([{"name": name} for name in CATEGORIES.values()]),
            strict=True,
        )
    )
    for vendor, category in categories.items():
        of_vendor = env["product.product"].union(
            *(products[product] for product in PRODUCTS if product.vendor == vendor)
        )
        of_vendor.product_tmpl_id.categ_id = category
    return categories


def _price(env, product, vendor, price, delay):
    env["product.supplierinfo"].create(
        {
            "product_tmpl_id": product.product_tmpl_id.id,
            "partner_id": vendor.id,
            "price": price,
            "delay": delay,
            # The usual vendor's price goes first.
            "sequence": 20,
        }
    )


def _calculate(env):
    scorecard = env["vendor.scorecard"]._of_company(env.company)
    if scorecard and not scorecard.calculated_at:
        scorecard._recalculate(is_full=True)
    env["vendor.sourcing.policy"]._of_company(env.company)._recalculate()
