from odoo import api, fields, models
from odoo.addons.set_based_runs.large_statements import interpret
from odoo.addons.set_based_runs.transactions import commit_step
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import (
    INBOUND_REASONS,
    USES,
    kept_prices_statement,
    new_entries_statement,
    reversed_prices_statement,
)

REASONS = [
    ("receipt", "Receipt"),
    ("sale", "Sale"),
    ("production", "Production"),
    ("count", "Count"),
    ("scrap", "Scrap"),
    ("customer_return", "Customer Return"),
    ("vendor_return", "Return to the Vendor"),
    ("bought_over", "Bought Over"),
]


class VmiConsignmentEntry(models.Model):
    """What happened to a vendor's stock here; nothing is changed, corrections are entries too."""

    _name = "vmi.consignment.entry"
    _description = "Consignment Ledger"
    _order = "date desc, id desc"
    _check_company_auto = True
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="To whom the stock belongs.",
    )
    agreement_id = fields.Many2one(
        "vmi.agreement", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    lot_id = fields.Many2one("stock.lot", readonly=True, ondelete="restrict")
    location_id = fields.Many2one(
        "stock.location", readonly=True, ondelete="restrict", help="Where it entered or left."
    )
    move_id = fields.Many2one("stock.move", readonly=True, index=True, ondelete="restrict")
    move_line_id = fields.Many2one(
        "stock.move.line", readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, help="In the company's time zone.")
    reason = fields.Selection(REASONS, required=True, readonly=True)
    quantity = fields.Float(
        digits="Product Unit",
        readonly=True,
        help="By which the vendor's stock grew; below 0: fell.",
    )
    version = fields.Integer(
        readonly=True, help="1 is what the move said at first, what follows corrects it."
    )
    is_billable = fields.Boolean(
        "To Settle", readonly=True, help="Used, or lost where losses are billed."
    )
    is_priced = fields.Boolean("Has a Price", readonly=True)
    unit_price = fields.Float(
        digits="Product Price",
        readonly=True,
        help="The vendor's price on the day of use, for a unit of the product.",
        aggregator=None,
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    settlement_line_id = fields.Many2one(
        "vmi.consignment.settlement.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    settlement_id = fields.Many2one(related="settlement_line_id.settlement_id")

    _entered_once = models.UniqueIndex(
        "(move_line_id, partner_id, product_id, COALESCE(lot_id, 0), reason, version)",
        "This was entered already.",
    )
    _to_settle = models.Index(
        "(company_id, partner_id, day) WHERE is_billable AND settlement_line_id IS NULL"
    )

    @api.model
    def _cron_book(self):
        """Enter what happened, a company at a time; then price what had no price yet."""
        commit = self.env["ir.cron"]._commit_progress
        companies = self._find_companies()
        commit(remaining=len(companies))
        for company in companies:
            commit_step(self.env, lambda company=company: self._book(company) or 1, commit)

    @api.model
    def _find_companies(self):
        """Return the companies in which vendors have stock."""
        agreements = self.env["vmi.agreement"].sudo()
        consigned = [("ownership", "=", "consigned"), ("state", "!=", "draft")]
        return agreements.search(consigned).company_id

    @api.model
    def _book(self, company):
        """Enter what done moves say of vendors' stock in a company and the ledger does not."""
        self.env.flush_all()
        cr = self.env.cr
        # Two that enter at once would both enter the same: the second is turned away and repeated.
        cr.execute(
            SQL(
                "UPDATE res_company SET vmi_ledger_booked_at = now() AT TIME ZONE 'UTC' "
                "WHERE id = %s",
                company.id,
            )
        )
        interpret(cr)
        cr.execute(new_entries_statement(company.id, company._vmi_timezone(), self.env.uid))
        cr.execute(kept_prices_statement(company.id))
        self._price(company, Domain("reason", "!=", "customer_return") & Domain("quantity", "<", 0))
        cr.execute(reversed_prices_statement(company.id))
        self._price(company)
        self.invalidate_model()

    @api.model
    def _price(self, company, domain=Domain.TRUE):
        """Give entries without a price the vendor's of their day; some vendors have none yet."""
        entries = self.sudo().with_company(company)
        self.invalidate_model()
        asked = Domain("company_id", "=", company.id) & Domain("is_priced", "=", False)
        asked &= Domain("reason", "not in", INBOUND_REASONS)
        for partner, product, day, group in entries._read_group(
            asked & domain, ["partner_id", "product_id", "day:day"], ["id:recordset"]
        ):
            seller = self._get_seller(product, partner, day)
            if seller:
                group.write(
                    {
                        "unit_price": seller.price_discounted,
                        "currency_id": seller.currency_id.id,
                        "is_priced": True,
                    }
                )
        self.env.flush_all()

    @api.model
    def _get_seller(self, product, partner, day):
        """Return the vendor's row whose price is that of a use: without a quantity to go by.

        It is the one for any quantity, else the one for the smallest.
        """
        product = product.sudo()
        seller = product._select_seller(partner_id=partner, quantity=0, date=day)
        if not seller:
            # None: of any quantity; the cheapest of them would be that of the largest.
            rows = product._get_filtered_sellers(partner_id=partner, quantity=None, date=day)
            seller = rows.sorted(lambda row: (row.min_qty, row.sequence, row.id))[:1]
        return seller

    def _get_settlement_key(self):
        """Return what is the same for all that is settled in one line."""
        self.ensure_one()
        kind = "used" if self.reason in USES else "lost"
        return self.product_id, self.unit_price, self.currency_id, kind
