from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.models import parse_read_group_spec
from odoo.tools import SQL

from ..engine import LEVELS, RATIOS, PerformanceScope, group_value, measure

# A new agreement's figures reach back at most so far.
LONGEST_MEMORY_MONTHS = 12


class VmiPerformance(models.Model):
    """What a product of an agreement achieved in a month: service, assets and cost.

    A table rather than a view: past stock comes of all moves since, which takes too long to be
    found anew for every cell, and a month that is over keeps its figures. The scheduled action
    writes the current month and the one before, as far as they changed.
    """

    _name = "vmi.performance"
    _description = "Supply Performance"
    _rec_name = "product_id"
    _order = "month desc, agreement_id desc, id"
    _log_access = False

    line_id = fields.Many2one(
        "vmi.agreement.line", "Agreed Terms", required=True, ondelete="cascade", readonly=True
    )
    month = fields.Date(required=True, readonly=True, help="The first day of the month.")
    agreement_id = fields.Many2one(
        "vmi.agreement", required=True, ondelete="cascade", index=True, readonly=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", index=True, readonly=True
    )
    partner_id = fields.Many2one("res.partner", "Vendor", index=True, readonly=True)
    location_id = fields.Many2one("stock.location", "Place", readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    user_id = fields.Many2one(related="agreement_id.user_id", string="Buyer")
    categ_id = fields.Many2one(related="product_id.categ_id")

    # Service
    fill_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        help="What was delivered by its deadline, of what was wanted by then. The point of sale "
        "knows no deadline: see Days in Stock.",
    )
    demanded_qty = fields.Float("Wanted", digits="Product Unit", readonly=True)
    filled_qty = fields.Float("Delivered in Time", digits="Product Unit", readonly=True)
    in_stock_rate = fields.Float(
        "Days in Stock",
        readonly=True,
        aggregator="avg",
        help="The share of days at whose close there was stock.",
    )
    counted_days = fields.Integer("Days Counted", readonly=True)
    stocked_days = fields.Integer("Number of Days in Stock", readonly=True)
    out_days = fields.Integer("Days Out of Stock", readonly=True)
    otif_rate = fields.Float(
        "On Time in Full",
        readonly=True,
        aggregator="avg",
        help="The share of order lines due in the month of which the promised quantity, less the "
        "agreement's tolerance and what was returned, was there by the promised day.",
    )
    promised_count = fields.Integer("Order Lines Due", readonly=True)
    kept_count = fields.Integer("Order Lines Kept", readonly=True)
    lead_days = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The mean of the days from an order's approval until all of a line had come.",
    )
    lead_deviation = fields.Float(
        "Deviation of Lead Days",
        readonly=True,
        aggregator="avg",
        help="How much the lead days vary: the standard deviation of a sample.",
    )
    receipt_count = fields.Integer("Order Lines Received", readonly=True)
    receipt_days = fields.Float("Sum of Lead Days", readonly=True)
    receipt_squares = fields.Float("Sum of Squared Lead Days", readonly=True)
    acceptance_rate = fields.Float(
        "Accepted Unchanged",
        readonly=True,
        aggregator="avg",
        help="The share of proposed quantities that were ordered as suggested, of those that "
        "somebody decided about.",
    )
    proposed_count = fields.Integer("Proposed Quantities Decided", readonly=True)
    unchanged_count = fields.Integer("Proposed Quantities Unchanged", readonly=True)

    # Assets
    stock_value = fields.Monetary(
        "Average Stock Value",
        readonly=True,
        help="The stock at the close of the days, at cost. Of several months: their mean.",
    )
    stock_value_days = fields.Float("Stock Value Times Days", readonly=True)
    closing_qty = fields.Float("Closing Stock", digits="Product Unit", readonly=True)
    closing_value = fields.Monetary(
        "Closing Stock Value",
        readonly=True,
        help="The stock at the close of the month's last day that is over, at cost. Of several "
        "months: their mean.",
    )
    days_of_supply = fields.Float(
        "Days of Supply",
        readonly=True,
        aggregator="avg",
        help="How long the closing stock lasts at the month's demand a day.",
    )
    turns = fields.Float(
        readonly=True,
        aggregator="avg",
        help="How often the average stock is used in a year at the month's demand.",
    )
    demand_qty = fields.Float(
        "Demand",
        digits="Product Unit",
        readonly=True,
        help="What left the location for good, less what came back.",
    )
    demand_value = fields.Monetary("Demand at Cost", readonly=True)
    daily_demand_value = fields.Float("Demand at Cost a Day", readonly=True)

    # Cost
    ordered_value = fields.Monetary(readonly=True, help="Without taxes.")
    order_count = fields.Float(
        "Orders",
        digits=(16, 2),
        readonly=True,
        help="An order of several products counts in equal parts for each of them.",
    )
    price_excess = fields.Monetary(
        "Paid Above Agreed",
        readonly=True,
        help="What was ordered at a price above the agreed one cost this much more.",
    )

    _one_per_month = models.UniqueIndex("(line_id, month)")
    _by_month = models.Index("(company_id, month)")

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "__count":
            name, _property, function = parse_read_group_spec(aggregate_spec)
            if (name in RATIOS and function == "avg") or (name in LEVELS and function == "sum"):
                self._check_field_access(self._fields[name], "read")
                return group_value(self._table, name)
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _cron_refresh(self):
        """Bring the figures of the current month and the one before up to date."""
        commit = self.env["ir.cron"]._commit_progress
        companies = self.env["res.company"].search([])
        commit(remaining=len(companies))
        for company in companies:
            self._refresh_company_or_each(company)
            if not commit(processed=1):
                return

    def _refresh_company_or_each(self, company):
        """Measure a company's agreements in one pass; if that fails, one by one."""
        agreements = self.env["vmi.agreement"].sudo().search([("company_id", "=", company.id)])
        if agreements.browse()._attempt("performance", partial(self._refresh_company, company)):
            agreements._note_failure("performance", False)
            return
        for agreement in agreements:
            agreement._attempt("performance", partial(self._refresh_company, company, agreement))

    def _refresh_company(self, company, agreements=None):
        """Measure a company's agreements; those that never were, as far back as they run.

        :param agreements: all that run, rest, or closed in these months by default
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
        """Measure lines of a company from a day on."""
        # The statements read the tables of half of Odoo.
        self.env.flush_all()
        query = self.env["product.product"]._as_query(ordered=False)
        cost = self.env["product.product"].sudo().with_company(company)._field_to_sql(
            "product", "standard_price", query
        )  # fmt: skip
        measure(
            self.env.cr,
            PerformanceScope(
                company_id=company.id,
                lines=SQL("SELECT unnest(%s::integer[])", lines.ids),
                today=today,
                timezone=company.sudo()._vmi_timezone(),
                first=first,
                currency_id=company.currency_id.id,
                cost=cost,
                digits=self.env["decimal.precision"].precision_get("Product Unit"),
            ),
        )
        self.invalidate_model(flush=False)
