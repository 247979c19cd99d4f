"""The metrics that need nothing but sale orders and invoices."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Metric, register

_lt = LazyTranslate(__name__)


@register
class Revenue(Metric):
    """Untaxed revenue of the period, on the policy's amount basis."""

    code = "revenue"
    name = _lt("Revenue")
    unit = "money"
    zero_is_nothing = True
    sources = ("orders", "invoices")

    def expression(self, scope):
        return scope.major_units(scope.revenue())


@register
class OrderCount(Metric):
    """Confirmed orders of the period."""

    code = "order_count"
    name = _lt("Number of orders")
    zero_is_nothing = True
    sources = ("orders",)

    def expression(self, scope):
        return SQL("COALESCE(orders.order_count, 0)")


@register
class AverageOrder(Metric):
    """Revenue per confirmed order of the period; missing without an order in it."""

    code = "average_order"
    name = _lt("Average order value")
    unit = "money"
    zero_is_nothing = True
    sources = ("orders", "invoices")

    def expression(self, scope):
        return SQL("%s / NULLIF(orders.order_count, 0)", scope.major_units(scope.revenue()))


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
        return SQL("%s::date - orders.last_order_date", scope.as_of)


@register
class Tenure(Metric):
    """Days from the first confirmed order ever to the run's date."""

    code = "tenure_days"
    name = _lt("Days since the first order")
    dimension = "loyalty"
    unit = "days"
    sources = ("orders",)

    def expression(self, scope):
        return SQL("%s::date - orders.first_order_date", scope.as_of)


@register
class ActiveMonths(Metric):
    """Share of the period's months in which an order was confirmed."""

    code = "active_months"
    name = _lt("Months with an order")
    dimension = "loyalty"
    unit = "ratio"
    zero_is_nothing = True
    sources = ("orders",)

    def expression(self, scope):
        return SQL("COALESCE(orders.active_months, 0)::numeric / %s", scope.window_months)


@register
class ReturnRate(Metric):
    """Credited part of what was invoiced in the period; 0 without a credit note."""

    code = "return_rate"
    name = _lt("Return rate")
    dimension = "loyalty"
    unit = "ratio"
    higher_is_better = False
    sources = ("invoices",)

    def expression(self, scope):
        return SQL(
            "CASE WHEN COALESCE(invoices.credited, 0) = 0 THEN 0"
            " ELSE invoices.credited::numeric / NULLIF(invoices.invoiced, 0) END"
        )


@register
class QuoteAcceptance(Metric):
    """Confirmed part of the quotations decided in the period; missing without any."""

    code = "quote_acceptance"
    name = _lt("Quotation acceptance")
    dimension = "cooperation"
    unit = "ratio"
    zero_is_nothing = True
    sources = ("orders",)

    def expression(self, scope):
        return SQL("orders.accepted_count::numeric / NULLIF(orders.decided_count, 0)")


@register
class Growth(Metric):
    """(period − period before) / (period + period before), from −1 to 1.

    Missing for customers who had no order before the period: all of their revenue is
    new, which says nothing of growth.
    """

    code = "growth"
    name = _lt("Revenue growth")
    dimension = "potential"
    unit = "ratio"
    sources = ("orders", "invoices")

    def expression(self, scope):
        now, before = scope.revenue(), scope.previous_revenue()
        return SQL(
            "CASE WHEN orders.first_order_date <= %s"
            " THEN (%s - %s)::numeric / NULLIF(%s + %s, 0) END",
            scope.window_start,
            now,
            before,
            now,
            before,
        )


@register
class ShareOfWallet(Metric):
    """Revenue as part of what the customer is estimated to spend on such goods in all.

    The estimate is a yearly amount on the contact; it is scaled to the period.
    """

    code = "share_of_wallet"
    name = _lt("Share of wallet")
    dimension = "potential"
    unit = "ratio"
    zero_is_nothing = True
    sources = ("orders", "invoices", "wallets")

    def expression(self, scope):
        return SQL(
            "%s / NULLIF(wallets.yearly_spend * %s / 12, 0)",
            scope.major_units(scope.revenue()),
            scope.window_months,
        )
