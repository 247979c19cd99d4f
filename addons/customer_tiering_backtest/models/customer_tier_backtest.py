from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

# What an assessment is made of: with another value its findings no longer hold.
PARAMETERS = {"policy_id", "as_of", "months", "near_points"}


class CustomerTierBacktest(models.Model):
    """Whether a policy does what it is for, for the one who answers for it.

    A past day is ranked by the policy's present rules, with documents as they are now, and
    set against what was bought in the months after it. Beside that stands how the present
    ladder spreads the revenue, who moved in those months, and who stands close to a line.
    """

    _name = "customer.tier.backtest"
    _description = "Customer Tier Assessment"
    _order = "as_of desc, id desc"

    policy_id = fields.Many2one(
        "customer.tier.policy",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env["customer.tier.policy"].search(
            [("company_id", "=", self.env.company.root_id.id)], limit=1
        ),
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    months = fields.Integer(
        "Months after",
        default=6,
        required=True,
        help="How many months after the day are looked at to see what was bought.",
    )
    as_of = fields.Date(
        compute="_compute_as_of",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="The past day on which the customers are ranked as the policy's rules would. "
        "The months after it must be over.",
    )
    until = fields.Date(compute="_compute_until", help="The last day of the months after.")
    near_points = fields.Float(
        "Close to a Line (points)",
        default=1.0,
        digits=(5, 2),
        required=True,
        help="Customers whose score is less than so many points from a tier's threshold are "
        "counted as close to the line.",
    )
    user_id = fields.Many2one("res.users", "By", default=lambda self: self.env.user, readonly=True)
    tested_on = fields.Datetime("Assessed", readonly=True, copy=False)
    duration = fields.Float("Duration (s)", digits=(16, 2), readonly=True, copy=False)
    prediction = fields.Json(
        readonly=True, copy=False, help="How well the scores foretold what was bought."
    )
    pareto = fields.Json(
        readonly=True, copy=False, help="Share of the revenue by number of best customers."
    )
    line_ids = fields.One2many("customer.tier.backtest.line", "backtest_id", copy=False)
    migration_ids = fields.One2many("customer.tier.backtest.migration", "backtest_id", copy=False)
    near_line_count = fields.Integer("Close to a Line", readonly=True, copy=False)
    held_up_count = fields.Integer("Above Their Score", readonly=True, copy=False)
    score_correlation = fields.Float(
        "Rank Correlation",
        digits=(5, 2),
        compute="_compute_prediction_figures",
        help="Spearman's rank correlation of the score with what was bought afterwards: 1 is the "
        "perfect order, 0 no better than chance.",
    )
    revenue_correlation = fields.Float(
        "Correlation of Revenue",
        digits=(5, 2),
        compute="_compute_prediction_figures",
        help="The same for the revenue of the twelve months before the day, without any score.",
    )
    caught_by_tier = fields.Float(
        "Caught by Best Tier",
        compute="_compute_prediction_figures",
        help="The best tier's share of what all ranked customers bought afterwards.",
    )
    caught_by_best = fields.Float(
        "Best Possible",
        compute="_compute_prediction_figures",
        help="The share that as many customers would have caught, chosen by what they then bought.",
    )
    caught_by_revenue = fields.Float(
        "By Last Year's Revenue",
        compute="_compute_prediction_figures",
        help="The share that as many customers would have caught, chosen by the revenue of the "
        "twelve months before the day.",
    )

    _months_range = models.Constraint(
        "CHECK (months > 0 AND months <= 120)",
        "Months after must be at least 1 and at most 120.",
    )
    _cliff_range = models.Constraint(
        "CHECK (near_points > 0 AND near_points <= 100)",
        "Close to a Line must be more than 0 and at most 100 points.",
    )

    @api.depends("policy_id", "as_of")
    def _compute_display_name(self):
        for assessment in self:
            day = format_date(self.env, assessment.as_of) if assessment.as_of else ""
            assessment.display_name = f"{assessment.policy_id.name}, {day}"

    @api.depends("policy_id", "months")
    def _compute_as_of(self):
        for assessment in self:
            latest = assessment._get_latest_day()
            if not assessment.as_of or assessment.as_of > latest:
                assessment.as_of = latest

    @api.depends("as_of", "months")
    def _compute_until(self):
        for assessment in self:
            assessment.until = assessment.as_of and assessment.as_of + relativedelta(
                months=assessment.months
            )

    @api.depends("prediction", "tested_on")
    def _compute_prediction_figures(self):
        for assessment in self:
            found = (assessment.tested_on and assessment.prediction) or {}
            for name in (
                "score_correlation",
                "revenue_correlation",
                "caught_by_tier",
                "caught_by_best",
                "caught_by_revenue",
            ):
                assessment[name] = found.get(name)

    @api.constrains("as_of", "months")
    def _check_months_are_over(self):
        for assessment in self:
            latest = assessment._get_latest_day()
            if assessment.as_of > latest:
                raise ValidationError(
                    self.env._(
                        "What is bought in the %(months)s months after %(as_of)s is not known "
                        "yet: set As Of to %(latest)s or earlier, or lower Months after.",
                        months=assessment.months,
                        as_of=format_date(self.env, assessment.as_of),
                        latest=format_date(self.env, latest),
                    )
                )

    def write(self, vals):
        """With another day, length or policy the assessment has to be made anew."""
        if PARAMETERS & vals.keys():
            vals = {**vals, "tested_on": False}
        return super().write(vals)

    def _get_latest_day(self):
        """Return the last day whose months after are over."""
        today = self.policy_id._get_today() if self.policy_id else fields.Date.context_today(self)
        return today - relativedelta(months=self.months)

    def action_view_near_line(self):
        """Open the customers who are close to a line now."""
        boundaries = {line.tier_id: line.boundary for line in self.line_ids if line.boundary}
        return self._action_view_standings(
            self.env._("Close to a Line"), self._get_near_line_domain(boundaries)
        )

    def action_view_held_up(self):
        """Open the customers who are above their score now."""
        return self._action_view_standings(
            self.env._("Above Their Score"), self._get_held_up_domain()
        )

    def _action_view_standings(self, name, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_standing_action"
        )
        return action | {
            "name": name,
            "domain": list(domain),
            "context": {"search_default_group_by_tier": 1},
        }
