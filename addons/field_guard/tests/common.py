import re
from collections import Counter
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.modules import get_manifest
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user
from odoo.tools import SQL

CONTEXT_KEY = re.compile(r"context(?:\.get\(|\[)\s*\"(\w+)\"|with_context\((\w+)=")
# What somebody may type, or a client may send, while a form is filled in.
TYPED = {
    "float": (float("nan"), -1e14),
    "monetary": (float("nan"), -1e14),
    "integer": (0, 2**31 - 1),
    "date": ("0001-01-01", "9999-12-31"),
    "datetime": ("0001-01-01 00:00:00", "9999-12-31 23:59:59"),
    "many2one": (False,),
}
# What an import, an integration or a stale client may send, of another type than the field's.
OF_ANOTHER_TYPE = {
    "float": ("twelve", [1]),
    "monetary": ("twelve",),
    "integer": ("twelve", "1.5"),
    "date": ("2026-13-45", 5),
    "datetime": ("2026-13-45 00:00:00",),
    "selection": ("no such choice", [1]),
    "many2one": ("Acme", "1", [1, "Acme"], True, 2**40, {"id": 1}),
    "one2many": ("Acme", 5, ["Acme"], [[0, 0, "Acme"]], [[1, "Acme", {}]]),
    "many2many": ("Acme", 5, ["Acme"], [[4]], [[6, 0, ["Acme"]]]),
    "char": ("Ac\0me",),
    "text": ("Ac\0me",),
    "binary": (5,),
}
# The ORM's own, which check access themselves.
STANDARD = {
    "create", "write", "unlink", "copy", "copy_data", "default_get", "load",
    "get_import_templates",
}  # fmt: skip


