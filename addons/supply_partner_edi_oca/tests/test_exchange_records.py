import base64
from unittest.mock import patch

from odoo.addons.supply_partner_edi.tests.common import EdiCase
from odoo.addons.supply_partner_edi.tests.samples import interchange, response
from odoo.exceptions import AccessError, ValidationError

from ..models.edi_exchange_record import TAKER


class TestExchangeRecords(EdiCase):
    """Acme's messages come and go as exchange records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["edi.backend.type"].sudo().create({"name": "Network", "code": "net"})
        cls.backend = (
            cls.env["edi.backend"]
            .sudo()
            .create({"name": "Provider", "backend_type_id": cls.kind.id})
        )
        cls.comes = cls.make_type("In", "input", process_model_id=cls.handler(TAKER))
        cls.goes = cls.make_type("Out", "output", send_model_id=cls.handler("edi.oca.handler.noop"))
        cls.edi.write(cls.way())
        cls.clerk = cls.make_buyer("clerk", cls.company, "base.group_user")

    @classmethod
    def handler(cls, name):
        return cls.env["ir.model"]._get_id(name)

    @classmethod
    def make_type(cls, name, direction, **vals):
        return (
            cls.env["edi.exchange.type"]
            .sudo()
            .create(
                {
                    "name": name,
                    "code": name.lower(),
                    "direction": direction,
                    "backend_id": cls.backend.id,
                    "backend_type_id": cls.kind.id,
                    **vals,
                }
            )
        )

    @classmethod
    def way(cls):
        return {
            "channel": "oca",
            "edi_backend_id": cls.backend.id,
            "edi_in_type_id": cls.comes.id,
            "edi_out_type_id": cls.goes.id,
        }

    def bring(self, text, user=None):
        """Return the record of a file that came in, as a storage makes it."""
        records = self.env["edi.exchange.record"]
        return (records.with_user(user) if user else records.sudo()).create(
            {
                "backend_id": self.backend.id,
                "type_id": self.comes.id,
                "exchange_filename": "a.edi",
                "exchange_file": base64.b64encode(text.encode("latin-1")),
                "edi_exchange_state": "input_received",
            }
        )

    def receive_all(self):
        self.backend._cron_check_input_exchange_sync()
        self.edi._carry_out(step=lambda work: work())

    def messages(self, edi=None):
        return self.env["vmi.message"].search([("edi_partner_id", "=", (edi or self.edi).id)])

    def answer(self, proposal, **values):
        return interchange(response(function="29", proposal=proposal.name), **values)

    # -- in ------------------------------------------------------------------------------------

    def test_an_answer_becomes_a_message_that_is_carried_out(self):
        proposal = self.propose()
        record = self.bring(self.answer(proposal))
        self.receive_all()
        message = self.messages()
        self.assertEqual((message.state, message.channel), ("done", "oca"))
        self.assertEqual(proposal.state, "ordered")
        self.assertEqual(record.edi_exchange_state, "input_processed")
        self.assertEqual(record.company_id, self.company)
        links = {(link.model, link.res_id) for link in record.related_record_ids}
        self.assertEqual(links, {("vmi.edi.partner", self.edi.id), ("vmi.message", message.id)})

    def test_the_same_file_twice_is_done_once(self):
        proposal = self.propose()
        records = [self.bring(self.answer(proposal)) for _time in range(2)]
        self.receive_all()
        self.assertEqual({one.edi_exchange_state for one in records}, {"input_processed"})
        self.assertEqual(len(self.messages()), 1)
        self.assertEqual(len(proposal.purchase_order_ids), 1)

    def test_what_is_wrong_stops_no_other(self):
        proposal = self.propose()
        for text in ("", "no EDIFACT", self.answer(proposal)[:-9], self.answer(proposal, test="1")):
            self.bring(text or " ")
        self.bring(self.answer(proposal, reference="IC2"))
        self.receive_all()
        states = sorted(self.messages().mapped("state"))
        self.assertEqual(states, ["done", "error", "error", "error", "error"])
        self.assertEqual(proposal.state, "ordered")

    def test_of_several_vendors_the_sender_says_whose_it_is(self):
        other = self.make_edi(
            self.bolts_vendor, folder="bolts", vendor_gln="4055555000001", **self.way()
        )
        record = self.bring(interchange(response(), sender="4055555000001"))
        self.receive_all()
        self.assertEqual(len(self.messages(other)), 1)
        self.assertFalse(self.messages())
        self.assertIn(("vmi.edi.partner", other.id), self.links(record))
        self.assertNotIn(("vmi.edi.partner", self.edi.id), self.links(record))

    def links(self, record):
        return {(link.model, link.res_id) for link in record.sudo().related_record_ids}

    def test_a_record_of_nobody_is_an_error(self):
        self.edi.channel = "mail"
        record = self.bring(self.answer(self.propose()))
        self.receive_all()
        self.assertEqual(record.edi_exchange_state, "input_processed_error")
        self.assertIn("No vendor's EDI is set up for Provider.", record.exchange_error)
        # Until then everybody could alter it.
        self.edi.channel = "oca"
        record.action_retry()
        self.receive_all()
        self.assertIn("open to everybody", record.exchange_error)
        self.assertFalse(self.messages())

    # -- out -----------------------------------------------------------------------------------

    def report(self):
        """Return a stock report that was handed over."""
        message = self.edi._make_report("invrpt")
        message._deliver()
        return message

    def send_all(self):
        self.backend._check_output_exchange_sync()

    def test_a_report_is_handed_over_once(self):
        message = self.report()
        record = message.edi_record_id
        self.assertEqual((message.state, message.channel), ("sent", "oca"))
        self.assertEqual(record.edi_exchange_state, "output_pending")
        self.assertEqual(record._get_file_content(as_bytes=True), message._get_data())
        self.assertEqual(record.exchange_filename, message.file_name)
        self.send_all()
        message._deliver()
        self.assertEqual(record.edi_exchange_state, "output_sent")
        self.assertEqual(self.env["edi.exchange.record"].sudo().search_count(
            [("type_id", "=", self.goes.id)]
        ), 1)  # fmt: skip

    def test_what_cannot_be_sent_is_an_error_that_can_be_tried_again(self):
        message = self.report()
        sender = type(self.env["edi.oca.handler.noop"])
        with patch.object(sender, "send", side_effect=ValueError("No route")):
            self.send_all()
        self.assertEqual(message.state, "error")
        self.assertIn("No route", message.error_text)
        self.assertTrue(message.activity_ids)
        message.action_retry()
        message.sudo()._deliver()
        self.assertEqual((message.state, message.edi_record_id.edi_exchange_state), (
            "sent", "output_pending",
        ))  # fmt: skip
        self.send_all()
        self.assertEqual(message.edi_record_id.edi_exchange_state, "output_sent")
        self.assertEqual(message.state, "sent")

    def test_without_a_type_it_says_what_is_missing(self):
        self.edi.edi_out_type_id = False
        self.assertIn("exchange types in and out", self.edi.problem)
        message = self.edi.sudo()._make_report("invrpt")
        message._deliver()
        self.assert_error(message, "incomplete", "exchange types in and out")

    def test_types_that_do_not_fit_are_refused(self):
        foreign = self.backend.copy({"company_id": self.make_company("Elsewhere").id})
        noop = self.handler("edi.oca.handler.noop")
        other = self.make_type("Other", "input", process_model_id=noop)
        for name, value, reason in (
            ("edi_in_type_id", self.goes, "Comes in As"),
            ("edi_out_type_id", self.comes, "Goes out As"),
            ("edi_in_type_id", other, "Comes in As"),
            ("edi_backend_id", foreign, "another company's"),
        ):
            with self.assertRaisesRegex(ValidationError, reason), self.env.cr.savepoint():
                self.edi[name] = value

    # -- who may -------------------------------------------------------------------------------

    def test_an_employee_reads_alters_deletes_and_brings_nothing(self):
        incoming = self.bring(self.answer(self.propose()))
        outgoing = self.report().edi_record_id
        for record in (incoming, outgoing):
            mine = record.with_user(self.clerk)
            self.assertFalse(mine.search([("id", "=", record.id)]))
            for attempt in (
                lambda mine=mine: mine.read(["exchange_file"]),
                lambda mine=mine: mine.write({"exchange_filename": "b"}),
                mine.unlink,
                lambda mine=mine: mine.related_record_ids.unlink(),
                lambda mine=mine: mine.env["edi.exchange.related.record"].create(
                    {"exchange_record_id": mine.id, "model": "res.users", "res_id": mine.env.uid}
                ),
                lambda mine=mine: (
                    mine.env["edi.exchange.related.record"]
                    .search([("exchange_record_id", "=", mine.id)])
                    .unlink()
                ),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    attempt()
            files = [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("res_field", "=", "exchange_file"),
            ]
            self.assertTrue(self.env["ir.attachment"].sudo().search(files))
            self.assertFalse(mine.env["ir.attachment"].search(files))
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.bring(self.answer(self.propose()), self.clerk)
        self.env.invalidate_all()
        self.assertTrue((incoming | outgoing).exists().related_record_ids)

    def test_buyers_read_and_managers_bring(self):
        incoming = self.bring(self.answer(self.propose()))
        outgoing = self.report().edi_record_id
        for record in (incoming, outgoing):
            self.assertTrue(record.with_user(self.buyer).read(["exchange_file"]))
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                record.with_user(self.buyer).exchange_filename = "b"
        incoming.with_user(self.manager).exchange_filename = "b"
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            outgoing.with_user(self.manager).exchange_file = base64.b64encode(b"x")
        self.assertTrue(self.bring(self.answer(self.propose()), self.manager))

    def test_another_company_sees_nothing(self):
        record = self.bring(self.answer(self.propose()))
        stranger = self.make_buyer(
            "stranger", self.make_company("Elsewhere"), "purchase.group_purchase_manager"
        )
        theirs = record.with_user(stranger).with_context(
            allowed_company_ids=stranger.company_ids.ids
        )
        self.assertFalse(theirs.search([("id", "=", record.id)]))
        with self.assertRaises(AccessError):
            theirs.read(["exchange_file"])
