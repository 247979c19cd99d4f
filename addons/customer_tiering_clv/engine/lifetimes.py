"""The estimate of when and for how much customers will buy, as an object."""

from dataclasses import dataclass
from datetime import date, timedelta

from odoo.addons.set_based_runs.large_statements import interpret
from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.tools import SQL

from ..tools.buying import Buying
from ..tools.buying import fit as fit_buying
from ..tools.refusals import REFUSED_CORRELATION
from ..tools.spending import Spending, Spent
from ..tools.spending import fit as fit_spending
from .days import days_query, facts_query, older_query
from .holdout import compared_query, read_holdout
from .scores import days_of, pairs_of, pairs_query, scored_query, write_scores
from .sums import (
    buying_sums,
    groups_query,
    sample_query,
    spenders_query,
    spending_sums,
)

# Of more groups than this, one in so many is enough to find out where to begin.
_MANY_GROUPS = 50_000
_SAMPLE = 16


@dataclass(frozen=True)
class Terms:
    """What a policy sets.

    :ivar may_leave_at_once: MBG/NBD rather than BG/NBD
    :ivar months: how far ahead is looked
    :ivar discount: by which a year makes an amount worth less
    :ivar margin_share: the part of the amount that counts as value
    :ivar known_since: orders are complete from this day on; None for all that there are
    """

    may_leave_at_once: bool
    months: int
    discount: float
    margin_share: float
    minimum_customers: int
    minimum_days: int
    known_since: date | None = None


@dataclass
class Fitted:
    """What was found by the facts of a day.

    :ivar refusal: why nothing can be said: a dict with ``code`` and figures; None
    :ivar value_refusal: why no value can be told, likewise
    """

    customers: int = 0
    repeat_customers: int = 0
    older: int = 0
    first_day: date | None = None
    history_days: int = 0
    early_share: float = 0.0
    correlation: float | None = None
    buying: Buying | None = None
    spending: Spending | None = None
    log_likelihood: float = 0.0
    spending_log_likelihood: float = 0.0
    refusal: dict | None = None
    value_refusal: dict | None = None


