import ast
import logging
import time
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from dateutil.relativedelta import relativedelta
from markupsafe import Markup
from psycopg2 import DataError
from psycopg2.errors import NumericValueOutOfRange

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.addons.set_based_runs.transactions import commit_step, roll_back
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..engine import (
    Counted,
    Money,
    Run,
    Scope,
    claim_standings,
    unsettled_overrides,
    write_overrides,
)
from ..engine.facts import Facts
from ..engine.histogram import score_histogram, standings_query
from ..engine.locks import is_locked_elsewhere, lock_for_connection, lock_for_transaction, unlock
from ..engine.months import close_month, forget_months, holders_of_scores
from ..engine.outcome import put_together
from ..engine.parts import EVERYBODY, Part, parts_of
from ..engine.rules import Rules
from ..metrics.registry import (
    available_columns,
    available_documents,
    available_metrics,
    available_sources,
    installed_addons,
)
from ..tools.default_policy import CRITERIA, policy_vals, translate_names
from ..tools.policy_faults import (
    base_fault,
    rank_fault,
    rules_fault,
    share_fault,
    threshold_fault,
    weight_fault,
)
from .customer_tier import LATER

_logger = logging.getLogger(__name__)

# Amounts that, by the thousands, no longer add up: in smallest units.
LARGE_UNITS = 2**63 // 10_000
# Of a tier run, up to which what it would do is found out before it is asked for.
QUICK_SECONDS = 5
# So many customers does a scheduled run write at once: nobody waits for longer than they take.
CUSTOMERS_AT_ONCE = 20_000
# So often is a run of a day tried that fails by what is nobody's to mend, such as the database.
RUNS_A_DAY = 3
# After which it is asked again whether a run that overrides wait for is done.
RUN_DELAY = timedelta(minutes=1)


class RulesChangedError(UserError):
    """What was computed cannot be written: its rules are not there any more."""


