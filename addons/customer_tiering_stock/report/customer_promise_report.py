from odoo import fields, models
from odoo.addons.customer_tiering.metrics import made_for
from odoo.tools import SQL


class CustomerPromiseReport(models.Model):
    _inherit = "customer.promise.report"

    kind = fields.Selection(selection_add=[("delivery", "Delivery")])

    def _promise_sources(self):
        return [*super()._promise_sources(), self._delivery_promises()]

    def _delivery_promises(self):
        """Return a row per order and promised moment.

        Promised is the delivery date of the order; without one the deadline of the moves, which
        is the order's date and the lead time. Orders that are shipped when all is ready have
        one, the latest. It is kept when the last of its moves arrives on that day, as the
        company counts days. Steps that are done are on the way and say nothing; what was
        cancelled is left out.
        """
        return SQL(
            """
            SELECT delivery.id, 'delivery' AS kind, delivery.partner_id, delivery.company_id,
                   delivery.tier_id, delivery.promised_date,
                   (
                       DATE_TRUNC('day', delivery.promised_date AT TIME ZONE 'UTC'
                                         AT TIME ZONE zone.timezone)
                       + INTERVAL '1 day' - INTERVAL '1 second'
                   ) AT TIME ZONE zone.timezone AT TIME ZONE 'UTC' AS due,
                   delivery.kept_date, 'sale.order' AS res_model, delivery.order_id AS res_id
              FROM (
                       SELECT MIN(move.id) AS id,
                              sale.id AS order_id,
                              partner.commercial_partner_id AS partner_id,
                              sale.company_id,
                              sale.customer_tier_id AS tier_id,
                              COALESCE(
                                  sale.commitment_date, MAX(move.date_deadline)
                              ) AS promised_date,
                              CASE WHEN BOOL_AND(move.state = 'done')
                                   THEN MAX(move.date)
                               END AS kept_date
                         FROM stock_move AS move
                         JOIN sale_order_line AS line ON line.id = move.sale_line_id
                         JOIN sale_order AS sale ON sale.id = line.order_id
                         JOIN res_partner AS partner ON partner.id = %(made_for)s
                         JOIN stock_location AS place ON place.id = move.location_dest_id
                    LEFT JOIN stock_location AS final_place
                              ON final_place.id = move.location_final_id
                        WHERE move.state NOT IN ('draft', 'cancel')
                          AND COALESCE(sale.commitment_date, move.date_deadline) IS NOT NULL
                          AND CASE WHEN move.state = 'done' THEN place.usage
                                   ELSE COALESCE(final_place.usage, place.usage)
                               END = 'customer'
                     GROUP BY sale.id, sale.company_id, partner.commercial_partner_id,
                              CASE WHEN sale.picking_policy = 'direct'
                                        AND sale.commitment_date IS NULL
                                   THEN move.date_deadline
                               END
                   ) AS delivery
              JOIN (%(timezones)s) AS zone (company_id, timezone)
                   ON zone.company_id = delivery.company_id
            """,
            made_for=made_for(SQL("sale"), SQL("partner_id")),
            timezones=self.env.companies._tiering_timezones(),
        )
