"""How well a vendor announces what arrives."""

from odoo.addons.supply_partner_scorecard.measures import Measure, Source, register
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@register
class Shipments(Source):
    """The shipments that were received in the period, of what was announced before."""

    code = "shipments"

    def query(self, scope):
        return SQL(
            """
            SELECT vendor.commercial_partner_id AS partner_id,
                   COUNT(DISTINCT shipment.id) AS events,
                   -- Each line by its own share: units of two products are never added up.
                   AVG(GREATEST(1 - ABS(piece.quantity - COALESCE(piece.received_qty, 0))
                                / piece.quantity, 0)) AS kept
              FROM vmi_shipment shipment
              JOIN vmi_shipment_line piece ON piece.shipment_id = shipment.id
              JOIN res_partner vendor ON vendor.id = shipment.partner_id
             WHERE shipment.company_id = %(company)s AND shipment.state = 'received'
               AND %(in_period)s AND %(vendors)s
          GROUP BY vendor.commercial_partner_id
            """,
            company=scope.company_id,
            in_period=scope.in_period(SQL("shipment.date")),
            vendors=scope.of_vendors(SQL("vendor.commercial_partner_id")),
        )


@register
class ShippingNotice(Measure):
    code = "shipping_notice"
    name = _lt("Shipping Notices Right")
    help = _lt("1 less the difference between announced and received, by what was announced.")
    topic = "delivery"
    source = "shipments"
    expression = "kept"
    base = "events"
