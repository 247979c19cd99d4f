from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine.rules import CriterionRule
from ..metrics.registry import METRICS, available_metrics
from .customer_tier import LATER


class CustomerTierCriterion(models.Model):
    """A weighted metric of a policy, and how its figure becomes points."""

    _name = "customer.tier.criterion"
    _inherit = ["customer.tier.rules"]
    _description = "Tiering Criterion"
    _order = "policy_id, sequence, id"
    _rec_name = "metric"

    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    metric = fields.Selection("_selection_metric", required=True, help="The figure that is scored.")
    is_available = fields.Boolean(
        compute="_compute_is_available",
        help="Whether the app that provides the metric is installed. Otherwise tier runs leave the "
        "criterion out.",
    )
    unit = fields.Selection(
        [("money", "Money"), ("count", "Number"), ("days", "Days"), ("ratio", "Ratio")],
        compute="_compute_unit",
    )
    dimension = fields.Selection(
        [
            ("value", "Value"),
            ("loyalty", "Loyalty"),
            ("cooperation", "Cooperation"),
            ("potential", "Growth potential"),
        ],
        compute="_compute_dimension",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    weight = fields.Float(
        default=1, digits=(9, 2), help="Relative weight of the criterion in the score."
    )
    scale = fields.Selection(
        [
            ("percentile", "Rank among customers"),
            ("linear", "Linear between two figures"),
            ("bands", "By bands"),
        ],
        default="percentile",
        required=True,
        help="How the figure becomes points from 0 to 100.",
    )
    floor = fields.Float(
        digits=(16, 2),
        help="The figure that scores 0 points. If it is above the cap, less is better.",
    )
    cap = fields.Float(digits=(16, 2), help="The figure that scores 100 points.")
    missing = fields.Selection(
        [("ignore", "Leave out"), ("zero", "0 points")],
        "If Missing",
        default="ignore",
        required=True,
        help="How a customer without the figure is scored.",
    )
    band_ids = fields.One2many("customer.tier.criterion.band", "criterion_id", "Bands", copy=True)

    _weight_not_negative = models.Constraint(
        "CHECK (weight >= 0)", "The Weight of a criterion cannot be negative."
    )
    _metric_unique = models.Constraint(
        "UNIQUE (policy_id, metric)",
        "A policy can use a metric only once.",
    )

    @api.model
    def _selection_metric(self):
        """Return the metrics that can be chosen, and those of criteria whose add-on is gone."""
        available = available_metrics(self.env)
        offered = [(code, self.env._(metric.name)) for code, metric in available.items()]
        rows = self.env.execute_query(SQL("SELECT DISTINCT metric FROM customer_tier_criterion"))
        gone = sorted({code for (code,) in rows} - set(available))
        return offered + [(code, self.env._("%s (not available)", code)) for code in gone]

    @api.depends("metric")
    def _compute_is_available(self):
        metrics = available_metrics(self.env)
        for criterion in self:
            criterion.is_available = criterion.metric in metrics

    @api.depends("metric")
    def _compute_unit(self):
        for criterion in self:
            metric = METRICS.get(criterion.metric)
            criterion.unit = metric.unit if metric else False

    @api.depends("metric")
    def _compute_dimension(self):
        for criterion in self:
            metric = METRICS.get(criterion.metric)
            criterion.dimension = metric.dimension if metric else "value"

    @api.constrains("weight", "policy_id")
    def _check_weights(self):
        if self.env.context.get("tiering_lines_checked_later") is not LATER:
            self.policy_id._check_weights()

    @api.constrains("scale", "floor", "cap", "band_ids")
    def _check_scale(self):
        for criterion in self:
            label = criterion.display_name
            if criterion.scale == "linear" and criterion.floor == criterion.cap:
                raise ValidationError(
                    self.env._(
                        "Floor and Cap of %(criterion)s cannot be the same (%(figure)s).",
                        criterion=label,
                        figure=f"{criterion.cap:g}",
                    )
                )
            if criterion.scale == "bands" and not criterion.band_ids:
                raise ValidationError(self.env._("Add at least one band to %s.", label))

    @api.depends("metric")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._selection_metric())
        for criterion in self:
            criterion.display_name = labels.get(criterion.metric, criterion.metric)

    def _get_rule_lines(self):
        return {"band_ids": "threshold"}

    def _prepare_rule(self):
        """Return the criterion as the engine's plain values."""
        self.ensure_one()
        return CriterionRule(
            metric=self.metric,
            dimension=self.dimension,
            weight=self.weight,
            scale=self.scale,
            higher_is_better=METRICS[self.metric].higher_is_better,
            zero_is_nothing=METRICS[self.metric].zero_is_nothing,
            floor=self.floor,
            cap=self.cap,
            bands=tuple((band.threshold, band.points) for band in self.band_ids),
            missing=self.missing,
        )

    def _prepare_explanation(self):
        """Return what an explanation needs to know of the criterion, as JSON values."""
        self.ensure_one()
        return {
            "metric": self.metric,
            "unit": self.unit,
            "dimension": self.dimension,
            "weight": self.weight,
            "scale": self.scale,
            "floor": self.floor,
            "cap": self.cap,
            "bands": [[band.threshold, band.points] for band in self.band_ids],
            "missing": self.missing,
        }
