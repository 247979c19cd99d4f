from odoo import api, models
from odoo.addons.supply_partner_vendor.models.vmi_vendor import MOST_LINES
from odoo.exceptions import MissingError
from odoo.fields import Domain


class VmiVendor(models.AbstractModel):
    """What a vendor's user sees of settlements, and says to them."""

    _inherit = "vmi.vendor"

    # -- what is open to users -----------------------------------------------------------------

    @api.model
    @api.readonly
    def get_settlements(self, state=None, offset=0, limit=MOST_LINES):
        """Return the settlements of the user's stock, the newest first.

        :param state: ``open`` for those to confirm; all by default
        :return: ``total`` and ``lines``; see :meth:`_describe_settlement`
        """
        service = self._open("settle")
        domain = service._get_settlements_domain(state)
        return service._page(
            "vmi.consignment.settlement", domain, offset, limit, service._describe_settlement
        )

    @api.model
    @api.readonly
    def get_settlement(self, settlement_id):
        """Return one settlement with its products and their uses.

        :return: see :meth:`_describe_settlement` and :meth:`_describe_settlement_lines`
        """
        service = self._open("settle")
        settlement = service._find_settlement(settlement_id)
        return {
            **service._describe_settlement(settlement),
            "lines": service._describe_settlement_lines(settlement),
        }

    @api.model
    def confirm_settlement(self, settlement_id, number=""):
        """Agree to all of a settlement that is not in dispute.

        :param number: of the vendor's own invoice; not needed where the buyer bills
        :return: ``state``: ``confirmed``
        """
        service = self._open("settle")
        settlement = service._find_settlement(settlement_id)
        settlement._confirm_as_vendor(service._check_text(number, "number", most=100))
        return {"state": "confirmed"}

    @api.model
    def dispute_settlement_line(self, settlement_id, settlement_line_id, reason):
        """Keep a line out of the bill until the buyer has decided about it.

        :param reason: why, for the buyer
        :return: ``status``: ``disputed``
        """
        service = self._open("settle")
        settlement = service._find_settlement(settlement_id)
        line = service._find(
            "vmi.consignment.settlement.line",
            settlement_line_id,
            [("settlement_id", "=", settlement.id)],
        )
        line._dispute_as_vendor(service._check_text(reason, "reason", most=500, required=True))
        return {"status": "disputed"}

    # -- what the pages need besides; each opens the service itself --------------------------------

    @api.model
    def _has_settlements(self):
        """Return whether the user is somebody to whom settlements are shown."""
        try:
            service = self._open("settle")
        except MissingError:
            return False
        agreements = service._get_agreements("settle")
        return "consigned" in agreements.mapped("ownership")

    @api.model
    def _count_settlements(self):
        """Return how many settlements the user can confirm."""
        try:
            service = self._open("settle")
        except MissingError:
            return 0
        return service.env["vmi.consignment.settlement"].search_count(
            service._get_settlements_domain("open")
        )

    # -- settlements -----------------------------------------------------------------------------

    def _get_settlements_domain(self, state=None):
        """Return the domain of the settlements under the user's agreements and no other's."""
        own = self._get_agreements("settle").ids
        domain = Domain("agreement_ids", "any", [("id", "in", own)])
        domain &= ~Domain("agreement_ids", "any", [("id", "not in", own)])
        if state is None:
            return domain
        if state != "open":
            return Domain.FALSE
        open_lines = [
            ("state", "=", "open"),
            ("quantity", "!=", 0),
            "!",
            ("invoice_line_ids.parent_state", "=", "posted"),
        ]
        return domain & Domain("confirmed_at", "=", False) & Domain("line_ids", "any", open_lines)

    def _find_settlement(self, settlement_id):
        return self._find(
            "vmi.consignment.settlement", settlement_id, self._get_settlements_domain()
        )

    def _describe_settlement(self, settlement):
        """Return what the vendor sees of a settlement.

        :return: ``settlement_id``, ``name``, ``company``, ``vendor``, ``date_from``, ``date_to``,
            ``billing`` (vendor: by the vendor's invoice, self: the buyer bills), ``state``
            (to_confirm, confirmed, disputed, billed), ``is_confirmable``, ``number`` (of the
            vendor's invoice, as confirmed), ``line_count``, ``disputed_count``, ``amounts`` (of
            what is neither waived nor left to a later settlement, by currency), ``bills``
            (``number``, ``date``, ``amount``, ``currency``)
        """
        lines = settlement.line_ids
        amounts = {}
        for line in lines:
            if line.state not in ("waived", "later"):
                currency = line.currency_id.name
                amounts[currency] = amounts.get(currency, 0.0) + line.amount
        bills = settlement.bill_ids.filtered(lambda bill: bill.state == "posted")
        is_confirmable = settlement._is_confirmable()
        if is_confirmable:
            state = "to_confirm"
        elif settlement.state == "billed" and bills:
            state = "billed"
        elif settlement.state == "disputed":
            state = "disputed"
        else:
            state = "confirmed" if settlement.confirmed_at else "billed"
        return {
            "settlement_id": settlement.id,
            "name": settlement.name,
            "company": settlement.company_id.name,
            "vendor": settlement.partner_id.display_name,
            "date_from": settlement.date_from.isoformat(),
            "date_to": settlement.date_to.isoformat(),
            "billing": settlement.billing,
            "state": state,
            "is_confirmable": is_confirmable,
            "number": settlement.vendor_number or "",
            "line_count": len(lines),
            "disputed_count": len(lines.filtered(lambda line: line.state == "disputed")),
            "amounts": [
                {"amount": amount, "currency": currency}
                for currency, amount in sorted(amounts.items())
            ],
            "bills": [
                {
                    "number": (bill.name if settlement.billing == "self" else bill.ref) or "",
                    "date": (bill.invoice_date or bill.date).isoformat(),
                    "amount": -bill.amount_total
                    if bill.move_type == "in_refund"
                    else bill.amount_total,
                    "currency": bill.currency_id.name,
                }
                for bill in bills
            ],
        }

    def _describe_settlement_lines(self, settlements):
        """Return what the vendor sees of the products of settlements.

        :return: dicts of ``settlement``, ``settlement_line_id``, ``code``, ``product``, ``unit``,
            ``kind`` (used, lost), ``quantity``, ``price``, ``currency``, ``amount``, ``status``
            (to_bill, billed, disputed, waived, later), ``is_disputable``, ``reason`` (the
            vendor's), ``answer`` (the buyer's), ``uses`` (dicts of ``day``, ``lot``, ``quantity``,
            ``amount``)
        """
        lines = settlements.line_ids
        named = self._get_names(lines.product_id)
        uses = self._get_uses(lines)
        return [
            {
                "settlement": line.settlement_id.name,
                "settlement_line_id": line.id,
                "code": line.product_id.default_code or "",
                "product": named[line.product_id],
                "unit": line.product_uom_id.name,
                "kind": line.kind,
                "quantity": line.quantity,
                "price": line.unit_price,
                "currency": line.currency_id.name,
                "amount": line.amount,
                "status": self._get_line_status(line),
                "is_disputable": not line.settlement_id.confirmed_at and line._is_open_to_vendor(),
                "reason": line.vendor_reason or "",
                "answer": line.answer or "",
                "uses": uses.get(line, []),
            }
            for line in lines
        ]

    def _get_line_status(self, line):
        """Return the status of a line; on the draft of a bill nothing is billed yet."""
        is_draft = "draft" in line.invoice_line_ids.mapped("parent_state")
        return "to_bill" if line.status == "billed" and is_draft else line.status

    def _get_uses(self, lines):
        """Return by line what was used of its product by day and lot."""
        uses = {}
        for line, day, lot, quantity in self.env["vmi.consignment.entry"]._read_group(
            [("settlement_line_id", "in", lines.ids)],
            ["settlement_line_id", "day:day", "lot_id"],
            ["quantity:sum"],
            order="settlement_line_id, day:day, lot_id",
        ):
            if not line.product_uom_id.is_zero(quantity):
                uses.setdefault(line, []).append(
                    {
                        "day": day.isoformat(),
                        "lot": lot.name or "",
                        "quantity": -quantity,
                        "amount": line.currency_id.round(-quantity * line.unit_price),
                    }
                )
        return uses

    def _get_tables(self):
        return {
            **super()._get_tables(),
            "settlements": (
                self.env._("Settlements"),
                {
                    "settlement": self.env._("Settlement"), "date_from": self.env._("From"),
                    "date_to": self.env._("To"), "code": self.env._("Code"),
                    "product": self.env._("Product"), "lot": self.env._("Lot"),
                    "day": self.env._("Day"), "unit": self.env._("Unit"),
                    "quantity": self.env._("Quantity"), "price": self.env._("Price"),
                    "amount": self.env._("Amount"), "currency": self.env._("Currency"),
                    "status": self.env._("Status"), "reason": self.env._("Your Reason"),
                    "answer": self.env._("The Buyer's Answer"), "number": self.env._("Bill"),
                },
                lambda service: service._tabulate_settlements(),
            ),
        }  # fmt: skip

    def _tabulate_settlements(self):
        """Return a row for each use; for a line without any left, one for the line."""
        if not self._get_rows("settle"):
            self._raise_missing()
        found = self.env["vmi.consignment.settlement"].search(self._get_settlements_domain())
        described = {one.name: self._describe_settlement(one) for one in found}
        rows = []
        for line in self._describe_settlement_lines(found):
            settlement = described[line["settlement"]]
            numbers = [bill["number"] for bill in settlement["bills"]]
            common = {
                **line,
                "date_from": settlement["date_from"],
                "date_to": settlement["date_to"],
                "number": ", ".join(numbers) if line["status"] == "billed" else "",
            }
            rows += [{**common, **use} for use in line["uses"]] or [
                {**common, "day": "", "lot": ""}
            ]
        return rows
