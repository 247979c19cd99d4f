"""How well a fit of the first two thirds of the time foretold the last one."""

from odoo.tools import SQL


def compared_query(scored, days, cut, has_value):
    """Return the SELECT of what was foretold of each customer, and what came.

    :param scored: SQL name of the table of :func:`~.scores.scored_query` as of the cut
    :param days: SQL name of the table of :func:`~.days.days_query`
    :param cut: the day up to which the fit knew everything
    :return: SQL of ``partner_id``, ``probability``, ``orders``, ``amount`` (foretold),
        ``later_orders`` and ``later_units`` (that came), ``by_model`` and ``by_revenue`` (the
        place from 1 on by the model, and by what was bought in the year before the cut)
    """
    return SQL(
        """
        SELECT scored.partner_id, probability, orders, amount,
               COALESCE(later_orders, 0) AS later_orders,
               COALESCE(later_units, 0) AS later_units,
               ROW_NUMBER() OVER (ORDER BY %(figure)s DESC, scored.partner_id) AS by_model,
               ROW_NUMBER() OVER (ORDER BY year_units DESC, scored.partner_id) AS by_revenue,
               ROW_NUMBER() OVER (ORDER BY COALESCE(later_units, 0) DESC, scored.partner_id)
                   AS by_later
          FROM %(scored)s AS scored
     LEFT JOIN (
                SELECT partner_id, COUNT(*) FILTER (WHERE is_order) AS later_orders,
                       SUM(units) AS later_units
                  FROM %(days)s
                 WHERE day > %(cut)s
              GROUP BY partner_id
               ) AS later ON later.partner_id = scored.partner_id
        """,
        figure=SQL("amount") if has_value else SQL("orders"),
        scored=scored,
        days=days,
        cut=cut,
    )


def read_holdout(cr, compared, rounding):
    """Return the figures of a comparison as JSON values.

    :param compared: SQL name of the table of :func:`compared_query`
    :param rounding: of the currency
    :return: ``customers``; ``orders`` and ``amount``, each [foretold, came], the first of the
        latter None without a value; ``brier`` (mean square of probability less outcome) and
        ``brier_base`` (of the share who ordered, said of everybody), ``ordered`` (that share);
        ``top`` (how many a tenth is) and ``captured``: the share of what was bought by the tenth
        chosen by the ``model``, by last year's ``revenue``, and the ``best`` possible;
        ``deciles``: of each tenth by the model, the best first, [orders foretold, orders that
        came, amount foretold, amount that came]
    """
    cr.execute(
        SQL(
            """
            SELECT COUNT(*),
                   SUM(orders), SUM(later_orders),
                   SUM(amount), SUM(later_units) * %(rounding)s,
                   AVG((probability - (later_orders > 0)::integer) ^ 2),
                   AVG((later_orders > 0)::integer),
                   SUM(GREATEST(later_units, 0)),
                   SUM(GREATEST(later_units, 0)) FILTER (WHERE by_model <= top),
                   SUM(GREATEST(later_units, 0)) FILTER (WHERE by_revenue <= top),
                   SUM(GREATEST(later_units, 0)) FILTER (WHERE by_later <= top),
                   MAX(top)
              FROM (SELECT *, CEIL(COUNT(*) OVER () / 10.0) AS top FROM %(compared)s) AS compared
            """,
            compared=compared,
            rounding=rounding,
        )
    )
    row = [None if value is None else float(value) for value in cr.fetchone()]
    customers, orders, later, amount, later_amount, brier, ordered = row[:7]
    if not customers:
        return {"customers": 0}
    bought, by_model, by_revenue, best, top = row[7:]
    cr.execute(
        SQL(
            """
            SELECT SUM(orders), SUM(later_orders), SUM(amount), SUM(later_units) * %(rounding)s
              FROM (SELECT *, NTILE(10) OVER (ORDER BY by_model) AS tenth FROM %(compared)s)
                   AS tenths
          GROUP BY tenth
          ORDER BY tenth
            """,
            compared=compared,
            rounding=rounding,
        )
    )
    return {
        "customers": int(customers),
        "orders": [orders, later],
        "amount": [amount, later_amount],
        "brier": brier,
        "brier_base": ordered * (1 - ordered),
        "ordered": ordered,
        "top": int(top),
        "captured": {
            "model": by_model / bought,
            "revenue": by_revenue / bought,
            "best": best / bought,
        }
        if bought
        else None,
        "deciles": [
            [None if value is None else float(value) for value in tenth] for tenth in cr.fetchall()
        ],
    }
