"""Which tier everybody held on a past day, from the ledger and the standings."""

from odoo.tools import SQL


def migrations_query(company_id, before, after, bought):
    """Return the SELECT of who went from which tier to which between two days.

    Rows are stacked and grouped, not joined: a ledger that has just grown from nothing, of
    which the planner knows nothing yet, was joined in loops that took minutes.

    :param before: the first day, and ``known`` of :func:`_held_on` for it
    :param after: the second day, and ``known`` for it
    :param bought: table of what everybody bought in between: ``partner_id``, ``revenue``
    :return: SQL of (tier id on the first day, tier id on the second, customers, those of them
        who bought); NULL for those in no tier; nobody is in it who was in none on both days
    """
    return SQL(
        """
        SELECT start_tier_id, end_tier_id, COUNT(*), COUNT(*) FILTER (WHERE has_bought)
          FROM (
                SELECT MAX(tier_id) FILTER (WHERE source = 'start') AS start_tier_id,
                       MAX(tier_id) FILTER (WHERE source = 'end') AS end_tier_id,
                       BOOL_OR(source = 'bought') AS has_bought
                  FROM (
                        SELECT partner_id, tier_id, 'start' AS source
                          FROM (%(at_start)s) AS at_start
                         UNION ALL
                        SELECT partner_id, tier_id, 'end' FROM (%(at_end)s) AS at_end
                         UNION ALL
                        SELECT partner_id, NULL, 'bought' FROM %(bought)s WHERE revenue > 0
                       ) AS stacked
              GROUP BY partner_id
               ) AS customers
         WHERE start_tier_id IS NOT NULL OR end_tier_id IS NOT NULL
      GROUP BY start_tier_id, end_tier_id
        """,
        at_start=_held_on(company_id, *before),
        at_end=_held_on(company_id, *after),
        bought=bought,
    )


def _held_on(company_id, day, known):
    """Return the SELECT of the tier that everybody held at the end of a day.

    The last move up to that day says it. Before the first move a customer held the tier that
    was left with it, since a day that is written nowhere: the standing keeps only the last
    move's. A run places whoever has documents, so the customer counts from the last run on or
    before ``day`` if that run could know of it. Who never moved holds the tier since
    ``tier_since``.

    :param known: SELECT of the ``partner_id`` of those whom the last run on or before the
        day found, with documents as they are now
    :return: SQL with the columns ``partner_id``, unique, and ``tier_id``
    """
    return SQL(
        """
        SELECT partner_id,
               CASE WHEN BOOL_OR(source = 'moved')
                    THEN MAX(tier_id) FILTER (WHERE source = 'moved')
                    WHEN NOT BOOL_OR(source = 'moves later')
                    THEN MAX(tier_id) FILTER (WHERE source = 'placed')
                    WHEN BOOL_OR(source = 'known')
                    THEN MAX(tier_id) FILTER (WHERE source = 'moves later')
               END AS tier_id
          FROM (
                (
                    SELECT DISTINCT ON (partner_id)
                           partner_id, new_tier_id AS tier_id, 'moved' AS source
                      FROM customer_standing_change
                     WHERE company_id = %(company)s AND date <= %(day)s
                  ORDER BY partner_id, date DESC, id DESC
                )
                 UNION ALL
                (
                    SELECT DISTINCT ON (partner_id) partner_id, old_tier_id, 'moves later'
                      FROM customer_standing_change
                     WHERE company_id = %(company)s AND date > %(day)s
                  ORDER BY partner_id, date, id
                )
                 UNION ALL
                SELECT partner_id, tier_id, 'placed'
                  FROM customer_standing
                 WHERE company_id = %(company)s AND tier_since <= %(day)s
                 UNION ALL
                SELECT partner_id, NULL, 'known' FROM (%(known)s) AS known
               ) AS stacked
      GROUP BY partner_id
        """,
        company=company_id,
        day=day,
        known=known,
    )
