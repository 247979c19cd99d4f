import json
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ..tools import net_price, relative_change

# What a buyer may put right in a row, and in which states.
EDITABLE = frozenset(
    (
        *("partner_id", "product_id", "price", "discount", "currency_id", "min_qty"),
        *("product_uom_id", "date_start", "date_end", "delay", "duty_rate", "freight_cost"),
    )
)
# What is written of a row when it is read from a file.
STAGED_FIELDS = (
    *("number", "partner_id", "raw", "vendor_code", "barcode", "code", "product_name"),
    *("product_id", "found_by", "currency_id", "product_uom_id", "date_start", "date_end"),
    *("seller_id", "concerns", "problem", "match_problem", "state"),
)
STAGED_FLOATS = (
    *("price", "discount", "min_qty", "duty_rate", "freight_cost", "current_price", "change"),
)
STAGED_OTHERS = ("delay", "has_delay", "has_costs", "has_current")
UNDECIDED = ("error", "same", "ready", "waiting")
# Quantities and prices that differ by less are the same.
TOLERANCE = 1e-6
FINEST = 1e-4
# Ids that are looked up at once.
LOOKED_UP = 5000
# Digits to which a barcode is filled up: spreadsheets drop leading zeros.
BARCODE_LENGTHS = (8, 12, 13, 14)