class GuardedFamilyCase:
    """Numbers are numbers, and what only methods write is written by nobody else.

    Both are found by themselves: each stored field of a family, on whichever model. A test case
    ``test_guard`` of the family inherits this one and makes a record of each model that matters.
    An add-on with a test of that name sees to itself, and to those whose names begin with its own.

    :cvar family: with what the names of the family's add-ons begin
    :cvar context_key: a key of the context that the family's source reads
    :cvar least_numbers: how many values of numbers are tried at least, and so on
    :cvar company: the company of the records
    :cvar strongest: the user with the strongest roles that are no administrator's
    """

    family = None
    context_key = None
    least_numbers = least_kept = least_methods = 10
    least_typed = 5

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env(su=True, user=1)

    @classmethod
    def covers(cls, module):
        """Return whether it is for this case to see to an add-on, and for no other."""
        if not (module or "").startswith(cls.family):
            return False
        guards = [
            name
            for name in cls.registry._init_modules
            if module.startswith(name)
            and (Path(get_manifest(name).path) / "tests" / "test_guard.py").exists()
        ]
        return max(guards, key=len, default=None) == cls.__module__.split(".")[2]

    def fields_of_family(self, condition):
        """Yield (model, field) of this family's stored fields with a condition."""
        modules = {module for module in self.env.registry._init_modules if self.covers(module)}
        for name in sorted(self.env.registry):
            model = self.admin[name]
            if model._abstract or not model._auto:
                continue
            for field in model._fields.values():
                if field.store and field._module in modules and condition(field):
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
                    record = model.search([], order="id desc", limit=1)
                    with self.assertRaises(ValidationError):
                        (record or model.browse(1)).write({field.name: value})
        self.assertGreater(tried, self.least_numbers)

    def test_no_two_fields_of_a_model_have_the_same_label(self):
        """Whoever filters, groups or exports by them chooses by the label."""
        for name in sorted(self.env.registry):
            fields = self.env[name]._fields.values()
            counts = Counter(field.string for field in fields)
            shared = [
                (field.name, field.string)
                for field in fields
                if counts[field.string] > 1 and self.covers(field._module)
            ]
            self.assertFalse(shared, name)

    def test_what_is_of_another_type_is_refused_by_name(self):
        """Nothing is emptied, cut or passed on to the database, and the message names the field."""
        tried = 0
        for model, field in self.fields_of_family(
            lambda field: not field.readonly and field.name not in MAGIC_COLUMNS
        ):
            label = field._description_string(self.env)
            record = model.search([], limit=1)
            held = record[field.name]
            values = OF_ANOTHER_TYPE.get(field.type, ())
            if record and field.required and field.type not in ("float", "integer", "monetary"):
                values = (*values, False) if field.type != "boolean" else ()
            for value in values:
                if not record and isinstance(value, (list, dict)):
                    # Some mixins of Odoo's read values before anybody may check them.
                    continue
                tried += 1
                with self.subTest(field=str(field), value=value):
                    with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                        if record:
                            record.write({field.name: value})
                        else:
                            model.create({field.name: value})
                    if type(caught.exception) is ValidationError:
                        self.assertIn(label, str(caught.exception))
                    self.assertEqual(record[field.name], held)
        self.assertGreater(tried, self.least_typed)

    def test_nothing_that_is_typed_breaks_a_form(self):
        """Numbers and days of any size, and links that are emptied, are answered in words."""
        tried = 0
        for name in sorted(self.env.registry):
            model = self.admin[name]
            fields = [
                field
                for field in model._fields.values()
                if (field._module or "").startswith(self.family) and field.name not in MAGIC_COLUMNS
            ]
            # Other models' forms ask for more than the family knows.
            if model._abstract or not model._auto or not self.covers(model._original_module):
                continue
            mine = model.with_user(self.strongest)
            if not mine.has_access("create") and not mine.has_access("write"):
                continue
            spec = {field.name: {} for field in fields}
            new = self.new_values(model)
            for record in (model.browse(), model.search([], limit=1)):
                for field in fields:
                    for value in () if field.readonly else TYPED.get(field.type, ()):
                        tried += 1
                        values = {field.name: value} if record else {**new, field.name: value}
                        with self.subTest(field=str(field), value=value, new=not record):
                            self.type_in(record, values, field.name, spec)
        self.assertGreater(tried, self.least_typed)

    def new_values(self, model):
        """Return what a form that was just opened holds, and some record for each link."""
        values = dict(model.default_get(list(model._fields)))
        for field in model._fields.values():
            is_link = field.type == "many2one" and field.store and not field.compute
            if is_link and field.name not in MAGIC_COLUMNS and not values.get(field.name):
                values[field.name] = self.admin[field.comodel_name].search([], limit=1).id
        return values

    def type_in(self, record, values, name, spec):
        with self.env.cr.savepoint() as savepoint:
            try:
                call_kw(record.browse(), "onchange", [record.ids, values, [name], spec], {})
            except UserError as error:
                self.assertTrue(str(error).strip())
            savepoint.rollback()
        self.env.invalidate_all()

    def hostile_contexts(self, model, field, value):
        """Return contexts that a client could send, of keys that the source reads."""
        keys = set()
        for module in self.env.registry._init_modules:
            if self.covers(module):
                for path in Path(get_manifest(module).path).rglob("*.py"):
                    if "tests" not in path.parts:
                        for match in CONTEXT_KEY.finditer(path.read_text()):
                            keys.update(filter(None, match.groups()))
        self.assertIn(self.context_key, keys)
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
            others = self.admin[field.comodel_name].search(
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
        self.assertGreater(tried, self.least_kept)

    def public_methods(self):
        """Yield (model name, method name) of what this family's classes offer over RPC."""
        for name in sorted(self.env.registry):
            model = self.env.registry[name]
            if model._abstract:
                continue
            own = [
                base
                for base in model.__mro__
                if base.__module__.startswith("odoo.addons.")
                and self.covers(base.__module__.split(".")[2])
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

        admin = self.admin
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
        self.assertGreater(tried, self.least_methods)

    def arguments(self, name, method, ids):
        """Return the arguments of a call: ids as the client sends them, where it takes any."""
        found = getattr(self.env.registry[name], method)
        return [] if getattr(found, "_api_model", False) else [ids]
