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

from .common import TieringCase

FAMILY = "customer_tiering"
CONTEXT_KEY = re.compile(r"context(?:\.get\(|\[)\s*\"(\w+)\"|with_context\((\w+)=")
# The ORM's own, which check access themselves.
STANDARD = {"create", "write", "unlink", "copy", "copy_data", "default_get", "load"}
# The strongest roles of a shop that are no administrator's.
ROLES = (
    "customer_tiering.group_tiering_manager",
    "sales_team.group_sale_manager",
    "survey.group_survey_manager",
    "helpdesk_mgmt.group_helpdesk_manager",
    "base.group_partner_manager",
)


class TestGuard(TieringCase):
    """Numbers are numbers, and what only methods write is written by nobody else.

    Both are found by themselves: each stored field of this family, on whichever model.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.acme = cls.make_customer("Acme")
        cls.order = cls.make_order(cls.acme, 90, "2026-06-01")
        cls.policy.evaluate("2026-06-30")
        groups = [group for group in ROLES if cls.env.ref(group, raise_if_not_found=False)]
        cls.strongest = new_test_user(
            cls.env,
            "guard_strongest",
            ",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def fields_of_family(self, condition):
        """Yield (model, field) of this family's stored fields with a condition."""
        for name in sorted(self.env.registry):
            model = self.env[name]
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
                        model.browse(1).write({field.name: value})
        self.assertGreater(tried, 200)

    def test_an_import_names_the_number(self):
        result = self.policy.tier_ids.with_user(self.strongest).load(
            [".id", "min_score"], [[str(self.vip.id), "nan"]]
        )
        self.assertIn("From Score", result["messages"][0]["message"])
        self.assertEqual(self.vip.min_score, 80)

    def hostile_contexts(self, model, field, value):
        """Return contexts that a client could send, of keys that the source reads."""
        keys = set()
        for module in self.env.registry._init_modules:
            if module.startswith(FAMILY):
                for path in Path(get_manifest(module).path).rglob("*.py"):
                    if "tests" not in path.parts:
                        for match in CONTEXT_KEY.finditer(path.read_text()):
                            keys.update(filter(None, match.groups()))
        self.assertIn("tiering_lines_checked_later", keys)
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
            others = self.env[field.comodel_name].search(
                [("id", "not in", [held.id, self.env.company.id])], limit=1
            )
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
        self.assertGreater(tried, 10)

    def test_no_default_of_the_client_sets_it(self):
        overrides = self.env["customer.tier.override"].with_user(self.make_member(
            "guard_seller", "sales_team.group_sale_salesman"
        ))  # fmt: skip
        self.env["ir.default"].with_user(overrides.env.user).set(
            "customer.tier.override", "state", "active", user_id=True
        )
        override = overrides.with_context(
            default_state="active", default_approver_id=self.strongest.id, default_user_id=1
        ).create({"partner_id": self.acme.id, "tier_id": self.vip.id, "reason": "Mine"})
        self.assertEqual(override.state, "requested")
        self.assertEqual(override.user_id, overrides.env.user)
        self.assertFalse(override.approver_id)

    def test_a_ladder_is_checked_whatever_the_context(self):
        tier = self.vip.with_user(self.strongest).with_context(tiering_lines_checked_later=True)
        with self.assertRaises(ValidationError):
            tier.min_score = 1
        with self.assertRaises(ValidationError):
            self.policy.criterion_ids.with_user(self.strongest).with_context(
                tiering_lines_checked_later=True
            ).weight = 0

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

        admin = self.env
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
