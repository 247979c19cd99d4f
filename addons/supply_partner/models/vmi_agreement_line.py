import logging
from functools import partial
from math import ceil, sqrt
from operator import itemgetter
from statistics import NormalDist

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.overview_page.tools.dates import format_day, format_full_day
from odoo.addons.set_based_runs.transactions import commit_step
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import OPEN_STATES, Conditions, Review, ReviewScope, moved_lines_query
from ..engine.kinds import find_kinds, ratios_query, same_routes_query
from ..tools import by_row, is_whole, whole_step
from .stock_warehouse_orderpoint import OWNER
from .vmi_agreement import HOLDING_STATES, LOCK_TIMEOUT
from .vmi_forecast import DEMAND_CLASSES
from .vmi_forecast_challenger import FORECAST_METHODS

_logger = logging.getLogger(__name__)

# Two figures say what is kept: the share of cycles without a stockout, and days beyond.
COVERING_METHODS = ("service_level", "forecast")
STOCK_STATUS = [
    ("out", "Out of Stock"),
    ("below", "Below Minimum"),
    ("on_track", "On Track"),
    ("above", "Above Maximum"),
    ("dead", "Dead Stock"),
]
# Levels that are proposed from demand: the share of cycles without a stockout, how long the minimum
# lasts beyond lead time and review, and the maximum beyond the minimum.
PROPOSED_SERVICE = 0.95
SAFETY_DAYS, MOST_SAFETY_DAYS = 7, 90
STOCK_DAYS = 14
# What moved is looked at anew so often, where others write at the same moment.
MEASURE_ATTEMPTS = 3
# The key of the lines that are measured once the transaction is over.
MOVED = "supply_partner.moved_line_ids"
# From as many lines on it is worth it that several processes of PostgreSQL look at them.
MANY_LINES = 10_000
# Each of so few is looked up: the documents are not read whole for them.
FEW_LINES = 100
# What stands against a purchase and not against a transfer.
VENDOR_PROBLEMS = ("vendor_archived", "no_vendor_row", "no_buy_rule", "not_whole")
# Checked here, for the database could not name the product.
NEVER_NEGATIVE = (
    "min_qty",
    "min_floor",
    "season_min_qty",
    "min_days",
    "cover_days",
    "agreed_price",
)
# More of one product for another is a slip of the hand.
MOST_FACTOR = 1000
# A change of these is kept in the agreement's history.
TERMS = (
    "method",
    "min_qty",
    "max_qty",
    "min_days",
    "max_days",
    "min_floor",
    "service_target",
    "cover_days",
    "is_seasonal",
    "predecessor_id",
    "predecessor_factor",
    "replenishment_uom_id",
    "agreed_price",
    "season_start",
    "season_end",
    "season_min_qty",
    "season_max_qty",
    "order_start_date",
    "order_stop_date",
)
# Of these, what says how much is kept.
LEVELS = frozenset(TERMS[:11])
# What an agreement writes on the rule that it takes over; the levels follow with the review.
OWNED_FIELDS = (
    "trigger",
    "active",
    "route_id",
    "supplier_id",
    "replenishment_uom_id",
    "product_min_qty",
    "product_max_qty",
)


