from odoo import api, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.addons.queue_job.exception import FailedJobError, RetryableJobError
from odoo.addons.queued_runs.tools import held_for_connection

from ..tools import chunks

# The lines that one job reviews: whole agreements, and one that has more by itself.
MOST_LINES = 20_000
# The kind of locks by which the reviews of one company exclude each other; the company is the key.
LOCK_SPACE = 710_120
# After which a job asks again whether what it waits for is done.
RETRY_SECONDS = 20
# The steps whose failure fails the job.
STEPS = ("review", "order")


class VmiAgreement(models.Model):
    _inherit = "vmi.agreement"

    @api.model
    def _cron_review(self):
        """Queue jobs for what is due in each company, where work is left to jobs."""
        if not self.env["queued.runs"]._are_on():
            return super()._cron_review()
        self._prepare_reviews()
        # What a job was killed before: the review is done, its orders are not.
        waiting = self.env["vmi.proposal"].sudo()._search_undecided().agreement_id
        queued = self._find_queued()
        for company, agreements in (self._find_due() - queued).grouped("company_id").items():
            agreements._enqueue_reviews(company, "_review_job")
            queued |= agreements
        for company, agreements in (waiting - queued).grouped("company_id").items():
            agreements._enqueue_reviews(company, "_review_job")
        self.env["ir.cron"]._commit_progress()
        return None

    def action_review(self):
        """Queue the review where work is left to jobs, and show the jobs."""
        if not self.env["queued.runs"]._are_on():
            return super().action_review()
        self.check_access("write")
        # What can be refused is refused now, not in a list of jobs.
        self._check_reviewable()
        jobs = self.env["queue.job"].sudo()
        for company, agreements in self.grouped("company_id").items():
            jobs |= agreements._enqueue_reviews(company, "_review_now_job")
        return self.env["queued.runs"]._tell(jobs)

    @api.model
    def _find_queued(self):
        """Return the agreements that jobs of the scheduled action are about to review."""
        jobs = self.env["queued.runs"]._search_open(
            [("model_name", "=", self._name), ("method_name", "=", "_review_job")]
        )
        return self.browse().union(*(self.browse(job.records.ids) for job in jobs))

    def _enqueue_reviews(self, company, method):
        """Queue the review of agreements of one company, so many lines a job.

        :return: the ``queue.job`` records
        """
        counts = dict(
            self.env["vmi.agreement.line"]
            .sudo()
            ._read_group([("agreement_id", "in", self.ids)], ["agreement_id"], ["__count"])
        )
        sizes = ((agreement.id, counts.get(agreement, 0)) for agreement in self)
        day = company._vmi_today()
        jobs = self.env["queue.job"].sudo()
        for ids in chunks(sizes, MOST_LINES):
            agreements = self.browse(ids).with_company(company)
            jobs |= self.env["queued.runs"]._enqueue(
                agreements,
                method,
                description=agreements._describe_review(company, day),
                key=f"supply_partner:{method}:{company.id}:{day}:{ids[0]}:{ids[-1]}:{len(ids)}",
            )
        return jobs

    def _describe_review(self, company, day):
        names = {"company": company.name, "day": format_full_day(self.env, day)}
        if len(self) == 1:
            return self.env._(
                "Review of %(agreement)s, %(company)s, %(day)s", agreement=self.name, **names
            )
        return self.env._(
            "Review of %(count)s agreements, %(company)s, %(day)s", count=len(self), **names
        )

    def _review_job(self):
        """Review those of the agreements that are due, then order what needs no approval.

        A job that is done again, because its process was killed, finds what is left: each review
        and each order is a transaction of its own.

        :raise RetryableJobError: while the company's reviews are under way elsewhere, or somebody
            was at work on an agreement
        :raise FailedJobError: when an agreement could not be reviewed or ordered
        """
        agreements = self.exists()
        company = agreements.company_id
        if not company:
            return self.env._("The agreements were deleted.")
        # Two parts of one company would not see what the other one shares out of a surplus.
        with held_for_connection(self.env.cr, LOCK_SPACE, company.id) as is_had:
            if not is_had:
                raise RetryableJobError(
                    self.env._("Other agreements of %s are under review.", company.name),
                    seconds=RETRY_SECONDS,
                    ignore_retry=True,
                )
            agreements.filtered(lambda agreement: agreement._is_due())._review_in_parts()
            undecided = self.env["vmi.proposal"].sudo()._search_undecided()
            for proposal in undecided.filtered(lambda one: one.agreement_id in agreements):
                proposal.agreement_id._attempt("order", proposal._decide_automatically)
            agreements.exists()._raise_failures()
        return self.env._("Reviewed: %s.", len(agreements))

    def _raise_failures(self):
        """Fail the job with what went wrong, which is noted on the agreements."""
        busy, failed = [], []
        for agreement in self:
            noted = agreement.failures or {}
            for reason in filter(None, map(noted.get, STEPS)):
                found = busy if reason == self._describe_busy() else failed
                found.append(f"{agreement.name}: {reason}")
        if failed:
            raise FailedJobError("\n".join(failed + busy))
        if busy:
            raise RetryableJobError("\n".join(busy), seconds=RETRY_SECONDS)

    def _review_now_job(self):
        """Do the review that a user asked for, with the user's rights.

        :raise RetryableJobError: while somebody is deciding about one of the agreements
        :raise UserError: as ``review``
        """
        agreements = self.exists()
        if agreements.sudo().try_lock_for_update(allow_referencing=True) != agreements:
            raise RetryableJobError(self._describe_busy(), seconds=RETRY_SECONDS, ignore_retry=True)
        proposals = agreements.review()
        if not proposals:
            return agreements._describe_nothing_proposed()
        return self.env._("Proposed: %s.", ", ".join(proposals.mapped("name")))
