"""An agreement that goes by forecasts: drinks for summer and all year, and past errors."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from statistics import NormalDist

from odoo.addons.supply_partner.engine.due import due_query
from odoo.addons.supply_partner.engine.forecast import (
    find_shelf_days,
    find_shelves,
    forecast,
)
from odoo.addons.supply_partner.engine.forecast_methods import (
    losses_statement,
    store_challengers_statement,
)
from odoo.addons.supply_partner.engine.forecast_outcomes import outcomes_statement
from odoo.addons.supply_partner.engine.lead_time import leads_query
from odoo.addons.supply_partner.engine.position import find_positions
from odoo.addons.supply_partner.tools import SEASON_WEEKS, USUAL_METHOD, WEEKS
from odoo.fields import Command
from odoo.tools import SQL

from .cast import PANTRY
from .days import Days

# Prices for sale and purchase, and what a week of each month sells, as a mean.
DRINKS = {
    "Iced Tea Concentrate 1 l": (11.5, 6.8, (4, 4, 6, 10, 18, 30, 36, 34, 16, 8, 5, 5)),
    "Sparkling Water 12 × 1 l": (9.5, 5.4, (14,) * 12),
    "Honey Lemonade 6 × 1 l": (16.0, 9.9, (1,) * 12),
}
SEASONAL = "Iced Tea Concentrate 1 l"
# A wedding emptied the shelf so many weeks ago, which says nothing of the weeks to come.
GIANT, GIANT_WEEK, GIANT_QUANTITY = "Honey Lemonade 6 × 1 l", 9, 60
TARGET, COVER_DAYS, DEMAND_DAYS = 0.95, 14, 90
# Reviews of so many past weeks are compared with what came.
WEEKS_COMPARED = 30


def make(env, days: Days, vendors, users) -> None:
    """Write the drinks' two years, the agreement, and what its reviews had forecast."""
    category = env["product.category"].create({"name": "Drinks"})
    drinks = [_make_drink(env, vendors[PANTRY], category, name) for name in DRINKS]
    agreement = _agree(env, days, vendors, drinks, users)
    random = Random(11)
    for drink in drinks:
        _sell(env, days, drink, agreement.location_id, random)
    agreement.action_start()
    _look_back(env, days, agreement.line_ids)
    agreement.review()


def _make_drink(env, vendor, category, name):
    price, cost, _weekly = DRINKS[name]
    return env["product.product"].create(
        {
            "name": name,
            "type": "consu",
            "is_storable": True,
            "categ_id": category.id,
            "list_price": price,
            "standard_price": cost,
            "taxes_id": [Command.clear()],
            "supplier_taxes_id": [Command.clear()],
            "seller_ids": [
                Command.create({"partner_id": vendor.id, "price": cost, "delay": PANTRY.lead_days})
            ],
        }
    )


def _agree(env, days, vendors, drinks, users):
    terms = {"method": "forecast", "service_target": TARGET, "cover_days": COVER_DAYS}
    return env["vmi.agreement"].create(
        {
            "partner_id": vendors[PANTRY].id,
            "user_id": users["buyer"].id,
            "date_start": days.ago(365),
            "decision": "buyer",
            "line_ids": [
                Command.create(
                    {
                        "product_id": drink.id,
                        "is_seasonal": drink.name == SEASONAL,
                        # Nobody orders a part of a bottle.
                        "replenishment_uom_id": drink.uom_id.id,
                        **terms,
                    }
                )
                for drink in drinks
            ],
        }
    )


def _sell(env, days, drink, location, random):
    """Let two years of weeks leave the shelf, which was filled before them."""
    customers = env.ref("stock.stock_location_customers")
    suppliers = env.ref("stock.stock_location_suppliers")
    weekly = DRINKS[drink.name][2]
    moved, sold = [], 0
    for week in range(SEASON_WEEKS, 0, -1):
        day = days.working_day(days.ago(7 * week - 3))
        usual = weekly[day.month - 1]
        quantity = max(round(random.gauss(usual, 0.35 * usual)), 0)
        if drink.name == GIANT and week == GIANT_WEEK:
            quantity = GIANT_QUANTITY
        if quantity:
            moved.append((day, quantity, location, customers))
            sold += quantity
    moved.insert(0, (days.ago(7 * SEASON_WEEKS + 1), sold + weekly[days.today.month - 1], suppliers,
                     location))  # fmt: skip
    moves = env["stock.move"].create(
        [
            {
                "product_id": drink.id,
                "product_uom": drink.uom_id.id,
                "product_uom_qty": quantity,
                "location_id": origin.id,
                "location_dest_id": destination.id,
            }
            for _day, quantity, origin, destination in moved
        ]
    )
    moves._action_confirm()
    for move, (day, quantity, _origin, _destination) in zip(moves, moved, strict=True):
        move.write({"quantity": quantity, "picked": True})
        move._action_done()
        move.date = days.moment(day)
        move.move_line_ids.date = days.moment(day)


