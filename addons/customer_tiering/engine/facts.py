from odoo.tools import SQL


def facts_query(scope, sources, figures, partners):
    """Return the SELECT of what is known about each customer.

    :param sources: the :class:`~..metrics.registry.Source` objects to read
    :param figures: SQL expressions, one per criterion, in the criteria's order
    :param partners: SQL subselect of the partner ids that may be customers
    :return: SQL with the columns ``partner_id``, ``revenue``, ``order_count``,
        ``last_order_date`` and ``figure_0`` … ``figure_n`` (double precision)
    """
    return SQL(
        """
        WITH %(gathered)s,
        customers AS (%(customers)s)
        SELECT customers.partner_id,
               %(revenue)s AS revenue,
               COALESCE(orders.order_count, 0) AS order_count,
               orders.last_order_date
               %(figures)s
          FROM customers
               %(joins)s
         WHERE customers.partner_id IN %(partners)s
        """,
        gathered=SQL(", ").join(
            SQL("%s AS MATERIALIZED (%s)", SQL.identifier(source.code), source.query(scope))
            for source in sources
        ),
        customers=SQL(" UNION ").join(
            SQL("SELECT partner_id FROM %s", SQL.identifier(source.code))
            for source in sources
            if source.defines_customers
        ),
        revenue=scope.major_units(scope.revenue()),
        figures=SQL().join(
            SQL(", (%s)::double precision AS %s", figure, figure_name(position))
            for position, figure in enumerate(figures)
        ),
        joins=SQL().join(
            SQL(
                " LEFT JOIN %(source)s ON %(source)s.partner_id = customers.partner_id",
                source=SQL.identifier(source.code),
            )
            for source in sources
        ),
        partners=partners,
    )


def figure_name(position):
    """Return the column of the facts that holds the figure of a criterion."""
    return SQL.identifier(f"figure_{position}")
