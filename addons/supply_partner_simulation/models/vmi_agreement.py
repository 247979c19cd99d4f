from odoo import api, fields, models

from .vmi_simulation import MONTHS, MOST_MONTHS

# Terms of the agreement itself by which a simulation goes, besides those of its lines.
SIMULATED_FIELDS = (
    "demand_period_days",
    "planning_horizon_days",
    "minimum_order_value",
    "review_frequency",
    "review_days",
    "glide_is_on",
    "glide_cycle_days",
    "glide_step",
    "glide_floor",
    "glide_target",
)


class VmiAgreement(models.Model):
    """An agreement that can be simulated on past months."""

    _inherit = "vmi.agreement"

    simulation_months = fields.Integer(
        "Simulation Period",
        default=MONTHS,
        required=True,
        help="How many months up to yesterday are simulated.",
    )
    simulation_ids = fields.One2many("vmi.simulation", "agreement_id", "Simulations")
    last_simulation_id = fields.Many2one("vmi.simulation", compute="_compute_last_simulation")
    simulation_line_ids = fields.One2many(
        "vmi.simulation.line", string="Simulated Products", compute="_compute_last_simulation"
    )
    simulation_factor_ids = fields.One2many(
        "vmi.simulation.factor", string="Sensitivity", compute="_compute_last_simulation"
    )
    simulation_stock_chart = fields.Json("Stock by Day", compute="_compute_last_simulation")
    simulation_service_chart = fields.Json("Fill Rate by Stock", compute="_compute_last_simulation")

    _simulation_months_range = models.Constraint(
        f"CHECK (simulation_months BETWEEN 1 AND {MOST_MONTHS})",
        "The Simulation Period must be 1 to 120 months.",
    )

    @api.depends("simulation_ids.state", "simulation_ids.line_ids", "simulation_ids.factor_ids")
    def _compute_last_simulation(self):
        for agreement in self:
            done = agreement.simulation_ids.filtered(lambda r: r.state == "done")
            last = done.sorted("id")[-1:]
            agreement.last_simulation_id = last
            agreement.simulation_line_ids = last.line_ids
            agreement.simulation_factor_ids = last.factor_ids
            agreement.simulation_stock_chart = last.stock_chart
            agreement.simulation_service_chart = last.service_chart

    def action_simulate(self):
        """Simulate the last months under the terms as they are now, and show the result.

        A simulation of the same terms over as many months is done again in its place; others are
        kept beside it, to compare with.

        :raise UserError: when there is nothing to simulate
        """
        self.ensure_one()
        self._check_in_state("draft", "running")
        wanted = self.env["vmi.simulation"].new(
            {"agreement_id": self.id, "months": self.simulation_months}
        )
        terms = wanted._describe_terms()
        simulation = self.simulation_ids.filtered(lambda former: former.terms == terms)[:1]
        if simulation:
            simulation.write({"date_start": wanted.date_start, "date_end": wanted.date_end})
        else:
            simulation = simulation.create({"agreement_id": self.id, "months": wanted.months})
        simulation.action_run()
        return simulation.get_formview_action()

    def action_analyze_sensitivity(self):
        """Simulate the days of the last simulation again, with its sensitivity."""
        self.ensure_one()
        self.last_simulation_id.action_analyze_sensitivity()

    def _describe_simulated_terms(self):
        """Return the terms that a simulation goes by, as JSON has them."""
        self.ensure_one()
        return {
            "agreement": [
                *(str(self[name]) for name in SIMULATED_FIELDS),
                *(str(weekday) for weekday in self._get_review_weekdays()),
            ],
            "lines": [
                [line.product_id.id, *(str(term) for term in line._describe_terms().values())]
                for line in self.line_ids.sorted("id")
            ],
        }

    def _iterate_reviews(self, first, last):
        """Yield the days of the reviews in a span of days, each with the day of the next."""
        self.ensure_one()
        day = self._get_review_date(first)
        while day <= last:
            following = self._get_next_review_date(day)
            yield day, following
            day = following
