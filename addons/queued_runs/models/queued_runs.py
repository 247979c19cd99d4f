from odoo import api, models
from odoo.addons.queue_job.job import ENQUEUED, PENDING, STARTED, WAIT_DEPENDENCIES
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID

from ..tools import is_held

PARAMETER = "queued_runs.mode"
# Jobs whose work is still to be done, or under way.
OPEN_STATES = (WAIT_DEPENDENCIES, PENDING, ENQUEUED, STARTED)


class QueuedRuns(models.AbstractModel):
    """Whether large work is left to jobs, and how it is queued."""

    _name = "queued.runs"
    _description = "Queued Runs"

    @api.model
    def _are_on(self):
        """Return whether work is to be queued now, by the setting.

        Inside a job nothing is queued: the job does the work.
        """
        if self.env.context.get("job_uuid"):
            return False
        mode = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        if mode in ("always", "never"):
            return mode == "always"
        return self._is_runner_at_work()

    @api.model
    def _is_runner_at_work(self):
        """Return whether a job runner serves this database: it holds a lock for that long."""
        return is_held(self.env.cr, PG_ADVISORY_LOCK_ID)

    @api.model
    def _enqueue(self, records, method, *arguments, description, key):
        """Queue a call of a method, unless the same is waiting or under way.

        :param records: what the method is called on, with the user and the company of the job
        :param method: its name
        :param description: what a person is told about the job
        :param key: a text that is the same for the same work
        :return: the ``queue.job`` record, the waiting one where there is one
        """
        if waiting := self._search_open([("identity_key", "=", key)]):
            return waiting[0]
        delayed = records.with_delay(description=description, identity_key=key)
        return getattr(delayed, method)(*arguments).db_record()

    @api.model
    def _search_open(self, domain):
        """Return the jobs of a domain that are waiting or under way, whoever queued them."""
        return self.env["queue.job"].sudo().search([*domain, ("state", "in", OPEN_STATES)])

    @api.model
    def _tell(self, jobs):
        """Return the notification that jobs were queued, after which they are shown."""
        message = (
            self.env._("A job was queued: %s.", jobs.name)
            if len(jobs) == 1
            else self.env._("%s jobs were queued.", len(jobs))
        )
        hint = (
            self.env._("A job runner works the queue off in the background.")
            if self._is_runner_at_work()
            else self.env._("The queue waits until a job runner is at work.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": f"{message} {hint}",
                "next": {
                    "type": "ir.actions.act_window",
                    "name": self.env._("Jobs"),
                    "res_model": "queue.job",
                    "views": [(False, "list"), (False, "form")],
                    "domain": [("id", "in", jobs.ids)],
                },
            },
        }

    @api.model
    def _cancel_open(self, channel):
        """Cancel the open jobs of a channel, whose add-on leaves."""
        reason = self.env._("What the job was to do is no longer installed.")
        jobs = self._search_open([("channel", "=like", f"{channel}%")])
        jobs._change_job_state("cancelled", result=reason)
