"""An agreement that goes by forecasts: a summer drink among the pantry's goods, and past errors."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from statistics import NormalDist

from odoo.addons.supply_partner.engine.due import due_query
from odoo.addons.supply_partner.engine.forecast import (
    find_moved,
    find_shelves,
    forecast,
    no_seasons,
    outcomes_statement,
    shelf_days_query,
)
from odoo.addons.supply_partner.engine.lead_time import leads_query
from odoo.addons.supply_partner.engine.position import positions_query
from odoo.addons.supply_partner.tools import SEASON_WEEKS, WEEKS
from odoo.fields import Command
from odoo.tools import SQL

from .cast import PANTRY
from .days import Days

# What a week of each month sells of the summer drink, as a mean.
WEEKLY = (4, 4, 6, 10, 18, 30, 36, 34, 16, 8, 5, 5)
FORECAST = ("Cane Sugar 10 kg", "Cocoa 1 kg", "Vanilla Syrup 1 l", "Flower Honey 5 kg")
TARGET, COVER_DAYS, DEMAND_DAYS = 0.95, 14, 90
# Reviews of so many past weeks are compared with what came.
WEEKS_COMPARED = 30


def make(env, days: Days, vendors, products, users) -> None:
    """Write the drink's two years, the agreement, and what its reviews had forecast."""
    drink = _make_drink(env, vendors[PANTRY])
    agreement = _agree(env, days, vendors, drink, products, users)
    _sell(env, days, drink, agreement.location_id)
    agreement.action_start()
    _look_back(env, days, agreement.line_ids)
    agreement.review()


def _make_drink(env, vendor):
    return env["product.product"].create(
        {
            "name": "Iced Tea Concentrate 1 l",
            "type": "consu",
            "is_storable": True,
            "categ_id": env["product.category"].create({"name": "Summer Drinks"}).id,
            "list_price": 11.5,
            "standard_price": 6.8,
            "taxes_id": [Command.clear()],
            "supplier_taxes_id": [Command.clear()],
            "seller_ids": [
                Command.create({"partner_id": vendor.id, "price": 6.8, "delay": PANTRY.lead_days})
            ],
        }
    )


def _agree(env, days, vendors, drink, products, users):
    terms = {"method": "forecast", "service_target": TARGET, "cover_days": COVER_DAYS}
    records = [record for product, record in products.items() if product.name in FORECAST]
    return env["vmi.agreement"].create(
        {
            "partner_id": vendors[PANTRY].id,
            "user_id": users["buyer"].id,
            "date_start": days.ago(365),
            "decision": "buyer",
            "line_ids": [
                Command.create({"product_id": drink.id, "is_seasonal": True, **terms}),
                *(Command.create({"product_id": record.id, **terms}) for record in records),
            ],
        }
    )


def _sell(env, days, drink, location):
    """Let two years of summers and winters leave the shelf, and fill it every quarter."""
    random = Random(11)
    customers = env.ref("stock.stock_location_customers")
    suppliers = env.ref("stock.stock_location_suppliers")
    moved, sold = [], 0
    for week in range(SEASON_WEEKS, 0, -1):
        day = days.working_day(days.ago(7 * week - 3))
        usual = WEEKLY[day.month - 1]
        quantity = max(round(random.gauss(usual, 0.35 * usual)), 0)
        if quantity:
            moved.append((day, quantity, location, customers))
            sold += quantity
    moved.insert(0, (days.ago(7 * SEASON_WEEKS + 1), sold + WEEKLY[days.today.month - 1], suppliers,
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
        positions = review.create("positions", positions_query(scope, due))
        leads = review.create("leads", leads_query(scope, due))
        shelves = find_shelves(review, due)
        since = scope.start_of(past[0] - timedelta(weeks=WEEKS))
        moved = find_moved(review, scope, due, since)
        shelf_days = review.create("shelf_days", shelf_days_query(scope, shelves, positions, moved))
        asked = SQL(
            "SELECT line_id, day, %s AS weeks FROM %s, UNNEST(%s::date[]) AS day",
            WEEKS,
            shelves,
            past,
        )
        made = forecast(review, scope, shelves, shelf_days, leads, asked, no_seasons())
        env.cr.execute(
            SQL(
                """
                INSERT INTO vmi_forecast (
                       line_id, company_id, date, period_days, target, demand_class,
                       forecast_qty, quantile_qty, usual_qty, usual_quantile_qty,
                       is_compared, was_out)
                SELECT made.line_id, %(company)s, made.day, period_days, %(target)s, demand_class,
                       made.mean, covering, usual.mean * period_days,
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
                """,
                company=company.id,
                target=TARGET,
                made=made,
                z=NormalDist().inv_cdf(TARGET),
                days=DEMAND_DAYS,
                shelf_days=shelf_days,
            )
        )
        env.cr.execute(outcomes_statement(scope, shelf_days))
    env["vmi.forecast"].invalidate_model()
