from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import SellThroughScope, refresh

# Days that are written anew every night where they differ: what was entered late.
REWRITTEN_DAYS = 14
# How far the days of a new line reach back: half a year of whole weeks.
FIRST_DAYS = 182


class VmiSellThrough(models.Model):
    """What a product of an agreement sold on a day, and what was left of it at the day's end.

    A table, not a view: past stock is today's less all moves since. Only days that are over are
    here; the scheduled action writes the last fortnight anew where it differs. No values.
    """

    _name = "vmi.sell.through"
    _description = "Sell-through"
    _rec_name = "product_id"
    _order = "day desc, line_id, id"
    _log_access = False

    line_id = fields.Many2one(
        "vmi.agreement.line", "Agreement Line", required=True, ondelete="cascade", readonly=True
    )
    day = fields.Date(required=True, readonly=True)
    agreement_id = fields.Many2one(
        "vmi.agreement", required=True, ondelete="cascade", index=True, readonly=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, ondelete="cascade", index=True, readonly=True
    )
    location_id = fields.Many2one("stock.location", readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    partner_id = fields.Many2one(related="agreement_id.partner_id", string="Vendor")
    sold_qty = fields.Float(
        "Sold", digits="Product Unit", readonly=True, help="What went to customers."
    )
    used_qty = fields.Float(
        "Used",
        digits="Product Unit",
        readonly=True,
        help="What went into production or, where the agreement counts it, to other locations.",
    )
    returned_qty = fields.Float(
        "Returned", digits="Product Unit", readonly=True, help="What of it came back."
    )
    on_hand_qty = fields.Float(
        "On Hand",
        digits="Product Unit",
        readonly=True,
        aggregator="avg",
        help="At the end of the day: the company's and the vendor's own.",
    )
    incoming_qty = fields.Float(
        "Incoming",
        digits="Product Unit",
        readonly=True,
        aggregator="avg",
        help="Ordered under the agreement and not received by the end of the day.",
    )

    _one_per_day = models.UniqueIndex("(line_id, day)")
    _by_day = models.Index("(agreement_id, day)")

    @api.model
    def _cron_refresh(self):
        """Write the closed days of all agreements, a company at a time."""
        commit = self.env["ir.cron"]._commit_progress
        companies = self.env["res.company"].sudo().search([])
        commit(remaining=len(companies))
        for company in companies:
            self._refresh_company_or_each(company)
            if not commit(processed=1):
                return

    def _refresh_company_or_each(self, company):
        """Write a company's days in one pass; if that fails, each agreement's by itself."""
        agreements = self.env["vmi.agreement"].sudo().search([("company_id", "=", company.id)])
        whole = partial(self._refresh_company, company)
        if agreements.browse()._attempt("sell_through", whole):
            agreements._note_failure("sell_through", False)
            return
        for agreement in agreements:
            one = partial(self._refresh_company, company, agreement)
            agreement._attempt("sell_through", one)

    def _refresh_company(self, company, agreements=None):
        """Write the closed days of a company's agreements; new lines as far back as they reach.

        :param agreements: those to write; by default all that hold products, or were closed lately
        """
        today = company._vmi_today()
        recent = today - timedelta(days=REWRITTEN_DAYS)
        domain = Domain("company_id", "=", company.id) & (
            Domain("state", "in", ("running", "suspended"))
            | (Domain("state", "=", "closed") & Domain("closed_on", ">=", recent))
        )
        if agreements is not None:
            domain &= Domain("id", "in", agreements.ids)
        lines = self.env["vmi.agreement"].sudo().search(domain).line_ids
        known = self.sudo()._read_group([("line_id", "in", lines.ids)], ["line_id"])
        old = lines.browse([line.id for (line,) in known])
        for some, first in ((old, recent), (lines - old, today - timedelta(days=FIRST_DAYS))):
            if some:
                self._write_days(company, some, first)

    def _write_days(self, company, lines, first):
        # The statements read tables of stock, purchase and agreements.
        self.env.flush_all()
        scope = SellThroughScope(
            company_id=company.id,
            lines=SQL("%s::integer[]", lines.ids),
            today=company._vmi_today(),
            timezone=company.sudo()._vmi_timezone(),
            conditions=lines._get_conditions(company),
            first=first,
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
        )
        refresh(self.env.cr, scope)
        self.invalidate_model(flush=False)
