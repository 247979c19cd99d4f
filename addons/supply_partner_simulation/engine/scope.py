"""What a simulation needs to know besides the documents, as plain values."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from odoo.addons.supply_partner.engine.glide_path import GlideTerms
from odoo.addons.supply_partner.engine.scope import ReviewScope, values_query
from odoo.tools import SQL


@dataclass(frozen=True)
class SimulationScope:
    """Which days are simulated for the lines of one agreement, and how.

    :ivar review: the scope of a review today; vendor prices are today's, too
    :ivar agreement_id: whose lines they are
    :ivar first: the first day
    :ivar last: the last day, before today
    :ivar demand_period: over how many days before a review the demand is taken
    :ivar minimum_value: what an order must be worth, unless it is urgent
    :ivar reviews: the days of the reviews, each with the day of the next one
    :ivar factors: by which minimum and maximum are multiplied, each simulated by itself
    :ivar costs: (line id, what a unit in stock is worth)
    :ivar sold_at_once: SQL over ``picking`` for whether what was not there is lost
    :ivar glide: by which stock is lowered step by step; None: it is not
    """

    review: ReviewScope
    agreement_id: int
    first: date
    last: date
    demand_period: int
    minimum_value: float
    reviews: tuple[tuple[date, date], ...]
    factors: tuple[float, ...]
    costs: tuple[tuple[int, float], ...]
    sold_at_once: SQL
    glide: GlideTerms | None = None

    @property
    def before(self):
        """The review's scope as of the day before the first."""
        return replace(self.review, today=self.first - timedelta(days=1))

    @property
    def first_start(self):
        """SQL of the moment at which the first day begins."""
        return self.review.start_of(self.first)

    @property
    def demand_first(self):
        """The first day of the demand period of a review on the first day."""
        return self.first - timedelta(days=self.demand_period)

    def days(self):
        """Return every day of the simulation in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def reviews_values(self):
        """Return rows of ``day`` and ``next_day``."""
        return values_query(
            "(%s::date, %s::date)", self.reviews, (self.first - timedelta(days=1), self.first)
        )

    def costs_values(self):
        """Return rows of ``line_id`` and ``cost``."""
        return values_query("(%s::integer, %s::double precision)", self.costs, (0, 0.0))
