import logging
from dataclasses import replace
from datetime import timedelta
from functools import partial, reduce
from math import ceil

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_day, format_full_day
from odoo.addons.set_based_runs.transactions import commit_step, roll_back
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.tools import SQL, format_amount

from ..engine import (
    GlideCycle,
    GlideState,
    GlideTerms,
    ReviewDays,
    decide,
    follow,
    giving_lines_query,
    last_step,
    least_units,
    share_at,
)
from ..tools import WEEKDAYS, by_row, first_day, longest_interval

_logger = logging.getLogger(__name__)

# The states in which no other agreement may have its products at its location.
HOLDING_STATES = ("running", "suspended")
# What decides where things are ordered and by whom they are delivered.
FIXED_FIELDS = {"partner_id", "company_id", "warehouse_id", "location_id", "currency_id"}
BUYER_GROUP = "purchase.group_purchase_user"
# What decides how far stock is lowered.
GLIDE_FIELDS = {"glide_is_on", "glide_cycle_days", "glide_step", "glide_floor", "glide_target"}
# A chart shows so many of the last cycles.
CYCLES_SHOWN = 60
# What was bought so many days ago is what the vendor supplies.
BOUGHT_DAYS = 365
# A note names so many products; the others are counted.
PRODUCTS_NAMED = 20
# So many proposals and products are named where a review proposes nothing.
MOST_NAMED = 3
# Longer than a person's request holds what it writes.
LOCK_TIMEOUT = "2s"
# One that others hold is waited for no longer than leaves time for those that follow.
ATTEMPTS = 5


