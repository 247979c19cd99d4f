"""What the fitted models say of each customer, in closed form in SQL."""

from odoo.addons.set_based_runs.large_statements import enlarge, shrink
from odoo.tools import SQL

from ..tools.buying import DAYS_OF_MONTH, MOST_EXPONENT
from .sums import double, leaves_expression


def pairs_of(cr, facts):
    """Return the pairs (repeats, age) that there are: expected orders go by these alone."""
    cr.execute(SQL("SELECT DISTINCT repeats, age FROM %s WHERE NOT is_older", facts))
    return cr.fetchall()


def pairs_query(rows):
    """Return the SELECT of what is known of pairs.

    :param rows: (repeats, age, orders, discounted orders) of customers who have not left
    """
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    return SQL(
        """
        SELECT * FROM UNNEST(%s::integer[], %s::double precision[], %s::double precision[],
                             %s::double precision[])
            AS pair (repeats, age, orders, discounted)
        """,
        *columns,
    )


def scored_query(facts, pairs, buying, spending, days, margin_share):
    """Return the SELECT of the scores of all customers.

    :param facts: SQL name of the table of :func:`~.days.facts_query`
    :param pairs: SQL name of the table of :func:`pairs_query`
    :param buying: :class:`~..tools.buying.Buying`
    :param spending: :class:`~..tools.spending.Spending`; None for no value
    :param days: the days ahead for which the probability of an order is told
    :return: SQL of ``partner_id``, ``alive``, ``probability``, ``orders``, ``amount`` (expected,
        undiscounted) and ``value`` (NULL both without spending), ``repeats`` and ``first_day``,
        ``year_units``
    """
    if spending:
        per_order = SQL(
            "%s * (%s + facts.repeats * GREATEST(COALESCE(facts.mean, 0), 0))"
            " / (%s * facts.repeats + %s)",
            *map(double, (spending.p, spending.gamma, spending.p, spending.q - 1)),
        )
    else:
        per_order = SQL("NULL::double precision")
    power, alpha = SQL("(%s + repeats)", double(buying.r)), double(buying.alpha)
    exponent = SQL(
        "LN(%(a)s / %(leaves)s) + %(power)s * LN((%(alpha)s + age) / (%(alpha)s + recency))",
        a=double(buying.a),
        leaves=leaves_expression(double(buying.b), buying.may_leave_at_once),
        power=power,
        alpha=alpha,
    )
    alive = SQL(
        "1 / (1 + EXP(GREATEST(LEAST(%s, %s), %s)))", exponent, MOST_EXPONENT, -MOST_EXPONENT
    )
    if not buying.may_leave_at_once:
        alive = SQL("CASE WHEN repeats > 0 THEN %s ELSE 1 END", alive)
    return SQL(
        """
        SELECT partner_id, first_day, repeats, year_units, alive,
               alive * (1 - EXP(-LEAST(%(power)s * LN(1 + %(days)s / (%(alpha)s + age)), %(most)s)))
                   AS probability,
               alive * orders AS orders,
               alive * orders * per_order AS amount,
               alive * discounted * per_order * %(share)s AS value
          FROM (
                SELECT facts.partner_id, facts.first_day, facts.repeats, facts.recency, facts.age,
                       facts.year_units, pair.orders, pair.discounted,
                       %(alive)s AS alive, %(per_order)s AS per_order
                  FROM %(facts)s AS facts
                  JOIN %(pairs)s AS pair USING (repeats, age)
                 WHERE NOT facts.is_older
                OFFSET 0
               ) AS customer
        """,
        power=power,
        days=double(days),
        alpha=alpha,
        most=double(MOST_EXPONENT),
        share=double(margin_share),
        alive=alive,
        per_order=per_order,
        facts=facts,
        pairs=pairs,
    )


def days_of(months):
    """Return the length of so many months."""
    return months * DAYS_OF_MONTH


def write_scores(cr, company_id, scored, rounding):
    """Write to the customers' standings what changed; who has no score now loses the old one.

    :param scored: SQL name of the table of :func:`scored_query`; None for nobody
    :param rounding: of the currency
    :return: number of customers with a score
    """
    # How many have a score changes with the first statement, and PostgreSQL does not know it in
    # the second: it would look for each customer through the whole table.
    enlarge(cr)
    if scored:
        cr.execute(
            SQL(
                """
                UPDATE customer_standing AS standing
                   SET has_lifetime_score = TRUE,
                       has_lifetime_value = new.value IS NOT NULL,
                       alive_probability = new.alive,
                       order_probability = new.probability,
                       expected_orders = new.orders,
                       lifetime_value = new.value,
                       order_days = new.order_days,
                       first_order_date = new.first_day
                  FROM (
                        SELECT partner_id, first_day, repeats + 1 AS order_days,
                               ROUND(alive::numeric, 4)::double precision AS alive,
                               ROUND(probability::numeric, 4)::double precision AS probability,
                               ROUND(orders::numeric, 2) AS orders,
                               ROUND(value::numeric / %(rounding)s) * %(rounding)s AS value
                          FROM %(scored)s
                       ) AS new
                 WHERE standing.company_id = %(company)s
                   AND standing.partner_id = new.partner_id
                   AND ROW(standing.has_lifetime_score, standing.alive_probability,
                           standing.order_probability, standing.expected_orders,
                           standing.lifetime_value, standing.order_days,
                           standing.first_order_date)
                       IS DISTINCT FROM
                       ROW(TRUE, new.alive, new.probability, new.orders, new.value,
                           new.order_days, new.first_day)
                """,
                scored=scored,
                company=company_id,
                rounding=rounding,
            )
        )
    cr.execute(
        SQL(
            """
            UPDATE customer_standing AS standing
               SET has_lifetime_score = FALSE, has_lifetime_value = FALSE,
                   alive_probability = NULL, order_probability = NULL, expected_orders = NULL,
                   lifetime_value = NULL, order_days = NULL, first_order_date = NULL
             WHERE company_id = %(company)s
               AND has_lifetime_score
               AND %(gone)s
            """,
            company=company_id,
            gone=SQL(
                "NOT EXISTS (SELECT 1 FROM %s AS scored"
                " WHERE scored.partner_id = standing.partner_id)",
                scored,
            )
            if scored
            else SQL("TRUE"),
        )
    )
    shrink(cr)
    cr.execute(
        SQL(
            "SELECT COUNT(*) FROM customer_standing WHERE company_id = %s AND has_lifetime_score",
            company_id,
        )
    )
    (count,) = cr.fetchone()
    return count
