from odoo.addons.customer_tiering.metrics import Metric, Source, register
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# Scores of so many days ago still say something.
KEPT_DAYS = 31


@register
class LifetimeSource(Source):
    """What the latest scores say of each customer, if they were made in the month before.

    A run reads what was scored before it; what would have been said on a past day is not kept, so
    as of one the figures are missing.
    """

    code = "lifetimes"

    def query(self, scope):
        return SQL(
            """
            SELECT partner_id, order_probability, expected_orders, lifetime_value
              FROM customer_standing
             WHERE company_id = %(company)s
               AND has_lifetime_score
               AND EXISTS (
                   SELECT 1
                     FROM customer_lifetime_fit AS fit
                    WHERE fit.company_id = %(company)s
                      AND fit.scored_on <= %(as_of)s
                      AND fit.scored_on > %(as_of)s::date - %(days)s)
            """,
            company=scope.company_id,
            as_of=scope.as_of,
            days=KEPT_DAYS,
        )


@register
class LifetimeValue(Metric):
    """Amount that the customer is expected to bring in the coming months, discounted."""

    code = "lifetime_value"
    name = _lt("Lifetime value")
    dimension = "potential"
    unit = "money"
    zero_is_nothing = True
    sources = ("lifetimes",)

    def expression(self, scope):
        return SQL("lifetimes.lifetime_value")


@register
class ExpectedOrders(Metric):
    """Days with an order that are expected in the coming months."""

    code = "expected_orders"
    name = _lt("Expected orders")
    dimension = "potential"
    zero_is_nothing = True
    sources = ("lifetimes",)

    def expression(self, scope):
        return SQL("lifetimes.expected_orders")


@register
class OrderProbability(Metric):
    """Probability of at least one order in the coming months."""

    code = "order_probability"
    name = _lt("Order probability")
    dimension = "potential"
    unit = "ratio"
    sources = ("lifetimes",)

    def expression(self, scope):
        return SQL("lifetimes.order_probability")
