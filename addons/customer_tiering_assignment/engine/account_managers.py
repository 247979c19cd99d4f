"""Who looks after whom now."""

from odoo.addons.customer_tiering.engine.ladders import places_query
from odoo.addons.set_based_runs.temporary_tables import interpret
from odoo.tools import SQL


def loads_by_manager(cr, company_id):
    """Return what account managers look after, by tier.

    :return: tuples (user or None, tier, customers, follow-ups a week)
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
    """Return the customers whom nobody looks after, and those of some account managers.

    :param manager_ids: the account managers whose customers are wanted as well
    :param limit: at most so many of those whom nobody looks after, the best first
    :return: tuples (partner, tier's place, score, follow-ups a week, user or None, user named by
        the service level or None, former user or None)
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


def loads_elsewhere(cr, company_id):
    """Return what account managers look after besides, in the tiers of other companies.

    A customer of this company, too, is not counted as one more.

    :return: {user: (customers, follow-ups a week)}
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
    """Return the SELECT of the customers in a tier; a leaver is no account manager.

    :param elsewhere: of those in a tier of another company instead
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
