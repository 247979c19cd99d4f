from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerTierPolicy(models.Model):
    _name = "customer.tier.policy"
    _description = "Customer Tier Policy"
    _inherit = ["mail.thread"]
    _order = "company_id, active desc, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(
        default=True, tracking=True, help="A company has one active policy: the one that ranks."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
        help="The company whose customers are ranked. Documents of its branches count.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_basis = fields.Selection(
        [("ordered", "Confirmed orders"), ("invoiced", "Invoices less credit notes")],
        default="ordered",
        required=True,
        tracking=True,
        help="What counts as revenue, untaxed and in the company's currency: confirmed orders, of "
        "which posted credit notes of their lines and returns in the point of sale are taken off; "
        "or posted invoices and sales receipts, less credit notes and what was written off.",
    )
    window_months = fields.Integer(
        "Window (months)",
        default=12,
        required=True,
        tracking=True,
        help="Orders and invoices of so many months up to the evaluation's day are counted.",
    )
    method = fields.Selection(
        [
            ("score", "Score reaches the tier's threshold"),
            ("top_share", "Best share of the customers, by score"),
            ("value_share", "Share of the revenue, by revenue"),
        ],
        default="score",
        required=True,
        tracking=True,
    )
    prospect_tier_id = fields.Many2one(
        "customer.tier",
        "Tier of Prospects",
        ondelete="restrict",
        # Set to the copied tier.
        copy=False,
        domain="[('policy_id', '=', id)]",
        help="The tier of those who were sent a quotation and never bought. Empty leaves them out.",
    )
    tolerance = fields.Float(
        default=0.05,
        digits=(5, 4),
        tracking=True,
        help="Share of the held tier's threshold that a score may fall short of before a grace "
        "starts: with a threshold of 80 and a margin of 5 %, from 76 on nothing happens.",
    )
    grace_days = fields.Integer(
        "Grace (days)",
        default=30,
        tracking=True,
        help="Days between falling below the margin and the downgrade. With 0 it is immediate.",
    )
    one_step_downgrade = fields.Boolean(
        "One step at a time",
        default=True,
        tracking=True,
        help="A downgrade goes one tier down; the next one needs a grace of its own.",
    )
    evaluation_hour = fields.Integer(
        "Evaluate at (hour)",
        default=1,
        help="The hour of the day, in the company's time zone, from which the nightly evaluation "
        "runs: 0 to 23.",
    )
    minimum_customers = fields.Integer(
        help="The first evaluation places nobody while there are fewer customers: ranks among a "
        "handful say little. With 0 it does not ask.",
    )
    minimum_history_days = fields.Integer(
        "Minimum History (days)",
        help="The first evaluation places nobody while orders and invoices, those of the point of "
        "sale included, go back fewer days. With 0 it does not ask.",
    )
    approve_overrides = fields.Boolean(
        "Overrides need a second manager",
        tracking=True,
        help="An override takes effect once a manager other than the one who asked for it has "
        "approved "
        "it. Salespeople's overrides always wait for a manager.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: not self.env.user._is_superuser() and self.env.user,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Who answers for the ladder: gets the requests for overrides.",
    )
    partner_domain = fields.Char(
        "Customers",
        default="[]",
        tracking=True,
        help="Which customers are ranked. Those who no longer match leave the ladder.",
    )
    criterion_ids = fields.One2many("customer.tier.criterion", "policy_id", "Criteria", copy=True)
    unavailable_criteria = fields.Char(
        "Criteria Left Out",
        compute="_compute_unavailable_criteria",
        help="Metrics of criteria that no installed add-on brings any more.",
    )
    tier_ids = fields.One2many("customer.tier", "policy_id", "Tiers", copy=True)
    keeps_anniversaries = fields.Boolean(
        "Anniversaries of the First Order",
        tracking=True,
        help="For each customer in a tier an activity is planned for the account manager on the "
        "day of the year on which the first order was confirmed, a week ahead. Off plans none.",
    )
    segment_plan_ids = fields.One2many(
        "customer.tier.segment.plan",
        "policy_id",
        "Plans of Cells",
        copy=True,
        help="Activity plans of those who come into a cell of the portfolio or of another view.",
    )
    evaluation_ids = fields.One2many("customer.tier.evaluation", "policy_id", "Evaluations")
    last_evaluation_id = fields.Many2one(
        "customer.tier.evaluation", compute="_compute_last_evaluation"
    )
    last_evaluation_date = fields.Date("Evaluated as of", compute="_compute_last_evaluation")
    customer_count = fields.Integer("Customers Ranked", compute="_compute_last_evaluation")

    failures = fields.Json(
        "Failed Actions",
        readonly=True,
        copy=False,
        help="What the scheduled actions could not do at their last attempt: its code, and why.",
    )
    failure_message = fields.Text("Failures", compute="_compute_failure_message")

    _one_active_per_company = models.UniqueIndex(
        "(company_id) WHERE active",
        "This company already has an active policy: archive that one first, or choose another "
        "Company.",
    )
    _window_positive = models.Constraint(
        "CHECK (window_months > 0 AND window_months <= 1200)",
        "The Window must be at least 1 month and at most 1200 months.",
    )
    _margin_range = models.Constraint(
        "CHECK (tolerance >= 0 AND tolerance <= 1)",
        "The Downgrade Margin must lie between 0 % and 100 %.",
    )
    _grace_not_negative = models.Constraint(
        "CHECK (grace_days >= 0 AND grace_days <= 3650)",
        "The Grace must be 0 days or more, and 3650 days at most.",
    )

    _hour_of_day = models.Constraint(
        "CHECK (evaluation_hour >= 0 AND evaluation_hour <= 23)",
        "Evaluate at must be an hour of the day, 0 to 23.",
    )
    _base_not_negative = models.Constraint(
        "CHECK (minimum_customers >= 0 AND minimum_history_days >= 0)",
        "Minimum Customers and Minimum History must be 0 or more.",
    )

    @api.depends("evaluation_ids.state")
    def _compute_last_evaluation(self):
        latest = {}
        evaluations = self.env["customer.tier.evaluation"]
        for evaluation in evaluations.search(
            evaluations._domain_of_runs() & Domain("policy_id", "in", self.ids)
        ):
            latest.setdefault(evaluation.policy_id.id, evaluation)
        for policy in self:
            evaluation = latest.get(policy._origin.id, self.env["customer.tier.evaluation"])
            policy.last_evaluation_id = evaluation
            policy.last_evaluation_date = evaluation.as_of
            policy.customer_count = evaluation.customer_count

    @api.depends("criterion_ids.metric")
    def _compute_unavailable_criteria(self):
        for policy in self:
            gone = policy.criterion_ids.filtered(lambda criterion: not criterion.is_available)
            policy.unavailable_criteria = ", ".join(gone.mapped("metric"))

    @api.depends("failures")
    @api.depends_context("lang")
    def _compute_failure_message(self):
        labels = self._describe_actions()
        for policy in self:
            policy.failure_message = "\n".join(
                f"{labels.get(code, code)}: {why}"
                for code, why in sorted((policy.failures or {}).items())
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evaluated(self):
        for policy in self:
            tiers = policy.with_context(active_test=False).tier_ids
            if tiers._are_in_use() or policy.evaluation_ids.filtered(
                lambda evaluation: evaluation.customer_count and not evaluation.is_simulation
            ):
                raise UserError(
                    self.env._(
                        "Customers were ranked by policy %s, and their history names its tiers: "
                        "archive it instead of deleting it.",
                        policy.name,
                    )
                )

    def _get_ladder(self):
        """Return the policy's active tiers from best to worst."""
        self.ensure_one()
        return self.tier_ids.filtered("active").sorted(lambda tier: (tier.sequence, tier.id))

    @api.model
    def _get_active(self, company=None):
        """Return the policy that ranks a company's customers.

        :param company: a company or branch; the current one by default
        :raise UserError: when that company has no active policy
        """
        root = (company or self.env.company).root_id
        policy = self.search([("company_id", "=", root.id)], limit=1)
        if not policy:
            raise UserError(
                self.env._(
                    "%s has no active policy, so nobody can be ranked: make one under "
                    "Tiering → Configuration → Policies, or unarchive one.",
                    root.name,
                )
            )
        return policy

    def _take_over(self):
        """Become the company's active policy in place of the one that is."""
        self.ensure_one()
        if not self.active:
            self.search([("company_id", "=", self.company_id.id)]).active = False
            # The unique index is checked at each statement, so the order of writing counts.
            self.env.flush_all()
            self.active = True

    def copy(self, default=None):
        """The prospects of a copy go to its own tier."""
        copies = super().copy(default)
        for policy, copied in zip(self, copies, strict=True):
            copied.prospect_tier_id = copied.tier_ids.filtered_domain(
                [("code", "=", policy.prospect_tier_id.code)]
            )
        return copies

    def copy_data(self, default=None):
        """A copy starts archived: a company has one active policy."""
        return [
            {**vals, "name": self.env._("%s (copy)", policy.name), "active": False}
            | (default or {})
            for policy, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def action_view_standings(self):
        """Open the standings of the policy's company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_standing_action"
        )
        return action | {
            "domain": [("company_id", "=", self.company_id.id)],
            "context": {"search_default_group_by_tier": 1},
        }
