"""Records that keep add-ons busy: what they leave behind is seen only where they were at work.

``TRAFFIC`` names, by a model, the lines of Python that fill a database which has that model.
"""

from __future__ import annotations

# A customer with a standing, a ledger, an override, a preview, and somebody who follows it.
_CUSTOMERS = """
acme = env["res.partner"].create({"name": "Acme", "is_company": True})
advice = env["product.product"].create({"name": "Advice", "type": "service", "list_price": 90})
order = env["sale.order"].create(
    {"partner_id": acme.id, "order_line": [(0, 0, {"product_id": advice.id})]}
)
order.action_confirm()
admin = env.ref("base.user_admin")
downgrade = env.ref("customer_tiering.mt_tier_downgrade")
acme.message_subscribe(admin.partner_id.ids, downgrade.ids)
policy = env["customer.tier.policy"]._get_active()
policy.evaluate()
lowest = policy.tier_ids.sorted("sequence")[-1]
env["customer.tier.override"].create(
    {"partner_id": acme.id, "tier_id": lowest.id, "reason": "Agreed"}
)
assert policy.simulate().preview_move_ids
assert acme.customer_tier_id == lowest
lowest.service_level_id = env["customer.service.level"].create(
    {"name": "Gold", "response_hours": 1}
)
"""

# One who is due for a call, and one plan for a tier and a segment each.
_FOLLOW_UPS = """
from datetime import datetime, timedelta

acme = env["res.partner"].search([("name", "=", "Acme")])
order = env["sale.order"].search([("partner_id", "=", acme.id)])
order.date_order = datetime.now() - timedelta(days=60)
policy = env["customer.tier.policy"]._get_active()
policy.evaluate()
plan = env["mail.activity.plan"].search([("res_model", "=", "res.partner")], limit=1)
tier = acme.customer_tier_id
tier.welcome_plan_id = tier.winback_plan_id = plan
tier.service_level_id.write({"followup_days": 1, "user_id": env.ref("base.user_admin").id})
env["customer.tier.segment.plan"].create(
    {"policy_id": policy.id, "segment": "mvc", "plan_id": plan.id, "include_current": True}
)
"""

_FOLLOW_UPS_DONE = """
follow_ups = env["customer.followup"].search([("kind", "=", "follow_up")])
assert follow_ups.activity_id
follow_ups.activity_id[:1].action_feedback("Talked")
"""

_BACKTEST = """
backtest = env["customer.tier.backtest"].create(
    {"policy_id": env["customer.tier.policy"]._get_active().id}
)
backtest.action_backtest()
"""

_LIFETIMES = """
policy = env["customer.tier.policy"]._get_active()
policy.action_estimate_lifetimes()
assert policy.lifetime_fit_id.refusal_text
"""

_ASSIGNMENT = """
env["customer.assignment"].action_open_current()
"""

# A vendor who is to keep a shelf filled: a proposal that waits for its buyer, who is told.
_SUPPLY = """
vendor = env["res.partner"].create({"name": "Baker", "is_company": True, "email": "b@example.com"})
product = env["product.product"].create(
    {
        "name": "Flour",
        "is_storable": True,
        "seller_ids": [(0, 0, {"partner_id": vendor.id, "price": 2, "delay": 3})],
    }
)
agreement = env["vmi.agreement"].create(
    {
        "partner_id": vendor.id,
        "decision": "buyer",
        "user_id": env.ref("base.user_admin").id,
        "line_ids": [(0, 0, {"product_id": product.id, "min_qty": 60, "max_qty": 120})],
    }
)
agreement.action_start()
assert agreement.review().line_ids
assert env["mail.activity"].search([("res_model", "=like", "vmi.%")])
"""

