from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ..metrics.registry import Column, Documents

WHOLE_NUMBER = SQL("bigint")


@dataclass(frozen=True)
class Money:
    """Where money arrives, to tell payments from what was written off.

    :ivar account_ids: accounts of banks and cash, and those on which money waits to get there
    :ivar discount_account_ids: accounts of early payment discounts
    :ivar journal_ids: journals whose entries settle invoices
    """

    account_ids: tuple[int, ...] = ()
    discount_account_ids: tuple[int, ...] = ()
    journal_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Counted:
    """Which documents count, as SQL conditions: what the policy's methods returned.

    :ivar orders: over ``sale_order``; see ``customer.tier.policy._get_order_condition``
    :ivar quotations: over ``sale_order``; see ``_get_quotation_condition``
    :ivar invoices: over ``account_move``; see ``_get_invoice_condition``
    :ivar payments: over ``payment`` and ``payment_move``; see ``_get_payment_condition``
    :ivar receivables: over ``line`` and ``account``; see ``_get_receivable_condition``
    """

    orders: SQL
    quotations: SQL
    invoices: SQL
    payments: SQL
    receivables: SQL


@dataclass(frozen=True)
class Scope:
    """Whose documents a run reads, over which period, in which money.

    :ivar company_id: the root company
    :ivar company_ids: the root company and its branches
    :ivar as_of: the run's local date; documents after it are not read
    :ivar window_months: length of the period (as_of − N months, as_of]
    :ivar timezone: name of the zone that turns moments into local dates
    :ivar currency_id: the company's currency
    :ivar currency_rounding: its smallest unit, e.g. ``Decimal("0.01")``
    :ivar amount_basis: ``ordered`` or ``invoiced``
    :ivar counted: which documents count
    :ivar addons: names of the add-ons that are installed
    :ivar columns: amounts that add-ons add to the sources' queries
    :ivar documents: documents that add-ons count among those of a source
    :ivar customer_ids: the customers whose documents are read; None reads everybody's
    :ivar contact_ids: these customers and their contacts
    :ivar money: the accounts of money
    :ivar units_type: SQL type of whole numbers of smallest units
    """

    company_id: int
    company_ids: tuple[int, ...]
    as_of: date
    window_months: int
    timezone: str
    currency_id: int
    currency_rounding: Decimal
    amount_basis: str
    counted: Counted
    addons: frozenset[str] = frozenset()
    columns: tuple[Column, ...] = ()
    documents: tuple[Documents, ...] = ()
    customer_ids: tuple[int, ...] | None = None
    contact_ids: tuple[int, ...] = ()
    money: Money = Money()
    units_type: SQL = WHOLE_NUMBER

    def of_customers(self, cr, customer_ids: Sequence[int]) -> "Scope":
        """Return the scope of the documents of some customers, and of their contacts."""
        cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s) ORDER BY id",
                list(customer_ids),
            )
        )
        contact_ids = tuple(id_ for (id_,) in cr.fetchall())
        return replace(self, customer_ids=tuple(customer_ids), contact_ids=contact_ids)

    def columns_of(self, source: str) -> tuple[Column, ...]:
        """Return the columns that add-ons add to a source, by its code."""
        return tuple(column for column in self.columns if column.source == source)

    def documents_of(self, source: str) -> tuple[Documents, ...]:
        """Return the documents that add-ons count among those of a source, by its code."""
        return tuple(
            documents
            for documents in self.documents
            if documents.source == source and documents.counts(self)
        )

    @property
    def window_start(self) -> date:
        """The last local date before the period (month ends are clipped as PostgreSQL does)."""
        return self.as_of - relativedelta(months=self.window_months)

    @property
    def previous_start(self) -> date:
        """The last local date before the period of the same length before this one."""
        return self.as_of - relativedelta(months=2 * self.window_months)

    @property
    def previous_start_utc(self) -> datetime:
        """The first moment inside the period before this one, UTC without zone."""
        return self._start_of_day_utc(self.previous_start + timedelta(days=1))

    @property
    def window_start_utc(self) -> datetime:
        """The first moment inside the period, as Odoo stores moments (UTC, no zone)."""
        return self._start_of_day_utc(self.window_start + timedelta(days=1))

    @property
    def end_utc(self) -> datetime:
        """The first moment after the run's date, UTC without zone."""
        return self._start_of_day_utc(self.as_of + timedelta(days=1))

    def _start_of_day_utc(self, day):
        midnight = datetime.combine(day, time.min, ZoneInfo(self.timezone))
        return midnight.astimezone(UTC).replace(tzinfo=None)

    def local_date(self, moment: SQL) -> SQL:
        """Return the local date of a stored moment."""
        if self.timezone == "UTC":
            # Stored moments are UTC: each conversion would cost as much as all the rest.
            return SQL("(%s)::date", moment)
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, self.timezone)

    def month_bit(self, moment: SQL) -> SQL:
        """Return a bit string with one bit set: the period's month in which a moment lies.

        The months are counted back from the run's date, (as_of − k months, as_of − k + 1 months].
        """
        starts = [
            self._start_of_day_utc(self.as_of - relativedelta(months=months) + timedelta(days=1))
            for months in range(self.window_months, 0, -1)
        ]
        return SQL(
            "SET_BIT(REPEAT('0', %s)::bit(%s), WIDTH_BUCKET(%s, %s::timestamp[]) - 1, 1)",
            self.window_months,
            self.window_months,
            moment,
            starts,
        )

    def minor_units(self, amount: SQL, rate: SQL | None = None, currency: SQL | None = None) -> SQL:
        """Return an amount as a whole number of the company currency's smallest unit.

        Each document is rounded on its own; whole numbers then add up to the same
        sum in whatever order the rows are read, which sums of floats do not.

        :param rate: the document's rate (its currency per company currency), if it has one
        :param currency: the document's currency, if it has a column for it; with the company's
            own no division is needed
        """
        units = 1 / self.currency_rounding
        own = self._whole(SQL("%s * %s", amount, units))
        if rate is None:
            return own
        converted = self._whole(SQL("%s * %s / COALESCE(NULLIF(%s, 0), 1)", amount, units, rate))
        if currency is None:
            return converted
        is_own = SQL("%s = %s", currency, self.currency_id)
        return SQL("CASE WHEN %s THEN %s ELSE %s END", is_own, own, converted)

    def _whole(self, units: SQL) -> SQL:
        # Cast to any type, numeric(1000, 0) also, half a unit is rounded away from zero.
        return SQL("(%s)::%s", units, self.units_type)

    def major_units(self, units: SQL) -> SQL:
        """Return smallest units as an amount of the company's currency."""
        return SQL("(%s * %s)", units, self.currency_rounding)

    def revenue(self) -> SQL:
        """Return the customer's revenue in smallest units, on the policy's amount basis."""
        return SQL("COALESCE(%s.revenue, 0)", SQL.identifier(self.revenue_source))

    def previous_revenue(self) -> SQL:
        """Return what :meth:`revenue` was in the period before."""
        return SQL("COALESCE(%s.previous_revenue, 0)", SQL.identifier(self.revenue_source))

    @property
    def revenue_source(self) -> str:
        """The code of the source that revenue is read from."""
        return {"ordered": "orders", "invoiced": "invoices"}[self.amount_basis]
