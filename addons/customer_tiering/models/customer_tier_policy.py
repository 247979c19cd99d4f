import ast
from itertools import pairwise

from psycopg2 import DataError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, float_compare


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
        help="What counts as revenue, untaxed and in the company's currency.",
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
    demotion_margin = fields.Float(
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
        help="Days between falling below the margin and the demotion. With 0 it is immediate.",
    )
    one_step_demotion = fields.Boolean(
        "One step at a time",
        default=True,
        tracking=True,
        help="A demotion goes one tier down; the next one needs a grace of its own.",
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
        help="The first evaluation places nobody while orders and invoices go back fewer days. "
        "With 0 it does not ask.",
    )
    approve_locks = fields.Boolean(
        "Locks need a second manager",
        tracking=True,
        help="A lock takes effect once a manager other than the one who asked for it has approved "
        "it. Salespeople's locks always wait for a manager.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: not self.env.user._is_superuser() and self.env.user,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Who answers for the ladder: gets the requests for locks.",
    )
    partner_domain = fields.Char(
        "Customers",
        default="[]",
        tracking=True,
        help="Which customers are ranked. Those who no longer match leave the ladder.",
    )
    criterion_ids = fields.One2many("customer.tier.criterion", "policy_id", "Criteria", copy=True)
    tier_ids = fields.One2many("customer.tier", "policy_id", "Tiers", copy=True)
    keeps_anniversaries = fields.Boolean(
        "Anniversaries of the First Order",
        tracking=True,
        help="For each customer in a tier an activity is planned for the account manager on the "
        "day of the year on which the first order was confirmed, a week ahead. Off plans none.",
    )
    cell_plan_ids = fields.One2many(
        "customer.tier.cell.plan",
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
        "CHECK (demotion_margin >= 0 AND demotion_margin <= 1)",
        "The Demotion Margin must lie between 0 % and 100 %.",
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

    @api.constrains("company_id")
    def _check_root_company(self):
        for policy in self:
            root = policy.company_id.root_id
            if policy.company_id != root:
                raise ValidationError(
                    self.env._(
                        "%(branch)s is a branch: its customers are ranked together with those of "
                        "%(root)s. Set the Company of policy %(policy)s to %(root)s.",
                        branch=policy.company_id.name,
                        root=root.name,
                        policy=policy.name,
                    )
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

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        for policy in self:
            domain = policy._get_partner_domain()
            # As the user, who must not learn by the standings what he may not search by;
            # the ORM checks constraints with all rights.
            partners = self.env["res.partner"].with_user(self.env.uid)
            partners = partners.with_company(policy.company_id)
            try:
                with self.env.cr.savepoint():
                    query = partners._search(domain)
                    self.env.cr.execute(SQL("SELECT 1 WHERE 0 IN %s", query.subselect()))
            except (AccessError, ValueError, DataError) as error:
                raise policy._invalid_domain_error(error) from error

    def _check_weights(self):
        for policy in self:
            if policy.criterion_ids and not sum(policy.criterion_ids.mapped("weight")):
                raise ValidationError(
                    self.env._(
                        "The weights of policy %s add up to 0: give at least one criterion "
                        "a Weight above 0.",
                        policy.name,
                    )
                )

    def _check_ladder(self):
        for policy in self:
            policy._check_prospect_tier()
            if policy.method != "score":
                policy._check_shares()
                continue
            for better, worse in pairwise(policy._get_ladder()):
                if better.min_score == worse.min_score:
                    raise ValidationError(
                        self.env._(
                            "%(better)s and %(worse)s of policy %(policy)s have the same "
                            "threshold, %(score)s: change From Score of one of them.",
                            better=better.name,
                            worse=worse.name,
                            policy=policy.name,
                            score=f"{worse.min_score:g}",
                        )
                    )
                if better.min_score < worse.min_score:
                    raise ValidationError(
                        self.env._(
                            "%(better)s stands above %(worse)s in policy %(policy)s and must ask "
                            "for more: its From Score is %(low)s, that of %(worse)s %(high)s. "
                            "Change one of them, or the order of the tiers.",
                            better=better.name,
                            worse=worse.name,
                            policy=policy.name,
                            low=f"{better.min_score:g}",
                            high=f"{worse.min_score:g}",
                        )
                    )

    def _check_prospect_tier(self):
        tier = self.prospect_tier_id
        if tier and tier not in self._get_ladder():
            raise self._prospect_tier_error(tier)

    def _prospect_tier_error(self, tier):
        return ValidationError(
            self.env._(
                "Prospects of policy %(policy)s need a tier of its ladder, which %(tier)s is not: "
                "choose another Tier of Prospects first.",
                policy=self.name,
                tier=tier.name,
            )
        )

    def _check_shares(self):
        """Refuse shares that are missing or add up to more than everything."""
        ladder = self._get_ladder()
        for tier in ladder[:-1]:
            if not tier.share:
                raise ValidationError(
                    self.env._(
                        "%(tier)s of policy %(policy)s gets no share: set its Share above 0 %%.",
                        tier=tier.name,
                        policy=self.name,
                    )
                )
        total = sum(ladder[:-1].mapped("share"))
        if float_compare(total, 1, precision_digits=4) > 0:
            raise ValidationError(
                self.env._(
                    "The shares of policy %(policy)s add up to %(total)s %%: lower the Share of a "
                    "tier, so that they are 100 %% at most.",
                    policy=self.name,
                    total=f"{100 * total:g}",
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super(CustomerTierPolicy, self._with_lines_checked_later()).create(vals_list)
        return policies.with_env(self.env)._check_lines()

    def write(self, vals):
        if "company_id" in vals:
            self._check_company_stays(vals["company_id"])
        result = super(CustomerTierPolicy, self._with_lines_checked_later()).write(vals)
        self._check_lines()
        return result

    def _check_company_stays(self, company_id):
        """Refuse to move the tiers that customers of a company hold to another company."""
        for policy in self:
            if policy.evaluation_ids and policy.company_id.id != company_id:
                raise ValidationError(
                    self.env._(
                        "Policy %(policy)s has ranked customers of %(company)s, so its Company "
                        "stays. Duplicate it for the other company.",
                        policy=policy.name,
                        company=policy.company_id.name,
                    )
                )

    def _with_lines_checked_later(self):
        """Return the policies such that their lines are not checked one by one.

        Two thresholds that are swapped in one save are equal for a moment.
        """
        return self.with_context(tiering_lines_checked_later=True)

    def _check_lines(self):
        self._check_ladder()
        self._check_weights()
        return self

    def _get_ladder(self):
        """Return the policy's active tiers from best to worst."""
        self.ensure_one()
        return self.tier_ids.filtered("active").sorted(lambda tier: (tier.sequence, tier.id))

    def _get_partner_domain(self):
        """Return the policy's domain on customers.

        :raise ValidationError: when the text is not a domain on contacts
        """
        self.ensure_one()
        try:
            domain = Domain(ast.literal_eval(self.partner_domain or "[]"))
            domain.validate(self.env["res.partner"])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
            raise self._invalid_domain_error(error) from error
        return domain

    def _invalid_domain_error(self, error):
        return ValidationError(
            self.env._(
                "Customers of policy %(policy)s is not a filter on contacts that can be used: "
                "%(domain)s. Choose the conditions again. (%(error)s)",
                policy=self.name,
                domain=self.partner_domain,
                error=str(error).strip(),
            )
        )

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
