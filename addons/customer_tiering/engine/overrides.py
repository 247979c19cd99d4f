from odoo.tools import SQL

from .parts import EVERYBODY


def overrides_query(company_id, as_of, wanted=EVERYBODY):
    """Return the SELECT of the overrides that are active on a day: the newest of each customer.

    An override without a tier excludes the customer from tiering. Overrides of contacts that are
    archived, or that became contacts of another company, rest.

    :param wanted: the :class:`~.parts.Part` of the customers wanted
    :return: SQL with the columns ``override_id``, ``partner_id``, ``tier_id`` and ``user_id``
    """
    return SQL(
        """
        SELECT DISTINCT ON (override.partner_id)
               override.id AS override_id, override.partner_id, override.tier_id, override.user_id
          FROM customer_tier_override AS override
          JOIN res_partner AS partner ON partner.id = override.partner_id
         WHERE override.company_id = %(company)s
           AND override.state = 'active'
           AND (override.date_end IS NULL OR override.date_end >= %(as_of)s)
           AND partner.active
           AND partner.commercial_partner_id = partner.id
           AND %(wanted)s
      ORDER BY override.partner_id, override.id DESC
        """,
        company=company_id,
        as_of=as_of,
        wanted=wanted.holds(SQL("override.partner_id")),
    )


def unsettled_overrides(cr, company_id, as_of):
    """Return the ids of the customers whose newest override has not taken effect yet."""
    cr.execute(
        SQL(
            """
            SELECT overridden.partner_id
              FROM (%s) AS overridden
         LEFT JOIN customer_standing AS standing
                ON standing.partner_id = overridden.partner_id AND standing.company_id = %s
             WHERE standing.override_id IS DISTINCT FROM overridden.override_id
            """,
            overrides_query(company_id, as_of),
            company_id,
        )
    )
    return [partner_id for (partner_id,) in cr.fetchall()]
