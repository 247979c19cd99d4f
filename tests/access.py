"""Tries out who may do what with every model of the add-ons, in a process of Odoo.

Nothing is listed here by name but what a record needs to be valid: models are those that the
add-ons brought into the registry, and each gets a record in two companies. Every operation is
done as the user and rolled back; only an ``AccessError`` is a refusal.
"""

from __future__ import annotations

import contextlib
import datetime
import itertools
from collections.abc import Callable, Iterator

from odoo.api import Environment
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tools import SQL

READ, WRITE, CREATE, DELETE, READ_OTHERS = "rwcdo"
_NAMES = {READ: "read", WRITE: "write", CREATE: "create", DELETE: "unlink"}
# The groups of each role beside being an employee; portal users and nobody are none.
ROLES = {
    "nobody": None,
    "portal customer": None,
    "portal vendor": None,
    "employee": (),
    "salesperson own": ("sales_team.group_sale_salesman",),
    "salesperson all": ("sales_team.group_sale_salesman_all_leads",),
    "sales manager": ("sales_team.group_sale_manager",),
    "tiering user": ("customer_tiering.group_tiering_user",),
    "tier manager": ("customer_tiering.group_tiering_manager",),
    "purchase user": ("purchase.group_purchase_user",),
    "purchase manager": ("purchase.group_purchase_manager",),
    "stock user": ("stock.group_stock_user",),
    "accountant": ("account.group_account_user",),
}
# What a record needs to be valid that cannot be told from its fields.
VALUES: dict[str, dict] = {
    "customer.tier.criterion": {"metric": "revenue"},
    # A line with a product would want more than its fields say.
    "purchase.order.line": {"display_type": "line_note", "name": "Sample", "product_qty": 0},
}
# What is required although it is computed, from another field that is not.
GIVEN = {"product.supplierinfo": ("product_tmpl_id",), "crm.lead": ("name",)}
# Models about vendors; the others are about customers.
SUPPLY = ("vmi.", "vendor.")

_FIELD_TYPES = {"boolean", "char", "date", "datetime", "float", "integer", "many2one", "monetary"}
_FIELD_TYPES |= {"selection", "text", "html"}


class Samples:
    """One record of each model of ours, of one company, made when it is asked for.

    :param models: names of our models
    :param customer: whom a model is about
    :param vendor: whom a model of the supply side is about
    """

    def __init__(self, env: Environment, company, models: set[str], customer, vendor):
        self._env = env(context={**env.context, "allowed_company_ids": company.ids})
        self._company = company
        self._models = models
        self._customer, self._vendor = customer, vendor
        self._made: dict[str, object] = {}
        self._numbers = itertools.count(1)

    def of(self, name: str):
        """Return the record of a model: one that the company has already, or a new one."""
        if name not in self._made:
            found = self._find(name) or self._env[name].create(self.values(name))
            self._env.flush_all()
            self._made[name] = found
        return self._made[name]

    def values(self, name: str) -> dict:
        """Return values for a new record of a model: what is required, and its company."""
        model = self._env[name]
        values = dict(VALUES.get(name, {}))
        defaults = model.default_get(list(model._fields))
        for field in model._fields.values():
            if field.name in values or not field.store or field.name in MAGIC_COLUMNS:
                continue
            if field.name == "company_id" and not field.related:
                values[field.name] = self._company.id
            elif field.name == "partner_id" and not field.compute:
                values[field.name] = self._record(field).id
            elif field.name in GIVEN.get(name, ()) or (
                field.required and not field.compute and not defaults.get(field.name)
            ):
                values[field.name] = self._value(field)
        return values

    def row(self, name: str, id_: int) -> SQL:
        """Return a row of a model that reads a query instead of a table."""
        columns = []
        for field in self._env[name]._fields.values():
            if not field.store or not field.column_type:
                continue
            value = {"id": id_, "company_id": self._company.id}.get(field.name)
            if value is None and field.type == "many2one":
                value = self._record(field).id
            column = SQL.identifier(field.name)
            columns.append(SQL("%s::%s AS %s", value, SQL(field.column_type[1]), column))
        return SQL("SELECT %s", SQL(", ").join(columns))

    def _find(self, name: str):
        model = self._env[name].with_context(active_test=False)
        if "company_id" not in model._fields or not model._fields["company_id"].store:
            return model
        return model.search([("company_id", "=", self._company.id)], limit=1)

    def _value(self, field):
        if field.type == "many2one":
            return self._record(field).id
        if field.type == "selection":
            return field.get_values(self._env)[0]
        if field.type in ("char", "text", "html"):
            return f"Sample {next(self._numbers)} of {self._company.name}"
        plain = {
            "date": datetime.date.today(),
            "datetime": datetime.datetime.now().replace(microsecond=0),
            "json": {},
            "binary": b"AAAA",
        }
        return plain.get(field.type, 1)

    def _record(self, field):
        name = field.comodel_name
        if name == "res.partner":
            return self._vendor if field.model_name.startswith(SUPPLY) else self._customer
        if name == "res.company":
            return self._company
        if name in self._models:
            return self.of(name)
        model = self._env[name]
        has_company = "company_id" in model._fields
        domain = model._check_company_domain(self._company) if has_company else []
        if name == "res.users" and isinstance(field.domain, list):
            # Whoever is on the portal, whichever company the user is in.
            domain = field.domain
        found = model.search(domain, limit=1)
        return found or model.create(self.values(name))


