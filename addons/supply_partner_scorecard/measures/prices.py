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
            WITH product AS MATERIALIZED (
                SELECT partner_key AS partner_id,
                       SUM(ordered_value) FILTER (WHERE %(is_now)s)
                           / NULLIF(SUM(latest_qty) FILTER (WHERE %(is_now)s), 0) AS price,
                       SUM(latest_qty) FILTER (WHERE NOT %(is_now)s) AS base_quantity,
                       SUM(ordered_value) FILTER (WHERE NOT %(is_now)s) AS base_paid,
                       SUM(ordered_value) FILTER (WHERE %(is_now)s) AS paid
                  FROM vendor_delivery
                 WHERE company_key = %(company)s AND ordered_value IS NOT NULL
                   AND approved_day >= %(before)s AND approved_day < %(end)s AND %(vendors)s
              GROUP BY partner_key, product_key
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
            ordered AS MATERIALIZED (
                SELECT partner_id, SUM(ordered_value) AS paid, SUM(agreed_paid) AS agreed_paid,
                       SUM(agreed_value) AS agreed_value, SUM(other_paid) AS other_paid,
                       SUM(other_value) AS other_value
                  FROM %(events)s
                 WHERE ordered > 0 AND %(in_period)s
              GROUP BY partner_id, order_id
            ),
            paid AS MATERIALIZED (
                SELECT partner_id, COUNT(*) AS orders, COUNT(agreed_paid) AS agreed_orders,
                       COUNT(other_paid) AS other_orders,
                       SUM(agreed_paid) / NULLIF(SUM(agreed_value), 0) AS agreed_index,
                       SUM(other_paid) / NULLIF(SUM(other_value), 0) AS other_index,
                       SUM(agreed_paid) / NULLIF(SUM(paid), 0) AS agreed_coverage,
                       SUM(other_paid) / NULLIF(SUM(paid), 0) AS other_coverage
                  FROM ordered
              GROUP BY partner_id
            )
            SELECT paid.*, base.base_index, base.base_coverage
              FROM paid
              JOIN base ON base.partner_id = paid.partner_id
            """,
            is_now=SQL("approved_day >= %s", scope.first),
            company=scope.company_id,
            before=scope.previous_first,
            end=scope.end,
            vendors=scope.of_vendors(SQL("partner_key")),
            events=scope.events,
            in_period=scope.in_period(SQL("approved_day")),
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
