"""What is looked at of a company's purchases, as plain values."""

from dataclasses import dataclass

from odoo.addons.supply_partner.engine.scope import values_query
from odoo.addons.supply_partner_scorecard.engine.scope import VendorScope
from odoo.tools import SQL


@dataclass(frozen=True)
class SourcingScope(VendorScope):
    """Which purchases count, and by which rules they are judged.

    :ivar currency_id: the company's currency
    :ivar rates: (from currency, rate to the company's), for what vendors' rows are priced in
    :ivar spent: SQL over ``purchase``: whether the order is spend
    :ivar demand_days: over how many days before today demand is measured
    :ivar months: length of the period
    :ivar shares: percentages up to which the classes a and b reach
    :ivar weights: of the risk's parts: sources, switching, delivery
    :ivar high_risk: from so many points on the risk is high
    :ivar new_vendor_days: until a vendor that is not known yet could deliver
    :ivar qualification_days: of a vendor that has a price and no qualification
    """

    currency_id: int = 0
    rates: tuple[tuple[int, float], ...] = ()
    spent: SQL | None = None
    demand_days: int = 90
    months: int = 12
    shares: tuple[float, float] = (80.0, 95.0)
    weights: tuple[float, float, float] = (40.0, 30.0, 30.0)
    high_risk: float = 50.0
    new_vendor_days: int = 120
    qualification_days: int = 30

    def rates_values(self):
        """Return rows of ``from_id`` and ``rate``."""
        return values_query("(%s::integer, %s::double precision)", iter(self.rates), (0, 1.0))
