from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.addons.supply_partner.models.purchase_order import MAIL_ERRORS, raise_of_the_database
from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.tools import float_compare, format_amount

# Products in an email.
MOST_MAILED = 20
WAITING = "supply_partner_vendor.mail_template_proposal"
# What a vendor is shown of proposals, once they were sent.
SHOWN_STATES = ("sent", "approved", "ordered", "refused", "expired")


class VmiProposal(models.Model):
    _inherit = "vmi.proposal"

    answered_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="The vendor's user who answered on the vendor's pages.",
    )
    is_vendor_refused = fields.Boolean("Refused by the Vendor", readonly=True, copy=False)

    @api.model
    def _get_shown_domain(self):
        """Return the domain of the proposals that a vendor sees; which agreements is another's."""
        return [
            ("kind", "=", "purchase"),
            ("decision", "=", "vendor"),
            ("state", "in", SHOWN_STATES),
        ]

    def _mail_to_vendor(self):
        """Queue an email to the vendor's users who may answer, in the language of each."""
        told = self.filtered_domain(self._get_shown_domain()).filtered(
            lambda proposal: proposal.agreement_id.mails_proposals
        )
        template = self.env.ref(WAITING, raise_if_not_found=False)
        if not told or not template:
            return
        users = told.agreement_id._get_answering_users()
        for proposal in told:
            reached = users[proposal.agreement_id].filtered("email")
            for lang, some in reached.grouped("lang").items():
                try:
                    with self.env.cr.savepoint():
                        template.with_context(vendor_lang=lang or "en_US").send_mail(
                            proposal.id,
                            email_layout_xmlid="mail.mail_notification_light",
                            email_values={"recipient_ids": [Command.set(some.partner_id.ids)]},
                        )
                except MAIL_ERRORS as error:
                    raise_of_the_database(error)
                    proposal.message_post(
                        body=self.env._("The vendor was not told by email: %s", error),
                        subtype_xmlid="mail.mt_note",
                    )

    def _get_mailed_lines(self):
        """Return what is suggested of each product; of a long proposal, how many more there are."""
        shown = self.line_ids[:MOST_MAILED]
        lines = [
            f"{line._format_quantity(line.suggested_qty)} {line.product_uom_id.name} "
            f"{line.product_id.with_context(display_default_code=False).display_name}"
            for line in shown
        ]
        if rest := len(self.line_ids) - len(shown):
            lines.append(self.env._("%s more", rest))
        return lines

    def _get_mailed_day(self):
        return format_full_day(self.env, self.date_expiry)

    def _is_answerable(self):
        """Return whether the vendor may still answer."""
        self.ensure_one()
        return (
            self.state == "sent"
            and self.agreement_id.state == "running"
            and not (self.date_expiry and self.date_expiry <= fields.Datetime.now())
        )

    def _take_answer(self, quantities):
        """Enter what the vendor will deliver, and order it where it is within the limits.

        :param quantities: by line; those that are left out are agreed to as they stand
        :return: True where it is ordered, False where the buyer has to look at it
        :raise UserError: for a proposal that is decided, or a quantity that is none
        """
        self._prepare_answer()
        for line in self.line_ids:
            line._check_vendor_answer(quantities.get(line, line.vendor_qty))
        if not any(quantities.get(line, line.vendor_qty) for line in self.line_ids):
            raise UserError(
                self.env._("All quantities are 0: refuse the proposal instead, with the reason.")
            )
        now = fields.Datetime.now()
        for line in self.line_ids:
            quantity = quantities.get(line, line.vendor_qty)
            line.write({"vendor_qty": quantity, "approved_qty": quantity, "answered_at": now})
        self.write({"answered_by_id": self.env.uid, "is_over_limit": False, "note": False})
        self._note_answer()
        return self._order_answer()

    def _refuse_as_vendor(self, reason):
        """End the proposal by the vendor's refusal; the buyer is told with an activity."""
        self._prepare_answer()
        vendor = self.partner_id.display_name
        self.write({"answered_by_id": self.env.uid, "is_vendor_refused": True})
        self._end("refused", self.env._("%(vendor)s: %(reason)s", vendor=vendor, reason=reason))
        self._mark_decided()
        self._measure_lines()
        self._tell_buyer(
            self.env._("%(vendor)s refused %(proposal)s", vendor=vendor, proposal=self.name), reason
        )

    def _prepare_answer(self):
        self.ensure_one()
        self._lock()
        if not self._is_answerable():
            raise UserError(self.env._("%s cannot be answered any more.", self.name))

    def _note_answer(self):
        answers = ", ".join(
            f"{line.product_id.display_name} {line._format_quantity(line.vendor_qty)}"
            for line in self.line_ids
        )
        self.message_post(
            body=self.env._("The vendor's answer: %s", answers), subtype_xmlid="mail.mt_note"
        )

    def _order_answer(self):
        """Order the answer as the buyer, if nobody has to look at it; else let it wait."""
        self.line_ids.flush_recordset()
        reasons = self._get_answer_reasons()
        if not reasons:
            agreement = self.agreement_id
            own = self.with_user(agreement._get_acting_buyer()).with_context(
                allowed_company_ids=agreement.company_id.ids
            )
            try:
                with self.env.cr.savepoint():
                    own._prepare_decision()
                    own._approve_all()
                    own._check_all_ordered()
                    own._confirm_orders()
            except LockError:
                reasons = [self.env._("It was being decided at that moment.")]
            except UserError as error:
                # What it says may be about others, and is for the buyer alone.
                reasons = [str(error)]
            else:
                self._measure_lines()
                return True
        self._hold("\n".join(reasons))
        self._measure_lines()
        return False

    def _get_answer_reasons(self):
        """Return why the buyer has to look at the vendor's answer, a sentence each."""
        agreement = self.agreement_id
        buyer = agreement._get_acting_buyer()
        if not agreement.takes_vendor_answers:
            return [self.env._("The vendor has answered: the agreement leaves it to the buyer.")]
        reasons = [line._get_answer_reason() for line in self.line_ids]
        limit = agreement.approval_limit_value
        if limit and self.amount > limit:
            reasons.append(
                self.env._(
                    "It is worth %(value)s, over the approval limit of %(limit)s.",
                    value=format_amount(self.env, self.amount, agreement.currency_id),
                    limit=format_amount(self.env, limit, agreement.currency_id),
                )
            )
        reasons += [agreement._get_user_problem(buyer), *self._get_limit_reasons()]
        reasons += [
            f"{line.product_id.display_name}: {line.change_note}."
            for line in self.line_ids
            if line.change_note
        ]
        return list(dict.fromkeys(reason for reason in reasons if reason))

    def _check_all_ordered(self):
        """Raise where something could not be ordered, or costs more than what was proposed."""
        if any(self.line_ids.mapped("failure")):
            raise UserError(self._describe_failures())
        for line in self.line_ids:
            ordered = line.sudo().purchase_line_id
            if not ordered or ordered.currency_id != self.currency_id:
                continue
            quantity = ordered.product_uom_id._compute_quantity(
                ordered.product_qty, line.product_uom_id, round=False
            )
            price = ordered.price_subtotal / quantity if quantity else 0.0
            if float_compare(price, line.unit_price, precision_digits=2) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: its price changed from %(before)s to %(now)s meanwhile.",
                        product=line.product_id.display_name,
                        before=format_amount(self.env, line.unit_price, self.currency_id),
                        now=format_amount(self.env, price, self.currency_id),
                    )
                )

    def _tell_buyer(self, summary, note):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=self.agreement_id._get_acting_buyer().id,
        )
