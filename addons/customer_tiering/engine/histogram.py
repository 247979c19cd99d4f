"""How many customers have which score."""

from odoo.tools import SQL

# Steps from 0 to 100: a threshold with one decimal lies between two of them.
STEPS = 1000


def score_histogram(cr, standings):
    """Count customers by score, in one statement.

    :param standings: SQL of a table with ``score`` and ``lifecycle``
    :return: JSON value: ``steps``, the number of equal steps from 0 to 100; ``counts``, pairs of a
        step from 1 and its customers, where the step after the last one is the score of 100 itself;
        ``unscored``, customers without any figure; ``prospects``. False without customers.
    """
    cr.execute(
        SQL(
            """
            SELECT lifecycle = 'prospect', WIDTH_BUCKET(score, 0, 100, %s), COUNT(*)
              FROM %s AS standing
          GROUP BY 1, 2
          ORDER BY 1, 2
            """,
            STEPS,
            standings,
        )
    )
    rows = cr.fetchall()
    if not rows:
        return False
    ranked = [(step, count) for is_prospect, step, count in rows if not is_prospect]
    return {
        "steps": STEPS,
        "counts": [[step, count] for step, count in ranked if step is not None],
        "unscored": sum(count for step, count in ranked if step is None),
        "prospects": sum(count for is_prospect, _step, count in rows if is_prospect),
    }


def standings_query(company_id):
    """Return the customers of a company as the last run scored them, as SQL for a FROM."""
    return SQL(
        """
        (SELECT score, lifecycle
           FROM customer_standing
          WHERE company_id = %s AND candidate_tier_id IS NOT NULL)
        """,
        company_id,
    )
