"""The sums over all customers that the models are fitted by, in SQL; see ``tools``."""

from odoo.addons.set_based_runs.large_statements import interpret
from odoo.tools import SQL

from ..tools.buying import MOST_EXPONENT


def groups_query(facts):
    """Return the SELECT of the customers grouped by the three numbers that count."""
    return SQL(
        """
        SELECT repeats, recency, age, COUNT(*)::double precision AS customers
          FROM %s
         WHERE NOT is_older
      GROUP BY repeats, recency, age
        """,
        facts,
    )


def sample_query(groups, part):
    """Return the SELECT of one in so many groups, the same ones each time."""
    return SQL(
        "SELECT * FROM %s WHERE MOD(HASHFLOAT8(recency * 7919 + age * 31 + repeats), %s) = 0",
        groups,
        part,
    )


def buying_sums(cr, groups, may_leave_at_once):
    """Return the function that does in SQL what ``tools.buying.group_sums`` does in memory.

    :param groups: SQL name of the table of :func:`groups_query`
    """

    def sums(r, alpha, a, b):
        interpret(cr)
        cr.execute(_buying_query(groups, may_leave_at_once, r, alpha, a, b))
        return cr.fetchone()

    return sums


def _buying_query(groups, may_leave_at_once, r, alpha, a, b):
    return SQL(
        """
        SELECT COALESCE(SUM(customers * (drawn - power * now)), 0),
               COALESCE(SUM(customers * (weight * spread - now)), 0),
               COALESCE(SUM(customers * power * (weight * (by_age - by_recency) - by_age)), 0),
               COALESCE(SUM(customers * weight), 0) / %(a)s,
               COALESCE(-SUM(customers * weight / leaves), 0)
          FROM (
                SELECT customers, power, now, spread, leaves, by_age, by_recency,
                       CASE WHEN %(leaves_now)s
                            THEN GREATEST(exponent, 0) + LN(1 + part) ELSE 0 END AS drawn,
                       CASE WHEN NOT (%(leaves_now)s) THEN 0
                            WHEN exponent > 0 THEN 1 / (1 + part)
                            ELSE part / (1 + part) END AS weight
                  FROM (
                        SELECT *, EXP(-LEAST(ABS(exponent), %(most)s)) AS part
                          FROM (
                                SELECT *, %(log_a)s - LN(leaves) + power * spread AS exponent
                                  FROM (
                                        SELECT customers,
                                               repeats,
                                               %(r)s + repeats AS power,
                                               LN(%(alpha)s + age) AS now,
                                               LN((%(alpha)s + age) / (%(alpha)s + recency))
                                                   AS spread,
                                               1 / (%(alpha)s + age) AS by_age,
                                               1 / (%(alpha)s + recency) AS by_recency,
                                               %(leaves)s AS leaves
                                          FROM %(groups)s
                                        OFFSET 0
                                       ) AS logarithms
                                OFFSET 0
                               ) AS exponents
                        OFFSET 0
                       ) AS parts
                OFFSET 0
               ) AS weights
        """,
        groups=groups,
        r=double(r),
        alpha=double(alpha),
        a=double(a),
        log_a=SQL("LN(%s)", double(a)),
        leaves=leaves_expression(double(b), may_leave_at_once),
        leaves_now=SQL("TRUE") if may_leave_at_once else SQL("repeats > 0"),
        most=double(MOST_EXPONENT),
    )


def leaves_expression(b, may_leave_at_once):
    """Return the denominator of the odds of having left, as SQL; 1 where nobody can have."""
    if may_leave_at_once:
        return SQL("(%s + repeats)", b)
    return SQL("(CASE WHEN repeats > 0 THEN %s + repeats - 1 ELSE 1 END)", b)


def spenders_query(facts):
    """Return the SELECT of those who ordered again, for less than nothing left out."""
    return SQL(
        "SELECT repeats, mean FROM %s WHERE NOT is_older AND repeats > 0 AND mean > 0", facts
    )


def spending_sums(cr, spenders):
    """Return the function that does in SQL what ``tools.spending.customer_sums`` does in memory.

    :param spenders: SQL name of the table of :func:`spenders_query`
    """

    def sums(gamma):
        interpret(cr)
        cr.execute(
            SQL(
                """
                SELECT SUM(LN(whole)), SUM(repeats * LN(whole)), SUM(1 / whole),
                       SUM(repeats / whole)
                  FROM (
                        SELECT repeats, %s + repeats * mean AS whole FROM %s OFFSET 0
                       ) AS wholes
                """,
                double(gamma),
                spenders,
            )
        )
        return cr.fetchone()

    return sums


def double(number):
    """Return a number as SQL that is reckoned with in floats, not digit by digit."""
    return SQL("%s::double precision", float(number))
