import base64
import binascii
from datetime import date, timedelta
from math import ceil, floor

from odoo import api, fields, models
from odoo.addons.supply_partner.models.vmi_proposal import PENDING_STATES
from odoo.exceptions import MissingError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

# Lines of one call.
MOST_LINES = 1000
MOST_WEEKS = 104
# Rows of a download, and columns of a chart.
MOST_ROWS = 100_000
MOST_COLUMNS = 56
MOST_TEXT = 4000
MOST_ATTACHMENTS = 10
MOST_BYTES = 10 * 2**20
SHOWN_ORDERS = ("purchase", "cancel")
URGENCY = {"out": 0, "below": 1}


def _draw(columns):
    """Add to the columns of a chart how high each is, in per cent of the highest."""
    most = max((column["quantity"] for column in columns), default=0) or 1
    for column in columns:
        column["height"] = round(100 * max(column["quantity"], 0) / most, 1)
    return columns


class VmiVendor(models.AbstractModel):
    """What a vendor's user may see and do: behind every page, download and call from outside.

    Portal users have no rights on any model of the family. Each method here finds the agreements
    of the user's own rows, forgets the caller's context but the language, and returns named values
    as plain dictionaries. What is not the user's own, what does not exist and what was revoked
    are answered alike.
    """

    _name = "vmi.vendor"
    _description = "Vendor Portal"

    # -- what is open to users -----------------------------------------------------------------

    @api.model
    @api.readonly
    def get_agreements(self):
        """Return the agreements of the user.

        :return: a list of dicts: ``agreement_id``, ``name``, ``company``, ``vendor``, ``place``,
            ``state`` (running, suspended, closed), ``buyer``, ``currency``, ``rights``
        """
        service = self._open()
        return [service._describe_agreement(one) for one in service._get_agreements()]

    @api.model
    @api.readonly
    def get_stock(self, agreement_id=None, offset=0, limit=MOST_LINES):
        """Return the products of running and suspended agreements, what runs out first on top.

        :param agreement_id: of one agreement only
        :return: ``total`` and ``lines``; see :meth:`_describe_stock`
        """
        service = self._open()
        lines = service._get_stock_lines(service._choose_agreements(agreement_id))
        part = lines[service._get_slice(offset, limit)]
        return {"total": len(lines), "lines": service._describe_stock(part)}

    @api.model
    @api.readonly
    def get_demand(self, line_id=None, weeks=13, offset=0, limit=MOST_LINES):
        """Return the demand of whole ISO weeks that are over.

        :param line_id: of one product of an agreement only
        :param weeks: how many weeks back, up to 104
        :return: ``total`` and ``lines``: ``line_id``, ``week`` (its Monday), ``quantity``
        """
        service = self._open()
        lines = service._choose_lines(line_id)
        part = service._get_slice(offset, limit)
        weeks = service._check_number(weeks, 1, MOST_WEEKS, "weeks")
        rows = [
            {"line_id": line.id, "week": week.isoformat(), "quantity": quantity}
            for line, by_week in service._get_weekly_demand(lines, weeks).items()
            for week, quantity in sorted(by_week.items())
        ]
        return {"total": len(rows), "lines": rows[part]}

    @api.model
    @api.readonly
    def get_sell_through(
        self, date_from=None, date_to=None, line_id=None, offset=0, limit=MOST_LINES
    ):
        """Return sales and stock by day, place and product, the newest day first.

        :param date_from: the first day, ISO 8601; four weeks ago by default
        :param date_to: the last day; yesterday by default
        :return: ``total`` and ``lines``; see :meth:`_describe_sell_through`
        """
        service = self._open()
        lines = service._choose_lines(line_id)
        domain = service._get_days_domain(lines, date_from, date_to)
        part = service._get_slice(offset, limit)
        rows = service.env["vmi.sell.through"].search(
            domain, offset=part.start, limit=part.stop - part.start
        )
        total = service.env["vmi.sell.through"].search_count(domain)
        return {"total": total, "lines": service._describe_sell_through(rows)}

    @api.model
    @api.readonly
    def get_proposals(self, state=None, agreement_id=None, offset=0, limit=MOST_LINES):
        """Return the proposals that were sent to the vendor, the newest first.

        :param state: ``open`` for those to answer, or a state of a proposal; all by default
        :return: ``total`` and ``lines``; see :meth:`_describe_proposal`
        """
        service = self._open()
        agreements = service._choose_agreements(agreement_id)
        domain = service._get_proposals_domain(agreements, state)
        return service._page("vmi.proposal", domain, offset, limit, service._describe_proposal)

    @api.model
    @api.readonly
    def get_proposal(self, proposal_id):
        """Return one proposal with its products; see :meth:`_describe_proposal`."""
        service = self._open()
        proposal = service._find_proposal(proposal_id)
        described = service._describe_proposal(proposal)
        return {**described, "lines": service._describe_proposal_lines(proposal)}

    @api.model
    def answer_proposal(self, proposal_id, quantities=None):
        """Confirm a proposal, with other quantities for some of its products.

        :param quantities: a list of dicts ``line_id`` (of the proposal's line) and ``quantity``,
            in the product's unit; what is left out is confirmed as it stands
        :return: ``state``: ``ordered``, with ``orders``, or ``waiting`` for the buyer
        """
        service = self._open("answer")
        proposal = service._find_proposal(proposal_id, "answer")
        wanted = {}
        for given in service._check_list(quantities or [], "quantities"):
            line = proposal.line_ids.filtered(lambda line, given=given: line.id == given["line_id"])
            if not line:
                service._raise_missing()
            wanted[line] = given["quantity"]
        if proposal._take_answer(wanted):
            orders = proposal.purchase_order_ids.mapped("name")
            return {"state": "ordered", "orders": orders}
        return {"state": "waiting", "orders": []}

    @api.model
    def refuse_proposal(self, proposal_id, reason):
        """Deliver nothing of a proposal.

        :param reason: why, for the buyer
        :return: ``state``: ``refused``
        """
        service = self._open("answer")
        proposal = service._find_proposal(proposal_id, "answer")
        proposal._refuse_as_vendor(service._check_text(reason, "reason", required=True))
        return {"state": "refused"}

    @api.model
    @api.readonly
    def get_messages(self, proposal_id):
        """Return what vendor and buyer wrote to each other about a proposal, the oldest first.

        :return: a list of dicts: ``message_id``, ``date``, ``author``, ``is_own``, ``body``,
            ``attachments`` (``attachment_id``, ``name``, ``size``)
        """
        service = self._open()
        return service._describe_messages(service._find_proposal(proposal_id))

    @api.model
    def post_message(self, proposal_id, body="", attachments=None):
        """Write to the buyer about a proposal.

        :param attachments: a list of dicts ``name`` and ``data``, in base 64; at most ten of 10 MB
        :return: ``message_id``
        """
        service = self._open("answer")
        proposal = service._find_proposal(proposal_id, "answer")
        files = []
        for given in service._check_list(attachments or [], "attachments"):
            try:
                data = base64.b64decode(given["data"], validate=True)
            except (KeyError, TypeError, ValueError, binascii.Error):
                raise UserError(service.env._("An attachment's data must be in base 64.")) from None
            files.append((given.get("name"), data))
        return {"message_id": service._post_message(proposal, body, files).id}

    @api.model
    @api.readonly
    def get_attachment(self, proposal_id, attachment_id):
        """Return a file of a message: ``name``, ``mimetype`` and ``data``, in base 64."""
        service = self._open()
        attachment = service._find_attachment(service._find_proposal(proposal_id), attachment_id)
        return {
            "name": attachment.name,
            "mimetype": attachment.mimetype,
            "data": base64.b64encode(attachment.raw or b"").decode(),
        }

    @api.model
    @api.readonly
    def get_orders(self, state=None, agreement_id=None, offset=0, limit=MOST_LINES):
        """Return the confirmed orders under the agreements, the newest first.

        :param state: ``open`` for those of which something is still expected; all by default
        :return: ``total`` and ``lines``; see :meth:`_describe_order`
        """
        service = self._open()
        domain = service._get_orders_domain(service._choose_agreements(agreement_id), state)
        return service._page("purchase.order", domain, offset, limit, service._describe_order)

    @api.model
    @api.readonly
    def get_order(self, order_id):
        """Return one order with its products; see :meth:`_describe_order`."""
        service = self._open()
        order = service._find_order(order_id)
        return {
            **service._describe_order(order),
            "lines": service._describe_order_lines(order),
            "shipments": [service._describe_shipment(one) for one in service._get_shipments(order)],
        }

    @api.model
    @api.readonly
    def get_shipments(self, state=None, agreement_id=None, offset=0, limit=MOST_LINES):
        """Return the announced shipments, the one that arrives last first.

        :param state: ``open``, or a state of a shipment; all by default
        :return: ``total`` and ``lines``; see :meth:`_describe_shipment`
        """
        service = self._open()
        domain = service._get_shipments_domain(service._choose_agreements(agreement_id), state)
        return service._page("vmi.shipment", domain, offset, limit, service._describe_shipment)

    @api.model
    @api.readonly
    def get_shipment(self, shipment_id):
        """Return one shipment with its products; see :meth:`_describe_shipment`."""
        service = self._open()
        shipment = service._find_shipment(shipment_id)
        return {
            **service._describe_shipment(shipment),
            "lines": service._describe_shipment_lines(shipment),
        }

    @api.model
    def announce_shipment(
        self, order_id, lines, date, carrier="", tracking_ref="", package_count=0, note=""
    ):
        """Announce what is on its way of an order.

        :param lines: a list of dicts ``order_line_id`` and ``quantity`` (in the order's unit) and,
            if known, ``lot`` and ``package``
        :param date: the day on which it arrives, ISO 8601
        :return: ``shipment_id``, ``name``, and ``state``: ``announced``, or ``waiting`` for the
            buyer where it is more than was ordered
        """
        service = self._open("announce")
        order = service._find_order(order_id, "announce")
        if order.state != "purchase":
            service._raise_missing()
        parts = []
        for given in service._check_list(lines, "lines"):
            ordered = order.order_line.filtered(
                lambda line, given=given: (
                    line.id == given["order_line_id"] and not line.display_type
                )
            )
            if not ordered:
                service._raise_missing()
            parts.append(
                {
                    "order_line": ordered,
                    "quantity": service._check_quantity(given.get("quantity")),
                    "lot": service._check_text(given.get("lot"), "lot", most=100),
                    "package": service._check_text(given.get("package"), "package", most=100),
                }
            )
        vals = {
            "date": service._check_day(date, "date"),
            "carrier": service._check_text(carrier, "carrier", most=200),
            "tracking_ref": service._check_text(tracking_ref, "tracking_ref", most=200),
            "package_count": service._check_number(package_count or 0, 0, 100_000, "package_count"),
            "note": service._check_text(note, "note"),
        }
        shipment = service.env["vmi.shipment"]._announce(order, vals, parts)
        return {"shipment_id": shipment.id, "name": shipment.name, "state": shipment.state}

    @api.model
    def cancel_shipment(self, shipment_id):
        """Call an announced shipment off.

        :return: ``state``: ``cancelled``
        """
        service = self._open("announce")
        shipment = service._find_shipment(shipment_id, "announce")
        shipment.purchase_id._vmi_lock()
        shipment._cancel()
        return {"state": "cancelled"}

    @api.model
    @api.readonly
    def get_forecast(self, line_id=None, offset=0, limit=MOST_LINES):
        """Return what the vendor forecasts for this week and later ones.

        :return: ``total`` and ``lines``: ``line_id``, ``product``, ``unit``, ``week`` (its
            Monday), ``quantity``, ``capacity`` (0: none promised), ``entered``
        """
        service = self._open()
        domain = service._get_forecast_domain(service._choose_lines(line_id))
        part = service._get_slice(offset, limit)
        found = service.env["vmi.vendor.forecast"].search(
            domain, order="line_id, week", offset=part.start, limit=part.stop - part.start
        )
        total = service.env["vmi.vendor.forecast"].search_count(domain)
        return {"total": total, "lines": service._describe_forecast(found)}

    @api.model
    @api.readonly
    def get_forecast_accuracy(self, line_id=None, offset=0, limit=MOST_LINES):
        """Return how near the forecasts of the last 13 weeks came.

        :return: ``total`` and ``lines``: ``line_id``, ``product``, ``weeks``, and as shares, null
            where there is nothing to say, ``coverage``, ``wape``, ``bias``, ``naive_wape``,
            ``naive_bias``
        """
        service = self._open()
        lines = service._choose_lines(line_id)
        part = lines[service._get_slice(offset, limit)]
        found = part._get_forecast_accuracy()
        named = service._get_names(part.product_id)
        rows = [
            {"line_id": line.id, "product": named[line.product_id], **found[line]}
            for line in part
            if line in found
        ]
        return {"total": len(lines), "lines": rows}

    @api.model
    def set_forecast(self, lines):
        """Enter what is expected to be used; earlier versions are kept.

        :param lines: a list of dicts ``line_id``, ``week`` (``2026-W49``, or its Monday),
            ``quantity`` and, if promised, ``capacity``, in the product's unit
        :return: ``changed``: how many of them were new
        """
        service = self._open("answer")
        rows = []
        own = service._choose_lines(None, "answer")
        today = fields.Date.today()
        for given in service._check_list(lines, "forecast"):
            line = own.filtered(lambda line, given=given: line.id == given["line_id"])
            if not line or isinstance(given["line_id"], bool):
                service._raise_missing()
            day = service._check_day(given["week"], "week")
            monday = day - timedelta(days=day.weekday())
            if not -7 < (monday - today).days <= 7 * MOST_WEEKS:
                raise UserError(service.env._("Forecast this week or one of the next two years."))
            rows.append(
                {
                    "line": line,
                    "week": monday,
                    "quantity": service._check_quantity(given["quantity"], least=0),
                    "capacity": service._check_quantity(given.get("capacity") or 0, least=0),
                }
            )
        if len({(row["line"], row["week"]) for row in rows}) < len(rows):
            raise UserError(service.env._("A week is there twice."))
        if not rows:
            return {"changed": 0}
        return {"changed": len(service.env["vmi.vendor.forecast"]._enter(rows))}

    # -- what the pages need besides; each opens the service itself --------------------------------

    @api.model
    def _is_vendor(self):
        """Return whether the user has access to anything here."""
        try:
            self._open()
        except MissingError:
            return False
        return True

    @api.model
    def _count_open(self):
        """Return how many proposals the user can answer; 0 for whoever has no access."""
        try:
            service = self._open("answer")
        except MissingError:
            return 0
        domain = service._get_proposals_domain(service._get_agreements("answer"), "open")
        domain &= Domain("agreement_id.state", "=", "running") & Domain(
            "date_expiry", ">", fields.Datetime.now()
        )
        return service.env["vmi.proposal"].search_count(domain)

    @api.model
    def _may(self, right, agreement_id):
        """Return whether the user has a right on an agreement."""
        try:
            service = self._open(right)
        except MissingError:
            return False
        return agreement_id in service._get_agreements(right).ids

    @api.model
    def _get_summary(self):
        """Return how many products are out of stock, below the minimum, and when it was seen."""
        service = self._open()
        lines = service._get_stock_lines(service._get_agreements())
        statuses = lines.mapped("stock_status")
        reviews = [moment for moment in lines.agreement_id.mapped("last_review") if moment]
        return {
            "out": statuses.count("out"),
            "below": statuses.count("below"),
            "products": len(lines),
            "reviewed": service._get_moment(min(reviews, default=None)),
        }

    @api.model
    def _get_product_page(self, line_id, weeks=13):
        """Return one product with its demand by week, for a chart."""
        service = self._open()
        line = service._choose_lines(line_id)
        [described] = service._describe_stock(line)
        demand = service._get_weekly_demand(line, weeks)[line]
        return {
            "line": described,
            "chart": _draw(
                [
                    {"label": str(monday.isocalendar().week), "day": monday.isoformat(),
                     "quantity": quantity}
                    for monday, quantity in sorted(demand.items())
                ]
            ),
            "has_demand": any(demand.values()),
        }  # fmt: skip

    @api.model
    def _get_choices(self):
        """Return pairs of line id and name of the products, to choose one."""
        service = self._open()
        lines = service._choose_lines(None)
        named = service._get_names(lines.product_id)
        pairs = [(line.id, named[line.product_id], line.agreement_id) for line in lines]
        several = len(lines.agreement_id) > 1
        return sorted(
            (
                (line_id, f"{name} · {service._get_place(agreement)}" if several else name)
                for line_id, name, agreement in pairs
            ),
            key=lambda pair: pair[1],
        )

    @api.model
    def _get_forecast_page(self, line_id=None, weeks=8):
        """Return one product's coming weeks, to be forecast, and how the past ones went."""
        service = self._open()
        choices = service._get_choices()
        if line_id is None and not choices:
            return {"line": None, "products": [], "weeks": [], "chart": [], "accuracy": {}}
        line = service._choose_lines(line_id)
        if line_id is None:
            # The one that is used most.
            line = line.sorted(lambda one: (-one.daily_demand, one.id))[:1]
        [described] = service._describe_stock(line)
        held = {
            one["week"]: one
            for one in service._describe_forecast(
                service.env["vmi.vendor.forecast"].search(service._get_forecast_domain(line))
            )
        }
        today = line.company_id._vmi_today()
        monday = today - timedelta(days=today.weekday())
        coming = []
        for number in range(weeks):
            week = (monday + timedelta(weeks=number)).isoformat()
            coming.append(
                {
                    "week": week,
                    "number": date.fromisoformat(week).isocalendar().week,
                    "quantity": None,
                    "capacity": None,
                    **held.get(week, {}),
                }
            )
        past = line._get_forecast_weeks()
        most = max((max(row[2], row[3] or 0) for row in past), default=0) or 1
        return {
            "line": described,
            "products": choices,
            "naive": 7 * line.daily_demand,
            "weeks": coming,
            "chart": [
                {
                    "label": str(week.isocalendar().week),
                    "day": week.isoformat(),
                    "quantity": actual,
                    "height": round(100 * max(actual, 0) / most, 1),
                    "forecast": forecast,
                    "mark": None if forecast is None else round(100 * forecast / most, 1),
                }
                for _line, week, actual, forecast, _naive in past
            ],
            "accuracy": line._get_forecast_accuracy().get(line, {}),
        }  # fmt: skip

    @api.model
    def _get_days_chart(self, line_id=None, date_from=None, date_to=None):
        """Return by day what went out, less what came back, for a chart, and the days' ends."""
        service = self._open()
        lines = service._choose_lines(line_id)
        domain = service._get_days_domain(lines, date_from, date_to)
        groups = service.env["vmi.sell.through"]._read_group(
            domain,
            ["day:day"],
            ["sold_qty:sum", "used_qty:sum", "returned_qty:sum"],
            order="day:day",
        )
        columns = [
            {
                "label": str(day.day),
                "day": day.isoformat(),
                "quantity": max(round(sold + used - returned, 6), 0),
            }
            for day, sold, used, returned in groups[-MOST_COLUMNS:]
        ]
        first, last = domain[1][2], domain[2][2]
        return {
            "chart": _draw(columns),
            "first": first.isoformat(),
            "last": min(last, fields.Date.today() - timedelta(days=1)).isoformat(),
            # Quantities of different units do not add up to anything.
            "has_one_unit": len(lines.product_uom_id) == 1,
        }

    @api.model
    def _write_message(self, proposal_id, body, files):
        """Write to the buyer, with files as pairs of name and bytes."""
        service = self._open("answer")
        return service._post_message(service._find_proposal(proposal_id, "answer"), body, files)

    @api.model
    def _read_attachment(self, proposal_id, attachment_id):
        """Return the name and the bytes of a message's file."""
        service = self._open()
        found = service._find_attachment(service._find_proposal(proposal_id), attachment_id)
        return found.name, found.raw or b""

    @api.model
    def _get_table(self, what, **asked):
        """Return what a page shows as a table, all of it.

        :return: its title, its labels, and its rows as lists of values
        """
        service = self._open()
        tables = service._get_tables()
        if what not in tables:
            service._raise_missing()
        title, columns, read = tables[what]
        rows = [[row[name] for name in columns] for row in read(service, **asked)]
        return title, list(columns.values()), rows

    @api.model
    def _get_keys(self):
        """Return the user's own keys: id, name, and from when to when they hold."""
        service = self._open()
        keys = service.env["res.users.apikeys"].search([("user_id", "=", service.env.uid)])
        return [
            {
                "key_id": key.id,
                "name": key.name,
                "created": service._get_moment(key.create_date),
                "expires": service._get_moment(key.expiration_date),
            }
            for key in keys
        ]

    @api.model
    def _delete_key(self, key_id):
        """Delete one of the user's own keys."""
        service = self._open()
        service._find("res.users.apikeys", key_id, [("user_id", "=", service.env.uid)]).unlink()

    def _get_tables(self):
        """Return the tables that can be downloaded, by name; an add-on adds its own.

        :return: dict of title, labels of the columns by name, and a method that is called
            with the service and returns dicts
        """
        product = {"code": self.env._("Code"), "product": self.env._("Product")}
        coded = {
            "code": self.env._("Code"),
            "vendor_code": self.env._("Your Code"),
            "product": self.env._("Product"),
        }
        return {
            "stock": (
                self.env._("Stock"),
                {
                    **coded, "unit": self.env._("Unit"), "agreement": self.env._("Agreement"),
                    "place": self.env._("Place"), "status": self.env._("Status"),
                    "on_hand": self.env._("On Hand"), "on_hand_vendor": self.env._("Of It Yours"),
                    "incoming": self.env._("Incoming"), "outgoing": self.env._("To Deliver"),
                    "pending": self.env._("Proposed"), "min": self.env._("Minimum"),
                    "max": self.env._("Maximum"), "multiple": self.env._("Multiple"),
                    "daily_demand": self.env._("Daily Demand"),
                    "weeks_of_cover": self.env._("Weeks of Cover"), "price": self.env._("Price"),
                    "currency": self.env._("Currency"), "reviewed": self.env._("Last Review"),
                },
                lambda service: service._describe_stock(
                    service._get_stock_lines(service._get_agreements())
                ),
            ),
            "proposals": (
                self.env._("Proposals"),
                {
                    "proposal": self.env._("Proposal"), **coded, "unit": self.env._("Unit"),
                    "suggested": self.env._("Suggested"), "answer": self.env._("Answer"),
                    "ordered": self.env._("Ordered"), "most": self.env._("Fits"),
                    "multiple": self.env._("Multiple"), "price": self.env._("Price"),
                    "on_hand": self.env._("On Hand"), "incoming": self.env._("Incoming"),
                    "outgoing": self.env._("To Deliver"), "min": self.env._("Minimum"),
                    "max": self.env._("Maximum"), "weeks_of_cover": self.env._("Weeks of Cover"),
                },
                lambda service: service._describe_proposal_lines(
                    service.env["vmi.proposal"].search(
                        service._get_proposals_domain(service._get_agreements())
                    )
                ),
            ),
            "orders": (
                self.env._("Orders"),
                {
                    "order": self.env._("Order"), **product, "unit": self.env._("Unit"),
                    "quantity": self.env._("Ordered"), "received": self.env._("Received"),
                    "announced": self.env._("Announced"), "left": self.env._("To Announce"),
                    "price": self.env._("Price"), "arrives": self.env._("Arrives"),
                },
                lambda service: service._describe_order_lines(
                    service.env["purchase.order"].search(
                        service._get_orders_domain(service._get_agreements())
                    )
                ),
            ),
            "shipments": (
                self.env._("Shipments"),
                {
                    "shipment": self.env._("Shipment"), **product, "unit": self.env._("Unit"),
                    "quantity": self.env._("Announced"), "received": self.env._("Received"),
                    "lot": self.env._("Lot"), "package": self.env._("Package"),
                },
                lambda service: service._describe_shipment_lines(
                    service.env["vmi.shipment"].search(
                        service._get_shipments_domain(service._get_agreements())
                    )
                ),
            ),
            "forecast": (
                self.env._("Forecast"),
                {
                    "product": self.env._("Product"), "unit": self.env._("Unit"),
                    "week": self.env._("Week"), "quantity": self.env._("Forecast"),
                    "capacity": self.env._("Promised Capacity"), "entered": self.env._("Entered"),
                },
                lambda service: service._describe_forecast(
                    service.env["vmi.vendor.forecast"].search(
                        service._get_forecast_domain(service._choose_lines(None)),
                        order="line_id, week",
                    )
                ),
            ),
            "sell-through": (
                self.env._("Sell-through"),
                {
                    "day": self.env._("Day"), **product, "unit": self.env._("Unit"),
                    "place": self.env._("Place"), "sold": self.env._("Sold"),
                    "used": self.env._("Used"), "returned": self.env._("Returned"),
                    "on_hand": self.env._("On Hand"), "incoming": self.env._("Incoming"),
                },
                lambda service, line_id=None, date_from=None, date_to=None: (
                    service._describe_sell_through(
                        service.env["vmi.sell.through"].search(
                            service._get_days_domain(
                                service._choose_lines(line_id), date_from, date_to
                            ),
                            limit=MOST_ROWS,
                        )
                    )
                ),
            ),
        }  # fmt: skip

    # -- whose it is ---------------------------------------------------------------------------

    @api.model
    def _open(self, right="see"):
        """Return the service with all rights, and nothing of the caller but user and language.

        :raise MissingError: for a user without a row that gives the right
        """
        user = self.env.user
        clean = self.env(user=user.id, su=True, context={})
        installed = dict(clean["res.lang"].get_installed())
        asked = self.env.context.get("lang")
        if not (isinstance(asked, str) and asked in installed):
            asked = clean.user.lang
        service = clean(context={"lang": asked if asked in installed else "en_US"})[self._name]
        if not service._get_rows(right):
            service._raise_missing()
        return service

    def _get_rows(self, right="see"):
        """Return the rows of the user that give a right."""
        return self.env["vmi.vendor.access"].search(
            [
                ("user_id", "=", self.env.uid),
                ("user_id.active", "=", True),
                ("can_see", "=", True),
                (f"can_{right}", "=", True),
            ]
        )

    def _has_right(self, record, right):
        """Return whether the user has a right on the agreement of a record."""
        return record.agreement_id in self._get_agreements(right)

    def _get_agreements(self, right="see"):
        """Return the agreements on which the user has a right; drafts are nobody's yet."""
        rows = self._get_rows(right)
        if not rows:
            return self.env["vmi.agreement"]
        return rows._get_agreements().filtered(lambda agreement: agreement.state != "draft")

    def _raise_missing(self):
        """Give the one answer to whoever asks for what is not theirs, or not there."""
        raise MissingError(self.env._("There is nothing here for you."))

    def _choose_agreements(self, agreement_id, right="see"):
        agreements = self._get_agreements(right)
        if agreement_id is None:
            return agreements
        chosen = agreements.filtered(lambda agreement: agreement.id == agreement_id)
        if not chosen or isinstance(agreement_id, bool):
            self._raise_missing()
        return chosen

    def _choose_lines(self, line_id, right="see"):
        """Return the products of running and suspended agreements, or one of them."""
        agreements = self._get_agreements(right)
        domain = self._get_lines_domain(agreements)
        if line_id is None:
            return self.env["vmi.agreement.line"].search(domain)
        return self._find("vmi.agreement.line", line_id, domain)

    def _get_lines_domain(self, agreements):
        return Domain("agreement_id", "in", agreements.ids) & Domain(
            "state", "in", ("running", "suspended")
        )

    def _find(self, model, record_id, domain):
        """Return the record of an id among those of a domain, or give the one answer."""
        found = self.env[model]
        is_id = isinstance(record_id, int) and not isinstance(record_id, bool)
        if is_id and 0 < record_id < 2**31:
            found = found.search(Domain("id", "=", record_id) & Domain(domain), limit=1)
        if not found:
            self._raise_missing()
        return found

    def _find_proposal(self, proposal_id, right="see"):
        domain = self._get_proposals_domain(self._get_agreements(right))
        return self._find("vmi.proposal", proposal_id, domain)

    def _find_order(self, order_id, right="see"):
        domain = self._get_orders_domain(self._get_agreements(right))
        return self._find("purchase.order", order_id, domain)

    def _find_shipment(self, shipment_id, right="see"):
        domain = self._get_shipments_domain(self._get_agreements(right))
        return self._find("vmi.shipment", shipment_id, domain)

    def _find_attachment(self, proposal, attachment_id):
        files = self._get_messages(proposal).attachment_ids
        return self._find("ir.attachment", attachment_id, [("id", "in", files.ids)])

    # -- what was asked ------------------------------------------------------------------------

    def _page(self, model, domain, offset, limit, describe):
        part = self._get_slice(offset, limit)
        records = self.env[model].search(domain, offset=part.start, limit=part.stop - part.start)
        return {
            "total": self.env[model].search_count(domain),
            "lines": [describe(record) for record in records],
        }

    def _get_slice(self, offset, limit):
        offset = self._check_number(offset, 0, 2**31 - 1, "offset")
        limit = self._check_number(limit, 1, MOST_LINES, "limit")
        return slice(offset, offset + limit)

    def _check_number(self, value, least, most, name):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise UserError(
                self.env._(
                    "%(name)s: enter a whole number from %(least)s to %(most)s.",
                    name=name,
                    least=least,
                    most=most,
                )
            )
        return value

    def _check_quantity(self, value, least=None):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # A number that is none is not above anything.
        if not is_number or not (least if least is not None else 1e-9) <= value <= 100_000_000:
            raise UserError(
                self.env._("Enter a quantity above 0.")
                if least is None
                else self.env._("Enter a quantity of 0 or more.")
            )
        return float(value)

    def _check_text(self, value, name, most=MOST_TEXT, required=False):
        value = "" if value is None else value
        if not isinstance(value, str) or len(value) > most or "\x00" in value:
            raise UserError(
                self.env._(
                    "%(name)s: enter a text of at most %(most)s letters.", name=name, most=most
                )
            )
        value = value.strip()
        if required and not value:
            raise UserError(self.env._("Please give the reason."))
        return value

    def _check_day(self, value, name):
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            raise UserError(self.env._("%s: enter a day as 2026-12-31.", name)) from None
        today = fields.Date.today()
        if not abs((day - today).days) <= 3650:
            raise UserError(self.env._("%s: enter a day as 2026-12-31.", name))
        return day

    def _check_list(self, value, name):
        if (
            not isinstance(value, list)
            or len(value) > MOST_LINES
            or not all(isinstance(one, dict) for one in value)
        ):
            raise UserError(
                self.env._("%(name)s: give a list of at most %(most)s.", name=name, most=MOST_LINES)
            )
        keys = {
            "quantities": ("line_id", "quantity"),
            "lines": ("order_line_id", "quantity"),
            "forecast": ("line_id", "week", "quantity"),
        }
        for one in value:
            if missing := [key for key in keys.get(name, ()) if key not in one]:
                raise UserError(
                    self.env._("%(name)s: %(key)s is missing.", name=name, key=missing[0])
                )
        return value

    # -- stock and demand ----------------------------------------------------------------------

    def _get_stock_lines(self, agreements):
        """Return the products, what runs out first on top."""
        lines = self.env["vmi.agreement.line"].search(self._get_lines_domain(agreements))

        def urgency(line):
            cover = self._get_cover(line.on_hand_qty, line.daily_demand)
            return (
                URGENCY.get(line.stock_status, 2),
                cover is None,
                cover or 0,
                line.agreement_id.id,
                line.sequence,
                line.id,
            )

        return lines.sorted(urgency)

    def _get_cover(self, on_hand, daily_demand):
        """Return for how many weeks what is on hand lasts; None without demand."""
        if daily_demand <= 0:
            return None
        return round(max(on_hand, 0) / daily_demand / 7, 1)

    def _describe_agreement(self, agreement):
        return {
            "agreement_id": agreement.id,
            "name": agreement.name,
            "company": agreement.company_id.name,
            "vendor": agreement.partner_id.display_name,
            "place": self._get_place(agreement),
            "state": agreement.state,
            "buyer": agreement.user_id.name,
            "currency": agreement.currency_id.name,
            "rights": [
                right
                for right in ("see", "answer", "announce", "settle")
                if agreement in self._get_agreements(right)
            ],
        }

    def _get_place(self, agreement):
        """Return where the stock is: the warehouse, and the location where it is a part of it."""
        warehouse = agreement.warehouse_id
        if agreement.location_id == warehouse.lot_stock_id:
            return warehouse.name
        return f"{warehouse.name}: {agreement.location_id.name}"

    def _describe_stock(self, lines):
        """Return what the vendor sees of products.

        :return: dicts of ``line_id``, ``agreement_id``, ``agreement``, ``place``, ``code``,
            ``vendor_code``, ``product``, ``unit``, ``multiple``, ``price``, ``currency``, ``min``,
            ``max``, ``on_hand``, of it ``on_hand_vendor`` (the vendor's own), ``incoming``,
            ``outgoing``, ``pending``, ``status`` (out, below, on_track, above, dead),
            ``daily_demand``, ``weeks_of_cover`` (null: no demand), ``reviewed``
        """
        owned = self._get_owned(lines)
        sellers = self._get_sellers(lines)
        named = self._get_names(lines.product_id)
        proposed = self._get_proposed(lines)
        places = {one: self._get_place(one) for one in lines.agreement_id}
        levels = self._get_levels(lines)
        rows = []
        for line in lines:
            agreement = line.agreement_id
            theirs, others = owned.get(line.id, (0.0, 0.0))
            on_hand = line.on_hand_qty - others
            least, most = levels[line]
            seller = sellers.get(line.id, {})
            rows.append(
                {
                    "line_id": line.id,
                    "agreement_id": agreement.id,
                    "agreement": agreement.name,
                    "place": places[agreement],
                    "code": line.product_id.default_code or "",
                    "vendor_code": seller.get("code") or "",
                    "product": named[line.product_id],
                    "unit": line.product_id.product_tmpl_id.uom_id.name,
                    "multiple": self._get_multiple(line, seller),
                    "price": seller.get("price"),
                    "currency": seller.get("currency"),
                    "min": least,
                    "max": most,
                    "on_hand": on_hand,
                    "on_hand_vendor": theirs,
                    "incoming": line.incoming_qty,
                    "outgoing": line.outgoing_qty,
                    "pending": line.rfq_qty + proposed.get(line, 0.0),
                    "status": line.stock_status or None,
                    "daily_demand": round(line.daily_demand, 2),
                    "weeks_of_cover": self._get_cover(on_hand, line.daily_demand),
                    "reviewed": self._get_moment(agreement.last_review),
                }
            )
        return rows

    def _get_levels(self, lines):
        """Return by line its minimum and maximum; of what is counted there is no part of a one.

        :param lines: of agreements or of proposals
        """
        pieces = self.env.ref("uom.product_uom_unit")
        levels = {}
        for line in lines:
            least, most = line.level_min_qty, line.level_max_qty
            if line.product_id.product_tmpl_id.uom_id._has_common_reference(pieces):
                least = float(ceil(least - 1e-6))
                most = max(float(floor(most + 1e-6)), least)
            levels[line] = least, most
        return levels

    def _get_names(self, products):
        """Return the names of products, without the company's own codes.

        Only a variant's name has to be put together; that of the others is the template's.
        """
        variants = products.filtered("combination_indices")
        named = variants.with_context(display_default_code=False)
        names = dict(zip(variants, named.mapped("display_name"), strict=True))
        return {product: names.get(product) or product.product_tmpl_id.name for product in products}

    def _get_moment(self, moment):
        """Return a moment as text, in UTC."""
        return moment.isoformat(timespec="seconds") + "Z" if moment else None

    def _get_multiple(self, line, seller):
        if line.replenishment_uom_id:
            own = line.product_id.uom_id
            return line.replenishment_uom_id._compute_quantity(1, own, round=False)
        return seller.get("multiple") or 1.0

    def _get_proposed(self, lines):
        """Return by line how much is proposed to be bought, and not ordered yet."""
        return dict(
            self.env["vmi.proposal.line"]._read_group(
                [
                    ("line_id", "in", lines.ids),
                    ("proposal_id.kind", "=", "purchase"),
                    ("proposal_id.state", "in", PENDING_STATES),
                ],
                ["line_id"],
                ["approved_qty:sum"],
            )
        )

    def _get_owned(self, lines):
        """Return by line id how much of what is on hand is the vendor's, and how much others'."""
        if not lines:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id,
                       SUM(quant.quantity) FILTER (
                           WHERE owner.commercial_partner_id = vendor.commercial_partner_id),
                       SUM(quant.quantity) FILTER (
                           WHERE owner.commercial_partner_id <> vendor.commercial_partner_id)
                  FROM vmi_agreement_line line
                  JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
                  JOIN res_partner vendor ON vendor.id = agreement.partner_id
                  JOIN stock_location root ON root.id = line.location_id
                  JOIN stock_quant quant ON quant.product_id = line.product_id
                  JOIN res_partner owner ON owner.id = quant.owner_id
                  JOIN stock_location location
                    ON location.id = quant.location_id AND location.usage = 'internal'
                   AND location.parent_path LIKE root.parent_path || '%%'
                 WHERE line.id = ANY(%s)
              GROUP BY line.id
                """,
                lines.ids,
            )
        )
        return {line_id: (theirs or 0.0, others or 0.0) for line_id, theirs, others in rows}

    def _get_sellers(self, lines):
        """Return by line id the vendor's own code, price and unit of each product."""
        if not lines:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (line.id) line.id, seller.product_code, seller.price,
                       currency.name, seller_unit.factor / unit.factor
                  FROM vmi_agreement_line line
                  JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
                  JOIN res_partner vendor ON vendor.id = agreement.partner_id
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = template.uom_id
                  JOIN product_supplierinfo seller
                    ON seller.product_tmpl_id = template.id
                   AND (seller.product_id IS NULL OR seller.product_id = product.id)
                   AND seller.partner_id IN (vendor.id, vendor.parent_id)
                   AND (seller.company_id IS NULL OR seller.company_id = agreement.company_id)
                   AND (seller.date_start IS NULL OR seller.date_start <= CURRENT_DATE)
                   AND (seller.date_end IS NULL OR seller.date_end >= CURRENT_DATE)
                  JOIN res_currency currency ON currency.id = seller.currency_id
                  JOIN uom_uom seller_unit ON seller_unit.id = seller.product_uom_id
                 WHERE line.id = ANY(%s)
              ORDER BY line.id, seller.product_id NULLS LAST, seller.sequence, seller.min_qty,
                       seller.price, seller.id
                """,
                lines.ids,
            )
        )
        return {
            line_id: {"code": code, "price": price, "currency": currency, "multiple": float(ratio)}
            for line_id, code, price, currency, ratio in rows
        }

    def _get_weekly_demand(self, lines, weeks):
        """Return {line: {Monday: quantity}} of the ISO weeks that are over."""
        today = min((line.company_id._vmi_today() for line in lines), default=fields.Date.today())
        end = today - timedelta(days=today.weekday())
        start = end - timedelta(weeks=weeks)
        groups = self.env["vmi.sell.through"]._read_group(
            [("line_id", "in", lines.ids), ("day", ">=", start), ("day", "<", end)],
            ["line_id", "day:day"],
            ["sold_qty:sum", "used_qty:sum", "returned_qty:sum"],
        )
        mondays = [start + timedelta(weeks=week) for week in range(weeks)]
        demand = {line: dict.fromkeys(mondays, 0.0) for line in lines}
        for line, day, sold, used, returned in groups:
            monday = day - timedelta(days=day.weekday())
            demand[line][monday] = round(demand[line][monday] + sold + used - returned, 6)
        return demand

    def _get_days_domain(self, lines, date_from, date_to):
        today = fields.Date.today()
        first = self._check_day(date_from, "date_from") if date_from else today - timedelta(28)
        last = self._check_day(date_to, "date_to") if date_to else today
        return [("line_id", "in", lines.ids), ("day", ">=", first), ("day", "<=", last)]

    def _describe_sell_through(self, rows):
        """Return what the vendor sees of days.

        :return: dicts of ``day``, ``line_id``, ``place``, ``code``, ``product``, ``unit``,
            ``sold``, ``used``, ``returned``, ``on_hand`` and ``incoming`` (at the day's end)
        """
        named = self._get_names(rows.product_id)
        places = {one: self._get_place(one) for one in rows.agreement_id}
        return [
            {
                "day": row.day.isoformat(),
                "line_id": row.line_id.id,
                "place": places[row.agreement_id],
                "code": row.product_id.default_code or "",
                "product": named[row.product_id],
                "unit": row.product_id.product_tmpl_id.uom_id.name,
                "sold": row.sold_qty,
                "used": row.used_qty,
                "returned": row.returned_qty,
                "on_hand": row.on_hand_qty,
                "incoming": row.incoming_qty,
            }
            for row in rows
        ]

    def _get_forecast_domain(self, lines):
        today = fields.Date.today()
        return [
            ("line_id", "in", lines.ids),
            ("is_newest", "=", True),
            ("week", ">=", today - timedelta(days=today.weekday())),
        ]

    def _describe_forecast(self, forecasts):
        named = self._get_names(forecasts.product_id)
        return [
            {
                "line_id": one.line_id.id,
                "product": named[one.product_id],
                "unit": one.product_id.product_tmpl_id.uom_id.name,
                "week": one.week.isoformat(),
                "quantity": one.quantity,
                "capacity": one.capacity,
                "entered": self._get_moment(one.create_date),
            }
            for one in forecasts
        ]

    # -- proposals -----------------------------------------------------------------------------

    def _get_proposals_domain(self, agreements, state=None):
        proposals = self.env["vmi.proposal"]
        domain = Domain("agreement_id", "in", agreements.ids) & Domain(
            proposals._get_shown_domain()
        )
        if state == "open":
            return domain & Domain("state", "=", "sent")
        if state is not None:
            domain &= Domain("state", "=", state if isinstance(state, str) else "")
        return domain

    def _describe_proposal(self, proposal):
        """Return what the vendor sees of a proposal.

        :return: ``proposal_id``, ``name``, ``agreement_id``, ``agreement``, ``place``, ``buyer``,
            ``state`` (sent, waiting, ordered, refused, expired), ``is_answerable``, ``created``,
            ``expires``, ``line_count``, ``amount`` and ``currency``, ``orders``
        """
        agreement = proposal.agreement_id
        is_answered = all(line.answered_at for line in proposal.line_ids)
        state = "waiting" if proposal.state == "sent" and is_answered else proposal.state
        return {
            "proposal_id": proposal.id,
            "name": proposal.name,
            "agreement_id": agreement.id,
            "agreement": agreement.name,
            "place": self._get_place(agreement),
            "buyer": agreement.user_id.name,
            "state": "waiting" if state == "approved" else state,
            "is_answerable": proposal._is_answerable(),
            "created": self._get_moment(proposal.create_date),
            "expires": self._get_moment(proposal.date_expiry),
            "line_count": len(proposal.line_ids),
            "amount": sum(line.approved_qty * line.unit_price for line in proposal.line_ids),
            "currency": agreement.currency_id.name,
            "orders": proposal.purchase_order_ids.filtered(
                lambda order: order.state in SHOWN_ORDERS
            ).mapped("name"),
        }

    def _describe_proposal_lines(self, proposals):
        """Return what the vendor sees of the products of proposals.

        :return: dicts of ``proposal``, ``line_id``, ``code``, ``vendor_code``, ``product``,
            ``unit``, ``suggested``, ``answer``, ``is_answered``, ``ordered``, ``most`` (up to which
            an answer needs nobody), ``multiple``, ``price``, ``on_hand``, ``incoming``,
            ``outgoing``, ``min``, ``max``, ``weeks_of_cover``
        """
        lines = proposals.line_ids
        sellers = self._get_sellers(lines.line_id)
        owned = self._get_owned(lines.line_id)
        named = self._get_names(lines.product_id)
        levels = self._get_levels(lines)
        rows = []
        for line in lines:
            on_hand = line.on_hand_qty - owned.get(line.line_id.id, (0.0, 0.0))[1]
            least, most = levels[line]
            rows.append(
                {
                    "proposal": line.proposal_id.name,
                    "line_id": line.id,
                    "code": line.product_id.default_code or "",
                    "vendor_code": sellers.get(line.line_id.id, {}).get("code") or "",
                    "product": named[line.product_id],
                    "unit": line.product_uom_id.name,
                    "suggested": line.suggested_qty,
                    "answer": line.vendor_qty,
                    "is_answered": bool(line.answered_at),
                    "ordered": line.approved_qty if line.purchase_line_id else 0.0,
                    "most": line._get_most_answer(),
                    "multiple": line.multiple_qty or 1.0,
                    "price": line.unit_price,
                    "on_hand": on_hand,
                    "incoming": line.incoming_qty + line.rfq_qty,
                    "outgoing": line.outgoing_qty,
                    "min": least,
                    "max": most,
                    "weeks_of_cover": self._get_cover(on_hand, line.daily_demand),
                }
            )
        return rows

    def _get_messages(self, proposal):
        """Return what was written to and by the vendor; notes are the company's own."""
        return self.env["mail.message"].search(
            [
                ("model", "=", proposal._name),
                ("res_id", "=", proposal.id),
                ("message_type", "in", ("comment", "email")),
                ("subtype_id", "=", self.env.ref("mail.mt_comment").id),
                ("is_internal", "=", False),
            ],
            order="id",
        )

    def _describe_messages(self, proposal):
        vendor = proposal.partner_id.commercial_partner_id
        own = self.env.user.partner_id
        rows = []
        for message in self._get_messages(proposal):
            author = message.author_id
            is_known = (
                author == own
                or author.commercial_partner_id == vendor
                or any(not user.share for user in author.user_ids)
            )
            rows.append(
                {
                    "message_id": message.id,
                    "date": self._get_moment(message.date),
                    "author": author.name if is_known else proposal.company_id.name,
                    "is_own": author == own,
                    "body": html2plaintext(message.body or "").strip(),
                    "attachments": [
                        {
                            "attachment_id": attachment.id,
                            "name": attachment.name,
                            "size": attachment.file_size,
                        }
                        for attachment in message.attachment_ids
                    ],
                }
            )
        return rows

    def _post_message(self, proposal, body, files):
        """Post what a vendor writes, with files as pairs of name and bytes."""
        body = self._check_text(body, "body")
        if not body and not files:
            raise UserError(self.env._("Write something, or attach a file."))
        if len(files) > MOST_ATTACHMENTS:
            raise UserError(self.env._("Attach at most %s files.", MOST_ATTACHMENTS))
        attachments = []
        for name, data in files:
            name = self._check_text(name, "name", most=200) or "file"
            if len(data) > MOST_BYTES:
                raise UserError(self.env._("%s is larger than 10 MB.", name))
            attachments.append((name, data))
        buyer = proposal.agreement_id._get_acting_buyer().partner_id
        return proposal.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=buyer.ids,
            attachments=attachments,
        )

    # -- orders and shipments ------------------------------------------------------------------

    def _get_orders_domain(self, agreements, state=None):
        domain = Domain("vmi_agreement_id", "in", agreements.ids)
        if state == "open":
            return (
                domain
                & Domain("state", "=", "purchase")
                & Domain("receipt_status", "in", ("pending", "partial"))
            )
        if state == "received":
            return domain & Domain("state", "=", "purchase") & Domain("receipt_status", "=", "full")
        if state == "cancelled":
            return domain & Domain("state", "=", "cancel")
        return domain & Domain("state", "in", SHOWN_ORDERS if state is None else ())

    def _describe_order(self, order):
        """Return what the vendor sees of an order.

        :return: ``order_id``, ``name``, ``vendor_reference``, ``agreement_id``, ``agreement``,
            ``place``, ``buyer``, ``state`` (open, received, cancelled), ``approved``, ``arrives``,
            ``line_count``, ``amount`` (without taxes), ``currency``
        """
        agreement = order.vmi_agreement_id
        if order.state == "cancel":
            state = "cancelled"
        else:
            state = "received" if order.receipt_status == "full" else "open"
        return {
            "order_id": order.id,
            "name": order.name,
            "vendor_reference": order.partner_ref or "",
            "agreement_id": agreement.id,
            "agreement": agreement.name,
            "place": self._get_place(agreement),
            "buyer": (order.user_id or agreement.user_id).name,
            "state": state,
            "approved": self._get_moment(order.date_approve),
            "arrives": self._get_local_day(order.date_planned, order.company_id),
            "line_count": len(order.order_line.filtered(lambda line: not line.display_type)),
            "amount": order.amount_untaxed,
            "currency": order.currency_id.name,
        }

    def _get_local_day(self, moment, company):
        if not moment:
            return None
        zone = company._vmi_timezone()
        return (
            fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date().isoformat()
        )

    def _describe_order_lines(self, orders):
        """Return what the vendor sees of the products of orders.

        :return: dicts of ``order``, ``order_line_id``, ``code``, ``product``, ``unit``,
            ``quantity``, ``price``, ``arrives``, ``received``, ``announced``, ``left`` (to be
            announced), ``tracking`` (none, lot, serial)
        """
        lines = orders.order_line.filtered(lambda line: not line.display_type and line.product_id)
        announced = orders._vmi_get_announced(("announced", "waiting")).grouped("purchase_line_id")
        receipts = orders._vmi_get_open_receipts().grouped("purchase_line_id")
        named = self._get_names(lines.product_id)
        rows = []
        for line in lines:
            expected = sum(
                move.product_uom._compute_quantity(
                    move.product_uom_qty, line.product_uom_id, round=False
                )
                for move in receipts.get(line, ())
            )
            on_way = sum(part.quantity for part in announced.get(line, ()))
            rows.append(
                {
                    "order": line.order_id.name,
                    "order_line_id": line.id,
                    "code": line.product_id.default_code or "",
                    "product": named[line.product_id],
                    "unit": line.product_uom_id.name,
                    "quantity": line.product_qty,
                    "price": line.price_unit,
                    "arrives": self._get_local_day(line.date_planned, line.company_id),
                    "received": line.qty_received,
                    "announced": on_way,
                    "left": line.product_uom_id.round(max(expected - on_way, 0.0)),
                    "tracking": line.product_id.tracking,
                }
            )
        return rows

    def _get_shipments_domain(self, agreements, state=None):
        domain = Domain("agreement_id", "in", agreements.ids)
        if state == "open":
            return domain & Domain("state", "in", ("waiting", "announced"))
        if state is not None:
            domain &= Domain("state", "=", state if isinstance(state, str) else "")
        return domain

    def _get_shipments(self, order):
        return self.env["vmi.shipment"].search([("purchase_id", "=", order.id)])

    def _describe_shipment(self, shipment):
        """Return what the vendor sees of a shipment.

        :return: ``shipment_id``, ``name``, ``order_id``, ``order``, ``place``, ``state`` (waiting,
            announced, received, cancelled), ``date``, ``carrier``, ``tracking_ref``,
            ``package_count``, ``note``, ``line_count``
        """
        return {
            "shipment_id": shipment.id,
            "name": shipment.name,
            "agreement_id": shipment.agreement_id.id,
            "order_id": shipment.purchase_id.id,
            "order": shipment.purchase_id.name,
            "place": self._get_place(shipment.agreement_id),
            "state": shipment.state,
            "date": shipment.date.isoformat(),
            "carrier": shipment.carrier or "",
            "tracking_ref": shipment.tracking_ref or "",
            "package_count": shipment.package_count,
            "note": shipment.note or "",
            "line_count": len(shipment.line_ids),
        }

    def _describe_shipment_lines(self, shipments):
        """Return what the vendor sees of the products of shipments.

        :return: dicts of ``shipment``, ``order_line_id``, ``code``, ``product``, ``unit``,
            ``quantity``, ``lot``, ``package``, ``received``
        """
        named = self._get_names(shipments.line_ids.product_id)
        return [
            {
                "shipment": line.shipment_id.name,
                "order_line_id": line.purchase_line_id.id,
                "code": line.product_id.default_code or "",
                "product": named[line.product_id],
                "unit": line.product_uom_id.name,
                "quantity": line.quantity,
                "lot": line.lot_name or "",
                "package": line.package_name or "",
                "received": line.received_qty,
            }
            for line in shipments.line_ids
        ]
