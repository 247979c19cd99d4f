import os
from email.message import EmailMessage
from pathlib import Path
from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from ..models.vmi_edi_partner import ROOT_PARAMETER
from ..tools import read_interchange
from .common import SCREWS, EdiCase
from .samples import BUYER, VENDOR, interchange, response


class TestExchange(EdiCase):
    """Files and emails, each once."""

    def setUp(self):
        super().setUp()
        self.proposal = self.propose()

    def answer(self, **values):
        return interchange(response(function="29", proposal=self.proposal.name), **values)

    def other(self, **values):
        line = (f"LIN+1+3+{SCREWS}:EN", "QTY+113:40")
        return interchange(response(*line, proposal=self.proposal.name), **values)

    def collect(self):
        self.edi._collect(step=lambda work: work())

    def messages(self):
        return self.env["vmi.message"].search([("edi_partner_id", "=", self.edi.id)])

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("supply_partner_edi.ir_cron_exchange").sudo().method_direct_trigger()
        self.env.invalidate_all()

    # -- the same again ------------------------------------------------------------------------

    def test_the_same_interchange_changes_nothing(self):
        first = self.take(self.answer())
        again = self.take(self.answer(), name="b.edi")
        # Another way to write the same.
        lines = self.take(self.answer().replace("'", "'\r\n").replace("UNA:+.? '\r\n", "UNA:+.? '"))
        self.assertEqual((first, first), (again, lines))
        self.assertEqual(len(self.proposal.purchase_order_ids), 1)
        self.assertEqual(len(self.messages()), 1)

    def test_the_same_references_with_other_content(self):
        first = self.take(self.other())
        second = self.take(self.answer())
        self.assert_error(second, "conflict", "IC1")
        self.assertEqual((first.state, second.is_conflict), ("done", True))
        self.assertEqual(self.proposal.purchase_order_ids.order_line.product_qty, 40)
        # It is an error once, however often it comes.
        self.assertEqual(self.take(self.answer()), second)
        self.assertEqual(len(self.messages()), 2)

    def test_an_interchange_with_a_message_that_came_before(self):
        self.take(self.answer())
        both = interchange(
            response(function="29", proposal=self.proposal.name),
            response(function="29", proposal="P9", number="N2", reference="2"),
        )
        found = self.take(both)
        self.assertEqual(found.mapped("state"), ["done", "error"])
        self.assertEqual(len(self.messages()), 2)

    def test_the_database_keeps_each_once(self):
        message = self.take(self.answer())
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            message.sudo().copy({"name": "x", "edi_partner_id": self.edi.id})
            self.env.flush_all()

    def test_another_sender_or_receiver(self):
        for values, code in (
            ({"sender": "4055555000001"}, "wrong_sender"),
            ({"receiver": "4055555000001"}, "wrong_receiver"),
            ({"test": "1"}, "test"),
        ):
            self.assert_error(self.take(self.answer(reference=code, **values)), code)
        self.assertEqual(self.proposal.state, "sent")

    def test_kinds_and_versions_that_are_not_taken(self):
        text = self.answer()
        message = self.take(text.replace("ORDRSP", "INVOIC"))
        self.assert_error(message, "unknown_kind", "INVOIC")
        message = self.take(text.replace("D:96A", "D:01B").replace("IC1", "IC2"))
        self.assert_error(message, "wrong_version", "D.01B")

    def test_what_cannot_be_read_is_kept_as_it_came(self):
        message = self.take(self.answer()[:-30])
        self.assertEqual(message.state, "error")
        self.assertEqual(message.attachment_id.raw, self.answer()[:-30].encode())
        self.assertEqual(self.take(self.answer()[:-30]), message)
        self.assertEqual(message.activity_ids.user_id, self.buyer)

    def test_the_content_is_shown_whatever_a_form_asks_for(self):
        message = self.take(self.answer())
        self.env.invalidate_all()
        for context in ({}, {"bin_size": True}):
            self.assertIn(f"RFF+ON:{self.proposal.name}'", message.with_context(**context).content)

    def test_conflicts_in_the_database_go_up(self):
        [message] = self.edi._receive("a.edi", self.answer().encode(), "file")
        taker = type(self.env["vmi.edi.response"])
        conflict = patch.object(taker, "_take", side_effect=SerializationFailure)
        with conflict, self.assertRaises(SerializationFailure):
            message._work()
        self.assertEqual(message.state, "received")

    @mute_logger("odoo.addons.supply_partner_edi.models.vmi_message")
    def test_whatever_goes_wrong_is_an_error_of_the_message(self):
        [message] = self.edi._receive("a.edi", self.answer().encode(), "file")
        taker = type(self.env["vmi.edi.response"])
        with patch.object(taker, "_take", side_effect=ZeroDivisionError("by zero")):
            message._work()
        self.assert_error(message, "said", "by zero")
        message.action_retry()
        self.assertEqual(message.state, "done")

    # -- by files ------------------------------------------------------------------------------

    def test_files_go_where_they_belong(self):
        self.put_in("a.edi", self.answer())
        self.put_in("b.edi", "no message")
        self.put_in("c.edi.part", self.answer())
        self.put_in(".hidden", self.answer())
        os.symlink("/etc/passwd", self.folder / "in" / "link.edi")
        self.collect()
        self.assertEqual((self.names("done"), self.names("error")), (["a.edi"], ["b.edi"]))
        self.assertEqual(self.names("in"), [".hidden", "c.edi.part", "link.edi"])
        self.assertEqual(self.proposal.state, "ordered")
        # A name that was there before is kept beside it.
        self.put_in("a.edi", self.answer())
        self.collect()
        self.assertEqual(self.names("done"), ["a-2.edi", "a.edi"])

    def test_the_scheduled_action_takes_and_sends(self):
        self.put_in("a.edi", self.answer())
        self.edi.write({"stock_rhythm": "daily", "stock_next": False})
        self.run_cron()
        self.assertEqual(self.proposal.state, "ordered")
        sent = self.messages().filtered(lambda one: one.direction == "out")
        self.assertEqual((sent.state, sent.kind), ("sent", "invrpt"))
        self.assertEqual(self.names("out"), [sent.file_name])
        data = Path(self.folder / "out" / sent.file_name).read_bytes()
        self.assertEqual((data, read_interchange(data).receiver), (sent.attachment_id.raw, VENDOR))

    def test_one_vendor_that_fails_keeps_no_other_waiting(self):
        other = self.make_edi(
            self.bolts_vendor, vendor_gln="4055555000001", folder="bolts", channel="file"
        )
        Path(self.root, "acme").write_text("no folder")
        proposal = self.propose(self.others)
        other._get_folder()
        text = interchange(response(function="29", proposal=proposal.name), sender="4055555000001")
        Path(self.root, "bolts", "in", "a.edi").write_text(text)
        with mute_logger("odoo.addons.supply_partner_edi.models.vmi_edi_partner"):
            self.run_cron()
        self.assertTrue(self.edi.failure)
        self.assertEqual((proposal.state, other.failure), ("ordered", False))
        os.unlink(Path(self.root, "acme"))
        self.run_cron()
        self.assertFalse(self.edi.failure)

    def test_a_folder_is_a_plain_name(self):
        for name in ("../acme", "/etc", "a/b", "..", "a b", "ä"):
            with self.assertRaisesRegex(ValidationError, "Folder"), self.env.cr.savepoint():
                self.edi.folder = name
        # A link to elsewhere is not followed.
        os.symlink("/tmp", Path(self.root, "linked"))
        self.edi.folder = "linked"
        with self.assertRaisesRegex(UserError, "leads_elsewhere"):
            self.edi.with_user(self.manager).action_exchange()
        self.env["ir.config_parameter"].sudo().set_param(ROOT_PARAMETER, "relative/path")
        with self.assertRaisesRegex(UserError, "leads_elsewhere"):
            self.edi.with_user(self.manager).action_exchange()

    def test_a_file_is_moved_only_when_it_is_certain(self):
        self.put_in("a.edi", self.answer())
        self.edi.with_user(self.manager).action_exchange()
        self.assertEqual((self.proposal.state, self.names("in")), ("ordered", ["a.edi"]))
        self.env.cr.postcommit.run()
        self.assertEqual((self.names("in"), self.names("done")), ([], ["a.edi"]))

    def test_what_cannot_be_delivered_can_be_sent_again(self):
        [message] = self.edi._make_report("invrpt")
        folder = self.folder / "out"
        os.rmdir(folder)
        folder.write_text("")
        message._deliver()
        self.assertEqual((message.state, self.codes(message)), ("error", ["folder"]))
        os.unlink(folder)
        message.action_retry()
        message._deliver()
        self.assertEqual((message.state, self.names("out")), ("sent", [message.file_name]))

    # -- by email ------------------------------------------------------------------------------

    def mail(self, *files, subject="Our answer"):
        mail = EmailMessage()
        mail["From"], mail["To"] = "desk@acme.example.com", "acme-edi@edi.example.com"
        mail["Subject"], mail["Message-Id"] = subject, f"<{subject}@acme.example.com>"
        mail.set_content("See attached.")
        for name, data in files:
            mail.add_attachment(data, maintype="application", subtype="EDIFACT", filename=name)
        return mail.as_bytes()

    def set_up_mail(self):
        domain = (
            self.env["mail.alias.domain"].sudo().search([("name", "=", "edi.example.com")])
            or self.env["mail.alias.domain"].sudo().create({"name": "edi.example.com"})
        )  # fmt: skip
        self.edi.write({"channel": "mail"})
        self.edi.write({"alias_name": "acme-edi", "alias_domain_id": domain.id})

    def test_an_email_is_taken_and_waits_for_the_buyer(self):
        self.set_up_mail()
        root = self.env["mail.thread"].sudo()
        found = root.message_process(None, self.mail(("a.edi", self.answer().encode())))
        message = self.env["vmi.message"].browse(found)
        self.assertEqual((message.state, message.channel), ("received", "mail"))
        self.assertEqual(message.edi_partner_id, self.edi)
        self.run_cron()
        self.assertEqual((message.state, self.proposal.state), ("done", "sent"))
        self.assertIn("proves no sender", self.proposal.note)

    def test_an_email_without_a_file(self):
        self.set_up_mail()
        root = self.env["mail.thread"].sudo()
        message = self.env["vmi.message"].browse(root.message_process(None, self.mail()))
        self.assert_error(message, "no_file")

    def test_a_report_goes_as_an_attachment(self):
        self.edi.write({"channel": "mail", "email": "edi@acme.example.com"})
        [message] = self.edi._make_report("invrpt")
        message._deliver()
        mail = self.env["mail.mail"].sudo().search([("email_to", "=", "edi@acme.example.com")])
        self.assertEqual((message.state, len(mail)), ("sent", 1))
        self.assertEqual(mail.attachment_ids, message.attachment_id)
        self.assertIn(message.name, mail.subject)

    def test_what_is_missing_is_said(self):
        self.edi.write({"channel": "mail", "email": False, "vendor_gln": False})
        self.assertIn("GLN", self.edi.problem)
        with self.assertRaisesRegex(UserError, "email"):
            self.edi.with_user(self.manager).action_send_stock()
        for name in ("company_gln", "vendor_gln"):
            for gln in ("123", BUYER[:-1] + "8", "４" * 13):
                with self.assertRaisesRegex(ValidationError, "GLN"), self.env.cr.savepoint():
                    self.edi[name] = gln
