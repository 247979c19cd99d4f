import re
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.modules import get_manifest
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import VmiCase

FAMILY = "supply_partner"
CONTEXT_KEY = re.compile(r"context(?:\.get\(|\[)\s*\"(\w+)\"|with_context\((\w+)=")
# The ORM's own, which check access themselves.
STANDARD = {
    "create", "write", "unlink", "copy", "copy_data", "default_get", "load",
    "get_import_templates",
}  # fmt: skip
# The strongest roles of a shop that are no administrator's.
ROLES = "purchase.group_purchase_manager,stock.group_stock_manager,base.group_partner_manager"


class TestGuard(VmiCase):
    """Numbers are numbers, and what only methods write is written by nobody else.

    Both are found by themselves: each stored field of this family, on whichever model.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.make_agreement((cls.screws, 60, 120), decision="automatic")
        cls.proposal = cls.agreement.review()
        cls.order = cls.proposal.purchase_order_ids
        # The newest is still to be decided.
        cls.make_agreement((cls.make_product("Bolts", cls.vendor), 60, 120)).review()
        cls.strongest = cls.make_buyer("guard strongest", cls.company, ROLES)
        cls.all = cls.env(su=True, user=1)

    def fields_of_family(self, condition):
        """Yield (model, field) of this family's stored fields with a condition."""
        for name in sorted(self.env.registry):
            model = self.all[name]
            if model._abstract or not model._auto:
                continue
            for field in model._fields.values():
                if field.store and (field._module or "").startswith(FAMILY) and condition(field):
                    yield model, field

    def test_no_number_is_none(self):
        tried = 0
        for model, field in self.fields_of_family(
            lambda field: field.type in ("float", "monetary", "integer")
        ):
            label = field._description_string(self.env)
            for value in (float("nan"), float("inf"), float("-inf"), "NaN", 1e300, "-1e300"):
                tried += 1
                with self.subTest(field=str(field), value=value):
                    with self.assertRaises(ValidationError) as caught:
                        model.create({field.name: value})
                    self.assertIn(label, str(caught.exception))
                    with self.assertRaises(ValidationError):
                        (model.search([], order="id desc", limit=1) or model.browse(1)).write(
                            {field.name: value}
                        )
        self.assertGreater(tried, 300)

    def test_an_import_names_the_number(self):
        result = self.env["vmi.agreement"].load(
            [".id", "approval_limit_days"], [[str(self.agreement.id), "nan"]]
        )
        self.assertIn("Approval Limit: Days of Supply", result["messages"][0]["message"])
        self.assertEqual(self.agreement.approval_limit_days, 0)

    def hostile_contexts(self, model, field, value):
        """Return contexts that a client could send, of keys that the source reads."""
        keys = set()
        for module in self.env.registry._init_modules:
            if module.startswith(FAMILY):
                for path in Path(get_manifest(module).path).rglob("*.py"):
                    if "tests" not in path.parts:
                        for match in CONTEXT_KEY.finditer(path.read_text()):
                            keys.update(filter(None, match.groups()))
        self.assertIn("vmi_owner", keys)
        keys -= {"lang", "allowed_company_ids", "active_test"}
        return [{}, dict.fromkeys(keys, True), {f"default_{field.name}": value}]

    def value_for(self, field, record):
        """Return a value as a client sends it, other than the record's."""
        held = record[field.name]
        if field.type == "selection":
            values = [value for value in field.get_values(self.env) if value != held]
            return values[-1] if values else False
        if field.type == "boolean":
            return not held
        if field.type in ("float", "integer", "monetary"):
            return held + 7
        if field.type == "many2one":
            others = self.all[field.comodel_name].search([("id", "!=", held.id)], limit=1)
            return others.id if others else False
        if field.type in ("one2many", "many2many"):
            return [[5]] if held else [[0, 0, {}]]
        return {
            "date": "2026-01-01",
            "datetime": "2026-01-01 00:00:00",
            "json": {"a": 1},
        }.get(field.type, "other")

    def test_nobody_writes_what_only_methods_write(self):
        tried = 0
        for model, field in self.fields_of_family(
            lambda field: field.readonly and field.name not in MAGIC_COLUMNS
        ):
            mine = model.with_user(self.strongest)
            writable = mine.has_access("write")
            record = model.search([], limit=1) or model.browse(1)
            value = self.value_for(field, record.exists())
            if value is False:
                continue
            for context in self.hostile_contexts(model, field, value) if writable else ():
                tried += 1
                with self.subTest(field=str(field), context=context):
                    before = record.exists() and record[field.name]
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        call_kw(
                            mine.browse(),
                            "write",
                            [record.ids, {field.name: value}],
                            {"context": {**self.env.context, **context}},
                        )
                    self.assertEqual(before, record.exists() and record[field.name])
            if mine.has_access("create"):
                with self.subTest(field=str(field)), self.env.cr.savepoint():
                    try:
                        call_kw(mine.browse(), "create", [[{field.name: value}]], {})
                    except (UserError, ValueError):
                        # A ValueError where another add-on asks for more first.
                        continue
                    self.fail(f"{field} was created as {value}")
        self.assertGreater(tried, 100)

    def test_no_default_of_the_client_sets_it(self):
        agreements = self.env["vmi.agreement"]
        self.env["ir.default"].set("vmi.agreement", "state", "running", user_id=True)
        agreement = agreements.with_context(
            default_state="running", default_held_value=5, default_decided_at="2026-01-01 00:00:00"
        ).create({"partner_id": self.vendor.id})
        self.assertEqual(agreement.state, "draft")
        self.assertEqual(agreement.held_value, 0)
        self.assertFalse(agreement.decided_at)
        order = (
            self.env["purchase.order"]
            .with_context(default_vmi_agreement_id=self.agreement.id)
            .create({"partner_id": self.vendor.id})
        )
        self.assertFalse(order.vmi_agreement_id)

    def test_a_draft_stays_what_it_is_without_the_checks(self):
        draft = self.make_agreement((self.screws, 1, 2), start=False)
        with self.assertRaisesRegex(AccessError, "Status|State"):
            draft.state = "running"
        # A form that saves what it has read goes on working, and so does a copy.
        draft.write({"state": "draft"})
        self.assertEqual(self.agreement.copy().state, "draft")
        self.assertEqual(self.order.copy().vmi_agreement_id.ids, [])

    def test_what_was_ordered_is_not_ordered_twice(self):
        self.assertEqual(self.proposal.state, "ordered")
        for vals in ({"state": "draft"}, {"line_ids": [[1, self.proposal.line_ids.id,
                     {"suggested_qty": 77}]]}):  # fmt: skip
            with self.assertRaises(AccessError):
                self.proposal.write(vals)

    def test_a_rule_of_an_agreement_opens_to_no_context_key(self):
        self.env = self.env(user=self.strongest)
        point = self.agreement.line_ids.orderpoint_id.with_user(self.strongest)
        with self.assertRaisesRegex(UserError, "belongs to the supply agreement"):
            point.with_context(vmi_owner=True).trigger = "auto"
        with self.assertRaisesRegex(UserError, "belongs to the supply agreement"):
            point.with_context(vmi_owner={"a": 1}).active = False

    def test_the_buyer_s_answer_notes_its_own_time(self):
        agreement = self.make_agreement(
            (self.make_product("Nails", self.vendor), 60, 120), decision="vendor"
        )
        line = agreement.review().line_ids
        with self.assertRaises(AccessError):
            line.write({"vendor_qty": 70, "answered_at": "2020-01-01 00:00:00"})
        line.vendor_qty = 70
        self.assertTrue(line.answered_at)

    def public_methods(self):
        """Yield (model name, method name) of what this family's classes offer over RPC."""
        for name in sorted(self.env.registry):
            model = self.env.registry[name]
            if model._abstract:
                continue
            own = [
                base
                for base in model.__mro__
                if base.__module__.startswith(f"odoo.addons.{FAMILY}")
                and base.__dict__.get("_inherit") != "base"
            ]
            for method in {method for base in own for method in vars(base)}:
                try:
                    get_public_method(self.env[name], method)
                except (AccessError, AttributeError, TypeError):
                    continue
                if method not in STANDARD:
                    yield name, method

    def test_who_may_nothing_does_nothing_by_any_method(self):
        writes = []
        tried = 0
        execute = type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            text = (query.code if isinstance(query, SQL) else str(query)).lstrip().upper()
            if text.startswith(("INSERT", "UPDATE", "DELETE", "ALTER")):
                writes.append(text[:80])
            return execute(cursor, query, *args, **kwargs)

        admin = self.all
        admin["purchase.order"].create(
            {"partner_id": self.vendor.id, "company_id": self.company.id}
        )
        for group in ("base.group_portal", "base.group_user"):
            user = new_test_user(
                admin,
                f"guard_{group}",
                group,
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            user.env.flush_all()
            for name, method in self.public_methods():
                ids = admin[name].search([], limit=1).ids if admin[name]._auto else []
                tried += 1
                writes.clear()
                with (
                    self.subTest(model=name, method=method, group=group),
                    patch.object(type(self.env.cr), "execute", spy),
                ):
                    try:
                        with self.env.cr.savepoint():
                            result = call_kw(
                                self.env(user=user)[name],
                                method,
                                self.arguments(name, method, ids),
                                {},
                            )
                            self.env.flush_all()
                    except (UserError, ValueError, TypeError):
                        continue
                    is_action = isinstance(result, dict) and "type" in result
                    self.assertTrue(is_action or not result, result)
                    self.assertFalse(writes)
        self.assertGreater(tried, 60)

    def arguments(self, name, method, ids):
        """Return the arguments of a call: ids as the client sends them, where it takes any."""
        found = getattr(self.env.registry[name], method)
        return [] if getattr(found, "_api_model", False) else [ids]
