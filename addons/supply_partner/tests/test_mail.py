from smtplib import SMTPException
from unittest.mock import patch

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import mute_logger

from .common import VmiCase

NOT_MAILED = Domain("vmi_mail_failure", "!=", False)


class TestMail(VmiCase):
    """A confirmed order is mailed to the vendor; what stands against it is listed, and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proposal = cls.make_agreement((cls.screws, 60, 120)).review()
        cls.proposal.action_approve()
        cls.order = cls.proposal.purchase_order_ids

    def confirm_failing(self, error):
        orders = self.env.registry["purchase.order"]
        with patch.object(orders, "message_post_with_source", autospec=True, side_effect=error):
            self.order.button_confirm()

    def notice(self):
        """Return the vendor's copy of the mail."""
        return (
            self.env["mail.notification"]
            .sudo()
            .search(
                [
                    ("mail_message_id", "in", self.order.sudo().message_ids.ids),
                    ("res_partner_id", "=", self.vendor.id),
                ]
            )
        )

    def not_mailed(self):
        self.env.flush_all()
        self.order.invalidate_recordset()
        found = self.env["purchase.order"].search(NOT_MAILED & Domain("id", "=", self.order.id))
        mailed = self.env["purchase.order"].search(
            Domain("vmi_mail_failure", "=", False) & Domain("id", "=", self.order.id)
        )
        self.assertEqual(found | mailed, self.order)
        self.assertEqual(bool(found), bool(self.order.vmi_mail_failure))
        return bool(found)

    def test_the_confirmed_order_goes_to_the_vendor(self):
        self.order.button_confirm()
        self.assertFalse(self.not_mailed())
        self.assertIn(self.order.name, self.notice().mail_message_id.subject)

    def test_without_an_address_it_is_not_mailed(self):
        self.vendor.sudo().email = False
        self.order.button_confirm()
        self.assertIn("no valid email address", self.order.vmi_mail_failure)
        self.assertTrue(self.not_mailed())
        self.vendor.sudo().email = "orders@example.com"
        self.order.action_vmi_mail_again()
        self.assertFalse(self.not_mailed())

    def test_a_vendor_with_several_addresses_is_mailed(self):
        self.vendor.sudo().email = "a@example.com, b@example.com"
        self.order.button_confirm()
        self.assertFalse(self.not_mailed())
        mail = self.notice().mail_mail_id
        sent_to = [to for sent in mail._prepare_outgoing_list() for to in sent["email_to"]]
        for address in ("a@example.com", "b@example.com"):
            self.assertTrue(any(address in to for to in sent_to), sent_to)

    def test_only_errors_of_the_mail_are_errors_of_the_mail(self):
        for error in (SerializationFailure, DeadlockDetected, KeyError):
            with self.assertRaises(error), self.env.cr.savepoint():
                self.confirm_failing(error("at the same moment"))
            self.order.invalidate_recordset()
            self.assertEqual(self.order.state, "draft")
        for error in (SMTPException, UserError):
            with self.env.cr.savepoint() as savepoint:
                self.confirm_failing(error("no server"))
                self.assertEqual(self.order.state, "purchase")
                self.assertIn("no server", self.order.vmi_mail_failure)
                savepoint.rollback()
            self.order.invalidate_recordset()

    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_what_the_database_says_to_a_template_is_no_error_of_the_mail(self):
        orders = self.env.registry["purchase.order"]
        template = self.env.ref("purchase.email_template_edi_purchase_done").sudo()
        template.body_html = '<t t-out="object._get_report_base_filename()"/>'
        for error, raised in (
            (SerializationFailure("x"), SerializationFailure),
            (KeyError(), None),
        ):
            with (
                patch.object(orders, "_get_report_base_filename", side_effect=error),
                self.env.cr.savepoint() as savepoint,
            ):
                if raised:
                    with self.assertRaises(raised):
                        self.order.button_confirm()
                else:
                    # A template that asks for what there is not is.
                    self.order.button_confirm()
                    self.assertIn("Failed to render", self.order.vmi_mail_failure)
                savepoint.rollback()
            self.order.invalidate_recordset()

    def test_a_mail_that_fails_later_is_listed_until_it_was_sent(self):
        self.order.button_confirm()
        mail = self.notice().mail_mail_id
        servers = self.env.registry["ir.mail_server"]
        with (
            patch.object(servers, "_connect__", side_effect=SMTPException("connection refused")),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mail.send()
        self.assertEqual(mail.state, "exception")
        self.assertTrue(self.not_mailed())
        self.assertIn("Connection failed", self.order.vmi_mail_failure)
        self.order.action_vmi_mail_again()
        self.assertFalse(self.not_mailed())

    def test_a_mail_that_came_back_is_listed_and_a_follower_s_is_not(self):
        self.order.button_confirm()
        notice = self.notice()
        follower = notice.copy({"res_partner_id": self.buyer.partner_id.id})
        follower.write({"notification_status": "bounce", "failure_type": "mail_bounce"})
        self.assertFalse(self.not_mailed())
        notice.write({"notification_status": "bounce", "failure_type": "mail_bounce"})
        self.assertTrue(self.not_mailed())
        self.assertIn("Bounce", self.order.vmi_mail_failure)

    def test_a_template_for_nobody_mails_nobody(self):
        template = self.env.ref("purchase.email_template_edi_purchase_done").sudo()
        template.write({"partner_to": False, "use_default_to": False})
        self.order.button_confirm()
        self.assertIn("has no recipient", self.order.vmi_mail_failure)

    def test_sent_by_hand_it_is_mailed(self):
        self.vendor.sudo().email = False
        self.order.button_confirm()
        self.vendor.sudo().email = "orders@example.com"
        action = self.order.action_rfq_send()
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        composer.action_send_mail()
        self.assertFalse(self.not_mailed())

    def test_what_the_database_turns_away_is_set_aside_by_the_schedule(self):
        bolts = self.make_product("Bolts", self.vendor)
        nails = self.make_product("Nails", self.vendor)
        first, second = (
            self.make_agreement((product, 60, 120), decision="automatic")
            for product in (bolts, nails)
        )
        orders = self.env.registry["purchase.order"]
        mail = orders.message_post_with_source

        def turn_away(order, *args, **kwargs):
            if order.vmi_agreement_id == first:
                raise SerializationFailure("at the same moment")
            return mail(order, *args, **kwargs)

        for turned_away in (True, False):
            self.env.flush_all()
            with (
                patch.object(
                    orders, "message_post_with_source", turn_away if turned_away else mail
                ),
                mute_logger("odoo.addons.supply_partner.models.vmi_agreement"),
                self.enter_registry_test_mode(),
            ):
                self.env.ref("supply_partner.ir_cron_review").sudo().method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(second.proposal_ids.mapped("state"), ["ordered"])
            expected = "draft" if turned_away else "ordered"
            self.assertEqual(first.proposal_ids.mapped("state"), [expected])
            self.assertEqual(bool(first.purchase_order_ids), not turned_away)
        self.assertFalse((first | second).purchase_order_ids.filtered("vmi_mail_failure"))
