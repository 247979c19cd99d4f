from odoo import fields, models
from odoo.tools import email_normalize


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    vmi_agreement_id = fields.Many2one(
        "vmi.agreement",
        "Supply Agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    vmi_mail_failure = fields.Char(
        "Not Mailed",
        readonly=True,
        copy=False,
        help="Why the vendor did not get the order by mail when it was confirmed.",
    )
    vmi_is_vendor_cancelled = fields.Boolean(
        "Cancelled by the Vendor",
        copy=False,
        help="Tick it when the vendor cancelled: it counts as not delivered in the vendor's "
        "figures. What you cancelled yourself is left out.",
    )

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        changed = self.filtered(
            lambda order: order.vmi_agreement_id and order.partner_id.id != vals["partner_id"]
        )
        result = super().write(vals)
        for order in changed:
            # What is bought from somebody else is not the agreement's.
            vendor = order.sudo().vmi_agreement_id.partner_id
            if order.partner_id.commercial_partner_id != vendor.commercial_partner_id:
                order.sudo().vmi_agreement_id = False
        return result

    def _prepare_grouped_data(self, rfq):
        # Orders of two agreements are not merged.
        return (*super()._prepare_grouped_data(rfq), rfq.vmi_agreement_id.id)

    def button_confirm(self):
        result = super().button_confirm()
        # What is cancelled instead of approved is not ordered again unseen.
        waiting = self.filtered(
            lambda order: order.vmi_agreement_id and order.state == "to approve"
        )
        waiting.order_line._freeze_promise()
        return result

    def button_approve(self, force=False):
        result = super().button_approve(force=force)
        for order in self:
            if order.vmi_agreement_id and order.state == "purchase":
                order.order_line._freeze_promise()
                order._mail_to_vendor()
        return result

    def _mail_to_vendor(self):
        """Queue the order's mail to the vendor; what stands against it is kept on the order."""
        self.ensure_one()
        template = self.env.ref("purchase.email_template_edi_purchase_done", False)
        if not email_normalize(self.partner_id.email):
            self.sudo().vmi_mail_failure = self.env._(
                "%s has no valid mail address.", self.partner_id.display_name
            )
            return
        if not template:
            self.sudo().vmi_mail_failure = self.env._("The mail template for orders was deleted.")
            return
        try:
            with self.env.cr.savepoint():
                self.message_post_with_source(
                    template,
                    email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
        except Exception as error:
            self.sudo().vmi_mail_failure = str(error)
        else:
            self.sudo().vmi_mail_failure = False

    def action_vmi_mail_again(self):
        """Try again to mail the order to the vendor."""
        self.check_access("write")
        for order in self.filtered("vmi_agreement_id"):
            order._mail_to_vendor()

    def action_open_vmi_agreement(self):
        """Show the supply agreement under which the order was made."""
        self.ensure_one()
        return self.vmi_agreement_id.get_formview_action()
