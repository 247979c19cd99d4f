from smtplib import SMTPException

from psycopg2 import Error as DatabaseError

from odoo import fields, models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.base.models.ir_qweb import QWebError
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize_all

# What can go wrong with a mail: its template, its layout, its report, its way to the server.
MAIL_ERRORS = (UserError, QWebError, MailDeliveryException, SMTPException)
FAILED_STATUSES = ("exception", "bounce")
# Vendors read their orders on the portal: what is ours there is for the company's own people.
STAFF = "base.group_user"


class PurchaseOrder(models.Model):
    """An order made under a supply agreement, mailed to the vendor when it is approved."""

    _inherit = "purchase.order"

    vmi_agreement_id = fields.Many2one(
        "vmi.agreement",
        "Supply Agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        groups=STAFF,
    )
    vmi_mail_obstacle = fields.Char(
        "Cannot Be Mailed",
        readonly=True,
        copy=False,
        help="Why no email could be created when the order was confirmed.",
        groups=STAFF,
    )
    vmi_mail_message_id = fields.Many2one(
        "mail.message",
        "Mailed By",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The message that sends the order to the vendor.",
        groups=STAFF,
    )
    vmi_mail_failure = fields.Char(
        "Not Mailed",
        compute="_compute_vmi_mail_failure",
        search="_search_vmi_mail_failure",
        compute_sudo=True,
        help="Why the vendor did not receive the order by email: it could not be created, could "
        "not be sent, or bounced.",
        groups=STAFF,
    )
    vmi_is_vendor_cancelled = fields.Boolean(
        "Cancelled by the Vendor",
        copy=False,
        help="Tick this if the vendor cancelled the order: it then counts as not delivered. An "
        "order that you cancelled is not held against the vendor.",
        groups=STAFF,
    )

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        changed = self.filtered(
            lambda order: order.vmi_agreement_id and order.partner_id.id != vals["partner_id"]
        )
        result = super().write(vals)
        for order in changed:
            # An order to another vendor is not the agreement's.
            vendor = order.sudo().vmi_agreement_id.partner_id
            if order.partner_id.commercial_partner_id != vendor.commercial_partner_id:
                order.sudo().vmi_agreement_id = False
        return result

    def _prepare_grouped_data(self, rfq):
        # Orders of two agreements are not merged.
        return (*super()._prepare_grouped_data(rfq), rfq.vmi_agreement_id.id)

    def button_confirm(self):
        result = super().button_confirm()
        # One that is cancelled instead of approved counts as a change, too.
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
        """Queue the order's email to the vendor; if there can be none, note why on the order."""
        self.ensure_one()
        template = self.env.ref("purchase.email_template_edi_purchase_done", False)
        if not email_normalize_all(self.partner_id.email or ""):
            self.sudo().vmi_mail_obstacle = self.env._(
                "%s has no valid email address.", self.partner_id.display_name
            )
            return
        if not template:
            self.sudo().vmi_mail_obstacle = self.env._("The email template for orders was deleted.")
            return
        try:
            with self.env.cr.savepoint():
                message = self.message_post_with_source(
                    template,
                    email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
        except MAIL_ERRORS as error:
            raise_of_the_database(error)
            self.sudo().vmi_mail_obstacle = str(error)
            return
        self._note_mailed(message)

    def _note_mailed(self, message):
        """Note which message sends the order to the vendor, and whether it has a recipient."""
        nobody = self.env._("The email template for orders has no recipient.")
        self.sudo().write(
            {
                "vmi_mail_message_id": message.id,
                "vmi_mail_obstacle": False if message.partner_ids else nobody,
            }
        )

    def message_post(self, **kwargs):
        message = super().message_post(**kwargs)
        # Sent with Odoo's own button.
        if self.env.context.get("mark_rfq_as_sent") and message.partner_ids:
            self.filtered(
                lambda order: order.vmi_agreement_id and order.state == "purchase"
            )._note_mailed(message)
        return message

    def _compute_vmi_mail_failure(self):
        reasons = self._get_failed_mails(self.vmi_mail_message_id)
        for order in self:
            order.vmi_mail_failure = order.vmi_mail_obstacle or reasons.get(
                order.vmi_mail_message_id, False
            )

    def _search_vmi_mail_failure(self, operator, value):
        if operator not in ("in", "not in") or set(value) - {False, ""}:
            return NotImplemented
        self.env["mail.mail"].flush_model(["state", "recipient_ids"])
        self.env["mail.notification"].flush_model(["notification_status"])
        failed = Domain("vmi_mail_obstacle", "!=", False) | Domain(
            "vmi_mail_message_id", "in", failed_mails_query(self._name)
        )
        return failed if operator == "not in" else ~failed

    def _get_failed_mails(self, messages=None):
        """Return the reasons, by message, why it did not reach those it was addressed to.

        :param messages: those to look at; by default all of purchase orders
        """
        domain = Domain("mail_message_id.model", "=", self._name)
        if messages is not None:
            domain = Domain("mail_message_id", "in", messages.ids)
        reasons = {}
        # A follower who did not receive a copy does not count.
        for mail in self.env["mail.mail"].search(domain & Domain("state", "=", "exception")):
            if mail.recipient_ids & mail.mail_message_id.partner_ids:
                reasons[mail.mail_message_id] = mail.failure_reason or self.env._("Not sent.")
        failed = Domain("notification_status", "in", FAILED_STATUSES)
        for notice in self.env["mail.notification"].search(domain & failed):
            if notice.res_partner_id in notice.mail_message_id.partner_ids:
                reasons[notice.mail_message_id] = (
                    notice.failure_reason or notice.format_failure_reason()
                )
        return reasons

    def action_vmi_mail_again(self):
        """Mail the order to the vendor again."""
        self.check_access("write")
        for order in self.filtered("vmi_agreement_id"):
            order._mail_to_vendor()

    def action_open_vmi_agreement(self):
        """Open the supply agreement under which the order was made."""
        self.ensure_one()
        return self.vmi_agreement_id.get_formview_action()


def failed_mails_query(model):
    """Return the SELECT of the messages that did not reach somebody whom they were addressed to.

    A follower who did not receive a copy does not count.

    :param model: the name of the model whose messages they are
    :return: SQL with the message's id
    """
    return SQL(
        """(
        SELECT message.id
          FROM mail_message message
          JOIN mail_message_res_partner_rel addressed
            ON addressed.mail_message_id = message.id
          JOIN mail_mail mail
            ON mail.mail_message_id = message.id AND mail.state = 'exception'
          JOIN mail_mail_res_partner_rel recipient
            ON recipient.mail_mail_id = mail.id
           AND recipient.res_partner_id = addressed.res_partner_id
         WHERE message.model = %(model)s
         UNION
        SELECT message.id
          FROM mail_message message
          JOIN mail_message_res_partner_rel addressed
            ON addressed.mail_message_id = message.id
          JOIN mail_notification notice
            ON notice.mail_message_id = message.id
           AND notice.res_partner_id = addressed.res_partner_id
           AND notice.notification_status IN %(failed)s
         WHERE message.model = %(model)s)""",
        model=model,
        failed=FAILED_STATUSES,
    )


def raise_of_the_database(error):
    """Raise the database's own error where an error of the template hides it.

    Then Odoo repeats the whole transaction.
    """
    while error:
        if isinstance(error, DatabaseError | ConcurrencyError):
            raise error
        error = error.__cause__ or error.__context__
