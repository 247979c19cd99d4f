from odoo import api, fields, models

from .vmi_agreement_rhythm import WEEKDAYS
from .vmi_rehearsal import MONTHS

# Terms of the agreement itself by which a rehearsal goes, besides those of its lines.
REHEARSED_FIELDS = (
    "demand_days",
    "horizon_days",
    "least_order_value",
    "review_rhythm",
    "review_days",
    *WEEKDAYS,
)


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
        """Replay the last months under the terms as they are now, and show what came of it.

        A rehearsal of the same terms over as many months is done again in its place; others are
        kept beside it, to compare with.

        :raise UserError: when there is nothing to replay
        """
        self.ensure_one()
        self._check_in_state("draft", "running")
        wanted = self.env["vmi.rehearsal"].new(
            {"agreement_id": self.id, "months": self.rehearsal_months}
        )
        terms = wanted._describe_terms()
        rehearsal = self.rehearsal_ids.filtered(lambda former: former.terms == terms)[:1]
        if rehearsal:
            rehearsal.write({"date_start": wanted.date_start, "date_end": wanted.date_end})
        else:
            rehearsal = rehearsal.create({"agreement_id": self.id, "months": wanted.months})
        rehearsal.action_run()
        return rehearsal.get_formview_action()

    def _describe_rehearsed_terms(self):
        """Return the terms that a rehearsal goes by, in what JSON has."""
        self.ensure_one()
        return {
            "agreement": [str(self[name]) for name in REHEARSED_FIELDS],
            "lines": [
                [line.product_id.id, *(str(term) for term in line._describe_terms().values())]
                for line in self.line_ids.sorted("id")
            ],
        }

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
