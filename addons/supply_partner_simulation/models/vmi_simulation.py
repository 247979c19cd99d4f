from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_amount, format_date
from odoo.tools.misc import formatLang

from ..engine import (
    SimulationScope,
    days_query,
    factors_query,
    forget,
    lines_query,
    simulate,
    totals_query,
    wanted_query,
)

# Minimum and maximum are tried multiplied by these, too, besides what is agreed.
OTHER_FACTORS = (0.5, 0.75, 1.25, 1.5, 2)
# Products times days up to which that is done at once; beyond, when somebody asks for it.
MOST_AT_ONCE = 100_000
MONTHS = 12
MOST_MONTHS = 120
# Columns of a line, and of the engine's rows.
LINE_COLUMNS = {
    "line_id": "line_id",
    "product_id": "product_id",
    "problem": "problem",
    "demanded_qty": "wanted",
    "lost_qty": "lost",
    "fill_rate": "fill_rate",
    "actual_fill_rate": "actual_fill_rate",
    "out_days": "out_days",
    "actual_out_days": "actual_out_days",
    "stock_qty": "stock_qty",
    "actual_stock_qty": "actual_stock_qty",
    "stock_value": "stock_value",
    "actual_stock_value": "actual_stock_value",
    "order_count": "order_count",
    "actual_order_count": "actual_order_count",
    "order_qty": "order_qty",
    "actual_order_qty": "actual_order_qty",
    "series": "series",
}
FIGURES = ("fill_rate", "out_days", "stock_value", "order_count", "order_qty")


