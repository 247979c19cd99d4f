import hashlib
import logging
from datetime import datetime

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Command

from ..tools import (
    EdifactError,
    FolderError,
    Header,
    RefusalError,
    read_despatch,
    read_interchange,
    read_response,
    read_segments,
    write_sales,
    write_stock,
)
from .vmi_vendor import Sender

_logger = logging.getLogger(__name__)

KINDS = [
    ("invrpt", "Stock Report"),
    ("slsrpt", "Sell-through Report"),
    ("ordrsp", "Answer or Offer"),
    ("desadv", "Despatch Advice"),
    ("other", "Unknown"),
]
# What is sent, and the fields of its schedule.
REPORTS = {"invrpt": "stock", "slsrpt": "sales"}
CRON = "supply_partner_edi.ir_cron_exchange"
TEMPLATE = "supply_partner_edi.mail_template_message"
SHOWN_LINES, SHOWN_BYTES = 300, 200_000


class VmiMessage(models.Model):
    """A message that came from a vendor or goes to one: kept as it is, done as a whole or not."""

    _name = "vmi.message"
    _description = "EDI Message"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False)
    edi_partner_id = fields.Many2one(
        "vmi.edi.partner",
        "EDI with",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="edi_partner_id.partner_id", store=True, precompute=True, string="Vendor"
    )
    company_id = fields.Many2one(related="edi_partner_id.company_id", store=True, precompute=True)
    direction = fields.Selection(
        [("in", "From the Vendor"), ("out", "To the Vendor")],
        required=True,
        readonly=True,
        default="in",
    )
    kind = fields.Selection(KINDS, required=True, readonly=True, default="other", index=True)
    kind_code = fields.Char("Message Type", readonly=True)
    channel = fields.Selection(
        [("file", "Folder"), ("mail", "Email")], "Way", readonly=True, default="file"
    )
    state = fields.Selection(
        [
            ("received", "To Do"),
            ("done", "Done"),
            ("error", "Error"),
            ("ready", "To Send"),
            ("sent", "Sent"),
            ("dismissed", "Dismissed"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="received",
        index=True,
        tracking=True,
    )
    sender_gln = fields.Char("Sender", readonly=True)
    receiver_gln = fields.Char("Receiver", readonly=True)
    interchange_ref = fields.Char("Interchange", readonly=True)
    message_ref = fields.Char("Message Reference", readonly=True)
    document_ref = fields.Char("Document", readonly=True, index="btree_not_null")
    is_conflict = fields.Boolean(
        "References Used Before",
        readonly=True,
        help="Its references came before with other content.",
    )
    repeats_id = fields.Many2one(
        "vmi.message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The same document came before under other references: nothing was done again.",
    )
    agreement_ids = fields.Many2many("vmi.agreement", string="Agreements", readonly=True)
    proposal_ids = fields.One2many("vmi.proposal", "edi_message_id", "Proposals", readonly=True)
    shipment_ids = fields.One2many("vmi.shipment", "edi_message_id", "Shipments", readonly=True)
    outcome = fields.Text(readonly=True, help="What came of it.")
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True, ondelete="set null")
    file_name = fields.Char(readonly=True)
    file_hash = fields.Char(readonly=True, index="btree_not_null")
    content_hash = fields.Char(readonly=True)
    content = fields.Text(compute="_compute_content", help="The segments, one in each line.")
    error_ids = fields.One2many("vmi.message.error", "message_id", "Errors", readonly=True)
    error_text = fields.Text("Reason", compute="_compute_error_text")
    done_at = fields.Datetime("Done or Sent", readonly=True)
    date_from = fields.Date("First Day", readonly=True)
    date_to = fields.Date("Last Day", readonly=True)

    _once = models.UniqueIndex(
        "(company_id, sender_gln, interchange_ref, message_ref) "
        "WHERE direction = 'in' AND NOT is_conflict AND interchange_ref IS NOT NULL",
        "This message was received already.",
    )
    _unreadable_once = models.UniqueIndex(
        "(edi_partner_id, file_hash) WHERE direction = 'in' AND interchange_ref IS NULL",
        "This file was received already.",
    )

    @api.depends_context("lang")
    @api.depends("error_ids")
    def _compute_error_text(self):
        for message in self:
            message.error_text = "\n".join(message.error_ids.mapped("reason")) or False

    @api.depends("attachment_id")
    def _compute_content(self):
        for message in self:
            message.content = message._show_content()

    def action_retry(self):
        """Carry a message out, or send it, once more.

        :raise UserError: where it is no error
        """
        self.check_access("write")
        for message in self:
            message._check_is_error()
            own = message.sudo()
            own.error_ids.unlink()
            own._end_activities()
            if message.direction == "in":
                own.state = "received"
                own._work()
            else:
                own._rewrite()
                own._send_soon()

    def action_dismiss(self):
        """Put an error aside: nothing more is to be done about it."""
        self.check_access("write")
        for message in self:
            message._check_is_error()
            message.sudo().state = "dismissed"
            message.sudo()._end_activities()

    def action_open_proposals(self):
        """Show the proposals that the message answered or made."""
        return self._open_records(self.proposal_ids, self.env._("Proposals"))

    def action_open_shipments(self):
        """Show the shipments that the message announced."""
        return self._open_records(self.shipment_ids, self.env._("Announced Shipments"))

    def action_open_orders(self):
        """Show the orders that came of it, or to which it belongs."""
        orders = self.proposal_ids.purchase_order_ids | self.shipment_ids.purchase_id
        return self._open_records(orders, self.env._("Purchase Orders"))

    def action_download(self):
        """Download the file as it came or went."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "self",
        }

    def _open_records(self, records, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "view_mode": "form" if len(records) == 1 else "list,form",
            "res_id": records.id if len(records) == 1 else False,
            "domain": [("id", "in", records.ids)],
            "context": {"create": False},
        }

    def _check_is_error(self):
        if self.state != "error":
            raise UserError(self.env._("%s is no error any more.", self.name))

    def _end_activities(self):
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # -- keeping -------------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Take the attachments of an email that came to the vendor's alias.

        :raise AccessError: for a user who calls it; Odoo's mail gateway has all rights
        """
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "A vendor's messages are not entered by hand: they come by email to the "
                    "vendor's address, or by the exchange that is set up."
                )
            )
        partner = (
            self.env["vmi.edi.partner"]
            .sudo()
            .browse((custom_values or {}).get("edi_partner_id"))
            .exists()
        )
        if not partner:
            raise UserError(self.env._("The email belongs to no vendor with EDI."))
        messages = self.sudo()
        for name, content, info in msg_dict.get("attachments") or []:
            if isinstance(content, str):
                content = content.encode((info or {}).get("encoding") or "utf-8", "replace")
            if isinstance(content, bytes) and not str(name).endswith(".eml"):
                messages |= partner._receive(str(name), content, "mail")
        if not messages:
            messages = self.sudo().create(
                {
                    "edi_partner_id": partner.id,
                    "name": msg_dict.get("subject") or self.env._("Email"),
                    "channel": "mail",
                }
            )
            messages._fail([EdifactError("no_file")])
        self._send_soon()
        return messages[:1].with_env(self.env)

    @api.model
    def _keep(self, head, found, one, name, data):
        """Return the message of an interchange: a new one, or the one that it repeats."""
        digest = hashlib.sha256(
            repr((found.sender, found.receiver, one.kind, one.version, [
                (segment.tag, segment.elements) for segment in one.segments
            ])).encode()
        ).hexdigest()  # fmt: skip
        references = {
            "sender_gln": found.sender,
            "interchange_ref": found.reference,
            "message_ref": one.reference,
        }
        partner = self.env["vmi.edi.partner"].browse(head["edi_partner_id"])
        before = self.search(
            [
                ("company_id", "=", partner.company_id.id),
                ("direction", "=", "in"),
                ("is_conflict", "=", False),
                *((field, "=", value) for field, value in references.items()),
            ]
        )
        if before and before.content_hash == digest and before.edi_partner_id == partner:
            return before
        begin = one.segments[0] if one.segments else None
        document = begin.get(1) if begin and begin.tag == "BGM" else ""
        kinds = dict(KINDS)
        message = self.create(
            {
                **head,
                **references,
                "name": document[:64] or f"{found.reference}/{one.reference}",
                "receiver_gln": found.receiver,
                "document_ref": document[:64] or False,
                "kind": one.kind.lower() if one.kind.lower() in kinds else "other",
                "kind_code": one.kind[:6],
                "content_hash": digest,
                "is_conflict": bool(before),
            }
        )
        message._attach(name, data)
        if before:
            message._fail(
                [
                    EdifactError(
                        "conflict", one.number, "UNH",
                        interchange=found.reference, reference=one.reference,
                    )
                ]
            )  # fmt: skip
        return message

    def _attach(self, name, data):
        self.attachment_id = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": data,
                    "mimetype": "application/EDIFACT",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )

    def _get_data(self):
        """Return the bytes of the file, also where a form asks for sizes only."""
        return self.sudo().with_context(bin_size=False).attachment_id.raw or b""

    def _show_content(self):
        """Return the segments of the file as far as they can be read, one in each line."""
        data = self._get_data()
        if not data:
            return False
        if len(data) > SHOWN_BYTES:
            return data[:8000].decode("utf-8", "replace") + "…"
        try:
            segments, syntax, _charset = read_segments(data)
        except EdifactError:
            return data[:8000].decode("utf-8", "replace")
        lines = [
            f"{one.number:>4}  {syntax.compose(one.tag, *map(list, one.elements))}"
            for one in segments[:SHOWN_LINES]
        ]
        return "\n".join(lines + ["…"] * (len(segments) > SHOWN_LINES))

    def _fail(self, errors, about=()):
        """Keep the message as an error, with its reasons, and tell whoever has to look at it.

        :param about: agreements that it is about
        """
        self.ensure_one()
        agreements = self.agreement_ids.union(*about)
        self.write(
            {
                "state": "error",
                "agreement_ids": [Command.set(agreements.ids)],
                "error_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "segment": error.segment,
                                "tag": error.tag,
                                "code": error.code,
                                "details": error.values,
                            }
                        )
                        for error in errors
                    ),
                ],
            }
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("EDI message with an error"),
            note=self.error_text,
            user_id=self._get_responsible().id,
        )

    def _get_responsible(self):
        agreement = self.agreement_ids[:1]
        return agreement._get_acting_buyer() if agreement else self.edi_partner_id.user_id

    # -- carrying out --------------------------------------------------------------------------

    def _work(self):
        """Carry out what came in, as a whole or not at all.

        What is wrong with it is kept. Where somebody is at work on the same, it stays to be done;
        conflicts in the database go up, to whoever can begin the transaction again.
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            return
        self.invalidate_recordset(["state"])
        if self.state != "received":
            return
        self = self.with_context(lang=self.edi_partner_id.user_id.lang)
        # What is undone with the rest, and says who has to be told.
        about = []
        try:
            with self.env.cr.savepoint():
                self._carry_out(about)
        except RefusalError as several:
            self._fail(several.errors, about)
        except EdifactError as error:
            self._fail([error], about)
        except OperationalError:
            raise
        except UserError as error:
            if isinstance(error, LockError) or isinstance(error.__cause__, LockError):
                return
            self._fail([EdifactError("said", text=error)], about)
        except Exception as error:
            _logger.exception("The EDI message %s failed", self)
            self._fail([EdifactError("said", text=error or type(error).__name__)], about)

    def _carry_out(self, about):
        """Do what the message says.

        :param about: is given the agreements that it is about, once they are known
        """
        partner = self.edi_partner_id
        found = read_interchange(self._get_data())
        [message] = [one for one in found.messages if one.reference == self.message_ref]
        self._check_envelope(found, message)
        if self._repeats():
            return
        read = {"ordrsp": read_response, "desadv": read_despatch}[self.kind]
        record = read(message, found.syntax)
        agreements = partner._get_agreements()
        taker = {"ordrsp": "vmi.edi.response", "desadv": "vmi.edi.despatch"}[self.kind]
        outcome = self.env[taker]._take(self, record, agreements, about)
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "outcome": outcome,
                "agreement_ids": [Command.set([agreement.id for agreement in about])],
            }
        )

    def _check_envelope(self, found, message):
        """Raise EdifactError unless the message is this vendor's, for us, and one that is taken."""
        partner = self.edi_partner_id
        for code, said, expected in (
            ("wrong_sender", found.sender, partner.vendor_gln),
            ("wrong_receiver", found.receiver, partner.company_gln),
        ):
            if said != expected:
                raise EdifactError(code, 1, "UNB", said=said, expected=expected or "–")
        if found.is_test:
            raise EdifactError("test", 1, "UNB")
        taken = {"ordrsp": partner.takes_responses, "desadv": partner.takes_shipments}
        if self.kind not in taken:
            raise EdifactError("unknown_kind", message.number, "UNH", kind=message.kind)
        if not taken[self.kind]:
            raise EdifactError("not_taken", message.number, "UNH", kind=message.kind)
        if message.version != "D.96A":
            raise EdifactError("wrong_version", message.number, "UNH", version=message.version)

    def _repeats(self):
        """Return whether the same document was done before, under other references.

        :raise EdifactError: where it was another document of that number
        """
        if not self.document_ref:
            return False
        before = self.search(
            [
                ("edi_partner_id", "=", self.edi_partner_id.id),
                ("direction", "=", "in"),
                ("kind", "=", self.kind),
                ("document_ref", "=", self.document_ref),
                ("state", "=", "done"),
                ("repeats_id", "=", False),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if not before:
            return False
        if before.content_hash != self.content_hash:
            raise EdifactError(
                "document_again", number=self.document_ref, message=before.interchange_ref
            )
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "repeats_id": before.id,
                "agreement_ids": [Command.set(before.agreement_ids.ids)],
                "outcome": self.env._(
                    "It came before as %s: nothing was done again.", before.interchange_ref
                ),
            }
        )
        return True

    def _serve(self, agreements, right, doubts=()):
        """Return the vendor's service for whoever sent the message, in the buyer's name."""
        if self.channel == "mail":
            doubts = (*doubts, self.env._("It came by email, which proves no sender."))
        sender = Sender(self.id, tuple(agreements.ids), ("see", right), tuple(doubts))
        buyer = agreements[:1]._get_acting_buyer() if agreements else self.edi_partner_id.user_id
        # What is written for the vendor; otherwise, what the buyer is told.
        lang = self.partner_id.lang if right == "see" else buyer.lang
        return self.env["vmi.vendor"]._serve_sender(sender, buyer, lang)

    # -- sending -------------------------------------------------------------------------------

    @api.model
    def _write_report(self, partner, agreement, kind, span=None):
        """Return a new message that reports an agreement; none where there is nothing to tell.

        What cannot be written is kept as an error.
        """
        number = self.env["ir.sequence"].sudo().next_by_code("vmi.message") or "1"
        message = self.create(
            {
                "edi_partner_id": partner.id,
                "direction": "out",
                "kind": kind,
                "kind_code": kind.upper(),
                "channel": partner.channel,
                "state": "ready",
                "name": number,
                "document_ref": number,
                "interchange_ref": number,
                "message_ref": "1",
                "sender_gln": partner.company_gln,
                "receiver_gln": partner.vendor_gln,
                "agreement_ids": [Command.set(agreement.ids)],
                "date_from": span and span[0],
                "date_to": span and span[1],
            }
        )
        if not message._write_content():
            message.unlink()
            return self.browse()
        return message

    def _write_content(self):
        """Write the file; return whether there was anything to tell."""
        reports = self.env["vmi.edi.report"]
        read = reports._get_stock if self.kind == "invrpt" else reports._get_sales
        report = read(self)
        if not report:
            return False
        partner = self.edi_partner_id
        header = Header(
            sender=partner.company_gln,
            receiver=partner.vendor_gln,
            reference=self.interchange_ref,
            moment=datetime.now(),
            charset=partner.charset,
            decimal=partner.decimal_mark,
            is_test=partner.is_test,
        )
        write = write_stock if self.kind == "invrpt" else write_sales
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        try:
            data = write(header, report, digits)
        except EdifactError as error:
            self._fail([error])
            return True
        self.file_name = f"{self.kind.upper()}_{self.interchange_ref}.edi"
        self._attach(self.file_name, data)
        self.write({"file_hash": hashlib.sha256(data).hexdigest(), "state": "ready"})
        return True

    def _rewrite(self):
        """Write anew what could not be written before; what was written is sent as it is."""
        self.state = "ready"
        if not self.attachment_id and not self._write_content():
            raise UserError(self.env._("There is nothing to report any more."))

    @api.model
    def _send_soon(self):
        """Let the scheduled action do at once what waits: each message in its own transaction."""
        self.env.ref(CRON).sudo()._trigger()

    def _deliver(self):
        """Send what is ready, by the vendor's way."""
        for message in self:
            if not message.try_lock_for_update(allow_referencing=True):
                continue
            message.invalidate_recordset(["state"])
            if message.state == "ready":
                message._deliver_one()

    def _deliver_one(self):
        partner = self.edi_partner_id
        if problems := partner._get_problems():
            self._fail([EdifactError("incomplete", text=" ".join(problems))])
            return
        if partner.channel == "file":
            try:
                partner._get_folder().put(self.file_name, self._get_data())
            except (OSError, FolderError) as error:
                self._fail([EdifactError("folder", text=error)])
                return
        else:
            template = self.env.ref(TEMPLATE, raise_if_not_found=False)
            if not template:
                text = self.env._("The email template was deleted.")
                self._fail([EdifactError("incomplete", text=text)])
                return
            template.send_mail(
                self.id, email_values={"attachment_ids": [Command.set(self.attachment_id.ids)]}
            )
        self.write({"state": "sent", "channel": partner.channel, "done_at": fields.Datetime.now()})
        self._end_activities()