class CustomerTierPolicy(models.Model):
    """The rules by which a company's customers are ranked into tiers, and the tier runs.

    Which documents and which customers count say the methods ``_get_…_condition`` and
    ``_get_customer_domain``: each is asked once when a run begins, and may be overridden alone.
    """

    _name = "customer.tier.policy"
    _description = "Customer Tier Policy"
    _inherit = ["mail.thread", "customer.tier.rules"]
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
    draft_of_id = fields.Many2one(
        "customer.tier.policy",
        readonly=True,
        copy=False,
        ondelete="cascade",
        help="The running policy that takes these rules once the draft is published.",
    )
    draft_ids = fields.One2many(
        "customer.tier.policy", "draft_of_id", "Drafts", context={"active_test": False}
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("unused", "Not Used Yet"),
            ("running", "Running"),
            ("archived", "Archived"),
        ],
        "Status",
        compute="_compute_state",
    )
    is_locked = fields.Boolean(
        compute="_compute_state",
        help="Customers are ranked by these rules: they are changed through a draft.",
    )
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
        "Period (months)",
        default=12,
        required=True,
        tracking=True,
        help="Orders and invoices of so many months up to the day of the tier run are counted.",
        aggregator=None,
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
        "period starts: with a threshold of 80 and a tolerance of 5 %, from 76 on nothing happens.",
    )
    grace_days = fields.Integer(
        "Grace Period (days)",
        default=30,
        tracking=True,
        help="Days between falling below the tolerance and the downgrade. With 0 it is immediate.",
    )
    one_step_downgrade = fields.Boolean(
        "One step at a time",
        default=True,
        tracking=True,
        help="A downgrade goes one tier down; the next one needs a grace period of its own.",
    )
    evaluation_hour = fields.Integer(
        "Recalculate at (hour)",
        default=1,
        help="The hour of the day, in the company's time zone, from which the nightly tier run "
        "starts: 0 to 23.",
    )
    minimum_customers = fields.Integer(
        help="The first tier run places nobody while there are fewer customers: ranks among a "
        "handful say little. With 0 it does not ask.",
    )
    minimum_history_days = fields.Integer(
        "Minimum History (days)",
        help="The first tier run places nobody while orders and invoices, those of the point of "
        "sale included, go back fewer days. With 0 it does not ask.",
    )
    approve_overrides = fields.Boolean(
        "Tier overrides need a second manager",
        tracking=True,
        help="A tier override takes effect once a manager other than the one who asked for it has "
        "approved it. Salespeople's overrides always wait for a manager.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: not self.env.user._is_superuser() and self.env.user,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Who answers for the policy: gets the requests for tier overrides.",
    )
    partner_domain = fields.Char(
        "Customers",
        default="[]",
        tracking=True,
        help="Which customers are ranked. Those who no longer match are no longer tiered.",
    )
    criterion_ids = fields.One2many("customer.tier.criterion", "policy_id", "Criteria", copy=True)
    unavailable_criteria = fields.Char(
        "Criteria Left Out",
        compute="_compute_unavailable_criteria",
        help="Metrics of criteria that no installed add-on brings any more.",
    )
    tier_ids = fields.One2many("customer.tier", "policy_id", "Tiers", copy=True)
    evaluation_ids = fields.One2many("customer.tier.evaluation", "policy_id", "Tier Runs")
    last_evaluation_id = fields.Many2one(
        "customer.tier.evaluation", compute="_compute_last_evaluation"
    )
    last_evaluation_date = fields.Date("Calculated as of", compute="_compute_last_evaluation")
    customer_count = fields.Integer("Customers Ranked", compute="_compute_last_evaluation")
    abc_a_share = fields.Float(
        "Class A up to",
        default=0.8,
        digits=(5, 4),
        tracking=True,
        help="The customers who together bring this share of the revenue are in ABC class A, "
        "from the largest on. Whoever crosses it is still in A.",
    )
    abc_b_share = fields.Float(
        "Class B up to",
        default=0.95,
        digits=(5, 4),
        tracking=True,
        help="The next customers, up to this share of the revenue with those in class A, are in "
        "class B; the rest is in C.",
    )
    top_share = fields.Float(
        "Best Customers",
        default=0.2,
        digits=(5, 4),
        tracking=True,
        help="Share of the customers who count as the best: by revenue they are the most valuable, "
        "of the others by potential the growable, and by the revenue of the period before those "
        "who can be at risk.",
    )
    lapsing_factor = fields.Float(
        "Lapsing after",
        default=1.5,
        digits=(5, 2),
        tracking=True,
        help="A customer is lapsing once the days since the last order are more than this multiple "
        "of the customer's usual gap between days with an order.",
    )
    lost_factor = fields.Float(
        "Lost after",
        default=3,
        digits=(5, 2),
        tracking=True,
        help="A customer is lost once the days since the last order are more than this multiple of "
        "the customer's usual gap between days with an order.",
    )
    at_risk_revenue_share = fields.Float(
        "At Risk below",
        default=0.75,
        digits=(5, 4),
        tracking=True,
        help="One of the best customers of the period before is at risk once the revenue falls "
        "below this share of what it was.",
    )
    failures = fields.Json(
        "Failed Actions",
        readonly=True,
        copy=False,
        help="What the scheduled actions could not do at their last attempt: its code, and why.",
    )
    failure_message = fields.Text("Failures", compute="_compute_failure_message")
    last_preview_id = fields.Many2one(
        "customer.tier.evaluation", compute="_compute_score_histogram"
    )
    score_histogram = fields.Json(
        "Customers by Score",
        compute="_compute_score_histogram",
        help="How many customers have which score: by the last preview of these rules, else by "
        "the last tier run.",
    )
    is_preview_outdated = fields.Boolean(
        compute="_compute_score_histogram",
        help="The rules that make scores have changed since these scores were calculated.",
    )

    _one_active_per_company = models.UniqueIndex(
        "(company_id) WHERE active",
        "This company already has an active policy: archive that one first, or choose another "
        "Company.",
    )
    _one_draft_per_policy = models.UniqueIndex(
        "(draft_of_id) WHERE draft_of_id IS NOT NULL",
        "This policy already has a draft: open that one.",
    )
    _draft_ranks_nobody = models.Constraint(
        "CHECK (draft_of_id IS NULL OR active IS NOT TRUE)",
        "A draft cannot be activated: preview it and publish it.",
    )
    _period_positive = models.Constraint(
        "CHECK (window_months > 0 AND window_months <= 1200)",
        "The Period must be at least 1 month and at most 1200 months.",
    )
    _tolerance_range = models.Constraint(
        "CHECK (tolerance >= 0 AND tolerance <= 1)",
        "The Tolerance must lie between 0 % and 100 %.",
    )
    _grace_not_negative = models.Constraint(
        "CHECK (grace_days >= 0 AND grace_days <= 3650)",
        "The Grace Period must be 0 days or more, and 3650 days at most.",
    )
    _hour_of_day = models.Constraint(
        "CHECK (evaluation_hour >= 0 AND evaluation_hour <= 23)",
        "Recalculate at must be an hour of the day, 0 to 23.",
    )
    _base_not_negative = models.Constraint(
        "CHECK (minimum_customers >= 0 AND minimum_history_days >= 0)",
        "Minimum Customers and Minimum History must be 0 or more.",
    )
    _abc_shares_ordered = models.Constraint(
        "CHECK (abc_a_share > 0 AND abc_a_share <= abc_b_share AND abc_b_share <= 1)",
        "Class A up to must be above 0 %, Class B up to at least as much, and 100 % at most.",
    )
    _top_share_range = models.Constraint(
        "CHECK (top_share > 0 AND top_share <= 1)",
        "Best Customers must be above 0 %, and 100 % at most.",
    )
    _rhythm_factors_ordered = models.Constraint(
        "CHECK (lapsing_factor > 0 AND lapsing_factor <= lost_factor)",
        "Lapsing after must be above 0, and Lost after at least as much.",
    )
    _at_risk_share_range = models.Constraint(
        "CHECK (at_risk_revenue_share >= 0 AND at_risk_revenue_share <= 1)",
        "At Risk below must lie between 0 % and 100 %.",
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

    @api.depends("active", "draft_of_id", "evaluation_ids.state")
    def _compute_state(self):
        for policy in self:
            policy.is_locked = bool(policy.active and policy.last_evaluation_id)
            if policy.draft_of_id:
                policy.state = "draft"
            elif policy.active:
                policy.state = "running"
            else:
                # A copy is not active, and has not been put away either.
                policy.state = "archived" if policy.last_evaluation_id else "unused"

    @api.depends("name", "draft_of_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = (
                self.env._("%s (draft)", policy.name) if policy.draft_of_id else policy.name
            )

    @api.depends("evaluation_ids.state")
    def _compute_score_histogram(self):
        evaluations = self.env["customer.tier.evaluation"]
        for policy in self:
            origin = policy._origin
            preview = evaluations.search(
                [
                    ("policy_id", "=", origin.id),
                    ("is_simulation", "=", True),
                    ("state", "=", "done"),
                    ("score_histogram", "!=", False),
                ],
                order="id desc",
                limit=1,
            )
            policy.last_preview_id = preview
            ranked_by = preview or evaluations._get_last(policy.company_id)
            if policy.active or not preview:
                policy.score_histogram = origin._count_scores()
                ranked_by = evaluations._get_last(policy.company_id)
            else:
                policy.score_histogram = {
                    key: value for key, value in preview.score_histogram.items() if key != "tiers"
                }
            policy.is_preview_outdated = bool(
                origin and ranked_by and ranked_by.criteria != policy._prepare_explanations()
            )

    def _count_scores(self):
        """Return the histogram of the company's present scores, or False without any.

        :return: as :func:`~..engine.histogram.score_histogram`
        """
        if not self or not self.env["customer.standing"].has_access("read"):
            return False
        self.env["customer.standing"].flush_model()
        return score_histogram(self.env.cr, standings_query(self.company_id.id))

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

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        for policy in self:
            domain = policy._get_partner_domain()
            # As the user, who must not learn by the standings what a search would refuse;
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
            policy._refuse(weight_fault(policy.name, policy.criterion_ids.mapped("weight")))

    def _check_tiers(self):
        """Refuse tiers among which customers could not be placed."""
        for policy in self:
            tiers = policy._get_tiers()
            prospect_tier = policy.prospect_tier_id
            if prospect_tier and prospect_tier not in tiers:
                raise policy._prospect_tier_error(prospect_tier)
            by_method = threshold_fault if policy.method == "score" else share_fault
            policy._refuse(rank_fault(policy.name, tiers) or by_method(policy.name, tiers))

    def _prospect_tier_error(self, tier):
        return ValidationError(
            self.env._(
                "Prospects of policy %(policy)s need one of its own tiers, which %(tier)s is not: "
                "choose another Tier of Prospects first.",
                policy=self.name,
                tier=tier.name,
            )
        )

    def _refuse(self, fault):
        """Raise what is wrong, if anything is; see ``tools/policy_faults.py``."""
        if fault:
            raise ValidationError(self.env._(fault))

    @api.model_create_multi
    def create(self, vals_list):
        unchecked = self._with_lines_checked_later()
        policies = super(CustomerTierPolicy, unchecked).create(vals_list)
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
        return self.with_context(tiering_lines_checked_later=LATER)

    def _check_lines(self):
        self._check_tiers()
        self._check_weights()
        return self

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

    def _get_tiers(self):
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
                    "Customer Tiers → Configuration → Policies, or unarchive one.",
                    root.name,
                )
            )
        return policy

    # ---- Drafts ------------------------------------------------------------------------------

    def _get_kept_fields(self):
        """How a policy is run is set on itself at any time; a draft sets whom it ranks where."""
        return super()._get_kept_fields() | {
            "name",
            "active",
            "user_id",
            "evaluation_hour",
            "approve_overrides",
            "minimum_customers",
            "minimum_history_days",
        }

    def _get_rule_lines(self):
        return super()._get_rule_lines() | {"tier_ids": "code", "criterion_ids": "metric"}

    def action_edit_as_draft(self):
        """Open the draft of a running policy, which is made where there is none."""
        self.ensure_one()
        self.check_access("write")
        if self.draft_of_id:
            raise UserError(self.env._("%s is a draft already.", self.display_name))
        return (self.draft_ids or self._make_draft())._open()

    def _make_draft(self):
        draft = self.copy({"name": self.name, "company_id": self.company_id.id})
        draft.sudo().draft_of_id = self
        return draft

    def action_discard_draft(self):
        """Delete the draft and open the running policy."""
        self.ensure_one()
        policy = self.draft_of_id
        if not policy:
            raise UserError(self.env._("%s is no draft.", self.display_name))
        self.unlink()
        return policy._open()

    def action_view_running(self):
        """Open the running policy that the draft is made of."""
        return self.draft_of_id._open()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "main",
        }

    def _describe_draft(self):
        """Return what the draft changes in the running policy, in words.

        :return: list of (name of a tier or criterion, or nothing; list of texts)
        """
        self.ensure_one()
        running = self.draft_of_id
        found = running._describe_rules(self)
        if running.prospect_tier_id.code != self.prospect_tier_id.code:
            label = self._fields["prospect_tier_id"].get_description(self.env, ["string"])
            change = self.env._(
                "%(field)s: %(old)s → %(new)s",
                field=label["string"],
                old=running.prospect_tier_id.name or "–",
                new=self.prospect_tier_id.name or "–",
            )
            found.append(("", [change]))
        return found

    def _publish(self):
        """Have a draft's rules take the place of the running ones; the draft is gone then.

        The running policy and its tiers stay the records that scores, history and orders
        name. A policy without a running one takes over from the active one.

        :return: the policy that ranks now
        """
        self.ensure_one()
        policy = self.draft_of_id
        if not policy:
            self._take_over()
            return self
        self.check_access("write")
        policy.check_access("write")
        if not policy.active:
            raise UserError(
                self.env._("Policy %s is archived: unarchive it first.", policy.display_name)
            )
        self._check_rules()
        changes = self._describe_draft()
        draft = self.sudo()._with_lines_checked_later()
        target = policy.sudo()._with_lines_checked_later()
        prospect_code = draft.prospect_tier_id.code
        draft.prospect_tier_id = False
        # A tier that goes may be the prospects' one.
        target.prospect_tier_id = False
        target._take_rules(draft)
        target.invalidate_recordset(["tier_ids", "criterion_ids"])
        target.prospect_tier_id = target._get_tiers().filtered(
            lambda tier: tier.code == prospect_code
        )
        policy._check_lines()
        # Previews of the draft name its tiers, and go with them.
        draft.unlink()
        policy._log_published(changes)
        return policy

    def _log_published(self, changes):
        """Note in the policy's chatter what was published."""
        lines = [
            Markup("<li>%s</li>") % (f"{what}: {', '.join(texts)}" if what else ", ".join(texts))
            for what, texts in changes
        ]
        self.message_post(
            body=Markup("<p>%s</p><ul>%s</ul>")
            % (self.env._("Draft published"), Markup("").join(lines))
        )

    def _take_over(self):
        """Become the company's active policy in place of the one that is."""
        self.ensure_one()
        self.check_access("write")
        if not self.active:
            self.search([("company_id", "=", self.company_id.id)]).active = False
            # The unique index is checked at each statement, so the order of writing counts.
            self.env.flush_all()
            self.active = True

    @api.readonly
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

    # ---- Running -----------------------------------------------------------------------------

    def evaluate(self, as_of=None):
        """Rank the policy's customers and set their standings.

        :param as_of: the local day up to which documents count (a date or
            ``YYYY-MM-DD``); today in the company's time zone by default
        :return: the ``customer.tier.evaluation`` record
        :raise UserError: when the policy is archived or has no tiers or criteria, when
            the day lies before the last tier run, or when another one is under way
        """
        self.ensure_one()
        self.check_access("write")
        as_of = self._get_evaluation_date(as_of)
        self._check_ready(as_of)
        return self.sudo()._evaluate_at_once(as_of).with_env(self.env)

    def _evaluate_customer(self, partner):
        """Judge one customer by today's documents, beside everybody else's.

        Points depend on the other customers, so all are computed and one is written.

        :return: the ``customer.tier.evaluation`` record of this customer
        :raise UserError: as :meth:`evaluate`, and when the rules changed since everybody
            was judged
        """
        self.ensure_one()
        self.check_access("write")
        as_of = self._get_today()
        self._check_ready(as_of)
        policy = self.sudo()
        last = policy.env["customer.tier.evaluation"]._get_last(self.company_id)
        if last.criteria != policy._prepare_explanations():
            raise UserError(
                self.env._(
                    "The criteria of policy %s changed since everybody was judged by them, so one "
                    "customer alone cannot be compared: use Recalculate Tiers for all.",
                    self.name,
                )
            )
        return policy._evaluate_at_once(as_of, partner).with_env(self.env)

    def _evaluate_at_once(self, as_of, partner=None):
        """Do a tier run in the present transaction and return it.

        :param partner: the one customer to place; all by default
        """
        self._take_run_lock()
        ended = None if partner else self._get_ended_month(as_of)
        if ended:
            self._close_month(ended)
            self._forget_months(ended)
        evaluation = self._start_evaluation(as_of, partner=partner)
        with self._freeze_run(evaluation) as run:
            self._compute_evaluation(evaluation, run)
            start = time.monotonic()
            self.env.flush_all()
            self._hold_tiers(run)
            if lack := self._describe_missing_base(run):
                evaluation._skip(lack)
            else:
                wanted = Part.of(partner.ids) if partner else EVERYBODY
                outcome = run.apply(evaluation.id, evaluation.user_id.id, wanted)
                evaluation._complete(outcome, seconds=time.monotonic() - start)
        # Rows were written behind the ORM's back.
        self.env.invalidate_all()
        self._settle_soon()
        return evaluation

    def simulate(self, as_of=None):
        """Return what the policy's rules would give, and move nobody.

        An archived policy may be tried out as well: a copy with other rules. So may one
        with changes that are not saved, ``policy.new(values, origin=policy)``, as long as
        its tiers are saved ones. Tiers are those that the rules alone earn, without grace
        period and overrides, and documents count as they are now, also for a past day.

        :param as_of: as for :meth:`evaluate`, but any day up to a year ahead
        :return: a ``customer.tier.evaluation`` with its migration from the tiers held
        """
        self.ensure_one()
        self.check_access("write")
        as_of = self._get_evaluation_date(as_of)
        self._check_rules()
        policy = self.sudo()
        evaluation = policy._start_evaluation(as_of, is_simulation=True)
        with policy._freeze_run(evaluation) as run:
            policy._compute_evaluation(evaluation, run)
            start = time.monotonic()
            outcome = run.preview(evaluation.id)
            scores = run.count_scores()
            evaluation.score_histogram = scores and scores | {"tiers": policy._describe_steps()}
            evaluation.forecast = policy._forecast(run)
        evaluation.rules = policy._get_rule_values()
        evaluation.invalidate_recordset(["preview_move_ids"])
        evaluation._complete(outcome, seconds=time.monotonic() - start)
        return evaluation.with_env(self.env)

    def action_simulate(self):
        """Preview the rules and open what they would give."""
        evaluation = self.simulate()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": evaluation._name,
            "res_id": evaluation.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_evaluate(self):
        """Recalculate the tiers and show what happened."""
        evaluation = self.evaluate()
        is_done = evaluation.state == "done"
        if is_done:
            # What lacked at night is there now.
            self._note_failure(self.company_id, "evaluate", None)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if is_done else "warning",
                "sticky": not is_done,
                "message": evaluation._describe_moves() if is_done else evaluation.message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_run(self):
        """Recalculate the tiers; where customers have tiers already, ask first."""
        return self.action_recalculate() if self.last_evaluation_id else self.action_evaluate()

    def action_recalculate(self):
        """Say what a tier run would do, and ask whether to do it."""
        self.ensure_one()
        return self.env["customer.tier.run.wizard"]._ask(self)

    def _describe_steps(self):
        """Return the tiers with their thresholds for a chart, best first, as JSON; else none.

        What is kept is read later in other languages: it has the names in each.
        """
        if self.method != "score":
            return []
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        return [
            {
                "id": tier._origin.id,
                "name": tier.name,
                "names": {code: tier.with_context(lang=code).name for code in languages},
                "color": tier.color,
                "min_score": tier.min_score,
            }
            for tier in self._get_tiers()
        ]

    def _forecast_run(self, partner=None):
        """Return what a tier run would do at this moment; None where finding out takes long.

        :param partner: the one customer who would be placed; all by default
        :return: as :meth:`_forecast`
        """
        self.ensure_one()
        self.check_access("write")
        as_of = self._get_today()
        self._check_ready(as_of)
        policy = self.sudo()
        last = policy.env["customer.tier.evaluation"]._get_last(self.company_id)
        if last.duration > QUICK_SECONDS:
            return None
        policy.env.flush_all()
        with policy._naming_large_amounts(as_of), policy._prepare_run(as_of) as run:
            run.compute()
            return policy._forecast(run, partner)

    def _forecast(self, run, partner=None):
        """Return what a run by these rules would do now, as JSON.

        :param run: whose standings are computed
        :return: number of customers by what becomes of them: ``upgraded``, ``downgraded``,
            ``level`` (a tier of another policy as high as theirs), ``placed`` (first tier),
            ``left``; whose ``grace`` period begins; and whose prices change: ``repriced``
        """
        self.env.flush_all()
        partners = self.env["res.partner"].with_company(self.company_id)
        without_own_pricelist = (
            partners.with_context(active_test=False)
            ._search([("specific_property_product_pricelist", "=", False)])
            .subselect()
        )
        rows = run.forecast(without_own_pricelist, Part.of(partner.ids) if partner else EVERYBODY)
        tiers = self.env["customer.tier"]
        held_by_code = {
            tier.code: tier
            for tier in self.search([("company_id", "=", self.company_id.id)])._origin.tier_ids
        }
        found = dict.fromkeys(("upgraded", "downgraded", "level", "placed", "left", "repriced"), 0)
        for old_id, new_id, kind, count, _graces, priced in rows:
            if kind:
                found[kind] += count
            old, new = tiers.browse(old_id or ()), tiers.browse(new_id or ())
            # Of the tiers of a draft, the running ones are held.
            held = held_by_code.get(old.code, old)
            found["repriced"] += priced if not held._prices_alike(new) else 0
        found["grace"] = sum(row[4] for row in rows)
        return found

    def _get_now(self):
        """Return the moment in the company's time zone."""
        return self.company_id.sudo()._tiering_now()

    def _get_today(self):
        """Return today's date in the company's time zone."""
        return self._get_now().date()

    def _get_evaluation_date(self, as_of):
        if as_of is None:
            return self._get_today()
        try:
            day = as_of if isinstance(as_of, date) else date.fromisoformat(as_of)
            day = day.date() if isinstance(day, datetime) else day
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._("%s is not a day: write it as YYYY-MM-DD.", as_of)
            ) from error
        if day > self._get_today() + relativedelta(years=1):
            raise UserError(
                self.env._(
                    "%s is more than a year ahead, and no tier run for an earlier day could "
                    "follow it. Choose today or a day close to it.",
                    format_full_day(self.env, day),
                )
            )
        return day

    def _check_ready(self, as_of):
        """Refuse a run that could not give meaningful tiers, or would turn back time."""
        self._check_may_rank(as_of)
        self._check_rules()

    def _check_may_rank(self, as_of):
        """Refuse to place customers by an archived policy, or as of a day that is history."""
        if not self.active:
            raise UserError(
                self.env._("Policy %s is archived and ranks nobody: unarchive it first.", self.name)
            )
        last = self.env["customer.tier.evaluation"].sudo()._get_last(self.company_id).as_of
        if last and as_of < last:
            raise UserError(
                self.env._(
                    "The tiers of %(company)s were calculated as of %(last)s; a tier run as of "
                    "%(as_of)s would undo what happened since. Choose %(last)s or a later day.",
                    company=self.company_id.name,
                    last=format_full_day(self.env, last),
                    as_of=format_full_day(self.env, as_of),
                )
            )

    def _check_rules(self):
        """Refuse rules by which nobody could be ranked."""
        tiers = self._get_tiers()
        fault = rules_fault(
            self.name,
            tiers,
            tiers._origin,
            self._get_criteria().mapped("weight"),
            self.unavailable_criteria,
        )
        if fault:
            raise UserError(self.env._(fault))

    def _get_ended_month(self, as_of):
        """Return the first day of the last month that runs were done in, once a run is of a later.

        A month without any run has no score of its own.
        """
        last = self.env["customer.tier.evaluation"]._get_last(self.company_id).as_of
        first = last and last.replace(day=1)
        return first if first and first < as_of.replace(day=1) else None

    def _close_month(self, month, customers=EVERYBODY):
        """Keep customers' scores as those with which a month ended."""
        self.env.flush_all()
        close_month(self.env.cr, self.company_id.id, month, customers)
        self.env["customer.standing.month"].invalidate_model()

    def _forget_months(self, month):
        """Forget the scores that are too old once a month has ended."""
        forget_months(self.env.cr, self.company_id.id, month)
        self.env["customer.standing.month"].invalidate_model()

    def _start_evaluation(self, as_of, is_scheduled=False, is_simulation=False, partner=None):
        return self.env["customer.tier.evaluation"].create(
            {
                "policy_id": self._origin.id,
                "partner_id": partner and partner.id,
                "as_of": as_of,
                "is_scheduled": is_scheduled,
                "is_simulation": is_simulation,
                "user_id": self.env.uid,
            }
        )

    def _take_run_lock(self):
        """Refuse a second run of the policy while one is under way."""
        if not lock_for_transaction(self.env.cr, self.id):
            raise self._under_way_error()
        self._mark_interrupted()

    def _under_way_error(self):
        return UserError(
            self.env._(
                "The tiers of policy %s are being calculated at this moment: wait until that run "
                "is done.",
                self.name,
            )
        )

    def _mark_interrupted(self):
        """Note the runs that were killed: to be called by the one that holds the lock."""
        killed = self.env["customer.tier.evaluation"].search(
            [("policy_id", "=", self.id), ("state", "=", "running")]
        )
        for evaluation in killed:
            evaluation._fail(self.env._("The run was interrupted."))
        killed.is_retried = True

    def _compute_evaluation(self, evaluation, run, on_step=lambda step: None):
        """Compute every customer's score into the run's tables, without locks on standings.

        :param run: the :class:`~..engine.run.Run` that was frozen with the evaluation
        :param on_step: called with the name of each step before it begins
        """
        start = time.monotonic()
        self.env.flush_all()
        with self._naming_large_amounts(evaluation.as_of):
            run.compute(on_step)
        evaluation.duration = time.monotonic() - start

    @contextmanager
    def _naming_large_amounts(self, as_of):
        """Name the document whose amount is too large to be added up."""
        try:
            yield
        except NumericValueOutOfRange as error:
            raise self._large_amount_error(as_of) or error from error

    def _large_amount_error(self, as_of):
        """Return what is to be said of the largest document; None if it is not to blame."""
        found = self._prepare_run(as_of).largest_document()
        if not found or int(found[2]) < LARGE_UNITS:
            return None
        model, id_, units = found
        document = self.env[model].sudo().browse(id_)
        rounding = Decimal(str(self.company_id.currency_id.rounding))
        return UserError(
            self.env._(
                "%(document)s (%(customer)s) amounts to %(amount)s, more than can be added up. "
                "Correct its prices, or cancel it, and try again.",
                document=document.display_name,
                customer=document.partner_id.display_name,
                # To the cent no float is exact any more.
                amount=f"{self.company_id.currency_id.name} "
                + formatLang(self.env, float(rounding * int(units)), digits=0),
            )
        )

    def _hold_tiers(self, run):
        """Have nobody archive the run's tiers until the transaction ends.

        :raise RulesChangedError: when one of them is not there any more
        """
        if not run.hold_tiers():
            raise RulesChangedError(
                self.env._(
                    "A tier of policy %s was archived or deleted while the run was under way, so "
                    "the run stopped. The next run goes by the tiers that are left: it comes "
                    "within the hour, or use Recalculate Tiers.",
                    self.name,
                )
            )

    def _describe_missing_base(self, run):
        """Return what a first run lacks for meaningful tiers, in words; None if nothing."""
        if not (self.minimum_customers or self.minimum_history_days):
            return None
        if self.env["customer.tier.evaluation"]._get_last(self.company_id):
            return None
        first = run.first_document_date()
        fault = base_fault(
            self.company_id.name,
            run.count(),
            self.minimum_customers,
            (run.scope.as_of - first).days if first else 0,
            self.minimum_history_days,
        )
        return fault and self.env._(fault)

    # ---- What a run goes by ------------------------------------------------------------------

    def _freeze_run(self, evaluation, commits=False):
        """Return everything that a run goes by, as it is now, and note the criteria.

        :param commits: whether the run commits between its steps
        :return: the :class:`~..engine.run.Run` of the evaluation, to be used in ``with``
        """
        evaluation.criteria = self._prepare_explanations()
        return self._prepare_run(evaluation.as_of, commits)

    def _prepare_run(self, as_of, commits=False):
        """Return a :class:`~..engine.run.Run` as of a day, by the rules as they are now."""
        return Run(
            self.env.cr,
            scope=self._prepare_scope(as_of),
            rules=self._prepare_rules(),
            facts=self._prepare_facts(as_of),
            sources=available_sources(self.env).values(),
            commits=commits,
        )

    def _prepare_explanations(self):
        """Return what explanations need to know of the criteria, as JSON values."""
        return [criterion._prepare_explanation() for criterion in self._get_criteria()]

    def _prepare_scope(self, as_of):
        """Return the :class:`~..engine.scope.Scope` of a run as of a day."""
        company = self.company_id
        # Whoever may evaluate evaluates all documents, whatever else this user may read.
        branches = self.env["res.company"].sudo().search([("id", "child_of", company.id)])
        return Scope(
            company_id=company.id,
            company_ids=tuple(sorted(branches.ids)),
            as_of=as_of,
            window_months=self.window_months,
            timezone=company._tiering_timezone(),
            currency_id=company.currency_id.id,
            currency_rounding=Decimal(str(company.currency_id.rounding)),
            amount_basis=self.amount_basis,
            counted=Counted(
                orders=self._get_order_condition(),
                quotations=self._get_quotation_condition(),
                invoices=self._get_invoice_condition(),
                payments=self._get_payment_condition(),
                receivables=self._get_receivable_condition(),
            ),
            addons=frozenset(installed_addons(self.env)),
            columns=tuple(available_columns(self.env).values()),
            documents=tuple(available_documents(self.env).values()),
            money=Money(
                account_ids=tuple(self._get_money_accounts(branches)._ids),
                discount_account_ids=tuple(
                    branches.account_journal_early_pay_discount_loss_account_id._ids
                ),
                journal_ids=self._get_settling_journals(branches)._ids,
            ),
        )

    def _prepare_rules(self):
        """Return the policy as the engine's plain values, a :class:`~..engine.rules.Rules`."""
        criteria = [criterion._prepare_rule() for criterion in self._get_criteria()]
        return Rules.of(self, criteria, self._get_tiers())

    def _prepare_facts(self, as_of):
        """Return what a run gathers, a :class:`~..engine.facts.Facts`."""
        partners = self.env["res.partner"].sudo().with_company(self.company_id)
        return Facts.needed_for(
            self._get_criteria().mapped("metric"),
            available_metrics(self.env),
            available_sources(self.env),
            partners=partners._search(self._get_customer_domain(as_of)).subselect(),
        )

    def _get_criteria(self):
        """Return the criteria that can be judged by: those whose metric is there."""
        return self.criterion_ids.filtered("is_available")

    # ---- Which documents and customers count: each method may be overridden alone -------------

    def _get_order_condition(self):
        """Return which sale orders count as orders.

        They make revenue, order counts, recency and rhythm, and whoever ordered a customer.

        :return: SQL condition over the columns of ``sale_order``, by that name, such as
            ``sale_order.state``; it may be read several times a row
        """
        return SQL("sale_order.state = 'sale'")

    def _get_quotation_condition(self):
        """Return which other sale orders count as quotations that the customer was sent.

        They make the quote acceptance, and open ones a prospect. What is an order already by
        :meth:`_get_order_condition` need not be left out.

        :return: SQL condition over the columns of ``sale_order``, by that name
        """
        return SQL(
            "sale_order.state <> 'sale' AND (sale_order.state = 'sent'"
            " OR sale_order.was_sent OR sale_order.was_confirmed)"
        )

    def _get_invoice_condition(self):
        """Return which journal entries count as invoices, sales receipts and credit notes.

        They make what was invoiced and credited, and what there is to pay; credit notes are
        taken off orders, too.

        :return: SQL condition over the columns of ``account_move``, by that name
        """
        return SQL(
            "account_move.state = 'posted'"
            " AND account_move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')"
        )

    def _get_payment_condition(self):
        """Return which items that were matched with an invoice pay it.

        :return: SQL condition over ``payment``, the ``account_move_line`` on the other side, and
            ``payment_move``, its ``account_move``
        """
        return SQL(
            """
            payment_move.move_type = 'entry'
            AND payment.move_id NOT IN (
                SELECT exchange_move_id
                  FROM account_partial_reconcile
                 WHERE exchange_move_id IS NOT NULL)
            """
        )

    def _get_receivable_condition(self):
        """Return which open items are what customers owe, or have paid in advance.

        :return: SQL condition over ``line``, the ``account_move_line``, ``account``, its
            ``account_account``, and ``account_move``
        """
        return SQL("line.parent_state = 'posted' AND account.account_type = 'asset_receivable'")

    def _get_customer_domain(self, as_of):
        """Return which contacts may be ranked on a day, of those that documents were made for.

        Neither archived ones are, nor those whom a tier override excludes on the day.

        :return: Domain on ``res.partner``, searched with all rights
        """
        overrides = self.env["customer.tier.override"].sudo()
        excluded = overrides._search(
            overrides._domain_active(self.company_id, as_of) & Domain("tier_id", "=", False)
        )
        return (
            self._get_partner_domain()
            & Domain("active", "=", True)
            & Domain(
                "id", "not in", excluded.subselect(SQL.identifier(excluded.table, "partner_id"))
            )
        )

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

    def _get_money_accounts(self, companies):
        """Return the accounts on which money arrives, or waits to arrive.

        Bank, cash and credit cards; the suspense and outstanding accounts of their journals;
        and other current accounts whose items are matched one by one, as a clearing account's.
        An add-on with accounts of another kind adds them.
        """
        journals = self.env["account.journal"].with_context(active_test=False)
        journals = journals.search(
            [("company_id", "in", companies.ids), ("type", "in", ("bank", "cash", "credit"))]
        )
        methods = journals.inbound_payment_method_line_ids | (
            journals.outbound_payment_method_line_ids
        )
        accounts = self.env["account.account"].with_context(active_test=False)
        accounts = accounts.search(
            Domain("company_ids", "in", companies.ids)
            & (
                Domain("account_type", "in", ("asset_cash", "liability_credit_card"))
                | Domain("account_type", "in", ("asset_current", "liability_current"))
                & Domain("reconcile", "=", True)
            )
        )
        return (
            accounts
            | journals.default_account_id
            | journals.suspense_account_id
            | methods.payment_account_id
            | companies.transfer_account_id
        )

    def _get_settling_journals(self, companies):
        """Return the journals whose entries settle invoices: all but those of invoices."""
        return (
            self.env["account.journal"]
            .with_context(active_test=False)
            .search([("company_id", "in", companies.ids), ("type", "not in", ("sale", "purchase"))])
        )

    # ---- Scheduled actions -------------------------------------------------------------------

    @api.model
    def _cron_evaluate(self):
        """Evaluate every active policy once a day, each in transactions of its own.

        The action is called every hour, and again when its time was up, so it passes over
        the policies whose hour has not come or that were tried already.
        """
        policies = self._find_due()
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(policies))
        for policy in policies:
            self._attempt_run(policy.company_id, policy._evaluate_and_commit)
            if not commit(processed=1):
                break

    @api.model
    def _find_due(self):
        """Return the active policies whose hour has come and that were not tried today."""
        return (
            self.sudo()
            .search([])
            .filtered(
                lambda policy: self._attempt(
                    policy.company_id, "evaluate", policy._is_due, settles=False
                )
            )
        )

    @api.model
    def _attempt_run(self, company, run):
        """Do a company's scheduled run; also of one that keeps its failure the policy tells.

        :param run: called without arguments
        :return: the ``customer.tier.evaluation`` record; None where there is none
        """
        evaluation = self._attempt(company, "evaluate", run)
        if evaluation and evaluation.state == "failed":
            self._note_failure(company, "evaluate", evaluation.message)
            self.env["ir.cron"]._commit_progress()
        return evaluation

    @api.model
    def _cron_settle(self):
        """Let overrides that were set during a run take effect, and announce who moved."""
        commit = self.env["ir.cron"]._commit_progress
        for policy in self.sudo().search([]):
            settle = partial(commit_step, self.env, policy._settle_overrides, commit)
            self._attempt(policy.company_id, "overrides", settle)
        self.env["customer.standing.change"].sudo()._announce(commit)
        self._after_moves()

    @api.model
    def _after_moves(self):
        """Do nothing; an add-on does here what follows from moves.

        Called after a tier run and after overrides have changed, and once a day, when all
        overrides have taken effect and moves are announced. The ledger says who moved; whoever
        goes by it notes there what is done, since a call may come without any move, and moves
        of several runs may come with one call.
        """

    @api.model
    def _attempt(self, company, action, step, settles=True):
        """Do a company's part of a scheduled action; what goes wrong with it stops no other.

        A failure is logged, and noted on the company's policy until the step succeeds.

        :param action: a code of :meth:`_describe_actions`
        :param step: called without arguments; it commits by itself what is not to be lost
        :param settles: whether success ends a failure; asking whether something is due does not
        :return: what the step returned; None where it failed
        """
        try:
            result, failure = step(), None
        except Exception as error:
            roll_back(self.env)
            _logger.exception("The step %s of %s failed", action, company.name)
            result, failure = None, str(error) or type(error).__name__
        if failure or settles:
            self._note_failure(company, action, failure)
        if failure:
            self.env["ir.cron"]._commit_progress()
        return result

    @api.model
    def _note_failure(self, company, action, failure):
        """Keep on the company's policy why a step failed; None: it did not."""
        everyone = self.sudo().with_context(active_test=False)
        policy = everyone.search([("company_id", "=", company.id)], limit=1)
        if (policy.failures or {}).get(action) != failure:
            noted = {**(policy.failures or {}), action: failure}
            policy.failures = {code: why for code, why in noted.items() if why} or False

    @api.model
    def _describe_actions(self):
        """Return what scheduled actions do for a policy's company, by code; an add-on adds its."""
        return {
            "evaluate": self.env._("Recalculating tiers"),
            "overrides": self.env._("Letting overrides take effect"),
            "announce": self.env._("Announcing moves"),
        }

    def _is_due(self):
        """Return whether the company's hour has come and the policy was not tried since."""
        now = self._get_now()
        return now.hour >= self.evaluation_hour and not self._was_tried(now.date())

    def _was_tried(self, day):
        """Return whether the scheduled action evaluated the policy, or tried to, as of a day."""
        return bool(
            self.env["customer.tier.evaluation"].search_count(
                [
                    ("policy_id", "=", self.id),
                    ("as_of", "=", day),
                    ("is_scheduled", "=", True),
                    ("is_retried", "=", False),
                    ("state", "!=", "running"),
                ],
                limit=1,
            )
        )

    def _evaluate_and_commit(self, as_of=None):
        """Evaluate as of a day; a failure is kept on the evaluation and stops nobody else.

        :param as_of: today by default
        :return: the ``customer.tier.evaluation`` record
        """
        as_of = as_of or self._get_today()
        commit = self.env["ir.cron"]._commit_progress
        # What is seen from here on is not older than the lock.
        commit()
        if not lock_for_connection(self.env.cr, self.id):
            refused = self._start_evaluation(as_of, is_scheduled=True)
            refused._fail(self._under_way_error())
            # The other run may be for another day, or a killed one whose last query is at work.
            refused.is_retried = True
            return refused
        with self._unlocked_afterwards():
            commit()
            self._mark_interrupted()
            commit()
            if ended := self._get_ended_month(as_of):
                self._close_month_and_commit(ended, commit)
            evaluation = self._start_evaluation(as_of, is_scheduled=True)
            commit()
            try:
                self._compute_and_apply(evaluation, commit)
            except Exception as error:
                roll_back(self.env)
                if not isinstance(error, UserError):
                    _logger.exception("Evaluating the policy %s (%s) failed", self.name, self.id)
                evaluation.exists()._fail(error)
                evaluation.exists().is_retried = self._may_succeed_later(error, as_of)
            commit()
        return evaluation.exists()

    def _may_succeed_later(self, error, as_of):
        """Return whether a run that failed is tried again on its day."""
        if isinstance(error, UserError):
            # By the rules as they are now it may well succeed; what lacks, lacks in an hour, too.
            return isinstance(error, RulesChangedError)
        failed = self.env["customer.tier.evaluation"].search_count(
            [
                ("policy_id", "=", self.id),
                ("as_of", "=", as_of),
                ("is_scheduled", "=", True),
                ("state", "=", "failed"),
            ]
        )
        return failed < RUNS_A_DAY

    @contextmanager
    def _unlocked_afterwards(self):
        """Give the connection's lock back, whatever happens: others use the connection next."""
        try:
            yield
        finally:
            # After an error the transaction accepts nothing else.
            self.env.cr.rollback()
            unlock(self.env.cr, self.id)

    def _close_month_and_commit(self, month, commit):
        """Close a month, some customers at a time."""
        holders = holders_of_scores(self.company_id.id)
        for customers in parts_of(self.env.cr, holders, CUSTOMERS_AT_ONCE):
            self._commit_part(partial(self._close_month, month, customers), commit)
        self._commit_part(partial(self._forget_months, month), commit)

    def _commit_part(self, step, commit):
        """Do a part of a run and commit it; others may write the same customers meanwhile."""
        claim = partial(claim_standings, self.env.cr)
        commit_step(self.env, step, lambda processed: commit(), insist=claim)

    def _compute_and_apply(self, evaluation, commit):
        """Do a tier run in transactions of its own: one for each step, some that write."""

        def on_step(step):
            evaluation.step = step
            commit()

        self._check_ready(evaluation.as_of)
        with self._freeze_run(evaluation, commits=True) as run:
            self._compute_evaluation(evaluation, run, on_step)
            # A new transaction sees partners, tiers, overrides and standings as they are then.
            on_step("writing")
            if lack := self._describe_missing_base(run):
                evaluation._skip(lack)
                self._settle_soon()
            else:
                self._apply_and_commit(evaluation, run, commit)

    def _apply_and_commit(self, evaluation, run, commit):
        """Write the standings and the ledger, some customers at a time.

        What others wait for is then short, however many there are. A run that ends in between
        leaves some customers as of its day and the others as of the day before, says how many, and
        the next one writes the rest. Where the two would not go by the same criteria, all are
        written at once.
        """
        start = time.monotonic()
        parts = run.split(CUSTOMERS_AT_ONCE) if self._goes_on(evaluation) else [EVERYBODY]
        outcomes = {}

        def apply(customers):
            self._check_may_rank(evaluation.as_of)
            self._hold_tiers(run)
            outcomes[customers] = run.apply(evaluation.id, evaluation.user_id.id, customers)
            # Rows were written behind the ORM's back.
            self.env.invalidate_all()
            outcome = put_together(outcomes.values())
            if customers == parts[-1]:
                evaluation._complete(outcome, seconds=time.monotonic() - start)
                self._settle_soon()
            else:
                evaluation._note_progress(outcome)

        for customers in parts:
            self._commit_part(partial(apply, customers), commit)

    def _goes_on(self, evaluation):
        """Return whether what it finds can be set beside what the last run found."""
        last = self.env["customer.tier.evaluation"]._get_last(self.company_id)
        return not last or (last.policy_id, last.criteria) == (self, evaluation.criteria)

    # ---- Overrides ---------------------------------------------------------------------------

    def _settle_soon(self, delay=timedelta()):
        """Have the action run that does what follows from overrides and moves."""
        action = self.env.ref("customer_tiering.ir_cron_settle").sudo()
        action._trigger(at=fields.Datetime.now() + delay)

    def _settle_overrides(self):
        """Let the overrides take effect that could not when they were set."""
        self._apply_overrides(
            unsettled_overrides(self.env.cr, self.company_id.id, self._get_today())
        )

    def _apply_overrides(self, partner_ids):
        """Let overrides take effect now, or once the run that is under way is done."""
        # A company need not have an active policy.
        if not (self and partner_ids and self._get_tiers()):
            return
        if is_locked_elsewhere(self.env.cr, self.id):
            # A run that is done asks for the action itself; one that fails does not.
            self._settle_soon(RUN_DELAY)
            return
        self.env.flush_all()
        write_overrides(
            self.env.cr,
            company_id=self.company_id.id,
            as_of=self._get_today(),
            rules=self._prepare_rules(),
            user_id=self.env.uid,
            partner_ids=partner_ids,
        )
        self.env.invalidate_all()

    # ---- Default policies --------------------------------------------------------------------

    @api.model
    def _create_missing_default_policies(self):
        """Give every root company that never had a policy the default one."""
        policies = self.with_context(active_test=False).search([])
        companies = self.env["res.company"].search(
            [("parent_id", "=", False), ("id", "not in", policies.company_id.ids)]
        )
        created = self.with_context(lang="en_US").create(
            [self._prepare_default_policy_vals(company) for company in companies]
        )
        for policy in created:
            policy.prospect_tier_id = policy._get_tiers()[-1]
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        created._translate_default_names(languages)
        return created

    @api.model
    def _prepare_default_policy_vals(self, company):
        """Return the English values of a new company's policy; override for another default."""
        english = self.with_context(lang="en_US").env
        return policy_vals(english, company, self._get_default_criteria())

    @api.model
    def _get_default_criteria(self):
        """Return the criteria of a new company's policy; an add-on adds those it brings.

        :return: list of dicts of field values
        """
        return [dict(criterion) for criterion in CRITERIA]

    def _translate_default_names(self, languages):
        """Set the default names in languages where they have no name of their own yet.

        The records are made per company by code, so they have no external id by which
        the loading of translations would find them.

        :param languages: codes such as ``zh_CN``
        """
        for policy in self.with_context(active_test=False):
            translate_names(policy, languages)
