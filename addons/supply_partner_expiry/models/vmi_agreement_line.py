from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import models
from odoo.tools import SQL


class VmiAgreementLine(models.Model):
    _inherit = "vmi.agreement.line"

    def _get_usable_stock(self, company):
        """Of what is to be removed by today, only what is reserved will still be used."""
        return SQL(
            "CASE WHEN quant.removal_date < %s THEN quant.reserved_quantity ELSE %s END",
            self._get_end_of_today(company),
            super()._get_usable_stock(company),
        )

    def _get_position_parts(self, company):
        """What is to be removed up to the horizon is not counted on, as in Odoo's forecast."""
        return [
            *super()._get_position_parts(company),
            SQL(
                """
                SELECT due.line_id, SUM(quant.reserved_quantity - quant.quantity) AS quantity
                  FROM stock_quant quant
                  JOIN inside ON inside.location_id = quant.location_id
                  JOIN due
                    ON due.location_id = inside.root_id AND due.product_id = quant.product_id
                 WHERE quant.removal_date >= %s AND quant.removal_date < due.horizon_end
              GROUP BY due.line_id
                """,
                self._get_end_of_today(company),
            ),
        ]

    def _get_end_of_today(self, company):
        """Return the moment, in UTC, at which the company's next day begins."""
        tomorrow = company._vmi_today() + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time.min, ZoneInfo(company._vmi_timezone()))
        return midnight.astimezone(UTC).replace(tzinfo=None)