class VmiSimulation(models.Model):
    """Some past months replayed under the terms of an agreement, beside what really happened."""

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
        default=MONTHS, required=True, help="How many months up to yesterday are replayed."
    )
    date_start = fields.Date(
        "First Day", compute="_compute_days", store=True, readonly=False, precompute=True
    )
    date_end = fields.Date(
        "Last Day", compute="_compute_days", store=True, readonly=False, precompute=True
    )
    state = fields.Selection(
        [("draft", "Not Yet Run"), ("done", "Done")], default="draft", required=True, readonly=True
    )
    line_ids = fields.One2many("vmi.simulation.line", "simulation_id", "Products", readonly=True)
    factor_ids = fields.One2many(
        "vmi.simulation.factor", "simulation_id", "Stock against Service", readonly=True
    )
    fill_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Share of what was wanted that would have been there on the day.",
    )
    actual_fill_rate = fields.Float(
        "Fill Rate, Real",
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
    actual_out_days = fields.Integer("Days Out of Stock, Real", readonly=True)
    stock_value = fields.Monetary(
        "Average Stock",
        readonly=True,
        help="Stock at the end of each day at its cost, as the mean of the days.",
    )
    actual_stock_value = fields.Monetary("Average Stock, Real", readonly=True)
    order_count = fields.Integer(
        "Orders", readonly=True, help="Days on which anything would have been ordered."
    )
    actual_order_count = fields.Integer("Orders, Real", readonly=True)
    order_qty = fields.Float(
        "Average Size",
        digits="Product Unit",
        readonly=True,
        aggregator="avg",
        help="Quantity of a product in an order, as a mean.",
    )
    actual_order_qty = fields.Float(
        "Average Size, Real", digits="Product Unit", readonly=True, aggregator="avg"
    )
    terms = fields.Json(readonly=True, copy=False, help="Under which terms the days were replayed.")
    summary = fields.Char(compute="_compute_summary")
    series = fields.Json(readonly=True, help="What the stock was worth at the end of each day.")
    stock_chart = fields.Json("Stock a Day", compute="_compute_stock_chart")
    service_chart = fields.Json("Service by Stock", compute="_compute_service_chart")

    @api.depends("agreement_id.name", "date_start", "date_end")
    def _compute_display_name(self):
        for simulation in self:
            simulation.display_name = self.env._(
                "%(agreement)s, %(start)s to %(end)s",
                agreement=simulation.agreement_id.name,
                start=simulation.date_start,
                end=simulation.date_end,
            )

    @api.depends("state", "fill_rate", "actual_fill_rate", "stock_value", "actual_stock_value")
    def _compute_summary(self):
        self.summary = False
        for simulation in self.filtered(lambda simulation: simulation.state == "done"):
            difference = simulation.stock_value - simulation.actual_stock_value
            money = format_amount(self.env, abs(difference), simulation.currency_id)
            simulation.summary = self.env._(
                "Fill rate %(proposed)s %% instead of %(real)s %%, average stock %(difference)s",
                proposed=formatLang(self.env, 100 * simulation.fill_rate, digits=1),
                real=formatLang(self.env, 100 * simulation.actual_fill_rate, digits=1),
                difference=f"− {money}" if difference < 0 else f"+ {money}",
            )

    @api.depends("months", "agreement_id")
    def _compute_days(self):
        for simulation in self:
            today = (simulation.company_id or self.env.company)._vmi_today()
            months = min(max(simulation.months, 0), MOST_MONTHS)
            simulation.date_start = today - relativedelta(months=months)
            simulation.date_end = today - timedelta(days=1)

    @api.depends("series")
    def _compute_stock_chart(self):
        for simulation in self:
            series = simulation.series
            simulation.stock_chart = series and {
                "x": self.env._("Day"),
                "y": self.env._("Stock in %s", simulation.currency_id.name),
                "labels": [format_date(self.env, day) for day in series["days"]],
                "lines": [
                    {"name": self.env._("Proposed"), "points": series["proposed"]},
                    {"name": self.env._("Real"), "points": series["real"]},
                ],
            }

    @api.depends("factor_ids.fill_rate", "factor_ids.stock_value", "actual_stock_value")
    def _compute_service_chart(self):
        def point(stock_value, fill_rate, note):
            return {"x": round(stock_value, 2), "y": round(100 * fill_rate, 2), "note": note}

        for simulation in self:
            proposed = [
                point(level.stock_value, level.fill_rate, f"× {level.factor:g}")
                for level in simulation.factor_ids
            ]
            real = point(simulation.actual_stock_value, simulation.actual_fill_rate, "")
            simulation.service_chart = len(proposed) > 1 and {
                "x": self.env._("Average stock in %s", simulation.currency_id.name),
                "y": self.env._("Fill rate in %"),
                "lines": [
                    {"name": self.env._("Minimum and maximum × 0.5 to 2"), "points": proposed},
                    {"name": self.env._("Real"), "points": [real]},
                ],
            }

    @api.constrains("months", "date_start", "date_end")
    def _check_days(self):
        for simulation in self:
            today = simulation.company_id._vmi_today()
            earliest = today - relativedelta(months=MOST_MONTHS)
            start, end = simulation.date_start, simulation.date_end
            if not 1 <= simulation.months <= MOST_MONTHS or (start and start < earliest):
                raise ValidationError(
                    self.env._(
                        "A simulation replays 1 to %(most)s months, from %(earliest)s at the "
                        "earliest: choose other Months or a later First Day.",
                        most=MOST_MONTHS,
                        earliest=format_date(self.env, earliest),
                    )
                )
            if not (start and end and start <= end < today):
                raise ValidationError(
                    self.env._(
                        "A simulation runs over past days: the First Day must not lie after the "
                        "Last Day, and the Last Day not after yesterday."
                    )
                )

    def action_run(self):
        """Replay the days under the terms of the agreement as they are now.

        Other levels are tried as well, unless there are very many products and days.

        :raise UserError: when there is nothing to replay
        """
        for simulation in self:
            days = (simulation.date_end - simulation.date_start).days + 1
            is_small = len(simulation.agreement_id.line_ids) * days <= MOST_AT_ONCE
            simulation._run((1, *OTHER_FACTORS) if is_small else (1,))

    def action_try_levels(self):
        """Replay the days again, with other levels as well.

        :raise UserError: when there is nothing to replay
        """
        for simulation in self:
            simulation._run((1, *OTHER_FACTORS))

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
        # The statements read the tables of half of Odoo.
        self.env.flush_all()
        scope = self.sudo()._prepare_scope(factors)
        simulate(self.env.cr, scope)
        self._check_history()
        self.sudo()._keep_results(scope)
        forget(self.env.cr)

    def _describe_terms(self):
        """Return what is replayed, to be compared with what was, in what JSON has."""
        usual = self.new({"agreement_id": self.agreement_id.id, "months": self.months})
        days = [str(self.date_start), str(self.date_end)]
        is_usual = days == [str(usual.date_start), str(usual.date_end)]
        return {
            **self.agreement_id._describe_simulated_terms(),
            "days": self.months if is_usual else days,
        }

    def _keep_results(self, scope):
        self.line_ids.unlink()
        self.factor_ids.unlink()
        self._add_lines(scope)
        self._add_factors(scope)
        [row] = self._fetch(totals_query(scope))
        self.write({f"real_{name}": row[name] or 0 for name in FIGURES})
        agreed = self.factor_ids.filtered(lambda factor: factor.factor == 1)
        self.write({name: agreed[name] for name in FIGURES})
        days = self._fetch(days_query(scope))
        self.series = {
            "days": [str(row["day"]) for row in days],
            "proposed": [round(row["proposed"], 2) for row in days],
            "real": [round(row["happened"], 2) for row in days],
        }
        self.terms = self._describe_terms()
        self.state = "done"

    def _prepare_scope(self, factors):
        agreement, company = self.agreement_id, self.company_id
        lines = agreement.line_ids.with_company(company)
        return SimulationScope(
            review=lines._prepare_scope(company),
            agreement_id=agreement.id,
            first=self.date_start,
            last=self.date_end,
            memory=agreement.demand_period_days,
            minimum_value=agreement.minimum_order_value,
            reviews=tuple(agreement._iterate_reviews(self.date_start, self.date_end)),
            factors=factors,
            costs=tuple((line.id, line.product_id.standard_price) for line in lines),
            sold_at_once=self._get_sold_at_once(),
        )

    def _get_sold_at_once(self):
        """Return SQL over ``picking`` for whether a customer who found nothing left."""
        if "pos_session_id" in self.env["stock.picking"]._fields:
            return SQL("(picking.pos_session_id IS NOT NULL)")
        return SQL("FALSE")

    def _check_history(self):
        [(wanted,)] = self.env.execute_query(wanted_query())
        if not wanted:
            raise UserError(
                self.env._(
                    "No product of %(agreement)s was delivered, sold or used from %(place)s "
                    "between %(start)s and %(end)s, so there is nothing to replay: choose other "
                    "days, or start the agreement and simulate it later.",
                    agreement=self.agreement_id.name,
                    place=self.agreement_id.location_id.display_name,
                    start=self.date_start,
                    end=self.date_end,
                )
            )

    def _fetch(self, query):
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    def _add_lines(self, scope):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO vmi_simulation_line (simulation_id, company_id, sequence, %(columns)s)
                SELECT %(simulation)s, %(company)s, ROW_NUMBER() OVER (), %(found)s
                  FROM (%(lines)s) AS found
                """,
                columns=SQL(", ").join(map(SQL.identifier, LINE_COLUMNS)),
                found=SQL(", ").join(
                    SQL.identifier("found", name) for name in LINE_COLUMNS.values()
                ),
                simulation=self.id,
                company=self.company_id.id,
                lines=lines_query(scope),
            )
        )
        self.line_ids.invalidate_model()
        self.invalidate_recordset(["line_ids"])

    def _add_factors(self, scope):
        self.env["vmi.simulation.factor"].create(
            [
                {"simulation_id": self.id, "factor": row["factor"]}
                | {name: row[name] or 0 for name in FIGURES}
                for row in self._fetch(factors_query(scope))
            ]
        )
