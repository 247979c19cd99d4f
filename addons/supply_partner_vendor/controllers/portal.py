from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial

from odoo import fields, http
from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.exceptions import AccessDenied, MissingError, UserError
from odoo.http import content_disposition, request

from ..tools import write_csv, write_xlsx
from .texts import Texts

# Rows of a page.
STEP = 100
# Days and rows of a download.
MOST_DAYS = 366
KEY_DAYS = 90
FLASH = "vmi_flash"


class VendorPortal(CustomerPortal):
    """The vendor's pages. What they show and do is for ``vmi.vendor`` alone to say."""

    # -- the start page ------------------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "supply_proposal_count" in counters:
            values["supply_proposal_count"] = request.env["vmi.vendor"]._count_open()
        return values

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        return {**values, "is_supply_vendor": request.env["vmi.vendor"]._is_vendor()}

    # -- stock and demand ----------------------------------------------------------------------

    @http.route(
        ["/my/supply", "/my/supply/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_stock(self, page=1, **_query):
        """Show what runs out first."""
        with self._served() as vendor:
            pages, lines = self._read_page(vendor.get_stock, "/my/supply", page)
            return self._render(
                "portal_stock", "stock", pager=pages, lines=lines, summary=vendor._get_summary()
            )

    @http.route(
        "/my/supply/product/<int:line_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_product(self, line_id, **_query):
        """Show one product: its stock, and its demand by week."""
        with self._served() as vendor:
            return self._render("portal_product", "stock", **vendor._get_product_page(line_id))

    @http.route(
        ["/my/supply/sell-through", "/my/supply/sell-through/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_sell_through(self, page=1, line=None, date_from=None, date_to=None, **_query):
        """Show sales and stock by day."""
        with self._served() as vendor:
            asked = {
                "line_id": self._parse_id(line),
                "date_from": self._parse_day(date_from),
                "date_to": self._parse_day(date_to),
            }
            kept = {"line": line, "date_from": asked["date_from"], "date_to": asked["date_to"]}
            query = {name: value for name, value in kept.items() if value}
            read = partial(vendor.get_sell_through, **asked)
            pages, rows = self._read_page(read, "/my/supply/sell-through", page, query)
            return self._render(
                "portal_sell_through",
                "sell_through",
                pager=pages,
                rows=rows,
                query=query,
                products=vendor._get_choices(),
                **vendor._get_days_chart(**asked),
            )

    # -- proposals -----------------------------------------------------------------------------

    @http.route(
        ["/my/supply/proposals", "/my/supply/proposals/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_proposals(self, page=1, **_query):
        """Show the proposals, those to answer first."""
        with self._served() as vendor:
            waiting = vendor.get_proposals(state="open")["lines"]
            pages, found = self._read_page(vendor.get_proposals, "/my/supply/proposals", page)
            return self._render(
                "portal_proposals",
                "proposals",
                pager=pages,
                waiting=[one for one in waiting if one["is_answerable"]],
                others=[one for one in found if not one["is_answerable"]],
            )

    @http.route(
        "/my/supply/proposal/<int:proposal_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_proposal(self, proposal_id, **_query):
        """Show one proposal, with what was written about it."""
        with self._served() as vendor:
            return self._render_proposal(vendor, proposal_id)

    @http.route(
        "/my/supply/proposal/<int:proposal_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_answer(self, proposal_id, **post):
        """Confirm a proposal with the quantities that were entered."""
        with self._served() as vendor:
            typed = {
                key.removeprefix("quantity-"): value
                for key, value in post.items()
                if key.startswith("quantity-")
            }
            try:
                quantities = [
                    {"line_id": self._parse_id(key), "quantity": self._parse_number(value)}
                    for key, value in typed.items()
                ]
                with request.env.cr.savepoint():
                    answer = vendor.answer_proposal(proposal_id, quantities)
            except MissingError:
                raise
            except UserError as error:
                return self._render_proposal(vendor, proposal_id, error=str(error), typed=typed)
            return self._go_on(f"/my/supply/proposal/{proposal_id}", answer["state"])

    @http.route(
        "/my/supply/proposal/<int:proposal_id>/refuse",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_refuse(self, proposal_id, reason="", **_post):
        """Refuse a proposal."""
        with self._served() as vendor:
            try:
                with request.env.cr.savepoint():
                    vendor.refuse_proposal(proposal_id, reason)
            except MissingError:
                raise
            except UserError as error:
                return self._render_proposal(vendor, proposal_id, error=str(error))
            return self._go_on(f"/my/supply/proposal/{proposal_id}", "refused")

    @http.route(
        "/my/supply/proposal/<int:proposal_id>/message",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_message(self, proposal_id, body="", **_post):
        """Write to the buyer about a proposal."""
        with self._served() as vendor:
            files = [
                (file.filename, file.read())
                for file in request.httprequest.files.getlist("files")
                if file.filename
            ]
            try:
                with request.env.cr.savepoint():
                    vendor._write_message(proposal_id, body, files)
            except MissingError:
                raise
            except UserError as error:
                return self._render_proposal(vendor, proposal_id, error=str(error), body=body)
            return self._go_on(f"/my/supply/proposal/{proposal_id}#messages", "written")

    @http.route(
        "/my/supply/proposal/<int:proposal_id>/attachment/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_attachment(self, proposal_id, attachment_id, **_query):
        """Hand out a file of a message."""
        with self._served() as vendor:
            name, data = vendor._read_attachment(proposal_id, attachment_id)
            return self._hand_out(name, data, "application/octet-stream")

    def _render_proposal(self, vendor, proposal_id, **values):
        proposal = vendor.get_proposal(proposal_id)
        return self._render(
            "portal_proposal",
            "proposals",
            proposal=proposal,
            messages=vendor.get_messages(proposal_id),
            can_answer=vendor._may("answer", proposal["agreement_id"]),
            **{"error": None, "typed": {}, "body": "", **values},
        )

    # -- orders and shipments ------------------------------------------------------------------

    @http.route(
        ["/my/supply/orders", "/my/supply/orders/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_orders(self, page=1, **_query):
        """Show the orders, the newest first."""
        with self._served() as vendor:
            pages, found = self._read_page(vendor.get_orders, "/my/supply/orders", page)
            return self._render("portal_orders", "orders", pager=pages, orders=found)

    @http.route(
        "/my/supply/order/<int:order_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_order(self, order_id, **_query):
        """Show one order, and what was announced of it."""
        with self._served() as vendor:
            order = vendor.get_order(order_id)
            may = vendor._may("announce", order["agreement_id"])
            can_announce = may and any(line["left"] for line in order["lines"])
            return self._render(
                "portal_order", "orders", supply_order=order, can_announce=can_announce
            )

    @http.route(
        "/my/supply/order/<int:order_id>/announce",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def supply_announce_form(self, order_id, **_query):
        """Ask what is on its way."""
        with self._served() as vendor:
            order = vendor.get_order(order_id)
            rows = [
                {
                    "key": str(line["order_line_id"]),
                    "line": line,
                    "quantity": self._plain(line["left"]),
                    "lot": "",
                    "package": "",
                }
                for line in order["lines"]
                if line["left"]
            ]
            return self._render_announcement(vendor, order, rows, {"date": self._tomorrow(order)})

    @http.route(
        "/my/supply/order/<int:order_id>/announce",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_announce(self, order_id, more=None, **post):
        """Announce what is on its way, or ask for another lot of a product."""
        with self._served() as vendor:
            order = vendor.get_order(order_id)
            rows = self._read_announcement(order, post)
            if more:
                rows = self._add_lot(rows, more)
                return self._render_announcement(vendor, order, rows, post)
            try:
                lines = [
                    {
                        "order_line_id": row["line"]["order_line_id"],
                        "quantity": quantity,
                        "lot": row["lot"],
                        "package": row["package"],
                    }
                    for row in rows
                    if (quantity := self._parse_number(row["quantity"]))
                ]
                count = post.get("package_count") or "0"
                with request.env.cr.savepoint():
                    shipment = vendor.announce_shipment(
                        order_id,
                        lines,
                        post.get("date"),
                        carrier=post.get("carrier", ""),
                        tracking_ref=post.get("tracking_ref", ""),
                        package_count=int(count) if count.isdecimal() and len(count) < 9 else -1,
                        note=post.get("note", ""),
                    )
            except MissingError:
                raise
            except UserError as error:
                return self._render_announcement(vendor, order, rows, post, error=str(error))
            done = "announced" if shipment["state"] == "announced" else "over"
            return self._go_on(f"/my/supply/shipment/{shipment['shipment_id']}", done)

    def _read_announcement(self, order, post):
        """Return what was entered of each product, an entry for each lot."""
        lines = {str(line["order_line_id"]): line for line in order["lines"]}
        rows = []
        for name, quantity in post.items():
            prefix, _dash, key = name.partition("-")
            line = lines.get(key.partition("-")[0])
            if prefix == "quantity" and line:
                rows.append(
                    {
                        "key": key,
                        "line": line,
                        "quantity": quantity,
                        "lot": post.get(f"lot-{key}", ""),
                        "package": post.get(f"package-{key}", ""),
                    }
                )
        return rows

    def _add_lot(self, rows, key):
        """Return the rows with one more of a product below its last one."""
        found = [row for row in rows if row["key"].partition("-")[0] == key]
        if not found:
            return rows
        place = rows.index(found[-1]) + 1
        new = {**found[-1], "key": f"{key}-{len(found)}", "quantity": "", "lot": "", "package": ""}
        return [*rows[:place], new, *rows[place:]]

    def _render_announcement(self, vendor, order, rows, typed, error=None):
        if order["state"] != "open" or not vendor._may("announce", order["agreement_id"]):
            raise request.not_found()
        return self._render(
            "portal_announce", "orders", supply_order=order, rows=rows, typed=typed, error=error
        )

    def _tomorrow(self, order):
        tomorrow = fields.Date.today() + timedelta(days=1)
        return max(order["arrives"] or "", tomorrow.isoformat())

    @http.route(
        ["/my/supply/shipments", "/my/supply/shipments/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_shipments(self, page=1, **_query):
        """Show the announced shipments."""
        with self._served() as vendor:
            pages, found = self._read_page(vendor.get_shipments, "/my/supply/shipments", page)
            return self._render("portal_shipments", "shipments", pager=pages, shipments=found)

    @http.route(
        "/my/supply/shipment/<int:shipment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_shipment(self, shipment_id, **_query):
        """Show one shipment."""
        with self._served() as vendor:
            return self._render_shipment(vendor, shipment_id)

    @http.route(
        "/my/supply/shipment/<int:shipment_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_cancel(self, shipment_id, **_post):
        """Call a shipment off."""
        with self._served() as vendor:
            try:
                with request.env.cr.savepoint():
                    vendor.cancel_shipment(shipment_id)
            except MissingError:
                raise
            except UserError as error:
                return self._render_shipment(vendor, shipment_id, error=str(error))
            return self._go_on(f"/my/supply/shipment/{shipment_id}", "cancelled")

    def _render_shipment(self, vendor, shipment_id, error=None):
        shipment = vendor.get_shipment(shipment_id)
        return self._render(
            "portal_shipment",
            "shipments",
            shipment=shipment,
            error=error,
            can_announce=vendor._may("announce", shipment["agreement_id"])
            and shipment["state"] in ("waiting", "announced"),
        )

    # -- forecast ------------------------------------------------------------------------------

    @http.route(
        "/my/supply/forecast",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_forecast(self, line=None, **_query):
        """Show a product's coming weeks, and how good past forecasts were."""
        with self._served() as vendor:
            return self._render_forecast(vendor, self._parse_id(line))

    @http.route("/my/supply/forecast", type="http", auth="user", website=True, methods=["POST"])
    def supply_enter_forecast(self, line=None, **post):
        """Keep what was forecast for the coming weeks of a product."""
        with self._served() as vendor:
            line_id = self._parse_id(line)
            try:
                rows = [
                    {
                        "line_id": line_id,
                        "week": name.removeprefix("quantity-"),
                        "quantity": self._parse_number(value),
                        "capacity": self._parse_number(
                            post.get(f"capacity-{name.removeprefix('quantity-')}", "")
                        ),
                    }
                    for name, value in post.items()
                    if name.startswith("quantity-") and value.strip()
                ]
                with request.env.cr.savepoint():
                    vendor.set_forecast(rows)
            except MissingError:
                raise
            except UserError as error:
                return self._render_forecast(vendor, line_id, error=str(error), typed=post)
            return self._go_on(f"/my/supply/forecast?line={line_id}", "forecast")

    def _render_forecast(self, vendor, line_id, error=None, typed=None):
        page = vendor._get_forecast_page(line_id)
        can_answer = page["line"] and vendor._may("answer", page["line"]["agreement_id"])
        return self._render(
            "portal_forecast",
            "forecast",
            **page,
            error=error,
            typed=typed or {},
            can_answer=can_answer,
        )

    # -- downloads -----------------------------------------------------------------------------

    @http.route(
        "/my/supply/export/<string:what>/<string:kind>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        methods=["GET"],
    )
    def supply_export(self, what, kind, date_from=None, date_to=None, line=None, **_query):
        """Hand out what a page shows, all of it, as a file for a spreadsheet."""
        with self._served() as vendor:
            asked = {}
            if what == "sell-through":
                asked = {
                    "date_from": self._parse_day(date_from),
                    "date_to": self._parse_day(date_to),
                    "line_id": self._parse_id(line),
                }
            title, labels, rows = vendor._get_table(what, **asked)
            if kind == "csv":
                data, mimetype = write_csv(labels, rows), "text/csv;charset=utf-8"
            elif kind == "xlsx":
                data = write_xlsx(title, labels, rows)
                mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            else:
                raise request.not_found()
            return self._hand_out(f"{what}.{kind}", data, mimetype)

    def _hand_out(self, name, data, mimetype):
        return request.make_response(
            data,
            headers=[
                ("Content-Type", mimetype),
                ("Content-Length", len(data)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    # -- keys ----------------------------------------------------------------------------------

    @http.route(
        "/my/supply/keys", type="http", auth="user", website=True, readonly=True, methods=["GET"]
    )
    def supply_keys(self, **_query):
        """Show the user's own keys for calls by a program."""
        with self._served() as vendor:
            return self._render_keys(vendor)

    @http.route("/my/supply/keys", type="http", auth="user", website=True, methods=["POST"])
    def supply_new_key(self, name="", password="", **_post):
        """Make a key, and show it this once."""
        with self._served() as vendor:
            name = name.strip()[:100]
            if not name:
                return self._render_keys(vendor, error=request.env._("Give the key a name."))
            user = request.env.user
            credential = {"login": user.login, "password": password, "type": "password"}
            try:
                # The same brake as at the login page.
                with user._assert_can_auth(user=user.id):
                    user._check_credentials(credential, {"interactive": True})
            except AccessDenied:
                error = request.env._("This is not your password.")
                return self._render_keys(vendor, error=error)
            request.env["res.users.apikeys.description"].check_access_make_key()
            expires = datetime.now() + timedelta(days=KEY_DAYS, minutes=-1)
            key = request.env["res.users.apikeys"]._generate(None, name, expires)
            return self._render_keys(vendor, key=key)

    @http.route(
        "/my/supply/keys/<int:key_id>/delete",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def supply_delete_key(self, key_id, **_post):
        """Delete one of the user's own keys."""
        with self._served() as vendor:
            vendor._delete_key(key_id)
            return self._go_on("/my/supply/keys", "key_deleted")

    def _render_keys(self, vendor, error=None, key=None):
        return self._render(
            "portal_keys",
            "keys",
            keys=vendor._get_keys(),
            error=error,
            key=key,
            address=request.httprequest.host_url.rstrip("/"),
        )

    # -- what all pages need -------------------------------------------------------------------

    @contextmanager
    def _served(self):
        """Give the service; what it does not find for this user is not there."""
        try:
            yield request.env["vmi.vendor"]
        except MissingError:
            raise request.not_found() from None

    def _render(self, template, page, module="supply_partner_vendor", **values):
        values = {**self._prepare_frame_values(page), **values}
        return request.render(f"{module}.{template}", values, headers={"Cache-Control": "no-store"})

    def _prepare_frame_values(self, page):
        """Return what the frame of a page shows; an add-on with pages of its own adds to it."""
        texts = self._get_texts()
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "supply",
            "supply_page": page,
            "texts": texts,
            "flash": texts.describe_done(request.session.pop(FLASH, None)),
            "open_proposals": request.env["vmi.vendor"]._count_open(),
        }

    def _get_texts(self):
        """Return how values are written, with the words of all add-ons that have pages."""
        return type("Texts", tuple(self._get_text_classes()), {})(request.env)

    def _get_text_classes(self):
        """Return classes of texts; an add-on with pages of its own puts its own first."""
        return [Texts]

    def _go_on(self, url, done):
        request.session[FLASH] = done
        return request.redirect(url)

    def _read_page(self, read, url, page, query=None):
        """Return the pager and the lines of a page of a list.

        :param read: what the service calls the list, with offset and limit
        :param query: what its other pages ask for as well
        """
        total = read(limit=1)["total"]
        pages = pager(url, total, page=page, step=STEP, url_args=query)
        lines = read(offset=max(pages["offset"], 0), limit=STEP)["lines"]
        return pages, lines

    def _parse_id(self, text):
        if not text:
            return None
        return int(text) if text.isdecimal() and len(text) < 11 else -1

    def _parse_day(self, text):
        try:
            return date.fromisoformat(text).isoformat() if text else None
        except ValueError:
            return None

    def _parse_number(self, text):
        try:
            return float(text.replace(",", ".") or 0)
        except ValueError:
            raise UserError(request.env._("%s is no number.", text[:50])) from None

    def _plain(self, number):
        """Return a number as a number field of a page takes it."""
        return f"{number:.6f}".rstrip("0").rstrip(".")
