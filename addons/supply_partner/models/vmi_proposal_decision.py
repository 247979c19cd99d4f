from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import float_compare, format_amount

from .vmi_agreement import HOLDING_STATES
from .vmi_agreement_start import BUYER_GROUP


class VmiProposalDecision(models.Model):
    """Who decides about a proposal, and what follows."""

    _inherit = "vmi.proposal"

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

    def _measure_lines(self):
        """Show at once, on board and lines, what was decided."""
        lines = self.line_ids.line_id | self.line_ids.source_line_id
        lines.filtered(lambda line: line.state in HOLDING_STATES)._measure()

    def _describe_made(self):
        """Return a message with a place ``%s`` for each of :meth:`_get_made_links`."""
        places = ", ".join("%s" for _record in self._get_made_records())
        # The client fills the places.
        return self.env._("%s created", places)

    def _get_made_records(self):
        return [*self.purchase_order_ids, *self.picking_ids]

    def _get_made_links(self):
        return [
            {"label": record.name, "url": f"/odoo/{record._name}/{record.id}"}
            for record in self._get_made_records()
        ]

    def _answer(self, message, links):
        """Return a notification after which the page is read anew: decided groups are gone."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "links": links,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

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

    def _check_buyer(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(BUYER_GROUP):
            raise UserError(self.env._("Only who buys may decide about proposals."))

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

    def _check_undecided(self):
        if self.state not in ("draft", "sent"):
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(proposal)s is decided already: %(state)s.",
                    proposal=self.name,
                    state=labels[self.state],
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
        """Order and confirm, in the buyer's name, what needs nobody and keeps the brake."""
        for proposal in self:
            agreement = proposal.agreement_id
            if agreement.decision != "automatic" or proposal.state != "draft":
                continue
            proposal = proposal.sudo()
            if not agreement.sudo().try_lock_for_update(allow_referencing=True):
                # Somebody is deciding about it: no reason to leave it to the buyer for good.
                continue
            if reason := proposal._get_over_limit_reason():
                proposal._brake(reason)
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
                proposal._brake(str(error))
        self.filtered(lambda proposal: proposal.state == "ordered").sudo()._measure_lines()

    def _brake(self, reason):
        """Leave it to the buyer, and tell why."""
        told = self._get_quantities()
        self.sudo().write({"is_over_limit": True, "note": reason, "told_quantities": told})
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Decide about a supply proposal"),
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
                    "It is worth %(value)s, and the brake is at %(limit)s.",
                    value=format_amount(self.env, self.amount, agreement.currency_id),
                    limit=format_amount(
                        self.env, agreement.approval_limit_value, agreement.currency_id
                    ),
                )
            )
        least = agreement.minimum_order_value
        proposed = sum(line.suggested_qty * line.unit_price for line in self.line_ids)
        # What the review itself proposed below it is urgent, and its note says so.
        if self.kind == "purchase" and self.amount < least <= proposed:
            reasons.append(
                self.env._(
                    "It is worth %(value)s, less than the least order value of %(least)s.",
                    value=format_amount(self.env, self.amount, agreement.currency_id),
                    least=format_amount(self.env, least, agreement.currency_id),
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
