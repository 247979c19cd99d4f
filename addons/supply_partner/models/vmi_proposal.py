from odoo import api, fields, models
from odoo.addons.stock.models.stock_rule import ProcurementException
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain
from odoo.tools import float_compare, format_amount

from .vmi_agreement import BUYER_GROUP, HOLDING_STATES
from .vmi_agreement_line import VENDOR_PROBLEMS

PENDING_STATES = ("draft", "sent", "approved")


class VmiProposal(models.Model):
    """What a review proposes to order from the vendor, or to transfer, until it is approved."""

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
    location_id = fields.Many2one(related="agreement_id.location_id", string="Location")
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
        "Over Limit", readonly=True, copy=False, help="Waits for the buyer's approval."
    )
    told_quantities = fields.Json(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="The quantities with which the buyer was told what is over the limits.",
    )
    limit_note = fields.Text(
        "Limits Exceeded",
        compute="_compute_limit_note",
        help="What is above the agreed maximum, or beyond another limit of the agreement.",
    )
    line_ids = fields.One2many("vmi.proposal.line", "proposal_id", "Products")
    purchase_order_ids = fields.Many2many(
        "purchase.order", string="Purchase Orders", readonly=True, copy=False
    )
    amount = fields.Monetary("Value", compute="_compute_amount")
    has_price_difference = fields.Boolean(compute="_compute_amount")
    line_count = fields.Integer("Number of Products", compute="_compute_line_count")
    lines_text = fields.Char(compute="_compute_line_count")
    is_waiting = fields.Boolean(
        "Waits for the Vendor",
        compute="_compute_is_waiting",
        help="The vendor has not answered for all products yet.",
    )
    has_failures = fields.Boolean(compute="_compute_has_failures")
    has_changed_orders = fields.Boolean(compute="_compute_has_changed_orders")
    kind = fields.Selection(
        [("purchase", "Purchase"), ("transfer", "Transfer")],
        required=True,
        default="purchase",
        readonly=True,
        index=True,
        help="Purchase: from the vendor.\n"
        "Transfer: from another location of the company that has a surplus. Refused, the vendor is "
        "asked instead, until the day on which the transfer would have expired.",
    )
    picking_ids = fields.One2many("stock.picking", "vmi_proposal_id", "Transfers", readonly=True)

    @api.depends("line_ids.approved_qty", "line_ids.unit_price", "line_ids.price_difference")
    def _compute_amount(self):
        for proposal in self:
            proposal.amount = sum(line.approved_qty * line.unit_price for line in proposal.line_ids)
            proposal.has_price_difference = any(proposal.line_ids.mapped("price_difference"))

    @api.depends_context("lang")
    @api.depends("line_ids")
    def _compute_line_count(self):
        for proposal in self:
            count = proposal.line_count = len(proposal.line_ids)
            proposal.lines_text = (
                self.env._("1 line") if count == 1 else self.env._("%s lines", count)
            )

    @api.depends("state", "line_ids.answered_at")
    def _compute_is_waiting(self):
        for proposal in self:
            proposal.is_waiting = proposal.state == "sent" and not all(
                proposal.line_ids.mapped("answered_at")
            )

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

    @api.model_create_multi
    def create(self, vals_list):
        unnamed = self.env._("New")
        for vals in vals_list:
            if vals.get("name", unnamed) == unnamed:
                vals["name"] = self.env["ir.sequence"].next_by_code(self._name) or unnamed
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ordered(self):
        for proposal in self:
            if proposal.state in ("approved", "ordered"):
                raise UserError(
                    self.env._(
                        "%s was ordered: it is kept for the history of the agreement.",
                        proposal.name,
                    )
                )

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

    def action_approve(self):
        """Order what is proposed, through Odoo's procurement.

        :return: the client's answer: what was made, and the page anew; or the action that tells
            of what is over the limits, when something is and the user was not told yet: then
            nothing is ordered
        :raise UserError: when a proposal is decided already, waits for the vendor, its agreement
            does not run, or nothing of it can be ordered: with the reasons
        """
        self._prepare_decision()
        if any(proposal._get_limit_reasons() and not proposal._is_told() for proposal in self):
            return self._action_tell_limits()
        self._approve_all()
        self._measure_lines()
        return self._answer(self._describe_made(), self._get_made_links())

    def action_refuse(self, reason=None):
        """Order nothing of it; the next review may propose it again.

        :param reason: why, for whoever asks later
        """
        self._check_buyer()
        self._lock()
        for proposal in self:
            proposal._check_undecided()
        self._end("refused", reason or self.env._("Refused by %s.", self.env.user.name))
        self._mark_decided()
        self._measure_lines()
        return self._answer(self.env._("%s refused", ", ".join(self.mapped("name"))), [])

    def action_ask_why_refused(self):
        """Ask for the reason, then refuse."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner.vmi_proposal_refusal_action"
        )
        return {**action, "context": {"active_model": self._name, "active_ids": self.ids}}

    def action_accept_as_proposed(self):
        """Enter that the vendor will deliver just what is in the vendor's column."""
        self._check_buyer()
        for proposal in self:
            proposal._check_undecided()
        self.line_ids.filtered(
            lambda line: not line.answered_at
        ).sudo().answered_at = fields.Datetime.now()
        return self._answer(
            self.env._("Answered for %s", ", ".join(self.partner_id.mapped("display_name"))),
            [],
            # Whoever opened the dialog reads anew; a page that is drawn below it has no focus.
            {"type": "ir.actions.act_window_close"},
        )

    def action_answer_for_vendor(self):
        """Ask for the quantities that the vendor named by telephone or mail."""
        self.ensure_one()
        self._check_buyer()
        self._check_undecided()
        view = self.env.ref("supply_partner.vmi_proposal_view_form_answer")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer for %s", self.partner_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_open_transfers(self):
        """Show the transfers that came of the proposal."""
        self.ensure_one()
        pickings = self.picking_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfers"),
            "res_model": "stock.picking",
            "view_mode": "form" if len(pickings) == 1 else "list,form",
            "res_id": pickings.id if len(pickings) == 1 else False,
            "domain": [("id", "in", pickings.ids)],
            "context": {"create": False},
        }

    def _filter_pending(self):
        """Return those that are still to be decided or ordered."""
        return self.filtered(lambda proposal: proposal.state in PENDING_STATES)

    def _end(self, state, reason):
        """Refuse or expire, with the reason."""
        self.sudo().write({"state": state, "end_reason": reason})

    @api.model
    def _search_expired(self, agreements=None):
        """Return those that were not approved or refused in time; of all agreements by default."""
        domain = Domain("state", "in", ("draft", "sent")) & Domain(
            "date_expiry", "<=", fields.Datetime.now()
        )
        if agreements is not None:
            domain &= Domain("agreement_id", "in", agreements.ids)
        return self.search(domain)

    def _expire(self):
        """Let the proposals expire."""
        for proposal in self:
            reason = (
                self.env._("The vendor did not answer in time.")
                if proposal.state == "sent"
                else self.env._("It was not approved in time.")
            )
            proposal._end("expired", reason)

    def _prepare_decision(self):
        """Lock the proposals, and refuse unless the user may approve them now."""
        self._check_buyer()
        self._lock()
        for proposal in self:
            proposal._check_approvable()

    def _approve_all(self):
        for proposal in self:
            proposal._approve()
            if proposal.state != "ordered":
                raise UserError(proposal._describe_failures())

    def _measure_lines(self):
        """Show at once, on board and lines, what was decided."""
        lines = self.line_ids.line_id | self.line_ids.source_line_id
        lines.filtered(lambda line: line.state in HOLDING_STATES)._measure()

    def _describe_made(self):
        """Return a message with one ``%s`` for each of :meth:`_get_made_links`."""
        # The client fills the places that are left.
        return ", ".join(
            self.env._("%(document)s created · %(link)s", document=record.name, link="%s")
            for record in self._get_made_records()
        )

    def _get_made_records(self):
        return [*self.purchase_order_ids, *self.picking_ids]

    def _get_made_links(self):
        return [
            {"label": self.env._("Open"), "url": f"/odoo/{record._name}/{record.id}"}
            for record in self._get_made_records()
        ]

    def _answer(self, message, links, following=None):
        """Return a notification after which the page is read anew: decided groups are gone.

        :param following: the action that follows; by default the same page
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "links": links,
                "next": following or {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_buyer(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(BUYER_GROUP):
            raise UserError(self.env._("Only buyers can approve or refuse proposals."))

    def _lock(self):
        """Let nobody else decide about the proposals or their agreements until the end."""
        try:
            self.sudo().agreement_id.lock_for_update(allow_referencing=True)
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is deciding about this agreement at this moment. Reload the "
                    "page and look again."
                )
            ) from error
        self.invalidate_recordset(["state"])
        self.agreement_id.invalidate_recordset(["state", "decided_at"])
        # Written at once: who began earlier and comes later is turned away by the database.
        self._mark_decided()
        self.env.flush_all()

    def _mark_decided(self):
        self.sudo().agreement_id.decided_at = fields.Datetime.now()

    def _get_state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _check_undecided(self):
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%(proposal)s is %(state)s already: nothing is left to approve or refuse.",
                    proposal=self.name,
                    state=self._get_state_label().lower(),
                )
            )

    def _check_approvable(self):
        self._check_undecided()
        agreement = self.agreement_id
        if agreement.state != "running":
            labels = dict(agreement._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(agreement)s is %(state)s: nothing is ordered under it.",
                    agreement=agreement.name,
                    state=labels[agreement.state].lower(),
                )
            )
        agreement._check_not_ended()
        if self.state == "sent" and not all(self.line_ids.mapped("answered_at")):
            raise UserError(
                self.env._(
                    "%(proposal)s waits for the answer of %(vendor)s. Enter the vendor's "
                    "quantities, or accept them as proposed, before you approve it.",
                    proposal=self.name,
                    vendor=self.partner_id.display_name,
                )
            )

    def _approve(self):
        """Order the lines; state ``ordered`` when at least one was."""
        self.ensure_one()
        previous = self.state
        self.sudo().state = "approved"
        if not any(self.line_ids.mapped("approved_qty")):
            self._end("refused", self.env._("All quantities were set to 0."))
            return
        self.sudo().state = "ordered" if self._carry_out() else previous

    def _describe_failures(self):
        if self.state == "refused":
            return self.env._("All quantities of %s are 0: refuse it instead.", self.name)
        failures = [
            f"{line.product_id.display_name}: {line.failure}"
            for line in self.line_ids
            if line.failure
        ]
        return "\n".join([self.env._("Nothing of %s could be ordered.", self.name), *failures])

    @api.model
    def _search_undecided(self):
        """Return the proposals that order themselves and have not yet."""
        return self.search(
            [
                ("state", "=", "draft"),
                ("is_over_limit", "=", False),
                ("agreement_id.decision", "=", "automatic"),
                ("agreement_id.state", "=", "running"),
            ],
            order="id",
        )

    def _decide_automatically(self):
        """Order and confirm, in the buyer's name, what needs no approval and is within limits."""
        for proposal in self:
            agreement = proposal.agreement_id
            if agreement.decision != "automatic" or proposal.state != "draft":
                continue
            proposal = proposal.sudo()
            if not agreement.sudo().try_lock_for_update(allow_referencing=True):
                # Somebody is deciding about it: no reason to leave it to the buyer for good.
                continue
            if reason := proposal._get_over_limit_reason():
                proposal._hold(reason)
                continue
            own = (
                proposal.with_user(agreement.sudo()._get_acting_buyer())
                .with_context(allowed_company_ids=agreement.company_id.ids)
            )  # fmt: skip
            try:
                with self.env.cr.savepoint():
                    own._prepare_decision()
                    own._approve_all()
                    own._confirm_orders()
            except LockError:
                # The same, about the proposal alone.
                continue
            except UserError as error:
                proposal._hold(str(error))
        self.filtered(lambda proposal: proposal.state == "ordered").sudo()._measure_lines()

    def _hold(self, reason):
        """Let it wait for the buyer's approval, with an activity that says why."""
        told = self._get_quantities()
        self.sudo().write({"is_over_limit": True, "note": reason, "told_quantities": told})
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Approve or refuse a supply proposal"),
            note=reason,
            user_id=self.agreement_id._get_acting_buyer().id,
        )

    def _get_over_limit_reason(self):
        """Return why the buyer has to look at it first; None when nobody has to."""
        agreement = self.agreement_id
        if problem := agreement._get_user_problem(agreement._get_acting_buyer()):
            return problem
        if reasons := self._get_limit_reasons():
            return "\n".join(reasons)
        for line in self.line_ids.filtered("change_note"):
            # What the vendor took back is not ordered again without anybody's knowledge.
            return f"{line.product_id.display_name}: {line.change_note}."
        return None

    def _get_limit_reasons(self):
        """Return by which limits of the agreement it is too much, or too little, a sentence each.

        They hold whoever set the quantities: a review, the vendor, the buyer or an import.
        """
        self.ensure_one()
        agreement = self.agreement_id
        reasons = []
        is_automatic = agreement.decision == "automatic"
        if (
            is_automatic
            and agreement.approval_limit_value
            and self.amount > agreement.approval_limit_value
        ):
            reasons.append(
                self.env._(
                    "It is worth %(value)s, over the approval limit of %(limit)s.",
                    value=format_amount(self.env, self.amount, agreement.currency_id),
                    limit=format_amount(
                        self.env, agreement.approval_limit_value, agreement.currency_id
                    ),
                )
            )
        minimum = agreement.minimum_order_value
        proposed = sum(line.suggested_qty * line.unit_price for line in self.line_ids)
        # What the review itself proposed below it is urgent, and its note says so.
        if self.kind == "purchase" and self.amount < minimum <= proposed:
            reasons.append(
                self.env._(
                    "It is worth %(value)s, below the minimum order value of %(minimum)s.",
                    value=format_amount(self.env, self.amount, agreement.currency_id),
                    minimum=format_amount(self.env, minimum, agreement.currency_id),
                )
            )
        return reasons + [line.limit_note for line in self.line_ids if line.limit_note]

    def _get_quantities(self):
        """Return what is to be ordered by the id of each line, as JSON has it."""
        return {str(line.id): line.approved_qty for line in self.line_ids}

    def _is_told(self):
        """Return whether the buyer was told of the limits with just these quantities."""
        return self.sudo().told_quantities == self._get_quantities()

    def _action_tell_limits(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner.vmi_proposal_approval_action"
        )
        return {**action, "context": {"active_model": self._name, "active_ids": self.ids}}

    def _confirm_orders(self):
        """Confirm the orders as whoever asks; above that user's limit they wait for approval.

        :raise UserError: when something of it was ordered before and has not arrived
        """
        self._check_not_ordered_again()
        self.purchase_order_ids.filtered(
            lambda order: order.state in ("draft", "sent")
        ).button_confirm()

    def _check_not_ordered_again(self):
        """Refuse what the review cannot have counted, whatever it counted it by.

        What is on its way under the agreement is taken from its orders and transfers themselves.
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self.line_ids.filtered("approved_qty"):
            others = line._get_outstanding_qty()
            counted = line.incoming_qty + line.rfq_qty + line.pending_qty + line.transfer_qty
            if float_compare(others, counted, precision_digits=digits) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: %(outstanding)s were ordered before under %(agreement)s and "
                        "have not arrived, of which the review counted %(counted)s. Receive them, "
                        "or lower or cancel the order, before you order more.",
                        product=line.product_id.display_name,
                        outstanding=line._format_quantity(others),
                        agreement=self.agreement_id.name,
                        counted=line._format_quantity(max(counted, 0)),
                    )
                )

    def _carry_out(self):
        """Do what was approved; return whether anything of it could be done."""
        if self.kind == "transfer":
            return bool(self._transfer_lines())
        orders = self._order_lines()
        if orders:
            # Whoever approves has the changes before their eyes.
            self.line_ids._get_unseen_changes().action_vmi_seen()
            self.sudo().purchase_order_ids |= orders
        return bool(orders)

    def _order_lines(self):
        """Order each line on its own terms; what fails is rolled back and says why.

        :return: the purchase orders that hold what was ordered
        """
        orders = self.env["purchase.order"]
        self = self.with_company(self.company_id)
        wanted = self.line_ids.filtered("approved_qty")
        hindrances = wanted.line_id._get_hindrances()
        for line in wanted:
            try:
                with self.env.cr.savepoint():
                    ordered = line._order_product(hindrances.get(line.line_id))
            except (UserError, ProcurementException) as error:
                line.sudo().failure = _reason(error)
            else:
                line.sudo().write({"purchase_line_id": ordered.id, "failure": False})
                orders |= ordered.order_id
        return orders

    def _transfer_lines(self):
        """Make a transfer from each location that gives; what cannot be given says why."""
        pickings = self.env["stock.picking"].sudo()
        self = self.with_company(self.company_id)
        wanted = self.line_ids.filtered("approved_qty")
        found = wanted.source_line_id._find()
        hindrances = wanted.line_id._get_hindrances()
        for source, lines in wanted.grouped("source_location_id").items():
            for line in lines:
                hindrance = hindrances.get(line.line_id)
                if hindrance and hindrance not in VENDOR_PROBLEMS:
                    line.sudo().failure = line.line_id._describe_problem(hindrance)
                else:
                    line.sudo().failure = line._get_surplus_problem(found[line.source_line_id])
            if lines := lines.filtered(lambda line: not line.failure):
                picking = pickings.create(lines._prepare_transfer(source))
                picking.action_confirm()
                picking.action_assign()
                pickings += picking
        return pickings


def _reason(error):
    """Return what an error says, also when a procurement raised it."""
    if isinstance(error, ProcurementException):
        return "; ".join(message for _procurement, message in error.procurement_exceptions)
    return str(error)
