import base64
import binascii

from odoo import api, models
from odoo.addons.supply_partner_catalogue.tools import ENCODINGS, MOST_BYTES
from odoo.exceptions import UserError
from odoo.fields import Domain

MOST_LINES = 1000


class VmiVendor(models.AbstractModel):
    """Vendors' price lists: what a vendor uploads, and what became of it.

    What our own codes and barcodes mean is not told to whoever guesses them: a product is named
    only where the vendor has a price of it already, or a buyer took the new one.
    """

    _inherit = "vmi.vendor"

    # -- what is open to users -----------------------------------------------------------------

    @api.model
    @api.readonly
    def get_price_vendors(self):
        """Return for whom the user may upload price lists.

        :return: a list of dicts: ``vendor_id``, ``vendor``, ``company``, ``currency`` of prices
            beside which a list names none
        """
        service = self._open("quote")
        return [service._describe_price_vendor(row) for row in service._get_rows("quote")]

    @api.model
    @api.readonly
    def get_price_lists(self, offset=0, limit=MOST_LINES):
        """Return the price lists that the vendor uploaded, the newest first.

        :return: ``total`` and ``lines``; see :meth:`_describe_price_list`
        """
        service = self._open("quote")
        domain = service._get_price_lists_domain()
        return service._page(
            "vendor.catalogue", domain, offset, limit, service._describe_price_list
        )

    @api.model
    @api.readonly
    def get_price_list(self, price_list_id, state=None, offset=0, limit=MOST_LINES):
        """Return one price list with its rows; see :meth:`_describe_price_rows`.

        :param state: rows of a state only, all by default
        """
        service = self._open("quote")
        found = service._find_price_list(price_list_id)
        rows = service.env["vendor.catalogue.row"]
        domain = service._get_price_rows_domain(found, state)
        part = service._get_slice(offset, limit)
        shown = rows.search(
            domain, offset=part.start, limit=part.stop - part.start, order="number, id"
        )
        return {
            **service._describe_price_list(found),
            "total": rows.search_count(domain),
            "lines": service._describe_price_rows(shown),
        }

    @api.model
    def upload_price_list(self, name, data, vendor_id=None, date_from=None, encoding=None):
        """Stage the prices of a file; nothing is sent before :meth:`send_price_list`.

        :param name: the file's name
        :param data: the CSV or Excel file, in base 64
        :param vendor_id: as :meth:`get_price_vendors` gives it; needed where there are several
        :param date_from: from which day the prices hold where the file says none; at once
        :param encoding: what a file of text is written in; it is found out
        :return: as :meth:`get_price_list` does, with the rows to correct
        """
        service = self._open("quote")
        try:
            content = base64.b64decode(data, validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise UserError(service.env._("The file must be in base 64.")) from None
        found = service._receive_price_list(name, content, vendor_id, date_from, encoding)
        return self.get_price_list(found.id, state="error")

    @api.model
    def send_price_list(self, price_list_id):
        """Send a staged list: small changes are taken, the buyer decides about the others.

        :return: ``state``: ``done``, or ``waiting`` for the buyer
        """
        service = self._open("quote")
        found = service._find_price_list(price_list_id)
        found._submit()
        return {"state": service._get_shown_state(found)}

    @api.model
    def withdraw_price_list(self, price_list_id):
        """Delete a staged list that was not sent.

        :return: ``state``: ``withdrawn``
        """
        service = self._open("quote")
        found = service._find_price_list(price_list_id)
        found._lock()
        if found.state != "draft":
            raise UserError(service.env._("The list was sent already: write to the buyer."))
        found.unlink()
        return {"state": "withdrawn"}

    # -- what the pages need besides -----------------------------------------------------------

    @api.model
    def _may_quote(self):
        """Return whether the user may upload price lists."""
        return bool(self._is_vendor() and self.sudo()._get_rows("quote"))

    @api.model
    def _upload(self, name, content, vendor_id, date_from, encoding):
        """Stage the prices of a file, given as bytes; return the list's id."""
        service = self._open("quote")
        return service._receive_price_list(name, content, vendor_id, date_from, encoding).id

    @api.model
    def _get_errors_table(self, price_list_id):
        """Return the rows to correct as they came, each with what is wrong, as a table.

        :return: its title, its labels, and its rows as lists of values
        """
        service = self._open("quote")
        found = service._find_price_list(price_list_id)
        domain = service._get_price_rows_domain(found, "error")
        rows = service.env["vendor.catalogue.row"].search(domain, order="number, id")
        labels = [label for label, _cell in (rows[:1].raw or [])]
        title = service.env._("To Correct")
        return (
            title,
            [*labels, title],
            [
                [*(cell for _label, cell in row.raw or []), row._describe_problems(row.problem)]
                for row in rows
            ],
        )

    # -- whose it is ---------------------------------------------------------------------------

    def _get_price_lists_domain(self):
        """Return the domain of the lists that the user's vendors uploaded; no others are told.

        Whoever has access to some agreements only is told of what they uploaded themselves.
        """
        return Domain("source", "=", "vendor") & Domain.OR(
            Domain("company_id", "=", row.company_id.id)
            & Domain("partner_id", "=", row.partner_id.commercial_partner_id.id)
            & (Domain("user_id", "=", self.env.uid) if row.agreement_ids else Domain.TRUE)
            for row in self._get_rows("quote")
        )

    def _get_price_rows(self, found):
        """Return the user's rows of the vendor of a price list."""
        return self._get_rows("quote").filtered(
            lambda row: (
                row.company_id == found.company_id
                and row.partner_id.commercial_partner_id == found.partner_id
            )
        )

    def _find_price_list(self, price_list_id):
        return self._find("vendor.catalogue", price_list_id, self._get_price_lists_domain())

    def _get_price_rows_domain(self, found, state):
        domain = Domain("catalogue_id", "=", found.id)
        conditions = {
            "error": Domain("state", "=", "error") & Domain("problem", "!=", False),
            "waiting": (Domain("state", "=", "error") & Domain("problem", "=", False))
            | Domain("state", "in", ("waiting", "approved")),
        }
        if state is None:
            return domain
        if not isinstance(state, str):
            self._raise_missing()
        return domain & conditions.get(state, Domain("state", "=", state))

    def _receive_price_list(self, name, content, vendor_id, date_from, encoding):
        row = self._choose_price_vendor(vendor_id)
        if encoding and encoding not in ENCODINGS:
            raise UserError(self.env._("Choose one of the encodings: %s", ", ".join(ENCODINGS)))
        if len(content) > MOST_BYTES:
            raise UserError(
                self.env._("The file is larger than %s MB: send it in parts.", MOST_BYTES // 2**20)
            )
        vendor = row.partner_id.commercial_partner_id.with_company(row.company_id)
        currency = vendor.property_purchase_currency_id or row.company_id.currency_id
        catalogues = self.env["vendor.catalogue"].with_company(row.company_id)
        return catalogues._receive(
            {
                "source": "vendor",
                "partner_id": vendor.id,
                "company_id": row.company_id.id,
                "currency_id": currency.id,
                "date_start": self._check_day(date_from, "date_from") if date_from else False,
                "file_name": self._check_text(name, "name", most=200),
                "user_id": self.env.uid,
            },
            content,
            encoding,
        )

    def _choose_price_vendor(self, vendor_id):
        """Return the user's row of a vendor; of the only one without an id."""
        rows = self._get_rows("quote")
        if vendor_id is None and len(rows) == 1:
            return rows
        if vendor_id is None:
            raise UserError(self.env._("Choose the vendor whose prices these are."))
        chosen = rows.filtered(lambda row: row.id == vendor_id)
        if not chosen or isinstance(vendor_id, bool):
            self._raise_missing()
        return chosen

    # -- what is told --------------------------------------------------------------------------

    def _describe_price_vendor(self, row):
        vendor = row.partner_id.commercial_partner_id.with_company(row.company_id)
        currency = vendor.property_purchase_currency_id or row.company_id.currency_id
        return {
            "vendor_id": row.id,
            "vendor": vendor.display_name,
            "company": row.company_id.name,
            "currency": currency.name,
        }

    def _get_shown_state(self, found):
        return "waiting" if found.state == "approved" else found.state

    def _describe_price_list(self, found):
        """Return what the vendor sees of a price list.

        :return: ``price_list_id``, ``name``, ``vendor``, ``company``, ``file``, ``state`` (draft,
            waiting, done, refused), ``entered``, ``sent``, ``note``, and counts of rows:
            ``count``, ``error``, ``ready``, ``waiting``, ``taken``, ``same``, ``refused``
        """
        groups = self.env["vendor.catalogue.row"]._read_group(
            [("catalogue_id", "=", found.id)], ["state"], ["__count"]
        )
        counts = dict(groups)
        wrong = self.env["vendor.catalogue.row"].search_count(
            self._get_price_rows_domain(found, "error")
        )
        return {
            "price_list_id": found.id,
            "name": found.name,
            "vendor": found.partner_id.display_name,
            "company": found.company_id.name,
            "file": found.file_name or "",
            "state": self._get_shown_state(found),
            "entered": self._get_moment(found.create_date),
            "sent": self._get_moment(found.date_submitted),
            "note": found.note or "",
            "count": sum(counts.values()),
            "error": wrong,
            "ready": counts.get("ready", 0),
            "waiting": counts.get("waiting", 0)
            + counts.get("approved", 0)
            + counts.get("error", 0)
            - wrong,
            "taken": counts.get("taken", 0),
            "same": counts.get("same", 0),
            "refused": counts.get("refused", 0),
        }

    def _describe_price_rows(self, rows):
        """Return what the vendor sees of a list's rows.

        :return: dicts of ``row`` (its number in the file), ``vendor_code``, ``barcode``, ``code``,
            ``name`` (as it came), ``product`` (where the vendor sells it already), ``unit``,
            ``min``, ``price``, ``discount``, ``currency``, ``current`` (null: none), ``change``
            (null: none), ``from``, ``until``, ``state`` (error, same, ready, waiting, taken,
            refused), ``problem``
        """
        known = rows.filtered(lambda row: row.seller_id or row.state == "taken")
        products = self._get_price_rows(rows.catalogue_id)._get_quoted_product_ids()
        if products is not None:
            known = known.filtered(lambda row: row.product_id.id in products)
        named = self._get_names(known.product_id)
        described = []
        for row in rows:
            is_wrong = row.state == "error" and row.problem
            state = "error" if is_wrong else row.state
            described.append(
                {
                    "row": row.number,
                    "vendor_code": row.vendor_code or "",
                    "barcode": row.barcode or "",
                    "code": row.code or "",
                    "name": row.product_name or "",
                    "product": named[row.product_id] if row in known else "",
                    "unit": row.product_uom_id.name if row in known else "",
                    "min": row.min_qty,
                    "price": row.price,
                    "discount": row.discount,
                    "currency": row.currency_id.name or "",
                    "current": row.current_price if row.has_current and row in known else None,
                    "change": row.change if row.has_current and row in known else None,
                    "from": row.date_start.isoformat() if row.date_start else None,
                    "until": row.date_end.isoformat() if row.date_end else None,
                    "state": (
                        "waiting" if state in ("approved", "error") and not is_wrong else state
                    ),
                    "problem": (
                        row._describe_problems(row.problem) if is_wrong else row.refusal or ""
                    ),
                }
            )
        return described

    def _get_own_prices(self):
        """Return the vendor's own prices that are not over, as a list that can be uploaded."""
        rows = self._get_rows("quote")
        described = []
        for access in rows:
            company = access.company_id
            products = access._get_quoted_product_ids()
            sellers = self.env["product.supplierinfo"].search(
                self.env["vendor.catalogue"]._get_company_domain(company)
                & Domain(
                    "partner_id.commercial_partner_id",
                    "=",
                    access.partner_id.commercial_partner_id.id,
                )
                & (Domain("date_end", "=", False) | Domain("date_end", ">=", company._vmi_today()))
                & Domain("product_tmpl_id.active", "=", True),
                order="product_tmpl_id, min_qty, id",
            )
            for seller in sellers:
                product = seller.product_id or seller.product_tmpl_id
                variants = seller.product_id or seller.product_tmpl_id.product_variant_ids
                if products is not None and products.isdisjoint(variants.ids):
                    continue
                described.append(
                    {
                        "vendor_code": seller.product_code or "",
                        "code": product.default_code or "",
                        "name": seller.product_name or product.name,
                        "price": seller.price,
                        "discount": seller.discount,
                        "currency": seller.currency_id.name,
                        "min": seller.min_qty,
                        "unit": seller.product_uom_id.name,
                        "from": seller.date_start and seller.date_start.isoformat(),
                        "until": seller.date_end and seller.date_end.isoformat(),
                        "delay": seller.delay,
                    }
                )
        return described

    def _get_tables(self):
        labels = self.env["vendor.catalogue.row"]._get_labels()
        named = {
            "vendor_code": "vendor_code", "code": "code", "name": "name", "price": "price",
            "discount": "discount", "currency": "currency", "min": "min_qty", "unit": "unit",
            "from": "date_start", "until": "date_end", "delay": "delay",
        }  # fmt: skip
        return {
            **super()._get_tables(),
            "prices": (
                self.env._("Your Prices"),
                {name: labels[field] for name, field in named.items()},
                lambda service: service._get_own_prices(),
            ),
        }
