from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount, format_date
from odoo.tools.misc import formatLang

# The drawing area of the curve, in units of the picture: left, top, width and height.
PLOT = 38, 12, 300, 190


class CustomerTierBacktestReport(models.Model):
    """How an assessment is put into words, tables and one curve."""

    _inherit = "customer.tier.backtest"

    report = fields.Html(compute="_compute_report", sanitize=False)

    @api.depends("tested_on", "prediction", "pareto", "line_ids", "migration_ids")
    @api.depends_context("lang")
    def _compute_report(self):
        for assessment in self:
            assessment.report = (
                self.env["ir.qweb"]._render(
                    "customer_tiering.backtest_report", assessment._prepare_report()
                )
                if assessment.tested_on
                else Markup()
            )

    def _prepare_report(self):
        """Return what the template shows, as texts in the reader's language."""
        return {
            "prediction": self._describe_prediction(),
            "has_ladder": any(line.customers or line.held_customers for line in self.line_ids),
            "is_archived": not self.line_ids,
            "spread": self._describe_spread(),
            "moves": self._describe_moves(),
            "retention": self._describe_retention(),
            "fairness": self._describe_fairness(),
            "plot": PLOT,
        }

    def _format_share(self, share):
        rounded = formatLang(self.env, 100 * share, digits=0, rounding_method="HALF-UP")
        return f"{rounded}\N{NO-BREAK SPACE}%"

    def _format_part(self, count, whole):
        return f"{count} ({self._format_share(count / whole)})" if whole else str(count)

    def _describe_prediction(self):
        found = self.prediction
        day = format_date(self.env, self.as_of)
        if not found["customers"]:
            return {
                "message": self.env._(
                    "Nobody would have been ranked on %s: no customer had bought up to then.", day
                )
            }
        if not found["revenue"]:
            return {
                "message": self.env._(
                    "None of the %(customers)s customers ranked on %(day)s bought anything in the "
                    "%(months)s months after it, so there is nothing to set the scores against.",
                    customers=found["customers"],
                    day=day,
                    months=self.months,
                )
            }
        tier = self.policy_id._get_ladder()[:1].name
        shares = [found["caught_by_tier"], found["caught_by_best"], found["caught_by_revenue"]]
        tier_share, best_share, revenue_share = map(self._format_share, shares)
        everything = found["revenue"] + found["other_revenue"]
        return {
            "sentence": self.env._(
                "The %(top)s of %(customers)s customers ranked %(tier)s on %(day)s then bought "
                "%(share)s of what all those ranked bought in the following %(months)s months; "
                "the best possible choice of %(top)s would have caught %(best)s, last year's "
                "revenue alone %(revenue)s.",
                top=found["top_customers"],
                customers=found["customers"],
                tier=tier,
                day=day,
                share=tier_share,
                months=self.months,
                best=best_share,
                revenue=revenue_share,
            ),
            "bars": [
                {"label": label, "text": text, "width": 100 * share, "style": style}
                for label, text, share, style in zip(
                    [
                        self.env._("%s by score", tier),
                        self.env._("Best possible"),
                        self.env._("Last year's revenue"),
                    ],
                    [tier_share, best_share, revenue_share],
                    shares,
                    ["bg-primary", "bg-success", "bg-info"],
                    strict=True,
                )
            ],
            "verdict": self._describe_verdict(found),
            "correlation": self._describe_correlation(found),
            "note": self.env._(
                "Ranked by the policy's rules and with documents as they are now. Those who were "
                "not ranked on that day bought %s of everything since and are left out.",
                self._format_share(found["other_revenue"] / everything),
            ),
        }

    def _describe_verdict(self, found):
        """Return (Bootstrap style, sentence) of score against last year's revenue."""
        gain = round(100 * (found["caught_by_tier"] - found["caught_by_revenue"]))
        if not found["top_customers"]:
            return "warning", self.env._(
                "By the score nobody was in the best tier: its threshold may be too high."
            )
        if gain > 0:
            return "success", self.env._(
                "The score chose better than last year's revenue alone would have."
            )
        if gain < 0:
            return "warning", self.env._(
                "Last year's revenue alone would have chosen better than the score: look at the "
                "criteria and their weights."
            )
        return "info", self.env._(
            "The score chose as well as last year's revenue alone would have."
        )

    def _describe_correlation(self, found):
        if found["score_correlation"] is None:
            return self.env._("All scores, or all later revenues, were the same: no order to test.")
        score = formatLang(self.env, found["score_correlation"], digits=2)
        meaning = self.env._("1 is the perfect order, 0 no better than chance")
        if found["revenue_correlation"] is None:
            return self.env._(
                "Over all customers the order of the scores agrees with that of what was then "
                "bought by %(score)s (Spearman: %(meaning)s).",
                score=score,
                meaning=meaning,
            )
        return self.env._(
            "Over all customers the order of the scores agrees with that of what was then bought "
            "by %(score)s, the order of last year's revenue by %(revenue)s (Spearman: "
            "%(meaning)s).",
            score=score,
            revenue=formatLang(self.env, found["revenue_correlation"], digits=2),
            meaning=meaning,
        )

    def _describe_spread(self):
        """Return the curve and the table of revenue and customers by tier."""
        pareto = self.pareto or {"customers": 0, "points": []}
        lines = self.line_ids.filtered("customers")
        everybody = sum(lines.mapped("customers"))
        has_revenue = any(lines.mapped("revenue_share"))
        rows = [
            {
                "tier": line.tier_id,
                "customers": self._format_part(line.customers, everybody),
                "revenue": format_amount(self.env, line.revenue, self.currency_id),
                "share": self._format_share(line.revenue_share) if has_revenue else "–",
                "width": 100 * line.revenue_share,
            }
            for line in lines
        ]
        if not pareto["points"]:
            return {"sentence": self.env._("No revenue in the policy's window."), "rows": rows}
        fifth, share = next(
            point for point in pareto["points"] if 5 * point[0] >= pareto["customers"]
        )
        left, top, width, height = PLOT
        path = [(0, 0), *((place / pareto["customers"], part) for place, part in pareto["points"])]
        x, y = left + width * fifth / pareto["customers"], top + height * (1 - share)
        return {
            "sentence": self.env._(
                "The best fifth of the customers, %(fifth)s of %(customers)s, brings %(share)s of "
                "the revenue of the last %(months)s months. The further the curve is from the "
                "straight line, the more hangs on few.",
                fifth=fifth,
                customers=pareto["customers"],
                share=self._format_share(share),
                months=self.policy_id.window_months,
            ),
            "rows": rows,
            "curve": " ".join(
                f"{left + width * place:.1f},{top + height * (1 - part):.1f}"
                for place, part in path
            ),
            "mark": {
                "x": round(x, 1),
                "y": round(y, 1),
                "text": f"{self._format_share(fifth / pareto['customers'])} → "
                f"{self._format_share(share)}",
            },
            "ticks": [
                {
                    "x": left + width * tick,
                    "y": top + height * (1 - tick),
                    "text": self._format_share(tick),
                }
                for tick in (0, 0.2, 0.4, 0.6, 0.8, 1)
            ],
        }

    def _describe_moves(self):
        """Return the matrix of tiers then against tiers later; None is no tier."""
        nowhere = self.env["customer.tier"]
        counts = {
            (line.old_tier_id, line.new_tier_id): line.customers for line in self.migration_ids
        }
        tiers = [*(self.migration_ids.old_tier_id | self.migration_ids.new_tier_id).sorted()]
        went = dict.fromkeys(("stayed", "up", "down", "came", "left"), 0)
        for (old, new), customers in counts.items():
            went[self._describe_way(old, new)] += customers
        days = {
            "start": format_date(self.env, self.as_of),
            "end": format_date(self.env, self.until),
        }
        return {
            "sentence": self.env._(
                "Between %(start)s and %(end)s %(stayed)s customers stayed in their tier, %(up)s "
                "ended higher, %(down)s lower, %(came)s came and %(left)s left.",
                **went,
                **days,
            )
            if any(old for old, _new in counts)
            else self.env._(
                "Nobody was in a tier on %(start)s: the first evaluation came later.", **days
            ),
            "tiers": [*tiers, nowhere],
            "rows": [
                {
                    "tier": old,
                    "cells": [
                        {"customers": counts.get((old, new)), "way": self._describe_way(old, new)}
                        for new in [*tiers, nowhere]
                    ],
                }
                for old in [*tiers, nowhere]
                if any(before == old for before, _new in counts)
            ],
            **days,
        }

    def _describe_way(self, old, new):
        if old == new:
            return "stayed"
        if not old:
            return "came"
        if not new:
            return "left"
        return {"level": "stayed"}.get(way := old._get_direction(new), way)

    def _describe_retention(self):
        lines = self.line_ids.filtered("held_customers")
        if not lines:
            return {}
        best = lines[0]
        return {
            "sentence": self.env._(
                "On %(start)s %(customers)s customers were in %(tier)s: %(kept)s were still in it "
                "or higher on %(end)s, and %(bought)s bought something in between.",
                customers=best.held_customers,
                tier=best.tier_id.name,
                start=format_date(self.env, self.as_of),
                end=format_date(self.env, self.until),
                kept=self._format_part(best.kept_customers, best.held_customers),
                bought=self._format_part(best.buying_customers, best.held_customers),
            ),
            "rows": [
                {
                    "tier": line.tier_id,
                    "customers": line.held_customers,
                    "kept": self._format_share(line.kept_share),
                    "kept_width": 100 * line.kept_share,
                    "bought": self._format_share(line.buying_share),
                    "bought_width": 100 * line.buying_share,
                }
                for line in lines
            ],
        }

    def _describe_fairness(self):
        points = formatLang(self.env, self.near_points, digits=2).rstrip("0").rstrip(".,")
        lines = self.line_ids.filtered(
            lambda line: line.boundary or line.held_up or line.overridden_up or line.overridden_down
        )
        if self.policy_id.method == "value_share":
            near = self.env._("The policy goes by shares of the revenue, so no score is a line.")
        elif not self.near_line_count:
            near = self.env._("Nobody's score is closer than %s to a tier's line.", points)
        else:
            near = self.env._(
                "The score of %(customers)s customers is closer than %(points)s to a tier's line: "
                "chance may have decided on which side they are.",
                customers=self.near_line_count,
                points=points,
            )
        held_up = (
            self.env._(
                "%s are in a better tier than their score earns, within the margin or on grace.",
                self.held_up_count,
            )
            if self.held_up_count
            else self.env._("Nobody is in a better tier than the score earns.")
        )
        overridden = sum(lines.mapped("overridden_up")) + sum(lines.mapped("overridden_down"))
        sentences = [near, held_up]
        if overridden:
            sentences.append(
                self.env._(
                    "%s are in another tier than their score earns by an override.", overridden
                )
            )
        return {"sentence": " ".join(sentences), "lines": lines, "has_overrides": bool(overridden)}
