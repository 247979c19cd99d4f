import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Longer than a person's request holds what it writes.
LOCK_TIMEOUT = "2s"


class VmiAgreementSchedule(models.Model):
    """How agreements are reviewed by themselves."""

    _inherit = "vmi.agreement"

    failures = fields.Json(
        "Failed Actions",
        readonly=True,
        copy=False,
        help="What the scheduled actions could not do at their last attempt: its code, and why.",
    )
    failure_message = fields.Text("Failures", compute="_compute_failure_message")

    @api.model
    def _cron_review(self):
        """Review what is due, a company at a time, then order what nobody has to decide.

        Each company's review and each order is a transaction of its own: a run that was killed
        leaves whole ones, and the next run finds what is left.
        """
        commit = self.env["ir.cron"]._commit_progress
        proposals = self.env["vmi.proposal"].sudo()
        for agreement, expired in proposals._search_expired().grouped("agreement_id").items():
            agreement._attempt("expire", expired._expire)
        companies = self._find_due().company_id
        waiting = proposals._search_undecided()
        commit(remaining=len(companies) + len(waiting))
        for count, company in enumerate(companies, start=1):
            self._review_company_due(company, commit)
            waiting = proposals._search_undecided()
            # What the review proposed is still to be done when the time is up.
            if not commit(processed=1, remaining=len(companies) - count + len(waiting)):
                return
        for proposal in waiting:
            proposal.agreement_id._attempt("order", proposal._decide_automatically)
            if not commit(processed=1):
                return

    def _search_open(self):
        return self.sudo().search([("state", "=", "running")])

    def _find_due(self):
        """Return the running agreements whose day has come."""
        due = self.browse()
        for agreements in self._search_open().grouped("company_id").values():
            found = []
            agreements._attempt(
                "due",
                lambda agreements=agreements, found=found: found.extend(
                    agreements.filtered(lambda agreement: agreement._is_due())
                ),
            )
            due = due.union(*found)
        return due

    def _review_company_due(self, company, commit):
        """Review what is due in a company in one pass; if that fails, in ever smaller parts.

        One agreement that cannot be reviewed is in the end set aside, with its reason.
        """
        parts = [self._find_due().filtered(lambda agreement: agreement.company_id == company)]
        while parts:
            due = parts.pop()
            if len(due) == 1:
                due._review_or_set_aside(commit)
            elif self.browse()._attempt("review", due._review_due):
                due._note_failure("review", False)
            else:
                half = len(due) // 2
                parts += [due[half:], due[:half]]
            # What others committed meanwhile is seen from here on.
            commit()

    def _review_or_set_aside(self, commit):
        """Review one agreement; where somebody is at work on it, say so until the next run."""
        if not self._attempt("review", self._review_due):
            commit()
            if "review" not in (self.failures or {}):
                self._note_failure(
                    "review",
                    self.env._(
                        "Somebody was at work on it at that moment. The next run reviews it."
                    ),
                )

    def _review_due(self):
        """Review agreements of a company whose day has come; close those that have ended."""
        # A line that somebody keeps locked shall keep no other agreement waiting.
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        due = self.exists().filtered(lambda agreement: agreement._is_due())
        # What somebody is deciding about comes with the next run.
        due = due.try_lock_for_update(allow_referencing=True)
        due._close_ended()
        due = due.filtered(lambda agreement: agreement.state == "running")
        if due:
            due._review_company(due.company_id)

    def _is_due(self):
        """Return whether the day of its review, or of its end, has come."""
        today = self.company_id._vmi_today()
        if self.state != "running" or (self.date_start or today) > today:
            return False
        is_reviewed = bool(self.next_review_date) and self.next_review_date <= today
        return is_reviewed or self._has_ended()

    def _attempt(self, action, step):
        """Do a step for agreements; what goes wrong with it stops no other one.

        A failure is logged, and said on the agreements until the same step succeeds.

        :param action: a code of :meth:`_describe_actions`
        :return: whether the step succeeded
        """
        try:
            with self.env.cr.savepoint():
                step()
        except OperationalError:
            # Somebody decided about it at the same moment: the next run serves it.
            _logger.warning("The step %s of %s met with others", action, self, exc_info=True)
            return False
        except Exception as error:
            _logger.exception("The step %s of %s failed", action, self)
            self._note_failure(action, str(error) or type(error).__name__)
            return False
        self._note_failure(action, False)
        return True

    def _note_failure(self, action, failure):
        """Note why a step failed; False once it succeeded."""
        # An untracked note, and none where somebody is at work on the agreement.
        for agreement in self.exists().sudo().with_context(tracking_disable=True):
            noted = agreement.failures or {}
            if (noted.get(action) or False) != failure and agreement.try_lock_for_update(
                allow_referencing=True
            ):
                noted = {**noted, action: failure}
                agreement.failures = {code: why for code, why in noted.items() if why} or False

    @api.model
    def _describe_actions(self):
        """Return what scheduled actions do for an agreement, by code.

        An add-on adds what its own do; the label stands before the reason of a failure.
        """
        return {
            "alert_activities": self.env._("Keeping the activities of alerts up to date"),
            "alerts": self.env._("Telling of alerts"),
            "due": self.env._("Finding the day of the review"),
            "expire": self.env._("Letting proposals expire"),
            "order": self.env._("Ordering"),
            "review": self.env._("Reviewing"),
        }

    @api.depends("failures")
    @api.depends_context("lang")
    def _compute_failure_message(self):
        labels = self._describe_actions()
        for agreement in self:
            agreement.failure_message = "\n".join(
                f"{labels.get(code, code)}: {why}"
                for code, why in sorted((agreement.failures or {}).items())
            )
