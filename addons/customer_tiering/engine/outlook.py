"""What a customer would earn by buying more, tried by the figures and the scoring of a run."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate

from odoo.addons.set_based_runs.large_statements import interpret
from odoo.tools import SQL

from ..metrics.registry import Documents
from .candidates import candidate_tier
from .facts import FACT_COLUMNS, facts_query, figure_name
from .scales import percentile_points
from .scores import scores_query

# Methods by which what others earn does not change when one customer buys.
TRIED_METHODS = ("score", "value_share")
# As many ordinary orders are tried at most: one a week for a year.
MOST_ORDERS = 52
# A larger order is tried up to so many doubles of an ordinary one: about a million times it.
MOST_DOUBLINGS = 20


@dataclass(frozen=True)
class Purchase:
    """Equal orders that a customer might place, and have invoiced, on the day of a run.

    :ivar partner_id: the customer
    :ivar count: how many orders
    :ivar amount: of each, in the company currency's smallest unit
    :ivar columns: amounts of each that add-ons read, such as the margin, by code
    """

    partner_id: int
    count: int
    amount: int
    columns: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """The least that earns a tier.

    :ivar count: how many orders
    :ivar amount: of each, in the company currency's smallest unit
    :ivar ordinary: what an ordinary order of the customer is worth
    """

    count: int
    amount: int
    ordinary: int

    @property
    def is_larger(self):
        """Whether it is one order larger than the customer's usual ones."""
        return self.amount > self.ordinary


class Advice:
    """The least that one customer has to buy, found by trying what a purchase would earn.

    One ordinary order is tried first. Where it is not enough, it is the cheaper one of as many
    as are needed, up to :data:`MOST_ORDERS`, and of one larger order of whole currency units.

    :param figures: the customer's figures of the last run, in the criteria's order
    """

    def __init__(self, cr, scope, rules, facts, partner_id, figures):
        scope = scope.of_customers(cr, [partner_id])
        self._run = cr, scope, rules, facts, figures
        self._partner_id = partner_id
        self._others = Others(cr, scope.company_id, partner_id, rules)
        self._place_of = {tier.tier_id: place for place, tier in enumerate(rules.tiers)}
        self._unit = max(1, round(1 / scope.currency_rounding))
        self._places = {}
        self._amount, self._column_parts = ordinary_order(cr, scope, facts, partner_id)

    def least_for(self, tier_id):
        """Return the :class:`Way` to a tier or a better one; None where none was found."""
        if tier_id not in self._place_of:
            return None
        goal = self._place_of[tier_id]

        def by_orders(count):
            return self._place(count, self._amount) <= goal

        def by_units(units):
            return self._place(1, units * self._unit) <= goal

        if by_orders(1):
            return Way(1, self._amount, self._amount)
        count = _least(by_orders, 1, MOST_ORDERS) if by_orders(MOST_ORDERS) else None
        usual = self._amount // self._unit
        # One larger order is told where it costs less than so many ordinary ones.
        most = (
            -(-count * self._amount // self._unit) - 1 if count else (usual + 1) << MOST_DOUBLINGS
        )
        if most > usual and by_units(most):
            if not count:
                # Doubles first: what is wanted is nearer to the usual than to the most.
                doublings = _least(lambda times: by_units((usual + 1) << times), -1, MOST_DOUBLINGS)
                most = (usual + 1) << doublings
            least = _least(by_units, usual, most)
            return Way(1, least * self._unit, self._amount)
        return Way(count, self._amount, self._amount) if count else None

    def _place(self, count, amount):
        """Return the place among the tiers, from 0, that such orders would earn."""
        if (count, amount) not in self._places:
            cr, scope, rules, facts, figures = self._run
            columns = {code: round(part * amount) for code, part in self._column_parts.items()}
            purchase = Purchase(self._partner_id, count, amount, columns)
            tier_id = tier_with(cr, scope, rules, facts, figures, purchase, self._others)
            self._places[count, amount] = self._place_of[tier_id]
        return self._places[count, amount]


class Others:
    """The figures of a company's other customers as the last run stored them, read once.

    Per criterion by rank there are the distinct figures in ascending order, and how many
    customers have less than each.
    """

    def __init__(self, cr, company_id, partner_id, rules):
        self._criteria = [
            (position, criterion)
            for position, criterion in enumerate(rules.criteria)
            if criterion.scale == "percentile"
        ]
        self._figures, self._below = {}, {}
        for position, criterion in self._criteria:
            figure = SQL("figures[%s]", position + 1)
            cr.execute(
                SQL(
                    """
                    SELECT %(figure)s, COUNT(*)
                      FROM customer_standing
                     WHERE company_id = %(company)s AND partner_id <> %(partner)s AND %(ranked)s
                  GROUP BY 1
                  ORDER BY 1
                    """,
                    figure=figure,
                    company=company_id,
                    partner=partner_id,
                    ranked=_is_ranked(figure, criterion),
                )
            )
            rows = cr.fetchall()
            self._figures[position] = [value for value, _count in rows]
            self._below[position] = [0, *accumulate(count for _value, count in rows)]

    def compared_with(self, figures):
        """Return the SELECT that says, for each criterion by rank, whom a customer beats.

        :param figures: the customer's figures by the criteria's positions; None for a missing one
        """
        columns = [SQL("NULL::integer AS nobody")]
        for position, criterion in self._criteria:
            known, below = self._figures[position], self._below[position]
            mine, others = figures[position], below[-1]
            worse = same = 0
            if mine is not None:
                low, high = below[bisect_left(known, mine)], below[bisect_right(known, mine)]
                worse = low if criterion.higher_is_better else others - high
                same = high - low
            columns.extend(
                SQL("%s::bigint AS %s", count, SQL.identifier(f"{name}_{position}"))
                for name, count in (("worse", worse), ("same", same), ("others", others))
            )
        return SQL("SELECT %s", SQL(", ").join(columns))


def _least(is_enough, too_few, enough):
    """Return the least whole number above ``too_few`` that is enough, as ``enough`` is."""
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if is_enough(middle):
            enough = middle
        else:
            too_few = middle
    return enough


class _Supposed(Documents):
    """A purchase among the documents of a source."""

    code = "supposed"

    def __init__(self, source, values, count, amounts):
        self.source = source
        self._values = values
        self._count = count
        self._amounts = amounts
        self.columns = tuple(amounts)

    def query(self, scope):
        named = {**self._values, **self._amounts}
        return SQL(
            "SELECT %s FROM GENERATE_SERIES(1, %s)",
            SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name)) for name, value in named.items()
            ),
            self._count,
        )


