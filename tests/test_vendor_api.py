"""The examples of docs/vendor-api.md, each made for real in the demo company."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from odoo_processes import OdooProcesses
from screen_browser import served

DOCUMENT = Path(__file__).parents[1] / "docs" / "vendor-api.md"
# Whose stock is on consignment, and who is asked for the rest.
CONSIGNOR, KEEPER = "orchard", "flour"
KEY = """
user = env["res.users"].search([("login", "=", {login!r})])
result = env(user=user.id)["res.users.apikeys"].sudo()._generate(None, "Examples", None)
env.cr.commit()
"""
# What the examples do ends what others need: in this order.
FIRST = ("announce_shipment", "upload_price_list")
LAST = ("cancel_shipment", "answer_proposal", "refuse_proposal", "confirm_settlement")


def examples() -> list[tuple[str, dict]]:
    """Return method and arguments of each example."""
    found = re.findall(r"```json (\w+)\n(.*?)\n```", DOCUMENT.read_text(), re.DOTALL)
    return [(method, json.loads(text)) for method, text in found]


class Caller:
    """A vendor's program."""

    def __init__(self, address: str, key: str):
        self._address, self._key = address, key

    def call(self, method: str, arguments: dict) -> tuple[int, object]:
        """Return the status and the answer of a call."""
        request = urllib.request.Request(
            f"{self._address}/json/2/vmi.vendor/{method}",
            json.dumps(arguments).encode(),
            {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


def own(value, ids: dict):
    """Return arguments with the vendor's own ids in the places of the document's."""
    if isinstance(value, list):
        return [own(one, ids) for one in value]
    if isinstance(value, dict):
        return {name: own(ids.get(name, one), ids) for name, one in value.items()}
    return value


def test_every_example(clone_demo_database: Callable[..., str], tmp_path: Path) -> None:
    made = examples()
    with_changes = {method for method, _arguments in made}
    assert len(with_changes) == len(made) > 17
    database = clone_demo_database("vendorapi")
    odoo = OdooProcesses(database, tmp_path)
    keys = {login: odoo.run(KEY.format(login=login)) for login in (CONSIGNOR, KEEPER)}
    odoo.end()
    week = date.today() + timedelta(weeks=3)
    with served(database) as address:
        vendor, consignor = Caller(address, keys[KEEPER]), Caller(address, keys[CONSIGNOR])
        stock = vendor.call("get_stock", {})[1]["lines"]
        proposal = vendor.call("get_proposals", {"state": "open"})[1]["lines"][0]
        [line, *_rest] = vendor.call("get_proposal", {"proposal_id": proposal["proposal_id"]})[1][
            "lines"
        ]
        order = vendor.call("get_orders", {"state": "open"})[1]["lines"][0]
        ordered = vendor.call("get_order", {"order_id": order["order_id"]})[1]["lines"][0]
        settlement = consignor.call("get_settlements", {"state": "open"})[1]["lines"][0]
        settled = consignor.call("get_settlement", {"settlement_id": settlement["settlement_id"]})[
            1
        ]["lines"][0]
        ids = {
            "settlement_id": settlement["settlement_id"],
            "settlement_line_id": settled["settlement_line_id"],
            "line_id": stock[0]["line_id"],
            "proposal_id": proposal["proposal_id"],
            "order_id": order["order_id"],
            "order_line_id": ordered["order_line_id"],
            "week": week.strftime("%G-W%V"),
        }
        answers = {}
        # An announced shipment and a price list come before what asks for them, and new prices
        # after all else: what is answered at other prices than proposed waits for the buyer.
        made.sort(key=lambda one: ("price_list" in one[0], one[0] in LAST, one[0] not in FIRST))
        for method, arguments in made:
            given = own(arguments, ids)
            if method == "answer_proposal":
                given["quantities"] = [{"line_id": line["line_id"], "quantity": line["most"]}]
            caller = consignor if "settlement" in method else vendor
            status, answer = caller.call(method, given)
            if method == "refuse_proposal":
                # It was answered a moment ago, as the document tells both.
                assert (status, answer["name"]) == (422, "odoo.exceptions.UserError")
                continue
            assert status == 200, (method, answer)
            answers[method] = answer
            for name in ("shipment_id", "price_list_id"):
                ids.update({name: answer[name]} if name in answer else {})
        assert answers["get_stock"]["lines"][0]["status"] == "out"
        assert answers["get_forecast"]["lines"] or answers["set_forecast"]["changed"] == 1
        assert answers["announce_shipment"]["state"] == "announced"
        assert answers["answer_proposal"]["state"] == "ordered"
        assert answers["cancel_shipment"] == {"state": "cancelled"}
        assert answers["dispute_settlement_line"] == {"status": "disputed"}
        assert answers["confirm_settlement"] == {"state": "confirmed"}
        assert vendor.call("get_proposal", {"proposal_id": 999_999})[0] == 404
        assert vendor.call("get_stock", {"limit": 5000})[0] == 422
        assert Caller(address, "0" * 40).call("get_stock", {})[0] == 401