class VmiAgreement(models.Model):
    """The products that a vendor keeps in stock at a location, on which terms, and who approves."""

    _name = "vmi.agreement"
    _description = "Supply Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Reference", required=True, copy=False, default=lambda self: self.env._("New")
    )
    partner_id = fields.Many2one(
        "res.partner", "Vendor", required=True, index=True, tracking=True, check_company=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Buyer",
        required=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Orders are made in the buyer's name and within the buyer's limits.",
    )
    backup_user_id = fields.Many2one(
        "res.users",
        "Backup Buyer",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Acts for the buyer on the days below.",
    )
    backup_start = fields.Date("Backup From")
    backup_end = fields.Date("Backup To")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        tracking=True,
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    location_id = fields.Many2one(
        "stock.location",
        required=True,
        check_company=True,
        tracking=True,
        compute="_compute_location_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', warehouse_id)]",
        help="The location whose stock the vendor keeps up, with all locations below it.",
    )
    date_start = fields.Date("First Day", tracking=True)
    date_end = fields.Date(
        "Last Day", tracking=True, help="After this day the agreement is closed automatically."
    )
    closed_on = fields.Date(readonly=True, copy=False, help="The day the agreement was closed.")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("suspended", "Suspended"),
            ("closed", "Closed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    decision = fields.Selection(
        [
            ("automatic", "Automatic"),
            ("buyer", "Buyer"),
            ("vendor", "Vendor"),
        ],
        "Approval",
        required=True,
        default="buyer",
        tracking=True,
        help="Automatic: orders are created and confirmed in the buyer's name, within the approval "
        "limits.\n"
        "Buyer: a proposal waits for the buyer's approval.\n"
        "Vendor: the vendor answers with quantities first, and the buyer approves them.",
    )
    counts_transfers = fields.Boolean(
        "Count Transfers as Demand",
        default=True,
        tracking=True,
        help="What is transferred to other locations of the company counts as demand of these "
        "products. Untick it where the other locations are replenished by their own agreements or "
        "reordering rules and only customers and production shall count.",
    )
    planning_horizon_days = fields.Integer(
        "Planning Horizon",
        default=0,
        required=True,
        tracking=True,
        help="Receipts and deliveries count up to today, the lead days and these days.",
    )
    demand_period_days = fields.Integer(
        "Demand Period",
        default=90,
        required=True,
        tracking=True,
        help="The daily demand is the average over this many days before today.",
    )
    minimum_order_value = fields.Monetary(
        tracking=True,
        help="A proposal worth less is held until it reaches this value, unless a product will "
        "be out of stock before the next review.",
    )
    held_value = fields.Monetary(
        readonly=True,
        copy=False,
        help="What the last review would have proposed, had it reached the minimum order value.",
    )
    approval_limit_value = fields.Monetary(
        "Approval Limit: Value",
        tracking=True,
        help="An automatic order worth more waits for the buyer. 0: no such limit.",
    )
    approval_limit_days = fields.Float(
        "Approval Limit: Days of Supply",
        tracking=True,
        help="An automatic order that gives a product more days of supply than this waits for "
        "the buyer. 0: no such limit.",
    )
    expiry_days = fields.Integer(
        "Proposals Expire After",
        default=7,
        required=True,
        tracking=True,
        help="Days after which a proposal expires that was neither approved nor refused.",
    )
    line_ids = fields.One2many("vmi.agreement.line", "agreement_id", "Products", copy=True)
    proposal_ids = fields.One2many("vmi.proposal", "agreement_id", "Proposals")
    purchase_order_ids = fields.One2many("purchase.order", "vmi_agreement_id", "Purchase Orders")
    holiday_ids = fields.One2many(related="partner_id.vmi_holiday_ids", string="Vendor's Holidays")
    line_count = fields.Integer("Number of Products", compute="_compute_counts")
    open_proposal_count = fields.Integer(
        "Number of Proposals to Approve", compute="_compute_counts"
    )
    purchase_order_count = fields.Integer("Number of Orders", compute="_compute_counts")
    changed_order_count = fields.Integer("Number of Changed Orders", compute="_compute_counts")
    # Every decision writes it, so that one made at the same moment elsewhere is noticed.
    decided_at = fields.Datetime("Last Decision", readonly=True, copy=False)
    review_frequency = fields.Selection(
        [("days", "Every Few Days"), ("weekdays", "On Weekdays")],
        required=True,
        default="days",
        tracking=True,
    )
    review_days = fields.Integer("Review Every", default=1, required=True, tracking=True)
    on_monday = fields.Boolean("Monday", default=True, tracking=True)
    on_tuesday = fields.Boolean("Tuesday", default=True, tracking=True)
    on_wednesday = fields.Boolean("Wednesday", default=True, tracking=True)
    on_thursday = fields.Boolean("Thursday", default=True, tracking=True)
    on_friday = fields.Boolean("Friday", default=True, tracking=True)
    on_saturday = fields.Boolean("Saturday", tracking=True)
    on_sunday = fields.Boolean("Sunday", tracking=True)
    cutoff_hour = fields.Float(
        "Cut-off",
        default=24.0,
        required=True,
        tracking=True,
        help="What is ordered at or after this hour of the company's day counts as ordered on "
        "the next day, and arrives a day later. 24:00: no cut-off.",
    )
    next_review_date = fields.Date("Next Review", copy=False, index=True)
    last_review = fields.Datetime(readonly=True, copy=False)
    problems = fields.Text(
        compute="_compute_problems", help="What came to stand against it since it was started."
    )
    shares_surplus = fields.Boolean(
        "Share Surplus",
        default=True,
        tracking=True,
        help="What another agreement's location of the company has above its maximum is proposed "
        "as a transfer before anything is bought, and the other way round. Both agreements must "
        "allow it; locations without an agreement give nothing, for they have no agreed maximum.",
    )
    transfer_count = fields.Integer("Number of Transfers", compute="_compute_transfer_count")
    failures = fields.Json(
        "Failed Actions",
        readonly=True,
        copy=False,
        help="What the scheduled actions could not do at their last attempt: its code, and why.",
    )
    failure_message = fields.Text("Failures", compute="_compute_failure_message")

    glide_is_on = fields.Boolean(
        "Glide Path",
        tracking=True,
        help="Lower the maximum step by step for as long as the fill rate holds, and raise it "
        "again where it does not. The levels of the products are the starting ones.",
    )
    glide_cycle_days = fields.Integer(
        "Cycle",
        default=28,
        required=True,
        tracking=True,
        help="After so many days, and no fewer than goods take to arrive, it is decided whether "
        "to lower stock further.",
    )
    glide_step = fields.Float(
        "Step",
        default=0.05,
        required=True,
        tracking=True,
        help="By how much of the starting maximum each step lowers it.",
    )
    glide_floor = fields.Float(
        "Floor",
        default=0.6,
        required=True,
        tracking=True,
        help="The maximum is never lowered below this share of the starting one.",
    )
    glide_target = fields.Float(
        "Target Fill Rate",
        default=0.95,
        required=True,
        tracking=True,
        help="The share of what is wanted that shall be served on its day.",
    )
    glide_current_step = fields.Integer("Steps Down", default=0, readonly=True, copy=False)
    glide_share = fields.Float(
        "Share of the Starting Maximum",
        compute="_compute_glide_share",
        store=True,
        precompute=True,
        aggregator=None,
    )
    # The path begins anew when it is switched on again.
    glide_since = fields.Date(readonly=True, copy=False)
    glide_cycle_start = fields.Date("Cycle Began", readonly=True, copy=False)
    glide_checked_on = fields.Date(readonly=True, copy=False)
    glide_cycle_ids = fields.One2many("vmi.glide.cycle", "agreement_id", "Cycles")
    glide_text = fields.Text("Where It Stands", compute="_compute_glide_text")
    glide_chart = fields.Json("Maximum and Fill Rate by Cycle", compute="_compute_glide_chart")

    _glide_cycle_within_bounds = models.Constraint(
        "CHECK (glide_cycle_days BETWEEN 7 AND 365)", "A Cycle must be 7 to 365 days."
    )
    _glide_shares_within_bounds = models.Constraint(
        "CHECK (glide_step >= 0.01 AND glide_step <= 0.5 "
        "AND glide_floor >= 0.1 AND glide_floor < 1)",
        "The Step must be 1 to 50 %, and the Floor at least 10 % and below 100 %.",
    )
    _glide_target_within_bounds = models.Constraint(
        "CHECK (glide_target >= 0.5 AND glide_target <= 0.999)",
        "The Target Fill Rate must be 50 to 99.9 %.",
    )
    _planning_horizon_within_bounds = models.Constraint(
        "CHECK (planning_horizon_days BETWEEN 0 AND 3650)",
        "The Planning Horizon must be 0 to 3,650 days.",
    )
    _demand_period_days_within_bounds = models.Constraint(
        "CHECK (demand_period_days BETWEEN 1 AND 3650)",
        "The Demand Period must be 1 to 3,650 days.",
    )
    _expiry_days_within_bounds = models.Constraint(
        "CHECK (expiry_days BETWEEN 1 AND 365)", "Proposals must expire after 1 to 365 days."
    )
    _limits_not_negative = models.Constraint(
        "CHECK (minimum_order_value >= 0 AND approval_limit_value >= 0 "
        "AND approval_limit_days >= 0)",
        "The Minimum Order Value and the Approval Limits must be 0 or more.",
    )
    _days_in_order = models.Constraint(
        "CHECK (date_end >= date_start)",
        "The Last Day of an agreement must not lie before its First Day.",
    )
    _backup_days_in_order = models.Constraint(
        "CHECK (backup_end >= backup_start)",
        "The backup buyer's last day must not lie before the first.",
    )
    _review_days_within_bounds = models.Constraint(
        "CHECK (review_days BETWEEN 1 AND 365)", "Review Every must be 1 to 365 days."
    )
    _cutoff_within_the_day = models.Constraint(
        "CHECK (cutoff_hour >= 0 AND cutoff_hour <= 24)",
        "The Cut-off must be a time between 0:00 and 24:00.",
    )

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for agreement in self:
            if agreement.warehouse_id.company_id != agreement.company_id:
                agreement.warehouse_id = self.env["stock.warehouse"].search(
                    [("company_id", "=", agreement.company_id.id)], limit=1
                )

    @api.depends("warehouse_id")
    def _compute_location_id(self):
        for agreement in self:
            if agreement.location_id.warehouse_id != agreement.warehouse_id:
                agreement.location_id = agreement.warehouse_id.lot_stock_id

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for agreement in self:
            partner = agreement.partner_id.with_company(agreement.company_id)
            agreement.currency_id = (
                partner.property_purchase_currency_id or agreement.company_id.currency_id
            )

    def _compute_counts(self):
        def count(model, domain, field="agreement_id"):
            return dict(
                self.env[model]._read_group(
                    [(field, "in", self.ids), *domain], [field], ["__count"]
                )
            )

        lines = count("vmi.agreement.line", [])
        proposals = count("vmi.proposal", [("state", "in", ("draft", "sent", "approved"))])
        orders = count("purchase.order", [], "vmi_agreement_id")
        changed = count(
            "purchase.order.line",
            [("vmi_change", "!=", False), ("vmi_is_seen", "=", False)],
            "vmi_agreement_id",
        )
        for agreement in self:
            agreement.changed_order_count = changed.get(agreement, 0)
            agreement.line_count = lines.get(agreement, 0)
            agreement.open_proposal_count = proposals.get(agreement, 0)
            agreement.purchase_order_count = orders.get(agreement, 0)

    @api.depends(
        "state", "user_id", "backup_user_id", "location_id", "date_end", "line_ids.problem"
    )
    def _compute_problems(self):
        for agreement in self:
            found = []
            if agreement.state in HOLDING_STATES:
                found = agreement._get_problems() + agreement._get_found_problems()
            agreement.problems = "\n".join(found)

    def _compute_transfer_count(self):
        counts = dict(
            self.env["stock.picking"]
            .sudo()
            ._read_group(
                [("vmi_proposal_id.agreement_id", "in", self.ids)],
                ["vmi_proposal_id"],
                ["__count"],
            )
        )
        for agreement in self:
            agreement.transfer_count = sum(
                count for proposal, count in counts.items() if proposal.agreement_id == agreement
            )

    @api.depends("failures")
    @api.depends_context("lang")
    def _compute_failure_message(self):
        labels = self._describe_actions()
        for agreement in self:
            agreement.failure_message = "\n".join(
                f"{labels.get(code, code)}: {why}"
                for code, why in sorted((agreement.failures or {}).items())
            )

    @api.depends("glide_is_on", "glide_current_step", "glide_step", "glide_floor")
    def _compute_glide_share(self):
        for agreement in self:
            terms = agreement._get_glide_terms()
            # A step that the form does not accept is told of when it is saved.
            is_on = agreement.glide_is_on and terms.step > 0
            step = min(agreement.glide_current_step, last_step(terms)) if is_on else 0
            agreement.glide_share = share_at(step, terms) if is_on else 1

    @api.depends_context("lang")
    @api.depends(
        "glide_is_on", "glide_share", "glide_cycle_start", "glide_target", "glide_cycle_ids"
    )
    def _compute_glide_text(self):
        for agreement in self:
            agreement.glide_text = agreement.glide_is_on and agreement._describe_glide()

    @api.depends_context("lang")
    @api.depends("glide_cycle_ids", "glide_target")
    def _compute_glide_chart(self):
        for agreement in self:
            cycles = agreement.glide_cycle_ids.sorted("id")[-CYCLES_SHOWN:]
            agreement.glide_chart = bool(cycles) and {
                "labels": [format_day(self.env, cycle.date_end) for cycle in cycles],
                "lines": [
                    {
                        "name": self.env._("Maximum, % of the starting one"),
                        "values": [round(100 * cycle.share, 1) for cycle in cycles],
                        "stepped": True,
                    },
                    {
                        "name": self.env._("Fill rate in %"),
                        "values": [
                            round(100 * cycle.fill_rate, 1) if cycle.unit_count else None
                            for cycle in cycles
                        ],
                    },
                    {
                        "name": self.env._("Target in %"),
                        "values": [round(100 * cycle.target, 1) for cycle in cycles],
                        "dashed": True,
                    },
                ],
            }

    @api.constrains("warehouse_id", "location_id")
    def _check_location(self):
        for agreement in self:
            if agreement.location_id.warehouse_id != agreement.warehouse_id:
                raise ValidationError(
                    self.env._(
                        "The location %(location)s is not in the warehouse %(warehouse)s: choose "
                        "one of its locations.",
                        location=agreement.location_id.display_name,
                        warehouse=agreement.warehouse_id.name,
                    )
                )

    @api.constrains("review_frequency", *WEEKDAYS)
    def _check_weekdays(self):
        for agreement in self:
            if agreement.review_frequency == "weekdays" and not agreement._get_review_weekdays():
                raise ValidationError(
                    self.env._("%s is reviewed on weekdays: choose at least one.", agreement.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Draw the numbers when it is saved, so that a form that is only opened uses up none."""
        unnamed = self.env._("New")
        for vals in vals_list:
            if vals.get("name", unnamed) == unnamed:
                vals["name"] = self.env["ir.sequence"].next_by_code(self._name) or unnamed
        return super().create(vals_list)

    def write(self, vals):
        self._check_guarded_shapes(vals)
        changed = FIXED_FIELDS & vals.keys()
        for agreement in self if changed else ():
            for name in changed:
                new = agreement._fields[name].convert_to_cache(vals[name], agreement)
                if agreement.state != "draft" and agreement[name].id != new:
                    raise UserError(
                        self.env._(
                            "%(agreement)s is not a draft any more, so its %(field)s stays. Close "
                            "it and make another one.",
                            agreement=agreement.name,
                            field=agreement._fields[name]._description_string(self.env),
                        )
                    )
        result = super().write(vals)
        if vals.keys() & GLIDE_FIELDS:
            self._restart_glide("glide_is_on" in vals)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for agreement in self:
            if agreement.state in HOLDING_STATES or agreement.proposal_ids:
                raise UserError(
                    self.env._(
                        "%s is running or has proposals: close it instead of deleting it.",
                        agreement.name,
                    )
                )

    @api.model
    def load(self, fields, data):
        return by_row(super().load(fields, data))

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for Agreements with Their Products"),
                "template": "/supply_partner/static/csv/vmi_agreement.csv",
            }
        ]

    @api.readonly
    def action_open_lines(self):
        """Show the products of the agreement."""
        return self._action_open(self.env._("Products"), "vmi.agreement.line", "list,kanban,form")

    @api.readonly
    def action_open_proposals(self):
        """Show the agreement's proposals."""
        return self._action_open(self.env._("Proposals"), "vmi.proposal", "list,kanban,form")

    @api.readonly
    def action_open_orders(self):
        """Show the purchase orders made under the agreement."""
        return self._action_open(
            self.env._("Purchase Orders"), "purchase.order", "list,form", "vmi_agreement_id"
        )

    def action_open_changed_orders(self):
        """Show what changed in the agreement's orders since they were approved."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner.purchase_order_line_changed_action"
        )
        domain = [("vmi_agreement_id", "in", self.ids), ("vmi_change", "!=", False)]
        return {**action, "domain": domain}

    def action_add_vendor_products(self):
        """Add what the vendor sells, or sold to us in the last year, with proposed levels.

        Left out is what is listed already, what another running agreement keeps there, and what
        could not be ordered from the vendor.

        :return: the client's answer: how many were added, where their levels come from, and what
            was left out
        """
        self.ensure_one()
        self._check_in_state("draft")
        products = self._find_vendor_products()
        lines = self.env["vmi.agreement.line"].sudo()
        if products:
            lines = lines.create(
                [{"agreement_id": self.id, "product_id": product.id} for product in products]
            )
        hindered = lines.browse(line.id for line in lines._get_hindrances()) if lines else lines
        left_out = hindered.product_id
        hindered.unlink()
        added = (lines - hindered).with_env(self.env)
        if added:
            added._propose_levels()
        message = self._describe_added(added, left_out)
        return self._answer(message, "success" if added else "warning")

    def action_ask_start(self):
        """Say what starting will do, and start when the buyer agrees.

        :raise UserError: with everything that is wrong, a line each
        """
        self.ensure_one()
        self._check_in_state("draft")
        self = self.with_context(vmi_takes_rules_over=True)
        self._check_startable()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner.vmi_agreement_start_action"
        )
        return {**action, "context": {"default_agreement_id": self.id}}

    def action_start(self):
        """Make drafts run, after checking all that an order will need.

        :raise UserError: with everything that is wrong, a line each; then nothing has started
        """
        self._check_in_state("draft")
        self.lock_for_update()
        self._check_startable()
        for agreement in self:
            agreement._own_orderpoints()
            agreement.sudo().write(
                {
                    "state": "running",
                    "next_review_date": agreement._get_review_date(
                        max(
                            agreement.company_id._vmi_today(),
                            agreement.date_start or agreement.company_id._vmi_today(),
                        )
                    ),
                }
            )
        self.line_ids._measure()

    def action_suspend(self):
        """Stop reviews and orders for a while; the products stay reserved to the agreement."""
        self._check_in_state("running")
        self.sudo().state = "suspended"
        self.env["vmi.alert"]._forget(self)

    def action_resume(self):
        """Run again after a suspension; what changed meanwhile is checked as for a start."""
        self._check_in_state("suspended")
        self._check_startable()
        for agreement in self:
            agreement._own_orderpoints()
            agreement.sudo().write(
                {
                    "state": "running",
                    # What was missed meanwhile is not held against the levels.
                    "glide_cycle_start": agreement.glide_cycle_start
                    and agreement.company_id._vmi_today(),
                    "next_review_date": agreement._get_review_date(
                        agreement.company_id._vmi_today()
                    ),
                }
            )
        self.line_ids._measure()

    def action_close(self):
        """Close the agreements for good.

        In this order: open proposals are refused, the agreement is closed, its reordering rules
        are Odoo's again, and its alerts are forgotten.
        """
        self._check_in_state("draft", *HOLDING_STATES)
        for agreement in self:
            agreement.proposal_ids._filter_pending()._end(
                "refused", self.env._("The agreement was closed.")
            )
        for company, agreements in self.sudo().grouped("company_id").items():
            agreements.write(
                {
                    "state": "closed",
                    "closed_on": company._vmi_today(),
                    "next_review_date": False,
                }
            )
        self.line_ids._give_back_orderpoints()
        self.env["vmi.alert"]._forget(self)

    def action_review(self):
        """Review now and show what was proposed."""
        proposals = self.review()
        if not proposals:
            is_hindered = bool(self.line_ids.filtered("problem"))
            kind = "warning" if is_hindered else "success"
            return self._answer(self._describe_nothing_proposed(), kind)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proposals"),
            "res_model": "vmi.proposal",
            "view_mode": "form" if len(proposals) == 1 else "list,form",
            "res_id": proposals.id if len(proposals) == 1 else False,
            "domain": [("id", "in", proposals.ids)],
        }

    @api.readonly
    def action_open_transfers(self):
        """Show the transfers that were made for the agreement."""
        return self._action_open(
            self.env._("Transfers"), "stock.picking", "list,form", "vmi_proposal_id.agreement_id"
        )

    def _answer(self, message, kind="success", links=(), following=None):
        """Return a notification, after which the page is read anew.

        :param following: the action that follows; by default the same page
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "links": list(links),
                "next": following or {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _find_vendor_products(self):
        """Return the products with a valid price of the vendor, or bought there within a year.

        :return: stored products of the company that are not listed and kept by no other agreement
        """
        self.ensure_one()
        today = self.company_id._vmi_today()
        vendors = self.partner_id | self.partner_id.parent_id
        rows = self.env["product.supplierinfo"].search(
            [
                ("partner_id", "in", vendors.ids),
                ("company_id", "in", (False, self.company_id.id)),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", today),
            ]
        )
        products = self.env["product.product"]
        for row in rows:
            products |= row.product_id or row.product_tmpl_id.product_variant_ids
        for [product] in self.env["purchase.order.line"]._read_group(
            [
                ("order_id.partner_id", "child_of", self.partner_id.commercial_partner_id.ids),
                ("order_id.company_id", "=", self.company_id.id),
                ("order_id.state", "=", "purchase"),
                ("order_id.date_order", ">=", today - timedelta(days=BOUGHT_DAYS)),
            ],
            ["product_id"],
        ):
            products |= product
        kept = (
            self.env["vmi.agreement.line"]
            .sudo()
            .search(
                [
                    ("product_id", "in", products.ids),
                    ("company_id", "=", self.company_id.id),
                    ("state", "in", HOLDING_STATES),
                ]
            )
            .filtered(lambda line: line.location_id._vmi_is_nested(self.location_id))
        )
        products -= self.line_ids.product_id | kept.product_id
        return products.filtered(
            lambda product: (
                product.active
                and product.is_storable
                and product.company_id in (self.env["res.company"], self.company_id)
            )
        ).sorted("display_name")

    def _describe_added(self, lines, left_out):
        """Return which products were added, from where their levels come, and what was not."""
        count = self._count_products
        if not lines and not left_out:
            return self.env._(
                "%s has no other products with a valid price: add prices on the products' "
                "Purchase tab, or add products by hand.",
                self.partner_id.display_name,
            )
        texts = [self.env._("%s added.", count(len(lines)))] if lines else []
        origins = lines.grouped("levels_origin")
        for origin, text in (
            ("rule", self.env._("Levels of %s come from reordering rules.")),
            ("demand", self.env._("Levels of %s come from demand.")),
            ("none", self.env._("Enter the levels of %s: there is nothing to go by.")),
        ):
            if found := origins.get(origin):
                texts.append(text % count(len(found)))
        if left_out:
            names = ", ".join(left_out[:PRODUCTS_NAMED].mapped("display_name"))
            texts.append(self.env._("Left out, for it could not be ordered: %s.", names))
        return " ".join(texts)

    def _count_products(self, number):
        return self.env._("1 product") if number == 1 else self.env._("%s products", number)

    def _describe_start(self):
        """Return what starting will do, a sentence each; an add-on adds what it does then."""
        self.ensure_one()
        count = self._count_products
        today = self.company_id._vmi_today()
        sentences = [
            self.env._(
                "%(products)s: stock at %(location)s is reviewed %(rhythm)s.",
                products=count(len(self.line_ids)),
                location=self.location_id.display_name,
                rhythm=self._describe_rhythm(),
            ),
            {
                "automatic": self.env._(
                    "What is below its minimum is ordered from %(vendor)s automatically, in the "
                    "name of %(buyer)s.",
                    vendor=self.partner_id.display_name,
                    buyer=self.user_id.name,
                ),
                "buyer": self.env._(
                    "What is below its minimum is proposed to %(buyer)s, who approves it.",
                    buyer=self.user_id.name,
                ),
                "vendor": self.env._(
                    "What is below its minimum is proposed to %(vendor)s, and %(buyer)s approves "
                    "the answer.",
                    vendor=self.partner_id.display_name,
                    buyer=self.user_id.name,
                ),
            }[self.decision],
        ]
        first = self._get_review_date(max(today, self.date_start or today))
        sentences.append(
            self.env._("The first review is made now.")
            if first == today
            else self.env._("The first review is on %s.", format_full_day(self.env, first))
        )
        if rules := self.line_ids._get_rules_at_location():
            sentences.append(
                self.env._(
                    "The reordering rules of %s are taken over: they order nothing by themselves "
                    "until the agreement is closed.",
                    count(len(rules)),
                )
            )
        return sentences

    def _describe_rhythm(self):
        """Return how often it is reviewed."""
        if self.review_frequency == "weekdays":
            names = [
                self._fields[name]._description_string(self.env) for name in WEEKDAYS if self[name]
            ]
            return self.env._("on %s", ", ".join(names))
        if self.review_days == 1:
            return self.env._("every day")
        return self.env._("every %s days", self.review_days)

    def _start_and_review(self):
        """Start the agreement, and make its first review where today is its day.

        :return: the proposals made
        """
        self.ensure_one()
        self.with_context(vmi_takes_rules_over=True).action_start()
        if self.next_review_date == self.company_id._vmi_today():
            return self.review()
        return self.env["vmi.proposal"]

    def _get_acting_buyer(self):
        """Return who is the buyer today: the buyer, or the backup buyer on the days set."""
        self.ensure_one()
        today = self.company_id._vmi_today()
        stands_in = self.backup_user_id and (self.backup_start or today) <= today <= (
            self.backup_end or today
        )
        return self.backup_user_id if stands_in else self.user_id

    def _as_acting_buyer(self):
        """Return the agreement as its buyer sees it, in its company alone."""
        self.ensure_one()
        return self.with_user(self._get_acting_buyer()).with_context(
            allowed_company_ids=self.company_id.ids
        )

    def _action_open(self, name, model, view_mode, field="agreement_id"):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": view_mode,
            "domain": [(field, "in", self.ids)],
            # What is made here by hand would not be the agreement's.
            "context": {f"default_{field}": self[:1].id, "create": model == "vmi.agreement.line"},
        }

    def _get_review_weekdays(self):
        """Return the weekdays of the reviews, Monday being 0."""
        return [number for number, name in enumerate(WEEKDAYS) if self[name]]

    def _is_vendor_away(self, day):
        """Return whether the vendor takes no orders on a day."""
        return self.holiday_ids._covers(day)

    def _get_review_date(self, earliest):
        """Return the first day from a day on that the review frequency and holidays allow."""
        self.ensure_one()
        on_weekdays = self.review_frequency == "weekdays"
        weekdays = self._get_review_weekdays() if on_weekdays else range(7)
        return first_day(earliest, self._is_vendor_away, weekdays)

    def _get_next_review_date(self, day):
        """Return the day of the review that follows one on a day."""
        self.ensure_one()
        wait = self.review_days if self.review_frequency == "days" else 1
        return self._get_review_date(day + timedelta(days=wait))

    def _get_review_interval(self):
        """Return the longest time between two reviews, in days; holidays are left out."""
        self.ensure_one()
        if self.review_frequency == "days":
            return self.review_days
        return longest_interval(self._get_review_weekdays())

    def _get_order_date(self):
        """Return the day as of which the vendor takes an order that is placed now."""
        self.ensure_one()
        now = self.company_id._vmi_now()
        is_late = now.hour + now.minute / 60 >= self.cutoff_hour
        return first_day(now.date() + timedelta(days=is_late), self._is_vendor_away)

    def _get_found_problems(self):
        """Return why the last review could order nothing for some products, a sentence each."""
        lines = self.line_ids.filtered("problem")
        named = lines[:PRODUCTS_NAMED]
        problems = named._describe_hindrances({line: line.problem for line in named})
        if rest := len(lines) - len(named):
            problems.append(self.env._("%s more products cannot be ordered.", rest))
        return problems

    def _check_in_state(self, *states):
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for agreement in self:
            if agreement.state not in states:
                raise UserError(
                    self.env._(
                        "%(agreement)s is %(state)s; this is possible only when it is %(states)s.",
                        agreement=agreement.name,
                        state=labels[agreement.state].lower(),
                        states=" / ".join(labels[state].lower() for state in states),
                    )
                )

    def _check_startable(self):
        """Refuse to start with a list of all that stands against it."""
        problems = []
        for agreement in self:
            found = [*agreement._get_problems(), *agreement.line_ids._get_problems()]
            problems += [f"{agreement.name}: {problem}" for problem in found]
        if problems:
            raise UserError("\n".join(problems))

    def _get_problems(self):
        """Return what is wrong with the agreement as a whole, a sentence each."""
        self.ensure_one()
        problems = []
        if not self.line_ids:
            problems.append(self.env._("it has no products: add at least one."))
        if self._has_ended():
            problems.append(
                self.env._(
                    "its Last Day, %s, has passed: choose a later one.",
                    format_full_day(self.env, self.date_end),
                )
            )
        archived = self.partner_id, self.warehouse_id, self.location_id
        problems += [
            self.env._("%s is archived: restore it, or close the agreement.", record.display_name)
            for record in archived
            if not record.active
        ]
        for user in self.user_id | self.backup_user_id:
            if problem := self._get_user_problem(user):
                problems.append(problem)
        return problems

    def _get_user_problem(self, user):
        """Return why somebody cannot buy under the agreement; None when they can."""
        # Odoo deletes orderpoints that its own user made, and that user passes every limit.
        if user._is_superuser() or not user.sudo().has_group(BUYER_GROUP):
            return self.env._(
                "%s cannot be the buyer or backup buyer without a role in Purchase.", user.name
            )
        if not user.active or self.company_id not in user.sudo().company_ids:
            return self.env._(
                "%(user)s may not work in %(company)s.",
                user=user.name,
                company=self.company_id.name,
            )
        return None

    def _own_orderpoints(self):
        """Give every line an orderpoint of the agreement's."""
        self.line_ids._own_orderpoints(self.user_id)

    def _close_ended(self):
        """Close the running agreements whose last day has passed, and say so."""
        for agreement in self:
            if agreement._has_ended():
                agreement.action_close()
                agreement.message_post(
                    body=self.env._("The last day has passed: the agreement was closed.")
                )

    def _check_not_ended(self):
        if self._has_ended():
            raise UserError(
                self.env._(
                    "%(agreement)s ended on %(day)s: set a later Last Day to go on.",
                    agreement=self.name,
                    day=format_full_day(self.env, self.date_end),
                )
            )

    def _has_ended(self):
        """Return whether its last day has passed."""
        return bool(self.date_end) and self.date_end < self.company_id._vmi_today()

    def review(self):
        """Find what is below its minimum, and propose to fill it up.

        What is proposed already counts, so reviewing twice proposes nothing twice.

        :return: the ``vmi.proposal`` records made
        :raise UserError: when an agreement is not running today, or under review elsewhere
        """
        self.check_access("write")
        self._check_reviewable()
        self._lock()
        proposals = self.env["vmi.proposal"]
        for company, agreements in self.grouped("company_id").items():
            proposals += agreements.sudo()._review_company(company)
        proposals = proposals.with_env(self.env)
        proposals._decide_automatically()
        return proposals

    def _describe_nothing_proposed(self):
        """Return why a review proposed nothing: what is held, what waits, what is hindered."""
        held = self.filtered("held_value")[:1]
        if held:
            return self.env._(
                "Held until it is worth %(minimum)s: %(value)s.",
                minimum=format_amount(self.env, held.minimum_order_value, held.currency_id),
                value=format_amount(self.env, held.held_value, held.currency_id),
            )
        reasons = []
        if waiting := self.proposal_ids._filter_pending():
            names = ", ".join(waiting[:MOST_NAMED].mapped("name"))
            if len(waiting) > MOST_NAMED:
                names += ", …"
            reasons.append(self.env._("%s waits for a decision: no more is to be proposed.", names))
        hindered = self.line_ids.filtered("problem")[:MOST_NAMED]
        reasons += hindered._describe_hindrances({line: line.problem for line in hindered})
        return " ".join(reasons) or self.env._("Nothing is to be proposed.")

    def _check_reviewable(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for agreement in self:
            today = agreement.company_id._vmi_today()
            if agreement.state != "running":
                raise UserError(
                    self.env._(
                        "%(agreement)s is %(state)s: only a running agreement is reviewed.",
                        agreement=agreement.name,
                        state=labels[agreement.state].lower(),
                    )
                )
            if agreement.date_start and agreement.date_start > today:
                raise UserError(
                    self.env._(
                        "%(agreement)s starts on %(day)s.",
                        agreement=agreement.name,
                        day=format_full_day(self.env, agreement.date_start),
                    )
                )
            agreement._check_not_ended()

    def _lock(self):
        """Keep other reviews and decisions about the agreements off until the end."""
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is reviewing, or deciding about, one of these agreements at "
                    "this moment. Try again."
                )
            ) from error
        # Read anew, so that the review is written even in the second of another one.
        self.invalidate_recordset(["state", "decided_at", "last_review"])

    def _review_company(self, company):
        """Review agreements of one company, all in one pass; return the proposals made."""
        self = self.with_company(company)
        self._expire_proposals()
        lines = self.line_ids
        self.env["vmi.season"]._refresh_old(lines)
        with (lines + self._get_giving_lines())._prepare_review(company) as review:
            review.find()
            review.share_surplus(self.ids, self._promise_surplus)
            review.write_findings()
            self._keep_forecasts(review, company)
            lines.invalidate_recordset(flush=False)
            self.env["stock.warehouse.orderpoint"].invalidate_model(
                ["product_min_qty", "product_max_qty"], flush=False
            )
            proposals = self._propose_transfers(review) + self._propose_purchases(review)
            self._note_review(company._vmi_today())
            review.write_alerts(self.ids)
        self.env["vmi.alert"]._update_activities(self)
        return proposals

    def _keep_forecasts(self, review, company):
        """Store the forecasts, compare those of the past, and see which methods are the best."""
        is_known = review.write_forecasts(self.ids)
        champions, today = self.env["vmi.forecast.champion"], company._vmi_today()
        if classes := review.get_forecast_classes():
            champions._begin(company, today, classes)
        if is_known:
            champions._decide(company, today)

    def _note_review(self, today):
        for agreement in self:
            # Neither is tracked, and looking at what is would take longer than the writing.
            agreement.with_context(tracking_disable=True).write(
                {
                    "last_review": fields.Datetime.now(),
                    "next_review_date": agreement._get_next_review_date(today),
                }
            )

    def _propose_purchases(self, review):
        """Make the proposals of what was found, without those that are not worth an order yet."""
        vals_list = []
        held = {}
        for agreement_id, value, urgent, is_held in review.get_purchases():
            agreement = self.browse(agreement_id)
            if is_held:
                held[agreement] = value
                continue
            vals_list.append(agreement._prepare_proposal_vals(value, urgent))
        for agreement in self:
            if agreement.held_value != held.get(agreement, 0):
                agreement.held_value = held.get(agreement, 0)
        return self._create_proposals(vals_list, review.add_purchase_lines)

    def _propose_transfers(self, review):
        """Make the proposals of transfers; the vendor has no part in them."""
        vals_list = [
            {
                "agreement_id": agreement.id,
                "kind": "transfer",
                "date_expiry": agreement._get_expiry(),
            }
            for agreement in self.browse(review.get_taking_agreement_ids())
        ]
        return self._create_proposals(vals_list, review.add_transfer_lines)

    def _create_proposals(self, vals_list, add_lines):
        """Create proposals and, by SQL, their lines.

        :param add_lines: called with the user's id and pairs (agreement id, proposal id)
        """
        proposals = self.env["vmi.proposal"].with_context(mail_create_nolog=True).create(vals_list)
        if proposals:
            self.env.flush_all()
            add_lines(
                self.env.uid,
                [(proposal.agreement_id.id, proposal.id) for proposal in proposals],
            )
            self.env["vmi.proposal.line"].invalidate_model()
            proposals.invalidate_recordset(["line_ids"], flush=False)
        return proposals

    def _prepare_proposal_vals(self, value, urgent):
        """Return what a new proposal of the agreement holds.

        :param value: what its lines are worth
        :param urgent: how many of them are out before the next review
        """
        self.ensure_one()
        note = False
        if value < self.minimum_order_value:
            note = self.env._(
                "Below the minimum order value of %(minimum)s, but %(count)s products will be out "
                "of stock before the next review.",
                minimum=format_amount(self.env, self.minimum_order_value, self.currency_id),
                count=urgent,
            )
        return {
            "agreement_id": self.id,
            "state": "sent" if self.decision == "vendor" else "draft",
            "note": note,
            "date_expiry": self._get_expiry(),
        }

    def _get_expiry(self):
        return fields.Datetime.now() + timedelta(days=self.expiry_days)

    def _prepare_review_days(self, today):
        return tuple(
            ReviewDays(
                agreement.id,
                agreement._get_review_interval(),
                agreement._get_next_review_date(today),
            )
            for agreement in self
        )

    def _get_giving_lines(self):
        """Return the lines of other agreements whose locations may have a surplus of a product."""
        self.env.flush_all()
        rows = self.env.execute_query(giving_lines_query(self.ids))
        return self.line_ids.browse(line_id for (line_id,) in rows)

    def _promise_surplus(self, giving_ids):
        """Keep other reviews from giving the same away at this moment.

        :param giving_ids: the agreements that give
        :return: the ids of those about which somebody else is deciding: they give nothing now
        """
        giving = self.browse(giving_ids)
        promised = giving.try_lock_for_update(allow_referencing=True)
        if promised == giving:
            promised.invalidate_recordset(["decided_at"])
            # Written at once: a review that began earlier and comes later is turned away.
            promised.decided_at = fields.Datetime.now()
            self.env.flush_all()
        return (giving - promised).ids

    @api.model
    def _cron_review(self):
        """Review what is due, a company at a time, then order what needs no approval.

        Each company's review and each order is a transaction of its own: a run that was killed
        leaves whole ones, and the next run finds what is left.
        """
        commit = self.env["ir.cron"]._commit_progress
        proposals = self.env["vmi.proposal"].sudo()
        self._prepare_reviews()
        companies = self._find_due().company_id
        waiting = proposals._search_undecided()
        commit(remaining=len(companies) + len(waiting))
        for count, company in enumerate(companies, start=1):
            self._review_company_due(company)
            waiting = proposals._search_undecided()
            # What the review proposed is still to be done when the time is up.
            if not commit(processed=1, remaining=len(companies) - count + len(waiting)):
                return
        for proposal in waiting:
            proposal.agreement_id._attempt("order", proposal._decide_automatically)
            if not commit(processed=1):
                return

    @api.model
    def _prepare_reviews(self):
        """Do what reviews go by: old proposals expire, and glide paths lower what is kept."""
        for agreement in self.env["vmi.proposal"].sudo()._search_expired().agreement_id:
            agreement._attempt("expire", agreement._expire_proposals)
        for agreements in self._find_gliding().grouped("company_id").values():
            agreements._glide_or_each()

    def _restart_glide(self, is_switched):
        """Let changed terms of the glide path hold at once.

        :param is_switched: whether it may have been switched on or off: it begins anew
        """
        for agreement in self.sudo() if is_switched else ():
            if not agreement.glide_is_on and agreement.glide_since:
                agreement.write(
                    {
                        "glide_current_step": 0,
                        "glide_since": False,
                        "glide_cycle_start": False,
                        "glide_checked_on": False,
                    }
                )
        self.filtered(lambda agreement: agreement.state in HOLDING_STATES).line_ids._measure()

    def _get_glide_terms(self):
        """Return the :class:`~..engine.glide_path.GlideTerms` of the agreement."""
        self.ensure_one()
        lead_days = max(self.sudo().line_ids.mapped("lead_days"), default=0)
        return GlideTerms(
            cycle_days=self.glide_cycle_days,
            wait_days=ceil(lead_days) + self._get_review_interval(),
            step=self.glide_step,
            floor=self.glide_floor,
            target=self.glide_target,
        )

    def _get_glide_state(self):
        """Return the :class:`~..engine.glide_path.GlideState`, from the cycles so far."""
        self.ensure_one()
        cycles = self.glide_cycle_ids.filtered(
            lambda cycle: self.glide_since and cycle.date_start >= self.glide_since
        )
        return reduce(
            lambda state, cycle: follow(replace(state, step=cycle.step), cycle._get_decision()),
            cycles.sorted("id"),
            GlideState(),
        )

    def _describe_glide(self):
        """Return in words where the glide path stands, and what it waits for."""
        self.ensure_one()
        percent = self.glide_cycle_ids._format_percent
        if not self.glide_cycle_start:
            return self.env._("The first cycle begins with the next nightly run.")
        text = self.env._(
            "The maximum is at %(share)s %% of the starting one. The cycle runs since %(day)s; "
            "to be judged it needs %(units)s days with demand, summed over the products.",
            share=percent(self.glide_share),
            day=format_full_day(self.env, self.glide_cycle_start),
            units=least_units(self.glide_target),
        )
        if last := self.glide_cycle_ids[:1]:
            text += "\n" + self.env._("Last decision: %s", last.description)
        return text

    @api.model
    def _find_gliding(self):
        """Return the running agreements on a glide path that were not looked at today."""
        found = self.browse()
        gliding = self._search_open().filtered("glide_is_on")
        for company, agreements in gliding.grouped("company_id").items():
            today = company._vmi_today()
            if company._vmi_now().hour >= company.vmi_review_hour:
                found |= agreements.filtered(
                    lambda agreement, today=today: (
                        (agreement.glide_checked_on or today - timedelta(days=1)) < today
                    )
                )
        return found

    def _glide_or_each(self):
        """Look at the glide paths of a company in one pass; if that fails, at each by itself."""
        if self.browse()._attempt("glide", self._glide):
            self._note_failure("glide", False)
            return
        for agreement in self:
            agreement._attempt("glide", agreement._glide)

    def _glide(self):
        """Decide about the glide paths of agreements of one company, and set what follows."""
        agreements = self.exists().filtered(
            lambda agreement: agreement.state == "running" and agreement.glide_is_on
        )
        # What somebody is deciding about comes with the next run.
        agreements = agreements.try_lock_for_update(allow_referencing=True)
        agreements = agreements.sudo().with_context(tracking_disable=True)
        if not agreements:
            return
        company = agreements.company_id
        today = company._vmi_today()
        agreements.glide_checked_on = today
        new = agreements.filtered(lambda agreement: not agreement.glide_cycle_start)
        new.write({"glide_since": today, "glide_cycle_start": today})
        begun = agreements.filtered(lambda agreement: agreement.glide_cycle_start < today)
        if not begun:
            return
        lines = begun.line_ids.with_company(company)
        with lines._prepare_review(company) as review:
            found = review.find_served(
                tuple((agreement.id, agreement.glide_cycle_start) for agreement in begun),
                lines._get_sold_at_once_condition(),
            )
        moved = self.browse()
        for agreement in begun:
            if agreement._end_glide_cycle(found.get(agreement.id) or {}, today):
                moved |= agreement
        moved.line_ids._measure()

    def _end_glide_cycle(self, found, today):
        """End the cycle where its time has come; return whether levels change by that.

        :param found: a row of :mod:`~..engine.served`; empty when nothing was wanted
        """
        terms, state = self._get_glide_terms(), self._get_glide_state()
        wanted, served = float(found.get("wanted") or 0), float(found.get("served") or 0)
        seen = GlideCycle(
            days=(today - self.glide_cycle_start).days,
            units=found.get("units", 0),
            good_units=found.get("good", 0),
            wanted=wanted,
            served=served,
        )
        decision = decide(terms, state, seen)
        if decision.action == "run":
            return False
        cycle = self.env["vmi.glide.cycle"].create(
            {
                "agreement_id": self.id,
                "date_start": self.glide_cycle_start,
                "date_end": today - timedelta(days=1),
                "step": state.step,
                "share": share_at(state.step, terms),
                "next_step": decision.step,
                "target": terms.target,
                "unit_count": seen.units,
                "good_count": seen.good_units,
                "wanted_qty": wanted,
                "served_qty": served,
                "fill_rate": served / wanted if wanted else 0,
                "chance": decision.chance,
                "action": decision.action,
                "reason": decision.reason,
            }
        )
        # What is raised has to reach the shelf before it is judged.
        pause = terms.wait_days if decision.action in ("back", "halt") else 0
        self.write(
            {
                "glide_current_step": decision.step,
                "glide_cycle_start": today + timedelta(days=pause),
            }
        )
        self.message_post(body=" ".join([cycle.description, cycle._describe_decision()]))
        return decision.step != state.step

    def _search_open(self):
        return self.sudo().search([("state", "=", "running")])

    def _expire_proposals(self):
        """Let the proposals of the agreements expire that were not approved or refused in time."""
        self.env["vmi.proposal"]._search_expired(self)._expire()

    def _find_due(self):
        """Return the running agreements whose day, and whose company's hour, has come."""
        due = []
        for company, agreements in self._search_open().grouped("company_id").items():
            if company._vmi_now().hour < company.vmi_review_hour:
                continue
            agreements._attempt("due", partial(agreements._add_due, due))
        return self.browse().union(*due)

    def _add_due(self, due):
        """Add those whose day has come to a list."""
        due.append(self.filtered(lambda agreement: agreement._is_due()))

    def _review_company_due(self, company):
        """Review what is due in a company."""
        self._find_due().filtered(
            lambda agreement: agreement.company_id == company
        )._review_in_parts()

    def _review_in_parts(self):
        """Review agreements of a company in one pass; if that fails, in ever smaller parts.

        One agreement that cannot be reviewed is in the end set aside, with its reason.
        """
        parts = [self]
        while parts:
            due = parts.pop()
            if len(due) == 1:
                due._review_or_set_aside()
            elif self.browse()._attempt("review", due._review_due):
                due._note_failure("review", False)
            else:
                half = len(due) // 2
                parts += [due[half:], due[:half]]

    def _review_or_set_aside(self):
        """Review one agreement; where somebody is at work on it, say so until the next run."""
        if self._attempt("review", self._review_due):
            return
        if "review" not in (self.exists().failures or {}):
            self._note_failure("review", self._describe_busy())

    @api.model
    def _describe_busy(self):
        return self.env._("Somebody was at work on it at that moment. The next run reviews it.")

    def _review_due(self):
        """Review agreements of a company whose day has come; close those that have ended."""
        # A line that somebody keeps locked shall keep no other agreement waiting.
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
        due = self.exists().filtered(lambda agreement: agreement._is_due())
        # What somebody is deciding about comes with the next run.
        due = due.try_lock_for_update(allow_referencing=True)
        due._close_ended()
        due = due.filtered(lambda agreement: agreement.state == "running")
        if due:
            due._review_company(due.company_id)

    def _is_due(self):
        """Return whether the day of its review, or of its end, has come."""
        today = self.company_id._vmi_today()
        if self.state != "running" or (self.date_start or today) > today:
            return False
        is_reviewed = bool(self.next_review_date) and self.next_review_date <= today
        return is_reviewed or self._has_ended()

    def _attempt(self, action, step):
        """Do a step of a scheduled action for agreements, in a transaction of its own.

        Where it meets with other people's work it is done again. What goes wrong with it stops
        no other: a failure is logged, and said on the agreements until the same step succeeds.

        :param action: a code of :meth:`_describe_actions`
        :param step: called without arguments, and again after a conflict
        :return: whether the step succeeded
        """
        commit = self.env["ir.cron"]._commit_progress
        try:
            commit_step(self.env, step, commit, attempts=ATTEMPTS)
        except OperationalError:
            roll_back(self.env)
            # Somebody is at work on it: the next run serves it.
            _logger.warning("The step %s of %s met with others", action, self, exc_info=True)
            return False
        except Exception as error:
            roll_back(self.env)
            _logger.exception("The step %s of %s failed", action, self)
            failure = str(error) or type(error).__name__
        else:
            failure = False
        note = partial(self._note_failure, action, failure)
        commit_step(self.env, note, commit, attempts=ATTEMPTS)
        return not failure

    def _note_failure(self, action, failure):
        """Note why a step failed; False once it succeeded."""
        # An untracked note, and none where somebody is at work on the agreement.
        for agreement in self.exists().sudo().with_context(tracking_disable=True):
            noted = agreement.failures or {}
            if (noted.get(action) or False) != failure and agreement.try_lock_for_update(
                allow_referencing=True
            ):
                noted = {**noted, action: failure}
                agreement.failures = {code: why for code, why in noted.items() if why} or False

    @api.model
    def _describe_actions(self):
        """Return what scheduled actions do for an agreement, by code.

        An add-on adds what its own do; the label stands before the reason of a failure.
        """
        return {
            "alert_activities": self.env._("Updating the activities of alerts"),
            "alerts": self.env._("Notifying of alerts"),
            "due": self.env._("Finding what is due for review"),
            "expire": self.env._("Expiring proposals"),
            "glide": self.env._("Following the glide path"),
            "order": self.env._("Ordering"),
            "review": self.env._("Reviewing"),
        }
