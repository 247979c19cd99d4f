from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_month
from odoo.fields import Date, Domain
from odoo.models import parse_read_group_spec
from odoo.tools import SQL

from ..engine import LEVELS, RATIOS, PerformanceScope, group_value, measure

# A new agreement's figures reach back at most so far.
LONGEST_MEMORY_MONTHS = 12
# The months on the scorecard, the current one among them.
SCORECARD_MONTHS = 13
# The scorecard by level: its figures, the most telling first, how each is written, and whether
# more is better (1), worse (-1) or neither (0).
SCORECARD = (
    ("service", (("fill_rate", "percentage", 1), ("otif_rate", "percentage", 1),
                 ("in_stock_rate", "percentage", 1))),
    ("assets", (("stock_value", "monetary", 0), ("days_of_supply", "days", 0),
                ("turns", "number", 1))),
    ("cost", (("ordered_value", "monetary", 0), ("order_count", "integer", 0),
              ("price_excess", "monetary", -1))),
)  # fmt: skip


class VmiPerformance(models.Model):
    """What a product of an agreement achieved in a month: service, assets and cost.

    A table, not a view: past stock is today's less all moves since, too slow to compute for each
    cell of a pivot, and a month that is over keeps its figures. The scheduled action writes the
    current month and the one before, as far as they changed.
    """

    _name = "vmi.performance"
    _description = "Supply Performance"
    _rec_name = "product_id"
    _order = "month desc, agreement_id desc, id"
    _log_access = False

    line_id = fields.Many2one(
        "vmi.agreement.line", "Agreement Line", required=True, ondelete="cascade", readonly=True
    )
    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    month_name = fields.Char("Month in Words", compute="_compute_month_name")
    agreement_id = fields.Many2one(
        "vmi.agreement", required=True, ondelete="cascade", index=True, readonly=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", index=True, readonly=True
    )
    partner_id = fields.Many2one("res.partner", "Vendor", index=True, readonly=True)
    location_id = fields.Many2one("stock.location", readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    user_id = fields.Many2one(related="agreement_id.user_id", string="Buyer")
    categ_id = fields.Many2one(related="product_id.categ_id")

    # Service
    fill_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The share of the quantity due in the month that was delivered by its deadline. Sales "
        "at the point of sale have no deadline: see In-Stock Rate.",
    )
    demanded_qty = fields.Float("Quantity Due", digits="Product Unit", readonly=True)
    filled_qty = fields.Float("Delivered on Time", digits="Product Unit", readonly=True)
    in_stock_rate = fields.Float(
        "In-Stock Rate",
        readonly=True,
        aggregator="avg",
        help="The share of days that ended with stock on hand.",
    )
    counted_days = fields.Integer("Days Counted", readonly=True)
    stocked_days = fields.Integer("Days in Stock", readonly=True)
    out_days = fields.Integer("Days Out of Stock", readonly=True)
    otif_rate = fields.Float(
        "On Time in Full",
        readonly=True,
        aggregator="avg",
        help="The share of order lines due in the month that arrived in full by the promised day: "
        "the quantity promised at approval, less the agreement's delivery tolerance. What was "
        "sent back has not arrived.",
    )
    promised_count = fields.Integer("Order Lines Due", readonly=True)
    kept_count = fields.Integer("Order Lines on Time in Full", readonly=True)
    lead_days = fields.Float(
        "Lead Time (Days)",
        readonly=True,
        aggregator="avg",
        help="The average number of days from the approval of an order to the complete receipt "
        "of a line.",
    )
    lead_deviation = fields.Float(
        "Lead Time Deviation (Days)",
        readonly=True,
        aggregator="avg",
        help="How much the lead time varies: the sample standard deviation.",
    )
    receipt_count = fields.Integer("Order Lines Received", readonly=True)
    receipt_days = fields.Float("Sum of Lead Times", readonly=True)
    receipt_squares = fields.Float("Sum of Squared Lead Times", readonly=True)
    acceptance_rate = fields.Float(
        "Accepted Unchanged",
        readonly=True,
        aggregator="avg",
        help="The share of proposal lines that were ordered as suggested, of those that a person "
        "approved or refused.",
    )
    proposed_count = fields.Integer("Proposal Lines Decided", readonly=True)
    unchanged_count = fields.Integer("Proposal Lines Unchanged", readonly=True)

    # Assets
    stock_value = fields.Monetary(
        "Average Stock Value",
        readonly=True,
        help="The stock at the end of the day, at cost, averaged over the days of the month. Over "
        "several months: the average of the months.",
    )
    stock_value_days = fields.Float("Stock Value Times Days", readonly=True)
    closing_qty = fields.Float("Closing Stock", digits="Product Unit", readonly=True)
    closing_value = fields.Monetary(
        "Closing Stock Value",
        readonly=True,
        help="The stock at the end of the month, or of yesterday, at cost. Over several months: "
        "the average of the months.",
    )
    days_of_supply = fields.Float(
        "Days of Supply",
        readonly=True,
        aggregator="avg",
        help="How many days the closing stock lasts at the month's daily demand.",
    )
    turns = fields.Float(
        "Stock Turns",
        readonly=True,
        aggregator="avg",
        help="How many times a year the average stock is used up at the month's demand.",
    )
    demand_qty = fields.Float(
        "Demand",
        digits="Product Unit",
        readonly=True,
        help="The quantity that left the location for good, less what came back.",
    )
    demand_value = fields.Monetary("Demand at Cost", readonly=True)
    daily_demand_value = fields.Float("Daily Demand at Cost", readonly=True)

    # Cost
    ordered_value = fields.Monetary(readonly=True, help="Without taxes.")
    order_count = fields.Float(
        "Orders",
        digits=(16, 2),
        readonly=True,
        help="An order of several products counts in equal shares for each of them.",
    )
    price_excess = fields.Monetary(
        "Paid above Agreed Price",
        readonly=True,
        help="How much more than the agreed price was paid, for what was ordered above it.",
    )

    _one_per_month = models.UniqueIndex("(line_id, month)")
    _by_month = models.Index("(company_id, month)")

    @api.depends_context("lang")
    @api.depends("month")
    def _compute_month_name(self):
        for row in self:
            row.month_name = format_month(self.env, row.month)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "__count":
            name, _property, function = parse_read_group_spec(aggregate_spec)
            if (name in RATIOS and function == "avg") or (name in LEVELS and function == "sum"):
                self._check_field_access(self._fields[name], "read")
                return group_value(self._table, name)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    @api.readonly
    def get_supply_scorecard(self, agreement_id=None):
        """Return the supply scorecard of the current company.

        :param agreement_id: the id of one agreement; all by default
        :return: a dict with ``months`` (their names, the current one last), ``levels`` (each
            with ``code``, ``title`` and ``figures``: field name, label, help, kind, direction
            and a value or None per month), ``agreements`` (pairs of id and name to choose
            from), ``currency_id``, and ``domain`` (of the rows behind it)
        """
        company = self.env.company
        this_month = company._vmi_today().replace(day=1)
        months = [
            this_month - relativedelta(months=ago) for ago in reversed(range(SCORECARD_MONTHS))
        ]
        domain = [("company_id", "=", company.id), ("month", ">=", Date.to_string(months[0]))]
        if agreement_id:
            agreement = self.env["vmi.agreement"]._browse_asked(agreement_id)
            domain.append(("agreement_id", "=", agreement.id))
        titles = {
            "service": self.env._("Service"),
            "assets": self.env._("Assets"),
            "cost": self.env._("Cost"),
        }
        described = self.fields_get(
            [name for _code, figures in SCORECARD for name, _kind, _direction in figures],
            ["string", "help", "aggregator"],
        )
        specs = {name: f"{name}:{field['aggregator']}" for name, field in described.items()}
        rows = {
            month: dict(zip(specs, values, strict=True))
            for month, *values in self._read_group(domain, ["month:month"], [*specs.values()])
        }
        return {
            "months": [format_month(self.env, month) for month in months],
            "levels": [
                {
                    "code": code,
                    "title": titles[code],
                    "figures": [
                        {
                            "name": name,
                            "label": described[name]["string"],
                            "help": described[name].get("help") or "",
                            "kind": kind,
                            "direction": direction,
                            "values": [rows.get(month, {}).get(name) for month in months],
                        }
                        for name, kind, direction in figures
                    ],
                }
                for code, figures in SCORECARD
            ],
            "agreements": [
                (agreement.id, f"{agreement.name} · {agreement.partner_id.display_name}")
                for agreement in self.env["vmi.agreement"].search(
                    [("company_id", "=", company.id), ("state", "!=", "draft")], limit=200
                )
            ],
            "currency_id": company.currency_id.id,
            "domain": domain,
        }

    @api.model
    def refresh_supply_scorecard(self, agreement_id=None):
        """Calculate the figures of the current company's scorecard anew.

        :param agreement_id: the id of one agreement; all by default
        """
        domain = [("company_id", "=", self.env.company.id)]
        if agreement_id:
            domain.append(("id", "=", self.env["vmi.agreement"]._browse_asked(agreement_id).id))
        self.env["vmi.agreement"].search(domain).action_refresh_performance()

    @api.model
    def _cron_refresh(self):
        """Calculate the figures of the current month and the one before."""
        commit = self.env["ir.cron"]._commit_progress
        companies = self.env["res.company"].search([])
        commit(remaining=len(companies))
        for company in companies:
            self._refresh_company_or_each(company)
            if not commit(processed=1):
                return

    def _refresh_company_or_each(self, company):
        """Measure a company's agreements in one pass; if that fails, each by itself."""
        agreements = self.env["vmi.agreement"].sudo().search([("company_id", "=", company.id)])
        if agreements.browse()._attempt("performance", partial(self._refresh_company, company)):
            agreements._note_failure("performance", False)
            return
        for agreement in agreements:
            agreement._attempt("performance", partial(self._refresh_company, company, agreement))

    def _refresh_company(self, company, agreements=None):
        """Measure a company's agreements; new ones as far back as they run.

        :param agreements: those to measure; by default all that are running, suspended, or closed
            since the beginning of last month
        """
        today = company._vmi_today()
        recent = today.replace(day=1) - relativedelta(months=1)
        domain = Domain("company_id", "=", company.id) & (
            Domain("state", "in", ("running", "suspended"))
            | (Domain("state", "=", "closed") & Domain("closed_on", ">=", recent))
        )
        if agreements is not None:
            domain &= Domain("id", "in", agreements.ids)
        measured = self.env["vmi.agreement"].sudo().search(domain)
        known = self.sudo()._read_group([("agreement_id", "in", measured.ids)], ["agreement_id"])
        new = measured - measured.browse([agreement.id for (agreement,) in known])
        oldest = today.replace(day=1) - relativedelta(months=LONGEST_MEMORY_MONTHS)
        for some, first in ((new, oldest), (measured - new, recent)):
            if some:
                self._measure(company, some.line_ids, today, first)

    def _measure(self, company, lines, today, first):
        """Measure agreement lines of a company.

        :param today: the company's local day
        :param first: the first day to measure
        """
        # The statements read tables of stock, purchase and agreements.
        self.env.flush_all()
        query = self.env["product.product"]._as_query(ordered=False)
        cost = self.env["product.product"].sudo().with_company(company)._field_to_sql(
            "product", "standard_price", query
        )  # fmt: skip
        measure(
            self.env.cr,
            PerformanceScope(
                company_id=company.id,
                lines=SQL("%s::integer[]", lines.ids),
                today=today,
                timezone=company.sudo()._vmi_timezone(),
                conditions=lines._get_conditions(company),
                first=first,
                currency_id=company.currency_id.id,
                cost=cost,
                digits=self.env["decimal.precision"].precision_get("Product Unit"),
            ),
        )
        self.invalidate_model(flush=False)
