from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.supply_partner.models.purchase_order import STAFF
from odoo.exceptions import UserError

from .vendor_promise import VENDOR
from .vendor_standing import MANAGER_GROUP

# How long a vendor has to answer where the RFQ's own deadline is not after its sending.
USUAL_DAYS_TO_ANSWER = 7
# Which gate a state is behind.
GATES = {"sent": "rfq", "purchase": "order"}


class PurchaseOrder(models.Model):
    """An order whose promise is frozen when it is first approved, behind the vendor's gates."""

    _inherit = "purchase.order"

    vendor_standing_id = fields.Many2one(
        "vendor.standing",
        "Vendor Score",
        compute="_compute_vendor_standing",
        compute_sudo=True,
        groups=STAFF,
    )
    vendor_standing_text = fields.Char(
        "Vendor's Band", compute="_compute_vendor_standing", compute_sudo=True, groups=STAFF
    )
    vendor_rfq_sent_at = fields.Datetime("RFQ Sent", readonly=True, copy=False, groups=STAFF)
    vendor_rfq_deadline = fields.Datetime(
        "Answer Expected by", readonly=True, copy=False, groups=STAFF
    )
    vendor_rfq_answered_at = fields.Datetime(
        "Vendor Answered", readonly=True, copy=False, groups=STAFF
    )
    vendor_rfq_is_withdrawn = fields.Boolean(
        "RFQ Withdrawn",
        readonly=True,
        copy=False,
        help="Cancelled before an answer was due.",
        groups=STAFF,
    )

    @api.depends("partner_id", "company_id")
    def _compute_vendor_standing(self):
        found = {
            (standing.partner_id, standing.company_id): standing
            for standing in self.env["vendor.standing"].search(
                [
                    ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
        }
        for order in self:
            standing = found.get((order.partner_id.commercial_partner_id, order.company_id))
            order.vendor_standing_id = standing
            order.vendor_standing_text = standing and standing._describe_briefly()

    @api.depends("partner_id", "company_id", "state")
    def _compute_purchase_warning_text(self):
        super()._compute_purchase_warning_text()
        # A vendor reads its own RFQs on the portal.
        if not self.env.user._is_internal():
            return
        for order in self:
            text = order._get_vendor_warning()
            if text:
                parts = [order.purchase_warning_text, text]
                order.purchase_warning_text = "\n".join(part for part in parts if part)

    def _get_vendor_warning(self):
        """Return what the buyer is told of the vendor's standing; nothing where all is well."""
        if self.state not in ("draft", "sent", "to approve") or not self.partner_id:
            return False
        kinds = ("rfq", "order") if self.state in ("draft", "sent") else ("order",)
        standing = self.env["vendor.standing"]._find(self.partner_id, self.company_id)
        told = [text for kind in kinds if (text := standing and standing._describe_gate(kind))]
        return "\n".join(dict.fromkeys(told))

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        for state, gate in GATES.items():
            orders.filtered(lambda order, state=state: order.state == state)._check_vendor(gate)
        approved = orders.filtered(lambda order: order.state == "purchase")
        if approved:
            self.env["vendor.promise"]._make(approved.order_line)
        orders.filtered(lambda order: order.state == "sent")._note_sent()
        return orders

    def write(self, vals):
        if "state" not in vals:
            return super().write(vals)
        if gate := GATES.get(vals["state"]):
            self.filtered(lambda order: order.state != vals["state"])._check_vendor(gate)
        before = {order: order.state for order in self}
        result = super().write(vals)
        for state in set(before.values()):
            self._follow_state(
                self.filtered(lambda order, state=state: before[order] == state), state
            )
        return result

    @api.model
    def _follow_state(self, orders, old):
        """Freeze the promises of what was approved now, and keep what happened to those before."""
        new = orders[:1].state
        if not orders or new == old:
            return
        promises = self.env["vendor.promise"].sudo()
        known = promises.search([("order_id", "in", orders.ids)])
        if new == "purchase":
            known._note("confirmed")
            promises._make(orders.order_line)
        elif new == "cancel":
            known._note("cancelled")
            orders._note_withdrawn()
        elif new == "draft":
            known._note("reopened")
        elif new == "sent":
            orders._note_sent()

    def _note_sent(self):
        """Keep when a request was sent first, and by when an answer is expected."""
        now = fields.Datetime.now()
        for order in self.sudo().filtered(lambda order: not order.vendor_rfq_sent_at):
            deadline = order.date_order
            if not deadline or deadline <= now:
                deadline = now + timedelta(days=USUAL_DAYS_TO_ANSWER)
            order.write({"vendor_rfq_sent_at": now, "vendor_rfq_deadline": deadline})

    def _note_withdrawn(self):
        now = fields.Datetime.now()
        self.sudo().filtered(
            lambda order: (
                order.vendor_rfq_sent_at
                and not order.vendor_rfq_answered_at
                and order.vendor_rfq_deadline > now
            )
        ).vendor_rfq_is_withdrawn = True

    def _note_vendor_answer(self):
        """Keep that the vendor answered a request: its prices are entered, or the buyer says so."""
        now = fields.Datetime.now()
        for order in self.sudo().filtered(lambda order: not order.vendor_rfq_answered_at):
            order.write(
                {
                    "vendor_rfq_answered_at": now,
                    "vendor_rfq_sent_at": order.vendor_rfq_sent_at or now,
                    "vendor_rfq_deadline": order.vendor_rfq_deadline or now,
                }
            )

    def action_vendor_answered(self):
        """Note that the vendor answered the request for quotation."""
        self.check_access("write")
        self._note_vendor_answer()

    def action_vendor_not_answered(self):
        """Take back that the vendor answered."""
        self.check_access("write")
        self.sudo().vendor_rfq_answered_at = False

    def _update_date_planned_for_lines(self, updated_dates):
        # On the portal the vendor moves the dates.
        by_vendor = [
            (line.with_context(vendor_promise_origin=VENDOR), date) for line, date in updated_dates
        ]
        return super()._update_date_planned_for_lines(by_vendor)

    def action_open_vendor_page(self):
        """Open the page of the vendor's score."""
        self.ensure_one()
        return self.env["vendor.standing"]._find(self.partner_id, self.company_id)._open_page()

    # The gates

    def _get_vendor_action(self, kind):
        """Return what stands against an order and whose standing says so.

        :param kind: ``rfq`` or ``order``
        """
        self.ensure_one()
        standing = self.env["vendor.standing"]._find(self.partner_id, self.company_id)
        return (standing._get_action(kind) if standing else "none"), standing

    def _may_approve_vendor(self):
        """Return whether the user may approve what needs approval; no scheduled action may."""
        return self.env.uid != SUPERUSER_ID and self.env.user.has_group(MANAGER_GROUP)

    def _check_vendor(self, kind):
        """Refuse RFQs or orders to a vendor who is blocked, or for whom approval is missing.

        :param kind: ``rfq`` or ``order``
        """
        for order in self:
            action, standing = order._get_vendor_action(kind)
            if action == "block" or (action == "approve" and not order._may_approve_vendor()):
                raise UserError(standing._describe_gate(kind))

    def _confirmation_error_message(self):
        message = super()._confirmation_error_message()
        if message:
            return message
        action, standing = self._get_vendor_action("order")
        return standing._describe_gate("order") if action == "block" else message

    def _approval_allowed(self):
        action, _standing = self._get_vendor_action("order")
        if action in ("approve", "block") and not self._may_approve_vendor():
            return False
        return super()._approval_allowed()

    def button_approve(self, force=False):
        for order in self:
            # Odoo passes over orders that may not be approved, and says nothing.
            action, standing = order._get_vendor_action("order")
            if action == "block":
                raise UserError(standing._describe_gate("order"))
        return super().button_approve(force=force)

    def action_rfq_send(self):
        self.filtered(lambda order: order.state in ("draft", "sent"))._check_vendor("rfq")
        return super().action_rfq_send()

    def print_quotation(self):
        self.filtered(lambda order: order.state in ("draft", "sent"))._check_vendor("rfq")
        return super().print_quotation()

    def message_post(self, **kwargs):
        if self.env.context.get("mark_rfq_as_sent"):
            self.filtered(lambda order: order.state in ("draft", "sent"))._check_vendor("rfq")
        return super().message_post(**kwargs)
