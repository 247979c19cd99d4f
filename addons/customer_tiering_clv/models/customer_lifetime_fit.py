import time
from contextlib import contextmanager

from markupsafe import Markup

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..engine import Lifetimes
from ..engine.lifetimes import Fitted
from ..tools import refusals, wording
from ..tools.buying import Buying
from ..tools.spending import Spending

LIFETIME_MODELS = [
    ("mbg_nbd", "A customer may leave after any order (MBG/NBD)"),
    ("bg_nbd", "Nobody leaves after the first order (BG/NBD)"),
]


class CustomerLifetimeFit(models.Model):
    """What a company's orders say of when its customers will buy again, and for how much.

    Two models are fitted to the orders: one of days with an order and of leaving, one of amounts.
    They score every customer; a fit of the first two thirds of the time is held against the rest.
    """

    _name = "customer.lifetime.fit"
    _description = "Lifetime Value Estimate"
    _order = "id desc"

    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    as_of = fields.Date(required=True, readonly=True, help="Orders up to this day count.")
    state = fields.Selection(
        [
            ("done", "Done"),
            ("orders", "Orders only"),
            ("refused", "Not estimated"),
        ],
        "Status",
        required=True,
        readonly=True,
        help="Orders only: no lifetime value could be estimated, for the reason given.",
    )
    model = fields.Selection(LIFETIME_MODELS, "Lifetime Model", readonly=True)
    months = fields.Integer("Months Ahead", readonly=True)
    discount = fields.Float("Discount Rate", digits=(5, 4), readonly=True)
    margin_share = fields.Float(digits=(5, 4), readonly=True)
    known_since = fields.Date("Orders Complete since", readonly=True)
    customer_count = fields.Integer("Customers", readonly=True, aggregator=None)
    repeat_count = fields.Integer(
        "Ordered Again",
        readonly=True,
        aggregator=None,
        help="Customers with orders on more than one day.",
    )
    older_count = fields.Integer(
        "Left Out",
        readonly=True,
        aggregator=None,
        help="Customers who bought before the first order that is known: when they began is not "
        "known.",
    )
    first_day = fields.Date("First Order", readonly=True)
    history_days = fields.Integer("History (days)", readonly=True, aggregator=None)
    early_share = fields.Float("First Ordered at the Start", readonly=True, aggregator=None)
    r = fields.Float("Order Rate: Shape r", readonly=True, aggregator=None, digits=0)
    alpha = fields.Float("Order Rate: alpha (days)", readonly=True, aggregator=None, digits=0)
    a = fields.Float("Leaving: a", readonly=True, aggregator=None, digits=0)
    b = fields.Float("Leaving: b", readonly=True, aggregator=None, digits=0)
    log_likelihood = fields.Float(readonly=True, aggregator=None, digits=0)
    p = fields.Float("Amounts: Shape p", readonly=True, aggregator=None, digits=0)
    q = fields.Float("Amounts: q", readonly=True, aggregator=None, digits=0)
    gamma = fields.Float("Amounts: gamma", readonly=True, aggregator=None, digits=0)
    amount_log_likelihood = fields.Float(
        "Log Likelihood of Amounts", readonly=True, aggregator=None, digits=0
    )
    correlation = fields.Float(
        "Correlation of Orders and Amounts",
        readonly=True,
        aggregator=None,
        digits=(5, 3),
        help="Of how often a customer ordered again with the mean amount of these days.",
    )
    refusal = fields.Json(readonly=True)
    value_refusal = fields.Json(readonly=True)
    holdout = fields.Json(
        "Expected and Actual",
        readonly=True,
        help="How well a fit of the first two thirds of the time foretold the rest.",
    )
    refusal_text = fields.Text("Why Not", compute="_compute_texts")
    value_refusal_text = fields.Text("Why No Value", compute="_compute_texts")
    warning_text = fields.Text("To Know", compute="_compute_texts")
    summary = fields.Text(compute="_compute_texts")
    holdout_report = fields.Html(compute="_compute_holdout_report", sanitize=False)
    scored_on = fields.Date("Scored as of", readonly=True)
    scored_run_id = fields.Many2one(
        "customer.tier.evaluation",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The tier run after which customers were scored last.",
    )
    scored_count = fields.Integer("Customers Scored", readonly=True, aggregator=None)
    duration = fields.Float("Duration (s)", digits=(16, 2), readonly=True, aggregator="avg")
    user_id = fields.Many2one("res.users", "Estimated by", readonly=True)

    @api.depends("policy_id", "as_of")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for fit in self:
            day = format_full_day(self.env, fit.as_of) if fit.as_of else ""
            fit.display_name = f"{fit.policy_id.name}, {day}"

    @api.depends("refusal", "value_refusal", "customer_count", "history_days", "early_share")
    @api.depends_context("lang")
    def _compute_texts(self):
        for fit in self:
            fit.refusal_text = refusals.describe_refusal(self.env, fit.refusal)
            fit.value_refusal_text = refusals.describe_value_refusal(self.env, fit.value_refusal)
            fit.warning_text = fit._describe_warnings()
            fit.summary = fit.refusal_text or wording.describe_fit(
                self.env,
                customers=fit.scored_count,
                day=format_full_day(self.env, fit.as_of) if fit.as_of else "",
                months=fit.months,
            )

    @api.depends("holdout")
    @api.depends_context("lang")
    def _compute_holdout_report(self):
        for fit in self:
            fit.holdout_report = (
                self.env["ir.qweb"]._render(
                    "customer_tiering_clv.holdout_report",
                    wording.describe_holdout(self.env, fit.holdout, fit.currency_id),
                )
                if fit.holdout
                else Markup()
            )

    def action_view_customers(self):
        """Open the customers by lifetime value."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering_clv.customer_standing_lifetime_action"
        )
        return action | {
            "domain": [("company_id", "=", self.company_id.id), ("has_lifetime_score", "=", True)]
        }

    def action_estimate_current_company(self):
        """Estimate the lifetimes of the current company's customers, whatever is selected."""
        return self.env["customer.tier.policy"]._get_active().action_estimate_lifetimes()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lifetime Value Estimate"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    @api.model_create_multi
    def create(self, vals_list):
        fits = super().create(vals_list)
        self.env.registry.clear_cache()
        return fits

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @ormcache("company_id")
    def _get_latest(self, company_id):
        """Return state, months ahead and whether there are warnings, of a company's latest fit.

        Each opening of the overview asks, and the answer changes once a night.

        :return: False where there is none
        """
        fit = self.sudo().search([("company_id", "=", company_id)], limit=1)
        return bool(fit) and (fit.state, fit.months, bool(fit._describe_warnings()))

    def _describe_warnings(self):
        """Return what somebody should know of a fit that is used; nothing in the best case."""
        if self.refusal or not self.customer_count:
            return False
        notes = [
            self._describe_roughness(),
            wording.describe_older(self.env, self.older_count),
            wording.describe_early(self.env, self.early_share, self.known_since),
        ]
        return "\n".join(note for note in notes if note) or False

    def _describe_roughness(self):
        return refusals.describe_roughness(self.env, self.customer_count, self.history_days)

    # ---- Estimating --------------------------------------------------------------------------

    @api.model
    def _estimate(self, policy, as_of):
        """Fit the models to a company's orders as of a day, and score its customers by them.

        To be called with all rights, after a check of access.

        :return: the fit; with ``refusal`` when nothing can be said
        """
        start = time.monotonic()
        terms = policy._prepare_lifetime_terms()
        with self._open_engine(policy, as_of, terms) as lifetimes:
            lifetimes.gather()
            fitted = lifetimes.fit()
            holdout = False if fitted.refusal else lifetimes.hold_out(fitted)
            if not fitted.refusal:
                lifetimes.score(fitted)
            scored = lifetimes.write_scores(fitted)
        self.env.invalidate_all(flush=False)
        state = "refused" if fitted.refusal else "orders" if fitted.value_refusal else "done"
        return self.create(
            {
                "policy_id": policy.id,
                "as_of": as_of,
                "state": state,
                "model": policy.lifetime_model,
                "known_since": terms.known_since,
                "user_id": self.env.uid,
                "holdout": holdout,
                **self._prepare_fitted_vals(fitted),
                **self._prepare_scored_vals(policy, as_of, scored),
                "duration": time.monotonic() - start,
            }
        )

    def _score(self, as_of):
        """Score the customers as of a day by this fit.

        :raise UserError: when it says nothing
        """
        self.ensure_one()
        if self.refusal:
            raise UserError(self.refusal_text)
        policy = self.policy_id._get_active(self.company_id)
        with self._open_engine(policy, as_of, policy._prepare_lifetime_terms()) as lifetimes:
            lifetimes.gather()
            fitted = self._get_fitted()
            lifetimes.score(fitted)
            scored = lifetimes.write_scores(fitted)
        self.env.invalidate_all(flush=False)
        self.write(self._prepare_scored_vals(policy, as_of, scored))

    @contextmanager
    def _open_engine(self, policy, as_of, terms):
        self.env.flush_all()
        scope = policy._prepare_scope(as_of)
        partners = policy._prepare_facts(as_of).partners
        with (
            policy._naming_large_amounts(as_of),
            Lifetimes(self.env.cr, scope, partners, terms) as lifetimes,
        ):
            yield lifetimes

    def _prepare_fitted_vals(self, fitted):
        buying, spending = fitted.buying, fitted.spending
        vals = {
            "customer_count": fitted.customers,
            "repeat_count": fitted.repeat_customers,
            "older_count": fitted.older,
            "first_day": fitted.first_day,
            "history_days": fitted.history_days,
            "early_share": fitted.early_share,
            "correlation": fitted.correlation or 0,
            "refusal": fitted.refusal or False,
            "value_refusal": fitted.value_refusal or False,
        }
        if buying:
            vals |= {name: getattr(buying, name) for name in ("r", "alpha", "a", "b")}
            vals["log_likelihood"] = fitted.log_likelihood
        if spending:
            vals |= {name: getattr(spending, name) for name in ("p", "q", "gamma")}
            vals["amount_log_likelihood"] = fitted.spending_log_likelihood
        return vals

    def _prepare_scored_vals(self, policy, as_of, scored):
        return {
            # What is set on the policy holds from the next scoring on, by whichever fit.
            "months": policy.lifetime_months,
            "discount": policy.lifetime_discount,
            "margin_share": policy.lifetime_margin_share,
            "scored_on": as_of,
            "scored_count": scored,
            "scored_run_id": self.env["customer.tier.evaluation"]._get_last(policy.company_id).id,
        }

    def _get_fitted(self):
        """Return the stored parameters as the engine's plain values."""
        return Fitted(
            buying=Buying(self.model == "mbg_nbd", self.r, self.alpha, self.a, self.b),
            spending=Spending(self.p, self.q, self.gamma) if self.state == "done" else None,
        )