class Trial:
    """Tries every operation on every model as everybody.

    :param env: of the superuser; nothing of what is done in it is to be kept
    :param addons: names of the add-ons whose models are tried
    """

    def __init__(self, env: Environment, addons: list[str]):
        self._env = env(context={**env.context, "tracking_disable": True})
        self._names = sorted(
            name for name, model in env.registry.items() if model._original_module in addons
        )
        self.faults: list[str] = []
        here = env.ref("base.main_company")
        there = env["res.company"].create({"name": "The other company"})
        env.user.company_ids += there
        if not env["stock.warehouse"].search([("company_id", "=", there.id)]):
            env["stock.warehouse"].create({"name": "There", "code": "T", "company_id": there.id})
        self._users = self._make_users(here)
        self._here, self._there = (
            Samples(
                self._env,
                company,
                set(self._names),
                self._users["portal customer"].partner_id,
                self._users["portal vendor"].partner_id,
            )
            for company in (here, there)
        )

    def run(self) -> dict[str, dict[str, str]]:
        """Return the letters of the operations that are allowed, by model and role."""
        kept = [name for name in self._names if not self._env[name]._abstract]
        for name in kept:
            if self._env[name]._auto and not self._env[name]._transient:
                self._make_samples(name)
        for name in kept:
            if not self._env[name]._auto:
                # One row of each company, whatever its query would find.
                rows = (self._here.row(name, 1), self._there.row(name, 2))
                type(self._env[name])._table_query = SQL("%s UNION ALL %s", *rows)
        return {
            name: {role: self._try_all(name, role) for role in self._users} for name in self._names
        }

    def _make_samples(self, name: str) -> None:
        """Make the records of a model; one that cannot be made wants its ``VALUES``."""
        for samples in (self._here, self._there):
            try:
                with self._env.cr.savepoint():
                    samples.of(name)
            except Exception as error:
                self.faults.append(f"no record of {name} can be made as VALUES is: {error}")

    def _make_users(self, company) -> dict[str, object]:
        users = self._env["res.users"].with_context(no_reset_password=True)
        made = {}
        for role, groups in ROLES.items():
            if role == "nobody":
                made[role] = self._env.ref("base.public_user")
                continue
            names = ("base.group_portal",) if groups is None else ("base.group_user", *groups)
            made[role] = users.create(
                {
                    "name": role,
                    "login": f"access {role}",
                    "email": "access@example.com",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set([self._env.ref(group).id for group in names])],
                }
            )
        return made

    def _try_all(self, name: str, role: str) -> str:
        user = self._users[role]
        model = (
            self._env[name].with_user(user).with_context(allowed_company_ids=user.company_id.ids)
        )
        if model._abstract:
            return "".join(letter for letter, name in _NAMES.items() if model.has_access(name))
        with self._rolled_back():
            record, other = self._records(model)
            tries: dict[str, Callable[[], object]] = {
                READ: lambda: self._read(record, role),
                WRITE: lambda: self._write(record),
                CREATE: lambda: self._create(record),
                DELETE: record.unlink,
                READ_OTHERS: lambda: self._read(other, role),
            }
            return "".join(letter for letter, attempt in tries.items() if self._is_allowed(attempt))

    def _records(self, model):
        """Return what a user tries things on: a record of the own company, and one of another."""
        if model._transient:
            # Its maker alone sees it.
            made = model.sudo().create(self._here.values(model._name)).sudo(False)
            return made, model.browse()
        if not model._auto:
            return model.browse(1), model.browse(2)
        return (model.browse(samples.of(model._name).id) for samples in (self._here, self._there))

    def _read(self, record, role: str) -> None:
        found = record.search([("id", "in", record.ids)]) if record else record
        record.check_access("read")
        if not found:
            raise AccessError("not there")
        try:
            record.read()
        except AccessError as error:
            self.faults.append(f"{role} may read {record._name}, but not its fields: {error}")

    def _write(self, record) -> None:
        record.check_access("write")
        values = self._writable(record)
        if values:
            name = next(iter(values))
            record.write({name: values[name]})
            record.env.flush_all()

    def _create(self, record) -> None:
        record.browse().check_access("create")
        record.create(self._writable(record))
        record.env.flush_all()

    def _writable(self, record) -> dict:
        """Return what a user may write to a record, as it is."""
        held = record.sudo()
        return {
            field.name: field.convert_to_write(held[field.name], held)
            for field in record._fields.values()
            if field.store
            and field.type in _FIELD_TYPES
            and field.name not in MAGIC_COLUMNS
            and not (field.readonly or field.compute or field.related)
            and field.is_accessible(record.env)
        }

    def _is_allowed(self, attempt: Callable[[], object]) -> bool:
        with self._rolled_back():
            try:
                attempt()
            except AccessError:
                return False
            except Exception:
                # Whatever else forbids it, it is not for who the user is.
                return True
        return True

    @contextlib.contextmanager
    def _rolled_back(self) -> Iterator[None]:
        savepoint = self._env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            self._env.transaction.clear()
            savepoint.rollback()
            savepoint.close(rollback=False)


def try_out(env: Environment, addons: list[str]) -> dict:
    """Return what everybody may do.

    :return: ``table``: a letter for each operation, by model and role; ``faults``: a text each
    """
    trial = Trial(env, addons)
    return {"table": trial.run(), "faults": list(dict.fromkeys(trial.faults))}
