from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .vmi_agreement import HOLDING_STATES

STOCK_STATUS = [
    ("out", "Out of Stock"),
    ("below", "Below Minimum"),
    ("on_track", "On Track"),
    ("above", "Above Maximum"),
    ("dead", "Dead"),
]
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


class VmiAgreementLine(models.Model):
    """One product that the vendor keeps filled, its terms and what the last review found."""

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
        related="agreement_id.location_id", store=True, precompute=True, string="Place"
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
        ],
        required=True,
        default="min_max",
        help="Minimum and maximum: as typed.\n"
        "Days of supply: the demand a day times the days.\n"
        "Service level: what keeps the share of order cycles without a stockout; this is the "
        "cycle service, not the fill rate.",
    )
    min_qty = fields.Float("Minimum", digits="Product Unit", default=0.0)
    max_qty = fields.Float("Maximum", digits="Product Unit", default=0.0)
    min_days = fields.Float("Minimum Days", default=0.0)
    max_days = fields.Float("Maximum Days", default=0.0)
    min_floor = fields.Float(
        "Floor",
        digits="Product Unit",
        default=0.0,
        help="The minimum by days of supply is never under this: a new product has no demand yet.",
    )
    service_target = fields.Float(
        default=0.95,
        help="Share of order cycles that shall see no stockout (cycle service).",
    )
    cover_days = fields.Float(default=7.0, help="The maximum lies this many days of demand above.")
    replenishment_uom_id = fields.Many2one(
        "uom.uom",
        "In Multiples Of",
        help="Proposals are whole multiples of this unit. Empty: of the vendor's unit. Where the "
        "decimals of a quantity do not hold it: of what is whole in both units.",
    )
    agreed_price = fields.Monetary(
        help="What a unit of the product shall cost. Only to compare with: an order has the "
        "vendor's price of the product."
    )
    vendor_product_code = fields.Char("Vendor's Code", compute="_compute_vendor_product_code")
    season_start = fields.Date()
    season_end = fields.Date()
    season_min_qty = fields.Float("Season's Minimum", digits="Product Unit", default=0.0)
    season_max_qty = fields.Float("Season's Maximum", digits="Product Unit", default=0.0)
    order_start_date = fields.Date("Phase-in", help="Nothing is proposed before this day.")
    order_stop_date = fields.Date("Run-out", help="Nothing is proposed from this day on.")
    orderpoint_id = fields.Many2one(
        "stock.warehouse.orderpoint",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    # What the last review found.
    stock_status = fields.Selection(STOCK_STATUS, readonly=True, copy=False, group_expand=True)
    problem = fields.Selection(
        [
            ("vendor_archived", "The vendor is archived"),
            ("place_archived", "The place or its warehouse is archived"),
            ("product_archived", "The product is archived"),
            ("not_tracked", "Its inventory is not tracked"),
            ("kit", "A kit has no stock of its own"),
            ("no_vendor_row", "No valid row of the vendor in the product's purchase list"),
            ("no_buy_rule", "The place is not supplied by a purchase"),
            ("not_whole", "Nothing is whole in both its unit and the vendor's"),
            (
                "few_demand_period_days",
                "Fewer than 10 days with demand: a service level has no basis",
            ),
        ],
        readonly=True,
        copy=False,
        help="Why nothing can be proposed.",
    )
    on_hand_qty = fields.Float("On Hand", digits="Product Unit", readonly=True, copy=False)
    incoming_qty = fields.Float("Due", digits="Product Unit", readonly=True, copy=False)
    rfq_qty = fields.Float("In Quotations", digits="Product Unit", readonly=True, copy=False)
    pending_qty = fields.Float("Proposed", digits="Product Unit", readonly=True, copy=False)
    outgoing_qty = fields.Float("To Deliver", digits="Product Unit", readonly=True, copy=False)
    other_qty = fields.Float("Otherwise", digits="Product Unit", readonly=True, copy=False)
    position_qty = fields.Float("Position", digits="Product Unit", readonly=True, copy=False)
    level_min_qty = fields.Float("Minimum Now", digits="Product Unit", readonly=True, copy=False)
    level_max_qty = fields.Float("Maximum Now", digits="Product Unit", readonly=True, copy=False)
    order_qty = fields.Float("To Order", digits="Product Unit", readonly=True, copy=False)
    daily_demand = fields.Float("Demand a Day", digits=(16, 4), readonly=True, copy=False)
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

    _one_per_place = models.UniqueIndex(
        "(product_id, location_id, company_id) WHERE state IN ('running', 'suspended')",
        "Another running agreement keeps the same product filled at the same place.",
    )

    @api.depends("product_id.seller_ids.product_code", "agreement_id.partner_id")
    def _compute_vendor_product_code(self):
        for line in self:
            line.vendor_product_code = line._get_vendor_row().product_code

    @api.constrains(
        "method", "min_qty", "max_qty", "min_days", "max_days", "service_target",
        "season_start", "season_end", "season_min_qty", "season_max_qty", "min_floor",
        "cover_days", "agreed_price",
    )  # fmt: skip
    def _check_figures(self):
        problems = [
            f"{line.product_id.display_name}: {problem}"
            for line in self
            if (problem := line._get_figure_problem())
        ]
        if problems:
            raise ValidationError("\n".join(problems))

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
        if self.method == "days_of_supply" and self.max_days < self.min_days:
            return self.env._(
                "the Maximum Days %(max)s are fewer than the Minimum Days %(min)s: raise the one "
                "or lower the other.",
                max=self.max_days,
                min=self.min_days,
            )
        if self.method == "service_level" and not 0.5 <= self.service_target < 1:
            return self.env._(
                "the Service Target must be at least 50 %% and below 100 %%, not %s %%; in a "
                "spreadsheet, write 0.95 for 95 %%.",
                self.service_target * 100,
            )
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
            return self.env._("Minimum and Maximum are 0: say how much is to be kept.")
        if self.method == "days_of_supply" and not self.max_days:
            return self.env._(
                "Minimum Days and Maximum Days are 0: say for how many days it is to last."
            )
        if self.method == "service_level" and not self.service_target:
            return self.env._("the Service Target is 0: say which share of cycles it is to last.")
        if self.season_start and not self.season_max_qty:
            return self.env._(
                "the Season's Minimum and Maximum are 0: say how much is to be kept, or clear the "
                "season's days."
            )
        return None

    @api.model_create_multi
    def create(self, vals_list):
        self._check_free(vals_list)
        lines = super().create(vals_list)
        lines._join_running()
        return lines

    def _check_free(self, vals_list):
        """Name the products that are kept filled already; the database could not name them."""
        problems = []
        for vals in vals_list:
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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.env["vmi.proposal.line"].search(
            ["|", ("line_id", "in", self.ids), ("source_line_id", "in", self.ids)], limit=1
        )
        if used:
            raise UserError(
                self.env._(
                    "%s has proposals: set its Run-out day instead of deleting it.",
                    used.product_id.display_name,
                )
            )
        self.filtered(lambda line: line.state in HOLDING_STATES)._note_in_history(
            self.env._("Removed: %s")
        )

    def _get_vendor_row(self, quantity=None, day=None):
        """Return the vendor's row in the product's purchase list; may be empty.

        :param quantity: in the product's unit; None passes over least quantities
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
        """Return the rule by which the place is supplied; it may be another one than a purchase."""
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

    def action_open_orderpoint_forecast(self):
        """Show Odoo's forecast of the product."""
        self.ensure_one()
        return self.product_id.action_product_forecast_report()
