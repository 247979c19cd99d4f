from odoo import api, fields, models
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..tools import FileProblemError, as_text, parse_rows, read_table, recognise
from ..tools.columns import IDENTIFIERS

# Rows of a list that are taken at once; more are taken by the scheduled action.
BATCH = 500
# Rows that are written at once.
STAGED = 5000
OPEN_STATES = ("waiting", "approved")


class VendorCatalogue(models.Model):
    """A price list that came from a vendor, a buyer or a third party, until its rows are taken.

    Nothing of it is in force before: rows are staged, found again, compared with what is paid now,
    and taken or approved one by one.
    """

    _name = "vendor.catalogue"
    _description = "Vendor's Price List"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Reference", required=True, readonly=True, copy=False)
    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Empty: a list of several vendors, which its rows name.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    source = fields.Selection(
        [("vendor", "Vendor"), ("buyer", "Buyer"), ("third_party", "Third Party")],
        required=True,
        readonly=True,
        default="buyer",
        help="Vendor: uploaded on the vendor's pages.\n"
        "Buyer: imported here.\n"
        "Third party: imported here from somebody else's list, of several vendors maybe.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Entered by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        help="What needs approval is approved by somebody else.",
    )
    buyer_id = fields.Many2one(
        "res.users",
        compute="_compute_buyer_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=[("share", "=", False)],
        help="Is told of what waits for approval.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.currency_id,
        help="Of prices beside which the list names none.",
    )
    date_start = fields.Date(
        "Prices From", readonly=True, help="Where the list itself says no day; empty: at once."
    )
    date_end = fields.Date("Prices Until", readonly=True)
    date_submitted = fields.Datetime("Sent", readonly=True, copy=False)
    file_name = fields.Char("File", readonly=True)
    # Pairs of a code and what its sentence names, so that everybody reads it in one's own language.
    reading = fields.Json(
        readonly=True, help="What was guessed of the file, and what was not used."
    )
    note = fields.Text("Reading Notes", compute="_compute_note")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "To Approve"),
            ("approved", "Being Taken"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        string="Status",
    )
    row_ids = fields.One2many("vendor.catalogue.row", "catalogue_id", "Prices")
    row_count = fields.Integer("Prices Listed", compute="_compute_counts")
    error_count = fields.Integer("To Correct", compute="_compute_counts")
    waiting_count = fields.Integer("To Approve", compute="_compute_counts")
    ready_count = fields.Integer("Within Limit", compute="_compute_counts")
    taken_count = fields.Integer("Taken", compute="_compute_counts")
    same_count = fields.Integer("Unchanged", compute="_compute_counts")
    is_own = fields.Boolean(compute="_compute_is_own")
    outlook = fields.Text(compute="_compute_outlook", help="What taking the prices will do.")

    @api.depends("partner_id", "user_id")
    def _compute_buyer_id(self):
        for catalogue in self:
            own = catalogue.user_id.filtered(lambda user: not user.share)
            vendor = catalogue.partner_id.sudo()
            agreements = vendor.vmi_agreement_ids.filtered(
                lambda one, catalogue=catalogue: (
                    one.company_id == catalogue.company_id and one.state == "running"
                )
            )
            catalogue.buyer_id = vendor.buyer_id or agreements[:1].user_id or own

    @api.depends("reading")
    @api.depends_context("lang")
    def _compute_note(self):
        for catalogue in self:
            catalogue.note = catalogue._describe_reading()

    @api.depends("row_ids.state")
    def _compute_counts(self):
        counted = {}
        groups = self.env["vendor.catalogue.row"]._read_group(
            [("catalogue_id", "in", self.ids)], ["catalogue_id", "state"], ["__count"]
        )
        for catalogue, state, count in groups:
            counted.setdefault(catalogue, {})[state] = count
        for catalogue in self:
            states = counted.get(catalogue, {})
            catalogue.row_count = sum(states.values())
            catalogue.error_count = states.get("error", 0)
            catalogue.waiting_count = states.get("waiting", 0)
            catalogue.ready_count = states.get("ready", 0)
            catalogue.taken_count = states.get("taken", 0) + states.get("approved", 0)
            catalogue.same_count = states.get("same", 0)

    @api.depends("state", "row_ids.state")
    @api.depends_context("lang")
    def _compute_outlook(self):
        for catalogue in self:
            ready = self.env._(
                "%(count)s change by no more than %(limit)s %% and are taken.",
                count=catalogue.ready_count,
                limit=f"{catalogue.company_id.vendor_price_tolerance:g}",
            )
            waiting = self.env._("%s need approval by somebody else.", catalogue.waiting_count)
            same = self.env._("%s change nothing.", catalogue.same_count)
            wrong = self.env._(
                "%s are to correct: choose the product or price below.", catalogue.error_count
            )
            texts = [
                text
                for count, text in (
                    (catalogue.ready_count, ready),
                    (catalogue.waiting_count, waiting),
                    (catalogue.same_count, same),
                    (catalogue.error_count, wrong),
                )
                if count
            ]
            catalogue.outlook = catalogue.state == "draft" and "\n".join(texts)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_is_own(self):
        for catalogue in self:
            catalogue.is_own = catalogue.user_id == self.env.user

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get("name"):
                vals["name"] = self.env["ir.sequence"].next_by_code(self._name) or "/"
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken(self):
        for catalogue in self:
            if catalogue.state not in ("draft", "refused"):
                raise UserError(
                    self.env._(
                        "%s was sent: it is kept, so that each price can be told from whom it "
                        "came. Refuse what is still open instead.",
                        catalogue.name,
                    )
                )

    # -- what people do ------------------------------------------------------------------------

    def action_submit(self):
        """Take what is within the limit, and let somebody else approve the rest.

        :return: the client's answer, with what became of the rows
        :raise UserError: when it was done already, or nothing of it can be used
        """
        self.check_access("write")
        self._submit()
        return self._answer(self._describe_outcome())

    def action_approve(self):
        """Take all prices that wait for approval.

        :raise UserError: for whoever entered some of them
        """
        waiting = self.row_ids.filtered(lambda row: row.state == "waiting")
        waiting.action_approve()
        return self._answer(self._describe_outcome())

    def action_ask_why_refused(self):
        """Ask for the reason, then refuse all that is open."""
        return self.row_ids.filtered(
            lambda row: row.state in ("waiting", "error")
        ).action_ask_why_refused()

    def action_open_rows(self):
        """Show the rows; the context may say of which state."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_catalogue.vendor_catalogue_row_action"
        )
        state = self.env.context.get("shown_state")
        action["context"] = {f"search_default_{state}": 1} if state else {}
        action["domain"] = [("catalogue_id", "=", self.id)]
        return action

    def action_discard(self):
        """Delete a list that was never sent, and go back to the lists."""
        self.check_access("write")
        for catalogue in self:
            if catalogue.state != "draft":
                raise UserError(self.env._("%s was sent already.", catalogue.name))
        self.sudo().unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_catalogue.vendor_catalogue_action"
        )

    # -- from a file to rows -------------------------------------------------------------------

    @api.model
    def _receive(self, vals, data, encoding=None):
        """Return a new list, with the rows of a file staged.

        :param vals: values of the list
        :param data: the file's bytes
        :raise UserError: when no row of it can be read, with what to do about it
        """
        try:
            table = read_table(data, encoding or None)
        except FileProblemError as problem:
            raise UserError(self._describe_file_problem(problem)) from None
        mapping = recognise(table.columns)
        if vals.get("source") == "vendor":
            # What the buyer has to pay beside the price is not the vendor's to say.
            mapping = {
                field: index
                for field, index in mapping.items()
                if field not in ("vendor", "duty", "freight")
            }
        if not vals.get("partner_id") and "vendor" not in mapping:
            raise UserError(
                self.env._("Choose the vendor, or add a column Vendor that names it in each row.")
            )
        catalogue = self.create({**vals, "reading": self._note_reading(table, mapping)})
        catalogue._stage(table, mapping)
        return catalogue

    def _stage(self, table, mapping):
        """Write the rows of a table, each found again and compared with what is paid now."""
        self.ensure_one()
        rows = self.env["vendor.catalogue.row"]
        parsed = list(parse_rows(table, mapping, self._get_today()))
        staged = rows._prepare_staged(self, parsed)
        labels = [
            label or self.env._("Column %s", number)
            for number, label in enumerate(table.columns, start=1)
        ]
        for vals, (_number, cells) in zip(staged, table.rows, strict=True):
            vals["raw"] = [
                [label, as_text(cell)] for label, cell in zip(labels, cells, strict=False)
            ]
        for part in split_every(STAGED, staged, list):
            rows._insert_staged(self, part)
        self.invalidate_recordset()

    def _get_today(self):
        return self.company_id._vmi_today()

    @api.model
    def _note_reading(self, table, mapping):
        """Return what was guessed of a file, and what of it is not used, as :attr:`reading`."""
        notes = []
        if table.is_guess:
            notes.append(["guessed_encoding", {"encoding": table.encoding.upper()}])
        unused = [
            label
            for index, label in enumerate(table.columns)
            if label and index not in mapping.values()
        ]
        if unused:
            notes.append(["unused_columns", {"columns": unused}])
        return notes

    def _describe_reading(self):
        """Return what was guessed of the file, and what of it is not used, as sentences."""
        self.ensure_one()
        texts = {
            "guessed_encoding": lambda values: self.env._(
                "The file does not say how its letters are written; it was read as %s. If "
                "names look wrong, read it again and choose the encoding.",
                values["encoding"],
            ),
            "unused_columns": lambda values: self.env._(
                "Columns that are not used: %s", ", ".join(values["columns"])
            ),
        }
        return "\n".join(texts[code](values) for code, values in self.reading or ())

    def _describe_file_problem(self, problem):
        """Return why no row of a file can be read, and the way out."""
        values = problem.values
        most = values.get("most")
        texts = {
            "empty": lambda: self.env._("The file is empty: choose the one with your prices."),
            "no_rows": lambda: self.env._("Below the names of the columns there is no row."),
            "too_large": lambda: self.env._(
                "The file is larger than %s MB: send it in parts.", most
            ),
            "too_many_rows": lambda: self.env._(
                "The file has more than %s rows: send it in parts.", f"{most or 0:,}"
            ),
            "too_many_columns": lambda: self.env._(
                "Row %(number)s has more than %(most)s cells: check the separator between them.",
                number=values["number"],
                most=most,
            ),
            "old_excel": lambda: self.env._(
                "This is a file of an old Excel: save it as .xlsx or as CSV."
            ),
            "workbook": lambda: self.env._(
                "This is no Excel file that can be read: open it, and save it anew as .xlsx or CSV."
            ),
            "binary": lambda: self.env._("This is no file of text: save it as .xlsx or as CSV."),
            "encoding": lambda: self.env._(
                "The file is not written in %s: choose another encoding, or save it as UTF-8.",
                values["encoding"].upper(),
            ),
            "quote": lambda: self.env._(
                "In row %s a cell begins with a quotation mark that is never closed: close it, or "
                "take it out.",
                values["number"],
            ),
            "no_columns": lambda: self.env._(
                "The first rows name no columns that are known. Needed are Price, and Vendor Code, "
                "Barcode or Your Code. Found: %s",
                values["found"],
            ),
        }
        return texts[problem.code]()

    # -- sent, taken, refused ------------------------------------------------------------------

    def _submit(self):
        self._lock()
        for catalogue in self:
            if catalogue.state != "draft":
                raise UserError(self.env._("%s was sent already.", catalogue.name))
            usable = catalogue.row_ids.filtered(lambda row: row.state != "error")
            if not usable and not catalogue._has_open_questions():
                raise UserError(
                    self.env._(
                        "No row of %s can be used: correct them, or import the file again.",
                        catalogue.name,
                    )
                )
            ready = usable.filtered(lambda row: row.state == "ready")
            ready.sudo().write({"state": "approved"})
        self.sudo().date_submitted = fields.Datetime.now()
        self.sudo()._take_or_schedule()
        self.sudo()._update_states()
        self.sudo()._tell_buyer()

    def _has_open_questions(self):
        """Return whether there are rows that only the buyer can complete."""
        rows = self.env["vendor.catalogue.row"]
        return bool(
            rows.search_count(
                [
                    ("catalogue_id", "in", self.ids),
                    ("state", "=", "error"),
                    ("match_problem", "!=", False),
                    ("problem", "=", False),
                ],
                limit=1,
            )
        )

    def _take_or_schedule(self):
        """Take approved rows: at once when they are few, else by the scheduled action."""
        approved = self.row_ids.filtered(lambda row: row.state == "approved")
        if len(approved) <= BATCH:
            approved._take()
        else:
            self.env.ref("supply_partner_catalogue.ir_cron_take").sudo()._trigger()

    @api.model
    def _cron_take(self):
        """Take the approved rows of long lists, a batch at a time."""
        rows = self.env["vendor.catalogue.row"]
        domain = [("state", "=", "approved")]
        remaining = rows.search_count(domain)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        while part := rows.search(domain, limit=BATCH, order="catalogue_id, id"):
            # One company at a time.
            part = part.filtered(lambda row, first=part[0]: row.company_id == first.company_id)
            part.catalogue_id._lock()
            part._take()
            part.catalogue_id._update_states()
            if not self.env["ir.cron"]._commit_progress(len(part)):
                break

    def _update_states(self):
        """Let each list that was sent have the state that its rows give it."""
        for catalogue in self.filtered("date_submitted"):
            states = set(catalogue.row_ids.mapped("state"))
            if "waiting" in states:
                state = "waiting"
            elif "approved" in states:
                state = "approved"
            else:
                is_refused = "refused" in states and states <= {"refused", "error"}
                state = "refused" if is_refused else "done"
            if catalogue._has_open_questions() and state in ("done", "refused"):
                state = "waiting"
            if catalogue.state != state:
                catalogue.state = state
            if state not in OPEN_STATES:
                catalogue.activity_ids.unlink()

    def _tell_buyer(self):
        """Give the buyer an activity for what waits, unless the buyer entered it."""
        for catalogue in self:
            buyer = catalogue.buyer_id
            if catalogue.state != "waiting" or not buyer or buyer == catalogue.user_id:
                continue
            catalogue.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Prices to approve"),
                user_id=buyer.id,
            )

    def _lock(self):
        """Keep others from deciding about the same lists until this transaction ends."""
        self.sudo().lock_for_update()
        self.invalidate_recordset()
        self.row_ids.invalidate_recordset(["state", "editor_id"])

    def _check_buyer(self):
        if not self.env.su and not self.env.user.has_group(BUYER_GROUP):
            raise AccessError(self.env._("Prices are approved by a buyer."))

    def _describe_outcome(self):
        """Return in a few words what became of the rows."""
        self.invalidate_recordset()
        counts = {
            name: sum(self.mapped(f"{name}_count"))
            for name in ("taken", "waiting", "same", "error")
        }
        parts = []
        if counts["taken"]:
            parts.append(self.env._("%s taken", counts["taken"]))
        if counts["waiting"]:
            parts.append(self.env._("%s to approve", counts["waiting"]))
        if counts["same"]:
            parts.append(self.env._("%s unchanged", counts["same"]))
        if counts["error"]:
            parts.append(self.env._("%s to correct", counts["error"]))
        return ", ".join(parts) or self.env._("Nothing to take")

    def _answer(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _get_identifiers(self):
        """Return the fields by which a product is found, the surest first."""
        return IDENTIFIERS

    @api.model
    def _get_company_domain(self, company):
        """Return the domain of what a company may use of records with or without a company."""
        return Domain("company_id", "=", False) | Domain("company_id", "parent_of", company.id)
