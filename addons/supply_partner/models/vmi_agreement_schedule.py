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
        companies = self._search_open().company_id
        commit(remaining=len(companies))
        for company in companies:
            self._attempt(lambda company=company: self._review_due(company))
            if not commit(processed=1):
                return
        self.env["vmi.proposal"].sudo()._expire()
        waiting = self.env["vmi.proposal"].sudo()._search_undecided()
        commit(remaining=len(waiting))
        for proposal in waiting:
            self._attempt(proposal._decide_automatically)
            if not commit(processed=1):
                return

    def _search_open(self):
        return self.sudo().search([("state", "=", "running")])

    def _review_due(self, company):
        """Close the ended agreements of a company and review those whose day has come."""
        running = self._search_open().filtered(lambda agreement: agreement.company_id == company)
        running._close_ended()
        due = running.filtered(lambda agreement: agreement._is_due())
        # What somebody is deciding about comes with the next run.
        due = due.try_lock_for_update(allow_referencing=True)
        if due:
            due._review_company(company)

    def _is_due(self):
        today = self.company_id._vmi_today()
        return (
            self.state == "running"
            and bool(self.next_review_date)
            and self.next_review_date <= today
            and (self.date_start or today) <= today
        )

    def _attempt(self, step):
        """Do a step; what goes wrong with it stops no other one."""
        try:
            with self.env.cr.savepoint():
                step()
        except UserError as error:
            _logger.warning("A supply agreement was not served: %s", error)
        except Exception:
            _logger.exception("A supply agreement was not served")
