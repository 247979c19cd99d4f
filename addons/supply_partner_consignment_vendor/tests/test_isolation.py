from odoo.addons.supply_partner_vendor.tests.common_isolation import (
    CallWalk,
    IsolationCase,
    PageWalk,
    ServiceWalk,
)
from odoo.exceptions import MissingError
from odoo.fields import Command
from odoo.tests import HttpCase

from .common import SettlementCase


class SettlementIsolationCase(SettlementCase, IsolationCase):
    """Both vendors have a settlement each."""

    walked = "supply_partner_consignment_vendor"
    id_names = ("settlement_id", "settlement_line_id")
    optional = ()
    tables = ("settlements",)

    def setUp(self):
        super().setUp()
        self.use(6)
        self.use(7, self.large_bolts, self.bolts_vendor)
        both = self.settle()
        self.settlement = both.filtered(lambda one: one.partner_id == self.vendor)
        self.settlement_of_others = both - self.settlement
        for settlement in both:
            settlement.action_bill()

    def ids(self, proposal):
        own = proposal == self.own
        settlement = self.settlement if own else self.settlement_of_others
        return {
            **super().ids(proposal),
            "settlement_id": settlement.id,
            "settlement_line_id": settlement.line_ids.id,
        }

    def secrets(self):
        return (*super().secrets(), self.settlement_of_others.name)

    def assert_unchanged(self):
        self.assert_untouched(self.settlement_of_others)
        return super().assert_unchanged()

    def assert_own_unchanged(self):
        self.assert_untouched(self.settlement)
        return super().assert_own_unchanged()

    def assert_untouched(self, settlement):
        self.assertFalse(settlement.confirmed_at)
        self.assertEqual(settlement.line_ids.status, "billed")
        self.assertEqual(len(settlement.sudo().bill_ids), 1)
        self.assertFalse(settlement.sudo().bill_ids.ref)


class TestSettlementServiceIsolation(ServiceWalk, SettlementIsolationCase):
    """The methods of this add-on."""

    def test_the_walk_meets_all_there_is(self):
        self.assertEqual(len(self.public_methods()), 4)
        self.assertEqual(len(self.routes()), 5)

    def test_an_agent_sees_both(self):
        found = self.served(self.agent).get_settlements()["lines"]
        self.assertEqual(
            {one["name"] for one in found},
            {self.settlement.name, self.settlement_of_others.name},
        )

    def test_a_row_for_some_agreements_shows_what_is_under_these_alone(self):
        other = self.consign((self.make_product("Tar", self.vendor), 5, 10))
        self.access.agreement_ids = [Command.set((self.agreement | other).ids)]
        self.assertEqual(self.served(self.anna).get_settlements()["total"], 0)
        self.settlement.sudo().agreement_ids |= other
        for agreements in (other, self.consigned):
            self.access.agreement_ids = [Command.set(agreements.ids)]
            with self.assertRaises(MissingError):
                self.served(self.anna).get_settlement(self.settlement.id)
        self.access.agreement_ids = [Command.set((self.consigned | other).ids)]
        self.assertEqual(self.served(self.anna).get_settlements()["total"], 1)

    def test_without_the_right_to_settle_nothing_of_it_is_there(self):
        self.access.can_settle = False
        vendor = self.served(self.anna)
        self.assertEqual(vendor.get_stock()["total"], 3)
        self.assertFalse(vendor._has_settlements())
        self.assertEqual(vendor._count_settlements(), 0)
        for name in self.public_methods():
            answer = self.call(self.anna, name, **self.ids(self.own))
            self.assertEqual(answer[0], "MissingError", name)
        with self.assertRaises(MissingError):
            vendor._get_table("settlements")


class TestSettlementPageIsolation(PageWalk, SettlementIsolationCase, HttpCase):
    """The pages of this add-on."""

    def test_the_download_holds_nothing_of_anothers(self):
        self.authenticate("anna", "anna")
        for kind in ("csv", "xlsx"):
            answer = self.url_open(f"/my/supply/export/settlements/{kind}")
            self.assertEqual(answer.status_code, 200)
        text = self.url_open("/my/supply/export/settlements/csv").text
        self.assert_nothing_of_others(text)
        self.assertIn(self.settlement.name, text)


class TestSettlementCallIsolation(CallWalk, SettlementIsolationCase, HttpCase):
    """The calls of this add-on."""
