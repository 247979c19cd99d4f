import time
from contextlib import contextmanager
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from psycopg2.errors import NumericValueOutOfRange

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from ..engine import (
    apply_standings,
    compute_standings,
    count_customers,
    first_document_date,
    largest_document,
    preview_standings,
)
from ..engine.rules import hold_tiers
from ..metrics.registry import available_sources

# Amounts that, by the thousands, no longer add up: in smallest units.
LARGE_UNITS = 2**63 // 10_000
# First key of the advisory locks by which runs of one policy exclude each other.
RUN_LOCK_SPACE = 710_119
TRANSACTION_LOCK = SQL("pg_try_advisory_xact_lock")
CONNECTION_LOCK = SQL("pg_try_advisory_lock")


class RulesChangedError(UserError):
    """What was computed cannot be written: its rules are not there any more."""


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
        policy._take_run_lock()
        evaluation = policy._start_evaluation(as_of)
        run = policy._freeze_run(evaluation)
        policy._compute_evaluation(evaluation, run)
        policy._apply_evaluation(evaluation, run)
        policy._follow_up_soon()
        return evaluation.with_env(self.env)

    def simulate(self, as_of=None):
        """Return what the policy's rules would give, and move nobody.

        An archived policy may be tried out as well: a copy with other rules. So may one
        with changes that are not saved, ``policy.new(values, origin=policy)``, as long as
        its tiers are saved ones. Tiers are those that the rules alone earn, without grace
        and overrides, and documents count as they are now, also for a past day.

        :param as_of: as for :meth:`evaluate`, but any day up to a year ahead
        :return: a ``customer.tier.evaluation`` with its migration from the tiers held
        """
        self.ensure_one()
        self.check_access("write")
        as_of = self._get_evaluation_date(as_of)
        self._check_rules()
        policy = self.sudo()
        evaluation = policy._start_evaluation(as_of, is_simulation=True)
        run = policy._freeze_run(evaluation)
        policy._compute_evaluation(evaluation, run)
        start = time.monotonic()
        outcome = preview_standings(
            self.env.cr, self.company_id.id, run.rules.ladder, evaluation.id
        )
        evaluation.invalidate_recordset(["preview_move_ids"])
        evaluation._complete(outcome, seconds=time.monotonic() - start)
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
        is_done = evaluation.state == "done"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_done else "warning",
                "sticky": not is_done,
                "message": self.env._(
                    "%(customers)s customers ranked, %(changed)s placed or moved.",
                    customers=evaluation.customer_count,
                    changed=evaluation.changed_count,
                )
                if is_done
                else evaluation.message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_now(self):
        """Return the moment in the company's time zone."""
        return self.company_id.sudo()._tiering_now()

    def _get_today(self):
        """Return today's date in the company's time zone."""
        return self._get_now().date()

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
        self._check_may_rank(as_of)
        self._check_rules()

    def _check_may_rank(self, as_of):
        """Refuse to place customers by an archived policy, or as of a day that is history."""
        if not self.active:
            raise UserError(
                self.env._("Policy %s is archived and ranks nobody: unarchive it first.", self.name)
            )
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
        ladder = self._get_ladder()
        if len(ladder._origin) < len(ladder):
            raise UserError(
                self.env._("Policy %s has a tier that is not saved yet: save it first.", self.name)
            )
        if not ladder:
            raise UserError(self.env._("Policy %s has no Tiers: add at least one.", self.name))
        if not sum(self._get_criteria().mapped("weight")):
            if self.unavailable_criteria:
                raise UserError(
                    self.env._(
                        "Policy %(policy)s has no criteria left that can be judged by. Not "
                        "available any more: %(metrics)s. Install the add-ons that bring them, or "
                        "add another criterion with a Weight above 0.",
                        policy=self.name,
                        metrics=self.unavailable_criteria,
                    )
                )
            raise UserError(
                self.env._(
                    "Policy %s has no criteria with a Weight above 0: add at least one.", self.name
                )
            )

    def _start_evaluation(self, as_of, is_scheduled=False, is_simulation=False, partner=None):
        return self.env["customer.tier.evaluation"].create(
            {
                "policy_id": self._origin.id,
                "partner_id": partner and partner.id,
                "as_of": as_of,
                "is_scheduled": is_scheduled,
                "is_simulation": is_simulation,
                "user_id": self.env.uid,
            }
        )

    def _prepare_explanations(self):
        """Return what explanations need to know of the criteria, as JSON values."""
        return [criterion._prepare_explanation() for criterion in self._get_criteria()]

    def _take_run_lock(self):
        """Refuse a second run of the policy while one is under way."""
        if not self._try_run_lock(TRANSACTION_LOCK):
            raise self._under_way_error()
        self._mark_interrupted()

    def _try_run_lock(self, lock):
        """Return whether this is the policy's only run from now on.

        :param lock: ``TRANSACTION_LOCK``, which ends with the transaction, or
            ``CONNECTION_LOCK``, which outlives a commit and ends with a killed process
        """
        return self.env.execute_query(SQL("SELECT %s(%s, %s)", lock, RUN_LOCK_SPACE, self.id))[0][0]

    def _under_way_error(self):
        return UserError(
            self.env._(
                "Policy %s is being evaluated at this moment: wait until that run is done.",
                self.name,
            )
        )

    def _mark_interrupted(self):
        """Note the runs that were killed: to be called by the one that holds the lock."""
        self.env["customer.tier.evaluation"].search(
            [("policy_id", "=", self.id), ("state", "=", "running")]
        ).write(
            {
                "state": "failed",
                "message": self.env._("The run was interrupted."),
                "is_retried": True,
            }
        )

    def _compute_evaluation(self, evaluation, run, on_step=lambda step: None):
        """Compute every customer's score into a temporary table, without locks on standings.

        :param run: the :class:`~..engine.rules.Run` that was frozen with the evaluation
        :param on_step: called with the name of each step before it begins
        """
        start = time.monotonic()
        self.env.flush_all()
        with self._naming_large_amounts(evaluation.as_of):
            compute_standings(
                self.env.cr,
                run.scope,
                run.rules,
                run.facts,
                on_step,
            )
        evaluation.duration = time.monotonic() - start

    @contextmanager
    def _naming_large_amounts(self, as_of):
        """Name the document whose amount is too large to be added up."""
        try:
            yield
        except NumericValueOutOfRange as error:
            raise self._large_amount_error(as_of) or error from error

    def _large_amount_error(self, as_of):
        """Return what is to be said of the largest document; None if it is not to blame."""
        scope = self._prepare_scope(as_of)
        sources = available_sources(self.env).values()
        found = largest_document(self.env.cr, scope, sources)
        if not found or int(found[2]) < LARGE_UNITS:
            return None
        model, id_, units = found
        document = self.env[model].sudo().browse(id_)
        return UserError(
            self.env._(
                "%(document)s (%(customer)s) amounts to %(amount)s, more than can be added up. "
                "Correct its prices, or cancel it, and try again.",
                document=document.display_name,
                customer=document.partner_id.display_name,
                # To the cent no float is exact any more.
                amount=f"{self.company_id.currency_id.name} "
                + formatLang(self.env, float(scope.currency_rounding * int(units)), digits=0),
            )
        )

    def _apply_evaluation(self, evaluation, run):
        """Write the standings and the ledger, and complete the evaluation.

        A company's first run places nobody while there is too little to go by.

        :param run: what the evaluation was computed by; rules that changed since wait for the
            next run
        :raise RulesChangedError: when one of its tiers is not there any more
        """
        start = time.monotonic()
        self.env.flush_all()
        if not hold_tiers(self.env.cr, run.rules.ladder):
            raise RulesChangedError(
                self.env._(
                    "A tier of policy %s was archived or deleted while the run was under way, so "
                    "nobody was placed. The next run goes by the tiers that are left: it comes "
                    "within the hour, or evaluate now.",
                    self.name,
                )
            )
        if lack := self._describe_missing_base(evaluation):
            evaluation._skip(lack)
            return
        outcome = apply_standings(
            self.env.cr,
            company_id=self.company_id.id,
            as_of=evaluation.as_of,
            rules=run.rules,
            evaluation_id=evaluation.id,
            user_id=evaluation.user_id.id,
            partner_ids=evaluation.partner_id.ids or None,
        )
        # Rows were written behind the ORM's back.
        self.env.invalidate_all()
        evaluation._complete(outcome, seconds=time.monotonic() - start)

    def _describe_missing_base(self, evaluation):
        """Return what a first run lacks for a meaningful ladder, in words; None if nothing."""
        if not (self.minimum_customers or self.minimum_history_days):
            return None
        if self.env["customer.tier.evaluation"]._get_last(self.company_id):
            return None
        customers = count_customers(self.env.cr)
        if customers < self.minimum_customers:
            return self.env._(
                "Nobody was placed: %(company)s has %(count)s customers, and the policy asks for "
                "%(minimum)s. Wait for more, or lower Minimum Customers.",
                company=self.company_id.name,
                count=customers,
                minimum=self.minimum_customers,
            )
        first = first_document_date(
            self.env.cr,
            self._prepare_scope(evaluation.as_of),
            available_sources(self.env).values(),
        )
        days = (evaluation.as_of - first).days if first else 0
        if days < self.minimum_history_days:
            return self.env._(
                "Nobody was placed: the orders and invoices of %(company)s go back %(days)s days, "
                "and the policy asks for %(minimum)s. Wait, or lower Minimum History.",
                company=self.company_id.name,
                days=days,
                minimum=self.minimum_history_days,
            )
        return None

    def _evaluate_customer(self, partner):
        """Judge one customer by today's documents, beside everybody else's.

        Points depend on the other customers, so all are computed and one is written.

        :return: the ``customer.tier.evaluation`` record of this customer
        :raise UserError: as :meth:`evaluate`, and when the rules changed since everybody
            was judged
        """
        self.ensure_one()
        self.check_access("write")
        as_of = self._get_today()
        self._check_ready(as_of)
        policy = self.sudo()
        last = self.env["customer.tier.evaluation"].sudo()._get_last(self.company_id)
        if last.criteria != policy._prepare_explanations():
            raise UserError(
                self.env._(
                    "The criteria of policy %s changed since everybody was judged by them, so one "
                    "customer alone cannot be compared: use Evaluate now for all.",
                    self.name,
                )
            )
        policy._take_run_lock()
        evaluation = policy._start_evaluation(as_of, partner=partner)
        run = policy._freeze_run(evaluation)
        policy._compute_evaluation(evaluation, run)
        policy._apply_evaluation(evaluation, run)
        policy._follow_up_soon()
        return evaluation.with_env(self.env)
