import hashlib
import logging
import os
from datetime import timedelta
from functools import partial
from pathlib import Path

from dateutil.relativedelta import relativedelta
from psycopg2 import OperationalError
from stdnum import ean

from odoo import api, fields, models
from odoo.addons.set_based_runs.transactions import commit_step, roll_back
from odoo.addons.supply_partner.models.vmi_agreement import HOLDING_STATES
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import config

from ..tools import (
    CHARSETS,
    MOST_BYTES,
    EdifactError,
    ExchangeFolder,
    FolderError,
    is_folder_name,
    read_interchange,
)
from .vmi_message import REPORTS

_logger = logging.getLogger(__name__)

ROOT_PARAMETER = "supply_partner_edi.root"
OFFERED_CHARSETS = ("UNOA", "UNOB", "UNOC", "UNOD", "UNOE", "UNOF", "UNOK", "UNOW", "UNOY")
RHYTHMS = [("none", "Not Sent"), ("daily", "Every Day"), ("weekly", "Every Week")]
STEPS = {"daily": relativedelta(days=1), "weekly": relativedelta(weeks=1)}
ATTEMPTS = 3
# Days of sell-through that a first report reaches back.
FIRST_DAYS = 28


class VmiEdiPartner(models.Model):
    """What is exchanged with a vendor by EDI, by which way, and under which numbers."""

    _name = "vmi.edi.partner"
    _description = "EDI with a Vendor"
    _inherit = ["mail.thread", "mail.alias.mixin.optional"]
    _order = "partner_id, id"
    _rec_name = "partner_id"
    _once_for_a_vendor = ("company_id",)
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
        domain=[("share", "=", False)],
        help="Is told of errors that are about no agreement; of others its buyer is told.",
    )
    agreement_ids = fields.Many2many(
        "vmi.agreement",
        "vmi_edi_partner_agreement_rel",
        "edi_partner_id",
        "agreement_id",
        string="Agreements",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Those that are exchanged by EDI. Empty: all with the vendor, later ones too.",
    )
    company_gln = fields.Char(
        "Our GLN",
        compute="_compute_company_gln",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Who we are in messages: the Global Location Number of our company.",
    )
    vendor_gln = fields.Char(
        "Vendor's GLN",
        compute="_compute_vendor_gln",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="Who the vendor is in messages. What names another sender is not taken.",
    )
    charset = fields.Selection(
        "_get_charsets",
        required=True,
        default="UNOC",
        tracking=True,
        help="Of what we send; what comes in says its own. What a charset lacks is not sent: "
        "Chinese names need UNOY or UNOW.",
    )
    decimal_mark = fields.Selection(
        [(".", "12.5"), (",", "12,5")], required=True, default=".", tracking=True
    )
    is_test = fields.Boolean(
        "Mark as Test", tracking=True, help="What we send is marked as a test."
    )
    channel = fields.Selection(
        [("file", "Folder"), ("mail", "Email")],
        "Way",
        required=True,
        default="mail",
        tracking=True,
        help="Folder: files on the server, which a program of the server's fetches and brings.\n"
        "Email: as attachments. An email proves no sender, so what comes by it waits for the "
        "buyer.",
    )
    folder = fields.Char(
        groups="base.group_system",
        copy=False,
        tracking=True,
        help="A plain name. Below it are in, done, error and out.",
    )
    email = fields.Char(
        "Vendor's Email for EDI",
        compute="_compute_email",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    takes_responses = fields.Boolean(
        "Answers and Offers (ORDRSP)",
        default=True,
        tracking=True,
        help="They answer a proposal; without its number, they become one that waits for the "
        "buyer.",
    )
    takes_shipments = fields.Boolean(
        "Despatch Advices (DESADV)",
        default=True,
        tracking=True,
        help="They announce shipments.",
    )
    stock_rhythm = fields.Selection(
        RHYTHMS, "Stock Report (INVRPT)", required=True, default="none", tracking=True
    )
    stock_next = fields.Date("Next Stock Report", default=fields.Date.context_today, copy=False)
    sales_rhythm = fields.Selection(
        RHYTHMS, "Sell-through Report (SLSRPT)", required=True, default="none", tracking=True
    )
    sales_next = fields.Date(
        "Next Sell-through Report", default=fields.Date.context_today, copy=False
    )
    sales_until = fields.Date(
        "Sell-through Reported Until", readonly=True, copy=False, help="The last day reported."
    )
    last_received = fields.Datetime(readonly=True, copy=False)
    failure = fields.Text(
        "Exchange Failed", readonly=True, copy=False, help="Why the last exchange did not work."
    )
    problem = fields.Text(compute="_compute_problem", help="What is missing before it works.")
    edi_message_ids = fields.One2many("vmi.message", "edi_partner_id", "EDI Messages")
    edi_message_count = fields.Integer("Number of EDI Messages", compute="_compute_counts")
    edi_error_count = fields.Integer("Number of EDI Errors", compute="_compute_counts")

    _one_per_vendor = models.UniqueIndex(
        "(partner_id, company_id)",
        "EDI with this vendor is there already: change that one, or restore it from the archive.",
    )
    _one_folder = models.UniqueIndex(
        "(LOWER(folder)) WHERE folder IS NOT NULL", "Another vendor has this folder."
    )

    @api.model
    def _get_charsets(self):
        labels = {
            "UNOA": self.env._("UNOA: capital letters"),
            "UNOB": self.env._("UNOB: letters without accents"),
            "UNOC": self.env._("UNOC: Western Europe (Latin 1)"),
            "UNOD": self.env._("UNOD: Central Europe (Latin 2)"),
            "UNOE": self.env._("UNOE: Cyrillic"),
            "UNOF": self.env._("UNOF: Greek"),
            "UNOK": self.env._("UNOK: Turkish (Latin 5)"),
            "UNOW": self.env._("UNOW: all letters (UTF-8)"),
            "UNOY": self.env._("UNOY: all letters (UTF-8)"),
        }
        return [(code, labels[code]) for code in OFFERED_CHARSETS if code in CHARSETS]

    @api.depends("company_id")
    def _compute_company_gln(self):
        for one in self:
            one.company_gln = one.company_id.partner_id.sudo().global_location_number

    @api.depends("partner_id")
    def _compute_vendor_gln(self):
        for one in self:
            one.vendor_gln = one.partner_id.global_location_number

    @api.depends("partner_id")
    def _compute_email(self):
        for one in self:
            one.email = one.partner_id.email

    @api.depends_context("lang")
    @api.depends("company_gln", "vendor_gln", "channel", "folder", "email", "alias_email")
    def _compute_problem(self):
        for one in self:
            one.problem = "\n".join(one.sudo()._get_problems()) or False

    def _compute_counts(self):
        groups = self.env["vmi.message"]._read_group(
            [("edi_partner_id", "in", self.ids)], ["edi_partner_id", "state"], ["__count"]
        )
        counts = {}
        for one, state, count in groups:
            counts.setdefault(one, {})[state] = count
        for one in self:
            one.edi_message_count = sum(counts.get(one, {}).values())
            one.edi_error_count = counts.get(one, {}).get("error", 0)

    @api.constrains("company_gln", "vendor_gln")
    def _check_glns(self):
        for one in self:
            for name in ("company_gln", "vendor_gln"):
                gln = one[name]
                if gln and not (len(gln) == 13 and gln.isascii() and ean.is_valid(gln)):
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(gln)s is no Global Location Number, which has 13 digits, "
                            "the last of which checks the others.",
                            field=one._fields[name]._description_string(self.env),
                            gln=gln,
                        )
                    )

    @api.constrains("folder")
    def _check_folder(self):
        for one in self.sudo():
            if one.folder and not is_folder_name(one.folder):
                raise ValidationError(
                    self.env._(
                        "Folder: enter a plain name of letters, digits, dots, hyphens and "
                        "underscores, not a path: %s",
                        one.folder,
                    )
                )

    @api.constrains("partner_id", "company_id", "agreement_ids")
    def _check_agreements(self):
        for one in self:
            others = one.agreement_ids.filtered_domain(~one._get_vendor_domain())
            if others:
                raise ValidationError(
                    self.env._(
                        "%(agreement)s is not an agreement of %(company)s with %(vendor)s.",
                        agreement=others[0].name,
                        company=one.company_id.name,
                        vendor=one.partner_id.display_name,
                    )
                )

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("vmi.message")
        if self.id:
            values["alias_defaults"] = {"edi_partner_id": self.id}
        return values

    def _give_way_to(self, kept):
        """Be deleted where its vendor is merged with one that has EDI too.

        :raise UserError: when it has messages, whose sender must stay clear
        """
        if self.env["vmi.message"].search_count([("edi_partner_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%(vendor)s and %(kept)s both have EDI, and messages of %(vendor)s are kept "
                    "with it: archive %(vendor)s instead of merging the two.",
                    vendor=self.partner_id.display_name,
                    kept=kept.partner_id.display_name,
                )
            )
        self.unlink()

    def action_open_edi_messages(self):
        """Show what was exchanged with the vendor."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_edi.vmi_message_action"
        )
        return {**action, "domain": [("edi_partner_id", "in", self.ids)], "context": {}}

    def action_exchange(self):
        """Take what came in, and send what is due, now.

        :raise UserError: when something is missing
        """
        self.ensure_one()
        self.check_access("write")
        if problem := self.problem:
            raise UserError(problem)
        own = self.sudo()
        later = self.env.cr.postcommit.add
        try:
            # Files are moved once it is certain that their messages are kept.
            own._collect(step=lambda work: work(), move=later)
        except (FolderError, OSError) as error:
            raise UserError(str(error)) from None
        own._carry_out(step=lambda work: work())
        own._make_reports()
        self.env["vmi.message"]._send_soon()
        return self.action_open_edi_messages()

    def action_send_stock(self):
        """Send a stock report of each agreement now."""
        return self._send_now("invrpt")

    def action_send_sales(self):
        """Send a sell-through report of each agreement now, of the days since the last one."""
        return self._send_now("slsrpt")

    def _send_now(self, kind):
        self.ensure_one()
        self.check_access("write")
        if problem := self.problem:
            raise UserError(problem)
        messages = self.sudo()._make_report(kind)
        if not messages:
            raise UserError(self.env._("There is nothing to report: no agreement has news."))
        messages._send_soon()
        return self.action_open_edi_messages()

    # -- what it needs -------------------------------------------------------------------------

    def _get_problems(self):
        """Return what is missing before anything can be exchanged, a sentence each."""
        self.ensure_one()
        problems = []
        if not self.company_gln:
            problems.append(self.env._("Enter our GLN."))
        if not self.vendor_gln:
            problems.append(self.env._("Enter the vendor's GLN."))
        if self.channel == "file" and not self.folder:
            problems.append(self.env._("An administrator has to name the folder."))
        if self.channel == "mail" and not self.email:
            problems.append(self.env._("Enter the email address to which we send."))
        if self.company_gln and self.company_gln == self.vendor_gln:
            problems.append(self.env._("Our GLN and the vendor's are the same."))
        return problems

    def _get_vendor_domain(self):
        self.ensure_one()
        return Domain("company_id", "=", self.company_id.id) & Domain(
            "partner_id", "child_of", self.partner_id.id
        )

    def _get_agreements(self):
        """Return the agreements that are exchanged; drafts and closed ones are not."""
        domain = self._get_vendor_domain() & Domain("state", "in", HOLDING_STATES)
        if self.agreement_ids:
            domain &= Domain("id", "in", self.agreement_ids.ids)
        return self.env["vmi.agreement"].search(domain, order="id")

    def _get_folder(self):
        """Return the exchange folder, made if need be.

        :raise FolderError: where it is not to be touched
        """
        root = self.env["ir.config_parameter"].sudo().get_param(ROOT_PARAMETER)
        if not root:
            root = os.path.join(config["data_dir"], "supply_partner_edi", self.env.cr.dbname)
        if not Path(root).is_absolute():
            raise FolderError("leads_elsewhere", root)
        folder = ExchangeFolder(root, self.sudo().folder or "")
        folder.make()
        return folder

    # -- what comes in -------------------------------------------------------------------------

    def _receive(self, name, data, channel):
        """Keep the messages of a file, each once; they are carried out afterwards.

        :param name: of the file
        :param data: its bytes
        :return: the messages, old ones where it came before
        """
        self.ensure_one()
        # Two who bring files at once meet here, and the second begins anew.
        self.last_received = fields.Datetime.now()
        self.flush_recordset(["last_received"])
        messages = self.env["vmi.message"].sudo()
        digest = hashlib.sha256(data).hexdigest()
        known = messages.search(
            [
                ("edi_partner_id", "=", self.id),
                ("direction", "=", "in"),
                ("file_hash", "=", digest),
            ],
            order="id",
        )
        if known:
            return known
        head = {
            "edi_partner_id": self.id,
            "direction": "in",
            "channel": channel,
            "file_name": name,
            "file_hash": digest,
        }
        try:
            found = read_interchange(data)
        except EdifactError as error:
            message = messages.create({**head, "name": name, "kind": "other", "state": "received"})
            message._attach(name, data[:MOST_BYTES])
            message._fail([error])
            return message
        for one in found.messages:
            messages |= messages._keep(head, found, one, name, data)
        return messages

    def _collect(self, step, move=None):
        """Take the files that came into the folder, one after the other.

        :param step: is called with what shall be one transaction
        :param move: is called with what moves a file to where it belongs afterwards
        """
        self.ensure_one()
        if self.channel != "file" or self._get_problems():
            return
        folder = self._get_folder()
        for name in folder.list():
            data = folder.fetch(name, MOST_BYTES)
            taken = []
            step(partial(self._take_file, name, data, taken))
            messages = self.env["vmi.message"].browse(taken)
            for message in messages:
                step(message._work)
            states = set(messages.mapped("state"))
            # What somebody is at work on is looked at again by the next run.
            if "received" not in states:
                place = "error" if "error" in states else "done"
                moving = partial(folder.move, name, place)
                move(moving) if move else moving()

    def _take_file(self, name, data, taken):
        """Keep what a file holds; ``taken`` is given the ids of its messages."""
        taken[:] = self._receive(name, data, "file").ids

    def _carry_out(self, step):
        """Carry out what came in and is not decided yet."""
        waiting = self.env["vmi.message"].search(
            [("edi_partner_id", "in", self.ids), ("state", "=", "received")], order="id"
        )
        for message in waiting:
            step(message._work)

    # -- what goes out -------------------------------------------------------------------------

    def _make_reports(self):
        """Make the reports that are due, and say when the next ones are."""
        self.ensure_one()
        today = self.company_id._vmi_today()
        if self._get_problems():
            return
        for kind, name in REPORTS.items():
            rhythm, due = self[f"{name}_rhythm"], self[f"{name}_next"]
            if rhythm == "none" or (due and due > today):
                continue
            self._make_report(kind)
            following = (due or today) + STEPS[rhythm]
            # What was missed is not made up for.
            self[f"{name}_next"] = max(following, today + timedelta(days=1))

    def _make_report(self, kind):
        """Return new messages, one for each agreement that has something to tell."""
        self.ensure_one()
        messages = self.env["vmi.message"].browse()
        span = self._get_sales_span() if kind == "slsrpt" else None
        if kind == "slsrpt" and not span:
            return messages
        for agreement in self._get_agreements():
            messages |= messages._write_report(self, agreement, kind, span)
        if span and messages:
            self.sales_until = span[1]
        return messages

    def _get_sales_span(self):
        """Return the first and last day to report; None where there is none."""
        last = self.env["vmi.sell.through"].search(
            [("agreement_id", "in", self._get_agreements().ids)], order="day desc", limit=1
        ).day  # fmt: skip
        if not last:
            return None
        first = max(
            (self.sales_until or last - timedelta(days=FIRST_DAYS)) + timedelta(days=1),
            last - timedelta(days=365),
        )
        return (first, last) if first <= last else None

    def _deliver(self, step):
        """Send what is ready."""
        ready = self.env["vmi.message"].search(
            [("edi_partner_id", "in", self.ids), ("state", "=", "ready")], order="id"
        )
        for message in ready:
            step(message._deliver)

    # -- by itself -----------------------------------------------------------------------------

    @api.model
    def _cron_exchange(self):
        """Exchange with all vendors; what goes wrong with one keeps no other waiting."""
        commit = self.env["ir.cron"]._commit_progress
        partners = self.sudo().search([])
        commit(remaining=len(partners))
        for one in partners:
            one._exchange(commit)
            if not commit(processed=1):
                return

    def _exchange(self, commit):
        """Take what came in and send what is due: a message, a transaction."""
        self.ensure_one()

        def step(work):
            commit_step(self.env, work, lambda processed: commit(), attempts=ATTEMPTS)

        failure = False
        try:
            self._collect(step)
            self._carry_out(step)
            step(self._make_reports)
            self._deliver(step)
        except OperationalError:
            roll_back(self.env)
            # Somebody is at work on it: the next run serves it.
            _logger.warning("EDI with %s met with others", self, exc_info=True)
            return
        except (FolderError, OSError) as error:
            roll_back(self.env)
            _logger.warning("EDI with %s failed: %s", self, error)
            failure = str(error)
        except Exception as error:
            roll_back(self.env)
            _logger.exception("EDI with %s failed", self)
            failure = str(error) or type(error).__name__
        if (self.failure or False) != failure:
            step(partial(self.write, {"failure": failure}))
