from odoo import fields, models
from odoo.exceptions import UserError


class VmiConsignmentSettlement(models.Model):
    """A settlement, which the vendor confirms or disputes line by line on the vendor's pages."""

    _inherit = "vmi.consignment.settlement"

    vendor_number = fields.Char(
        "Vendor's Invoice",
        readonly=True,
        copy=False,
        help="The number of the vendor's own invoice, as the vendor entered it.",
    )
    confirmed_at = fields.Datetime("Confirmed On", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="The vendor's user."
    )

    def _confirm_as_vendor(self, number):
        """Note that the vendor agrees to what is not in dispute, and the vendor's own number.

        :raise UserError: where it is confirmed already, or nothing is to be confirmed
        """
        self.ensure_one()
        self._lock()
        if self.confirmed_at:
            raise UserError(self.env._("%s is confirmed already.", self.name))
        if not self._is_confirmable():
            raise UserError(self.env._("Nothing of %s is to be confirmed.", self.name))
        if self.billing == "vendor" and not number:
            raise UserError(self.env._("Enter the number of your invoice."))
        self.write(
            {
                "vendor_number": number or False,
                "confirmed_at": fields.Datetime.now(),
                "confirmed_by_id": self.env.uid,
            }
        )
        drafts = self.bill_ids.filtered(lambda bill: bill.state == "draft" and not bill.ref)
        if self.billing == "vendor":
            drafts.ref = number
        body = self.env._("Confirmed by %s.", self.partner_id.display_name)
        if number:
            body = self.env._(
                "Confirmed by %(vendor)s, with the invoice %(number)s.",
                vendor=self.partner_id.display_name,
                number=number,
            )
        self.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _is_confirmable(self):
        """Return whether something is left to which the vendor can agree."""
        self.ensure_one()
        return not self.confirmed_at and any(line._is_open_to_vendor() for line in self.line_ids)

    def _prepare_billing(self):
        vals = super()._prepare_billing()
        # What comes after the bill that was confirmed is another one of the vendor's.
        is_first = not self.bill_ids.filtered(lambda bill: bill.state == "posted")
        if self.billing == "vendor" and self.vendor_number and is_first:
            vals["ref"] = self.vendor_number
        return vals

    def _tell_of_dispute(self):
        """Let the buyer see the settlement's disputes among the activities, once."""
        self.ensure_one()
        todo = self.env.ref("mail.mail_activity_data_todo")
        if not self.activity_ids.filtered(lambda activity: activity.activity_type_id == todo):
            buyer = self.agreement_ids.sorted("id")[-1:]._get_acting_buyer()
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("%s disputes lines", self.partner_id.display_name),
                user_id=buyer.id,
            )
