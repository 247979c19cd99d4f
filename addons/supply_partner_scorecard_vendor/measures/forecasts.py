"""How far our orders were from what was forecast."""

from odoo.addons.supply_partner_scorecard.measures import Measure, Source, register
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@register
class OurForecasts(Source):
    """What we said we would order of weeks that are over, against what we ordered."""

    code = "our_forecasts"

    def query(self, scope):
        return SQL(
            """
            SELECT partner_id, COUNT(*) AS weeks,
                   -- Each product by its own share, by the larger of the two.
                   AVG(ABS(said - ordered) / GREATEST(said, ordered)) AS error
              FROM (
                SELECT vendor.commercial_partner_id AS partner_id, forecast.line_id,
                       forecast.week, forecast.quantity::double precision AS said,
                       COALESCE(SUM(promise.quantity), 0)::double precision AS ordered
                  FROM vmi_vendor_forecast forecast
                  JOIN vmi_agreement agreement ON agreement.id = forecast.agreement_id
                  JOIN res_partner vendor ON vendor.id = agreement.partner_id
             LEFT JOIN vendor_promise promise
                    ON promise.company_id = forecast.company_id
                   AND promise.partner_id = vendor.commercial_partner_id
                   AND promise.product_id = forecast.product_id
                   AND %(approved_day)s >= forecast.week
                   AND %(approved_day)s < forecast.week + 7
                 WHERE forecast.company_id = %(company)s AND forecast.is_newest
                   AND %(in_period)s AND forecast.week + 7 <= %(end)s AND %(vendors)s
              GROUP BY vendor.commercial_partner_id, forecast.line_id, forecast.week,
                       forecast.quantity) AS weeks
             WHERE GREATEST(said, ordered) > 0
          GROUP BY partner_id
            """,
            approved_day=scope.local_day(SQL("promise.approved_at")),
            company=scope.company_id,
            in_period=scope.in_period(SQL("forecast.week")),
            end=scope.end,
            vendors=scope.of_vendors(SQL("vendor.commercial_partner_id")),
        )


@register
class OurForecastError(Measure):
    code = "our_forecast_error"
    name = _lt("Forecast Error")
    help = _lt("How far orders were from what was forecast for the week.")
    topic = "ours"
    higher_is_better = False
    source = "our_forecasts"
    expression = "error"
    base = "weeks"
