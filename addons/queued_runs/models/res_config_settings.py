from odoo import api, fields, models

from .queued_runs import PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    queued_runs_mode = fields.Selection(
        [
            ("when_running", "While a job runner is at work"),
            ("always", "Always"),
            ("never", "Never"),
        ],
        "Run as Jobs",
        compute="_compute_queued_runs_mode",
        inverse="_inverse_queued_runs_mode",
        required=True,
        help="Whether the scheduled actions, and the buttons that do the same, leave large work to "
        "jobs, which several processes can do side by side.\n"
        "While a job runner is at work: without one, the scheduled actions do the work themselves."
        "\nAlways: jobs wait for a runner that is not seen, or not there yet.\n"
        "Never: the scheduled actions do the work themselves.",
    )
    queued_runs_has_runner = fields.Boolean(compute="_compute_queued_runs_has_runner")

    @api.depends("company_id")
    def _compute_queued_runs_mode(self):
        known = {mode for mode, _label in self._fields["queued_runs_mode"].selection}
        mode = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        self.queued_runs_mode = mode if mode in known else "when_running"

    def _inverse_queued_runs_mode(self):
        for settings in self:
            if settings.queued_runs_mode:
                parameters = self.env["ir.config_parameter"].sudo()
                parameters.set_param(PARAMETER, settings.queued_runs_mode)

    @api.depends("company_id")
    def _compute_queued_runs_has_runner(self):
        self.queued_runs_has_runner = self.env["queued.runs"]._is_runner_at_work()
