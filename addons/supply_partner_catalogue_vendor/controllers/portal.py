from odoo import http
from odoo.addons.supply_partner_catalogue.tools import ENCODINGS
from odoo.addons.supply_partner_vendor.controllers.portal import STEP, VendorPortal
from odoo.addons.supply_partner_vendor.controllers.texts import Texts
from odoo.addons.supply_partner_vendor.tools import write_csv, write_xlsx
from odoo.exceptions import MissingError, UserError
from odoo.http import request

MODULE = "supply_partner_catalogue_vendor"


class PricePortal(VendorPortal):
    """The pages of a vendor's price lists."""

    @http.route(
        ["/my/supply/prices", "/my/supply/prices/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_prices(self, page=1, **_query):
        """Show the price lists, and ask for a new one."""
        with self._served() as vendor:
            return self._render_prices(vendor, page)

    @http.route("/my/supply/prices", type="http", auth="user", website=True, methods=["POST"])
    def supply_upload_prices(self, vendor=None, date_from="", encoding="", **_post):
        """Stage the prices of a file."""
        with self._served() as service:
            file = request.httprequest.files.get("file")
            typed = {"vendor": vendor, "date_from": date_from, "encoding": encoding}
            try:
                if not file or not file.filename:
                    raise UserError(request.env._("Choose a file first."))
                with request.env.cr.savepoint():
                    found = service._upload(
                        file.filename,
                        file.read(),
                        self._parse_id(vendor),
                        date_from or None,
                        encoding or None,
                    )
            except MissingError:
                raise
            except UserError as error:
                return self._render_prices(service, 1, error=str(error), typed=typed)
            return request.redirect(f"/my/supply/prices/{found}")

    @http.route(
        "/my/supply/prices/<int:price_list_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_price_list(self, price_list_id, page="1", show=None, **_query):
        """Show one price list: what each row changes, and what is to correct."""
        with self._served() as vendor:
            return self._render_price_list(vendor, price_list_id, page, show)

    @http.route(
        "/my/supply/prices/<int:price_list_id>/send",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_send_prices(self, price_list_id, **_post):
        """Send a price list to the buyer."""
        with self._served() as vendor:
            try:
                with request.env.cr.savepoint():
                    sent = vendor.send_price_list(price_list_id)
            except MissingError:
                raise
            except UserError as error:
                return self._render_price_list(vendor, price_list_id, error=str(error))
            done = "prices_done" if sent["state"] == "done" else "prices_sent"
            return self._go_on(f"/my/supply/prices/{price_list_id}", done)

    @http.route(
        "/my/supply/prices/<int:price_list_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_withdraw_prices(self, price_list_id, **_post):
        """Delete a price list that was not sent."""
        with self._served() as vendor:
            try:
                with request.env.cr.savepoint():
                    vendor.withdraw_price_list(price_list_id)
            except MissingError:
                raise
            except UserError as error:
                return self._render_price_list(vendor, price_list_id, error=str(error))
            return self._go_on("/my/supply/prices", "prices_withdrawn")

    @http.route(
        "/my/supply/prices/<int:price_list_id>/errors/<string:kind>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_price_errors(self, price_list_id, kind, **_query):
        """Hand out the rows to correct as they came, with what is wrong beside them."""
        with self._served() as vendor:
            title, labels, rows = vendor._get_errors_table(price_list_id)
            if kind == "csv":
                data, mimetype = write_csv(labels, rows), "text/csv;charset=utf-8"
            elif kind == "xlsx":
                data = write_xlsx(title, labels, rows)
                mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            else:
                raise request.not_found()
            return self._hand_out(f"to-correct.{kind}", data, mimetype)

    def _render_prices(self, vendor, page, error=None, typed=None):
        pages, found = self._read_page(vendor.get_price_lists, "/my/supply/prices", page)
        return self._render(
            "portal_prices",
            "prices",
            MODULE,
            pager=pages,
            price_lists=found,
            vendors=vendor.get_price_vendors(),
            encodings=ENCODINGS,
            error=error,
            typed=typed or {},
        )

    def _render_price_list(self, vendor, price_list_id, page="1", show=None, error=None):
        shown = show if show in ("error", "waiting", "ready", "same", "taken", "refused") else None
        number = int(page) if str(page).isdecimal() and len(str(page)) < 6 else 1
        count = vendor.get_price_list(price_list_id, shown, limit=1)["total"]
        url = f"/my/supply/prices/{price_list_id}"
        last = max((count - 1) // STEP + 1, 1)
        number = min(max(number, 1), last)
        found = vendor.get_price_list(price_list_id, shown, offset=(number - 1) * STEP, limit=STEP)
        return self._render(
            "portal_price_list",
            "prices",
            MODULE,
            price_list=found,
            shown=shown,
            number=number,
            last=last,
            url=url,
            error=error,
        )

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        return {**values, "may_quote": request.env["vmi.vendor"]._may_quote()}

    def _get_text_classes(self):
        return [PriceTexts, *super()._get_text_classes()]


class PriceTexts(Texts):
    """How values of price lists are written for people."""

    def _get_states(self):
        return {
            **super()._get_states(),
            "draft": self._env._("Not sent yet"),
            "done": self._env._("Taken"),
            "error": self._env._("To correct"),
            "ready": self._env._("Is taken at once"),
            "same": self._env._("Unchanged"),
            "taken": self._env._("Taken"),
        }

    def _get_done(self):
        return {
            **super()._get_done(),
            "prices_done": self._env._("Thank you. Your prices were taken."),
            "prices_sent": self._env._(
                "Thank you. What changes little was taken, the buyer looks at the rest."
            ),
            "prices_withdrawn": self._env._("The price list was deleted."),
        }

    def change(self, value):
        """Return a change with its sign, in per cent."""
        if value is None:
            return ""
        shown = round(100 * value, 1)
        if not shown:
            return "0 %"
        return f"{'+' if shown > 0 else '−'}{self.number(abs(shown))} %"

    def to_correct(self, count):
        """Return how many rows are to correct."""
        if count == 1:
            return self._env._("1 row is to correct.")
        return self._env._("%s rows are to correct.", count)

    def counts(self, found):
        """Return in a few words what became of a list's rows."""
        named = (
            (found["taken"], self._env._("taken")),
            (found["ready"], self._env._("taken at once")),
            (found["waiting"], self._env._("for the buyer")),
            (found["same"], self._env._("unchanged")),
            (found["refused"], self._env._("refused")),
            (found["error"], self._env._("to correct")),
        )
        return " · ".join(f"{count} {name}" for count, name in named if count)
