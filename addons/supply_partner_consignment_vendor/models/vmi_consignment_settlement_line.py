from odoo import fields, models
from odoo.exceptions import UserError


class VmiConsignmentSettlementLine(models.Model):
    """A line of a settlement, which the vendor may dispute; the buyer decides and answers."""

    _inherit = "vmi.consignment.settlement.line"

    vendor_reason = fields.Char(
        "The Vendor's Reason", readonly=True, help="Why the vendor disputes it."
    )
    answer = fields.Char(
        "Answer to the Vendor", readonly=True, help="The vendor reads it on the vendor's pages."
    )

    def _is_open_to_vendor(self):
        """Return whether the vendor may still agree to the line, or dispute it.

        It may stand on bills that are drafts. One that was posted, as self-billing does at once,
        is corrected by a credit note.
        """
        self.ensure_one()
        on_bills = self.invoice_line_ids.filtered(lambda part: part.parent_state != "cancel")
        return (
            self.state == "open"
            and not self.product_uom_id.is_zero(self.quantity)
            and set(on_bills.mapped("parent_state")) <= {"draft"}
        )

    def _dispute_as_vendor(self, reason):
        """Take the line off the draft of a bill, and leave the decision to the buyer."""
        self.ensure_one()
        settlement = self.settlement_id
        settlement._lock()
        if settlement.confirmed_at:
            raise UserError(
                self.env._("%s is confirmed already: write to the buyer.", settlement.name)
            )
        if not self._is_open_to_vendor():
            raise UserError(
                self.env._(
                    "%s cannot be disputed any more: write to the buyer.",
                    self.product_id.with_context(display_default_code=False).display_name,
                )
            )
        self._take_off_drafts()
        self._decide("disputed", reason)
        self.write({"vendor_reason": reason, "answer": False})
        settlement._tell_of_dispute()

    def _take_off_drafts(self):
        """Delete the line of a draft bill, and a bill of which nothing is left."""
        parts = self.invoice_line_ids.filtered(lambda part: part.parent_state == "draft")
        bills = parts.move_id
        buyer = self.settlement_id.agreement_ids.sorted("id")[-1:]._get_acting_buyer()
        for bill in bills.with_user(buyer).sudo():
            own = parts.filtered(lambda part, bill=bill: part.move_id == bill)
            bill.write({"invoice_line_ids": [fields.Command.delete(part.id) for part in own]})
            if not bill.invoice_line_ids.filtered(lambda part: part.display_type == "product"):
                bill.unlink()

    def _decide(self, state, reason, price=None):
        result = super()._decide(state, reason, price)
        if state != "disputed":
            for settlement in self.settlement_id.sudo():
                if not settlement.line_ids.filtered(lambda line: line.state == "disputed"):
                    settlement.activity_unlink(["mail.mail_activity_data_todo"])
        return result
