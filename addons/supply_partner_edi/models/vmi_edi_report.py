from odoo import api, fields, models

from ..tools import SalesDay, SalesReport, StockLine, StockReport

PAGE = 1000


class VmiEdiReport(models.AbstractModel):
    """From Odoo to what is reported: the figures that the vendor's own service shows."""

    _name = "vmi.edi.report"
    _description = "EDI: Reports"

    @api.model
    def _read_pages(self, read):
        rows, offset = [], 0
        while part := read(offset)["lines"]:
            rows += part
            offset += len(part)
        return rows

    @api.model
    def _get_place_gln(self, agreement):
        return agreement.warehouse_id.partner_id.sudo().global_location_number or ""

    @api.model
    def _get_stock(self, message):
        """Return the agreement's stock report, as the vendor's own pages show it."""
        agreement = message.agreement_ids
        service = message._serve(agreement, "see")
        rows = self._read_pages(lambda offset: service.get_stock(agreement.id, offset, PAGE))
        if not rows:
            return None
        described = {row["line_id"]: row for row in rows}
        items = agreement.line_ids.browse(described)._get_edi_items(described)
        waiting = self.env["vmi.proposal"].search(
            service._open()._get_proposals_domain(agreement, "open"), order="id"
        )
        return StockReport(
            number=message.name,
            day=message.company_id._vmi_today(),
            agreement=agreement.name,
            place=rows[0]["place"],
            place_gln=self._get_place_gln(agreement),
            proposals=tuple(waiting.mapped("name")),
            lines=tuple(
                StockLine(
                    *items[row["line_id"]],
                    on_hand=row["on_hand"],
                    incoming=row["incoming"],
                    outgoing=row["outgoing"],
                    proposed=row["pending"],
                    least=row["min"],
                    most=row["max"],
                )
                for row in rows
            ),
        )

    @api.model
    def _get_sales(self, message):
        """Return the agreement's sell-through of the message's days."""
        agreement = message.agreement_ids
        service = message._serve(agreement, "see")
        first, last = message.date_from, message.date_to
        rows = self._read_pages(
            lambda offset: service.get_sell_through(
                first.isoformat(), last.isoformat(), None, offset, PAGE
            )
        )
        if not rows:
            return None
        described = {row["line_id"]: {**row, "vendor_code": ""} for row in rows}
        lines = agreement.line_ids.browse(described)
        for line_id, seller in service._get_sellers(lines).items():
            described[line_id]["vendor_code"] = seller["code"] or ""
        items = lines._get_edi_items(described)
        return SalesReport(
            number=message.name,
            day=message.company_id._vmi_today(),
            first=first,
            last=last,
            agreement=agreement.name,
            place=rows[0]["place"],
            place_gln=self._get_place_gln(agreement),
            days=tuple(
                SalesDay(
                    *items[row["line_id"]],
                    day=fields.Date.to_date(row["day"]),
                    sold=row["sold"],
                    used=row["used"],
                    returned=row["returned"],
                    on_hand=row["on_hand"],
                    incoming=row["incoming"],
                )
                for row in rows
            ),
        )
