from odoo.addons.customer_tiering.metrics import Column, Metric, register
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@register
class OrderMargin(Column):
    """The margin of the period's confirmed orders less what was credited, at the order's rate."""

    source = "orders"
    code = "margin"

    def amount(self, scope):
        return scope.minor_units(
            SQL("margin"), rate=SQL("currency_rate"), currency=SQL("currency_id")
        )

    def line_amount(self, scope):
        return SQL("line.margin")


@register
class Margin(Metric):
    """Margin of the period's confirmed orders; missing without an order in it.

    With it a customer whose margin is negative has the value class *below zero*.
    """

    code = "margin"
    name = _lt("Margin")
    unit = "money"
    zero_is_nothing = True
    sources = ("orders",)

    def expression(self, scope):
        return SQL(
            "CASE WHEN orders.order_count > 0 THEN %s END",
            scope.major_units(SQL("orders.margin")),
        )
