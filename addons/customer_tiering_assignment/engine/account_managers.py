"""Customers in a tier by account manager, with the follow-ups that their service levels need.

An account manager is the active salesperson on the contact.
"""

from odoo.addons.customer_tiering.engine.tiers import places_query
from odoo.addons.set_based_runs.large_statements import interpret
from odoo.tools import SQL


def workload_by_manager(cr, company_id):
    """Return the workload of account managers in a company, by tier.

    :return: tuples (user or None, tier, number of customers, follow-ups per week)
    """
    interpret(cr)
    cr.execute(
        SQL(
            """
            SELECT manager_id, tier_id, COUNT(*), SUM(followups)::float
              FROM (%s) AS customer
          GROUP BY manager_id, tier_id
            """,
            _customers(company_id),
        )
    )
    return cr.fetchall()


def customers_to_assign(cr, company_id, manager_ids, limit):
    """Return the customers without an account manager, and those of some account managers.

    :param manager_ids: the account managers whose customers are wanted as well
    :param limit: the number of customers without an account manager, the best first
    :return: tuples (partner, place of the tier, score, follow-ups per week, account manager or
        None, account manager of the service level or None, salesperson, archived or not, or None)
    """
    cr.execute(
        SQL(
            """
            SELECT partner_id, place, score, followups, manager_id, named_id, former_id
              FROM (SELECT customer.*,
                           ROW_NUMBER() OVER (
                               PARTITION BY manager_id IS NULL
                               ORDER BY place, score DESC NULLS LAST, partner_id) AS number
                      FROM (%(customers)s) AS customer
                     WHERE manager_id IS NULL OR manager_id = ANY(%(managers)s)
                   ) AS numbered
             WHERE manager_id IS NOT NULL OR number <= %(limit)s
            """,
            customers=_customers(company_id),
            managers=list(manager_ids),
            limit=limit,
        )
    )
    return cr.fetchall()


def workload_elsewhere(cr, company_id):
    """Return the workload of account managers in the tiers of other companies.

    A customer who is in a tier of this company, too, is not counted twice.

    :return: {user: (number of customers, follow-ups per week)}
    """
    cr.execute(
        SQL(
            """
            SELECT customer.manager_id,
                   COUNT(DISTINCT customer.partner_id) FILTER (WHERE here.partner_id IS NULL),
                   SUM(customer.followups)::float
              FROM (%s) AS customer
         LEFT JOIN (%s) AS here ON here.partner_id = customer.partner_id
             WHERE customer.manager_id IS NOT NULL
          GROUP BY customer.manager_id
            """,
            _customers(company_id, elsewhere=True),
            _customers(company_id),
        )
    )
    return {user: (customers, followups) for user, customers, followups in cr.fetchall()}


def _customers(company_id, elsewhere=False):
    """Return the SELECT of the customers in a tier; an archived user is no account manager.

    :param elsewhere: customers in a tier of another company instead
    """
    return SQL(
        """
        SELECT standing.partner_id, standing.tier_id, standing.score,
               DENSE_RANK() OVER (ORDER BY places.above, tier.id) AS place,
               salesperson.id AS manager_id,
               partner.user_id AS former_id,
               level.user_id AS named_id,
               COALESCE(level.followups_per_week, 0) AS followups
          FROM customer_standing AS standing
          JOIN res_partner AS partner ON partner.id = standing.partner_id
          JOIN customer_tier AS tier ON tier.id = standing.tier_id
          JOIN (%(places)s) AS places ON places.tier_id = standing.tier_id
     LEFT JOIN customer_service_level AS level
            ON level.id = tier.service_level_id AND level.active
     LEFT JOIN res_users AS salesperson
            ON salesperson.id = partner.user_id AND salesperson.active
         WHERE %(where)s
           AND partner.active
        """,
        places=places_query(),
        where=SQL(
            "standing.company_id <> %s" if elsewhere else "standing.company_id = %s", company_id
        ),
    )
