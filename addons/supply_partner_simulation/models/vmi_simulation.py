from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare, format_amount
from odoo.tools.misc import formatLang

from ..engine import Simulation, SimulationScope

# By what minimum and maximum are multiplied for the sensitivity, besides what is agreed.
SENSITIVITY_FACTORS = (0.5, 0.75, 1.25, 1.5, 2)
# Products times days up to which that is done at once; beyond, when somebody asks for it.
MOST_AT_ONCE = 100_000
MONTHS = 12
# Money from here on is told without cents.
LEAST_ROUNDED = 100
MOST_MONTHS = 120
# What is told of the simulated days and, with the prefix "actual_", of the days as they were.
FIGURES = ("fill_rate", "out_days", "stock_value", "order_count", "order_qty")


class VmiSimulation(models.Model):
    """Past months under the terms of an agreement, beside what actually happened."""

    _name = "vmi.simulation"
    _description = "Simulation of a Supply Agreement"
    _order = "create_date desc, id desc"
    _check_company_auto = True

    agreement_id = fields.Many2one(
        "vmi.agreement", required=True, ondelete="cascade", index=True, check_company=True
    )
    partner_id = fields.Many2one(
        related="agreement_id.partner_id", store=True, precompute=True, string="Vendor"
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    months = fields.Integer(
        default=MONTHS, required=True, help="How many months up to yesterday are simulated."
    )
    date_start = fields.Date(
        "First Day", compute="_compute_days", store=True, readonly=False, precompute=True
    )
    date_end = fields.Date(
        "Last Day", compute="_compute_days", store=True, readonly=False, precompute=True
    )
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Done")], default="draft", required=True, readonly=True
    )
    line_ids = fields.One2many("vmi.simulation.line", "simulation_id", "Products", readonly=True)
    factor_ids = fields.One2many(
        "vmi.simulation.factor", "simulation_id", "Sensitivity", readonly=True
    )
    fill_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of the demand that would have been there on the day.",
    )
    actual_fill_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of what was to deliver that was delivered by its day. The point of sale knows "
        "no unmet demand: where all was sold there, the share of days that ended with stock.",
    )
    out_days = fields.Integer(
        "Days Out of Stock",
        readonly=True,
        help="Days that ended with nothing on hand, summed over the products.",
    )
    actual_out_days = fields.Integer("Actual Days Out of Stock", readonly=True)
    stock_value = fields.Monetary(
        "Average Stock Value",
        readonly=True,
        help="Stock at the end of each day at its cost, as the mean of the days.",
    )
    actual_stock_value = fields.Monetary("Actual Average Stock Value", readonly=True)
    order_count = fields.Integer(
        "Orders", readonly=True, help="Days on which anything would have been ordered."
    )
    actual_order_count = fields.Integer("Actual Orders", readonly=True)
    order_qty = fields.Float(
        "Average Order Quantity",
        digits="Product Unit",
        readonly=True,
        aggregator="avg",
        help="Quantity of a product in an order, as a mean.",
    )
    actual_order_qty = fields.Float(
        "Actual Average Order Quantity", digits="Product Unit", readonly=True, aggregator="avg"
    )
    terms = fields.Json(readonly=True, copy=False, help="The terms that were simulated.")
    agreement_state = fields.Selection(
        related="agreement_id.state", string="State of the Agreement"
    )
    summary = fields.Char("Result", compute="_compute_summary")
    details = fields.Char(compute="_compute_summary")
    verdict = fields.Selection(
        [("better", "Better"), ("same", "As it was"), ("worse", "Worse")],
        compute="_compute_summary",
        help="By the fill rate and, where it is the same, by the stock.",
    )
    series = fields.Json(readonly=True, help="What the stock was worth at the end of each day.")
    stock_chart = fields.Json("Stock by Day", compute="_compute_stock_chart")
    service_chart = fields.Json("Fill Rate by Stock", compute="_compute_service_chart")

    @api.constrains("months", "date_start", "date_end")
    def _check_days(self):
        for simulation in self:
            today = simulation.company_id._vmi_today()
            earliest = today - relativedelta(months=MOST_MONTHS)
            start, end = simulation.date_start, simulation.date_end
            if not 1 <= simulation.months <= MOST_MONTHS or (start and start < earliest):
                raise ValidationError(
                    self.env._(
                        "A simulation covers 1 to %(most)s months, from %(earliest)s at the "
                        "earliest: choose other Months or a later First Day.",
                        most=MOST_MONTHS,
                        earliest=format_full_day(self.env, earliest),
                    )
                )
            if not (start and end and start <= end < today):
                raise ValidationError(
                    self.env._(
                        "A simulation runs over past days: the First Day must not lie after the "
                        "Last Day, and the Last Day not after yesterday."
                    )
                )

    @api.depends("agreement_id.name", "date_start", "date_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for simulation in self:
            simulation.display_name = self.env._(
                "%(agreement)s, %(start)s to %(end)s",
                agreement=simulation.agreement_id.name,
                start=format_full_day(self.env, simulation.date_start),
                end=format_full_day(self.env, simulation.date_end),
            )

    @api.depends("months", "agreement_id")
    def _compute_days(self):
        for simulation in self:
            today = (simulation.company_id or self.env.company)._vmi_today()
            months = min(max(simulation.months, 0), MOST_MONTHS)
            simulation.date_start = today - relativedelta(months=months)
            simulation.date_end = today - timedelta(days=1)

    @api.depends_context("lang")
    @api.depends(
        "state", "fill_rate", "actual_fill_rate", "stock_value", "actual_stock_value", "out_days",
        "actual_out_days", "order_count", "actual_order_count",
    )  # fmt: skip
    def _compute_summary(self):
        self.summary = False
        self.details = False
        self.verdict = False
        for simulation in self.filtered(lambda simulation: simulation.state == "done"):
            simulation.summary = simulation._describe_result()
            simulation.details = simulation._describe_details()
            simulation.verdict = simulation._judge()

    def _describe_result(self):
        """Return in a sentence what the terms would have made of service and stock."""
        simulated, actual = (
            self._format_rate(self.fill_rate),
            self._format_rate(self.actual_fill_rate),
        )
        if simulated == actual:
            return self.env._(
                "Fill rate %(rate)s %% as it was, %(stock)s",
                rate=simulated,
                stock=self._describe_stock(),
            )
        return self.env._(
            "Fill rate %(simulated)s %% instead of %(actual)s %%, %(stock)s",
            simulated=simulated,
            actual=actual,
            stock=self._describe_stock(),
        )

    def _describe_stock(self):
        difference = self.stock_value - self.actual_stock_value
        if abs(difference) >= LEAST_ROUNDED:
            difference = round(difference)
        if self.currency_id.is_zero(difference):
            return self.env._("the same stock")
        money = format_amount(
            self.env, abs(difference), self.currency_id, trailing_zeroes=difference % 1 != 0
        )
        return self.env._(
            "stock %(sign)s\N{NO-BREAK SPACE}%(money)s",
            sign="−" if difference < 0 else "+",
            money=money,
        )

    def _describe_details(self):
        return self.env._(
            "%(days)s days out of stock instead of %(actual_days)s · %(orders)s orders instead of "
            "%(actual_orders)s",
            days=self.out_days,
            actual_days=self.actual_out_days,
            orders=self.order_count,
            actual_orders=self.actual_order_count,
        )

    def _judge(self):
        """Return whether it would have been better: by service first, then by stock."""
        service = float_compare(self.fill_rate, self.actual_fill_rate, precision_digits=3)
        stock = self.currency_id.compare_amounts(self.actual_stock_value, self.stock_value)
        return {1: "better", 0: "same", -1: "worse"}[service or stock]

    def _format_rate(self, rate):
        """Return a share in percent, with one decimal where it has one."""
        percent = round(100 * rate, 1)
        return formatLang(self.env, percent, digits=0 if percent == round(percent) else 1)

    @api.depends("series")
    def _compute_stock_chart(self):
        for simulation in self:
            simulation.stock_chart = simulation._prepare_stock_chart(
                simulation.series, simulation.currency_id.name
            )

    @api.depends("factor_ids.fill_rate", "factor_ids.stock_value", "actual_stock_value")
    def _compute_service_chart(self):
        def point(stock_value, fill_rate, note):
            return {"x": round(stock_value, 2), "y": round(100 * fill_rate, 2), "note": note}

        for simulation in self:
            points = [
                point(factor.stock_value, factor.fill_rate, f"× {factor.factor:g}")
                for factor in simulation.factor_ids
            ]
            actual = point(simulation.actual_stock_value, simulation.actual_fill_rate, "")
            simulation.service_chart = len(points) > 1 and {
                "x": self.env._("Average stock in %s", simulation.currency_id.name),
                "y": self.env._("Fill rate in %"),
                "lines": [
                    {"name": self.env._("Minimum and maximum × 0.5 to 2"), "points": points},
                    {"name": self.env._("Actual"), "points": [actual]},
                ],
            }

    def _prepare_stock_chart(self, series, unit):
        """Return what the chart of stock by day shows; a falsy value where nothing is simulated.

        :param series: the stock at the end of each day, ``simulated`` and ``actual``
        :param unit: the name of what it is counted in
        """
        return self.series and {
            "x": self.env._("Day"),
            "y": self.env._("Stock in %s", unit),
            "labels": [
                format_full_day(self.env, fields.Date.to_date(day)) for day in self.series["days"]
            ],
            "lines": [
                {"name": self.env._("Simulated"), "points": series["simulated"]},
                {"name": self.env._("Actual"), "points": series["actual"]},
            ],
        }

    def action_run(self):
        """Simulate the days under the terms of the agreement as they are now.

        The sensitivity is found as well, unless there are very many products and days.

        :raise UserError: when there is nothing to simulate
        """
        for simulation in self:
            days = (simulation.date_end - simulation.date_start).days + 1
            is_small = len(simulation.agreement_id.line_ids) * days <= MOST_AT_ONCE
            simulation._run((1, *SENSITIVITY_FACTORS) if is_small else (1,))

    def action_ask_start(self):
        """Start the agreement whose result this is, once the buyer agrees; then show it."""
        self.ensure_one()
        action = self.agreement_id.action_ask_start()
        return {**action, "context": {**action["context"], "shows_agreement": True}}

    def action_analyze_sensitivity(self):
        """Simulate the days again, with minimum and maximum from half to twice as high as well.

        :raise UserError: when there is nothing to simulate
        """
        for simulation in self:
            simulation._run((1, *SENSITIVITY_FACTORS))

    def _run(self, factors):
        self.check_access("write")
        self.agreement_id.check_access("write")
        if not self.agreement_id.line_ids:
            raise UserError(
                self.env._(
                    "%s has no products: add at least one before simulating it.",
                    self.agreement_id.name,
                )
            )
        with self.sudo()._prepare_simulation(factors) as simulation:
            simulation.run()
            if not simulation.has_demand():
                raise UserError(self._describe_no_demand())
            self.sudo()._apply(simulation)

    def _prepare_simulation(self, factors):
        """Return the :class:`~..engine.simulation.Simulation` of the days, for ``with``.

        :param factors: by which minimum and maximum are multiplied, 1 among them
        """
        # The statements read the tables of half of Odoo.
        self.env.flush_all()
        agreement, company = self.agreement_id, self.company_id
        lines = agreement.line_ids.with_company(company)
        scope = SimulationScope(
            review=lines._prepare_scope(company),
            agreement_id=agreement.id,
            first=self.date_start,
            last=self.date_end,
            demand_period=agreement.demand_period_days,
            minimum_value=agreement.minimum_order_value,
            reviews=tuple(agreement._iterate_reviews(self.date_start, self.date_end)),
            factors=factors,
            costs=tuple((line.id, line.product_id.standard_price) for line in lines),
            sold_at_once=self._get_sold_at_once(),
            glide=agreement._get_glide_terms() if agreement.glide_is_on else None,
        )
        return Simulation(self.env.cr, scope)

    def _get_sold_at_once(self):
        """Return SQL over ``picking`` for whether a customer who found nothing left."""
        return self.env["vmi.agreement.line"]._get_sold_at_once_condition()

    def _describe_no_demand(self):
        return self.env._(
            "No product of %(agreement)s was delivered, sold or used from %(location)s between "
            "%(start)s and %(end)s, so there is nothing to simulate: choose other days, or start "
            "the agreement and simulate it later.",
            agreement=self.agreement_id.name,
            location=self.agreement_id.location_id.display_name,
            start=format_full_day(self.env, self.date_start),
            end=format_full_day(self.env, self.date_end),
        )

    def _apply(self, simulation):
        """Write what was found, in place of what was found before.

        :param simulation: the :class:`~..engine.simulation.Simulation`, which has run
        """
        self.line_ids.unlink()
        self.factor_ids.unlink()
        simulation.add_lines(self.id, self.company_id.id)
        self.line_ids.invalidate_model()
        self.invalidate_recordset(["line_ids"])
        factors = self.env["vmi.simulation.factor"].create(
            [
                {"simulation_id": self.id, "factor": row["factor"], **_figures_of(row)}
                for row in simulation.get_factors()
            ]
        )
        agreed = factors.filtered(lambda factor: factor.factor == 1)
        days = simulation.get_stock()
        self.write(
            {
                **{name: agreed[name] for name in FIGURES},
                **_figures_of(simulation.get_actual(), "actual_"),
                "series": {
                    "days": [str(row["day"]) for row in days],
                    "simulated": [round(row["simulated"], 2) for row in days],
                    "actual": [round(row["actual"], 2) for row in days],
                },
                "terms": self._describe_terms(),
                "state": "done",
            }
        )

    def _describe_terms(self):
        """Return what is simulated, to be compared with what was, as JSON has it."""
        usual = self.new({"agreement_id": self.agreement_id.id, "months": self.months})
        days = [str(self.date_start), str(self.date_end)]
        is_usual = days == [str(usual.date_start), str(usual.date_end)]
        return {
            **self.agreement_id._describe_simulated_terms(),
            "days": self.months if is_usual else days,
        }


def _figures_of(row, prefix=""):
    return {f"{prefix}{name}": row[name] or 0 for name in FIGURES}
