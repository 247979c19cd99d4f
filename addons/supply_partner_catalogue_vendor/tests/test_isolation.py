import inspect

from odoo.addons.supply_partner_vendor.tests.common_isolation import (
    GIVEN,
    NOTHING,
    CallWalk,
    IsolationCase,
    PageWalk,
    ServiceWalk,
)
from odoo.tests import HttpCase

from .common import HEAD, PriceCase, encoded


class PriceIsolationCase(PriceCase, IsolationCase):
    """Both vendors have staged a price list each, and a buyer one of the first."""

    walked = "supply_partner_catalogue_vendor"
    id_names = ("price_list_id", "vendor_id")
    optional = ("vendor_id",)
    tables = ("prices",)
    given = {**GIVEN, "name": "x.csv", "data": encoded(f"{HEAD}SC-1,2.10\n")}
    files = {"file": ("x.csv", f"{HEAD}SC-1,2.10\n")}

    def ids(self, proposal):
        own = proposal == self.own
        rows = self.env["vmi.vendor.access"].sudo()
        user = self.anna if own else self.bert
        return {
            **super().ids(proposal),
            "price_list_id": (self.own_prices if own else self.prices_of_others).id,
            "vendor_id": rows.search([("user_id", "=", user.id)]).id,
        }

    def secrets(self):
        return (
            *super().secrets(),
            "HEX-77",
            self.prices_of_others.name,
            self.imported.name,
            "1.11",
        )

    def assert_unchanged(self):
        for prices in (self.prices_of_others, self.imported):
            prices.invalidate_recordset()
            self.assertEqual(prices.exists().state, "draft")
        return super().assert_unchanged()

    def assert_own_unchanged(self):
        self.own_prices.invalidate_recordset()
        self.assertEqual(self.own_prices.exists().state, "draft")
        return super().assert_own_unchanged()


class TestPriceServiceIsolation(ServiceWalk, PriceIsolationCase):
    """The methods of this add-on."""

    def test_the_walk_meets_all_there_is(self):
        self.assertEqual(len(self.public_methods()), 6)
        self.assertEqual(len(self.routes()), 7)

    def test_without_the_right_to_quote_nothing_of_it_is_there(self):
        without = self.make_portal_user("without prices", self.vendor)
        self.give_access(without, self.vendor, can_quote=False)
        for name in self.public_methods():
            answer = self.call(without, name, **self.ids(self.own))
            self.assertEqual(answer, ("MissingError", NOTHING), name)

    def test_what_a_buyer_imported_is_not_the_vendors(self):
        own = self.ids(self.own)
        for name, method in self.public_methods().items():
            if "price_list_id" in inspect.signature(method).parameters:
                answer = self.call(self.anna, name, **{**own, "price_list_id": self.imported.id})
                self.assertEqual(answer, ("MissingError", NOTHING), name)
        self.assert_unchanged()


class TestPricePageIsolation(PageWalk, PriceIsolationCase, HttpCase):
    """The pages of this add-on."""

    def test_the_downloads_hold_nothing_of_anothers(self):
        self.authenticate("anna", "anna")
        for kind in ("csv", "xlsx"):
            answer = self.url_open(f"/my/supply/export/prices/{kind}")
            self.assertEqual(answer.status_code, 200)
            self.assert_nothing_of_others(answer.text)


class TestPriceCallIsolation(CallWalk, PriceIsolationCase, HttpCase):
    """The calls of this add-on."""
