from odoo.addons.customer_tiering.metrics import Documents, made_for, register
from odoo.tools import SQL

from .pos_amounts import (
    IS_RETURN,
    LINE_AMOUNT,
    ORDER_AMOUNT,
    in_company_currency,
    is_paid,
    largest_order,
)

# The lines that pay a sale order, in whole or in advance; returns of advances, but not those of
# what was bought, which take off what the sale order counts.
SETTLING_LINES = SQL(
    """
    SELECT line.id
      FROM pos_order_line AS line
 LEFT JOIN pos_order_line AS returned ON returned.id = line.refunded_orderline_id
 LEFT JOIN sale_order_line AS settled
        ON settled.id = COALESCE(line.sale_order_line_id, returned.sale_order_line_id)
     WHERE COALESCE(line.sale_order_origin_id, returned.sale_order_origin_id) IS NOT NULL
       AND (returned.id IS NULL OR settled.id IS NULL OR settled.is_downpayment)
    """
)


@register
class PosOrders(Documents):
    """Paid point-of-sale orders, invoiced or not, as orders that were no quotations.

    A return takes its amount off and is no order. Where the point of sale settles sale
    orders, these count already: of such a point-of-sale order only what was sold beside
    the sale order counts, without another order.
    """

    source = "orders"
    code = "pos_orders"
    columns = ("margin",)

    def query(self, scope):
        settles = "pos_sale" in scope.addons
        with_margin = any(column.code == "margin" for column in scope.columns_of(self.source))
        settled = SQL("COALESCE(settled.amount, 0)") if settles else SQL("0")
        no_order = SQL("%s OR settled.order_id IS NOT NULL", IS_RETURN) if settles else IS_RETURN
        return SQL(
            """
            SELECT %(partner)s AS partner_id,
                   pos.company_id,
                   CASE WHEN %(no_order)s THEN 'corrected' ELSE 'sold' END AS state,
                   pos.date_order,
                   NULL::date AS validity_date,
                   %(revenue)s AS revenue
                   %(margin)s
              FROM pos_order AS pos
                   %(settled)s
                   %(margins)s
             WHERE %(paid)s
               AND pos.partner_id IS NOT NULL
            """,
            partner=made_for(SQL("pos"), SQL("partner_id")),
            no_order=no_order,
            revenue=in_company_currency(scope, SQL("(%s - %s)", ORDER_AMOUNT, settled)),
            margin=SQL(", %s AS margin", in_company_currency(scope, SQL("margins.amount")))
            if with_margin
            else SQL(),
            paid=is_paid(),
            settled=self._settled() if settles else SQL(),
            margins=self._margins(settles) if with_margin else SQL(),
        )

    def largest_query(self, scope):
        return largest_order(scope)

    def _settled(self):
        return SQL(
            """
            LEFT JOIN (
                 SELECT line.order_id, SUM(%s) AS amount
                   FROM pos_order_line AS line
                  WHERE line.id IN (%s)
               GROUP BY line.order_id
                 ) AS settled ON settled.order_id = pos.id
            """,
            LINE_AMOUNT,
            SETTLING_LINES,
        )

    def _margins(self, settles):
        """Return the join of the orders' margins; 0 while the cost of a line is not known."""
        return SQL(
            """
            LEFT JOIN (
                 SELECT line.order_id,
                        CASE WHEN BOOL_AND(line.is_total_cost_computed)
                             THEN SUM(%s - line.total_cost) END AS amount
                   FROM pos_order_line AS line
                  WHERE %s
               GROUP BY line.order_id
                 ) AS margins ON margins.order_id = pos.id
            """,
            LINE_AMOUNT,
            SQL("line.id NOT IN (%s)", SETTLING_LINES) if settles else SQL("TRUE"),
        )
