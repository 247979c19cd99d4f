import time
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..engine import Scope, apply_standings, compute_standings
from ..engine.facts import Facts
from ..engine.rules import LadderStep, MovementRule, Rules
from ..metrics.registry import available_metrics, available_sources

# First key of the advisory locks by which runs of one policy exclude each other.
RUN_LOCK = 710_119


class CustomerTierPolicyRun(models.Model):
    """How a policy is evaluated."""

    _inherit = "customer.tier.policy"

    def evaluate(self, as_of=None):
        """Rank the policy's customers and set their standings.

        :param as_of: the local day up to which documents count (a date or
            ``YYYY-MM-DD``); today in the company's time zone by default
        :return: the ``customer.tier.evaluation`` record
        :raise UserError: when the policy is archived or has no tiers or criteria, when
            the day lies before the last evaluation, or when another run is under way
        """
        self.ensure_one()
        self.check_access("write")
        as_of = self._get_evaluation_date(as_of)
        self._check_ready(as_of)
        policy = self.sudo()
        evaluation = policy._start_evaluation(as_of)
        policy._compute_evaluation(evaluation)
        policy._apply_evaluation(evaluation)
        return evaluation.with_env(self.env)

    def action_evaluate(self):
        """Evaluate now and show what happened."""
        evaluation = self.evaluate()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(customers)s customers ranked, %(changed)s placed or moved.",
                    customers=evaluation.customer_count,
                    changed=evaluation.changed_count,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_evaluate(self):
        """Evaluate every active policy, each in transactions of its own."""
        policies = self.search([])
        self.env["ir.cron"]._commit_progress(remaining=len(policies))
        for policy in policies:
            policy._evaluate_and_commit()
            if not self.env["ir.cron"]._commit_progress(processed=1):
                break

    def _evaluate_and_commit(self):
        """Evaluate as of today; a failure is kept on the evaluation and stops nobody else."""
        commit = self.env["ir.cron"]._commit_progress
        try:
            as_of = self._get_evaluation_date(None)
            self._check_ready(as_of)
        except (UserError, ValidationError) as error:
            self._start_evaluation(as_of).write({"state": "failed", "message": str(error)})
            return
        evaluation = self._start_evaluation(as_of)
        commit()
        try:
            self._compute_evaluation(evaluation)
            # A new transaction sees partners and standings as they are when it writes.
            commit()
            try:
                self._apply_evaluation(evaluation)
            except SerializationFailure:
                self.env.cr.rollback()
                self._compute_evaluation(evaluation)
                commit()
                self._apply_evaluation(evaluation)
        except Exception as error:
            self.env.cr.rollback()
            evaluation.write({"state": "failed", "message": str(error)})
            commit()
            raise

    def _get_evaluation_date(self, as_of):
        if as_of is None:
            timezone = self.company_id.sudo()._tiering_timezone()
            return datetime.now(ZoneInfo(timezone)).date()
        try:
            return fields.Date.to_date(as_of)
        except ValueError as error:
            raise UserError(
                self.env._("%s is not a day: write it as YYYY-MM-DD.", as_of)
            ) from error

    def _check_ready(self, as_of):
        """Refuse a run that could not give a meaningful ladder."""
        self.ensure_one()
        if not self.active:
            raise UserError(
                self.env._("Policy %s is archived and ranks nobody: unarchive it first.", self.name)
            )
        if not self._get_ladder():
            raise UserError(self.env._("Policy %s has no Tiers: add at least one.", self.name))
        if not sum(self.criterion_ids.mapped("weight")):
            raise UserError(
                self.env._(
                    "Policy %s has no criteria with a Weight above 0: add at least one.", self.name
                )
            )
        self.criterion_ids._check_installed()
        last = self.last_evaluation_date
        if last and as_of < last:
            raise UserError(
                self.env._(
                    "Policy %(policy)s was evaluated as of %(last)s; an evaluation as of "
                    "%(as_of)s would undo what happened since. Choose %(last)s or a later day.",
                    policy=self.name,
                    last=format_date(self.env, last),
                    as_of=format_date(self.env, as_of),
                )
            )

    def _start_evaluation(self, as_of):
        return self.env["customer.tier.evaluation"].create(
            {
                "policy_id": self.id,
                "as_of": as_of,
                "user_id": self.env.uid,
                "criteria": [criterion._prepare_explanation() for criterion in self.criterion_ids],
            }
        )

    def _lock_run(self):
        """Refuse a second run of the policy while one is under way."""
        query = SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", RUN_LOCK, self.id)
        if not self.env.execute_query(query)[0][0]:
            raise UserError(
                self.env._(
                    "Policy %s is being evaluated at this moment: wait until that run is done.",
                    self.name,
                )
            )

    def _compute_evaluation(self, evaluation):
        """Compute every customer's score into a temporary table, without locks on standings."""
        start = time.monotonic()
        self._lock_run()
        self.env.flush_all()
        compute_standings(
            self.env.cr,
            self._prepare_scope(evaluation.as_of),
            self._prepare_rules(),
            self._prepare_facts(),
        )
        evaluation.duration = time.monotonic() - start

    def _apply_evaluation(self, evaluation):
        """Write the standings and the ledger, and complete the evaluation."""
        start = time.monotonic()
        self._lock_run()
        self.env.flush_all()
        outcome = apply_standings(
            self.env.cr,
            company_id=self.company_id.id,
            as_of=evaluation.as_of,
            rules=self._prepare_rules(),
            evaluation_id=evaluation.id,
            user_id=evaluation.user_id.id,
        )
        # Rows were written behind the ORM's back.
        self.env.invalidate_all()
        evaluation.write(
            {
                "state": "done",
                "customer_count": outcome["customers"],
                "changed_count": outcome["changed"],
                "standings_written": outcome["standings_written"],
                "duration": evaluation.duration + time.monotonic() - start,
                "migration_ids": [
                    fields.Command.create(
                        {
                            "old_tier_id": old_tier_id,
                            "new_tier_id": new_tier_id,
                            "customers": customers,
                            "revenue": revenue,
                        }
                    )
                    for old_tier_id, new_tier_id, customers, revenue in outcome["migrations"]
                ],
            }
        )

    def _prepare_scope(self, as_of):
        company = self.company_id
        branches = self.env["res.company"].search([("id", "child_of", company.id)])
        return Scope(
            company_id=company.id,
            company_ids=tuple(sorted(branches.ids)),
            as_of=as_of,
            window_months=self.window_months,
            timezone=company._tiering_timezone(),
            currency_id=company.currency_id.id,
            currency_rounding=Decimal(str(company.currency_id.rounding)),
            amount_basis=self.amount_basis,
        )

    def _prepare_rules(self):
        """Return the policy as the engine's plain values."""
        return Rules(
            criteria=tuple(criterion._prepare_rule() for criterion in self.criterion_ids),
            method=self.method,
            ladder=tuple(
                LadderStep(tier.id, Decimal(str(tier.min_score)), Decimal(str(tier.share)))
                for tier in self._get_ladder()
            ),
            movement=MovementRule(
                has_thresholds=self.method == "score",
                demotion_margin=Decimal(str(self.demotion_margin)),
                grace_days=self.grace_days,
                one_step=self.one_step_demotion,
            ),
            prospect_tier_id=self.prospect_tier_id.id or None,
        )

    def _prepare_facts(self):
        """Return what a run gathers: the sources that its metrics need, and no other."""
        metrics = available_metrics(self.env)
        wanted = tuple(metrics[criterion.metric] for criterion in self.criterion_ids)
        margin = metrics.get("margin")
        needed = {code for metric in (*wanted, margin) if metric for code in metric.sources}
        return Facts(
            sources=tuple(
                source
                for code, source in available_sources(self.env).items()
                if code in needed or source.says_who_is_ranked
            ),
            metrics=wanted,
            margin=margin,
            partners=self._get_partner_query(),
        )

    def _get_partner_query(self):
        """Return the subselect of the contacts that may be ranked; archived ones are not."""
        partners = self.env["res.partner"].sudo().with_company(self.company_id)
        return partners._search(
            self._get_partner_domain() & Domain("active", "=", True)
        ).subselect()
