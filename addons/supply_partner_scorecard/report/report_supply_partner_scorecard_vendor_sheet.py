from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

# Vendors printed at once at most: a sheet takes a moment each.
MAX_SHEETS = 50
# Odoo's colours 0 to 11, darkened so that white letters on them are legible on paper.
BAND_COLORS = (
    "#6c757d", "#c0392b", "#b45f12", "#8a6d0b", "#2f6fb5", "#7d4a70",
    "#a8532b", "#2b6d78", "#3b4a8c", "#a02b5e", "#23804e", "#6b3fa0",
)  # fmt: skip


class ReportSupplyPartnerScorecardVendorSheet(models.AbstractModel):
    """What a buyer takes along to the talk with a vendor, on one page."""

    _name = "report.supply_partner_scorecard.vendor_sheet"
    _description = "Vendor Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        standings = self.env["vendor.standing"].browse(docids or []).exists()
        if not standings:
            raise UserError(self.env._("Select the vendors whose sheets to print."))
        if len(standings) > MAX_SHEETS:
            raise UserError(
                self.env._("At most %s vendor sheets can be printed at once.", MAX_SHEETS)
            )
        standings.check_access("read")
        return {
            "doc_ids": standings.ids,
            "doc_model": standings._name,
            "docs": standings,
            "sheets": [self._prepare_sheet(standing) for standing in standings],
            "sheet_lang": (self.env.lang or "en_US").replace("_", "-"),
            "day": format_date(self.env, fields.Date.context_today(self)),
        }

    @api.model
    def _prepare_sheet(self, standing):
        page = standing._prepare_page()
        band = page["band"]
        known = [month for month in page["trend"] if month["score"] is not None]
        return {
            **page,
            "about": self.env._("Score of the last %s months", page["period"]),
            "parts": [
                {
                    **part,
                    "verdict": self.env._("%s points", f"{part['points']:.0f}")
                    if part["is_counted"]
                    else self.env._("Does not count"),
                    "basis": ", ".join(
                        filter(None, (self.env._("%s events", part["base"]), part["interval"]))
                    ),
                }
                for part in page["parts"]
            ],
            "worst": [
                {
                    **self._prepare_line(line),
                    "value": format_amount(
                        self.env, line["value"], standing.company_id.currency_id
                    ),
                }
                for line in page["worst"]
            ],
            "promises": {
                **page["promises"],
                "lines": [self._prepare_line(line) for line in page["promises"]["lines"]],
            },
            "color": BAND_COLORS[band["color"] % len(BAND_COLORS)] if band else BAND_COLORS[0],
            "trend": [
                {
                    "label": month["label"],
                    "score": "–" if month["score"] is None else f"{month['score']:.0f}",
                    "height": 0 if month["score"] is None else round(month["score"] * 0.6),
                }
                for month in page["trend"]
            ]
            if known
            else [],
        }

    @api.model
    def _prepare_line(self, line):
        days = line["late"]
        delay = self.env._("1 day late") if days == 1 else self.env._("%s days late", days)
        return {**line, "delay": delay if days else ""}
