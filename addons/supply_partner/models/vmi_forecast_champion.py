from datetime import timedelta
from itertools import zip_longest

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.tools import SQL
from odoo.tools.i18n import format_list

from ..engine import class_losses_query
from ..tools import (
    FEWEST_FORECASTS,
    LOWER,
    METHODS,
    ORIGINS,
    REVIEWS,
    USUAL_METHOD,
    count_compared,
    find_champion,
    sum_losses,
)
from .vmi_forecast import DEMAND_CLASSES
from .vmi_forecast_challenger import FORECAST_METHODS


class VmiForecastChampion(models.Model):
    """Which method makes the forecasts of a class of demand from a day on, and why.

    The latest of a company and class is in force; the others are kept, so that one sees what was
    when, and a simulation goes by what was in force on each day.
    """

    _name = "vmi.forecast.champion"
    _description = "Forecast Method of a Class"
    _rec_name = "demand_class"
    _order = "date desc, company_id, demand_class, id desc"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    demand_class = fields.Selection(DEMAND_CLASSES, required=True, readonly=True)
    method = fields.Selection(FORECAST_METHODS, required=True, readonly=True)
    date = fields.Date("Since", required=True, readonly=True)
    replaced_method = fields.Selection(
        FORECAST_METHODS, readonly=True, help="Empty: it was there from the first forecast on."
    )
    loss = fields.Float(
        "Pinball Loss",
        readonly=True,
        aggregator=None,
        help="Mean over the 12 weeks by which it became the champion. Less is better.",
    )
    replaced_loss = fields.Float("Pinball Loss of the Replaced", readonly=True, aggregator=None)
    forecast_count = fields.Integer(
        "Forecasts Compared", readonly=True, aggregator=None, help="Of each method."
    )
    is_current = fields.Boolean(
        "In Force", compute="_compute_is_current", search="_search_is_current"
    )
    reason = fields.Char("Why", compute="_compute_reason")
    challengers_note = fields.Char("Challengers", compute="_compute_challengers_note")

    _once_a_day = models.UniqueIndex("(company_id, demand_class, date)")

    def _compute_is_current(self):
        current = self._get_current(self.company_id)
        for champion in self:
            champion.is_current = champion in current

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        latest = SQL(
            "(SELECT DISTINCT ON (company_id, demand_class) id FROM vmi_forecast_champion "
            "ORDER BY company_id, demand_class, date DESC)"
        )
        if set(value) >= {True, False}:
            return []
        return [("id", "in" if True in value else "not in", latest)]

    @api.depends("method", "replaced_method", "loss", "replaced_loss")
    @api.depends_context("lang")
    def _compute_reason(self):
        for champion in self:
            champion.reason = champion._describe_reason()

    def _describe_reason(self):
        if not self.replaced_method:
            return self.env._("The method to begin with")
        labels = dict(self._fields["method"]._description_selection(self.env))
        number = self.env["vmi.proposal.line"]._format_quantity
        return self.env._(
            "%(share)s %% less pinball loss than %(replaced)s over the last 12 known weeks "
            "(%(loss)s to %(replaced_loss)s), three reviews running",
            share=number(round(100 * (1 - self.loss / self.replaced_loss)))
            if self.replaced_loss
            else 0,
            replaced=labels[self.replaced_method],
            loss=number(round(self.loss, 3)),
            replaced_loss=number(round(self.replaced_loss, 3)),
        )

    @api.depends_context("lang")
    def _compute_challengers_note(self):
        for company, champions in self.grouped("company_id").items():
            losses = self._get_losses(company, company._vmi_today())
            for champion in champions:
                champion.challengers_note = champion._describe_challengers(
                    losses.get(champion.demand_class, [])
                )

    def _describe_challengers(self, origins):
        """Return how the other methods did lately and why none took over, in words.

        False of one that was replaced.
        """
        if not self.is_current:
            return False
        if not origins:
            return self.env._("Nothing is known yet of how other methods would have done")
        labels = dict(self._fields["method"]._description_selection(self.env))
        found = sum_losses([losses for losses, _count in origins])
        number = self.env["vmi.proposal.line"]._format_quantity
        parts = []
        for method in METHODS:
            if method == self.method or not found[self.method]:
                continue
            change = round(100 * (found[method] / found[self.method] - 1))
            if change < 0:
                text = self.env._("%(method)s %(share)s %% less")
            elif change:
                text = self.env._("%(method)s %(share)s %% more")
            else:
                text = self.env._("%(method)s the same")
            parts.append(text % {"method": labels[method], "share": number(abs(change))})
        losses = self.env._(
            "Pinball loss over %(weeks)s known weeks: %(challengers)s",
            weeks=min(len(origins), ORIGINS),
            challengers=format_list(self.env, parts, style="unit") or self.env._("none"),
        )
        return f"{self._describe_rule(origins)} · {losses}"

    def _describe_rule(self, origins):
        """Return in words why no other method has taken over yet."""
        forecasts = count_compared([count for _losses, count in origins])
        if forecasts < FEWEST_FORECASTS:
            return self.env._(
                "Too few forecasts to judge: %(known)s of %(wanted)s wanted",
                known=forecasts,
                wanted=FEWEST_FORECASTS,
            )
        if len(origins) < ORIGINS + REVIEWS - 1:
            return self.env._(
                "Too few weeks to judge: %(known)s of %(wanted)s wanted",
                known=len(origins),
                wanted=ORIGINS + REVIEWS - 1,
            )
        return self.env._(
            "None lost %(share)s %% less three reviews running", share=round(100 * LOWER)
        )

    @api.depends("demand_class", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["demand_class"]._description_selection(self.env))
        for champion in self:
            champion.display_name = self.env._(
                "%(class)s, since %(day)s",
                **{
                    "class": labels.get(champion.demand_class, ""),
                    "day": format_full_day(self.env, champion.date),
                },
            )

    def action_compare(self):
        """Show what each method lost in the class, by month."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "supply_partner.vmi_forecast_challenger_action"
        )
        return {
            **action,
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("demand_class", "=", self.demand_class),
            ],
        }

    @api.model
    def _get_current(self, companies):
        """Return the champions that are in force, one a company and class."""
        return self.search([("company_id", "in", companies.ids), ("is_current", "=", True)])

    @api.model
    def _get_periods(self, company):
        """Return what took the usual method's place, as ``champions`` of a scope of a review."""
        rows = self.sudo().search([("company_id", "=", company.id)], order="demand_class, date")
        periods = []
        for champion, following in zip_longest(rows, rows[1:]):
            same = following and following.demand_class == champion.demand_class
            if champion.method != USUAL_METHOD:
                until = following.date if same else None
                periods.append((champion.demand_class, champion.method, champion.date, until))
        return tuple(periods)

    @api.model
    def _get_losses(self, company, day):
        """Return by class what each method lost, a pair an origin: loss by method, forecasts.

        :param day: the day as of which it was known
        """
        self.env["vmi.forecast.challenger"].flush_model()
        self.env["vmi.forecast"].flush_model()
        found = {}
        rows = self.env.execute_query(class_losses_query(company.id, day))
        for demand_class, origin, method, loss, count in rows:
            losses, _count = found.setdefault(demand_class, {}).setdefault(origin, ({}, count))
            losses[method] = loss
        return {demand_class: list(origins.values()) for demand_class, origins in found.items()}

    @api.model
    def _begin(self, company, day, classes):
        """Note the usual method for classes of demand that are forecast for the first time."""
        known = {champion.demand_class for champion in self.sudo()._get_current(company)}
        for demand_class in sorted(classes - known):
            self._add(company, demand_class, USUAL_METHOD, day)

    @api.model
    def _decide(self, company, day):
        """Let challengers take the place of champions by what is known on a day.

        The new one is in force from the next day on, so that all lines of a day go by the same.
        """
        losses = self._get_losses(company, day)
        for champion in self.sudo()._get_current(company):
            origins = losses.get(champion.demand_class, [])
            method = find_champion(
                champion.method,
                [found for found, _count in origins],
                [count for _found, count in origins],
            )
            if method != champion.method and champion.date <= day:
                champion._replace(method, day + timedelta(days=1), origins[-ORIGINS:])

    def _replace(self, method, day, origins):
        total = sum_losses([losses for losses, _count in origins])
        count = sum(count for _losses, count in origins)
        self._add(
            self.company_id, self.demand_class, method, day, self.method, total[method] / count,
            total[self.method] / count, count,
        )  # fmt: skip

    def _add(self, company, *values):
        """Insert a champion; of reviews at the same time the first does.

        :param values: class, method, day and, where it replaces one, that one, both mean losses
            and the number of forecasts
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO vmi_forecast_champion (company_id, demand_class, method, date, "
                "replaced_method, loss, replaced_loss, forecast_count) VALUES %s "
                "ON CONFLICT (company_id, demand_class, date) DO NOTHING",
                (company.id, *values, *[None] * (7 - len(values))),
            )
        )
        self.invalidate_model()
