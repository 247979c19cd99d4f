from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP
from odoo.exceptions import LockError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

ACCOUNTANT_GROUP = "account.group_account_invoice"


class VmiConsignmentSettlement(models.Model):
    """What was used of a vendor's stock in a period, to be billed once."""

    _name = "vmi.consignment.settlement"
    _description = "Consignment Settlement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Vendor", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date(
        "To",
        required=True,
        readonly=True,
        help="The last day of the period, by which the bill is dated in your books. What was used "
        "before the period and not settled is settled with it.",
    )
    billing = fields.Selection(
        [("vendor", "The Vendor's Bill"), ("self", "Self-Billing")],
        "Settled By",
        required=True,
        readonly=True,
        default="vendor",
        help="The vendor's bill: a draft waits for the number of the vendor's own bill.\n"
        "Self-billing: you bill in the vendor's name, with numbers of your own.",
    )
    agreement_ids = fields.Many2many(
        "vmi.agreement",
        "vmi_consignment_settlement_agreement_rel",
        "settlement_id",
        "agreement_id",
        "Agreements",
        readonly=True,
        copy=False,
        groups="purchase.group_purchase_user",
        help="Under which the stock was used.",
    )
    line_ids = fields.One2many(
        "vmi.consignment.settlement.line", "settlement_id", "Products", readonly=True
    )
    bill_ids = fields.One2many("account.move", "vmi_settlement_id", "Bills", readonly=True)
    state = fields.Selection(
        [
            ("draft", "To Bill"),
            ("disputed", "Disputed"),
            ("billed", "Billed"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
        help="To bill: something is not billed yet.\n"
        "Disputed: all but what is disputed is billed.\n"
        "Billed: nothing is left.",
    )
    # Every billing writes it, so that one made at the same moment elsewhere is noticed.
    billed_at = fields.Datetime("Billed On", readonly=True, copy=False)
    bill_count = fields.Integer("Number of Bills", compute="_compute_bill_count")
    entry_count = fields.Integer("Number of Uses", compute="_compute_entry_count")
    late_count = fields.Integer(
        "Number of Late Uses",
        compute="_compute_entry_count",
        help="From before the period, settled with it.",
    )
    disputed_count = fields.Integer("Disputed Lines", compute="_compute_amount_text")
    amount_text = fields.Char("Amount", compute="_compute_amount_text")
    outstanding_text = fields.Char("Not Billed", compute="_compute_amount_text")

    _days_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A period must not end before it begins."
    )

    @api.depends("line_ids.status")
    def _compute_state(self):
        for settlement in self:
            statuses = set(settlement.line_ids.mapped("status"))
            if "to_bill" in statuses:
                settlement.state = "draft"
            else:
                settlement.state = "disputed" if "disputed" in statuses else "billed"

    def _compute_bill_count(self):
        counts = dict(
            self.env["account.move"]
            .sudo()
            ._read_group(
                [("vmi_settlement_id", "in", self.ids)], ["vmi_settlement_id"], ["__count"]
            )
        )
        for settlement in self:
            settlement.bill_count = counts.get(settlement, 0)

    def _compute_entry_count(self):
        entries = self.env["vmi.consignment.entry"]
        for settlement in self:
            domain = Domain("settlement_line_id.settlement_id", "=", settlement.id)
            settlement.entry_count = entries.search_count(domain)
            settlement.late_count = entries.search_count(
                domain & Domain("day", "<", settlement.date_from)
            )

    @api.depends("line_ids.amount", "line_ids.outstanding_qty", "line_ids.state")
    def _compute_amount_text(self):
        for settlement in self:
            billed = settlement.line_ids.filtered(
                lambda line: line.state not in ("waived", "later")
            )
            settlement.disputed_count = len(billed.filtered(lambda line: line.state == "disputed"))
            settlement.amount_text = billed._describe_sum(lambda line: line.amount)
            settlement.outstanding_text = billed._describe_sum(
                lambda line: line.currency_id.round(line.outstanding_qty * line.unit_price)
            )

    @api.model_create_multi
    def create(self, vals_list):
        unnamed = self.env._("New")
        for vals in vals_list:
            if vals.get("name", unnamed) == unnamed:
                vals["name"] = self.env["ir.sequence"].next_by_code(self._name) or unnamed
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        for settlement in self:
            if settlement.sudo().bill_ids:
                raise UserError(
                    self.env._(
                        "%s has bills: delete the drafts among them first. What was posted stays.",
                        settlement.name,
                    )
                )

    def action_bill(self):
        """Make the bills of what is not billed yet, one a currency; below 0 a credit note.

        Lines that are disputed or waived are left out. A bill that was deleted or cancelled is
        made again.

        :return: the action that shows the bills made
        """
        self._check_buyer()
        self._lock()
        bills = self.env["account.move"]
        for settlement in self:
            bills |= settlement._bill()
        if not bills:
            raise UserError(
                self.env._(
                    "Nothing is to be billed: what is left is disputed, waived, or cancels out."
                )
            )
        return self._action_bills(bills)

    def action_open_bills(self):
        """Show the settlement's bills and credit notes."""
        self.check_access("read")
        return self._action_bills(self.sudo().bill_ids)

    def action_open_entries(self):
        """Show what the settlement is about, use by use."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_consignment.vmi_consignment_entry_action"
        )
        return {
            **action,
            "domain": [("settlement_line_id.settlement_id", "=", self.id)],
            "context": {},
        }

    def _action_bills(self, bills):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bills"),
            "res_model": "account.move",
            "view_mode": "form" if len(bills) == 1 else "list,form",
            "views": [(False, "form")] if len(bills) == 1 else [(False, "list"), (False, "form")],
            "res_id": bills.id if len(bills) == 1 else False,
            "domain": [("id", "in", bills.ids)],
            "context": {"create": False},
        }

    def _check_buyer(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(BUYER_GROUP):
            raise UserError(self.env._("Only buyers can settle consigned stock."))

    def _lock(self):
        """Let nobody else bill the settlements until the end."""
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._("Somebody else is billing this settlement at this moment. Try again.")
            ) from error
        # Written at once: who began earlier and comes later is turned away by the database.
        self.sudo().billed_at = fields.Datetime.now()
        self.env.flush_all()
        self.invalidate_recordset()
        self.line_ids.invalidate_recordset()

    @api.model
    def _settle(self, company, date_from, date_to, vendors=None):
        """Settle what was used up to a day and is not settled yet.

        :param vendors: by default all who consign to the company
        :return: a settlement for each vendor of whom something is left
        :raise UserError: when the period is not over, or nothing is to be settled
        """
        company = company.sudo()
        if date_to > company._vmi_today():
            raise UserError(
                self.env._(
                    "%s is still to come: settle up to a day that has passed.",
                    format_full_day(self.env, date_to),
                )
            )
        entries = self.env["vmi.consignment.entry"].sudo()
        entries._book(company)
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("is_billable", "=", True)
            & Domain("settlement_line_id", "=", False)
            & Domain("day", "<=", date_to)
        )
        if vendors is not None:
            domain &= Domain("partner_id", "in", vendors.ids)
        settlements = self.browse()
        found = entries._read_group(
            domain & Domain("is_priced", "=", True), ["partner_id"], ["id:recordset"]
        )
        for vendor, uses in found:
            settlements += self._make(company, vendor, date_from, date_to, uses)
        if not settlements:
            raise UserError(self._describe_nothing(entries, domain, date_to))
        return settlements

    def _describe_nothing(self, entries, domain, date_to):
        """Return why nothing is to be settled."""
        unpriced = entries.search(domain & Domain("is_priced", "=", False)).product_id
        if unpriced:
            return self.env._(
                "Nothing can be settled: the vendor has no price for %s. Add one on the product's "
                "Purchase tab.",
                ", ".join(unpriced[:20].mapped("display_name")),
            )
        return self.env._(
            "Nothing that was used up to %s is left to settle.", format_full_day(self.env, date_to)
        )

    @api.model
    def _make(self, company, vendor, date_from, date_to, uses):
        """Make a vendor's settlement of entries of the ledger, a line a product and price."""
        agreement = uses.agreement_id.sorted("id")[-1:]
        settlement = self.sudo().create(
            {
                "company_id": company.id,
                "partner_id": vendor.id,
                "date_from": date_from,
                "date_to": date_to,
                "billing": agreement.settlement_billing or "vendor",
                "agreement_ids": [Command.set(uses.agreement_id.ids)],
            }
        )
        groups = uses.grouped(lambda use: use._get_settlement_key())
        lines = self.env["vmi.consignment.settlement.line"].sudo()
        ordered = sorted(groups, key=lambda key: (key[0].display_name or "", key[1], key[2].id))
        made = lines.create(
            [
                {
                    "settlement_id": settlement.id,
                    "product_id": product.id,
                    "unit_price": price,
                    "currency_id": currency.id,
                    "kind": kind,
                    "quantity": -sum(groups[product, price, currency, kind].mapped("quantity")),
                }
                for product, price, currency, kind in ordered
            ]
        )
        for line, key in zip(made, ordered, strict=True):
            groups[key].settlement_line_id = line
        self.env.flush_all()
        return settlement.with_env(self.env)

    def _bill(self):
        """Make the settlement's bills of what is left; return them."""
        self.ensure_one()
        self = self.sudo().with_company(self.company_id)
        bills = self.env["account.move"]
        for currency, lines in self._get_open_lines().grouped("currency_id").items():
            bills |= self._make_bill(currency, lines)
        return bills

    def _get_open_lines(self):
        """Return the lines of which something is to be billed now."""
        return self.line_ids.filtered(
            lambda line: (
                line.state == "open" and not line.product_uom_id.is_zero(line.outstanding_qty)
            )
        )

    def _make_bill(self, currency, lines):
        total = sum(line.outstanding_qty * line.unit_price for line in lines)
        sign = -1 if currency.compare_amounts(total, 0) < 0 else 1
        bill = self.env["account.move"].create(
            {
                "move_type": "in_refund" if sign < 0 else "in_invoice",
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.address_get(["invoice"])["invoice"],
                "currency_id": currency.id,
                "invoice_origin": self.name,
                "vmi_settlement_id": self.id,
                "date": self.date_to,
                **self._prepare_billing(),
                "invoice_line_ids": [
                    Command.create(line._prepare_bill_line(sign)) for line in lines
                ],
            }
        )
        bill.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": bill, "origin": self},
            subtype_xmlid="mail.mt_note",
        )
        # Who may post it does so by billing; it needs no number of the vendor's.
        may_post = self.env["res.users"].browse(self.env.uid).has_group(ACCOUNTANT_GROUP)
        if self.billing == "self" and may_post:
            bill.action_post()
        return bill

    def _prepare_billing(self):
        """Return the journal, and the date on a bill that is made in the vendor's name."""
        if self.billing != "self":
            return {}
        journal = self.company_id.vmi_self_billing_journal_id or self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.company_id),
                ("type", "=", "purchase"),
                ("is_self_billing", "=", True),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "There is no journal for self-billing: make a purchase journal, tick Self "
                    "Billing on it, and choose it under Supply Partners → Configuration → Settings."
                )
            )
        return {"journal_id": journal.id, "invoice_date": self.date_to}

    @api.model
    def _find_period(self, company, vendor=None):
        """Return the first and the last day of what is to be settled next: the month that ended."""
        today = company.sudo()._vmi_today()
        date_to = fields.Date.subtract(fields.Date.start_of(today, "month"), days=1)
        domain = Domain("company_id", "=", company.id)
        if vendor:
            domain &= Domain("partner_id", "=", vendor.id)
        latest = self.sudo().search(domain & Domain("date_to", "<", date_to), limit=1)
        first = fields.Date.start_of(date_to, "month")
        if latest:
            first = min(first, fields.Date.add(latest.date_to, days=1))
        return first, date_to

    @api.model
    def _get_unsettled(self, company, vendor):
        """Return the amounts, by currency, of what was used of a vendor's stock and not settled."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT currency_id, -SUM(quantity * unit_price)
                  FROM vmi_consignment_entry
                 WHERE company_id = %s AND partner_id = %s AND is_billable AND is_priced
                   AND settlement_line_id IS NULL
              GROUP BY currency_id
              ORDER BY currency_id
                """,
                company.id,
                vendor.id,
            )
        )
        currencies = self.env["res.currency"]
        return {currencies.browse(currency): float(amount) for currency, amount in rows}