class VendorCatalogueRow(models.Model):
    """A price of a list, until it is taken: what it was found for, and what it changes."""

    _name = "vendor.catalogue.row"
    _description = "Price of a Vendor's List"
    _order = "catalogue_id desc, number, id"
    _check_company_auto = True

    catalogue_id = fields.Many2one(
        "vendor.catalogue", "Price List", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="catalogue_id.company_id", store=True, precompute=True)
    number = fields.Integer("Row", readonly=True, aggregator=None)
    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_company', '=', True)]",
    )
    raw = fields.Json(readonly=True, prefetch=False, help="The row's cells as they came.")
    vendor_code = fields.Char(readonly=True)
    barcode = fields.Char(readonly=True)
    code = fields.Char("Our Code", readonly=True)
    product_name = fields.Char("Name in the List", readonly=True)
    product_id = fields.Many2one(
        "product.product",
        index=True,
        ondelete="cascade",
        check_company=True,
        domain=[("purchase_ok", "=", True)],
    )
    found_by = fields.Selection(
        [
            ("vendor_code", "Vendor Code"),
            ("barcode", "Barcode"),
            ("code", "Our Code"),
            ("hand", "By Hand"),
        ],
        readonly=True,
    )
    price = fields.Float("New Price", min_display_digits="Product Price", aggregator=None)
    discount = fields.Float("Discount (%)", digits="Discount", aggregator=None)
    currency_id = fields.Many2one("res.currency", ondelete="restrict")
    product_uom_id = fields.Many2one("uom.uom", "Unit", ondelete="restrict")
    min_qty = fields.Float("From Quantity", digits="Product Unit", aggregator=None)
    date_start = fields.Date("From")
    date_end = fields.Date("Until")
    delay = fields.Integer("Lead Time (days)", aggregator=None)
    has_delay = fields.Boolean(readonly=True)
    duty_rate = fields.Float("Duty (%)", digits=(16, 2), aggregator=None)
    freight_cost = fields.Float(
        "Freight per Unit", min_display_digits="Product Price", aggregator=None
    )
    has_costs = fields.Boolean(readonly=True)
    seller_id = fields.Many2one(
        "product.supplierinfo", "Current Vendor Price", readonly=True, ondelete="set null"
    )
    current_price = fields.Float(
        readonly=True,
        aggregator=None,
        min_display_digits="Product Price",
        help="What is paid now at this quantity, less discount, in the row's unit and currency.",
    )
    change = fields.Float(
        readonly=True,
        aggregator=None,
        digits=(16, 4),
        help="By which share the new price, less its discount, is above the current one.",
    )
    has_current = fields.Boolean(readonly=True)
    concerns = fields.Char(readonly=True, help="Codes of what needs approval.")
    concern_text = fields.Char("To Consider", compute="_compute_concern_text")
    # Lists of a code and what its sentence names, so that everybody reads it in one's own language.
    problem = fields.Json("To Correct", readonly=True)
    match_problem = fields.Json("Not Found", readonly=True)
    problem_text = fields.Char("What Is Wrong", compute="_compute_problem_text")
    note = fields.Char(compute="_compute_note", help="What is wrong, or to consider.")
    state = fields.Selection(
        [
            ("error", "To Correct"),
            ("same", "Unchanged"),
            ("ready", "Within Limit"),
            ("waiting", "To Approve"),
            ("approved", "Being Taken"),
            ("taken", "Taken"),
            ("refused", "Refused"),
        ],
        required=True,
        readonly=True,
        default="error",
        string="Status",
    )
    catalogue_state = fields.Selection(related="catalogue_id.state", string="State of the List")
    user_id = fields.Many2one(related="catalogue_id.user_id", string="Entered by")
    editor_id = fields.Many2one("res.users", "Changed by", readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_at = fields.Datetime("Decided at", readonly=True)
    refusal = fields.Char("Reason", readonly=True)
    taken_seller_id = fields.Many2one(
        "product.supplierinfo", "Vendor Price", readonly=True, ondelete="set null"
    )

    _of_a_list = models.Index("(catalogue_id, state)")
    _to_take = models.Index("(catalogue_id, id) WHERE state = 'approved'")

    @api.depends("concerns", "change")
    @api.depends_context("lang")
    def _compute_concern_text(self):
        texts = self._get_concern_texts()
        for row in self:
            codes = (row.concerns or "").split(",")
            row.concern_text = ", ".join(texts[code] for code in codes if code in texts)

    @api.depends("problem", "match_problem", "refusal")
    @api.depends_context("lang")
    def _compute_problem_text(self):
        for row in self:
            parts = (
                self._describe_problems(row.problem),
                self._describe_problems(row.match_problem),
                row.refusal,
            )
            row.problem_text = " ".join(part for part in parts if part)

    @api.depends("concern_text", "problem_text")
    @api.depends_context("lang")
    def _compute_note(self):
        for row in self:
            row.note = row.problem_text or row.concern_text

    @api.depends("product_id", "product_name", "vendor_code", "barcode", "code")
    def _compute_display_name(self):
        for row in self:
            given = row.product_name or row.vendor_code or row.barcode or row.code
            row.display_name = row.product_id.display_name or given or f"#{row.number}"

    def _get_concern_texts(self):
        return {
            "new": self.env._("New from this vendor"),
            "price": self.env._("Beyond the limit"),
            "drift": self.env._("Small steps add up beyond the limit"),
            "currency": self.env._("Other currency"),
            "unit": self.env._("Other unit"),
            "delay": self.env._("Longer lead time"),
            "variants": self.env._("A price for all variants stays in force"),
            "shared": self.env._("Holds for all companies"),
            "edited": self.env._("Changed by hand"),
        }

    def write(self, vals):
        """Let a buyer put a row right: it is compared anew, and approved by somebody else."""
        edited = EDITABLE & vals.keys()
        if self.env.su or not edited:
            return super().write(vals)
        for row in self:
            if row.state not in UNDECIDED:
                raise UserError(
                    self.env._("%s is decided already: import a new price.", row.display_name)
                )
        result = super().write(vals)
        own = self.sudo()
        own.editor_id = self.env.user
        if "product_id" in vals:
            own.found_by = "hand"
        if "delay" in vals:
            own.has_delay = True
        if vals.keys() & {"duty_rate", "freight_cost"}:
            own.has_costs = True
        own._judge_again()
        own.catalogue_id._update_states()
        return result

    # -- what people do ------------------------------------------------------------------------

    def action_approve(self):
        """Take prices that wait for approval.

        :raise UserError: when nothing waits, or for whoever entered or changed one of them
        """
        self.check_access("write")
        self.catalogue_id._check_buyer()
        self.catalogue_id._lock()
        rows = self._get_undecided()
        for row in rows:
            if self.env.user in row.catalogue_id.user_id | row.editor_id:
                raise UserError(
                    self.env._(
                        "You entered or changed %(row)s of %(list)s yourself: somebody else "
                        "approves it.",
                        row=row.display_name,
                        list=row.catalogue_id.name,
                    )
                )
        rows.sudo().write(
            {
                "state": "approved",
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        catalogues = rows.sudo().catalogue_id
        catalogues._take_or_schedule()
        catalogues._update_states()
        return rows.catalogue_id._answer(self.env._("%s taken", len(rows)))

    def action_ask_why_refused(self):
        """Ask for the reason, then refuse."""
        rows = self._get_undecided(("waiting", "error"))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_catalogue.vendor_catalogue_refusal_action"
        )
        return {**action, "context": {"active_model": self._name, "active_ids": rows.ids}}

    def action_open_catalogue(self):
        """Show the list of which the row is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "vendor.catalogue",
            "res_id": self.catalogue_id.id,
            "views": [(False, "form")],
        }

    def _refuse(self, reason):
        """Leave the prices as they are.

        :param reason: for whoever entered the new ones
        """
        self.check_access("write")
        self.catalogue_id._check_buyer()
        self.catalogue_id._lock()
        rows = self._get_undecided(("waiting", "error"))
        rows.sudo().write(
            {
                "state": "refused",
                "refusal": reason,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        rows.sudo().catalogue_id._update_states()

    def _get_undecided(self, states=("waiting",)):
        """Return what waits for approval, of lists that were sent.

        :raise UserError: when there is nothing
        """
        rows = self.filtered(lambda row: row.state in states and row.catalogue_id.date_submitted)
        if not rows:
            raise UserError(
                self.env._(
                    "Nothing here waits for approval. What is to correct needs its product or "
                    "price first; a list that is a draft is sent first."
                )
            )
        return rows

    # -- from cells to products ----------------------------------------------------------------

    @api.model
    def _prepare_staged(self, catalogue, parsed):
        """Return the values of rows: found again, and compared with what is paid now.

        :param parsed: number, values and problems of each row
        """
        vendors = self._find_vendors(catalogue, [values for _n, values, _p in parsed])
        currencies = self._find_currencies()
        units = self._find_units()
        staged = []
        for number, values, problems in parsed:
            wrong = [[code, {"field": field, "text": text}] for field, code, text in problems]
            vendor, problem = self._choose_vendor(catalogue, values, vendors)
            wrong += [problem] if problem else []
            currency, problem = self._choose_currency(catalogue, values, currencies)
            wrong += [problem] if problem else []
            unit = self.env["uom.uom"]
            if name := values.get("unit"):
                unit = units.get(name.casefold(), unit)
                if not unit:
                    wrong.append(["unknown_unit", {"name": name}])
            staged.append(
                {
                    "catalogue_id": catalogue.id,
                    "number": number,
                    "partner_id": vendor,
                    "vendor_code": values.get("vendor_code"),
                    "barcode": values.get("barcode"),
                    "code": values.get("code"),
                    "product_name": values.get("name"),
                    "price": values.get("price", 0.0),
                    "discount": values.get("discount", 0.0),
                    "currency_id": currency,
                    "product_uom_id": unit.id,
                    "min_qty": values.get("min_qty", 0.0),
                    "date_start": values.get("date_start") or catalogue.date_start,
                    "date_end": values.get("date_end") or catalogue.date_end,
                    "delay": int(values.get("delay", 0)),
                    "has_delay": "delay" in values,
                    "duty_rate": values.get("duty", 0.0),
                    "freight_cost": values.get("freight", 0.0),
                    "has_costs": "duty" in values or "freight" in values,
                    "problem": wrong or False,
                }
            )
        self._find_products(catalogue, staged)
        self._refuse_twins(staged)
        self._judge(catalogue, staged)
        return staged

    @api.model
    def _insert_staged(self, catalogue, staged):
        """Write new rows in one statement.

        Of a hundred thousand, each by the ORM took minutes; their values were read and found here,
        so that there is nothing for it to check.
        """
        names = list(STAGED_FIELDS)
        digits = {name: self._fields[name].get_digits(self.env) for name in STAGED_FLOATS}
        rows = []
        for vals in staged:
            row = {name: vals.get(name) or None for name in names}
            for name in STAGED_FLOATS:
                value = vals.get(name) or 0.0
                row[name] = round(value, digits[name][1]) if digits[name] else value
            for name in STAGED_OTHERS:
                row[name] = vals.get(name) or 0 if name == "delay" else bool(vals.get(name))
            rows.append(row)
        names = [*names, *STAGED_FLOATS, *STAGED_OTHERS]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        typed = SQL(", ").join(
            SQL("%s %s", SQL.identifier(name), SQL(self._fields[name].column_type[1]))
            for name in names
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO vendor_catalogue_row
                    (%(columns)s, catalogue_id, company_id, create_uid, write_uid,
                     create_date, write_date)
                SELECT %(columns)s, %(catalogue)s, %(company)s, %(user)s, %(user)s, now(), now()
                  FROM jsonb_to_recordset(%(rows)s::jsonb) AS staged (%(typed)s)
              ORDER BY number
                """,
                columns=columns,
                catalogue=catalogue.id,
                company=catalogue.company_id.id,
                user=self.env.uid,
                rows=json.dumps(rows, default=str),
                typed=typed,
            )
        )

    @api.model
    def _describe_problems(self, problems):
        """Return what is wrong and the way out, as sentences; ``""`` where nothing is.

        :param problems: a list of pairs: a code, and a dict of what its sentence names
        """
        return " ".join(self._describe_problem(code, values) for code, values in problems or ())

    def _describe_problem(self, code, values):
        what = self._get_cell_texts().get(code)
        if what:
            return self.env._(
                "%(column)s: “%(text)s” %(what)s.",
                column=self._get_labels().get(values["field"], ""),
                text=values["text"],
                what=what,
            )
        return self._get_row_texts()[code](values)

    def _get_cell_texts(self):
        """Return by code what can be wrong with a cell."""
        return {
            "letters": self.env._("has letters that cannot be read: choose the encoding"),
            "too_long": self.env._("is too long: shorten it"),
            "number": self.env._("is not a number: write it like 1234.50"),
            "ambiguous": self.env._("can be thousands or a fraction: write it like 1234.50"),
            "formula": self.env._("is a formula: paste its value"),
            "range": self.env._("is out of range: check the number"),
            "whole": self.env._("is no whole number of days"),
            "date_day": self.env._("is not a date: write it like 2026-12-31"),
            "ambiguous_day": self.env._("can be two days: write it like 2026-12-31"),
            "far_day": self.env._("is more than ten years away: check the year"),
            "over": self.env._("is over already: leave it empty or write a later day"),
            "end_before_start": self.env._("is before the first day: exchange them"),
        }

    def _get_row_texts(self):
        """Return by code what says what is wrong with a row, given what its sentence names."""
        return {
            "no_product": lambda _values: self.env._(
                "Fill Vendor Code, Barcode or Your Code, so that it can be found."
            ),
            "no_price": lambda _values: self.env._("Price: write a number above 0."),
            "no_vendor": lambda _values: self.env._("Vendor: fill in its name."),
            "another_vendor": lambda values: self.env._(
                "Vendor: “%(name)s” is not %(vendor)s, whose list this is.", **values
            ),
            "several_vendors": lambda values: self.env._(
                "Vendor: several are called “%s”. Write its reference.", values["name"]
            ),
            "unknown_vendor": lambda values: self.env._(
                "Vendor: “%s” is not known. Write the name as in your contacts.", values["name"]
            ),
            "unknown_currency": lambda values: self.env._(
                "Currency: “%s” is not in use here. Write its code, like EUR.", values["name"]
            ),
            "another_currency": lambda values: self.env._(
                "Price: “%(sign)s” is not %(currency)s. Write the number alone, and the "
                "currency's code in the column Currency.",
                **values,
            ),
            "unknown_unit": lambda values: self.env._(
                "Unit: “%s” is not known. Write it as on our orders, or leave the "
                "cell empty for the product's own unit.",
                values["name"],
            ),
            "another_unit": lambda values: self.env._(
                "Unit: %(product)s is counted in %(unit)s. Choose a unit of these.",
                product=self.env["product.product"].browse(values["product"]).display_name,
                unit=self.env["uom.uom"].browse(values["unit"]).name,
            ),
            "no_match": lambda _values: self.env._(
                "No product has this code: choose it, or add the code to the product."
            ),
            "several_matches": lambda _values: self.env._(
                "Several products have this code: choose the one that is meant."
            ),
            "different_matches": lambda _values: self.env._(
                "Its codes mean different products: choose the one that is meant."
            ),
            "twin": lambda values: self.env._(
                "Row %s has a price of the same product from the same quantity: take one out.",
                values["row"],
            ),
            "choose_product": lambda _values: self.env._("Choose the product."),
            "choose_currency": lambda _values: self.env._("Choose the currency."),
            "below_zero": lambda values: self.env._(
                "%s: write no number below 0.", self._name_field(values["field"])
            ),
            "too_much_off": lambda _values: self.env._(
                "%s: write a number of 0 or more, and below 100.", self._name_field("discount")
            ),
            "ends_before_start": lambda _values: self.env._(
                "The last day is before the first: exchange them."
            ),
        }

    def _name_field(self, name):
        """Return what a field is called on screen."""
        return self._fields[name]._description_string(self.env)

    def _get_labels(self):
        """Return the names of the columns of a price list."""
        return {
            "vendor": self.env._("Vendor"),
            "vendor_code": self.env._("Vendor Code"),
            "barcode": self.env._("Barcode"),
            "code": self.env._("Your Code"),
            "name": self.env._("Name"),
            "price": self.env._("Price"),
            "discount": self.env._("Discount"),
            "currency": self.env._("Currency"),
            "min_qty": self.env._("Min. Quantity"),
            "unit": self.env._("Unit"),
            "date_start": self.env._("Valid From"),
            "date_end": self.env._("Valid Until"),
            "delay": self.env._("Lead Time"),
            "duty": self.env._("Duty"),
            "freight": self.env._("Freight"),
        }

    def _find_vendors(self, catalogue, values):
        """Return ids of vendors by name and reference, in small letters; 0 where there are two."""
        names = {value["vendor"] for value in values if value.get("vendor")}
        found = {}
        partners = self.env["res.partner"].sudo()
        domain = catalogue._get_company_domain(catalogue.company_id) & Domain(
            "parent_id", "=", False
        )
        for part in split_every(LOOKED_UP, sorted(names), list):
            named = Domain("name", "in", part) | Domain("ref", "in", part)
            for partner in partners.search(domain & named):
                for text in {partner.name, partner.ref} - {False}:
                    key = text.casefold()
                    found[key] = 0 if found.get(key, partner.id) != partner.id else partner.id
        return found

    def _choose_vendor(self, catalogue, values, vendors):
        """Return the id of a row's vendor, and what is wrong with it."""
        if not values.get("vendor"):
            if catalogue.partner_id:
                return catalogue.partner_id.commercial_partner_id.id, None
            return False, ["no_vendor", {}]
        found = vendors.get(values["vendor"].casefold())
        own = catalogue.partner_id.commercial_partner_id
        if found and own and found != own.id:
            return False, ["another_vendor", {"name": values["vendor"], "vendor": own.name}]
        if found:
            return found, None
        if found == 0:
            return False, ["several_vendors", {"name": values["vendor"]}]
        return False, ["unknown_vendor", {"name": values["vendor"]}]

    def _find_currencies(self):
        """Return the currencies in use by code, and their signs."""
        return {currency.name: currency for currency in self.env["res.currency"].sudo().search([])}

    def _choose_currency(self, catalogue, values, currencies):
        """Return the id of a row's currency, and what is wrong with it."""
        currency = catalogue.currency_id
        if name := values.get("currency"):
            named = [
                one for one in currencies.values() if name.upper() == one.name or name == one.symbol
            ]
            # A sign may be that of several currencies: the list's own is meant then.
            currency = currency if currency in named else (named[0] if len(named) == 1 else None)
            if not currency:
                return False, ["unknown_currency", {"name": name}]
        sign = values.get("sign", "")
        if sign and sign.upper() != currency.name and sign != currency.symbol:
            others = [one for one in currencies.values() if sign in (one.symbol, one.name)]
            if not (sign in ("元", "¥", "￥") and currency.name in ("CNY", "JPY")):
                meant = others[0].name if len(others) == 1 else sign
                return False, ["another_currency", {"sign": meant, "currency": currency.name}]
        return currency.id, None

    def _find_units(self):
        """Return the units by their names in all languages, in small letters."""
        units = {}
        all_units = self.env["uom.uom"].sudo().search([])
        for code, _name in self.env["res.lang"].get_installed():
            for unit in all_units.with_context(lang=code):
                units.setdefault(unit.name.casefold(), unit)
        return units

    def _find_products(self, catalogue, staged):
        """Write into rows the product that their codes mean, or why there is none.

        A vendor's code is the surest, then a barcode, then our own code; where they mean different
        products nobody guesses.
        """
        by_vendor_code = self._find_by_vendor_code(catalogue, staged)
        by_barcode = self._find_by_barcode(catalogue, staged)
        by_code = self._find_by_code(catalogue, staged)
        units = {}
        for vals in staged:
            found = {}
            if vals["vendor_code"]:
                found["vendor_code"] = by_vendor_code.get((vals["partner_id"], vals["vendor_code"]))
            if vals["barcode"]:
                product, unit = by_barcode.get(vals["barcode"], (None, None))
                found["barcode"] = {product} if product else None
                units[id(vals)] = unit
            if vals["code"]:
                found["code"] = by_code.get(vals["code"])
            found = {name: ids for name, ids in found.items() if ids}
            vals["product_id"] = False
            if not any(vals[name] for name in ("vendor_code", "barcode", "code")):
                continue
            if not found:
                vals["match_problem"] = [["no_match", {}]]
            elif any(len(ids) > 1 for ids in found.values()):
                vals["match_problem"] = [["several_matches", {}]]
            elif len(set().union(*found.values())) > 1:
                vals["match_problem"] = [["different_matches", {}]]
            else:
                vals["found_by"], ids = next(iter(found.items()))
                [vals["product_id"]] = ids
                if not vals["product_uom_id"] and vals["found_by"] == "barcode":
                    vals["product_uom_id"] = units.get(id(vals)) or False
        self._complete_units(staged)

    def _find_by_vendor_code(self, catalogue, staged):
        """Return product ids by vendor and the vendor's own code."""
        codes = {vals["vendor_code"] for vals in staged if vals["vendor_code"]}
        vendors = {vals["partner_id"] for vals in staged if vals["partner_id"]}
        found = defaultdict(set)
        sellers = self.env["product.supplierinfo"].sudo()
        domain = (
            catalogue._get_company_domain(catalogue.company_id)
            & Domain("partner_id.commercial_partner_id", "in", list(vendors))
            & Domain("product_tmpl_id.purchase_ok", "=", True)
        )
        for part in split_every(LOOKED_UP, sorted(codes), list):
            for seller in sellers.search(domain & Domain("product_code", "in", part)):
                products = seller.product_id or seller.product_tmpl_id.product_variant_ids
                vendor = seller.partner_id.commercial_partner_id.id
                found[vendor, seller.product_code].update(products.filtered("active").ids)
        return found

    def _find_by_barcode(self, catalogue, staged):
        """Return pairs of product and unit ids by barcode; a packaging has one of its own."""
        wanted = defaultdict(set)
        for vals in staged:
            if text := vals["barcode"]:
                wanted[text].add(text)
                if text.isdecimal():
                    for length in BARCODE_LENGTHS:
                        wanted[text.zfill(length)].add(text)
        domain = catalogue._get_company_domain(catalogue.company_id)
        found = {}
        for part in split_every(LOOKED_UP, sorted(wanted), list):
            products = self.env["product.product"].sudo()
            for product in products.search(
                domain & Domain("barcode", "in", part) & Domain("purchase_ok", "=", True)
            ):
                for text in wanted[product.barcode]:
                    found.setdefault(text, (product.id, False))
            packagings = self.env["product.uom"].sudo()
            for packaging in packagings.search(domain & Domain("barcode", "in", part)):
                for text in wanted[packaging.barcode]:
                    found.setdefault(text, (packaging.product_id.id, packaging.uom_id.id))
        return found

    def _find_by_code(self, catalogue, staged):
        """Return product ids by our own code."""
        codes = {vals["code"] for vals in staged if vals["code"]}
        found = defaultdict(set)
        domain = catalogue._get_company_domain(catalogue.company_id) & Domain(
            "purchase_ok", "=", True
        )
        for part in split_every(LOOKED_UP, sorted(codes), list):
            products = self.env["product.product"].sudo()
            for product in products.search(domain & Domain("default_code", "in", part)):
                found[product.default_code].add(product.id)
        return found

    def _complete_units(self, staged):
        """Give rows without a unit that of the vendor's price now, else the product's.

        A unit of which the product cannot be counted is wrong.
        """
        products = self.env["product.product"].sudo()
        products = products.browse({vals["product_id"] for vals in staged if vals["product_id"]})
        uoms = {product.id: product.uom_id for product in products}
        all_units = self.env["uom.uom"].sudo()
        for vals in staged:
            own = uoms.get(vals["product_id"])
            if not own:
                continue
            if not vals["product_uom_id"]:
                vals["product_uom_id"] = own.id
                vals["is_unit_open"] = True
            elif not own._has_common_reference(all_units.browse(vals["product_uom_id"])):
                named = {"product": vals["product_id"], "unit": own.id}
                vals["match_problem"] = [["another_unit", named]]

    def _refuse_twins(self, staged):
        """Let of rows that say the same price twice only the first stand."""
        seen = {}
        units = self.env["uom.uom"].sudo()
        for vals in staged:
            if not vals["product_id"] or vals["problem"] or vals.get("match_problem"):
                continue
            factor = units.browse(vals["product_uom_id"]).factor
            break_qty = round(vals["min_qty"] * factor, 6)
            key = (vals["partner_id"], vals["product_id"], break_qty, vals["date_start"])
            first = seen.setdefault(key, vals["number"])
            if first != vals["number"]:
                vals["match_problem"] = [["twin", {"row": first}]]

    # -- what changes --------------------------------------------------------------------------

    def _judge_again(self, is_taking=False):
        """Compare rows anew, after a buyer changed them or other prices were taken.

        :param is_taking: what is within the limit is taken now, and waits for nobody
        """
        for catalogue, rows in (
            self.filtered(lambda row: row.state in UNDECIDED).grouped("catalogue_id").items()
        ):
            fields_read = [*EDITABLE, "has_delay", "problem", "match_problem", "editor_id"]
            staged = rows._read_format(fields_read, load=None)
            for vals, row in zip(staged, rows, strict=True):
                if row.editor_id:
                    vals["problem"] = row._get_missing()
                    vals["match_problem"] = False
                if vals["product_id"] and not vals["product_uom_id"]:
                    vals["product_uom_id"] = row.product_id.uom_id.id
            self._judge(catalogue, staged)
            for vals, row in zip(staged, rows, strict=True):
                if row.editor_id and vals["state"] in ("ready", "waiting"):
                    concerns = [code for code in (vals["concerns"] or "").split(",") if code]
                    vals["concerns"] = ",".join([*concerns, "edited"])
                    vals["state"] = "waiting"
                if catalogue.date_submitted and vals["state"] == "ready" and not is_taking:
                    vals["state"] = "waiting"
                row._write_judgement(vals)

    def _write_judgement(self, vals):
        """Write what a comparison found, where it differs from the one before."""
        held = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in (
                *("seller_id", "current_price", "change", "has_current", "concerns", "state"),
                *("problem", "match_problem", "product_uom_id"),
            )
        }
        changed = {
            name: vals[name]
            for name, value in held.items()
            if name in vals
            and vals[name] != value
            and not (isinstance(value, float) and abs(value - vals[name]) < FINEST)
        }
        if changed:
            self.write(changed)

    def _get_missing(self):
        """Return what a row lacks to be used, as :meth:`_describe_problems` reads it."""
        self.ensure_one()
        own = self.product_id.uom_id
        if not self.partner_id:
            return [["no_vendor", {}]]
        if not self.product_id:
            return [["choose_product", {}]]
        if self.price <= 0:
            return [["no_price", {}]]
        if not self.currency_id:
            return [["choose_currency", {}]]
        if not 0 <= self.discount < 100:
            return [["too_much_off", {}]]
        for name in ("min_qty", "delay", "duty_rate", "freight_cost"):
            if self[name] < 0:
                return [["below_zero", {"field": name}]]
        if self.date_end and self.date_start and self.date_end < self.date_start:
            return [["ends_before_start", {}]]
        if self.product_uom_id and not self.product_uom_id._has_common_reference(own):
            return [["another_unit", {"product": self.product_id.id, "unit": own.id}]]
        return False

    @api.model
    def _judge(self, catalogue, staged):
        """Write into rows what they change of what is paid now, and whether that needs approval.

        :param staged: dicts of a row's values; ``state`` and what explains it are written there
        """
        company = catalogue.company_id
        today = catalogue._get_today()
        sellers = self._get_sellers(catalogue, staged)
        convert = self._get_converter(company, today)
        units = self.env["uom.uom"].sudo()
        for vals in staged:
            is_unit_open = vals.pop("is_unit_open", False)
            vals.update(
                seller_id=False, current_price=0.0, change=0.0, has_current=False, concerns=False
            )
            if vals.get("problem") or vals.get("match_problem") or not vals["product_id"]:
                vals["state"] = "error"
                continue
            start = max(vals["date_start"] or today, today)
            own = sellers.get((vals["partner_id"], vals["product_id"]), [])
            in_force = [seller for seller in own if _holds_on(seller, start)]
            if is_unit_open and in_force:
                # Where the list names no unit, it is that in which the vendor sells now.
                vals["product_uom_id"] = in_force[0].product_uom_id.id
            unit = units.browse(vals["product_uom_id"])
            seller = _choose_current(in_force, vals["min_qty"] * unit.factor)
            if seller:
                self._compare(company, vals, seller, unit, convert)
            else:
                vals.update(concerns="new", state="waiting")

    def _compare(self, company, vals, seller, unit, convert):
        """Write into a row what it changes of a vendor's price that holds now."""

        def in_row(price):
            per_unit = price / seller.product_uom_id.factor * unit.factor
            return convert(per_unit, seller.currency_id.id, vals["currency_id"])

        new = net_price(vals["price"], vals["discount"])
        old = in_row(net_price(seller.price, seller.discount))
        limit = company.sudo().vendor_price_tolerance / 100 + TOLERANCE
        change = relative_change(new, old)
        drift = relative_change(new, in_row(seller.agreed_price))
        concerns = {
            "price": change is None or abs(change) > limit,
            "drift": drift is not None and abs(drift) > limit,
            "currency": seller.currency_id.id != vals["currency_id"],
            "unit": seller.product_uom_id != unit,
            "delay": vals["has_delay"] and vals["delay"] > seller.delay,
            "variants": not seller.product_id and seller.product_variant_count > 1,
            "shared": not seller.company_id and self._has_several_companies(),
        }
        if concerns["price"]:
            concerns["drift"] = False
        codes = ",".join(code for code, is_there in concerns.items() if is_there)
        vals.update(
            seller_id=seller.id,
            current_price=old,
            change=max(min(change or 0.0, 1e6), -1.0),
            has_current=True,
            concerns=codes or False,
            state="waiting" if codes else "ready",
        )
        if not codes and self._is_same(vals, seller, unit):
            vals["state"] = "same"

    @api.model
    @tools.ormcache()
    def _has_several_companies(self):
        return self.env["res.company"].sudo().search_count([], limit=2) > 1

    def _is_same(self, vals, seller, unit):
        """Return whether a row says what the vendor's price says already."""
        return (
            abs(seller.min_qty * seller.product_uom_id.factor - vals["min_qty"] * unit.factor)
            < TOLERANCE
            and abs(seller.price - vals["price"]) < TOLERANCE
            and abs(seller.discount - vals["discount"]) < TOLERANCE
            and (not vals["has_delay"] or vals["delay"] == seller.delay)
            and (seller.date_end or False) == (vals["date_end"] or False)
            and not vals.get("duty_rate")
            and not vals.get("freight_cost")
        )

    def _get_sellers(self, catalogue, staged):
        """Return the vendors' prices that are not over, by vendor and product id."""
        products = self.env["product.product"].sudo()
        products = products.browse({vals["product_id"] for vals in staged if vals["product_id"]})
        vendors = {vals["partner_id"] for vals in staged if vals["partner_id"]}
        wanted = defaultdict(list)
        for product in products:
            wanted[product.product_tmpl_id.id].append(product.id)
        today = catalogue._get_today()
        domain = (
            catalogue._get_company_domain(catalogue.company_id)
            & Domain("partner_id.commercial_partner_id", "in", list(vendors))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", today))
        )
        found = defaultdict(list)
        sellers = self.env["product.supplierinfo"].sudo()
        for part in split_every(LOOKED_UP, wanted, list):
            for seller in sellers.search(domain & Domain("product_tmpl_id", "in", part)):
                vendor = seller.partner_id.commercial_partner_id.id
                for product in wanted[seller.product_tmpl_id.id]:
                    if not seller.product_id or seller.product_id.id == product:
                        found[vendor, product].append(seller)
        return found

    def _get_converter(self, company, day):
        """Return a function that converts a price from one currency, by id, to another."""
        currencies = self.env["res.currency"].sudo().with_context(active_test=False).search([])
        rates = currencies._get_rates(company, day)
        return lambda price, old, new: price if old == new else price * rates[new] / rates[old]

    # -- into the vendors' prices --------------------------------------------------------------

    def _take(self):
        """Write approved rows into the vendors' prices, and let the old ones end the day before.

        Where a row has the product's later price behind it, it ends before that begins.
        """
        for catalogue, rows in self.grouped("catalogue_id").items():
            company = catalogue.company_id
            rows = rows.sudo().with_company(company).with_context(tracking_disable=True)
            rows -= rows._give_back()
            waves = defaultdict(lambda: self.browse().sudo())
            nth = defaultdict(int)
            today = catalogue._get_today()
            for row in rows.sorted(lambda row, today=today: (row.date_start or today, row.id)):
                key = (row.partner_id, row.product_id, row._get_break())
                waves[nth[key]] |= row
                nth[key] += 1
            for wave in waves.values():
                wave._take_wave(catalogue)

    def _give_back(self):
        """Return the rows that nobody approved and that are not within the limit any more.

        What is paid may have changed since the file was read.
        """
        unseen = self.filtered(lambda row: not row.decided_by_id)
        unseen.write({"state": "ready"})
        unseen._judge_again(is_taking=True)
        return unseen.filtered(lambda row: row.state != "ready")

    def _take_wave(self, catalogue):
        """Take rows of which no two are about the same price."""
        today = catalogue._get_today()
        staged = self._read_format(["product_id", "partner_id"], load=None)
        sellers = self._get_sellers(catalogue, staged)
        last = self._get_last_sequences()
        ends = defaultdict(lambda: self.env["product.supplierinfo"].sudo())
        new_vals, new_rows = [], []
        for row in self:
            start = max(row.date_start or today, today)
            own = sellers.get((row.partner_id.id, row.product_id.id), [])
            same = [
                seller
                for seller in own
                if abs(seller.min_qty * seller.product_uom_id.factor - row._get_break()) < TOLERANCE
            ]
            ended = [
                seller
                for seller in same
                if not (seller.date_start and seller.date_start >= start)
                and (seller.product_id or seller.product_variant_count == 1)
            ]
            planned = [seller.date_start for seller in same if _begins_after(seller, start)]
            today_too = [seller for seller in same if seller.date_start == start]
            before = _choose_current(
                [one for one in own if _holds_on(one, start)], row._get_break()
            )
            vals = row._prepare_seller_vals(start, before, same, planned)
            for seller in ended:
                ends[start - timedelta(days=1)] |= seller
            if today_too:
                # Two prices from one day on: the later one is meant.
                seller = today_too[0]
                seller.write({name: vals[name] for name in vals if name != "sequence"})
                row.taken_seller_id = seller
                continue
            vals["sequence"] = (
                same[0].sequence if same else last[row.product_id.product_tmpl_id] + 1
            )
            new_vals.append(vals)
            new_rows.append(row)
        for day, ending in ends.items():
            ending.write({"date_end": day})
        created = self.env["product.supplierinfo"].sudo().create(new_vals)
        for row, seller in zip(new_rows, created, strict=True):
            row.taken_seller_id = seller
        self.write({"state": "taken"})

    def _get_break(self):
        """Return from which quantity the price holds, in the unit all others are counted from."""
        return self.min_qty * self.product_uom_id.factor

    def _get_last_sequences(self):
        """Return the sequence behind all vendors' prices, by product.

        Odoo puts the greatest quantity first among equals, whatever it costs: a new price stands
        behind the others, so that the order of the vendors is the buyer's alone to change. Which
        of a vendor's own prices holds is told by the price.
        """
        templates = self.product_id.product_tmpl_id
        groups = (
            self.env["product.supplierinfo"]
            .sudo()
            ._read_group(
                [("product_tmpl_id", "in", templates.ids)], ["product_tmpl_id"], ["sequence:max"]
            )
        )
        return defaultdict(int, groups)

    def _prepare_seller_vals(self, start, before, same, planned):
        """Return the values of the vendor's price that a row becomes.

        :param before: the vendor's price that held at this quantity, if any
        :param same: the vendor's prices from the same quantity
        :param planned: first days of the vendor's later prices from the same quantity
        """
        self.ensure_one()
        known = before or self.env["product.supplierinfo"]
        end = self.date_end
        if planned:
            day_before = min(planned) - timedelta(days=1)
            end = min(end, day_before) if end else day_before
        agreed = net_price(self.price, self.discount)
        if known and not self.decided_by_id:
            # Taken by itself: what a person agreed to last remains the measure.
            paid = known.agreed_price or net_price(known.price, known.discount)
            agreed = self._in_own_terms(paid, known)
        kept_shared = known and not known.company_id
        return {
            "partner_id": self.partner_id.id,
            "product_tmpl_id": self.product_id.product_tmpl_id.id,
            "product_id": self.product_id.id,
            "product_code": self.vendor_code or known.product_code,
            "product_name": self.product_name or known.product_name,
            "price": self.price,
            "discount": self.discount,
            "currency_id": self.currency_id.id,
            "product_uom_id": self.product_uom_id.id,
            "min_qty": self.min_qty,
            "delay": self.delay if self.has_delay else (known.delay if known else 1),
            "date_start": start,
            "date_end": end,
            "company_id": False if kept_shared else self.company_id.id,
            "duty_rate": self.duty_rate if self.has_costs else known.duty_rate,
            "freight_cost": (
                self.freight_cost
                if self.has_costs
                else self._in_own_terms(known.freight_cost, known)
            ),
            "agreed_price": agreed,
        }

    def _in_own_terms(self, amount, seller):
        """Return an amount per unit of a vendor's price in the row's unit and currency."""
        if not amount:
            return 0.0
        convert = self._get_converter(self.company_id, self.catalogue_id._get_today())
        per_unit = amount / seller.product_uom_id.factor * self.product_uom_id.factor
        return convert(per_unit, seller.currency_id.id, self.currency_id.id)


def _holds_on(seller, day):
    """Return whether a vendor's price holds on a day."""
    return not _begins_after(seller, day) and not (seller.date_end and seller.date_end < day)


def _begins_after(seller, day):
    return bool(seller.date_start and seller.date_start > day)


def _choose_current(sellers, quantity):
    """Return the price that holds at a quantity: of the greatest break up to it the cheapest.

    Below all breaks it is that of the least one; None where there is no price.
    """

    def breaks(seller):
        return seller.min_qty * seller.product_uom_id.factor

    reached = [seller for seller in sellers if breaks(seller) <= quantity + TOLERANCE]
    if reached:
        return min(reached, key=lambda one: (-breaks(one), one.price_discounted, one.id))
    return min(sellers, key=lambda one: (breaks(one), one.price_discounted, one.id), default=None)
