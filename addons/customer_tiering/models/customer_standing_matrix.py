from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .customer_tier_overview import MANAGER_GROUP

# So many lines a side has at most; the smallest of more are put together.
MAX_LINES = 30
# The keys of lines that stand for no value of their own.
NOT_SET = "_not_set"
OTHERS = "_others"


class CustomerStandingMatrix(models.AbstractModel):
    """The page that crosses two segmentations of the customers in a tier."""

    _name = "customer.standing.matrix"
    _description = "Segmentation Matrix"

    @api.readonly
    @api.model
    def get_matrix(self, rows=None, columns=None, scope=None):
        """Return everything that the page shows, in one call.

        :param str rows: name of the segmentation down the side, see ``_get_lenses``; the first
            one with data by default, and where nobody has a value in the one that is asked for
        :param str columns: name of the one across the top, likewise
        :param str scope: whose customers, one of the overview's scopes; the first by default, and
            where the user is not offered the one that is asked for
        :return: a dict of ``scopes`` (empty where there is nothing to choose), ``scope``,
            ``currency_id``, ``lenses`` with data, the chosen ``rows`` and ``columns`` (False where
            one lens alone has data), ``row_lines`` and ``column_lines`` (with ``key``, ``label``,
            ``color``, ``icon`` and the ``domain`` that narrows the list), ``cells`` ({key of the
            row: {key of the column: figures}}), ``row_totals``, ``column_totals`` and ``total``
            (figures: ``customers``, ``revenue`` and ``earned``, the revenue above zero of which
            shares are made), ``action`` that lists all customers that are counted, ``pivot``, and
            ``empty`` (what to say and to press where nobody is counted, else False)
        :raise AccessError: when the user may not see tiers
        :raise UserError: when there is no segmentation of a name
        """
        overview = self.env["customer.tier.overview"]
        overview._check_may_see()
        lenses = self._get_visible_lenses()
        self._check_names(lenses, rows, columns)
        scopes = overview._get_scopes()
        allowed = [choice["value"] for choice in scopes]
        if scope not in allowed:
            scope = allowed[0]
        domain = self._get_counted_domain(scope)
        offered = self._find_lenses_with_data(lenses, domain)
        rows, columns = self._choose_lenses(offered, rows, columns)
        currency = overview._get_currency()
        return {
            "scopes": scopes if len(scopes) > 1 else [],
            "scope": scope,
            "currency_id": currency.id,
            "lenses": [{"name": name, "label": self._get_label(name)} for name in offered],
            "rows": rows,
            "columns": columns,
            "action": self._prepare_action(domain),
            "pivot": self._prepare_pivot(scope, rows, columns),
            "empty": not offered and self._prepare_empty(scope),
            **self._read_cells(domain, rows, columns, lenses, currency),
        }

    @api.model
    def _get_lenses(self):
        """Return the segmentations, for add-ons to add theirs.

        :return: {name of a field of ``customer.standing``: what customers without a value are
            called}. The field is a selection or a many2one, and PostgreSQL can group by it.
        """
        not_set = self.env._("Not set")
        return {
            "tier_id": not_set,
            "lifecycle": not_set,
            "abc_class": not_set,
            "rfm_segment": not_set,
            "value_class": not_set,
            "portfolio": not_set,
            "at_risk": self.env._("Not at risk"),
            "candidate_tier_id": not_set,
            "user_id": self.env._("No salesperson"),
            "country_id": not_set,
            "industry_id": not_set,
            "customer_size": not_set,
        }

    @api.model
    def _get_visible_lenses(self):
        """Return the segmentations whose fields the user may see."""
        standings = self.env["customer.standing"]
        return {
            name: label
            for name, label in self._get_lenses().items()
            if standings._has_field_access(standings._fields[name], "read")
        }

    @api.model
    def _check_names(self, lenses, rows, columns):
        for name in (rows, columns):
            if name and not (isinstance(name, str) and name in lenses):
                raise UserError(self.env._("There is no segmentation named %s.", name))
        if rows and rows == columns:
            raise UserError(self.env._("Choose two different segmentations."))

    @api.model
    def _get_counted_domain(self, scope):
        """Return which customers are counted: those in a tier, as on the overview."""
        domain = Domain("company_id", "=", self.env.company.root_id.id)
        domain &= Domain("tier_id", "!=", False)
        return domain & self.env["customer.tier.overview"]._get_scope_domain(scope)

    @api.model
    def _find_lenses_with_data(self, lenses, domain):
        """Return the names of those in which a customer has a value."""
        names = list(lenses)
        [counts] = self.env["customer.standing"]._read_group(
            domain, [], [f"{name}:count" for name in names]
        )
        return [name for name, count in zip(names, counts, strict=True) if count]

    @api.model
    def _choose_lenses(self, offered, rows, columns):
        """Return the lenses that are shown; False where there is none."""
        rows = rows if rows in offered else None
        columns = columns if columns in offered else None
        for name in offered:
            if name not in (rows, columns):
                if not rows:
                    rows = name
                elif not columns:
                    columns = name
        return rows or False, columns or False

    @api.model
    def _read_cells(self, domain, rows, columns, lenses, currency):
        """Return lines, cells and totals of :meth:`get_matrix`."""
        standings = self.env["customer.standing"]
        names = [name for name in (rows, columns) if name]
        found = []
        if names:
            above_zero = domain & Domain("revenue", ">", 0)
            earned = {
                tuple(values): amount
                for *values, amount in standings._read_group(above_zero, names, ["revenue:sum"])
            }
            for *values, count, revenue in standings._read_group(
                domain, names, ["__count", "revenue:sum"]
            ):
                row, column = (*values, None)[:2]
                found.append((row, column, count, revenue, earned.get(tuple(values), 0)))
        row_lines, row_keys = self._prepare_lines(rows, lenses, [(g[0], g[2]) for g in found])
        column_lines, column_keys = self._prepare_lines(
            columns, lenses, [(g[1], g[2]) for g in found]
        )
        matrix = {
            "row_lines": row_lines,
            "column_lines": column_lines,
            "cells": {line["key"]: {} for line in row_lines},
            "row_totals": {},
            "column_totals": {},
            "total": self._no_figures(),
        }
        for row, column, *figures in found:
            row_key, column_key = row_keys[row], column_keys[column]
            for place, key in (
                (matrix["cells"][row_key], column_key),
                (matrix["row_totals"], row_key),
                (matrix["column_totals"], column_key),
                (matrix, "total"),
            ):
                self._add_figures(place.setdefault(key, self._no_figures()), figures, currency)
        return matrix

    @api.model
    def _no_figures(self):
        return {"customers": 0, "revenue": 0.0, "earned": 0.0}

    @api.model
    def _add_figures(self, figures, added, currency):
        customers, revenue, earned = added
        figures["customers"] += customers
        figures["revenue"] = currency.round(figures["revenue"] + revenue)
        figures["earned"] = currency.round(figures["earned"] + earned)

    @api.model
    def _prepare_lines(self, name, lenses, counted):
        """Return the lines of a side, and the key of the line on which each value is.

        :param name: of the lens; False for one line of all customers, which is not shown
        :param counted: the values, each with a number of customers
        """
        if not name:
            return [], {None: OTHERS}
        sizes = {}
        for value, count in counted:
            sizes[value] = sizes.get(value, 0) + count
        values = self._sort_values(name, [value for value in sizes if value])
        shown = set(values)
        if len(values) > MAX_LINES:
            by_size = sorted(values, key=lambda value: -sizes[value])
            shown = set(by_size[: MAX_LINES - 1])
        lines, keys = [], {}
        for value in values:
            if value in shown:
                line = self._prepare_line(name, value)
                lines.append(line)
                keys[value] = line["key"]
            else:
                keys[value] = OTHERS
        if len(shown) < len(values):
            lines.append(
                {
                    "key": OTHERS,
                    "label": self.env._("%s others", len(values) - len(shown)),
                    "color": False,
                    "icon": False,
                    "domain": [
                        (name, "!=", False),
                        (name, "not in", [getattr(value, "id", value) for value in shown]),
                    ],
                }
            )
        for value in sizes:
            if not value:
                keys[value] = NOT_SET
                lines.append(
                    {
                        "key": NOT_SET,
                        "label": lenses[name],
                        "color": False,
                        "icon": False,
                        "domain": [(name, "=", False)],
                    }
                )
        return lines, keys

    @api.model
    def _sort_values(self, name, values):
        """Return the values of a lens in the order of their field, or of their model."""
        field = self.env["customer.standing"]._fields[name]
        if field.type == "selection":
            known = field.get_values(self.env)
            # An add-on that is gone may have left a code of its own.
            return sorted(
                values, key=lambda code: known.index(code) if code in known else len(known)
            )
        # Whoever sees the customers sees these names, as in every list that is grouped by them.
        records = self.env[field.comodel_name].sudo()
        return list(records.union(*(value.sudo() for value in values)).sorted())

    @api.model
    def _prepare_line(self, name, value):
        field = self.env["customer.standing"]._fields[name]
        if field.type == "selection":
            key, label = value, dict(field._description_selection(self.env)).get(value, value)
        else:
            key, label = value.id, value.display_name
        is_tier = field.type == "many2one" and field.comodel_name == "customer.tier"
        return {
            "key": str(key),
            "label": label,
            "color": value.color if is_tier else False,
            "icon": (value.icon or False) if is_tier else False,
            "domain": [(name, "=", key)],
        }

    @api.model
    def _get_label(self, name):
        return self.env["customer.standing"]._fields[name]._description_string(self.env)

    @api.model
    def _prepare_action(self, domain):
        """Return the list of customers, from which they are worked on."""
        return self.env["customer.tier.overview"]._open(
            "customer_tiering.customer_standing_action", domain, {}
        )

    @api.model
    def _prepare_pivot(self, scope, rows, columns):
        """Return the pivot of the same customers by the same segmentations."""
        return self.env["customer.tier.overview"]._open(
            "customer_tiering.customer_standing_matrix_action",
            self._get_counted_domain(scope),
            {
                "pivot_row_groupby": [rows] if rows else [],
                "pivot_column_groupby": [columns] if columns else [],
                "pivot_measures": ["__count", "revenue"],
            },
        )

    @api.model
    def _prepare_empty(self, scope):
        """Return what is said where no customer is counted, and the button that helps."""
        overview = self.env["customer.tier.overview"]
        is_manager = self.env.user.has_group(MANAGER_GROUP)
        if not overview._get_run():
            title = self.env._("No customer scores yet")
            text = self.env._(
                "Here customers are compared by any two segmentations, such as tier and lifecycle: "
                "how many there are of each kind, and what revenue they bring."
            )
            if is_manager:
                button = self.env._("Calculate Tiers")
                action = overview._open("customer_tiering.customer_tier_run_action")
            else:
                text += " " + self.env._("Tiers are calculated every night.")
                button = self.env._("Open the Overview")
                action = overview._open("customer_tiering.customer_tier_overview_action")
        else:
            title = self.env._("No customers in a tier here")
            text = {
                "mine": self.env._("Customers whose salesperson you are appear here."),
                "team": self.env._("Customers of your team's salespeople appear here."),
            }.get(scope, self.env._("Customers in a tier appear here."))
            button = self.env._("Open Customer Scores")
            action = overview._open("customer_tiering.customer_standing_action")
        return {"title": title, "text": text, "button": button, "action": action}
