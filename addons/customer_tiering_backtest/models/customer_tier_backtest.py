import time

from markupsafe import Markup

from odoo import api, fields, models
from odoo.addons.customer_tiering.engine.facts import Facts
from odoo.addons.customer_tiering.metrics.registry import available_sources
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_amount

from ..engine import Backtest, revenue_concentration
from ..tools import near, wording
from ..tools.periods import after
from ..tools.retention import retention

# What a back-test goes by: with another value its findings no longer hold.
PARAMETERS = {"policy_id", "as_of", "months", "near_points"}


class CustomerTierBacktest(models.Model):
    """Whether a policy's tiers predict what customers buy.

    The customers are ranked as of a past day by the policy's present rules, with documents as
    they are now, and compared with what they bought in the months after it (the test period).
    Beside that stand the concentration of the revenue by the present tiers, who moved and who
    stayed in the test period, and how many scores are near a threshold. Nobody is moved.
    """

    _name = "customer.tier.backtest"
    _description = "Customer Tier Back-test"
    _order = "as_of desc, id desc"

    policy_id = fields.Many2one(
        "customer.tier.policy",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["customer.tier.policy"].search(
            [("company_id", "=", self.env.company.root_id.id)], limit=1
        ),
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    months = fields.Integer(
        "Test Period (months)",
        default=6,
        required=True,
        help="Months after the date whose purchases the ranking is compared with.",
        aggregator=None,
    )
    as_of = fields.Date(
        compute="_compute_as_of",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The past day as of which the customers are ranked by the policy's rules. The test "
        "period after it must be over.",
    )
    until = fields.Date(compute="_compute_until", help="The last day of the test period.")
    near_points = fields.Float(
        "Near Threshold (points)",
        default=1.0,
        digits=(5, 2),
        required=True,
        help="Customers whose score is less than this many points from a tier's threshold count as "
        "near it.",
    )
    user_id = fields.Many2one(
        "res.users", "Run by", default=lambda self: self.env.user, readonly=True
    )
    tested_on = fields.Datetime("Run on", readonly=True, copy=False)
    duration = fields.Float("Duration (s)", digits=(16, 2), readonly=True, copy=False)
    prediction = fields.Json(
        readonly=True,
        copy=False,
        help="How well the scores predicted what was bought, as Backtest.predict returns it.",
    )
    concentration = fields.Json(
        "Revenue Concentration",
        readonly=True,
        copy=False,
        help="Cumulative share of the revenue by number of best customers.",
    )
    line_ids = fields.One2many("customer.tier.backtest.line", "backtest_id", "By Tier", copy=False)
    migration_ids = fields.One2many(
        "customer.tier.backtest.migration", "backtest_id", "Tier Changes", copy=False
    )
    near_count = fields.Integer("Near Threshold", readonly=True, copy=False)
    above_score_count = fields.Integer("Above Their Score", readonly=True, copy=False)
    score_correlation = fields.Float(
        "Rank Correlation",
        digits=(5, 2),
        compute="_compute_prediction_figures",
        help="Spearman's rank correlation of the score with what was bought in the test period: 1 "
        "is the perfect order, 0 no better than chance.",
    )
    revenue_correlation = fields.Float(
        "Rank Correlation of Revenue",
        digits=(5, 2),
        compute="_compute_prediction_figures",
        help="The same for the revenue of the twelve months before the date, without any score.",
    )
    captured_by_tier = fields.Float(
        "Captured by Best Tier",
        compute="_compute_prediction_figures",
        help="The best tier's share of what all ranked customers bought in the test period.",
    )
    captured_by_best = fields.Float(
        "Best Possible",
        compute="_compute_prediction_figures",
        help="The share that as many customers would have captured, chosen by what they then "
        "bought.",
    )
    captured_by_revenue = fields.Float(
        "By Last Year's Revenue",
        compute="_compute_prediction_figures",
        help="The share that as many customers would have captured, chosen by the revenue of the "
        "twelve months before the date.",
    )
    prediction_report = fields.Html(compute="_compute_reports", sanitize=False)
    concentration_report = fields.Html(compute="_compute_reports", sanitize=False)
    migration_report = fields.Html(compute="_compute_reports", sanitize=False)

    _months_range = models.Constraint(
        "CHECK (months > 0 AND months <= 120)",
        "The Test Period must be at least 1 month and at most 120 months.",
    )
    _near_points_range = models.Constraint(
        "CHECK (near_points > 0 AND near_points <= 100)",
        "Near Threshold must be more than 0 and at most 100 points.",
    )

    @api.depends("policy_id", "as_of")
    def _compute_display_name(self):
        for backtest in self:
            day = format_full_day(self.env, backtest.as_of) if backtest.as_of else ""
            backtest.display_name = f"{backtest.policy_id.name}, {day}"

    @api.depends("policy_id", "months")
    def _compute_as_of(self):
        for backtest in self:
            latest = backtest._get_latest_day()
            if not backtest.as_of or backtest.as_of > latest:
                backtest.as_of = latest

    @api.depends("as_of", "months")
    def _compute_until(self):
        for backtest in self:
            backtest.until = backtest.as_of and after(backtest.as_of, backtest.months)

    @api.depends("prediction", "tested_on")
    def _compute_prediction_figures(self):
        for backtest in self:
            found = (backtest.tested_on and backtest.prediction) or {}
            for name in (
                "score_correlation",
                "revenue_correlation",
                "captured_by_tier",
                "captured_by_best",
                "captured_by_revenue",
            ):
                backtest[name] = found.get(name)

    @api.depends("tested_on", "prediction", "concentration", "line_ids", "migration_ids")
    @api.depends_context("lang")
    def _compute_reports(self):
        for backtest in self:
            values = backtest._prepare_report() if backtest.tested_on else None
            for name in ("prediction_report", "concentration_report", "migration_report"):
                backtest[name] = (
                    self.env["ir.qweb"]._render(f"customer_tiering_backtest.{name}", values)
                    if values
                    else Markup()
                )

    @api.constrains("as_of", "months")
    def _check_months_are_over(self):
        for backtest in self:
            latest = backtest._get_latest_day()
            if backtest.as_of > latest:
                raise ValidationError(
                    self.env._(
                        "What is bought in the %(months)s months after %(as_of)s is not known "
                        "yet: set As Of to %(latest)s or earlier, or shorten the Test Period.",
                        months=backtest.months,
                        as_of=format_full_day(self.env, backtest.as_of),
                        latest=format_full_day(self.env, latest),
                    )
                )

    def write(self, vals):
        """Have the back-test run again where it goes by another day, period or policy."""
        if PARAMETERS & vals.keys():
            vals = {**vals, "tested_on": False}
        return super().write(vals)

    def action_backtest(self):
        """Run the back-test and keep what it found.

        :raise UserError: when the policy has no tiers or criteria
        """
        self.ensure_one()
        self.check_access("write")
        self.policy_id._check_rules()
        start = time.monotonic()
        self.env.flush_all()
        backtest = self.sudo()
        backtest.write(
            {
                **backtest._find(),
                "tested_on": fields.Datetime.now(),
                "duration": time.monotonic() - start,
                "user_id": self.env.uid,
            }
        )
        return True

    def action_view_near_threshold(self):
        """Open the customer scores that are near a threshold now."""
        thresholds = [line.threshold for line in self.line_ids if line.threshold]
        return self._action_view_standings(
            self.env._("Near Threshold"), self._get_near_domain(thresholds)
        )

    def action_view_above_score(self):
        """Open the customers who are above their score now."""
        return self._action_view_standings(
            self.env._("Above Their Score"), self._get_above_score_domain()
        )

    def _action_view_standings(self, name, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_standing_action"
        )
        return action | {
            "name": name,
            "domain": list(domain),
            "context": {"search_default_group_by_tier": 1},
        }

    def _get_latest_day(self):
        """Return the last day whose test period is over."""
        today = self.policy_id._get_today() if self.policy_id else fields.Date.context_today(self)
        return after(today, -self.months)

    def _find(self):
        """Return the values of everything that the back-test finds."""
        policy = self.policy_id
        with policy._prepare_run(self.as_of) as run, policy._naming_large_amounts(self.until):
            backtest = Backtest(run, self._prepare_revenue_facts(), self.months)
            backtest.gather()
            found = {"prediction": backtest.predict()}
            # An archived policy ranks nobody now, so there is nothing else to be found.
            found |= (
                self._find_by_tier(backtest) if policy.active else self._prepare_nothing_by_tier()
            )
        return found

    def _prepare_nothing_by_tier(self):
        return {
            "concentration": False,
            "line_ids": [Command.clear()],
            "migration_ids": [Command.clear()],
            "near_count": 0,
            "above_score_count": 0,
        }

    def _find_by_tier(self, backtest):
        """Return the values of the present tiers: revenue, moves since the day, thresholds."""
        migrations = self._get_migrations(backtest)
        lines = self._prepare_lines(migrations)
        thresholds = [vals["threshold"] for vals in lines.values() if "threshold" in vals]
        return {
            "concentration": revenue_concentration(
                self.env.cr, self.company_id.id, self.policy_id.top_share
            ),
            "line_ids": [
                Command.clear(),
                *(Command.create({"tier_id": tier.id, **vals}) for tier, vals in lines.items()),
            ],
            "migration_ids": [
                Command.clear(),
                *(
                    Command.create(
                        {"old_tier_id": old.id, "new_tier_id": new.id, "customers": customers}
                    )
                    for (old, new), (customers, _bought) in migrations.items()
                ),
            ],
            "near_count": self._count_standings(self._get_near_domain(thresholds)),
            "above_score_count": self._count_standings(self._get_above_score_domain()),
        }

    def _prepare_revenue_facts(self):
        """Return what says who bought how much, of every contact, whoever is ranked now."""
        return Facts(
            sources=tuple(
                source
                for source in available_sources(self.env).values()
                if source.says_who_is_ranked
            ),
            metrics=(),
            margin=None,
            partners=SQL("(SELECT id FROM res_partner)"),
        )

    def _get_migrations(self, backtest):
        """Return who went from which tier to which in the test period.

        :return: {(tier before, tier after): (customers, those who bought in the period)}; an
            empty tier is none
        """
        tiers = self.env["customer.tier"]
        migrations = backtest.migrations(
            self._get_run_day(self.as_of), self._get_run_day(self.until)
        )
        return {
            (tiers.browse(old or ()), tiers.browse(new or ())): counts
            for (old, new), counts in migrations.items()
        }

    def _get_run_day(self, day):
        """Return the date of the company's last tier run up to a day; None without one."""
        evaluations = self.env["customer.tier.evaluation"]
        evaluation = evaluations.search(
            evaluations._domain_of_runs()
            & Domain("company_id", "=", self.company_id.id)
            & Domain("as_of", "<=", day),
            order="as_of desc",
            limit=1,
        )
        return evaluation.as_of or None

    def _prepare_lines(self, migrations):
        """Return the values of the lines by tier: each present tier has one."""
        lines = {tier: {} for tier in self.policy_id._get_tiers()}
        self._add_revenue(lines)
        kept = retention(migrations, lambda old, new: old._get_direction(new) != "down")
        for tier, vals in kept.items():
            lines.setdefault(tier, {}).update(vals)
        for tier, threshold in self._get_thresholds().items():
            below, above = near.sides_of(threshold, self.near_points)
            lines[tier].update(
                threshold=threshold,
                near_below=self._count_standings(self._get_standings_domain() & below),
                near_above=self._count_standings(self._get_standings_domain() & above),
            )
        overridden_up, overridden_down = self._get_overridden_domains()
        for name, domain in (
            ("above_score", self._get_above_score_domain()),
            ("overridden_up", overridden_up),
            ("overridden_down", overridden_down),
        ):
            for tier, customers in self.env["customer.standing"]._read_group(
                domain, ["tier_id"], ["__count"]
            ):
                lines.setdefault(tier, {})[name] = customers
        return lines

    def _add_revenue(self, lines):
        standings, domain = self.env["customer.standing"], self._get_standings_domain()
        earned = standings._get_earned_revenue(domain)
        total = sum(earned.values())
        for tier, customers, revenue in standings._read_group(
            domain, ["tier_id"], ["__count", "revenue:sum"]
        ):
            lines.setdefault(tier, {}).update(
                customers=customers,
                revenue=revenue,
                revenue_share=earned[tier] / total if tier in earned else 0,
            )

    def _get_thresholds(self):
        """Return the score from which each tier above the lowest is reached, by tier.

        With shares of the customers that is the lowest score that reached it in the last run.
        With shares of the revenue no score decides.
        """
        policy = self.policy_id
        reached = policy._get_tiers()[:-1]
        if policy.method == "score":
            return {tier: tier.min_score for tier in reached}
        if policy.method == "value_share":
            return {}
        lowest = dict(
            self.env["customer.standing"]._read_group(
                self._get_standings_domain() & Domain("candidate_tier_id", "in", reached.ids),
                ["candidate_tier_id"],
                ["score:min"],
            )
        )
        return {tier: lowest[tier] for tier in reached if tier in lowest}

    def _get_standings_domain(self):
        return Domain("company_id", "=", self.company_id.id) & Domain("tier_id", "!=", False)

    def _get_near_domain(self, thresholds):
        return self._get_standings_domain() & near.near_any(thresholds, self.near_points)

    def _get_above_score_domain(self):
        """Return the domain of customers above their tier by score, overrides aside.

        Within the tolerance below the threshold no grace period runs; below it one does.
        """
        return (
            self._get_standings_domain()
            & Domain("override_id", "=", False)
            & (
                Domain("downgrade_on", "!=", False)
                | near.above_score(self.policy_id._get_tiers().ids)
            )
        )

    def _get_overridden_domains(self):
        """Return the domains of whom an override alone keeps above, and below, their score."""
        overridden = self._get_standings_domain() & Domain("override_id", "!=", False)
        tier_ids = self.policy_id._get_tiers().ids
        # A customer without a score has no tier by score.
        above = near.above_score(tier_ids) | Domain("candidate_tier_id", "=", False)
        return overridden & above, overridden & near.below_score(tier_ids)

    def _count_standings(self, domain):
        return self.env["customer.standing"].search_count(domain)

    def _prepare_report(self):
        """Return what the templates of the report show, as texts in the reader's language."""
        start, end = format_full_day(self.env, self.as_of), format_full_day(self.env, self.until)
        return {
            "prediction": wording.describe_prediction(
                self.env,
                self.prediction,
                tier=self.policy_id._get_tiers()[:1].name,
                day=start,
                months=self.months,
            ),
            "is_archived": not self.line_ids,
            "has_tiers": any(line.customers or line.held_customers for line in self.line_ids),
            "concentration": self._describe_concentration(),
            "moves": self._describe_moves(start, end),
            "retention": self._describe_retention(start, end),
            "near": self._describe_near(),
        }

    def _describe_concentration(self):
        """Return the sentence and the table of revenue and customers by tier."""
        lines = self.line_ids.filtered("customers")
        everybody = sum(lines.mapped("customers"))
        has_revenue = any(lines.mapped("revenue_share"))
        return {
            "sentence": wording.describe_concentration(
                self.env, self.concentration, self.policy_id.window_months
            ),
            "rows": [
                {
                    "tier": line.tier_id,
                    "customers": wording.part_text(self.env, line.customers, everybody),
                    "revenue": format_amount(self.env, line.revenue, self.currency_id),
                    "share": wording.share_text(self.env, line.revenue_share)
                    if has_revenue
                    else "–",
                    "width": 100 * line.revenue_share,
                }
                for line in lines
            ],
        }

    def _describe_moves(self, start, end):
        """Return the matrix of tiers before against tiers after; an empty tier is none."""
        nowhere = self.env["customer.tier"]
        counts = {
            (line.old_tier_id, line.new_tier_id): line.customers for line in self.migration_ids
        }
        ways = {move: self._get_way(*move) for move in counts}
        went = dict.fromkeys(("stayed", "up", "down", "came", "left"), 0)
        for move, customers in counts.items():
            went[ways[move]] += customers
        named = (self.migration_ids.old_tier_id | self.migration_ids.new_tier_id).sorted()
        tiers = [*named, nowhere]
        return {
            "sentence": wording.describe_moves(
                self.env, went if any(old for old, _new in counts) else None, start=start, end=end
            ),
            "tiers": tiers,
            "rows": [
                {
                    "tier": old,
                    "cells": [
                        {"customers": counts.get((old, new)), "way": ways.get((old, new))}
                        for new in tiers
                    ],
                }
                for old in tiers
                if any(before == old for before, _new in counts)
            ],
            "start": start,
            "end": end,
        }

    def _get_way(self, old, new):
        if old == new:
            return "stayed"
        if not old:
            return "came"
        if not new:
            return "left"
        way = old._get_direction(new)
        return "stayed" if way == "level" else way

    def _describe_retention(self, start, end):
        """Return the sentence on the best tier and the table of all; empty without anybody."""
        lines = self.line_ids.filtered("held_customers")
        if not lines:
            return {}
        best = lines[0]
        return {
            "sentence": wording.describe_retention(
                self.env,
                tier=best.tier_id.name,
                held=best.held_customers,
                kept=best.kept_customers,
                bought=best.buying_customers,
                start=start,
                end=end,
            ),
            "rows": [
                {
                    "tier": line.tier_id,
                    "customers": line.held_customers,
                    "kept": wording.share_text(self.env, line.kept_share),
                    "kept_width": 100 * line.kept_share,
                    "bought": wording.share_text(self.env, line.buying_share),
                    "bought_width": 100 * line.buying_share,
                }
                for line in lines
            ],
        }

    def _describe_near(self):
        """Return the sentences and the lines on thresholds, scores and overrides."""
        overridden = sum(self.line_ids.mapped("overridden_up")) + sum(
            self.line_ids.mapped("overridden_down")
        )
        return {
            "sentence": wording.describe_near(
                self.env,
                has_scores=self.policy_id.method != "value_share",
                near=self.near_count,
                points=self.near_points,
                above_score=self.above_score_count,
                overridden=overridden,
            ),
            "lines": self.line_ids.filtered(
                lambda line: (
                    line.threshold or line.above_score or line.overridden_up or line.overridden_down
                )
            ),
            "has_overrides": bool(overridden),
        }
