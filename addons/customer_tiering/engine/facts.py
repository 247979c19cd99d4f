from dataclasses import dataclass

from odoo.tools import SQL

from ..metrics.registry import Metric, Source

# What is known of everybody, whatever the criteria are.
FACT_COLUMNS = (
    "partner_id",
    "is_customer",
    "revenue",
    "previous_revenue",
    "order_count",
    "order_days",
    "order_days_ever",
    "first_order_date",
    "last_order_date",
    "margin",
)


@dataclass(frozen=True)
class Facts:
    """What a run gathers, and about whom.

    :ivar sources: what is read, each in one query
    :ivar metrics: one per criterion, in the criteria's order
    :ivar margin: the metric of the margin, if an add-on brings it
    :ivar partners: subselect of the partner ids that may be ranked
    """

    sources: tuple[Source, ...]
    metrics: tuple[Metric, ...]
    margin: Metric | None
    partners: SQL

    @classmethod
    def needed_for(cls, codes, metrics, sources, partners):
        """Return what metrics need, and what tells who is ranked; nothing else is read.

        :param codes: of the metrics, in the criteria's order
        :param metrics: all that can be had, by code
        :param sources: all that can be read, by code
        :param partners: subselect of the partner ids that may be ranked
        """
        wanted = tuple(metrics[code] for code in codes)
        margin = metrics.get("margin")
        needed = {code for metric in (*wanted, margin) if metric for code in metric.sources}
        return cls(
            sources=tuple(
                source
                for code, source in sources.items()
                if code in needed or source.says_who_is_ranked
            ),
            metrics=wanted,
            margin=margin,
            partners=partners,
        )


def facts_query(scope, facts, with_prospects):
    """Return the SELECT of what is known about each customer and prospect.

    :param facts: the :class:`Facts` to gather
    :param with_prospects: whether those who never bought are wanted
    :return: SQL with the columns :data:`FACT_COLUMNS`, of which ``margin`` is NULL where no
        add-on measures it, and ``figure_0`` … ``figure_n`` (double precision, NULL for prospects)
    """
    return SQL(
        """
        WITH %(gathered)s,
        ranked AS (
            SELECT partner_id, BOOL_OR(is_customer) AS is_customer
              FROM (%(candidates)s) AS candidates
             WHERE is_customer OR (%(with_prospects)s AND is_prospect)
          GROUP BY partner_id
        )
        SELECT ranked.partner_id,
               ranked.is_customer,
               %(revenue)s AS revenue,
               %(previous_revenue)s AS previous_revenue,
               COALESCE(orders.order_count, 0) AS order_count,
               COALESCE(orders.order_days, 0) AS order_days,
               COALESCE(orders.order_days_ever, 0) AS order_days_ever,
               orders.first_order_date,
               orders.last_order_date,
               %(margin)s AS margin
               %(figures)s
          FROM ranked
               %(joins)s
         WHERE ranked.partner_id IN %(partners)s
        """,
        gathered=SQL(", ").join(
            SQL(
                "%s AS MATERIALIZED (%s)",
                SQL.identifier(source.code),
                _gather(source, scope),
            )
            for source in facts.sources
        ),
        candidates=SQL(" UNION ALL ").join(
            SQL(
                "SELECT partner_id, %s AS is_customer, %s AS is_prospect FROM %s",
                source.customer_condition,
                source.prospect_condition,
                SQL.identifier(source.code),
            )
            for source in facts.sources
        ),
        with_prospects=with_prospects,
        revenue=scope.major_units(scope.revenue()),
        previous_revenue=scope.major_units(scope.previous_revenue()),
        margin=facts.margin.expression(scope) if facts.margin else SQL("NULL::numeric"),
        figures=SQL().join(
            SQL(
                ", CASE WHEN ranked.is_customer THEN (%s)::double precision END AS %s",
                metric.expression(scope),
                figure_name(position),
            )
            for position, metric in enumerate(facts.metrics)
        ),
        joins=SQL().join(
            SQL(
                " LEFT JOIN %(source)s ON %(source)s.partner_id = ranked.partner_id",
                source=SQL.identifier(source.code),
            )
            for source in facts.sources
        ),
        partners=facts.partners,
    )


def _gather(source, scope):
    if scope.customer_ids is None:
        return source.query(scope)
    return SQL(
        "SELECT * FROM (%s) AS gathered WHERE partner_id = ANY(%s)",
        source.query(scope),
        list(scope.customer_ids),
    )


def figure_name(position):
    """Return the column of the facts that holds the figure of a criterion."""
    return SQL.identifier(f"figure_{position}")
