"""Activity plans that are applied to customers, whatever the reason.

An application is a row of ``partner_id``, ``plan_id``, ``occasion``, which names it for good, and
``source_id``, by which the caller knows it again.
"""

from odoo.tools import SQL

from .customers import able_users_query


def applications_query(applications, customers):
    """Return the SELECT of applications with the customers' tiers and account managers.

    ``place`` is the order of each account manager's: the better tier and the older first.
    """
    return SQL(
        """
        SELECT application.*, customer.tier_id, customer.user_id,
               ROW_NUMBER() OVER (
                   PARTITION BY customer.user_id
                   ORDER BY customer.above, application.source_id
               ) AS place
          FROM (%(applications)s) AS application
          JOIN (%(customers)s) AS customer
            ON customer.partner_id = application.partner_id
        """,
        applications=applications,
        customers=customers,
    )


def activities_query(placed, lines, company_ids):
    """Return the SELECT of the ledger's rows: an activity per application and line of its plan.

    :param placed: SQL name of the table of applications with a ``day``
    :param lines: tuples (plan id, day, template id, due on, user id or None): what a plan that
        starts on a day means
    """
    plans, days, templates, dues, users = zip(*lines, strict=True) if lines else ([],) * 5
    return SQL(
        """
        SELECT placed.partner_id, placed.tier_id, 'plan' AS kind,
               CONCAT(placed.occasion, '/', line.template_id) AS occasion,
               COALESCE(able.id, placed.user_id) AS user_id, line.due AS date_due,
               NULL::date AS last_contact_date, line.template_id,
               ROW_NUMBER() OVER (ORDER BY line.due, placed.user_id, placed.partner_id) AS place
          FROM %(placed)s AS placed
          JOIN UNNEST(%(plans)s::int[], %(days)s::date[], %(templates)s::int[],
                      %(dues)s::date[], %(users)s::int[])
               AS line (plan_id, day, template_id, due, user_id)
            ON line.plan_id = placed.plan_id AND line.day = placed.day
     LEFT JOIN (%(able)s) AS able ON able.id = line.user_id
        """,
        placed=placed,
        plans=list(plans),
        days=list(days),
        templates=list(templates),
        dues=list(dues),
        users=list(users),
        able=able_users_query(company_ids),
    )
