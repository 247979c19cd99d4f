"""What is measured of a company's vendors, as plain values."""

from dataclasses import dataclass
from datetime import date, timedelta

from odoo.addons.supply_partner.engine.scope import CompanyScope
from odoo.tools import SQL


@dataclass(frozen=True)
class VendorScope(CompanyScope):
    """Which deliveries are looked at, and by which rules.

    :ivar first: the first day of the period
    :ivar end: the day after the period: what is due before it is judged
    :ivar tolerance: the share of a promised quantity that may be missing
    :ivar kit_ids: products that come as their parts, so that nothing of them is received
    :ivar partner_ids: the vendors; None for all
    :ivar price_tolerance: by which share a bill's price may differ
    :ivar quality_days: for so many days after a receipt what goes back counts as its defects
    :ivar events: the lines with their days, see :func:`~.events.gathered_events`
    :ivar has_receipts: whether the receipts of the period are added up, see
        :func:`~.receipts.write_receipts`; else they are read from the moves
    """

    first: date = None
    end: date = None
    tolerance: float = 0.0
    kit_ids: tuple[int, ...] = ()
    partner_ids: tuple[int, ...] | None = None
    price_tolerance: float = 0.0
    quality_days: int = 90
    events: SQL | None = None
    has_receipts: bool = False

    def of_vendors(self, partner):
        """Return the SQL condition for a commercial partner to be one of the vendors."""
        if self.partner_ids is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", partner, list(self.partner_ids))

    def in_period(self, day):
        """Return the SQL condition for a local day to lie in the period."""
        return SQL(
            "(%(day)s >= %(first)s AND %(day)s < %(end)s)", day=day, first=self.first, end=self.end
        )

    @property
    def previous_first(self):
        """The first day of a period of the same length before this one."""
        return self.first - (self.end - self.first)

    @property
    def end_inclusive(self):
        """The day before which what a person entered counts: today's does, too."""
        return self.end + timedelta(days=1)

    @property
    def start(self):
        """SQL of the moment, in UTC, at which the period begins."""
        return self.start_of(SQL("%s", self.first))

    @property
    def stop(self):
        """SQL of the moment, in UTC, at which the period ends."""
        return self.start_of(SQL("%s", self.end))
