"""Price indices: Σ quantity × paid ÷ Σ quantity × reference, with the share that has one."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Measure, Source, register

_lt = LazyTranslate(__name__)


@register
class Prices(Source):
    """The lines approved in the period, and those of the period before."""

    code = "prices"

    def query(self, scope):
        return SQL(
            """
            WITH bought AS MATERIALIZED (
                SELECT promise.partner_id, promise.product_id, promise.order_id,
                       promise.approved_at >= %(start)s AS is_now,
                       promise.agreed_price::double precision AS agreed,
                       promise.best_other_price::double precision AS other,
                       ordered.product_qty::double precision * unit.factor::double precision
                           / own.factor::double precision AS quantity,
                       ordered.price_subtotal::double precision
                           / COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS paid
                  FROM vendor_promise promise
                  JOIN purchase_order_line ordered ON ordered.id = promise.order_line_id
                  JOIN purchase_order purchase ON purchase.id = ordered.order_id
                  JOIN product_product product ON product.id = promise.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                  JOIN uom_uom unit ON unit.id = ordered.product_uom_id
                 WHERE promise.company_id = %(company)s AND purchase.state = 'purchase'
                   AND ordered.product_qty > 0
                   AND promise.approved_at >= %(before)s AND promise.approved_at < %(stop)s
                   AND %(vendors)s
            ),
            product AS MATERIALIZED (
                SELECT partner_id, product_id,
                       SUM(paid) FILTER (WHERE is_now)
                           / NULLIF(SUM(quantity) FILTER (WHERE is_now), 0) AS price,
                       SUM(quantity) FILTER (WHERE NOT is_now) AS base_quantity,
                       SUM(paid) FILTER (WHERE NOT is_now) AS base_paid,
                       SUM(paid) FILTER (WHERE is_now) AS paid
                  FROM bought
              GROUP BY partner_id, product_id
            ),
            base AS MATERIALIZED (
                SELECT partner_id,
                       SUM(base_quantity * price) FILTER (WHERE price IS NOT NULL)
                           / NULLIF(SUM(base_paid) FILTER (WHERE price IS NOT NULL), 0)
                           AS base_index,
                       SUM(paid) FILTER (WHERE base_quantity > 0)
                           / NULLIF(SUM(paid), 0) AS base_coverage
                  FROM product
              GROUP BY partner_id
            ),
            paid AS MATERIALIZED (
                SELECT partner_id, COUNT(DISTINCT order_id) AS orders,
                       COUNT(DISTINCT order_id) FILTER (WHERE agreed > 0) AS agreed_orders,
                       COUNT(DISTINCT order_id) FILTER (WHERE other > 0) AS other_orders,
                       SUM(paid) FILTER (WHERE agreed > 0)
                           / NULLIF(SUM(quantity * agreed) FILTER (WHERE agreed > 0), 0)
                           AS agreed_index,
                       SUM(paid) FILTER (WHERE other > 0)
                           / NULLIF(SUM(quantity * other) FILTER (WHERE other > 0), 0)
                           AS other_index,
                       SUM(paid) FILTER (WHERE agreed > 0) / NULLIF(SUM(paid), 0)
                           AS agreed_coverage,
                       SUM(paid) FILTER (WHERE other > 0) / NULLIF(SUM(paid), 0)
                           AS other_coverage
                  FROM bought
                 WHERE is_now
              GROUP BY partner_id
            )
            SELECT paid.*, base.base_index, base.base_coverage
              FROM paid
              JOIN base ON base.partner_id = paid.partner_id
            """,
            company=scope.company_id,
            start=scope.start,
            before=scope.start_of(SQL("%s", scope.previous_first)),
            stop=scope.stop,
            vendors=scope.of_vendors(SQL("promise.partner_id")),
        )


class PriceIndex(Measure):
    topic = "price"
    unit = "index"
    higher_is_better = False
    source = "prices"


@register
class AgreedPriceIndex(PriceIndex):
    code = "price_index"
    name = _lt("Price Index, Agreed")
    help = _lt("What is paid against the agreed prices; 100 is as agreed.")
    expression = "agreed_index"
    base = "agreed_orders"
    coverage = "agreed_coverage"


@register
class OtherPriceIndex(PriceIndex):
    code = "price_index_other"
    name = _lt("Price Index, Best Other")
    help = _lt("What is paid against the lowest price of another vendor on the day.")
    expression = "other_index"
    base = "other_orders"
    coverage = "other_coverage"


@register
class BasePriceIndex(PriceIndex):
    code = "price_index_base"
    name = _lt("Price Index, Period Before")
    help = _lt("The quantities of the period before at today's prices against those of then.")
    expression = "base_index"
    base = "CASE WHEN base_index IS NULL THEN 0 ELSE orders END"
    coverage = "base_coverage"