def tier_with(cr, scope, rules, facts, figures, purchase, others):
    """Return the id of the tier that a customer would have earned, had it bought more.

    The figures that orders and invoices make are gathered anew with the purchase among the
    documents; the others, and those of the other customers, are as the last run stored them.

    :param scope: the :class:`~.scope.Scope` of the last run, for this customer alone
    :param rules: its :class:`~.rules.Rules`, by one of :data:`TRIED_METHODS`
    :param facts: the :class:`~.facts.Facts` that it gathered
    :param figures: the customer's figures of the last run, in the criteria's order
    :param purchase: the :class:`Purchase`
    :param others: the :class:`Others`
    """
    interpret(cr)
    tried = _tried_facts(scope, facts, figures, purchase)
    names = SQL(", ").join(figure_name(position) for position in range(len(rules.criteria)))
    cr.execute(SQL("SELECT %s FROM (%s) AS tried", names, tried))
    compared = others.compared_with(cr.fetchone())
    if rules.method == "value_share":
        compared = SQL(
            "SELECT * FROM (%s) AS ranked CROSS JOIN (%s) AS summed",
            compared,
            _summed(scope.company_id, purchase.partner_id),
        )
    cr.execute(
        SQL(
            """
            WITH tried AS MATERIALIZED (%(tried)s),
            compared AS MATERIALIZED (%(compared)s),
            scored AS MATERIALIZED (%(scored)s)
            SELECT %(candidate)s
              FROM (SELECT scored.*, compared.* FROM scored CROSS JOIN compared) AS placed
            """,
            tried=tried,
            compared=compared,
            scored=scores_query(SQL("tried"), rules.criteria, _rank_among_others),
            candidate=candidate_tier(rules.method, rules.tiers),
        )
    )
    return cr.fetchone()[0]


def ordinary_order(cr, scope, facts, partner_id):
    """Return what one order of a customer was worth in the period, in the mean.

    Of a customer without one it is the mean over the company's customers.

    :return: the amount in smallest units, and by code the part of an order's amount that what
        add-ons read is of it, such as the margin
    """
    codes = [column.code for column in scope.columns_of("orders")]
    orders = next(source for source in facts.sources if source.code == "orders")
    cr.execute(
        SQL(
            """
            SELECT COALESCE(ROUND(COALESCE(own.amount, usual.amount) / %(unit)s), 0)::bigint,
                   COALESCE(orders.revenue, 0)
                   %(columns)s
              FROM (
                    SELECT SUM(revenue) / SUM(order_count) AS amount
                      FROM customer_standing
                     WHERE company_id = %(company)s AND revenue > 0 AND order_count > 0
                   ) AS usual
         LEFT JOIN (
                    SELECT revenue / order_count AS amount
                      FROM customer_standing
                     WHERE partner_id = %(partner)s AND company_id = %(company)s
                       AND revenue > 0 AND order_count > 0
                   ) AS own ON TRUE
         LEFT JOIN (
                    SELECT * FROM (%(orders)s) AS gathered WHERE partner_id = %(partner)s
                   ) AS orders ON TRUE
            """,
            columns=SQL().join(
                SQL(", COALESCE(orders.%s, 0)", SQL.identifier(code)) for code in codes
            ),
            unit=scope.currency_rounding,
            company=scope.company_id,
            partner=partner_id,
            orders=orders.query(scope),
        )
    )
    amount, ordered, *sums = cr.fetchone()
    parts = [Fraction(total, ordered) if ordered > 0 else 0 for total in sums]
    return amount, dict(zip(codes, parts, strict=True))


