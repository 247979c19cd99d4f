import logging

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class VmiAgreementSchedule(models.Model):
    """How agreements are reviewed by themselves."""

    _inherit = "vmi.agreement"

    @api.model
    def _cron_review(self):
        """Review what is due, a company at a time, then order what nobody has to decide.

        Each company's review and each order is a transaction of its own: a run that was killed
        leaves whole ones, and the next run finds what is left.
        """
        commit = self.env["ir.cron"]._commit_progress
        proposals = self.env["vmi.proposal"].sudo()
        proposals._expire()
        companies = self._search_open().filtered(lambda agreement: agreement._is_due()).company_id
        waiting = proposals._search_undecided()
        commit(remaining=len(companies) + len(waiting))
        for count, company in enumerate(companies, start=1):
            self._attempt(lambda company=company: self._review_due(company))
            waiting = proposals._search_undecided()
            # What the review proposed is still to be done when the time is up.
            if not commit(processed=1, remaining=len(companies) - count + len(waiting)):
                return
        for proposal in waiting:
            self._attempt(proposal._decide_automatically)
            if not commit(processed=1):
                return

    def _search_open(self):
        return self.sudo().search([("state", "=", "running")])

    def _review_due(self, company):
        """Review the agreements of a company whose day has come; close those that have ended."""
        due = self._search_open().filtered(
            lambda agreement: agreement.company_id == company and agreement._is_due()
        )
        # What somebody is deciding about comes with the next run.
        due = due.try_lock_for_update(allow_referencing=True)
        due._close_ended()
        due = due.filtered(lambda agreement: agreement.state == "running")
        if due:
            due._review_company(company)

    def _is_due(self):
        """Return whether the day of its review, or of its end, has come."""
        today = self.company_id._vmi_today()
        if self.state != "running" or (self.date_start or today) > today:
            return False
        is_reviewed = bool(self.next_review_date) and self.next_review_date <= today
        return is_reviewed or self._has_ended()

    def _attempt(self, step):
        """Do a step; what goes wrong with it stops no other one."""
        try:
            with self.env.cr.savepoint():
                step()
        except UserError as error:
            _logger.warning("A supply agreement was not served: %s", error)
        except Exception:
            _logger.exception("A supply agreement was not served")
