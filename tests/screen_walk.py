"""Goes through every screen of the add-ons as the web client does, in a process of Odoo.

Nothing is listed here by name: menus, actions, views and buttons are those that the add-ons brought
into the database, so what is added later is walked as well. Every call goes through the entry
that the client's calls go through, as each kind of user, and is rolled back.
"""

from __future__ import annotations

import ast
import contextlib
import datetime
import inspect
import traceback
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from lxml import etree
from psycopg2 import IntegrityError

from odoo.addons.web.controllers.utils import clean_action
from odoo.api import Environment
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Domain
from odoo.service.model import call_kw
from odoo.tools.safe_eval import datetime as wrapped_datetime
from odoo.tools.safe_eval import safe_eval
from odoo.tools.safe_eval import time as wrapped_time

# Who walks, and the group that lets them work with a family.
ROLES = {
    "salesperson": "sales_team.group_sale_salesman",
    "tiering manager": "customer_tiering.group_tiering_manager",
    "buyer": "purchase.group_purchase_user",
    "purchase manager": "purchase.group_purchase_manager",
}
# What a person can read and act upon; anything else is a fault of ours.
ANSWERS = (UserError, RedirectWarning)
RECORDS = 80  # a page of a list
NUMBERS = {"integer", "float", "monetary"}
# Of widgets of dates: of another type the client complains in the console.
SUITED = {
    "date": {"date"},
    "datetime": {"datetime"},
    "daterange": {"date", "datetime"},
    "remaining_days": {"date", "datetime"},
}
TEXTS = {"char", "text", "html"}
TO_MANY = {"one2many", "many2many"}


class Button(NamedTuple):
    """What a view lets somebody press.

    ``path`` leads from the view's record to that of the button: fields of lines, or of a group.
    """

    model: str
    name: str
    kind: str
    context: str
    args: str
    invisible: str
    path: tuple[str, ...]
    wants_selection: bool


class Screen(NamedTuple):
    """A view with the records that it shows."""

    model: str
    arch: etree._Element
    domain: Domain
    context: dict
    is_new: bool = False  # made on the way, and gone with the transaction


