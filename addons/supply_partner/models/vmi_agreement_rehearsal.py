from odoo import api, fields, models

from .vmi_rehearsal import MONTHS


class VmiAgreementRehearsal(models.Model):
    """How an agreement is tried on the past before it is trusted."""

    _inherit = "vmi.agreement"

    rehearsal_months = fields.Integer(
        "Rehearse Over",
        default=MONTHS,
        required=True,
        help="How many months up to yesterday are replayed under the terms.",
    )
    rehearsal_ids = fields.One2many("vmi.rehearsal", "agreement_id", "Rehearsals")
    last_rehearsal_id = fields.Many2one("vmi.rehearsal", compute="_compute_last_rehearsal")
    rehearsal_line_ids = fields.One2many(
        "vmi.rehearsal.line", string="Rehearsed Products", compute="_compute_last_rehearsal"
    )
    rehearsal_factor_ids = fields.One2many(
        "vmi.rehearsal.factor", string="Rehearsed Levels", compute="_compute_last_rehearsal"
    )
    rehearsal_stock_chart = fields.Json(compute="_compute_last_rehearsal")
    rehearsal_service_chart = fields.Json(compute="_compute_last_rehearsal")

    @api.depends("rehearsal_ids.state", "rehearsal_ids.line_ids", "rehearsal_ids.factor_ids")
    def _compute_last_rehearsal(self):
        for agreement in self:
            done = agreement.rehearsal_ids.filtered(lambda r: r.state == "done")
            last = done.sorted("id")[-1:]
            agreement.last_rehearsal_id = last
            agreement.rehearsal_line_ids = last.line_ids
            agreement.rehearsal_factor_ids = last.factor_ids
            agreement.rehearsal_stock_chart = last.stock_chart
            agreement.rehearsal_service_chart = last.service_chart

    def action_rehearse(self):
        """Replay the last months under the terms as they are now.

        :raise UserError: when there is nothing to replay
        """
        self.ensure_one()
        self._check_in_state("draft", "running")
        rehearsal = self.env["vmi.rehearsal"].create(
            {"agreement_id": self.id, "months": self.rehearsal_months}
        )
        rehearsal.action_run()

    def action_try_levels(self):
        """Replay the days of the last rehearsal with other levels as well."""
        self.ensure_one()
        self.last_rehearsal_id.action_try_levels()

    def _iterate_reviews(self, first, last):
        """Yield the days of the reviews in a span of days, each with the day of the next."""
        self.ensure_one()
        day = self._get_review_date(first)
        while day <= last:
            following = self._get_next_review_date(day)
            yield day, following
            day = following