def _look_back(env, days, lines):
    """Keep what weekly reviews would have forecast, each from the weeks before it, and compare."""
    past = [days.ago(7 * week) for week in range(WEEKS_COMPARED, 0, -1)]
    company = lines.company_id
    with lines.sudo()._prepare_review(company) as review:
        scope = review.scope
        due = review.create("due", due_query(scope))
        positions = find_positions(review, scope, due)
        leads = review.create("leads", leads_query(scope, due))
        shelves = find_shelves(review, due)
        since = scope.start_of(past[0] - timedelta(weeks=WEEKS))
        shelf_days = find_shelf_days(review, scope, due, shelves, positions, since)
        asked = SQL(
            "SELECT line_id, day, %s AS weeks FROM %s, UNNEST(%s::date[]) AS day",
            WEEKS,
            shelves,
            past,
        )
        made = forecast(review, scope, shelves, shelf_days, leads, asked, None, every_method=True)
        env.cr.execute(
            SQL(
                """
                INSERT INTO vmi_forecast (
                       line_id, company_id, date, period_days, target, demand_class,
                       forecast_method, forecast_qty, quantile_qty, usual_qty,
                       usual_quantile_qty, is_compared, was_out)
                SELECT made.line_id, %(company)s, made.day, period_days, %(target)s, demand_class,
                       forecast_method, made.mean, covering, usual.mean * period_days,
                       usual.mean * period_days + %(z)s * SQRT(period_days) * usual.deviation,
                       FALSE, FALSE
                  FROM %(made)s made
            CROSS JOIN LATERAL (
                    SELECT SUM(demand) / %(days)s AS mean,
                           SQRT(GREATEST(SUM(demand ^ 2) - SUM(demand) ^ 2 / %(days)s, 0)
                                / (%(days)s - 1)) AS deviation
                      FROM %(shelf_days)s days
                     WHERE days.line_id = made.line_id AND days.day < made.day
                       AND days.day >= made.day - %(days)s
                  ) AS usual
                 WHERE covering IS NOT NULL AND usual.mean IS NOT NULL
                   AND forecast_method = %(usual_method)s
                """,
                company=company.id,
                target=TARGET,
                made=made,
                z=NormalDist().inv_cdf(TARGET),
                days=DEMAND_DAYS,
                shelf_days=shelf_days,
                usual_method=USUAL_METHOD,
            )
        )
        env.cr.execute(store_challengers_statement(made))
        env.cr.execute(outcomes_statement(scope, shelf_days))
        env.cr.execute(losses_statement(company.id))
    env["vmi.forecast"].invalidate_model()
    _choose_methods(env, company, past)


def _choose_methods(env, company, past):
    """Let each past review decide which method is the champion of each class of demand."""
    champions = env["vmi.forecast.champion"]
    classes = env["vmi.forecast"].search([("company_id", "=", company.id)])
    for day in past:
        champions._begin(
            company,
            day,
            {made.demand_class for made in classes if made.date == day} - {"new"},
        )
        champions._decide(company, day)
    # What each review went by was the champion's.
    env.cr.execute(
        SQL(
            """
            UPDATE vmi_forecast forecast
               SET forecast_method = made.method, forecast_qty = made.forecast_qty,
                   quantile_qty = made.quantile_qty
              FROM vmi_forecast_challenger made
              JOIN vmi_forecast_champion champion ON champion.method = made.method
             WHERE made.forecast_id = forecast.id AND champion.id = (
                SELECT id FROM vmi_forecast_champion latest
                 WHERE latest.company_id = forecast.company_id
                   AND latest.demand_class = forecast.demand_class
                   AND latest.date <= forecast.date
              ORDER BY latest.date DESC LIMIT 1)
            """
        )
    )
    env["vmi.forecast"].invalidate_model()
