import hashlib
import logging
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.addons.set_based_runs.large_statements import interpret
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..engine import VendorScope, gathered_events
from ..measures import available_measures, read_figures
from ..tools.default_scorecard import band_commands, criteria_commands, translate_bands
from ..tools.score import band_of, hold, rate

_logger = logging.getLogger(__name__)

# The months on a vendor's page, the current one among them.
TREND_MONTHS = 13
ACTIONS = [
    ("none", "Nothing"),
    ("warn", "Warn"),
    ("approve", "Needs Approval"),
    ("block", "Block"),
]


class VendorScorecard(models.Model):
    """By what a company measures its vendors, and what follows from the score."""

    _name = "vendor.scorecard"
    _description = "Vendor Scorecard"
    _inherit = ["mail.thread"]
    _order = "company_id, id"

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    period_months = fields.Integer(
        "Period (Months)",
        default=12,
        required=True,
        tracking=True,
        help="What was due in so many months up to today counts.",
        aggregator=None,
    )
    min_rated_weight = fields.Float(
        "Least Weight Rated (%)",
        default=60,
        digits=(5, 2),
        tracking=True,
        help="Under this share of the weights a vendor is unrated and has no score.",
    )
    worse_periods = fields.Integer(
        "Months until Downgrade",
        default=2,
        required=True,
        tracking=True,
        help="A vendor moves to a worse band when the score was below at so many months' figures "
        "running; to a better one at once.",
    )
    delivery_tolerance = fields.Float(
        default=0.0,
        tracking=True,
        help="A receipt that is short by no more than this share of the promised quantity counts "
        "as in full.",
    )
    price_tolerance = fields.Float(
        default=0.005,
        digits=(6, 4),
        tracking=True,
        help="A bill may differ by this share from the promised price.",
    )
    quality_days = fields.Integer(
        "Defects Found within (Days)",
        default=90,
        required=True,
        tracking=True,
        help="What goes back or is scrapped within so many days of a receipt is its defect.",
    )
    rank_strength = fields.Float(
        default=10,
        digits=(6, 2),
        help="For ranking, so many deliveries at all vendors' average rate are added to each "
        "vendor's own: one good delivery does not make the best vendor.",
    )
    unrated_rfq_action = fields.Selection(
        ACTIONS, "Unrated: RFQs", default="none", required=True, tracking=True
    )
    unrated_order_action = fields.Selection(
        ACTIONS, "Unrated: Orders", default="none", required=True, tracking=True
    )
    criterion_ids = fields.One2many(
        "vendor.scorecard.criterion",
        "scorecard_id",
        "Criteria",
        copy=True,
        default=lambda self: criteria_commands(available_measures(self.env)),
    )
    band_ids = fields.One2many(
        "vendor.scorecard.band",
        "scorecard_id",
        "Bands",
        copy=True,
        default=lambda self: band_commands(self.env),
    )
    standing_ids = fields.One2many("vendor.standing", "scorecard_id", "Vendors")
    calculated_at = fields.Datetime("Last Calculated", readonly=True, copy=False)
    facts_at = fields.Datetime("Deliveries Found", readonly=True, copy=False)
    facts_rules = fields.Char("Rules of the Deliveries", readonly=True, copy=False)
    rated_count = fields.Integer("Rated Vendors", compute="_compute_counts")
    unrated_count = fields.Integer("Unrated Vendors", compute="_compute_counts")
    blocks = fields.Boolean(compute="_compute_blocks")

    _one_active = models.UniqueIndex(
        "(company_id) WHERE active", "A company has one active vendor scorecard."
    )
    _figures = models.Constraint(
        "CHECK (period_months BETWEEN 1 AND 60 AND worse_periods BETWEEN 1 AND 24 "
        "AND min_rated_weight BETWEEN 0 AND 100 AND delivery_tolerance >= 0 "
        "AND delivery_tolerance < 1 AND price_tolerance >= 0 AND price_tolerance < 1 "
        "AND rank_strength >= 0 AND quality_days BETWEEN 0 AND 3650)",
        "The period is 1 to 60 months, a downgrade takes 1 to 24 months, shares are between 0 and "
        "100 %, and the strength of the ranking is not negative.",
    )

    def _compute_counts(self):
        counts = {
            (scorecard, state): count
            for scorecard, state, count in self.env["vendor.standing"]._read_group(
                [("scorecard_id", "in", self.ids)], ["scorecard_id", "state"], ["__count"]
            )
        }
        for scorecard in self:
            scorecard.rated_count = counts.get((scorecard, "rated"), 0)
            scorecard.unrated_count = counts.get((scorecard, "unrated"), 0)

    @api.depends("band_ids.rfq_action", "band_ids.order_action",
                 "unrated_rfq_action", "unrated_order_action")  # fmt: skip
    def _compute_blocks(self):
        for scorecard in self:
            actions = [
                *scorecard.band_ids.mapped("rfq_action"),
                *scorecard.band_ids.mapped("order_action"),
                scorecard.unrated_rfq_action,
                scorecard.unrated_order_action,
            ]
            scorecard.blocks = any(action != "none" for action in actions)

    @api.constrains("band_ids", "active")
    def _check_bands(self):
        for scorecard in self:
            if not scorecard.band_ids:
                raise ValidationError(self.env._("Add bands to %s.", scorecard.name))
            if 0 not in scorecard.band_ids.mapped("min_score"):
                raise ValidationError(
                    self.env._(
                        "One band must begin at 0, so that every score of %s has one.",
                        scorecard.name,
                    )
                )

    @api.constrains("criterion_ids", "active")
    def _check_criteria(self):
        for scorecard in self:
            if not sum(scorecard.criterion_ids.mapped("weight")) > 0:
                raise ValidationError(
                    self.env._("Give at least one criterion of %s a weight.", scorecard.name)
                )

    def copy_data(self, default=None):
        # A company has one that is active.
        return super().copy_data({"active": False, **(default or {})})

    def write(self, vals):
        if vals.get("active"):
            # Another one kept the company's receipts meanwhile, maybe of a shorter period.
            vals = {**vals, "facts_at": False}
        result = super().write(vals)
        if not {"active", "unrated_rfq_action", "unrated_order_action"}.isdisjoint(vals):
            self.env["vendor.standing"]._forget_blocked()
        return result

    @api.model
    def _selection_measure(self):
        """Return the measures that this database offers, as pairs of code and name."""
        return [
            (code, self.env._(measure.name))
            for code, measure in available_measures(self.env).items()
        ]

    @api.model
    def _create_missing_defaults(self):
        """Give every company a scorecard that has none yet; nothing in it stops an order."""
        for company in self.env["res.company"].search([]):
            if not self.with_context(active_test=False).search_count(
                [("company_id", "=", company.id)], limit=1
            ):
                self._make_default(company)

    @api.model
    def _make_default(self, company):
        """Return a new scorecard of a company, with the usual criteria and bands."""
        english = self.with_context(lang="en_US")
        created = english.create(
            {
                "name": self.env._("Vendors of %s", company.sudo().name),
                "company_id": company.id,
            }
        )
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        created._translate_default_names(languages)
        return created.with_env(self.env)

    def _translate_default_names(self, languages):
        """Name the usual bands in languages where they have no name of their own yet.

        They are made by code and have no external id, so loading translations passes them over.

        :param languages: codes such as ``zh_CN``
        """
        translate_bands(self.band_ids, languages)

    @api.model
    def _of_company(self, company):
        """Return the active scorecard of a company."""
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    def action_recalculate(self):
        """Find all figures of the company anew, and rate every vendor."""
        self.check_access("read")
        if not self.env.user.has_group("purchase.group_purchase_user"):
            raise UserError(self.env._("Buyers alone recalculate scorecards."))
        for scorecard in self.sudo():
            if not scorecard.try_lock_for_update():
                raise UserError(
                    self.env._("%s is being calculated at this moment.", scorecard.name)
                )
            scorecard._recalculate(is_full=True)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(rated)s vendors rated, %(unrated)s unrated.",
                    rated=sum(self.mapped("rated_count")),
                    unrated=sum(self.mapped("unrated_count")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_standings(self):
        """Open the vendors that the scorecard rates."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_scorecard.vendor_standing_action"
        )
        return {**action, "domain": [("scorecard_id", "=", self.id)]}

    @api.model
    def _cron_recalculate(self):
        """Rate the vendors of every company: what was due and what changed since the last time."""
        scorecards = self.search([])
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(scorecards))
        for scorecard in scorecards:
            if scorecard.try_lock_for_update():
                try:
                    with self.env.cr.savepoint():
                        scorecard._recalculate()
                except (UserError, ValueError):
                    # One company's figures do not keep the others' from being calculated.
                    _logger.exception("Scorecard %s could not be calculated", scorecard.id)
            if not commit(processed=1):
                return

    def _recalculate(self, is_full=False):
        """Find what became of the promises, and rate every vendor of the company.

        :param is_full: whether every line is found anew, also those that nothing was written about
        """
        self.ensure_one()
        # Whoever asks for it, all of the company's orders are looked at.
        self = self.sudo()
        now = fields.Datetime.now()
        self.env["vendor.promise"]._add_missing(self.company_id)
        scope = self._prepare_scope()
        rules = self._describe_rules(scope)
        is_known = not is_full and self.facts_at and self.facts_rules == rules
        self.env["vendor.delivery"]._refresh(scope, self.facts_at if is_known else None)
        self.write({"facts_at": now, "facts_rules": rules})
        self._rate(scope)
        if not self.env["vendor.standing.month"].search_count(
            [
                ("standing_id.company_id", "=", self.company_id.id),
                ("month", "<", scope.end.replace(day=1)),
            ],
            limit=1,
        ):
            self._look_back()
        self.calculated_at = now

    def _prepare_scope(self, as_of=None, partners=None):
        """Return what is measured, up to and not including a local day.

        :param as_of: the day, today by default
        :param partners: the vendors; all by default
        """
        self.ensure_one()
        company = self.company_id.sudo()
        today = company._vmi_today()
        end = as_of or today
        lines = self.env["vmi.agreement.line"].sudo()
        return VendorScope(
            company_id=company.id,
            lines=SQL("NULL::integer[]"),
            today=today,
            timezone=company._vmi_timezone(),
            conditions=lines._get_conditions(company),
            first=end - relativedelta(months=self.period_months),
            end=end,
            tolerance=self.delivery_tolerance,
            price_tolerance=self.price_tolerance,
            kit_ids=tuple(self._get_kit_ids()),
            partner_ids=None if partners is None else tuple(partners.ids),
            quality_days=self.quality_days,
        )

    def _describe_rules(self, scope):
        """Return by what lines are judged: when it changes, every line is judged anew."""
        rules = (scope.timezone, scope.tolerance, scope.kit_ids, self.period_months,
                 scope.conditions.receipt, scope.conditions.receipt_return)  # fmt: skip
        return hashlib.sha256(repr(rules).encode()).hexdigest()

    def _get_kit_ids(self):
        products = self.env["product.product"].sudo().with_company(self.company_id)
        if "is_kits" not in products._fields:
            return []
        return products.with_context(active_test=False).search([("is_kits", "=", True)]).ids

    def _rate(self, scope):
        """Rate every vendor as of the scope's day, and write what changed."""
        interpret(self.env.cr)
        measures = available_measures(self.env)
        scope = replace(scope, has_receipts=True)
        with gathered_events(self.env.cr, scope) as scope:
            figures = read_figures(self.env, scope, measures)
        results = self._score(figures, self._get_vendor_ids(scope, measures, figures))
        self.env["vendor.standing"].sudo()._write_results(self, scope.end, results, figures)

    def _look_back(self):
        """Rate the months before by what is known today, so that a new scorecard has a past."""
        this_month = self.company_id._vmi_today().replace(day=1)
        measures = available_measures(self.env)
        months = [this_month - relativedelta(months=ago) for ago in range(TREND_MONTHS - 1, 0, -1)]
        scopes = [self._prepare_scope(month + relativedelta(months=1)) for month in months]
        with gathered_events(self.env.cr, scopes[0]) as gathered:
            for month, scope in zip(months, scopes, strict=True):
                figures = read_figures(self.env, replace(scope, events=gathered.events), measures)
                results = self._score(figures, figures)
                self.env["vendor.standing"].sudo()._write_months(self, month, results)

    def _score(self, figures, partner_ids):
        """Return the :class:`~..tools.score.Result` by vendor's id."""
        criteria = [criterion._prepare_rule() for criterion in self.criterion_ids]
        commons = self._get_common_rates(figures)
        return {
            partner_id: rate(
                figures.get(partner_id, {}),
                criteria,
                self.min_rated_weight,
                commons,
                self.rank_strength,
            )
            for partner_id in partner_ids
        }

    @api.model
    def _get_common_rates(self, figures):
        """Return by measure the rate of all vendors together, each with its weight of events."""
        sums = {}
        for of_partner in figures.values():
            for code, figure in of_partner.items():
                if figure.effective and figure.value is not None:
                    total, weight = sums.get(code, (0.0, 0.0))
                    sums[code] = (
                        total + figure.value * figure.effective,
                        weight + figure.effective,
                    )
        return {code: total / weight for code, (total, weight) in sums.items()}

    def _get_vendor_ids(self, scope, measures, figures):
        """Return the ids of the vendors of whom anything is known, and of those with a standing.

        Somebody who only sends bills is not rated.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT partner_id FROM vendor_promise WHERE company_id = %(company)s
                 UNION
                SELECT partner_id FROM vendor_standing WHERE company_id = %(company)s
                """,
                company=scope.company_id,
            )
        )
        about_them = {code for code, measure in measures.items() if measure.topic != "ours"}
        known = {
            partner_id
            for partner_id, of_partner in figures.items()
            if any(code in about_them and figure.base for code, figure in of_partner.items())
        }
        return sorted(known | {partner_id for (partner_id,) in rows})

    def _get_bands(self):
        """Return pairs (lower bound, band's id)."""
        return [(band.min_score, band.id) for band in self.band_ids]

    def _judge(self, standing, result, day):
        """Return the bands that a score gives: by the score alone, held, and since when worse.

        :param standing: a dict of ``earned_band_id`` and ``worse_since``, None for a new one
        """
        bands = self._get_bands()
        order = {key: least for least, key in bands}
        candidate = band_of(result.score, bands)
        held = standing and standing["earned_band_id"]
        since = standing and standing["worse_since"]
        earned, worse_since = hold(held, candidate, since, day, self.worse_periods, order)
        return candidate, earned, worse_since

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_standings(self):
        if self.env["vendor.standing"].search_count([("scorecard_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("Archive the scorecard: vendors were rated by it."))
