from pathlib import Path

from odoo.exceptions import AccessError, MissingError
from odoo.fields import Command
from odoo.modules import get_manifest
from odoo.tests import HttpCase

from .common_isolation import CallWalk, IsolationCase, PageWalk, ServiceWalk, controllers


class TestServiceIsolation(ServiceWalk, IsolationCase):
    """The methods of this add-on, and what else a portal user could reach."""

    def test_the_walk_meets_all_there_is(self):
        self.assertGreater(len(self.public_methods()), 15)
        self.assertGreater(len(self.routes()), 20)

    def test_every_add_on_with_pages_or_methods_walks_them(self):
        service = [
            class_
            for class_ in self.env.registry["vmi.vendor"].__mro__
            if getattr(class_, "_name", None) == "vmi.vendor"
        ]
        modules = {class_.__module__ for class_ in [*controllers(), *service]}
        addons = {name.split(".")[2] for name in modules if name.startswith("odoo.addons.")}
        self.assertIn("supply_partner_vendor", addons)
        for addon in addons:
            walk = Path(get_manifest(addon).path) / "tests" / "test_isolation.py"
            self.assertTrue(walk.exists(), addon)

    def test_an_agent_sees_both_and_each_as_its_own(self):
        lines = self.served(self.agent).get_stock()["lines"]
        self.assertEqual({line["product"] for line in lines}, {"Screws", "Hexagon Bolts"})
        for proposal in (self.own, self.foreign):
            found = self.served(self.agent).get_proposal(proposal.id)
            self.assertEqual(found["name"], proposal.name)

    def test_a_row_for_one_agreement_shows_no_other(self):
        nails = self.make_product("Nails", self.vendor)
        second = self.make_agreement((nails, 1, 9), decision="vendor")
        self.access.agreement_ids = [Command.set(self.agreement.ids)]
        found = self.served(self.anna).get_stock()["lines"]
        self.assertEqual([line["product"] for line in found], ["Screws"])
        with self.assertRaises(MissingError):
            self.served(self.anna).get_stock(agreement_id=second.id)

    def test_what_is_said_inside_is_not_shown(self):
        self.own.message_post(body="They are too dear", subtype_xmlid="mail.mt_note")
        self.agreement.approval_limit_value = 31337
        self.own.sudo().note = "31337"
        for name in ("get_proposal", "get_messages"):
            text = repr(self.call(self.anna, name, proposal_id=self.own.id))
            self.assertNotIn("too dear", text)
            self.assertNotIn("31337", text)

    def test_other_owners_stock_is_not_shown(self):
        owner = self.make_vendor("Somebody Else")
        quants = self.env["stock.quant"].sudo()
        quants._update_available_quantity(self.screws, self.stock, 7000, owner_id=owner)
        quants._update_available_quantity(self.screws, self.stock, 30, owner_id=self.vendor)
        self.agreement.line_ids._measure()
        [line] = self.served(self.anna).get_stock()["lines"]
        self.assertEqual((line["on_hand"], line["on_hand_vendor"]), (30, 30))
        self.env["vmi.sell.through"].sudo().search([]).unlink()
        self.env["vmi.sell.through"].sudo()._refresh_company(self.company)
        days = self.served(self.anna).get_sell_through()["lines"]
        self.assertLess(max(day["on_hand"] for day in days), 100)

    def test_a_portal_user_has_no_rights_on_the_models(self):
        models = [name for name in self.env.registry if name.startswith("vmi.")]
        for name in models:
            for operation in ("read", "write", "create", "unlink"):
                model = self.env[name].with_user(self.anna)
                self.assertFalse(model.has_access(operation), (name, operation))

    def test_a_portal_user_reads_no_field_of_ours_elsewhere(self):
        seen = set()
        for name in self.env.registry:
            model = self.env[name].with_user(self.anna)
            if name.startswith("vmi.") or model._abstract or not model.has_access("read"):
                continue
            shown = model.fields_get(attributes=[])
            ours = [
                field.name
                for field in model._fields.values()
                if (field._module or "").startswith("supply_partner")
                # Odoo's own, with a value more.
                and field.name != "invoice_status"
            ]
            seen.update((name, field) for field in ours)
            self.assertFalse(shown.keys() & set(ours), name)
        self.assertIn(("purchase.order", "vmi_mail_failure"), seen)
        for record in (self.own_order, self.own_order.order_line):
            with self.assertRaises(AccessError):
                record.with_user(self.anna).read(["vmi_agreement_id"])


class TestPageIsolation(PageWalk, IsolationCase, HttpCase):
    """The pages of this add-on."""


class TestCallIsolation(CallWalk, IsolationCase, HttpCase):
    """The calls of this add-on."""

    def test_a_wrong_key_is_no_key(self):
        self.assertEqual(self.call("0" * 40, "get_stock", {})[0], 401)
