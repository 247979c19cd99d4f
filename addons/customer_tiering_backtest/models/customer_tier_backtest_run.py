import time
from dataclasses import replace

from odoo import fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ..engine import compute_standings
from ..engine.assessment import gather_bought, months_after, pareto_curve, prediction
from ..engine.facts import Facts, facts_query
from ..engine.movement import equivalent_tiers
from ..engine.tier_history import migration_groups
from ..metrics.registry import available_sources


class CustomerTierBacktestRun(models.Model):
    """How an assessment is computed."""

    _inherit = "customer.tier.backtest"

    def action_backtest(self):
        """Compute the assessment and keep what it found.

        :raise UserError: when the policy has no tiers or criteria
        """
        self.ensure_one()
        self.check_access("write")
        policy = self.policy_id
        policy._check_rules()
        start = time.monotonic()
        self.env.flush_all()
        assessment = self.sudo()
        with policy.sudo()._naming_large_amounts(self.until):
            found = assessment._test_prediction(policy.sudo())
            # A policy that ranks nobody has no standings of its own to be looked at.
            found |= assessment._test_ladder() if policy.active else assessment._prepare_no_ladder()
        assessment.write(
            {
                **found,
                "tested_on": fields.Datetime.now(),
                "duration": time.monotonic() - start,
                "user_id": self.env.uid,
            }
        )
        return True

    def _test_prediction(self, policy):
        """Rank the past day and set it against the months after it."""
        cr = self.env.cr
        scope = policy._prepare_scope(self.as_of)
        everybody = self._prepare_revenue_facts()
        compute_standings(cr, scope, policy._prepare_rules(), policy._prepare_facts(self.as_of))
        gather_bought(cr, months_after(scope, self.months), everybody)
        best_tier = policy._get_ladder()[0]
        return {
            "prediction": prediction(cr, replace(scope, window_months=12), everybody, best_tier.id)
        }

    def _test_ladder(self):
        """Look at the present ladder and at how it came about since the day."""
        lines = {tier: {} for tier in self.policy_id._get_ladder()}
        self._add_current_figures(lines)
        migrations = self._get_migrations()
        self._add_retention(lines, migrations)
        self._add_fairness(lines)
        return {
            "pareto": pareto_curve(self.env.cr, self.company_id.id),
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
            "near_line_count": self._count_standings(
                self._get_near_line_domain(
                    {tier: vals["boundary"] for tier, vals in lines.items() if "boundary" in vals}
                )
            ),
            "held_up_count": self._count_standings(self._get_held_up_domain()),
        }

    def _prepare_no_ladder(self):
        return {
            "pareto": False,
            "line_ids": [Command.clear()],
            "migration_ids": [Command.clear()],
            "near_line_count": 0,
            "held_up_count": 0,
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

    def _add_current_figures(self, lines):
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

    def _get_migrations(self):
        """Return who went from which tier to which between the day and the end of the months.

        :return: {(tier then, tier later): (customers, those who bought in between)}; tiers of
            a former policy are those with the same code in this one
        """
        tiers = self.env["customer.tier"]
        equivalent = dict(
            self.env.execute_query(equivalent_tiers(self.policy_id._prepare_rules().ladder))
        )
        migrations = {}
        for old_id, new_id, customers, bought in migration_groups(
            self.env.cr,
            self.company_id.id,
            self.as_of,
            self.until,
            self._get_known_on(self.as_of),
            self._get_known_on(self.until),
        ):
            way = tuple(tiers.browse(equivalent.get(id_, id_) or ()) for id_ in (old_id, new_id))
            before = migrations.get(way, (0, 0))
            migrations[way] = before[0] + customers, before[1] + bought
        return migrations

    def _get_known_on(self, day):
        """Return the subselect of those whom the last evaluation up to a day found, or None."""
        evaluation = self.env["customer.tier.evaluation"].search(
            self.env["customer.tier.evaluation"]._domain_of_runs()
            & Domain("company_id", "=", self.company_id.id)
            & Domain("as_of", "<=", day),
            order="as_of desc",
            limit=1,
        )
        if not evaluation:
            return None
        return facts_query(
            self.policy_id._prepare_scope(evaluation.as_of),
            self._prepare_revenue_facts(),
            with_prospects=bool(self.policy_id.prospect_tier_id),
        )

    def _add_retention(self, lines, migrations):
        for (old, new), (customers, bought) in migrations.items():
            if not old:
                continue
            vals = lines.setdefault(old, {})
            kept = bool(new) and old._get_direction(new) != "down"
            for name, count in (
                ("held_customers", customers),
                ("kept_customers", customers if kept else 0),
                ("buying_customers", bought),
            ):
                vals[name] = vals.get(name, 0) + count

    def _add_fairness(self, lines):
        for tier, boundary in self._get_boundaries().items():
            below, above = self._get_side_domains(boundary)
            lines[tier].update(
                boundary=boundary,
                near_below=self._count_standings(below),
                near_above=self._count_standings(above),
            )
        for tier, customers in self.env["customer.standing"]._read_group(
            self._get_held_up_domain(), ["tier_id"], ["__count"]
        ):
            lines.setdefault(tier, {})["held_up"] = customers
        for name, domain in zip(
            ("overridden_up", "overridden_down"), self._get_overridden_domains(), strict=True
        ):
            for tier, customers in self.env["customer.standing"]._read_group(
                domain, ["tier_id"], ["__count"]
            ):
                lines.setdefault(tier, {})[name] = customers

    def _get_boundaries(self):
        """Return the score from which each tier above the lowest is earned, by tier.

        With shares of the customers that is the lowest score which earned it last time. With
        shares of the revenue no score decides.
        """
        policy = self.policy_id
        earned = policy._get_ladder()[:-1]
        if policy.method == "score":
            return {tier: tier.min_score for tier in earned}
        if policy.method == "value_share":
            return {}
        lowest = dict(
            self.env["customer.standing"]._read_group(
                self._get_standings_domain() & Domain("candidate_tier_id", "in", earned.ids),
                ["candidate_tier_id"],
                ["score:min"],
            )
        )
        return {tier: lowest[tier] for tier in earned if tier in lowest}

    def _get_side_domains(self, boundary):
        """Return the domains of the standings just below and just above a boundary."""
        standings = self._get_standings_domain()
        lowest = round(boundary - self.near_points, 2)
        highest = round(boundary + self.near_points, 2)
        return (
            standings & Domain("score", ">", lowest) & Domain("score", "<", boundary),
            standings & Domain("score", ">=", boundary) & Domain("score", "<", highest),
        )

    def _get_near_line_domain(self, boundaries):
        return Domain.OR(
            domain
            for boundary in boundaries.values()
            for domain in self._get_side_domains(boundary)
        )

    def _get_held_up_domain(self):
        """Return the domain of those in a better tier than their score earns, not by an override.

        Within the margin below the threshold no grace runs; below it one does.
        """
        return (
            self._get_standings_domain()
            & Domain("override_id", "=", False)
            & (Domain("downgrade_on", "!=", False) | self._get_above_score_domain())
        )

    def _get_overridden_domains(self):
        """Return the domains of whom an override alone holds above, and below, their score."""
        overridden = self._get_standings_domain() & Domain("override_id", "!=", False)
        ladder = self.policy_id._get_ladder()
        below = Domain.OR(
            Domain("tier_id", "=", tier.id) & Domain("candidate_tier_id", "in", ladder[:place].ids)
            for place, tier in enumerate(ladder)
        )
        # Who has no score earns nothing.
        above = self._get_above_score_domain() | Domain("candidate_tier_id", "=", False)
        return overridden & above, overridden & below

    def _get_above_score_domain(self):
        ladder = self.policy_id._get_ladder()
        return Domain.OR(
            Domain("tier_id", "=", tier.id) & Domain("candidate_tier_id", "in", ladder[place:].ids)
            for place, tier in enumerate(ladder[:-1], start=1)
        )

    def _get_standings_domain(self):
        return Domain("company_id", "=", self.company_id.id) & Domain("tier_id", "!=", False)

    def _count_standings(self, domain):
        return self.env["customer.standing"].search_count(domain)
