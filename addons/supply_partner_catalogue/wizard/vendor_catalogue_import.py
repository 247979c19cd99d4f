import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class VendorCatalogueImport(models.TransientModel):
    """A price list as a file, and what is known of it."""

    _name = "vendor.catalogue.import"
    _description = "Import a Price List"
    _check_company_auto = True

    source = fields.Selection(
        [("buyer", "The vendor"), ("third_party", "A third party")],
        "List of",
        required=True,
        default="buyer",
        help="A third party's list may be of several vendors, named in a column Vendor.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        check_company=True,
        domain=[("parent_id", "=", False)],
        help="Empty only for a list that names the vendor in each row.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Of prices beside which the list names none.",
    )
    date_start = fields.Date(
        "Prices From", help="Where the list itself says no day; empty: at once."
    )
    date_end = fields.Date("Prices Until")
    file = fields.Binary("CSV or Excel File", required=True, attachment=False)
    file_name = fields.Char()
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("gb18030", "Simplified Chinese (GBK)"),
            ("big5", "Traditional Chinese (Big5)"),
            ("cp1252", "Western (Windows-1252)"),
            ("cp1251", "Cyrillic (Windows-1251)"),
            ("shift_jis", "Japanese (Shift JIS)"),
            ("euc_kr", "Korean (EUC-KR)"),
            ("utf-16", "UTF-16"),
        ],
        help="Only for files of text whose names look wrong; empty: it is found out.",
    )

    @api.depends("partner_id", "company_id")
    def _compute_currency_id(self):
        for wizard in self:
            vendor = wizard.partner_id.with_company(wizard.company_id)
            wizard.currency_id = (
                vendor.property_purchase_currency_id or wizard.company_id.currency_id
            )

    def action_import(self):
        """Stage the rows of the file, and show the list.

        :raise UserError: when no row of it can be read, with what to do about it
        """
        self.ensure_one()
        catalogues = self.env["vendor.catalogue"]
        catalogues._check_buyer()
        if self.date_start and self.date_end and self.date_end < self.date_start:
            raise UserError(self.env._("The last day is before the first: exchange them."))
        catalogue = catalogues.sudo()._receive(
            {
                "source": self.source,
                "partner_id": self.partner_id.commercial_partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "date_start": self.date_start,
                "date_end": self.date_end,
                "file_name": (self.file_name or "")[:200],
                "user_id": self.env.uid,
            },
            self._get_content(),
            self.encoding,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "vendor.catalogue",
            "res_id": catalogue.id,
            "views": [(False, "form")],
        }

    def _get_content(self):
        """Return the file's bytes; none of what no browser sent so."""
        try:
            return base64.b64decode(self.file)
        except ValueError:
            return b""