class Lifetimes(TemporaryTables):
    """One estimate, from its first statement to its last.

    :ivar scope: the core's ``engine.scope.Scope`` of a tier run
    :ivar partners: subselect of the ids of those who may be ranked
    :ivar terms: :class:`Terms`
    """

    def __init__(self, cr, scope, partners, terms):
        super().__init__(cr, analyzes=True)
        self.scope = scope
        self.partners = partners
        self.terms = terms

    def gather(self):
        """Read who bought when, and what the models go by as of the scope's day."""
        days = self.create("days", days_query(self.scope, self.partners))
        self.create("older", older_query(self.scope, days))
        self._know("facts", self.scope.as_of)

    def _know(self, name, as_of):
        return self.create(
            name,
            facts_query(
                self.scope,
                self.table("days"),
                self.table("older"),
                as_of,
                self.terms.known_since,
            ),
        )

    def fit(self):
        """Return what the facts of the scope's day say: :class:`Fitted`."""
        return self._fit(self.table("facts"), self.scope.as_of, self.terms)

    def _fit(self, facts, as_of, terms):
        fitted = self._count(facts, as_of)
        fitted.refusal = self._lack(fitted, terms)
        if not fitted.refusal:
            self._fit_buying(facts, fitted)
        if not fitted.refusal:
            self._fit_spending(facts, fitted)
        return fitted

    def _count(self, facts, as_of):
        self.cr.execute(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE NOT is_older),
                       COUNT(*) FILTER (WHERE NOT is_older AND repeats > 0),
                       COUNT(*) FILTER (WHERE is_older),
                       MIN(first_day),
                       CORR(repeats, mean) FILTER (
                           WHERE NOT is_older AND repeats > 0 AND mean > 0),
                       AVG((first_day < start + 60)::integer)
                  FROM (SELECT *, MIN(first_day) OVER () AS start FROM %s) AS facts
                """,
                facts,
            )
        )
        customers, repeat_customers, older, first_day, correlation, early = self.cr.fetchone()
        return Fitted(
            customers=customers,
            repeat_customers=repeat_customers,
            older=older,
            first_day=first_day,
            history_days=(as_of - first_day).days if first_day else 0,
            correlation=correlation,
            early_share=float(early or 0),
        )

    def _lack(self, fitted, terms):
        """Return what there is too little of, as of :attr:`Fitted.refusal`."""
        if fitted.customers < terms.minimum_customers:
            is_for_age = fitted.customers + fitted.older >= terms.minimum_customers
            return {
                "code": "older_customers" if is_for_age else "few_customers",
                "customers": fitted.customers,
                "older": fitted.older,
                "minimum": terms.minimum_customers,
            }
        if fitted.history_days < terms.minimum_days:
            return {
                "code": "short_history",
                "days": fitted.history_days,
                "minimum": terms.minimum_days,
            }
        return None

    def _fit_buying(self, facts, fitted):
        at_once = self.terms.may_leave_at_once
        groups = self.create("groups", groups_query(facts))
        counts, longest, number = self._count_groups(groups)
        sample = None
        if number > _MANY_GROUPS:
            part = self.create("sample", sample_query(groups, _SAMPLE))
            sample = self._count_groups(part)[0], buying_sums(self.cr, part, at_once)
        found = fit_buying(at_once, counts, buying_sums(self.cr, groups, at_once), longest, sample)
        self.drop("groups", "sample")
        if not found:
            fitted.refusal = {"code": "no_pattern"}
            return
        fitted.buying, fitted.log_likelihood = found
        if fitted.buying.is_nobody_leaving:
            fitted.refusal = {"code": "nobody_leaves"}

    def _count_groups(self, groups):
        self.cr.execute(
            SQL(
                "SELECT repeats, SUM(customers), MAX(age), COUNT(*) FROM %s GROUP BY repeats",
                groups,
            )
        )
        rows = self.cr.fetchall()
        return (
            {repeats: customers for repeats, customers, _age, _groups in rows},
            max((row[2] for row in rows), default=0),
            sum(row[3] for row in rows),
        )

    def _fit_spending(self, facts, fitted):
        if fitted.correlation is not None and abs(fitted.correlation) > REFUSED_CORRELATION:
            fitted.value_refusal = {"code": "correlation", "correlation": fitted.correlation}
            return
        spenders = self.create("spenders", spenders_query(facts))
        found = None
        if spent := self._count_spent(spenders):
            found = fit_spending(spent, spending_sums(self.cr, spenders))
        self.drop("spenders")
        if not found:
            fitted.value_refusal = {"code": "no_amounts"}
            return
        fitted.spending, fitted.spending_log_likelihood = found
        if not fitted.spending.has_mean:
            fitted.value_refusal = {"code": "no_mean", "q": fitted.spending.q}
            fitted.spending = None

    def _count_spent(self, spenders):
        interpret(self.cr)
        self.cr.execute(
            SQL(
                """
                SELECT repeats, COUNT(*), SUM(LN(mean)), SUM(repeats * LN(mean)), SUM(mean)
                  FROM %s GROUP BY repeats
                """,
                spenders,
            )
        )
        rows = self.cr.fetchall()
        customers = sum(row[1] for row in rows)
        # One amount says nothing of how amounts differ.
        if customers < 2:
            return None
        return Spent(
            {repeats: number for repeats, number, *_sums in rows},
            *(sum(row[column] for row in rows) for column in (2, 3)),
            mean=sum(row[4] for row in rows) / customers,
        )

    def score(self, fitted):
        """Compute what is to be said of each customer in the coming months."""
        terms, ahead = self.terms, fitted.buying
        rows = [
            (
                repeats,
                age,
                *ahead.discounted_orders_if_alive(repeats, age, terms.months, terms.discount),
            )
            for repeats, age in pairs_of(self.cr, self.table("facts"))
        ]
        self._score("scored", "facts", fitted, rows, days_of(terms.months))

    def _score(self, name, facts, fitted, rows, days):
        pairs = self.create("pairs", pairs_query(rows))
        self.create(
            name,
            scored_query(
                self.table(facts),
                pairs,
                fitted.buying,
                fitted.spending,
                days,
                self.terms.margin_share,
            ),
        )
        self.drop("pairs")

    def write_scores(self, fitted):
        """Write the scores to the customers' standings, or empty them where nothing can be said.

        :return: number of customers with a score
        """
        scored = None if fitted.refusal else self.table("scored")
        return write_scores(self.cr, self.scope.company_id, scored, self.scope.currency_rounding)

    def hold_out(self, fitted):
        """Return how well a fit of the first two thirds of the time foretold the last one.

        :return: as :func:`~.holdout.read_holdout`, with ``cut`` and ``until`` as ISO days, or
            ``refusal``, as of :attr:`Fitted.refusal`
        """
        until = self.scope.as_of
        cut = fitted.first_day + timedelta(days=fitted.history_days * 2 // 3)
        found = {"cut": cut.isoformat(), "until": until.isoformat()}
        self._know("early_facts", cut)
        # That of the whole time was enough; of a part of it, what can be fitted is.
        early = self._fit(
            self.table("early_facts"),
            cut,
            Terms(**{**vars(self.terms), "minimum_customers": 2, "minimum_days": 1}),
        )
        if early.refusal:
            return found | {"refusal": early.refusal}
        if fitted.value_refusal:
            early.spending = None
        days = (until - cut).days
        rows = []
        for repeats, age in pairs_of(self.cr, self.table("early_facts")):
            orders = early.buying.expected_orders_if_alive(repeats, age, days)
            rows.append((repeats, age, orders, orders))
        self._score("early_scored", "early_facts", early, rows, days)
        compared = self.create(
            "compared",
            compared_query(
                self.table("early_scored"), self.table("days"), cut, bool(early.spending)
            ),
        )
        found |= read_holdout(self.cr, compared, self.scope.currency_rounding)
        self.drop("early_facts", "early_scored", "compared")
        return found
