"""The metrics that need nothing but sale orders and invoices."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Metric, register

_lt = LazyTranslate(__name__)


@register
class Revenue(Metric):
    """Untaxed revenue of the window, on the policy's amount basis."""

    code = "revenue"
    name = _lt("Revenue")
    unit = "money"
    sources = ("orders", "invoices")

    def expression(self, scope):
        return scope.major_units(scope.revenue())


@register
class OrderCount(Metric):
    """Confirmed orders of the window."""

    code = "order_count"
    name = _lt("Number of orders")
    sources = ("orders",)

    def expression(self, scope):
        return SQL("COALESCE(orders.order_count, 0)")


@register
class Recency(Metric):
    """Days from the last confirmed order ever to the run's date."""

    code = "recency_days"
    name = _lt("Days since the last order")
    dimension = "loyalty"
    unit = "days"
    higher_is_better = False
    sources = ("orders",)

    def expression(self, scope):
        return SQL("%s - orders.last_order_date", SQL("%s::date", scope.as_of))