class VmiAgreementLine(models.Model):
    """One product that the vendor keeps in stock, its terms and what the last review found."""

    _name = "vmi.agreement.line"
    _description = "Product of a Supply Agreement"
    _order = "agreement_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    agreement_id = fields.Many2one(
        "vmi.agreement", required=True, ondelete="cascade", index=True, check_company=True
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        related="agreement_id.partner_id", store=True, precompute=True, string="Vendor"
    )
    location_id = fields.Many2one(
        related="agreement_id.location_id", store=True, precompute=True, string="Location"
    )
    state = fields.Selection(related="agreement_id.state", store=True, precompute=True)
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("is_storable", "=", True)],
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    method = fields.Selection(
        [
            ("min_max", "Minimum and Maximum"),
            ("days_of_supply", "Days of Supply"),
            ("service_level", "Service Level"),
            ("forecast", "Forecast"),
        ],
        required=True,
        default="min_max",
        help="Minimum and maximum: as typed.\n"
        "Days of supply: the demand a day times the days.\n"
        "Service level: what keeps the share of order cycles without a stockout; this is the "
        "cycle service, not the fill rate.\n"
        "Forecast: what covers the demand that the weeks of a year foretell for lead time and "
        "review, in that share of cycles. With fewer than 8 weeks: days of supply, or the weeks of "
        "a predecessor.",
    )
    min_qty = fields.Float("Minimum", digits="Product Unit", default=0.0)
    max_qty = fields.Float("Maximum", digits="Product Unit", default=0.0)
    min_days = fields.Float("Minimum Days", default=0.0, aggregator=None)
    max_days = fields.Float("Maximum Days", default=0.0, aggregator=None)
    min_floor = fields.Float(
        "Safety Minimum",
        digits="Product Unit",
        default=0.0,
        help="The minimum by days of supply is never below this: a new product has no demand yet.",
    )
    service_target = fields.Float(
        default=0.95,
        help="Share of order cycles that shall see no stockout (cycle service).",
        aggregator=None,
    )
    cover_days = fields.Float(
        default=7.0,
        help="The maximum is this many days of demand above the minimum.",
        aggregator=None,
    )
    is_seasonal = fields.Boolean(
        "Follow the Seasons",
        default=False,
        help="The forecast follows the months in which the product's category sells more or less, "
        "once products of it have been here for two years.",
    )
    predecessor_id = fields.Many2one(
        "product.product",
        check_company=True,
        ondelete="set null",
        index="btree_not_null",
        domain=[("is_storable", "=", True)],
        help="While this product has fewer than 8 weeks of history, it is taken to sell as this "
        "one did at the same location.",
    )
    predecessor_factor = fields.Float(
        "Times",
        default=1.0,
        help="How much of this product is wanted for each unit of its predecessor.",
        aggregator=None,
    )
    replenishment_uom_id = fields.Many2one(
        "uom.uom",
        "In Multiples Of",
        help="Proposals are whole multiples of this unit. Empty: of the vendor's unit. Where the "
        "decimals of a quantity do not hold it: of what is whole in both units.",
    )
    agreed_price = fields.Monetary(
        help="What a unit of the product shall cost. Only to compare with: an order has the "
        "vendor's price of the product.",
        aggregator=None,
    )
    levels_text = fields.Char(
        "Levels", compute="_compute_levels_text", help="What is kept, as the method has it."
    )
    lacks_levels = fields.Boolean(compute="_compute_levels_text")
    levels_origin = fields.Selection(
        [
            ("rule", "Reordering rule"),
            ("demand", "Demand"),
            ("none", "Nothing to go by"),
        ],
        "Levels From",
        readonly=True,
        copy=False,
        help="What the levels were proposed from, until somebody changes them.",
    )
    vendor_product_code = fields.Char("Vendor's Code", compute="_compute_vendor_product_code")
    season_start = fields.Date()
    season_end = fields.Date()
    season_min_qty = fields.Float("Season's Minimum", digits="Product Unit", default=0.0)
    season_max_qty = fields.Float("Season's Maximum", digits="Product Unit", default=0.0)
    order_start_date = fields.Date("Start Ordering", help="Nothing is proposed before this day.")
    order_stop_date = fields.Date("Stop Ordering", help="Nothing is proposed from this day on.")
    orderpoint_id = fields.Many2one(
        "stock.warehouse.orderpoint",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    shelf_note = fields.Char(
        "Shelf",
        compute="_compute_shelf_note",
        help="What is on hand, what is coming, and for how many days the stock lasts.",
    )
    # What the last review found.
    stock_status = fields.Selection(STOCK_STATUS, readonly=True, copy=False, group_expand=True)
    problem = fields.Selection(
        [
            ("vendor_archived", "The vendor is archived"),
            ("location_archived", "The location or its warehouse is archived"),
            ("product_archived", "The product is archived"),
            ("not_tracked", "Its inventory is not tracked"),
            ("kit", "A kit has no stock of its own"),
            ("no_vendor_row", "No valid vendor price"),
            ("no_buy_rule", "The location is not supplied by a purchase"),
            ("not_whole", "Nothing is whole in both its unit and the vendor's"),
            (
                "few_days_with_demand",
                "Fewer than 10 days with demand: a service level has no basis",
            ),
        ],
        readonly=True,
        copy=False,
        help="Why nothing can be proposed.",
    )
    on_hand_qty = fields.Float("On Hand", digits="Product Unit", readonly=True, copy=False)
    incoming_qty = fields.Float("Incoming", digits="Product Unit", readonly=True, copy=False)
    rfq_qty = fields.Float("In RFQs", digits="Product Unit", readonly=True, copy=False)
    pending_qty = fields.Float("Proposed", digits="Product Unit", readonly=True, copy=False)
    outgoing_qty = fields.Float("To Deliver", digits="Product Unit", readonly=True, copy=False)
    other_qty = fields.Float("Other", digits="Product Unit", readonly=True, copy=False)
    position_qty = fields.Float("Stock Position", digits="Product Unit", readonly=True, copy=False)
    level_min_qty = fields.Float("Minimum Now", digits="Product Unit", readonly=True, copy=False)
    level_max_qty = fields.Float("Maximum Now", digits="Product Unit", readonly=True, copy=False)
    order_qty = fields.Float("To Order", digits="Product Unit", readonly=True, copy=False)
    daily_demand = fields.Float(digits=(16, 4), readonly=True, copy=False)
    daily_demand_deviation = fields.Float(
        "Deviation of Demand", digits=(16, 4), readonly=True, copy=False
    )
    is_demand_thin = fields.Boolean(
        "Little History",
        readonly=True,
        copy=False,
        help="Too few days with stock to leave the others out: all days since the product was "
        "first there are counted, at least 7, and the demand may be understated.",
    )
    weekly_forecast = fields.Float(
        "Forecast a Week",
        digits=(16, 4),
        readonly=True,
        copy=False,
        help="Smoothed exponentially over the weeks with stock; the latest weighs 10 %.",
    )
    counted_weeks = fields.Integer(
        "Weeks Counted", readonly=True, copy=False, help="Weeks with stock on two days or more."
    )
    demand_class = fields.Selection(DEMAND_CLASSES, readonly=True, copy=False)
    forecast_flag = fields.Selection(
        [
            ("one_week", "There is one week of history only: days of supply"),
            ("few_weeks", "There are fewer than 8 weeks of history: days of supply"),
            ("predecessor", "By the weeks of its predecessor"),
            ("planned", "With what is planned"),
            ("no_demand", "Nothing was wanted in any week"),
            ("giant", "One week holds half of all demand: was it a single large order?"),
        ],
        "To Know",
        readonly=True,
        copy=False,
        help="What about the weeks behind the forecast one should know.",
    )
    forecast_days = fields.Float(
        "Days Forecast",
        readonly=True,
        copy=False,
        help="Lead time and time between reviews: until the order after this one comes.",
    )
    forecast_qty = fields.Float("Forecast", digits=(16, 4), readonly=True, copy=False)
    forecast_deviation = fields.Float(
        digits=(16, 4),
        readonly=True,
        copy=False,
        help="Standard deviation of the demand of these days.",
    )
    forecast_method = fields.Selection(
        FORECAST_METHODS,
        readonly=True,
        copy=False,
        help="The champion of the demand class makes the forecast. Another method takes its place "
        "when its pinball loss was 10 % lower over the last 12 known weeks, three reviews running.",
    )
    forecast_method_note = fields.Char(
        "Forecast Method in Words", compute="_compute_forecast_method_note"
    )
    forecast_note = fields.Char("Forecast in Words", compute="_compute_forecast_note")
    forecast_ids = fields.One2many("vmi.forecast", "line_id", "Forecasts", readonly=True)
    lead_days = fields.Float(readonly=True, copy=False)
    lead_deviation = fields.Float("Deviation of Lead Days", readonly=True, copy=False)
    next_delivery_date = fields.Date(
        "Next Delivery",
        readonly=True,
        copy=False,
        help="The first day from today on for which the vendor, or a transfer, names a delivery.",
    )
    is_short = fields.Boolean(
        "Short Before Delivery",
        readonly=True,
        copy=False,
        help="The stock ends before the next delivery; with none on its way, before what is "
        "ordered now could come.",
    )
    company_currency_id = fields.Many2one(
        string="Company Currency", related="company_id.currency_id"
    )
    overstock_value = fields.Monetary(
        currency_field="company_currency_id",
        compute="_compute_overstock_value",
        help="What lies above the maximum, or without demand, at cost.",
    )
    orderpoint_before = fields.Json(
        readonly=True,
        copy=False,
        # It is written to a rule with all rights.
        groups=fields.NO_ACCESS,
        help="What the rule held when the agreement took it over; empty when there was none.",
    )

    _one_per_place = models.UniqueIndex(
        "(product_id, location_id, company_id) WHERE state IN ('running', 'suspended')",
        "Another running agreement keeps the same product in stock at the same location.",
    )

    @api.depends_context("lang")
    @api.depends(
        "method", "min_qty", "max_qty", "min_days", "max_days", "min_floor", "service_target",
        "cover_days", "season_start", "season_max_qty", "product_id.uom_id",
    )  # fmt: skip
    def _compute_levels_text(self):
        for line in self:
            line.lacks_levels = bool(line._get_zero_problem())
            line.levels_text = line._describe_levels()

    @api.depends(
        "method", "forecast_days", "forecast_qty", "forecast_deviation", "forecast_flag",
        "service_target", "level_min_qty",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_forecast_note(self):
        for line in self:
            line.forecast_note = line._describe_forecast()

    @api.depends("forecast_method", "demand_class", "company_id")
    @api.depends_context("lang")
    def _compute_forecast_method_note(self):
        champions = self.env["vmi.forecast.champion"].sudo()._get_current(self.company_id)
        by_class = {
            (champion.company_id, champion.demand_class): champion for champion in champions
        }
        labels = dict(self._fields["forecast_method"]._description_selection(self.env))
        for line in self:
            champion = by_class.get((line.company_id, line.demand_class))
            if not line.forecast_method:
                line.forecast_method_note = False
            elif champion and champion.method == line.forecast_method:
                line.forecast_method_note = self.env._(
                    "%(method)s since %(day)s: %(reason)s",
                    method=labels[line.forecast_method],
                    day=format_full_day(self.env, champion.date),
                    reason=champion.reason,
                )
            else:
                # The champion changes between two reviews.
                line.forecast_method_note = labels[line.forecast_method]

    def _describe_forecast(self):
        """Return what is expected until the order after this one comes; False: no forecast."""
        self.ensure_one()
        if self.method != "forecast" or not self.forecast_days:
            return False
        number = self.env["vmi.proposal.line"]._format_quantity
        text = self.env._(
            "%(quantity)s ± %(error)s %(unit)s in %(days)s days",
            quantity=number(round(self.forecast_qty, 1)),
            error=number(round(self.forecast_deviation, 1)),
            unit=self.product_uom_id.name or "",
            days=number(round(self.forecast_days, 1)),
        )
        today = self.company_id._vmi_today()
        in_season = self.season_start and self.season_start <= today <= self.season_end
        is_floor = self.min_floor and self.level_min_qty <= self.min_floor
        if in_season or is_floor or self.forecast_flag in ("one_week", "few_weeks"):
            # The minimum does not come of it.
            return text
        return self.env._(
            "%(forecast)s; %(quantile)s are enough in %(target)s %% of cycles",
            forecast=text,
            quantile=number(self.level_min_qty),
            target=number(100 * self.service_target),
        )

    @api.depends("on_hand_qty", "incoming_qty", "rfq_qty", "pending_qty", "daily_demand")
    @api.depends_context("lang")
    def _compute_shelf_note(self):
        coming = self._get_next_orders()
        number = self.env["vmi.proposal.line"]._format_quantity
        for line in self:
            parts = [self.env._("On hand %s", number(line.on_hand_qty))]
            expected = line.incoming_qty + line.rfq_qty
            if expected:
                note = self.env._("coming %s", number(expected))
                orders = coming.get(line)
                parts.append(f"{note} ({line._describe_coming(orders)})" if orders else note)
            if line.pending_qty > 0:
                parts.append(self.env._("proposed %s", number(line.pending_qty)))
            if line.daily_demand > 0 and line.on_hand_qty > 0:
                days = int(line.on_hand_qty / line.daily_demand)
                parts.append(
                    self.env._("1 day left") if days == 1 else self.env._("%s days left", days)
                )
            line.shelf_note = " · ".join(parts)

    @api.depends("stock_status", "on_hand_qty", "level_max_qty", "product_id.standard_price")
    def _compute_overstock_value(self):
        for company, lines in self.grouped("company_id").items():
            # Costs are of the company; a buyer need not see them elsewhere.
            for line in lines.sudo().with_company(company):
                kept = 0 if line.stock_status == "dead" else line.level_max_qty
                is_over = line.stock_status in ("above", "dead")
                excess = max(line.on_hand_qty - kept, 0) if is_over else 0
                line.overstock_value = excess * line.product_id.standard_price

    def _get_next_orders(self):
        """Return {line: pairs (day, order)} of the agreements' own orders that are still to come.

        The earliest comes first. What was received of an order, or will not come, is not waited
        for; the rest is expected on the day of its own receipt.
        """
        orders = self.env["purchase.order.line"].search(
            [
                ("vmi_agreement_id", "in", self.agreement_id.ids),
                ("product_id", "in", self.product_id.ids),
                ("order_id.state", "in", ("draft", "sent", "to approve", "purchase")),
                ("order_id.receipt_status", "!=", "full"),
            ],
            order="id",
        )
        coming = {}
        for order in orders:
            if day := order._get_vmi_next_arrival():
                key = order.vmi_agreement_id, order.product_id
                coming.setdefault(key, []).append((day, order.order_id))
        return {
            line: sorted(coming[key], key=itemgetter(0))
            for line in self
            if (key := (line.agreement_id, line.product_id)) in coming
        }

    def _describe_coming(self, coming):
        """Return which order is expected next, and how many follow it.

        :param coming: pairs (day, order), the earliest first
        """
        day, first = coming[0]
        others = len({order for _day, order in coming} - {first})
        text = f"{first.name}, {format_day(self.env, day)}"
        if not others:
            return text
        return self.env._("%(first)s and %(count)s more", first=text, count=others)

    def action_propose(self):
        """Review the product's agreement now, and show what is proposed."""
        self.ensure_one()
        return self.agreement_id.action_review()

    def action_open_forecasts(self):
        """Show what was forecast of the products, and what came of it."""
        action = self.env["ir.actions.actions"]._for_xml_id("supply_partner.vmi_forecast_action")
        return {
            **action,
            "views": [(False, "list"), (False, "graph"), (False, "pivot"), (False, "kanban")],
            "view_mode": "list,graph,pivot,kanban",
            "domain": [("line_id", "in", self.ids)],
            "context": {},
        }

    def action_open_agreement(self):
        """Open the product's agreement."""
        self.ensure_one()
        return self.agreement_id.get_formview_action()

    @api.depends("product_id.seller_ids.product_code", "agreement_id.partner_id")
    def _compute_vendor_product_code(self):
        for line in self:
            line.vendor_product_code = line._get_vendor_row().product_code

    @api.constrains(
        "method", "min_qty", "max_qty", "min_days", "max_days", "service_target",
        "season_start", "season_end", "season_min_qty", "season_max_qty", "min_floor",
        "cover_days", "agreed_price", "predecessor_id", "predecessor_factor", "product_id",
    )  # fmt: skip
    def _check_figures(self):
        problems = [
            f"{line.product_id.display_name}: {problem}"
            for line in self
            if (problem := line._get_figure_problem())
        ]
        if problems:
            raise ValidationError("\n".join(problems))

    @api.model_create_multi
    def create(self, vals_list):
        self._check_free(vals_list)
        lines = super().create(vals_list)
        lines._join_running()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.env["vmi.proposal.line"].search(
            ["|", ("line_id", "in", self.ids), ("source_line_id", "in", self.ids)], limit=1
        )
        if used:
            raise UserError(
                self.env._(
                    "%s has proposals: set its Stop Ordering day instead of deleting it.",
                    used.product_id.display_name,
                )
            )
        self.filtered(lambda line: line.state in HOLDING_STATES)._note_in_history(
            self.env._("Removed: %s")
        )

    def write(self, vals):
        if vals.keys() & LEVELS and "levels_origin" not in vals:
            # What somebody typed was not proposed.
            self.sudo().filtered("levels_origin").levels_origin = False
        holding = self.filtered(lambda line: line.state in HOLDING_STATES)
        if not holding or not vals.keys() & {"product_id", "agreement_id", *TERMS}:
            return super().write(vals)
        if vals.keys() & {"product_id", "agreement_id"}:
            raise UserError(
                self.env._(
                    "The product of a running agreement stays. Add a line for the other product "
                    "and set the Stop Ordering day of this one."
                )
            )
        before = {line: line._describe_terms() for line in holding}
        result = super().write(vals)
        if "replenishment_uom_id" in vals:
            holding._check_units()
        if problems := holding._get_zero_problems():
            raise UserError("\n".join(problems))
        holding._keep_changes(before)
        if "replenishment_uom_id" in vals:
            holding.orderpoint_id.sudo().write(
                {"replenishment_uom_id": vals["replenishment_uom_id"]}
            )
        holding._measure()
        return result

    def unlink(self):
        taken_over = [
            (line.orderpoint_id, line.orderpoint_before)
            for line in self.sudo()
            if line.orderpoint_before and line.state in HOLDING_STATES
        ]
        result = super().unlink()
        for point, before in taken_over:
            point._vmi_restore(before)
        return result

    @api.model
    def load(self, fields, data):
        return by_row(super().load(fields, data))

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for Products of Agreements"),
                "template": "/supply_partner/static/csv/vmi_agreement_line.csv",
            }
        ]

    def action_open_orderpoint_forecast(self):
        """Show Odoo's forecast of the product."""
        self.ensure_one()
        return self.product_id.action_product_forecast_report()

    def _describe_levels(self):
        """Return what is kept as a person says it: "20–60 Units", "10–30 days"."""
        self.ensure_one()
        number = self.env["vmi.proposal.line"]._format_quantity
        if self._get_zero_problem():
            return self.env._("Enter the levels")
        if self.method == "days_of_supply":
            text = self.env._(
                "%(min)s–%(max)s days", min=number(self.min_days), max=number(self.max_days)
            )
            if self.min_floor:
                text += self.env._(", at least %s", number(self.min_floor))
            return text
        if self.method in COVERING_METHODS:
            return self.env._(
                "%(target)s %% service, %(days)s days",
                target=number(100 * self.service_target),
                days=number(self.cover_days),
            )
        return self.env._(
            "%(min)s–%(max)s %(unit)s",
            min=number(self.min_qty),
            max=number(self.max_qty),
            unit=self.product_uom_id.name or "",
        )

    def _get_figure_problem(self):
        """Return what is wrong with the figures of the method; None when nothing is."""
        for name in NEVER_NEGATIVE:
            if self[name] < 0:
                return self.env._(
                    "%(field)s must be 0 or more, not %(value)s.",
                    field=self._fields[name]._description_string(self.env),
                    value=self[name],
                )
        if self.method == "min_max" and self.max_qty < self.min_qty:
            return self.env._(
                "the Maximum %(max)s is below the Minimum %(min)s: raise the one or lower the "
                "other.",
                max=self.max_qty,
                min=self.min_qty,
            )
        if self.method in ("days_of_supply", "forecast") and (
            self.max_days < self.min_days and (self.max_days or self.method != "forecast")
        ):
            return self.env._(
                "the Maximum Days %(max)s are fewer than the Minimum Days %(min)s: raise the one "
                "or lower the other.",
                max=self.max_days,
                min=self.min_days,
            )
        if self.method in COVERING_METHODS and not 0.5 <= self.service_target < 1:
            return self.env._(
                "the Service Target must be at least 50 %% and below 100 %%, not %s %%; in a "
                "spreadsheet, write 0.95 for 95 %%.",
                self.service_target * 100,
            )
        return self._get_predecessor_problem() or self._get_season_problem()

    def _get_predecessor_problem(self):
        """Return what is wrong with the predecessor; None when nothing is."""
        if self.predecessor_id and not 0 < self.predecessor_factor <= MOST_FACTOR:
            return self.env._(
                "%(field)s (of the predecessor) must be above 0 and at most %(most)s, not "
                "%(value)s.",
                field=self._fields["predecessor_factor"]._description_string(self.env),
                most=MOST_FACTOR,
                value=self.predecessor_factor,
            )
        if self.predecessor_id and self.predecessor_id == self.product_id:
            return self.env._("its Predecessor must be another product.")
        return None

    def _get_season_problem(self):
        """Return what is wrong with the season's days and levels; None when nothing is."""
        if bool(self.season_start) != bool(self.season_end):
            return self.env._("a season needs both its first and its last day.")
        if self.season_start and self.season_max_qty < self.season_min_qty:
            return self.env._(
                "the Season's Maximum is below the Season's Minimum: raise the one or lower the "
                "other."
            )
        if self.season_start and self.season_end < self.season_start:
            return self.env._("the season must not end before it starts.")
        return None

    def _get_zero_problem(self):
        """Return what a line lacks that would keep nothing at all; a draft may still lack it."""
        if self.method == "min_max" and not self.max_qty:
            return self.env._(
                "Minimum and Maximum are 0: enter how much is to be kept, or remove the product."
            )
        if self.method == "days_of_supply" and not self.max_days:
            return self.env._(
                "Minimum Days and Maximum Days are 0: enter for how many days it is to last, or "
                "remove the product."
            )
        if self.method in COVERING_METHODS and not self.service_target:
            return self.env._("the Service Target is 0: say which share of cycles it is to last.")
        if self.season_start and not self.season_max_qty:
            return self.env._(
                "the Season's Minimum and Maximum are 0: say how much is to be kept, or clear the "
                "season's days."
            )
        return None

    def _check_free(self, vals_list):
        """Refuse products that another agreement keeps; the database could not name them."""
        problems = []
        for vals in vals_list:
            self._check_guarded_shapes(vals)
            agreement = self.env["vmi.agreement"].browse(vals.get("agreement_id"))
            product = self.env["product.product"].browse(vals.get("product_id"))
            if agreement.state not in HOLDING_STATES or not product:
                continue
            holding = self.sudo().search(
                [
                    ("product_id", "=", product.id),
                    ("location_id", "=", agreement.location_id.id),
                    ("company_id", "=", agreement.company_id.id),
                    ("state", "in", HOLDING_STATES),
                ],
                limit=1,
            )
            if holding:
                problems.append(holding._describe_holding(agreement))
        if problems:
            raise UserError("\n".join(problems))

    def _join_running(self):
        """Check and equip lines that were added to a running agreement."""
        added = self.filtered(lambda line: line.agreement_id.state in HOLDING_STATES)
        if not added:
            return
        if problems := added._get_problems():
            raise UserError("\n".join(problems))
        for agreement, lines in added.grouped("agreement_id").items():
            lines._own_orderpoints(agreement.user_id)
            lines._note_in_history(self.env._("Added: %s"))
        added._measure()

    def _get_vendor_row(self, quantity=None, day=None):
        """Return the vendor's row among the product's vendor prices; may be empty.

        :param quantity: in the product's unit; None passes over minimum quantities
        :param day: on which the row is valid; the day an order would count as of by default
        """
        self.ensure_one()
        agreement = self.agreement_id
        if not self.product_id or not agreement.partner_id:
            return self.env["product.supplierinfo"]
        return self.product_id.with_company(agreement.company_id)._select_seller(
            partner_id=agreement.partner_id,
            quantity=quantity,
            date=day or agreement._get_order_date(),
            uom_id=self.product_id.uom_id,
        )

    def _get_buy_rule(self):
        """Return the rule by which the location is supplied, which may be no purchase."""
        self.ensure_one()
        agreement = self.agreement_id
        return (
            self.env["stock.rule"]
            .with_company(agreement.company_id)
            ._get_rule(
                self.product_id,
                agreement.location_id,
                {
                    "warehouse_id": agreement.warehouse_id,
                    "route_ids": self.orderpoint_id.sudo().route_id,
                },
            )
        )

    def _check_units(self):
        """Refuse a multiple that is not whole in the units of the product and of the vendor."""
        hindrances = self._get_hindrances().items()
        units = {line: problem for line, problem in hindrances if problem == "not_whole"}
        if units:
            raise UserError("\n".join(self._describe_hindrances(units)))

    def _describe_terms(self):
        """Return the terms as a person reads them, by field name."""
        self.ensure_one()
        described = {}
        for name in TERMS:
            field, value = self._fields[name], self[name]
            if field.type == "selection":
                value = dict(field._description_selection(self.env))[value]
            elif field.type == "many2one":
                value = value.display_name
            described[name] = value or ""
        return described

    def _keep_changes(self, before):
        """Post what changed to the history of the agreements."""
        for agreement, lines in self.grouped("agreement_id").items():
            notes = []
            for line in lines:
                after = line._describe_terms()
                changes = ", ".join(
                    f"{self._fields[name]._description_string(self.env)} "
                    f"{before[line][name] or 0} → {after[name] or 0}"
                    for name in TERMS
                    if before[line][name] != after[name]
                )
                if changes:
                    notes.append(f"{line.product_id.display_name}: {changes}")
            if notes:
                agreement.message_post(body=Markup("<br/>").join(notes))

    def _note_in_history(self, text):
        for agreement, lines in self.grouped("agreement_id").items():
            names = ", ".join(lines.mapped("product_id.display_name"))
            agreement.message_post(body=text % names)

    def _get_problems(self):
        """Return all that stands against running the lines, a sentence each."""
        problems = []
        seen = set()
        for line in self:
            found = [line._get_figure_problem()]
            if (line.agreement_id, line.product_id) in seen:
                found.append(self.env._("is listed twice in this agreement."))
            seen.add((line.agreement_id, line.product_id))
            problems += [
                f"{line.product_id.display_name}: {problem}" for problem in found if problem
            ]
        return [
            *self._describe_hindrances(self._get_hindrances()),
            *problems,
            *self._get_zero_problems(),
            *self._get_other_line_problems(),
            *self._get_other_rule_problems(),
            *self._get_demand_problems(),
        ]

    def _describe_hindrances(self, hindrances):
        """Return why nothing can be ordered for some of the lines, a sentence each.

        :param hindrances: values of ``problem`` by line
        """
        return [
            f"{line.product_id.display_name}: {line._describe_problem(hindrances[line])}"
            for line in self
            if line in hindrances
        ]

    def _describe_problem(self, problem):
        """Return in a sentence why nothing can be ordered for the line, and the way out.

        :param problem: a value of the field
        """
        self.ensure_one()
        vendor, location = self.partner_id.display_name, self.location_id.display_name
        match problem:
            case "vendor_archived":
                return self.env._(
                    "%s is archived: restore the vendor, or close the agreement.", vendor
                )
            case "location_archived":
                return self.env._(
                    "%s or its warehouse is archived: restore it, or close the agreement.", location
                )
            case "product_archived":
                return self.env._(
                    "is archived: restore it, or set the Stop Ordering day of its line."
                )
            case "not_tracked":
                return self.env._(
                    "its stock is not tracked: tick Track Inventory on the product, or set the "
                    "Stop Ordering day of its line."
                )
            case "kit":
                return self.env._(
                    "is a kit, which has no stock of its own: list its components instead."
                )
            case "no_vendor_row":
                return self.env._(
                    "%(vendor)s has no valid price on the product's Purchase tab: add one, or "
                    "correct its dates.",
                    vendor=vendor,
                )
            case "no_buy_rule":
                return self.env._(
                    "%(location)s is not supplied by a purchase: give the product or the "
                    "warehouse the route Buy.",
                    location=location,
                )
            case "not_whole":
                return self._describe_units()
        labels = dict(self._fields["problem"]._description_selection(self.env))
        return f"{labels[problem]}."

    def _describe_units(self):
        """Say why what is ordered cannot be whole in both the product's and the vendor's unit."""
        asked, own = self.replenishment_uom_id, self.product_id.uom_id
        sold_in = self._get_vendor_row().product_uom_id
        unit = asked or sold_in
        if not unit._has_common_reference(own):
            return self.env._("%s is not a unit of this product.", unit.name)
        if asked and not is_whole(asked._compute_quantity(1, sold_in, round=False)):
            return self.env._(
                "a %(unit)s is not a whole number of the vendor's unit %(sold_in)s.",
                unit=asked.name,
                sold_in=sold_in.name,
            )
        return self.env._(
            "no number of %(unit)s can be written in %(own)s: choose another unit under In "
            "Multiples Of, or keep the product in the unit in which the vendor sells it.",
            unit=unit.name,
            own=own.name,
        )

    def _get_zero_problems(self):
        """Name the lines by whose terms nothing would ever be kept."""
        return [
            f"{line.product_id.display_name}: {problem}"
            for line in self
            if (problem := line._get_zero_problem())
        ]

    def _get_other_line_problems(self):
        """Name the running agreements that keep the same product there, above or below."""
        problems = []
        others = self.sudo().search(
            Domain("state", "in", HOLDING_STATES)
            & Domain("product_id", "in", self.product_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("agreement_id", "not in", self.agreement_id.ids)
        )
        by_product = others.grouped(lambda line: (line.company_id, line.product_id))
        for line in self:
            for other in by_product.get((line.company_id, line.product_id), ()):
                if line.location_id._vmi_is_nested(other.location_id):
                    problems.append(other._describe_holding())
        return problems

    def _describe_holding(self, agreement=None):
        """Return in a sentence that the line keeps its product in stock.

        :param agreement: the one that wants to
        """
        product = self.product_id.display_name
        if self.agreement_id == agreement:
            return self.env._("%s: is listed in this agreement already.", product)
        return self.env._(
            "%(product)s: %(agreement)s with %(vendor)s keeps it in stock at %(location)s already.",
            product=product,
            agreement=self.agreement_id.name,
            vendor=self.partner_id.display_name,
            location=self.location_id.display_name,
        )

    def _get_other_rule_problems(self):
        """Name the orderpoints that order for the same location, or for one above or below."""
        problems = []
        orderpoints = (
            self.env["stock.warehouse.orderpoint"]
            .sudo()
            .search(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("id", "not in", self.orderpoint_id.ids),
                ]
            )
        )
        by_product = orderpoints.grouped(lambda point: (point.company_id, point.product_id))
        takes_over = self.env.context.get("vmi_takes_rules_over")
        for line in self:
            for other in by_product.get((line.company_id, line.product_id), ()):
                is_same_location = other.location_id == line.location_id
                # A manual one at the same location is taken over; another with the user's consent.
                if (is_same_location and other.trigger == "auto" and not takes_over) or (
                    not is_same_location and line.location_id._vmi_is_nested(other.location_id)
                ):
                    problems.append(
                        self.env._(
                            "%(product)s: the reordering rule %(rule)s orders for %(location)s: "
                            "archive it, or make it manual if it is for the same location.",
                            product=line.product_id.display_name,
                            rule=other.name,
                            location=other.location_id.display_name,
                        )
                    )
        return problems

    def _get_demand_problems(self):
        """Name the lines whose service level has too little demand to rest on."""
        lines = self.filtered(lambda line: line.method == "service_level")
        return [
            f"{line.product_id.display_name}: {line._describe_problem(found['problem'])}"
            for line, found in lines._find().items()
            if found["problem"] == "few_days_with_demand"
        ]

    def _get_rules_at_location(self):
        """Return by line the active reordering rule at its location, of whomever it is."""
        points = (
            self.env["stock.warehouse.orderpoint"]
            .sudo()
            .search(
                [
                    ("product_id", "in", self.product_id.ids),
                    ("location_id", "in", self.location_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
        )
        by_place = {(p.product_id, p.location_id, p.company_id): p for p in points}
        places = ((line, (line.product_id, line.location_id, line.company_id)) for line in self)
        return {line: by_place[place] for line, place in places if place in by_place}

    def _propose_levels(self):
        """Set minimum and maximum from the reordering rules, else from demand; mark the others.

        By demand the minimum lasts for the lead time and the time to the next review, and beyond
        that as long as a cycle service of 95 % takes (the formula of the service level, in days
        of demand), at least a week; the maximum lasts for two weeks more.
        """
        rules = self._get_rules_at_location()
        by_demand = self.browse()
        for line in self.sudo():
            rule = rules.get(line)
            if rule and rule.product_max_qty > 0:
                line.write(
                    {
                        "min_qty": max(min(rule.product_min_qty, rule.product_max_qty), 0),
                        "max_qty": rule.product_max_qty,
                        "replenishment_uom_id": rule.replenishment_uom_id.id,
                        "levels_origin": "rule",
                    }
                )
            else:
                by_demand += line
        for line, found in by_demand._find().items():
            if not found["daily_demand"] or found["daily_demand"] <= 0:
                line.sudo().levels_origin = "none"
                continue
            wait = found["lead_days"] + line.agreement_id._get_review_interval()
            variation = (found["deviation"] or 0) / found["daily_demand"]
            safety = NormalDist().inv_cdf(PROPOSED_SERVICE) * variation * sqrt(wait)
            least = ceil(wait + min(max(safety, SAFETY_DAYS), MOST_SAFETY_DAYS))
            line.sudo().write(
                {
                    "method": "days_of_supply",
                    "min_days": least,
                    "max_days": least + STOCK_DAYS,
                    "levels_origin": "demand",
                }
            )

    def _own_orderpoints(self, buyer):
        """Give every line an orderpoint that only the agreement orders for.

        A manual or archived one at the location is taken over, for Odoo allows no second one.

        :param buyer: who makes it; Odoo deletes those that its own user made
        """
        # The buyer need not be a stock manager; the agreement was checked.
        points = self.env["stock.warehouse.orderpoint"].with_user(buyer).sudo()
        existing = points.with_context(active_test=False).search(
            [
                ("product_id", "in", self.product_id.ids),
                ("location_id", "in", self.location_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        by_place = {(p.product_id, p.location_id, p.company_id): p for p in existing}
        missing = self.browse()
        for line in self:
            point = by_place.get((line.product_id, line.location_id, line.company_id))
            if not point:
                missing += line
                continue
            if line.orderpoint_id != point:
                # After a suspension it is the agreement's own already.
                [before] = point.read(OWNED_FIELDS, load=None)
                line.sudo().orderpoint_before = {name: before[name] for name in OWNED_FIELDS}
            vals = line._prepare_orderpoint_vals()
            point.with_context(vmi_owner=OWNER).write(
                {name: vals[name] for name in OWNED_FIELDS if not name.startswith("product_")}
            )
            line.sudo().orderpoint_id = point
        created = points.with_context(vmi_owner=OWNER).create(
            [line._prepare_orderpoint_vals() for line in missing]
        )
        for line, point in zip(missing, created, strict=True):
            line.sudo().orderpoint_id = point
            line.sudo().orderpoint_before = False

    def _give_back_orderpoints(self):
        """Give the rules that were taken over the values they had before."""
        for line in self.sudo():
            if line.orderpoint_before:
                line.orderpoint_id._vmi_restore(line.orderpoint_before)
                line.orderpoint_before = False

    def _prepare_orderpoint_vals(self):
        """Return what an owned orderpoint holds; minimum and maximum follow with the review."""
        self.ensure_one()
        agreement = self.agreement_id
        return {
            "product_id": self.product_id.id,
            "location_id": agreement.location_id.id,
            "warehouse_id": agreement.warehouse_id.id,
            "company_id": agreement.company_id.id,
            "trigger": "manual",
            "active": True,
            "route_id": self._get_buy_rule().route_id.id,
            "supplier_id": self._get_vendor_row().id,
            "replenishment_uom_id": self.replenishment_uom_id.id,
            "product_min_qty": 0.0,
            "product_max_qty": 0.0,
        }

    def _measure(self):
        """Find where the lines stand, without proposing anything."""
        for company, lines in self.grouped("company_id").items():
            lines = lines.sudo()
            # Once the lines are forgotten, each would be read by itself.
            points = lines.orderpoint_id
            with lines._prepare_review(company) as review:
                review.find()
                review.write_findings()
            lines.invalidate_recordset(flush=False)
            points.invalidate_recordset(["product_min_qty", "product_max_qty"], flush=False)

    @api.model
    def _measure_moved(self, moves):
        """Find anew, once the transaction is over, where the lines stand whose goods moved.

        Then it keeps nobody who moves the same goods waiting, and comes once for all moves.

        :param moves: done moves
        """
        self.flush_model(["product_id", "location_id", "state"])
        rows = self.env.execute_query(
            moved_lines_query(
                [(m.product_id.id, m.location_id.id, m.location_dest_id.id) for m in moves]
            )
        )
        if not rows:
            return
        hooks = self.env.cr.postcommit
        if MOVED not in hooks.data:
            hooks.data[MOVED] = set()
            hooks.add(partial(self._measure_committed, self.env.registry, hooks.data))
        hooks.data[MOVED].update(line_id for (line_id,) in rows)

    @staticmethod
    def _measure_committed(registry, data):
        """Measure the lines whose goods a transaction moved that has just been committed."""
        line_ids = sorted(data.pop(MOVED))

        def measure():
            env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
            lines = env["vmi.agreement.line"].browse(line_ids).exists()
            lines.filtered(lambda line: line.state in HOLDING_STATES)._measure()

        def commit(processed):
            cr.commit()  # pylint: disable=invalid-commit

        try:
            # Of its own: the transaction that moved the goods is over.
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                commit_step(env, measure, commit, attempts=MEASURE_ATTEMPTS)
        except Exception:
            # What was moved is done; the next review looks again.
            _logger.warning("The products %s were not measured", line_ids, exc_info=True)

    def _find(self):
        """Return what a review would find, as rows by line; writes nothing."""
        found = {}
        for company, lines in self.grouped("company_id").items():
            with lines.sudo()._prepare_review(company) as review:
                review.find()
                found.update({self.browse(row["line_id"]): row for row in review.rows()})
        return found

    def _get_hindrances(self):
        """Return by line why nothing can be ordered for it, as values of ``problem``."""
        found = {}
        for company, lines in self.grouped("company_id").items():
            with lines.sudo()._prepare_review(company) as review:
                hindrances = review.find_hindrances()
            found.update({self.browse(line_id): code for line_id, code in hindrances.items()})
        return found

    def _prepare_review(self, company):
        """Return a :class:`~..engine.review.Review` of lines of one company, for ``with``."""
        # The statements read the tables of half of Odoo.
        self.env.flush_all()
        return Review(
            self.env.cr,
            self._prepare_scope(company),
            shared=len(self) >= MANY_LINES,
            few=len(self) <= FEW_LINES,
        )

    def _prepare_scope(self, company):
        today = company._vmi_today()
        kinds = find_kinds(self.env.cr, self._get_id_array())
        agreements = self.env["vmi.agreement"].browse(sorted({kind.agreement_id for kind in kinds}))
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        covering = [kind for kind in kinds if kind.method in COVERING_METHODS]
        has_forecasts = any(kind.method == "forecast" for kind in covering)
        return ReviewScope(
            company_id=company.id,
            lines=self._get_id_array(),
            today=today,
            timezone=company._vmi_timezone(),
            conditions=self._get_conditions(company),
            digits=digits,
            days_to_purchase=int(company.days_to_purchase),
            review_days=agreements._prepare_review_days(today),
            targets=tuple(sorted({kind.target for kind in covering if kind.target is not None})),
            rates=self._prepare_rates(agreements, company, today),
            hindrances=tuple(self._iterate_hindrances(company, kinds)),
            steps=self._prepare_steps(kinds, digits),
            position_parts=tuple(self._get_position_parts(company)),
            has_forecasts=has_forecasts,
            plans=tuple(self._get_planned_demands(company)) if has_forecasts else (),
            champions=self.env["vmi.forecast.champion"]._get_periods(company)
            if has_forecasts
            else (),
        )

    def _get_id_array(self):
        """Return SQL of the ids of very many lines.

        As one text: of numbers one by one psycopg2 and PostgreSQL would look at each.
        """
        return SQL("%s::integer[]", f"{{{','.join(map(str, self.ids))}}}")

    def _get_conditions(self, company):
        """Return the :class:`~..engine.scope.Conditions` by which stock and documents count.

        Each comes from a method of its own below, for other add-ons to extend.

        :param company: whose lines are looked at; all are of one company
        """
        return Conditions(
            usable_stock=self._get_usable_stock(company),
            moved=self._get_moved_condition(),
            demand=self._get_demand_condition(SQL("move"), SQL("consumer")),
            returned=self._get_return_condition(),
            receipt=self._get_receipt_condition(),
            receipt_return=self._get_receipt_return_condition(),
            incoming=self._get_incoming_condition(),
            outgoing=self._get_outgoing_condition(),
            quotation=self._get_quotation_condition(),
            quotation_group=self._get_quotation_group(),
            pending=self._get_pending_condition(),
        )

    def _get_usable_stock(self, company):
        """Return SQL for how much of a ``quant`` can be counted on; a hook.

        :param company: whose lines are found; all are of one company
        """
        return SQL("quant.quantity")

    def _get_moved_condition(self):
        """Return the SQL condition for a done move to have moved anything; a hook.

        A change of ownership may be done by moves of what stays where it is.

        :return: SQL over ``move``
        """
        return SQL("TRUE")

    def _get_demand_condition(self, move, consumer):
        """Return the SQL condition for what leaves a location to be demand; a hook.

        It is demand when it leaves for good: not back to a vendor, not by a count or as scrap,
        not as the return of what another location sent, and not as a surplus that was proposed to
        be given away. Transfers within the company count where the agreement says so.

        :param move: SQL of the alias of the move
        :param consumer: SQL of the alias of the location to which it goes in the end
        :return: SQL over these and ``due``
        """
        return SQL(
            """(%(consumer)s.usage IN ('customer', 'production')
                OR %(consumer)s.usage IN ('internal', 'transit')
                   AND %(move)s.origin_returned_move_id IS NULL
                   AND (due.counts_transfers
                        OR %(consumer)s.company_id IS DISTINCT FROM due.company_id)
                   -- Of one list for all moves, for PostgreSQL shares out no look-ups move by move.
                   AND (%(move)s.picking_id IN (
                           SELECT id FROM stock_picking WHERE vmi_proposal_id IS NOT NULL)
                       ) IS NOT TRUE)""",
            consumer=consumer,
            move=move,
        )

    def _get_return_condition(self):
        """Return the SQL condition for what enters a location to be returned demand; a hook.

        That is what a customer gives back, and the return of a move that was demand, as of a
        pick that is not shipped.

        :return: SQL over ``move``, ``consumer`` (the location from which it comes), ``taken``
            (the move that it returns), ``taken_to`` (where that one went) and ``due``
        """
        return SQL(
            "(consumer.usage = 'customer' OR taken.id IS NOT NULL AND %s)",
            self._get_demand_condition(SQL("taken"), SQL("taken_to")),
        )

    def _get_receipt_condition(self):
        """Return the SQL condition for a done move of an order's line to be its receipt; a hook.

        :return: SQL over ``move``, its locations ``origin`` and ``destination``, and the line
            ``ordered`` of ``purchase``; from a vendor or a sister company by default
        """
        return SQL("origin.usage IN ('supplier', 'transit')")

    def _get_receipt_return_condition(self):
        """Return the SQL condition for a done move to take a receipt back; a hook.

        :return: SQL over the same as :meth:`_get_receipt_condition`
        """
        return SQL("destination.usage IN ('supplier', 'transit')")

    def _get_incoming_condition(self):
        """Return the SQL condition for a move into a location to be still to come; a hook.

        Up to which day it counts is seen to elsewhere.

        :return: SQL over ``move``, ``ordered`` (the order's line, if it has one) and ``due``
        """
        return SQL("move.state IN %s", OPEN_STATES)

    def _get_outgoing_condition(self):
        """Return the SQL condition for a move out of a location to be still to go; a hook.

        :return: SQL over the same as :meth:`_get_incoming_condition`
        """
        return SQL("move.state IN %s", OPEN_STATES)

    def _get_quotation_condition(self):
        """Return the SQL condition for what a request for quotation may still bring; a hook.

        :return: SQL over ``purchase`` and its line ``ordered``
        """
        return SQL("purchase.state IN ('draft', 'sent', 'to approve')")

    def _get_quotation_group(self):
        """Return SQL that is the same for orders of which one only will come; a hook.

        :return: SQL over ``purchase``, a request for quotation; the largest of a group counts
        """
        return SQL("purchase.id")

    def _get_pending_condition(self):
        """Return the SQL condition for a proposal to count until it is ordered; a hook.

        :return: SQL over ``proposal`` and its line ``proposed``
        """
        return SQL("proposal.state IN ('draft', 'sent', 'approved')")

    def _get_sold_at_once_condition(self):
        """Return SQL over ``picking`` for whether a customer who found nothing left; a hook."""
        if "pos_session_id" in self.env["stock.picking"]._fields:
            return SQL("(picking.pos_session_id IS NOT NULL)")
        return SQL("FALSE")

    def _get_position_parts(self, company):
        """Return what else counts towards the stock position; a hook.

        An add-on that extends Odoo's forecast, for production say, extends this to
        have its part in the same pass. The table ``due`` has a row per line with
        ``line_id``, ``agreement_id``, ``product_id``, ``location_id``, ``unit_factor``
        (of the product's unit) and ``horizon_end`` (the moment up to which things count, in UTC);
        the table ``inside`` has the pairs ``root_id`` (a line's location) and ``location_id`` (a
        location inside it).

        :param company: whose lines are found; all are of one company
        :return: list of SQL, each the SELECT of ``line_id`` and ``quantity`` in the product's
            unit, below 0 for what is to be taken off; a line may have several rows or none
        """
        return []

    def _get_planned_demands(self, company):
        """Return demand that is planned by day, and known better than by the weeks; a hook.

        On the days of a line that it covers, the forecast is what it says; on the others it goes
        by the weeks. A new product with any goes by it as well. How much demand varies is taken
        from the weeks, where there are any.

        :param company: whose lines are found; all are of one company
        :return: list of SQL, each the SELECT of ``line_id``, ``day`` (in the company's time zone)
            and ``quantity`` in the product's unit; several rows of a day add up
        """
        return []

    def _iterate_hindrances(self, company, kinds):
        """Yield the lines that cannot be served for what only Odoo's methods know; a hook.

        :param company: whose lines are found; all are of one company
        :param kinds: what they have in common, each a :class:`~..engine.kinds.Kind`
        :return: pairs of line id and a value of ``problem``; a line comes once
        """
        kits = self._get_kit_line_ids(company)
        yield from ((line_id, "kit") for line_id in kits)
        unbought = self._get_unbought_line_ids(kinds) - kits
        yield from ((line_id, "no_buy_rule") for line_id in unbought)

    def _get_kit_line_ids(self, company):
        products = self.env["product.product"].with_company(company)
        if "is_kits" not in products._fields:
            return set()
        kits = products.with_context(active_test=False).search([("is_kits", "=", True)])
        if not kits:
            return set()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM vmi_agreement_line WHERE id = ANY(%s) AND product_id = ANY(%s)",
                self._get_id_array(),
                kits.ids,
            )
        )
        return {line_id for (line_id,) in rows}

    def _get_unbought_line_ids(self, kinds):
        """Return the ids of the lines whose location is supplied by something else than a purchase.

        Odoo is asked once for all lines for which it looks at the same routes.
        """
        samples, settled = [], {}
        for routes, line_id in {kind.routes: kind.line_id for kind in kinds}.items():
            where = routes.location_id, routes.warehouse_id, routes.route_id
            if where in settled:
                is_bought = settled[where]
            else:
                line = self.browse(line_id)
                rule = line._get_buy_rule()
                is_bought = rule.action == "buy"
                # A rule of the orderpoint's own route at the location itself comes first.
                if (rule.route_id, rule.location_dest_id) == (
                    line.orderpoint_id.route_id,
                    line.location_id,
                ):
                    settled[where] = is_bought
            if not is_bought:
                samples.append(line_id)
        if not samples:
            return set()
        rows = self.env.execute_query(same_routes_query(self._get_id_array(), samples))
        return {line_id for (line_id,) in rows}

    def _prepare_steps(self, kinds, digits):
        """Return for each unit that quantities of a product are rounded to what is whole in both.

        :param digits: decimals of a quantity
        """
        pairs = {(unit, kind.unit_ids[2]) for kind in kinds for unit in kind.unit_ids[:2] if unit}
        rows = self.env.execute_query(ratios_query(sorted(pairs))) if pairs else []
        return tuple((unit, own, whole_step(ratio, digits)) for unit, own, ratio in rows)

    def _prepare_rates(self, agreements, company, today):
        """Return the rates from the currencies of vendors' rows to those of agreements."""
        vendors = agreements.partner_id
        currencies = self.env["product.supplierinfo"]._read_group(
            [("partner_id", "in", (vendors | vendors.parent_id).ids)], ["currency_id"]
        )
        convert = self.env["res.currency"]._get_conversion_rate
        return tuple(
            (source.id, target.id, convert(source, target, company, today))
            for (source,) in currencies
            for target in agreements.currency_id
        )
