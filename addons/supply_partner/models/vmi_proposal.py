from odoo import api, fields, models
from odoo.fields import Domain

PENDING_STATES = ("draft", "sent", "approved")


class VmiProposal(models.Model):
    """What a review proposes to order from the vendor, until somebody has decided."""

    _name = "vmi.proposal"
    _description = "Supply Proposal"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        "Reference",
        required=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    agreement_id = fields.Many2one(
        "vmi.agreement",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        related="agreement_id.partner_id", store=True, precompute=True, string="Vendor"
    )
    user_id = fields.Many2one(
        related="agreement_id.user_id", store=True, precompute=True, string="Buyer"
    )
    decision = fields.Selection(related="agreement_id.decision")
    location_id = fields.Many2one(related="agreement_id.location_id", string="Place")
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "To Approve"),
            ("sent", "With the Vendor"),
            ("approved", "Approved"),
            ("ordered", "Ordered"),
            ("refused", "Refused"),
            ("expired", "Expired"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    date_expiry = fields.Datetime("Expires", readonly=True)
    note = fields.Text(
        readonly=True, help="Why it was proposed although small, or why it waits for the buyer."
    )
    end_reason = fields.Char(
        "Reason", readonly=True, copy=False, tracking=True, help="Why it was refused or expired."
    )
    is_over_limit = fields.Boolean(
        "Held by the Brake", readonly=True, copy=False, help="Waits for the buyer."
    )
    told_quantities = fields.Json(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="The quantities with which the buyer was told what is over the limits.",
    )
    limit_note = fields.Text(
        "Over Limit",
        compute="_compute_limit_note",
        help="What is above the agreed maximum, or beyond another limit of the agreement.",
    )
    line_ids = fields.One2many("vmi.proposal.line", "proposal_id", "Products")
    purchase_order_ids = fields.Many2many(
        "purchase.order", string="Purchase Orders", readonly=True, copy=False
    )
    amount = fields.Monetary("Value", compute="_compute_amount")
    has_price_difference = fields.Boolean(compute="_compute_amount")
    has_failures = fields.Boolean(compute="_compute_has_failures")
    has_changed_orders = fields.Boolean(compute="_compute_has_changed_orders")

    @api.model_create_multi
    def create(self, vals_list):
        unnamed = self.env._("New")
        for vals in vals_list:
            if vals.get("name", unnamed) == unnamed:
                vals["name"] = self.env["ir.sequence"].next_by_code(self._name) or unnamed
        return super().create(vals_list)

    @api.depends("line_ids.approved_qty", "line_ids.unit_price", "line_ids.price_difference")
    def _compute_amount(self):
        for proposal in self:
            proposal.amount = sum(line.approved_qty * line.unit_price for line in proposal.line_ids)
            proposal.has_price_difference = any(proposal.line_ids.mapped("price_difference"))

    @api.depends_context("lang")
    @api.depends("amount", "line_ids.limit_note", "state")
    def _compute_limit_note(self):
        for proposal in self:
            is_open = proposal.state in ("draft", "sent")
            reasons = proposal._get_limit_reasons() if is_open else []
            proposal.limit_note = "\n".join(reasons)

    @api.depends("line_ids.failure")
    def _compute_has_failures(self):
        for proposal in self:
            proposal.has_failures = any(proposal.line_ids.mapped("failure"))

    @api.depends("line_ids.change_note")
    def _compute_has_changed_orders(self):
        for proposal in self:
            proposal.has_changed_orders = any(proposal.line_ids.mapped("change_note"))

    def _filter_pending(self):
        """Return those that are still to be decided or ordered."""
        return self.filtered(lambda proposal: proposal.state in PENDING_STATES)

    def _end(self, state, reason):
        """Refuse or expire, with the reason."""
        self.sudo().write({"state": state, "end_reason": reason})

    @api.model
    def _search_expired(self, agreements=None):
        """Return those that nobody decided in time; of all agreements by default."""
        domain = Domain("state", "in", ("draft", "sent")) & Domain(
            "date_expiry", "<=", fields.Datetime.now()
        )
        if agreements is not None:
            domain &= Domain("agreement_id", "in", agreements.ids)
        return self.search(domain)

    def _expire(self):
        """Let proposals expire that nobody decided in time."""
        for proposal in self:
            reason = (
                self.env._("The vendor did not answer in time.")
                if proposal.state == "sent"
                else self.env._("Nobody decided in time.")
            )
            proposal._end("expired", reason)

    def action_open_orders(self):
        """Show the purchase orders that came of the proposal."""
        self.ensure_one()
        orders = self.purchase_order_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase Orders"),
            "res_model": "purchase.order",
            "view_mode": "form" if len(orders) == 1 else "list,form",
            "res_id": orders.id if len(orders) == 1 else False,
            "domain": [("id", "in", orders.ids)],
            "context": {"create": False},
        }
