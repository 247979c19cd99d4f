"""Calls what may be answered by a replica on a cursor that can only read.

``python replica.py DATABASE`` prints a line of JSON: by method, what went wrong with it, and none
where it answered.
"""

from __future__ import annotations

import inspect
import json
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config

VENDOR = "vmi.vendor"
# Of methods that answer about one thing: where its id comes from, as the list and the key there.
LISTED = {
    "get_proposal": ("get_proposals", "proposal_id"),
    "get_messages": ("get_proposals", "proposal_id"),
    "get_order": ("get_orders", "order_id"),
    "get_shipment": ("get_shipments", "shipment_id"),
    "get_settlement": ("get_settlements", "settlement_id"),
    "get_price_list": ("get_price_lists", "price_list_id"),
}
# What is asked of records, and of which.
OF_RECORDS = {
    ("res.partner", "get_tier_card"): [("customer_standing_id", "!=", False)],
    ("res.partner", "action_explain_customer_tier"): [("customer_standing_id", "!=", False)],
    ("vendor.selection.comparison", "get_advice"): [],
}


def readonly_methods(env: Environment, ours: set[str]) -> Iterator[tuple[str, str]]:
    """Give model and name of each method of our add-ons that says it only reads."""
    for model in sorted(env):
        cls = type(env[model])
        for name in dir(cls):
            method = inspect.getattr_static(cls, name, None)
            if getattr(method, "_readonly", False):
                homes = {
                    base.__module__.split(".")[2]
                    for base in cls.__mro__
                    if name in vars(base) and base.__module__.startswith("odoo.addons.")
                }
                if homes & ours:
                    yield model, name


def vendor_call(env: Environment, name: str) -> Callable[[], object] | None:
    """Return a call as a vendor's user who has something to be told; None without any."""
    for user in env["vmi.vendor.access"].search([]).user_id:
        service = env(user=user.id, su=False)[VENDOR]
        if name == "get_attachment":
            for proposal in service.get_proposals()["lines"]:
                for message in service.get_messages(proposal["proposal_id"]):
                    for file in message.get("attachments", ()):
                        ids = proposal["proposal_id"], file["attachment_id"]
                        return partial(service.get_attachment, *ids)
            continue
        listed, key = LISTED.get(name, (name, None))
        try:
            lines = getattr(service, listed)()
        except UserError:
            # The user's rights do not go so far; another's may.
            continue
        if not key:
            return getattr(service, name)
        if lines["lines"]:
            return partial(getattr(service, name), lines["lines"][0][key])
    return None


def call_of(env: Environment, model: str, name: str) -> Callable[[], object] | None:
    """Return the call of a method; None where the database has nothing to ask about."""
    if model == VENDOR:
        return vendor_call(env, name)
    if (model, name) in OF_RECORDS:
        records = env[model].search(OF_RECORDS[model, name], limit=1)
        return getattr(records, name) if records else None
    if name.startswith("action_"):
        # What a button opens is asked of a record.
        records = env[model].search([], limit=1)
        return getattr(records, name) if records else None
    return getattr(env[model], name)


def main() -> None:
    """Call every method, each on a cursor of its own."""
    database, *ours = sys.argv[1:]
    config.parse_config(["-d", database, "--no-http", "--dev=replica"], setup_logging=False)
    registry = Registry(database)
    found = {}
    with registry.cursor() as cr:
        admin = Environment(cr, SUPERUSER_ID, {}).ref("base.user_admin").id
        names = list(readonly_methods(Environment(cr, SUPERUSER_ID, {}), set(ours)))
    for model, name in names:
        try:
            with registry.cursor(readonly=True) as cr:
                assert cr.readonly, "the cursor can write"
                call = call_of(Environment(cr, admin, {}), model, name)
                if call is None:
                    found[f"{model}.{name}"] = "nothing to ask about"
                    continue
                json.dumps(call(), default=str)
                found[f"{model}.{name}"] = ""
        except Exception:
            found[f"{model}.{name}"] = traceback.format_exc()
    sql_db.close_all()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
