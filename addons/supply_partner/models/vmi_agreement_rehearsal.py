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
    last_rehearsal_id = fields.Many2one("vmi.rehearsal", compute="_compute_last_rehearsal_id")
    rehearsal_line_ids = fields.One2many(
        related="last_rehearsal_id.line_ids", string="Rehearsed Products"
    )
    rehearsal_factor_ids = fields.One2many(
        related="last_rehearsal_id.factor_ids", string="Rehearsed Levels"
    )
    rehearsal_stock_chart = fields.Json(related="last_rehearsal_id.stock_chart")
    rehearsal_service_chart = fields.Json(related="last_rehearsal_id.service_chart")

    @api.depends("rehearsal_ids.state")
    def _compute_last_rehearsal_id(self):
        for agreement in self:
            done = agreement.rehearsal_ids.filtered(lambda r: r.state == "done")
            agreement.last_rehearsal_id = done.sorted("id")[-1:]

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
