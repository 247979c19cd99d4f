"""Prices against a typed market index: did the vendor's prices move as the market's did?"""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .prices import PriceIndex
from .registry import Source, register

_lt = LazyTranslate(__name__)


@register
class MarketPrices(Source):
    """The lines approved in the period of products with an index, and those of the period before.

    What a product cost for each point of its index then, times the index of the day on which a line
    was approved, is what the line would cost had the vendor gone with the market.
    """

    code = "market_prices"

    def query(self, scope):
        return SQL(
            """
            WITH indexed AS MATERIALIZED (%(indexed)s),
            days AS MATERIALIZED (
                SELECT known.index_id, day::date AS day, newest.value::double precision AS value
                  FROM (SELECT DISTINCT index_id FROM indexed) AS known
            CROSS JOIN generate_series(%(before)s::date, %(end)s::date - 1, INTERVAL '1 day')
                       AS day
            CROSS JOIN LATERAL (
                       SELECT value FROM vendor_price_index_value moved
                        WHERE moved.index_id = known.index_id AND moved.date <= day
                     ORDER BY moved.date DESC LIMIT 1) AS newest
            ),
            bought AS MATERIALIZED (
                SELECT promise.partner_id, promise.product_id, promise.order_id,
                       approved_day >= %(first)s AS is_now, ordered_value AS paid,
                       latest_qty * days.value AS points
                  FROM indexed
                  JOIN vendor_promise promise ON promise.product_id = indexed.product_id
                  JOIN vendor_delivery delivery ON delivery.promise_id = promise.id
                  JOIN days ON days.index_id = indexed.index_id
                           AND days.day = delivery.approved_day
                 WHERE promise.company_id = %(company)s AND ordered_value IS NOT NULL
                   AND approved_day >= %(before)s AND approved_day < %(end)s AND %(vendors)s
            ),
            base AS (
                SELECT partner_id, product_id, SUM(paid) / NULLIF(SUM(points), 0) AS price
                  FROM bought
                 WHERE NOT is_now
              GROUP BY partner_id, product_id
            ),
            compared AS (
                SELECT bought.partner_id, COUNT(DISTINCT order_id) AS orders, SUM(paid) AS paid,
                       SUM(points * base.price) AS reference
                  FROM bought
                  JOIN base ON base.partner_id = bought.partner_id
                           AND base.product_id = bought.product_id
                 WHERE is_now AND base.price > 0
              GROUP BY bought.partner_id
            ),
            ordered AS (
                SELECT partner_id, SUM(ordered_value) AS paid
                  FROM %(events)s
                 WHERE %(in_period)s
              GROUP BY partner_id
            )
            SELECT compared.partner_id, orders,
                   compared.paid / NULLIF(reference, 0) AS market_index,
                   compared.paid / NULLIF(ordered.paid, 0) AS market_coverage
              FROM compared
              JOIN ordered ON ordered.partner_id = compared.partner_id
            """,
            indexed=self._indexed_query(scope),
            before=scope.previous_first,
            first=scope.first,
            end=scope.end,
            company=scope.company_id,
            vendors=scope.of_vendors(SQL("promise.partner_id")),
            events=scope.events,
            in_period=scope.in_period(SQL("approved_day")),
        )

    def _indexed_query(self, scope):
        """Return the SELECT of products and their index: their own, else the nearest category's."""
        return SQL(
            """
            SELECT DISTINCT ON (product_id) product_id, index_id
              FROM (
                SELECT own.product_product_id AS product_id, own.vendor_price_index_id AS index_id,
                       TRUE AS is_own, 0 AS depth
                  FROM product_product_vendor_price_index_rel own
                 UNION ALL
                SELECT product.id, named.vendor_price_index_id, FALSE, LENGTH(above.parent_path)
                  FROM product_category_vendor_price_index_rel named
                  JOIN product_category above ON above.id = named.product_category_id
                  JOIN product_category category
                    ON category.parent_path LIKE above.parent_path || '%%'
                  JOIN product_template template ON template.categ_id = category.id
                  JOIN product_product product ON product.product_tmpl_id = template.id
              ) AS found
              JOIN vendor_price_index named ON named.id = found.index_id
             WHERE named.active AND (named.company_id IS NULL OR named.company_id = %(company)s)
          ORDER BY product_id, is_own DESC, depth DESC, named.company_id NULLS LAST, index_id
            """,
            company=scope.company_id,
        )


@register
class MarketPriceIndex(PriceIndex):
    code = "price_index_market"
    name = _lt("Price Index, Market")
    help = _lt(
        "What is paid against the prices of the period before, moved as the product's market price "
        "index moved; 100 is with the market."
    )
    source = "market_prices"
    expression = "market_index"
    base = "orders"
    coverage = "market_coverage"
