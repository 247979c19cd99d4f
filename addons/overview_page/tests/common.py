from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tests import TransactionCase
from odoo.tools.safe_eval import safe_eval, time


class OverviewCase(TransactionCase):
    """Checks that the numbers of an overview are those of the lists that they open."""

    def check_overview(self, model, user=None, companies=None):
        """Walk every tile in every scope that a user is offered.

        :param model: of the page
        :param user: who looks; the current one by default
        :param companies: the companies that are chosen, the current one first
        :return: {scope: {name of the tile: tile}}
        """
        page = self.env[model]
        if user:
            page = page.with_user(user)
        if companies:
            page = page.with_context(allowed_company_ids=companies.ids)
        first = page.get_overview()
        scopes = [choice["value"] for choice in first["scopes"]] or [first["scope"]]
        self.assertEqual(first["scope"], scopes[0])
        seen = {}
        for scope in scopes:
            overview = page.get_overview(scope)
            self.assertEqual(overview["scope"], scope)
            seen[scope] = {}
            for section in overview["sections"]:
                self._check_charts(section)
                for tile in section["tiles"]:
                    with self.subTest(page=model, scope=scope, tile=tile["name"]):
                        self.assertNotIn(tile["name"], seen[scope], "a tile's name is its own")
                        self._check_tile(page.env, tile)
                    seen[scope][tile["name"]] = tile
        return seen

    def count_opened(self, env, action):
        """Return how many records a window action lists at first, by its own filters."""
        records = env[action["res_model"]].with_context(**action.get("context", {}))
        return records.search_count(self.opened_domain(env, action))

    def opened_domain(self, env, action):
        """Return the domain of a window action together with that of its default filters."""
        context = action.get("context", {})
        names = {
            key.removeprefix("search_default_"): value
            for key, value in context.items()
            if key.startswith("search_default_") and value
        }
        return Domain(action.get("domain") or []) & self._domain_of_filters(env, action, names)

    def _check_charts(self, section):
        for chart in section["charts"]:
            for line in chart["lines"]:
                self.assertEqual(len(line["values"]), len(chart["labels"]), chart["name"])

    def _check_tile(self, env, tile):
        self.assertIn(tile["kind"], ("integer", "monetary", "percentage", "days", "date", "text"))
        action = tile["action"]
        if tile["counts"]:
            self.assertTrue(action, "a tile that counts opens what it counts")
            self.assertEqual(self.count_opened(env, action), tile["value"])
        if action and action["type"] == "ir.actions.act_window":
            records = env[action["res_model"]].with_context(**action.get("context", {}))
            views = [(view or False, kind) for view, kind in action["views"]]
            records.get_views([*views, self._search_view(action)])
            records.search(self.opened_domain(env, action), limit=1)

    def _search_view(self, action):
        view = action.get("search_view_id")
        return (view[0] if isinstance(view, (list, tuple)) else view or False, "search")

    def _domain_of_filters(self, env, action, names):
        """Filters of one group are alternatives, groups and fields are conditions."""
        if not names:
            return Domain.TRUE
        records = env[action["res_model"]].with_context(**action.get("context", {}))
        views = records.get_views([self._search_view(action)])["views"]
        arch = etree.fromstring(views["search"]["arch"])
        found = set()
        domain = Domain.TRUE
        group = Domain.FALSE
        for node in arch.iter("filter", "field", "separator"):
            name = node.get("name")
            if node.tag == "separator":
                domain, group = self._close_group(domain, group), Domain.FALSE
            elif name in names and node.tag == "field":
                found.add(name)
                domain &= self._domain_of_field(env, records, node, names[name])
            elif name in names:
                found.add(name)
                if node.get("domain"):
                    group |= Domain(self._evaluate(env, node.get("domain")))
                self.assertFalse(node.get("date"), f"filter {name}: give the dates as a domain")
        self.assertEqual(found, set(names), "the search view has all default filters")
        return self._close_group(domain, group)

    def _close_group(self, domain, group):
        return domain if group.is_false() else domain & group

    def _domain_of_field(self, env, records, node, value):
        if node.get("filter_domain"):
            return Domain(self._evaluate(env, node.get("filter_domain"), {"self": value}))
        operator = node.get("operator") or (
            "ilike" if records._fields[node.get("name")].type in ("char", "text") else "="
        )
        values = value if isinstance(value, (list, tuple)) else [value]
        return Domain.OR(Domain(node.get("name"), operator, one) for one in values)

    def _evaluate(self, env, text, names=None):
        today = fields.Date.context_today(env.user)
        return safe_eval(
            text,
            {
                "uid": env.uid,
                "context_today": lambda: today,
                "relativedelta": relativedelta,
                "time": time,
                "allowed_company_ids": env.companies.ids,
                "company_id": env.company.id,
                **(names or {}),
            },
        )
