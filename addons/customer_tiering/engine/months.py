"""A customer month by month: the score with which a month ended, and the revenue in it."""

from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo.addons.set_based_runs.large_statements import interpret
from odoo.tools import SQL

from ..metrics.registry import SOURCES
from .parts import EVERYBODY

# So many months are shown: a year, and the month of the year before to compare with.
SHOWN_MONTHS = 13
# Scores are kept for so many months, for whoever wants to look further back.
KEPT_MONTHS = 36


def holders_of_scores(company_id):
    """Return the SELECT of the customers who have a score that can be kept."""
    return SQL("SELECT partner_id FROM customer_standing WHERE %s", _can_be_kept(company_id))


def _can_be_kept(company_id):
    # Prospects have no score.
    return SQL("company_id = %s AND tier_id IS NOT NULL AND score IS NOT NULL", company_id)


def close_month(cr, company_id, month, customers=EVERYBODY):
    """Keep scores as those with which a month ended; where they were kept before, nothing happens.

    :param month: the first day of the month
    :param customers: the :class:`~.parts.Part` of the customers whose scores are kept
    """
    cr.execute(
        SQL(
            """
            INSERT INTO customer_standing_month (standing_id, company_id, month, score)
                 SELECT id, company_id, %(month)s, score
                   FROM customer_standing
                  WHERE %(can_be_kept)s
                    AND %(wanted)s
            ON CONFLICT (standing_id, month) DO NOTHING
            """,
            month=month,
            can_be_kept=_can_be_kept(company_id),
            wanted=customers.holds(SQL("partner_id")),
        )
    )


def forget_months(cr, company_id, month):
    """Delete the scores that are older than :data:`KEPT_MONTHS` at the end of a month."""
    cr.execute(
        SQL(
            "DELETE FROM customer_standing_month WHERE company_id = %s AND month < %s",
            company_id,
            month - relativedelta(months=KEPT_MONTHS),
        )
    )


def shown_months(day):
    """Return the first days of the months that are shown, the one of ``day`` last."""
    return [
        day.replace(day=1) - relativedelta(months=back) for back in reversed(range(SHOWN_MONTHS))
    ]


def revenue_by_month(cr, scope, customer_ids):
    """Return the revenue of some customers by month, as the runs count it.

    :param scope: the :class:`~.scope.Scope` of a run
    :param customer_ids: ids of commercial partners
    :return: {(customer's id, first day of a month): amount in the company's currency}, of the
        months that are shown
    """
    # Amounts are read for the period and the one before it alone.
    scope = replace(scope.of_customers(cr, customer_ids), window_months=SHOWN_MONTHS)
    interpret(cr)
    cr.execute(
        SQL(
            """
            SELECT partner_id, DATE_TRUNC('month', day)::date AS month, %(amount)s
              FROM (%(dated)s) AS dated
             WHERE day >= %(first)s
               AND partner_id = ANY(%(customers)s)
          GROUP BY partner_id, month
            """,
            amount=scope.major_units(SQL("COALESCE(SUM(units), 0)")),
            dated=SOURCES[scope.revenue_source].dated_revenue_query(scope),
            first=shown_months(scope.as_of)[0],
            customers=list(customer_ids),
        )
    )
    return {(customer, month): float(amount) for customer, month, amount in cr.fetchall()}
