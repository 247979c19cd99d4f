from ast import literal_eval

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import frozendict, ormcache


class Memo(dict):
    """What one call of a page has read, to be kept in its context."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


class OverviewPage(models.AbstractModel):
    """A page of figures, each of which opens the list that it counts.

    A model that inherits this one is drawn by the client action ``overview_page`` with the
    parameter ``model``. It fills ``_get_title``, ``_get_scopes``, ``_get_steps`` and
    ``_get_sections``; what adds to a page overrides these and calls super.
    """

    _name = "overview.page"
    _description = "Overview Page"

    @api.readonly
    @api.model
    def get_overview(self, scope=None):
        """Return everything that the page shows, in one call.

        :param str scope: a value of the page's scopes; the first of them by default, and where
            the user is not offered the one that is asked for
        :return: a dict of ``title``, ``subtitle``, ``currency_id``, ``scopes`` (empty where there
            is nothing to choose), ``scope``, ``steps`` and ``sections``, see readme/DEVELOP.rst
        :raise AccessError: when the user may not see the page
        """
        self._check_may_see()
        return self.with_context(overview_memo=Memo())._read_overview(scope)

    @api.model
    def _read_overview(self, scope):
        scopes = self._get_scopes()
        allowed = [choice["value"] for choice in scopes]
        if scope not in allowed:
            scope = allowed[0] if allowed else ""
        return {
            "title": self._get_title(),
            "subtitle": self._get_subtitle(scope),
            "currency_id": self._get_currency().id,
            "scopes": scopes if len(scopes) > 1 else [],
            "scope": scope,
            "steps": [] if self._are_steps_dismissed() else self._get_steps(),
            "sections": [
                section
                for section in self._get_sections(scope)
                if section["tiles"] or section["charts"]
            ],
        }

    @api.model
    def dismiss_steps(self):
        """Hide the first steps for everybody in the company; who is shown them may do so."""
        self._check_may_see()
        if self._get_steps():
            self.env["ir.config_parameter"].sudo().set_param(self._get_steps_key(), "dismissed")

    @api.model
    def _check_may_see(self):
        """Refuse users who may not see the page: anybody may call a model without a table."""
        if not self.env.user.has_group("base.group_user"):
            raise AccessError(self.env._("This page is for the company's own users."))

    @api.model
    def _get_title(self):
        return self.env._("Overview")

    @api.model
    def _get_subtitle(self, scope):
        """Return the line below the title; False for none."""
        return False

    @api.model
    def _get_currency(self):
        """Return the currency of the page's amounts."""
        return self.env.company.currency_id

    @api.model
    def _get_scopes(self):
        """Return what the user may choose between, the default first.

        :return: a list of dicts of ``value`` and ``label``
        """
        return []

    @api.model
    def _get_steps(self):
        """Return the first steps, for the users who can do them; none hides the banner.

        :return: a list of dicts of ``name``, ``label``, ``text``, ``is_done``, ``button`` (the
            label of the button) and ``action``
        """
        return []

    @api.model
    def _get_sections(self, scope):
        """Return the sections of the page, see ``_section``.

        :param str scope: one of the values of ``_get_scopes``; "" where there are none
        """
        return []

    @api.model
    def _are_steps_dismissed(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return bool(parameters.get_param(self._get_steps_key()))

    @api.model
    def _get_steps_key(self):
        return f"overview_page.steps.{self._name}.{self.env.company.root_id.id}"

    @api.model
    def _once(self, key, read):
        """Return what ``read()`` returns, called once while a page is put together."""
        memo = self.env.context.get("overview_memo")
        if not isinstance(memo, Memo):
            return read()
        if key not in memo:
            memo[key] = read()
        return memo[key]

    @api.model
    def _section(self, name, title, tiles=(), charts=()):
        """Return a section; one without tiles and charts is not shown."""
        return {
            "name": name,
            "title": title,
            "tiles": [tile for tile in tiles if tile],
            "charts": [chart for chart in charts if chart],
        }

    @api.model
    def _tile(self, name, label, value, kind="integer", **options):
        """Return a tile: a figure that opens what it is made of.

        :param value: a number; None is drawn as "–"; a text for the kinds text and date
        :param kind: integer, monetary, percentage (1 is 100 %), days, date or text
        :param options: ``hint``, ``color`` (Odoo's colour index), ``icon``, ``tone`` (danger,
            warning, success), ``change`` (a dict of ``value``, ``kind``, ``is_good``, ``label``),
            ``action`` (as ``_open`` returns it), ``counts`` (the value is the number of records
            that the action lists)
        """
        tile = {
            "name": name,
            "label": label,
            "value": value,
            "kind": kind,
            "hint": False,
            "color": False,
            "icon": False,
            "tone": False,
            "change": False,
            "action": False,
            "counts": False,
        }
        unknown = options.keys() - tile.keys()
        if unknown:
            raise ValueError(f"A tile has no {', '.join(sorted(unknown))}.")
        return tile | options

    @api.model
    def _chart(self, name, label, labels, lines, kind="integer"):
        """Return a line chart.

        :param labels: the texts of the axis
        :param lines: a dict of names and lists of numbers, as many as labels; None leaves a gap
        :param kind: percentage, monetary, integer or float
        """
        return {
            "name": name,
            "label": label,
            "labels": list(labels),
            "kind": kind,
            "lines": [{"name": line, "values": list(values)} for line, values in lines.items()],
        }

    @api.model
    def _open(self, xmlid, domain=None, context=None, **values):
        """Return an action for the client, without a query once it is known.

        :param xmlid: of a window action, a server action or a client action
        :param domain: narrows the action's own
        :param context: replaces the action's own, for example by other default filters
        :param values: replaces what else the action has, such as its name
        """
        action = dict(self._read_action(xmlid))
        if action["type"] == "ir.actions.act_window":
            own = action.get("domain") or []
            if isinstance(own, str):
                own = literal_eval(own)
            action["domain"] = list(Domain(own) & Domain(domain or []))
            if isinstance(action["context"], str):
                action["context"] = literal_eval(action["context"])
        if context is not None:
            action["context"] = dict(context)
        return action | values

    @api.model
    @ormcache("xmlid", "self.env.lang")
    def _read_action(self, xmlid):
        return frozendict(self.env["ir.actions.actions"]._for_xml_id(xmlid))
