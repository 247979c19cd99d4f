from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.addons.customer_tiering.engine.apply import claim_standings
from odoo.addons.set_based_runs.transactions import commit_step

from ..engine import Terms
from .customer_lifetime_fit import LIFETIME_MODELS

# The weekly action passes over a fit of fewer days, which somebody asked for meanwhile.
FIT_DAYS = 4


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    lifetime_model = fields.Selection(
        LIFETIME_MODELS,
        default="mbg_nbd",
        required=True,
        tracking=True,
        help="How customers are assumed to leave. By BG/NBD everybody who ordered once is a "
        "customer still, whenever that was.",
    )
    lifetime_months = fields.Integer(
        "Months Ahead",
        default=12,
        required=True,
        tracking=True,
        help="Expected orders, order probability and lifetime value are those of so many months "
        "to come.",
    )
    lifetime_discount = fields.Float(
        "Discount Rate",
        default=0.1,
        digits=(5, 4),
        tracking=True,
        help="By how much an amount is worth less when it comes a year later.",
    )
    lifetime_margin_share = fields.Float(
        "Margin Share",
        default=1.0,
        digits=(5, 4),
        tracking=True,
        help="The part of the revenue that counts as value: with 100 %, the lifetime value is "
        "expected revenue; with 30 %, what is left of it at a margin of 30 %.",
    )
    lifetime_minimum_customers = fields.Integer(
        "Minimum Customers with an Order",
        default=500,
        required=True,
        tracking=True,
        help="With fewer customers nothing is estimated. 500 is recommended; figures from fewer "
        "are rough, and are marked so.",
    )
    lifetime_minimum_days = fields.Integer(
        "Minimum History of Orders (days)",
        default=180,
        required=True,
        tracking=True,
        help="Where orders go back fewer days nothing is estimated. 180 is recommended.",
    )
    lifetime_known_since = fields.Date(
        "Orders Complete since",
        tracking=True,
        help="Set it where orders before this day were not all imported: customers whose first "
        "known order is earlier may have bought long before, and are left out.",
    )
    lifetime_fit_id = fields.Many2one(
        "customer.lifetime.fit", "Latest Estimate", compute="_compute_lifetime_fit_id"
    )
    lifetime_fit_summary = fields.Text("Result", compute="_compute_lifetime_fit_id")

    _lifetime_months_range = models.Constraint(
        "CHECK (lifetime_months > 0 AND lifetime_months <= 120)",
        "Months Ahead must be at least 1 and at most 120.",
    )
    _lifetime_discount_range = models.Constraint(
        "CHECK (lifetime_discount >= 0 AND lifetime_discount <= 1)",
        "The Discount Rate must lie between 0 % and 100 %.",
    )
    _lifetime_margin_range = models.Constraint(
        "CHECK (lifetime_margin_share > 0 AND lifetime_margin_share <= 1)",
        "The Margin Share must be above 0 %, and 100 % at most.",
    )
    _lifetime_minimum_range = models.Constraint(
        "CHECK (lifetime_minimum_customers >= 20 AND lifetime_minimum_days >= 30)",
        "Minimum Customers with an Order must be 20 or more, and Minimum History of Orders 30 "
        "days or more.",
    )

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_lifetime_fit_id(self):
        for policy in self:
            fit = policy._get_lifetime_fit()
            policy.lifetime_fit_id = fit
            policy.lifetime_fit_summary = fit.summary

    def _get_lifetime_fit(self):
        """Return the company's latest estimate, or none."""
        return self.env["customer.lifetime.fit"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )

    def _get_kept_fields(self):
        """How lifetimes are estimated is set on the policy itself at any time: it moves nobody."""
        return super()._get_kept_fields() | {
            "lifetime_model",
            "lifetime_months",
            "lifetime_discount",
            "lifetime_margin_share",
            "lifetime_minimum_customers",
            "lifetime_minimum_days",
            "lifetime_known_since",
        }

    def action_estimate_lifetimes(self):
        """Estimate lifetimes by today's orders, and open what was found.

        :raise UserError: when the policy is archived or a draft
        """
        self.ensure_one()
        self.check_access("write")
        today = self._get_today()
        self._check_may_rank(today)
        fit = self.sudo()._estimate_lifetimes(today)
        return fit.with_env(self.env)._open()

    def _estimate_lifetimes(self, as_of):
        """Fit the models as of a day and score all customers by them; return the fit."""
        return self.env["customer.lifetime.fit"]._estimate(self, as_of)

    def _prepare_lifetime_terms(self):
        """Return what the policy sets, as the engine's plain values."""
        return Terms(
            may_leave_at_once=self.lifetime_model == "mbg_nbd",
            months=self.lifetime_months,
            discount=self.lifetime_discount,
            margin_share=self.lifetime_margin_share,
            minimum_customers=self.lifetime_minimum_customers,
            minimum_days=self.lifetime_minimum_days,
            known_since=self.lifetime_known_since or None,
        )

    # ---- Scheduled actions -------------------------------------------------------------------

    @api.model
    def _after_moves(self):
        """Score customers anew once a tier run is done: new ones have a row by then."""
        self.env.ref("customer_tiering_clv.ir_cron_score").sudo()._trigger()
        return super()._after_moves()

    @api.model
    def _describe_actions(self):
        return {
            **super()._describe_actions(),
            "lifetimes": self.env._("Estimating lifetime values"),
        }

    @api.model
    def _cron_estimate_lifetimes(self):
        """Fit the models anew, each company's in a transaction of its own."""
        self._do_by_company(
            lambda policy: policy._is_fit_due(),
            lambda policy: policy._estimate_lifetimes(policy._get_today()),
        )

    @api.model
    def _cron_score_lifetimes(self):
        """Score customers by the latest fit, once a day and once after each tier run."""
        self._do_by_company(
            lambda policy: policy._is_scoring_due(),
            lambda policy: policy._score_lifetimes(),
        )

    @api.model
    def _do_by_company(self, is_due, step):
        policies = self.sudo().search([])
        due = policies.filtered(
            lambda policy: self._attempt(
                policy.company_id, "lifetimes", partial(is_due, policy), settles=False
            )
        )
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(due))
        insist = partial(claim_standings, self.env.cr)

        def done(policy):
            step(policy)
            return 1

        for policy in due:
            left = self._attempt(
                policy.company_id,
                "lifetimes",
                partial(commit_step, self.env, partial(done, policy), commit, insist),
            )
            # Nothing is left where the step failed, too: others have their turn all the same.
            if left == 0:
                break

    def _is_fit_due(self):
        fit = self._get_lifetime_fit()
        return not fit or fit.as_of <= self._get_today() - timedelta(days=FIT_DAYS)

    def _is_scoring_due(self):
        fit = self._get_lifetime_fit()
        if not fit:
            return True
        runs = self.env["customer.tier.evaluation"]
        is_scored = fit.scored_on == self._get_today() and fit.scored_run_id == runs._get_last(
            self.company_id
        )
        return not fit.refusal and not is_scored

    def _score_lifetimes(self):
        """Score the customers as of today by the latest fit; without any, make the first one."""
        fit = self._get_lifetime_fit()
        if fit:
            fit._score(self._get_today())
        else:
            self._estimate_lifetimes(self._get_today())
