from odoo.tools import SQL


def locks_query(company_id, as_of, partner_ids=None):
    """Return the SELECT of the locks in force on a day, one row per customer: the newest.

    A lock without a tier keeps the customer out of the ladder. Locks of contacts that are
    archived, or that became contacts of another company, rest.

    :param partner_ids: the customers wanted; all by default
    :return: SQL with the columns ``lock_id``, ``partner_id``, ``tier_id`` and ``user_id``
    """
    return SQL(
        """
        SELECT DISTINCT ON (lock.partner_id)
               lock.id AS lock_id, lock.partner_id, lock.tier_id, lock.user_id
          FROM customer_tier_lock AS lock
          JOIN res_partner AS partner ON partner.id = lock.partner_id
         WHERE lock.company_id = %(company)s
           AND lock.state = 'active'
           AND (lock.date_end IS NULL OR lock.date_end >= %(as_of)s)
           AND partner.active
           AND partner.commercial_partner_id = partner.id
           AND %(wanted)s
      ORDER BY lock.partner_id, lock.id DESC
        """,
        company=company_id,
        as_of=as_of,
        wanted=among(SQL("lock.partner_id"), partner_ids),
    )


def unsettled_locks(cr, company_id, as_of):
    """Return the ids of the customers whose newest lock has not taken effect yet."""
    cr.execute(
        SQL(
            """
            SELECT locked.partner_id
              FROM (%s) AS locked
         LEFT JOIN customer_standing AS standing
                ON standing.partner_id = locked.partner_id AND standing.company_id = %s
             WHERE standing.lock_id IS DISTINCT FROM locked.lock_id
            """,
            locks_query(company_id, as_of),
            company_id,
        )
    )
    return [partner_id for (partner_id,) in cr.fetchall()]


def among(column, partner_ids):
    """Return the condition that a column holds one of the ids; None asks for nothing."""
    return SQL("TRUE") if partner_ids is None else SQL("%s = ANY(%s)", column, list(partner_ids))
