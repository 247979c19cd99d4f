from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import UserError
from odoo.fields import Command


class VendorAssessment(models.Model):
    """What was found at a vendor by described steps, with evidence, until it has to be renewed.

    Its other kind is what the vendor says of us.
    """

    _name = "vendor.assessment"
    _description = "Vendor Assessment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("parent_id", "=", False)],
    )
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [("vendor", "We assess the vendor"), ("us", "The vendor assesses us")],
        required=True,
        default="vendor",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    date_end = fields.Date(
        "Valid until",
        default=lambda self: fields.Date.context_today(self) + relativedelta(years=1),
        tracking=True,
        help="Afterwards it does not count any more.",
    )
    user_id = fields.Many2one(
        "res.users", "Assessed by", default=lambda self: self.env.user, tracking=True
    )
    state = fields.Selection(
        [("draft", "In Progress"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many(
        "vendor.assessment.line",
        "assessment_id",
        "Steps",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        copy=True,
    )
    points = fields.Float(
        compute="_compute_points",
        store=True,
        digits=(5, 2),
        aggregator="avg",
        help="25 × (mean step − 1): step 1 is 0 points, step 5 is 100.",
    )
    answered_count = fields.Integer("Steps Chosen", compute="_compute_points", store=True)
    is_expired = fields.Boolean(
        "Expired", compute="_compute_is_expired", search="_search_is_expired"
    )

    _ends_after_it_begins = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date)", "An assessment ends after its date."
    )

    @api.depends("partner_id", "kind", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for assessment in self:
            names = {
                "vendor": assessment.partner_id.display_name,
                "day": format_full_day(self.env, assessment.date),
            }
            assessment.display_name = (
                self.env._("%(vendor)s, %(day)s", **names)
                if assessment.kind == "vendor"
                else self.env._("%(vendor)s about us, %(day)s", **names)
            )

    @api.depends("kind")
    def _compute_line_ids(self):
        """Offer a line for each criterion."""
        criteria = self.env["vendor.assessment.criterion"].search([])
        for assessment in self:
            wanted = criteria.filtered(
                lambda criterion, kind=assessment.kind: criterion.kind == kind
            )
            if assessment.line_ids.criterion_id != wanted or not assessment.line_ids:
                assessment.line_ids = [
                    Command.clear(),
                    *(Command.create({"criterion_id": criterion.id}) for criterion in wanted),
                ]

    @api.depends("line_ids.step_id")
    def _compute_points(self):
        for assessment in self:
            values = [line.value for line in assessment.line_ids if line.step_id]
            assessment.answered_count = len(values)
            assessment.points = 25 * (sum(values) / len(values) - 1) if values else 0

    @api.depends("date_end")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for assessment in self:
            assessment.is_expired = bool(assessment.date_end and assessment.date_end < today)

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("date_end", "<", fields.Date.context_today(self))]

    def action_done(self):
        """Have the assessment count: every step is chosen, and each is shown by something."""
        self.check_access("write")
        for assessment in self:
            if not assessment.answered_count:
                raise UserError(self.env._("Choose a step of at least one criterion."))
            bare = assessment.line_ids.filtered(lambda line: line.step_id and not line.evidence)
            if assessment.kind == "vendor" and bare:
                raise UserError(
                    self.env._(
                        "Say what shows it: %s.",
                        ", ".join(bare.criterion_id.mapped("name")),
                    )
                )
        self.sudo().state = "done"

    def action_draft(self):
        """Change the assessment; until it is done again it does not count."""
        self.check_access("write")
        self.sudo().state = "draft"

    def _check_open(self):
        if any(assessment.state == "done" for assessment in self):
            raise UserError(self.env._("The assessment is done: set it to draft to change it."))
