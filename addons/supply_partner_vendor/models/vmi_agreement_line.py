from odoo import fields, models

from ..engine import accuracy_query, measure

# Weeks that are over, by which forecasts are judged.
JUDGED_WEEKS = 13


class VmiAgreementLine(models.Model):
    _inherit = "vmi.agreement.line"

    forecast_coverage = fields.Float(
        compute="_compute_forecast_accuracy",
        help="Of the last 13 weeks, the share for which the vendor's forecast was there in time: "
        "before the week's Monday less the lead time.",
    )
    forecast_wape = fields.Float(
        "Forecast Error",
        compute="_compute_forecast_accuracy",
        help="WAPE: the sum of what the forecast was off by, whichever way, as a share of the "
        "demand of these weeks.",
    )
    forecast_bias = fields.Float(
        compute="_compute_forecast_accuracy",
        help="By how much the forecasts were too high (above 0) or too low, as a share of the "
        "demand of these weeks.",
    )
    naive_wape = fields.Float(
        "Error by Past Demand",
        compute="_compute_forecast_accuracy",
        help="The error had one gone by seven times the daily demand known at that time.",
    )
    is_forecast = fields.Boolean("Has a Forecast", compute="_compute_forecast_accuracy")

    def _compute_forecast_accuracy(self):
        found = self._get_forecast_accuracy()
        for line in self:
            figures = found.get(line, {})
            line.is_forecast = figures.get("wape") is not None
            line.forecast_coverage = figures.get("coverage") or 0.0
            line.forecast_wape = figures.get("wape") or 0.0
            line.forecast_bias = figures.get("bias") or 0.0
            line.naive_wape = figures.get("naive_wape") or 0.0

    def _get_forecast_accuracy(self):
        """Return by line how near its forecasts came; see :func:`~..engine.accuracy.measure`."""
        rows = {}
        for line, _week, *row in self._get_forecast_weeks():
            rows.setdefault(line, []).append(row)
        return {line: measure(of_line) for line, of_line in rows.items()}

    def _get_forecast_weeks(self):
        """Return tuples of line, Monday, actual, forecast (None: none in time) and naive."""
        self.env["vmi.vendor.forecast"].flush_model()
        self.env["vmi.sell.through"].flush_model()
        self.flush_model(["lead_days"])
        found = []
        for company, lines in self.sudo().filtered("company_id").grouped("company_id").items():
            rows = self.env.execute_query(
                accuracy_query(
                    lines.ids, company._vmi_today(), company._vmi_timezone(), JUDGED_WEEKS
                )
            )
            found += [(self.browse(line_id), *rest) for line_id, *rest in rows]
        return found