# Stock that is a vendor's: brought, sold in part, settled and billed; some of it in dispute.
_CONSIGNMENT = """
vendor = env["res.partner"].create({"name": "Potter", "is_company": True})
goods = env["product.product"].create(
    [
        {
            "name": name,
            "is_storable": True,
            "supplier_taxes_id": False,
            "seller_ids": [(0, 0, {"partner_id": vendor.id, "price": 2})],
        }
        for name in ("Jug", "Bowl")
    ]
)
agreement = env["vmi.agreement"].create(
    {
        "partner_id": vendor.id,
        "ownership": "consigned",
        "user_id": env.ref("base.user_admin").id,
        "line_ids": [
            (0, 0, {"product_id": product.id, "min_qty": 6, "max_qty": 12}) for product in goods
        ],
    }
)
agreement.action_start()
order = env["purchase.order"].create(
    {
        "partner_id": vendor.id,
        "vmi_is_consigned": True,
        "order_line": [(0, 0, {"product_id": product.id, "product_qty": 9}) for product in goods],
    }
)
order.button_confirm()
for move in order.picking_ids.move_ids:
    move.write({"quantity": 9, "picked": True})
order.picking_ids.button_validate()
for product in goods:
    used = env["stock.move"].create(
        {
            "product_id": product.id,
            "product_uom_qty": 4,
            "product_uom": product.uom_id.id,
            "location_id": agreement.location_id.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
    )
    used._action_confirm()
    used._action_assign()
    used.picked = True
    used._action_done()
today = env.company._vmi_today()
settlement = env["vmi.consignment.settlement"]._settle(env.company, today, today)
settlement.line_ids[:1]._decide("disputed", "Three were sold")
settlement.action_bill()
assert settlement.bill_ids
assert settlement.state == "disputed"
"""

_SIMULATION = """
env["vmi.simulation"].create({"agreement_id": env["vmi.agreement"].search([], limit=1).id})
"""

# A vendor whose band stops every order.
_SCORECARDS = """
from datetime import timedelta

from odoo.exceptions import UserError

vendor = env["res.partner"].create({"name": "Blocked Vendor", "is_company": True})
bolt = env["product.product"].create({"name": "Bolt", "is_storable": True})
order = env["purchase.order"].create(
    {
        "partner_id": vendor.id,
        "order_line": [(0, 0, {"product_id": bolt.id, "product_qty": 9, "price_unit": 2})],
    }
)
order.button_confirm()
scorecard = env["vendor.scorecard"]._of_company(env.company)
scorecard._recalculate(is_full=True)
band = scorecard.band_ids.filtered(lambda band: band.code == "risk")
band.order_action = "block"
standing = env["vendor.standing"]._find(vendor, env.company)
standing._set_override(band, env.company._vmi_today() + timedelta(days=60), "Agreed")
try:
    order.copy().button_confirm()
except UserError:
    pass
else:
    raise AssertionError("The vendor is not blocked")
"""

TRAFFIC = {
    "customer.standing": _CUSTOMERS,
    "customer.followup": _FOLLOW_UPS,
    "customer.tier.backtest": _BACKTEST,
    "customer.lifetime.fit": _LIFETIMES,
    "customer.assignment": _ASSIGNMENT,
    "vmi.agreement": _SUPPLY,
    "vmi.consignment.settlement": _CONSIGNMENT,
    "vmi.simulation": _SIMULATION,
    "vendor.scorecard": _SCORECARDS,
}
# The same, once the scheduled actions of the add-ons ran.
AFTERWARDS = {"customer.followup": _FOLLOW_UPS_DONE}

# What Odoo itself still does when the add-ons are gone.
WORKS_ON = """
order = env["sale.order"].search([("partner_id.name", "=", "Acme")], limit=1).copy()
order.action_confirm()
assert order.state == "sale"
order = env["purchase.order"].search([("partner_id.name", "=", "Blocked Vendor")], limit=1)
if "vendor.standing" not in env:
    order = order.copy()
    order.button_confirm()
    assert order.state == "purchase"
"""


def fill(env, models: set[str], addons: list[str]) -> None:
    """Run what fills the database for some models, and the scheduled actions of add-ons."""
    _run(env, TRAFFIC, models)
    crons = env["ir.model.data"].search([("module", "in", addons), ("model", "=", "ir.cron")])
    for cron in env["ir.cron"].browse(crons.mapped("res_id")):
        cron.method_direct_trigger()
        # It ran in a transaction of its own, and this one does not see it yet.
        env.cr.commit()
    _run(env, AFTERWARDS, models)


def _run(env, scripts: dict[str, str], models: set[str]) -> None:
    for model, lines in scripts.items():
        if model in models:
            exec(lines, {"env": env})
            env.cr.commit()