class Walk:
    """One walk through a database.

    :param env: of the superuser
    :param addons: names of the add-ons whose screens are walked, where they are installed
    :param roles: who walks beside the administrator
    """

    def __init__(self, env, addons: list[str], roles: dict[str, str] = ROLES):
        self._registry = env.registry
        modules = env["ir.module.module"].search(
            [("state", "=", "installed"), ("name", "in", addons)]
        )
        self.modules = modules.mapped("name")
        self.failures: list[str] = []
        self.pressed: set[tuple[str, str]] = set()
        self.opened: set[str] = set()
        self._role = ""
        self._done: set[tuple] = set()
        self._buttons = self._our_buttons(env)
        self._users = self._make_users(env, roles)
        env.cr.commit()

    def run(self) -> dict:
        """Walk as everybody.

        :return: ``failures``: a text each; ``opened``: names of the actions that were opened;
            ``pressed`` and ``missed``: buttons, as ``model.method``
        """
        self._check_methods()
        self._check_widgets()
        for role, user_id in self._users.items():
            self._role, self._done = role, set()
            for source in self._sources(user_id):
                self._visit(user_id, source)
        missed = self._buttons - self.pressed
        return {
            "failures": list(dict.fromkeys(self.failures)),
            "opened": sorted(self.opened),
            "pressed": sorted(map(".".join, self.pressed)),
            "missed": sorted(map(".".join, missed)),
        }

    # What there is

    def _ids(self, env, model: str) -> list[int]:
        data = (
            env["ir.model.data"]
            .sudo()
            .search_fetch([("module", "in", self.modules), ("model", "=", model)], ["res_id"])
        )
        return env[model].sudo().browse(data.mapped("res_id")).exists().ids

    def _our_buttons(self, env) -> set[tuple[str, str]]:
        """Return model and method of each button in a view of ours."""
        found = set()
        for view in env["ir.ui.view"].browse(self._ids(env, "ir.ui.view")):
            names = {
                node.get("name") or node.get("action")
                for node in etree.fromstring(view.arch).iter(etree.Element)
                if node.get("type") == "object"
            }
            if not names:
                continue
            root = view
            while root.mode == "extension":
                root = root.inherit_id
            arch = etree.fromstring(env[view.model].get_view(root.id, root.type)["arch"])
            found.update(
                (button.model, button.name)
                for button in self._buttons_of(env, view.model, arch)
                if button.kind == "object" and button.name in names
            )
        return found

    def open(self) -> list[str]:
        """Open every screen as everybody who walks, press nothing, and return what failed."""
        for role, user_id in self._users.items():
            self._role, self._done = role, set()
            for source in self._sources(user_id):
                self._visit(user_id, source, presses=False)
        return list(dict.fromkeys(self.failures))

    def _make_users(self, env, roles: dict[str, str]) -> dict[str, int]:
        users = {"administrator": env.ref("base.user_admin").id}
        for role, group in roles.items():
            if not env.ref(group, raise_if_not_found=False):
                continue
            users[role] = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": role,
                        "login": f"walk {role}",
                        "email": "walk@example.com",
                        "group_ids": [(4, env.ref("base.group_user").id), (4, env.ref(group).id)],
                    }
                )
                .id
            )
        return users

    def _check_methods(self) -> None:
        """Look at the methods behind the buttons, whether or not a record lets one press them."""
        for model, name in sorted(self._buttons):
            method = getattr(self._registry[model], name, None)
            if method is None or name.startswith("_") or getattr(method, "_api_private", False):
                self._fail(f"{model}.{name}", "cannot be called by a client")
            elif getattr(method, "_api_model", False):
                self._fail(f"{model}.{name}", "takes no ids, and the client passes them")
            else:
                try:
                    inspect.signature(method).bind(None)
                except TypeError as error:
                    self._fail(f"{model}.{name}", f"is called without arguments: {error}")

    def _check_widgets(self) -> None:
        """Look at the widgets of dates in our views, whether or not a record shows them."""
        with self._as(self._users["administrator"]) as env:
            for view in env["ir.ui.view"].sudo().browse(self._ids(env, "ir.ui.view")):
                own = {
                    (node.get("name"), node.get("widget"))
                    for node in etree.fromstring(view.arch).iter("field")
                    if node.get("widget") in SUITED
                }
                if not own:
                    continue
                root = view
                while root.mode == "extension":
                    root = root.inherit_id
                arch = etree.fromstring(env[view.model].get_view(root.id, root.type)["arch"])
                for name, widget in own & set(_unsuited(env, view.model, arch)):
                    self._fail(f"{view.xml_id}", f"{name} is no field for the widget {widget}")

    def _sources(self, user_id: int) -> list[tuple[str, int]]:
        """Return the menus, actions and views of others that somebody comes across."""
        with self._as(user_id) as env:
            visible = env["ir.ui.menu"]._visible_menu_ids()
            # Whoever does not see an app does not see the menus in it.
            menus = [
                ("ir.ui.menu", menu.id)
                for menu in env["ir.ui.menu"].sudo().browse(self._ids(env, "ir.ui.menu"))
                if visible.issuperset(map(int, menu.parent_path.strip("/").split("/")))
            ]
            windows = [
                ("ir.actions.act_window", id_) for id_ in self._ids(env, "ir.actions.act_window")
            ]
            views = env["ir.ui.view"].sudo().browse(self._ids(env, "ir.ui.view"))
            extended = {
                view.inherit_id.id for view in views if view.mode == "extension" and view.inherit_id
            }
        return [*menus, *windows, *(("ir.ui.view", id_) for id_ in sorted(extended))]

    # Opening

    def _visit(self, user_id: int, source: tuple[str, int], *, presses: bool = True) -> None:
        screens: list[Screen] = []
        with self._as(user_id) as env:
            model, id_ = source
            record = env[model].sudo().browse(id_)
            where = f"{model} {record.display_name}"
            with self._no_error(where):
                action = getattr(self, f"_action_of_{model.replace('.', '_')}")(env, record)
                if not action:
                    return
                self.opened.add(where)
                try:
                    self._open(env, action, where, screens)
                except AccessError:
                    # A view of somebody else, for whom it is not meant.
                    if not action.get("walk_only"):
                        raise
                if presses:
                    self._press_new(env, screens, where)
        for screen in screens:
            if presses and not screen.is_new:
                self._press_all(user_id, screen, where)

    def _action_of_ir_ui_menu(self, env, menu):
        return menu.action and self._load(env, menu.action)

    def _action_of_ir_actions_act_window(self, env, window):
        """Return the action, on a record that it is bound to, for whoever may read its model."""
        allowed = not window.group_ids or window.group_ids & env.user.all_group_ids
        if not allowed or not env[window.res_model].has_access("read"):
            return None
        menus = env["ir.ui.menu"].sudo()
        if menus.search_count([("action", "=", f"{window._name},{window.id}")]):
            return None  # seen from its menu
        bound = window.binding_model_id.model
        if not bound:
            return self._load(env, window)
        if not env[bound].has_access("read"):
            return None
        records = env[bound].search([], limit=2)
        return self._load(env, window) | {"walk_on": records} if records else None

    def _action_of_ir_ui_view(self, env, view):
        """Return an action that shows a view of somebody else which ours extends."""
        while view.mode == "extension":
            view = view.inherit_id
        if view.type not in ("form", "list", "kanban") or not env[view.model].has_access("read"):
            return None
        if view.group_ids and not view.group_ids & env.user.all_group_ids:
            return None
        return {
            "type": "ir.actions.act_window",
            "res_model": view.model,
            "views": [(view.id, view.type)],
            "walk_only": True,
        }

    def _load(self, env, action):
        """Return an action as the client gets it."""
        kind = action.type
        action = env[kind].sudo().browse(action.id)
        values = action._get_action_dict() if kind.endswith("window") else action.read()[0]
        return clean_action(values, env)

    def _open(self, env, action: dict, where: str, screens: list[Screen]) -> None:
        """Open an action and whatever follows from it, and note what it shows."""
        if action["type"] == "ir.actions.act_window":
            self._open_window(env, action, where, screens)
        elif action["type"] == "ir.actions.server":
            result = env["ir.actions.server"].browse(action["id"]).run()
            if result:
                made: list[Screen] = []
                self._open(env, clean_action(result, env), where, made)
                screens.extend(screen._replace(is_new=True) for screen in made)
        elif action["type"] == "ir.actions.client":
            following = (action.get("params") or {}).get("next")
            if following:
                self._open(env, clean_action(following, env), where, screens)

    def _open_window(self, env, action: dict, where: str, screens: list[Screen]) -> None:
        on = action.get("walk_on")
        active = (
            {"active_model": on._name, "active_id": on[:1].id, "active_ids": on.ids} if on else {}
        )
        names = self._names(env) | active
        context = {**env.context, **active, **self._evaluate(action.get("context") or {}, names)}
        model = env[action["res_model"]].with_context(**context)
        if not on and "active_id" in str(action.get("domain")):
            return  # belongs to a button, which is pressed elsewhere
        domain = Domain(self._evaluate(action.get("domain") or [], names))
        views = [tuple(view) for view in action["views"]]
        search = action.get("search_view_id") or [False]
        search_id = search[0] if isinstance(search, (list, tuple)) else search
        answer = model.get_views(
            [*views, (search_id, "search")], {"load_filters": True, "toolbar": True}
        )
        archs = {kind: etree.fromstring(view["arch"]) for kind, view in answer["views"].items()}
        searched = archs.pop("search")
        if not action.get("walk_only"):
            self._try_searches(model, searched, domain, names | {"context": context})
        chosen, groups = self._default_search(model, searched, context, names)
        shown = domain & chosen
        for kind, arch in archs.items():
            show = getattr(self, f"_show_{kind}", None)
            if show:
                show(model, arch, shown, groups, action.get("res_id"))
            if action.get("res_id"):
                only = Domain("id", "=", action["res_id"])
                screens.append(Screen(model._name, arch, only, context))
            elif kind != "form" or len(archs) > 1 or action.get("walk_only"):
                screens.append(Screen(model._name, arch, shown, context))
        if "form" in archs and not action.get("res_id"):
            lists = [arch for kind, arch in archs.items() if kind in ("list", "kanban")]
            if all(_is_on(arch, "create", context) for arch in lists) and not action.get(
                "walk_only"
            ):
                self._make_new(model, archs["form"], domain if lists else None, where, screens)

    def _make_new(self, model, form, domain, where: str, screens: list[Screen]) -> None:
        """Fill in what a new record needs, save it, and check that it can be and is found again."""
        if not _is_on(form, "create", model.env.context):
            if domain is None:
                self._fail(where, f"opens a new {model._name}, which its user may not make")
            return
        if not _is_on(form, "edit", model.env.context):
            self._fail(where, f"offers a new {model._name}, which its user may not save")
            return
        record = self._save_new(model, form)
        if not record:
            return
        if domain is not None and not record.filtered_domain(domain):
            self._fail(where, f"offers to make a {model._name} that it does not show")
        if model._transient or domain is not None:
            domain = Domain("id", "=", record.id)
            screens.append(Screen(model._name, form, domain, model.env.context, is_new=True))

    def _save_new(self, model, form):
        """Return a record made by way of a form, or None where something was not to be had."""
        specification = self._specification(model, form)
        values = self._onchange(model, {}, [], specification)
        for node in _own_fields(form):
            name = node.get("name")
            field = model._fields.get(name)
            if not field or values.get(name):
                continue
            scope = self._names(model.env) | _plain(values) | {"id": False}
            required = field.required
            with contextlib.suppress(Exception):
                required = required or safe_eval(node.get("required") or "False", scope)
            if required:
                filled = self._fill(model, field, node, scope)
                if filled is None:
                    return None
                values[name] = filled
                changed = self._onchange(model, _sent(values), [name], specification)
                values.update({key: value for key, value in changed.items() if key != name})
        sent = {
            name: value
            for name, value in _sent(values).items()
            if name in model._fields and not model._fields[name].readonly
        }
        try:
            with model.env.cr.savepoint():
                answer = model.web_save(sent, specification)
        except AccessError:
            raise
        except UserError:
            return None
        except IntegrityError as error:
            self._explain(model.env, error)
            return None
        return model.browse(answer[0]["id"])

    def _onchange(self, model, values: dict, names: list[str], specification: dict) -> dict:
        """Return what changes, without properties, which have a format of their own."""
        changed = model.onchange(values, names, specification)["value"]
        return {
            name: value
            for name, value in changed.items()
            if not model._fields[name].type.startswith("properties")
        }

    def _fill(self, model, field, node, scope):
        if field.type in TEXTS:
            return "Walk"
        if field.type in NUMBERS:
            return 1
        if field.type == "date":
            return datetime.date.today().isoformat()
        if field.type == "selection":
            return field.get_values(model.env)[0]
        if field.type == "many2one":
            text = node.get("domain") or model.fields_get([field.name])[field.name].get("domain")
            domain = []
            with contextlib.suppress(Exception):
                domain = self._evaluate(text or [], scope)
            found = model.env[field.comodel_name].search(domain, limit=1)
            return {"id": found.id} if found else None
        return None

    # Showing

    def _show_list(self, model, arch, domain, groups, _record_id) -> None:
        specification = self._specification(model, arch)
        order = arch.get("default_order")
        model.web_search_read(domain, specification, 0, RECORDS, order, 10_001)
        groups = groups or list(filter(None, (arch.get("default_group_by") or "").split(",")))
        if groups:
            heads = {
                node.get("name"): self._specification(
                    model.env[model._fields[node.get("name")].comodel_name], node
                )
                for node in arch.findall("groupby")
            }
            model.web_read_group(
                domain,
                groups,
                self._aggregates(model, specification),
                RECORDS,
                auto_unfold=True,
                unfold_read_specification=specification,
                groupby_read_specification={
                    name: head for name, head in heads.items() if name in groups
                },
            )

    _show_kanban = _show_list

    def _show_form(self, model, arch, domain, _groups, record_id) -> None:
        specification = self._specification(model, arch)
        records = model.browse(record_id) if record_id else model.search(domain, limit=1)
        records.web_read(specification)

    def _show_pivot(self, model, arch, domain, groups, _record_id) -> None:
        rows, columns, measures = [], [], ["__count"]
        for node in _own_fields(arch):
            name = node.get("name")
            if node.get("invisible") in ("1", "True"):
                continue
            by = f"{name}:{node.get('interval')}" if node.get("interval") else name
            if node.get("type") == "measure":
                measures.append(self._aggregate(model, name))
            elif node.get("type") == "col":
                columns.append(by)
            elif node.get("type") == "row":
                rows.append(by)
        rows = groups or rows
        sets = [[], rows[:1], columns[:1], [*rows[:1], *columns[:1]], [*rows, *columns]]
        unique = [list(part) for part in dict.fromkeys(map(tuple, sets))]
        model.formatted_read_grouping_sets(domain, unique, measures)

    def _show_graph(self, model, arch, domain, groups, _record_id) -> None:
        by, measures = [], ["__count"]
        for node in _own_fields(arch):
            name = node.get("name")
            if node.get("invisible") in ("1", "True"):
                continue
            if node.get("type") == "measure":
                measures.append(self._aggregate(model, name))
            elif model._fields[name].type not in NUMBERS:
                by.append(f"{name}:{node.get('interval')}" if node.get("interval") else name)
        model.formatted_read_group(domain, groups or by, measures)

    def _aggregates(self, model, specification) -> list[str]:
        infos = model.fields_get(list(specification), ["type", "aggregator"])
        return [
            f"{name}:{info['aggregator']}"
            for name, info in infos.items()
            if info["type"] in NUMBERS and info.get("aggregator")
        ]

    def _aggregate(self, model, name) -> str:
        info = model.fields_get([name], ["type", "aggregator"])[name]
        return f"{name}:{info.get('aggregator') or 'count_distinct'}"

    def _specification(self, model, arch) -> dict:
        """Return what the client reads for a view."""
        found: dict = {}
        for node in _own_fields(arch):
            name = node.get("name")
            field = model._fields.get(name)
            if field is None:
                continue
            part = found.setdefault(name, {})
            if field.type == "many2one":
                part["fields"] = {"display_name": {}}
            elif field.type in TO_MANY:
                comodel = model.env[field.comodel_name]
                fields = part.setdefault("fields", {})
                for view in node:
                    fields.update(self._specification(comodel, view))
        return found

    # Searching

    def _default_search(self, model, search, context, names) -> tuple[Domain, list[str]]:
        """Return the domain and the grouping of the filters that are on from the start."""
        domain, groups = Domain.TRUE, []
        for part in self._filter_groups(search):
            chosen = []
            for node in part:
                value = context.get(f"search_default_{node.get('name')}")
                if not value:
                    continue
                if node.tag == "field":
                    chosen.append(self._field_domain(model, node, value, names))
                elif group := self._group_by(model, node, names):
                    groups.append(group)
                elif node.get("domain"):
                    chosen.append(Domain(self._evaluate(node.get("domain"), names)))
            if chosen:
                domain &= Domain.OR(chosen)
        return domain, groups

    def _try_searches(self, model, search, domain, names) -> None:
        """Use each filter, each grouping and each field of a search view once."""
        key = (model._name, etree.tostring(search), repr(domain))
        if key in self._done:
            return
        self._done.add(key)
        for node in (node for part in self._filter_groups(search) for node in part):
            if self._evaluate(node.get("invisible") or "False", names):
                continue
            if node.tag == "field":
                if model._fields[node.get("name")].type in TEXTS | {"many2one"} or node.get(
                    "filter_domain"
                ):
                    model.search_count(domain & self._field_domain(model, node, "abc", names))
            elif group := self._group_by(model, node, names):
                model.web_read_group(domain, [group], [], RECORDS)
            elif node.get("domain"):
                model.search_count(domain & Domain(self._evaluate(node.get("domain"), names)))
        for node in search.iter("searchpanel"):
            for field in node.findall("field"):
                many = field.get("select") == "multi"
                ask = (
                    model.search_panel_select_multi_range
                    if many
                    else (model.search_panel_select_range)
                )
                ask(field.get("name"), search_domain=list(domain), enable_counters=True)

    def _filter_groups(self, search) -> list[list[etree._Element]]:
        """Return fields each alone, and filters by what stands between two separators."""
        groups: list[list] = [[]]
        for node in search.iter("field", "filter", "separator", "group"):
            if any(parent.tag == "searchpanel" for parent in node.iterancestors()):
                continue
            if node.tag == "filter":
                groups[-1].append(node)
            else:
                groups.extend([[node], []] if node.tag == "field" else [[]])
        return groups

    def _field_domain(self, model, node, value, names) -> Domain:
        if node.get("filter_domain"):
            typed = {"self": value, "raw_value": value}
            return Domain(self._evaluate(node.get("filter_domain"), names | typed))
        if isinstance(value, str):
            operator = node.get("operator") or "ilike"
            if operator == "child_of":
                found = model.env[model._fields[node.get("name")].comodel_name].search([], limit=1)
                return Domain(node.get("name"), operator, found.ids)
            return Domain(node.get("name"), operator, value)
        return Domain(node.get("name"), node.get("operator") or "=", value)

    def _group_by(self, model, node, names) -> str | None:
        by = self._evaluate(node.get("context") or {}, names).get("group_by")
        by = by[0] if isinstance(by, list) else by
        field = model._fields.get(by)
        if field is not None and field.type == "properties":
            return None  # the client asks for each property by its name
        return f"{by}:month" if field is not None and field.type in ("date", "datetime") else by

    # Pressing

    def _buttons_of(self, env, model: str, arch, path=(), in_list=False) -> Iterator[Button]:
        """Return what can be pressed in a view and in those within it."""
        fields = env[model]._fields
        wants = in_list or arch.tag == "list"
        for node in [arch, *arch.iterdescendants(etree.Element)]:
            parents = list(node.iterancestors())
            inside = parents[: parents.index(arch)] if arch in parents else []
            if any(parent.tag in ("field", "groupby") for parent in inside):
                continue
            if node.tag in ("field", "groupby") and node is not arch and len(node):
                field = fields.get(node.get("name"))
                if field is not None and field.relational:
                    for view in node if node.tag == "field" else [node]:
                        yield from self._buttons_of(
                            env, field.comodel_name, view, (*path, node.get("name")), wants
                        )
            kind = node.get("type")
            if kind not in ("object", "action"):
                continue
            is_header = any(parent.tag == "header" for parent in parents) and arch.tag == "list"
            yield Button(
                model,
                node.get("name") if node is not arch else node.get("action"),
                kind,
                node.get("context") or "{}",
                node.get("args") or "",
                " or ".join(
                    f"({part.get('invisible')})"
                    for part in [node, *inside]
                    if part.get("invisible") and part is not arch
                )
                or "False",
                path,
                is_header and node.get("display") != "always",
            )

    def _press_all(self, user_id: int, screen: Screen, where: str) -> None:
        with self._as(user_id) as env:
            buttons = list(self._buttons_of(env, screen.model, screen.arch))
        for button in buttons:
            if button.kind == "object" and (button.model, button.name) not in self._buttons:
                continue
            key = (*button[:5], button.path, screen.domain == Domain.FALSE, screen.model)
            if key in self._done:
                continue
            self._press(user_id, screen, button, where, key)

    def _press(self, user_id: int, screen: Screen, button: Button, where: str, key: tuple) -> None:
        """Press a button on a record that shows it; on any, if none does."""
        shown: list[Screen] = []
        label = f"{where}: {button.model}.{button.name}"
        with self._as(user_id) as env, self._no_error(label):
            model = env[screen.model].with_context(**screen.context)
            ids, hidden = self._choose(model, screen, button)
            if ids is None:
                return
            names = self._names(env) | {"active_id": ids[:1] and ids[0], "active_ids": ids}
            own = {} if not ids else {"active_model": button.model, "active_id": ids[0]}
            if ids:
                record = env[button.model].browse(ids[0])
                names |= self._values(record, button.context) | {"id": ids[0]}
                own["active_ids"] = ids
            context = {
                **{k: v for k, v in screen.context.items() if not k.startswith("search_default_")},
                **own,
                **self._evaluate(button.context, names),
            }
            if button.kind == "action":
                if not button.name.isdigit():
                    return
                action = env["ir.actions.actions"].sudo().browse(int(button.name))
                if action.id not in self._ids(env, action.type):
                    return
                self._done.add(key)
                loaded = self._load(env, action)
                loaded["context"] = {
                    **context,
                    **self._evaluate(loaded.get("context") or {}, names),
                }
                self._open(env, loaded, label, shown)
            else:
                self._done.add(key)
                result = self._call(env, button, ids, context)
                # What a hidden button would open is nobody's to see.
                if result and not hidden:
                    try:
                        self._open(env, result, label, shown)
                    except AccessError:
                        # One record that its reader may not see, and is told so.
                        if not result.get("res_id"):
                            raise
            self._press_new(env, shown, label)

    def _call(self, env, button: Button, ids: list[int], context: dict) -> dict | None:
        """Press a button, and return the action that the client would go on with."""
        self.pressed.add((button.model, button.name))
        arguments = ast.literal_eval(button.args) if button.args else []
        try:
            result = call_kw(
                env[button.model], button.name, [ids, *arguments], {"context": context}
            )
            env.flush_all()
        except ANSWERS as answer:
            if not str(answer).strip():
                raise AssertionError("answers with an error that says nothing") from answer
            return None
        except IntegrityError as error:
            self._explain(env, error)
            return None
        is_action = isinstance(result, dict) and result.get("type") != ""
        return clean_action(result, env) if is_action else None

    def _explain(self, env, error: IntegrityError) -> None:
        """Check that what the database refused is refused in words of our own."""
        tables = {model._table: model for model in env.registry.values()}
        model = tables.get(error.diag.table_name)
        if model is None or error.diag.constraint_name not in model._table_objects:
            raise error

    def _press_new(self, env, screens: list[Screen], where: str) -> None:
        """Press the buttons of what was made in this transaction, each as if alone."""
        for screen in screens:
            if not screen.is_new and not env[screen.model]._transient:
                continue
            model = env[screen.model].with_context(**screen.context)
            for button in self._buttons_of(env, screen.model, screen.arch):
                key = ("new", *button[:3], button.path)
                known = (button.model, button.name) in self._buttons
                if button.kind != "object" or not known or key in self._done:
                    continue
                with self._no_error(f"{where}: new {button.model}.{button.name}"):
                    ids, hidden = self._choose(model, screen, button)
                    if not ids:
                        continue
                    self._done.add(key)
                    savepoint = env.cr.savepoint()
                    try:
                        result = self._call(env, button, ids, screen.context)
                        if result and not hidden:
                            self._open(env, result, where, [])
                    finally:
                        savepoint.rollback()

    def _choose(self, model, screen: Screen, button: Button) -> tuple[list[int] | None, bool]:
        """Return the ids that a button is pressed on, and whether it is hidden there.

        A record that shows it is preferred; without any record, there are no ids.
        """
        tops = model.search(screen.domain, limit=RECORDS)
        is_always = screen.arch.tag in ("list", "kanban") and not button.path
        if not button.wants_selection and is_always and self._is_in_header(screen, button):
            return [], False
        candidates = [(top, model.browse()) for top in tops]
        for name in button.path:
            candidates = [(line, record) for record, _parent in candidates for line in record[name]]
        for record, parent in candidates:
            if not self._is_hidden(record, parent, button.invisible):
                return record.ids, False
        return (candidates[0][0].ids if candidates else None), True

    def _is_in_header(self, screen: Screen, button: Button) -> bool:
        header = screen.arch.find("header")
        return header is not None and any(
            node.get("name") == button.name and node.get("display") == "always"
            for node in header.iter("button")
        )

    def _is_hidden(self, record, parent, expression: str) -> bool:
        if expression in ("False", "0"):
            return False
        scope = self._names(record.env) | {"id": record.id, "context": record.env.context}
        scope |= self._values(record, expression)
        scope["parent"] = _Values(self._values(parent, expression) if parent else {})
        return bool(safe_eval(expression.strip(), scope))

    def _values(self, record, expression: str) -> dict:
        """Return the values of the fields that an expression of a view speaks of."""
        nodes = list(ast.walk(ast.parse(expression.strip(), mode="eval")))
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        fields = sorted(names.intersection(record._fields))
        return record.read(fields, load=None)[0] if fields else {}

    # Helpers

    @contextlib.contextmanager
    def _as(self, user_id: int) -> Iterator[Environment]:
        with self._registry.cursor() as cr:
            user = Environment(cr, user_id, {}).user
            yield Environment(
                cr,
                user_id,
                {"lang": "en_US", "uid": user_id, "allowed_company_ids": user.company_ids.ids},
            )
            cr.rollback()

    @contextlib.contextmanager
    def _no_error(self, where: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            self._fail(where, f"{type(error).__name__}: {error} ({last.filename}:{last.lineno})")

    def _fail(self, where: str, what: str) -> None:
        self.failures.append(f"{self._role or 'anybody'}, {where}: {what}")

    def _names(self, env) -> dict:
        today = datetime.date.today
        return {
            "uid": env.uid,
            "allowed_company_ids": env.companies.ids,
            "current_company_id": env.company.id,
            "context": dict(env.context),
            "context_today": today,
            "current_date": today().isoformat(),
            "datetime": wrapped_datetime,
            "time": wrapped_time,
            "relativedelta": relativedelta,
        }

    def _evaluate(self, text, names):
        return safe_eval(text, dict(names)) if isinstance(text, str) else text


class _Values(dict):
    """Values of a record, read as the client's expressions do."""

    __getattr__ = dict.__getitem__


def _own_fields(arch) -> Iterable[etree._Element]:
    """Return the fields of a view, without those of the views within it."""
    for node in arch.iterdescendants("field"):
        for parent in node.iterancestors():
            if parent is arch:
                yield node
                break
            if parent.tag in ("field", "groupby"):
                break


def _unsuited(env, model: str, arch) -> Iterator[tuple[str, str]]:
    """Return name and widget of each field in a view whose type is none of the widget's."""
    for node in _own_fields(arch):
        field = env[model]._fields.get(node.get("name"))
        if field is None:
            continue
        widget = node.get("widget")
        if widget in SUITED and field.type not in SUITED[widget]:
            yield node.get("name"), widget
        for view in node if field.relational else ():
            yield from _unsuited(env, field.comodel_name, view)


def _is_on(arch, name: str, context: dict) -> bool:
    return bool(context.get(name, True)) and (
        (arch.get(name) or "true").lower() not in ("false", "0")
    )


def _plain(values: dict) -> dict:
    """Return values as the client's expressions see them."""
    return {
        name: value["id"] if isinstance(value, dict) and "id" in value else value
        for name, value in values.items()
    }


def _sent(values: dict) -> dict:
    """Return values as the client sends them."""

    def plain(value):
        if isinstance(value, dict):
            return value["id"] if "id" in value else _sent(value)
        if isinstance(value, list) and all(isinstance(part, (list, tuple)) for part in value):
            return [
                [command[0], command[1], _sent(command[2])]
                if len(command) > 2 and isinstance(command[2], dict) and "id" not in command[2]
                else command
                for command in value
            ]
        return value

    return {name: plain(value) for name, value in values.items()}


def walk(env, addons: list[str]) -> dict:
    """Walk through the screens that add-ons brought into a database; see :meth:`Walk.run`."""
    return Walk(env, addons).run()


def open_all(env, addons: list[str]) -> list[str]:
    """Open the screens that add-ons brought into a database; see :meth:`Walk.open`."""
    return Walk(env, addons, roles={}).open()
