from odoo.addons.supply_partner_scorecard.tests.common import ScorecardCase
from odoo.fields import Command


class TestMeasures(ScorecardCase):
    """What vendors announce and forecast, beside what came and was ordered."""

    def agree(self):
        agreement = self.make_agreement((self.screws, 5, 20))
        return agreement, agreement.line_ids

    def test_shipping_notices(self):
        agreement, _line = self.agree()
        order = self.ordered()
        order.sudo().vmi_agreement_id = agreement
        for announced, received in ((10, 8), (5, 5), (4, 6)):
            self.env["vmi.shipment"].sudo().create(
                {
                    "purchase_id": order.id,
                    "agreement_id": agreement.id,
                    "date": "2026-02-10",
                    "state": "received",
                    "line_ids": [
                        Command.create(
                            {
                                "purchase_line_id": order.order_line.id,
                                "quantity": announced,
                                "received_qty": received,
                            }
                        )
                    ],
                }
            )
        # 80 %, 100 % and 50 %.
        notice = self.measure("shipping_notice")
        self.assertAlmostEqual(notice["value"], 2.3 / 3)
        self.assertEqual(notice["base"], 3)

    def test_forecasts(self):
        _agreement, line = self.agree()
        forecasts = self.env["vmi.vendor.forecast"].sudo()
        for week, quantity in (("2026-02-02", 20), ("2026-02-09", 10), ("2026-03-16", 99)):
            forecasts.create({"line_id": line.id, "week": week, "quantity": quantity})
        # 10 of 20 in the first week, none of 10 in the second; the third is not over.
        self.ordered(approved="2026-02-03 08:00:00")
        self.assertAlmostEqual(self.measure("our_forecast_error")["value"], 0.75)
