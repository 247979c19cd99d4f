import logging
import time
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..engine import Scope, apply_standings, compute_standings, preview_standings
from ..engine.facts import Facts
from ..engine.rules import LadderStep, MovementRule, Rules
from ..metrics.registry import available_columns, available_metrics, available_sources

_logger = logging.getLogger(__name__)

# First key of the advisory locks by which runs of one policy exclude each other.
RUN_LOCK_SPACE = 710_119
TRANSACTION_LOCK = SQL("pg_try_advisory_xact_lock")
CONNECTION_LOCK = SQL("pg_try_advisory_lock")

# How often a scheduled run begins again when somebody wrote what it was about to write.
APPLY_ATTEMPTS = 3


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
        policy._take_run_lock(TRANSACTION_LOCK)
        evaluation = policy._start_evaluation(as_of)
        policy._compute_evaluation(evaluation)
        policy._apply_evaluation(evaluation)
        return evaluation.with_env(self.env)

    def simulate(self, as_of=None):
        """Return what the policy's rules would give, and move nobody.

        An archived policy may be tried out as well: a copy with other rules. Tiers are
        those that the score alone earns, without grace, and documents count as they are
        now, also for a past day.

        :param as_of: as for :meth:`evaluate`, but any day up to a year ahead
        :return: a ``customer.tier.evaluation`` with its migration from the tiers held
        """
        self.ensure_one()
        self.check_access("write")
        as_of = self._get_evaluation_date(as_of)
        self._check_rules()
        policy = self.sudo()
        evaluation = policy._start_evaluation(as_of, is_simulation=True)
        policy._compute_evaluation(evaluation)
        outcome = preview_standings(self.env.cr, self.company_id.id, policy._prepare_rules().ladder)
        evaluation._complete(outcome)
        return evaluation.with_env(self.env)

    def action_simulate(self):
        """Preview the rules and open what they would give."""
        evaluation = self.simulate()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": evaluation._name,
            "res_id": evaluation.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

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
        """Evaluate every active policy once a day, each in transactions of its own.

        The action is called again when its time was up, so it passes over the policies
        that were tried already.
        """
        policies = self.sudo().search([]).filtered(lambda policy: not policy._was_tried_today())
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(policies))
        for policy in policies:
            policy._evaluate_and_commit()
            if not commit(processed=1):
                break

    def _was_tried_today(self):
        """Return whether the scheduled action evaluated the policy, or tried to, today."""
        return bool(
            self.env["customer.tier.evaluation"].search_count(
                [
                    ("policy_id", "=", self.id),
                    ("as_of", "=", self._get_today()),
                    ("is_scheduled", "=", True),
                    ("state", "!=", "running"),
                ],
                limit=1,
            )
        )

    def _evaluate_and_commit(self):
        """Evaluate as of today; a failure is kept on the evaluation and stops nobody else."""
        as_of = self._get_today()
        try:
            self._take_run_lock(CONNECTION_LOCK)
        except UserError as error:
            self._start_evaluation(as_of, is_scheduled=True)._fail(error)
            return
        evaluation = self._start_evaluation(as_of, is_scheduled=True)
        commit = self.env["ir.cron"]._commit_progress
        commit()
        try:
            self._compute_and_apply(evaluation, commit)
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            if not isinstance(error, UserError):
                _logger.exception("Evaluating the policy %s (%s) failed", self.name, self.id)
            evaluation._fail(error)
        finally:
            self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", RUN_LOCK_SPACE, self.id))

    def _compute_and_apply(self, evaluation, commit):
        for attempt in range(APPLY_ATTEMPTS):
            self._check_ready(evaluation.as_of)
            self._compute_evaluation(evaluation)
            # A new transaction sees partners, tiers and standings as they are when it writes.
            commit()
            self._check_ready(evaluation.as_of)
            try:
                self._apply_evaluation(evaluation)
                return
            except SerializationFailure:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == APPLY_ATTEMPTS - 1:
                    raise

    def _get_today(self):
        """Return today's date in the company's time zone."""
        return datetime.now(ZoneInfo(self.company_id.sudo()._tiering_timezone())).date()

    def _get_evaluation_date(self, as_of):
        if as_of is None:
            return self._get_today()
        try:
            day = as_of if isinstance(as_of, date) else date.fromisoformat(as_of)
            day = day.date() if isinstance(day, datetime) else day
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("%s is not a day: write it as YYYY-MM-DD.", as_of)
            ) from error
        if day > self._get_today() + relativedelta(years=1):
            raise UserError(
                self.env._(
                    "%s is more than a year ahead, and no evaluation for an earlier day could "
                    "follow it. Choose today or a day close to it.",
                    format_date(self.env, day),
                )
            )
        return day

    def _check_ready(self, as_of):
        """Refuse a run that could not give a meaningful ladder, or would turn back time."""
        if not self.active:
            raise UserError(
                self.env._("Policy %s is archived and ranks nobody: unarchive it first.", self.name)
            )
        self._check_rules()
        last = self.env["customer.tier.evaluation"].sudo()._get_last(self.company_id).as_of
        if last and as_of < last:
            raise UserError(
                self.env._(
                    "%(company)s was evaluated as of %(last)s; an evaluation as of "
                    "%(as_of)s would undo what happened since. Choose %(last)s or a later day.",
                    company=self.company_id.name,
                    last=format_date(self.env, last),
                    as_of=format_date(self.env, as_of),
                )
            )

    def _check_rules(self):
        """Refuse rules by which nobody could be ranked."""
        if not self._get_ladder():
            raise UserError(self.env._("Policy %s has no Tiers: add at least one.", self.name))
        if not sum(self.criterion_ids.mapped("weight")):
            raise UserError(
                self.env._(
                    "Policy %s has no criteria with a Weight above 0: add at least one.", self.name
                )
            )
        self.criterion_ids._check_installed()

    def _start_evaluation(self, as_of, is_scheduled=False, is_simulation=False):
        return self.env["customer.tier.evaluation"].create(
            {
                "policy_id": self.id,
                "as_of": as_of,
                "is_scheduled": is_scheduled,
                "is_simulation": is_simulation,
                "user_id": self.env.uid,
                "criteria": [criterion._prepare_explanation() for criterion in self.criterion_ids],
            }
        )

    def _take_run_lock(self, lock):
        """Refuse a second run of the policy while one is under way.

        :param lock: ``TRANSACTION_LOCK``, which ends with the transaction, or
            ``CONNECTION_LOCK``, which outlives a commit and ends with a killed process
        """
        query = SQL("SELECT %s(%s, %s)", lock, RUN_LOCK_SPACE, self.id)
        if not self.env.execute_query(query)[0][0]:
            raise UserError(
                self.env._(
                    "Policy %s is being evaluated at this moment: wait until that run is done.",
                    self.name,
                )
            )
        # Whoever holds the lock is the only run: what else says that it is one was killed.
        self.env["customer.tier.evaluation"].search(
            [("policy_id", "=", self.id), ("state", "=", "running")]
        ).write({"state": "failed", "message": self.env._("The run was interrupted.")})

    def _compute_evaluation(self, evaluation):
        """Compute every customer's score into a temporary table, without locks on standings."""
        start = time.monotonic()
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
        evaluation._complete(outcome, seconds=time.monotonic() - start)

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
            columns=tuple(available_columns(self.env).values()),
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