def _tried_facts(scope, facts, figures, purchase):
    """Return the SELECT of the customer's facts, as of the run, with the purchase."""
    touched = {"orders", "invoices"} if scope.amount_basis == "invoiced" else {"orders"}
    changed = [
        position
        for position, metric in enumerate(facts.metrics)
        if touched.intersection(metric.sources)
    ]
    metrics = tuple(facts.metrics[position] for position in changed)
    supposed = _supposed(scope, facts, purchase, touched)
    scope = replace(scope, documents=scope.documents + supposed)
    # Invoices, say, are not read for a revenue that goes by orders.
    needed = touched.union(
        code
        for metric in metrics
        for code in metric.sources
        if f"{code}." in metric.expression(scope).code
    )
    known = facts_query(
        scope,
        replace(
            facts,
            sources=tuple(source for source in facts.sources if source.code in needed),
            metrics=metrics,
            margin=None,
            partners=SQL("(SELECT %s::integer)", purchase.partner_id),
        ),
        with_prospects=False,
    )
    place_of = {position: place for place, position in enumerate(changed)}
    return SQL(
        "SELECT %s FROM (%s) AS known",
        SQL(", ").join(
            [
                *(SQL.identifier(name) for name in FACT_COLUMNS),
                *(
                    SQL(
                        "%s AS %s",
                        SQL("known.%s", figure_name(place_of[position]))
                        if position in place_of
                        else SQL("%s::double precision", figures[position]),
                        figure_name(position),
                    )
                    for position in range(len(facts.metrics))
                ),
            ]
        ),
        known,
    )


def _supposed(scope, facts, purchase, touched):
    partner, company = SQL("%s::integer", purchase.partner_id), SQL("%s", scope.company_id)
    values = {
        "orders": {
            "partner_id": partner,
            "company_id": company,
            "state": SQL("'sale'"),
            "date_order": SQL("%s::timestamp - INTERVAL '1 second'", scope.end_utc),
        },
        "invoices": {
            "commercial_partner_id": partner,
            "company_id": company,
            "state": SQL("'posted'"),
            "move_type": SQL("'out_invoice'"),
            "invoice_date": SQL("%s::date", scope.as_of),
        },
    }
    amounts = {
        "orders": {"revenue": purchase.amount, **purchase.columns},
        "invoices": {"revenue": purchase.amount},
    }
    tables = {"orders": SQL("sale_order"), "invoices": SQL("account_move")}
    supposed = []
    for source in facts.sources:
        if source.code not in touched:
            continue
        said, table = values[source.code], tables[source.code]
        row = {
            # What a purchase does not say is empty, in the column's own type.
            name: said.get(
                name, SQL("(SELECT %s FROM %s WHERE FALSE)", SQL.identifier(name), table)
            )
            for name in source.document_columns
        }
        units = {
            code: SQL("%s::%s", amount, scope.units_type)
            for code, amount in amounts[source.code].items()
        }
        supposed.append(_Supposed(source.code, row, purchase.count, units))
    return tuple(supposed)


def _summed(company_id, partner_id):
    """Return the SELECT of what the customers' revenues sum up to, with what the customer buys."""
    return SQL(
        """
        SELECT COALESCE(SUM(GREATEST(others.revenue, 0)), 0) + GREATEST(MAX(tried.revenue), 0)
                   AS total_revenue,
               COALESCE(SUM(GREATEST(others.revenue, 0)) FILTER (
                   WHERE others.revenue > tried.revenue
                      OR (others.revenue = tried.revenue
                          AND others.partner_id < tried.partner_id)), 0) AS revenue_before
          FROM tried
     LEFT JOIN (
                SELECT partner_id, revenue
                  FROM customer_standing
                 WHERE company_id = %s AND partner_id <> %s AND figures IS NOT NULL
               ) AS others ON TRUE
        """,
        company_id,
        partner_id,
    )


def _is_ranked(figure, criterion):
    """Return the SQL condition for a figure to be ranked at all."""
    return SQL("%s > 0" if criterion.zero_is_nothing else "%s IS NOT NULL", figure)


def _rank_among_others(position, criterion):
    """Return the SELECT of the points of the customer's own figure, as of a run's ranking."""
    worse, same, others = (
        SQL.identifier(f"{name}_{position}") for name in ("worse", "same", "others")
    )
    figure = figure_name(position)
    return SQL(
        "SELECT %s AS figure, %s AS points FROM tried CROSS JOIN compared",
        figure,
        percentile_points(figure, worse, same, others, criterion.zero_is_nothing),
    )
