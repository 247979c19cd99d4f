from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# The states in which an agreement holds its products' places.
HOLDING_STATES = ("running", "suspended")
# What decides where things are ordered and by whom they are delivered.
FIXED_FIELDS = {"partner_id", "company_id", "warehouse_id", "location_id", "currency_id"}


class VmiAgreement(models.Model):
    """What a vendor keeps filled at one place, by which terms, and who decides."""

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
        "Stand-in",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Takes the buyer's place on the days below.",
    )
    backup_start = fields.Date("Stand-in From")
    backup_end = fields.Date("Stand-in To")
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
        "Place",
        required=True,
        check_company=True,
        tracking=True,
        compute="_compute_location_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', warehouse_id)]",
        help="The location that is kept filled, with all locations below it.",
    )
    date_start = fields.Date("First Day", tracking=True)
    date_end = fields.Date(
        "Last Day", tracking=True, help="After this day the agreement is closed by itself."
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
            ("automatic", "Nobody: Ordered by Itself"),
            ("buyer", "The Buyer"),
            ("vendor", "The Vendor"),
        ],
        "Decided By",
        required=True,
        default="buyer",
        tracking=True,
        help="Automatic: ordered and confirmed in the buyer's name, within the brake.\n"
        "Buyer: a proposal waits for the buyer's approval.\n"
        "Vendor: the vendor answers with quantities first, and the buyer approves them.",
    )
    counts_transfers = fields.Boolean(
        "Transfers Are Demand",
        default=True,
        tracking=True,
        help="What is transferred to other locations of the company counts as demand of these "
        "products. Untick it where the other locations are filled by their own agreements or "
        "reordering rules and only customers and production shall count.",
    )
    planning_horizon_days = fields.Integer(
        "Horizon",
        default=0,
        required=True,
        tracking=True,
        help="Receipts and deliveries count up to today, the lead days and these days.",
    )
    demand_period_days = fields.Integer(
        "Demand Over",
        default=90,
        required=True,
        tracking=True,
        help="The demand a day is taken over this many days before today.",
    )
    minimum_order_value = fields.Monetary(
        tracking=True,
        help="A proposal worth less is held until it reaches this value, unless a product will "
        "be out before the next review.",
    )
    held_value = fields.Monetary(
        readonly=True,
        copy=False,
        help="What the last review would have proposed, had it reached the least order value.",
    )
    approval_limit_value = fields.Monetary(
        "Brake: Value",
        tracking=True,
        help="An automatic order worth more waits for the buyer. 0: no such limit.",
    )
    approval_limit_days = fields.Float(
        "Brake: Days of Supply",
        tracking=True,
        help="An automatic order that gives a product more days of supply than this waits for "
        "the buyer. 0: no such limit.",
    )
    expiry_days = fields.Integer(
        "Proposals Expire After",
        default=7,
        required=True,
        tracking=True,
        help="Days after which a proposal that nobody decided expires.",
    )
    line_ids = fields.One2many("vmi.agreement.line", "agreement_id", "Products", copy=True)
    proposal_ids = fields.One2many("vmi.proposal", "agreement_id", "Proposals")
    purchase_order_ids = fields.One2many("purchase.order", "vmi_agreement_id", "Purchase Orders")
    holiday_ids = fields.One2many(related="partner_id.vmi_holiday_ids", string="Vendor's Holidays")
    has_days_of_supply = fields.Boolean(compute="_compute_methods")
    has_service_level = fields.Boolean(compute="_compute_methods")
    line_count = fields.Integer("Number of Products", compute="_compute_counts")
    open_proposal_count = fields.Integer("Number of Proposals to Decide", compute="_compute_counts")
    purchase_order_count = fields.Integer("Number of Orders", compute="_compute_counts")
    changed_order_count = fields.Integer("Number of Changed Orders", compute="_compute_counts")
    # Every decision writes it, so that one made at the same moment elsewhere is noticed.
    decided_at = fields.Datetime("Last Decision", readonly=True, copy=False)

    _horizon_within_bounds = models.Constraint(
        "CHECK (planning_horizon_days BETWEEN 0 AND 3650)", "The Horizon must be 0 to 3,650 days."
    )
    _demand_period_days_within_bounds = models.Constraint(
        "CHECK (demand_period_days BETWEEN 1 AND 3650)", "Demand Over must be 1 to 3,650 days."
    )
    _expiry_days_within_bounds = models.Constraint(
        "CHECK (expiry_days BETWEEN 1 AND 365)", "Proposals must expire after 1 to 365 days."
    )
    _limits_not_negative = models.Constraint(
        "CHECK (minimum_order_value >= 0 AND approval_limit_value >= 0 "
        "AND approval_limit_days >= 0)",
        "The Least Order Value and the Brake must be 0 or more.",
    )
    _days_in_order = models.Constraint(
        "CHECK (date_end >= date_start)",
        "The Last Day of an agreement must not lie before its First Day.",
    )
    _backup_days_in_order = models.Constraint(
        "CHECK (backup_end >= backup_start)",
        "The stand-in's last day must not lie before the first.",
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

    @api.depends("line_ids.method")
    def _compute_methods(self):
        for agreement in self:
            methods = set(agreement.line_ids.mapped("method"))
            agreement.has_days_of_supply = "days_of_supply" in methods
            agreement.has_service_level = "service_level" in methods

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

    @api.constrains("warehouse_id", "location_id")
    def _check_place(self):
        for agreement in self:
            if agreement.location_id.warehouse_id != agreement.warehouse_id:
                raise ValidationError(
                    self.env._(
                        "The place %(place)s is not in the warehouse %(warehouse)s: choose one of "
                        "its locations.",
                        place=agreement.location_id.display_name,
                        warehouse=agreement.warehouse_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Draw the numbers: not before, or looking at a new form would use one up."""
        unnamed = self.env._("New")
        for vals in vals_list:
            if vals.get("name", unnamed) == unnamed:
                vals["name"] = self.env["ir.sequence"].next_by_code(self._name) or unnamed
        return super().create(vals_list)

    def write(self, vals):
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
        return super().write(vals)

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

    def _get_acting_buyer(self):
        """Return who is the buyer today: the buyer, or the stand-in on the days set."""
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

    def action_open_lines(self):
        """Show the products of the agreement."""
        return self._action_open(self.env._("Products"), "vmi.agreement.line", "list,kanban,form")

    def action_open_proposals(self):
        """Show the agreement's proposals."""
        return self._action_open(self.env._("Proposals"), "vmi.proposal", "list,form")

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
