"""Which tier everybody held on a past day, from the ledger and the standings."""

from odoo.tools import SQL

from .assessment import BOUGHT


def migration_groups(cr, company_id, start, end, known_at_start, known_at_end):
    """Return who went from which tier to which between two days.

    What :func:`~.assessment.gather_bought` filled says who bought in the meantime.

    :param known_at_start: as ``known`` of :func:`_held_on`
    :return: rows (tier id on ``start``, tier id on ``end``, customers, those of them who
        bought); None for those in no tier; nobody is listed who was in none on both days
    """
    cr.execute(
        SQL(
            """
            SELECT at_start.tier_id,
                   at_end.tier_id,
                   COUNT(*),
                   COUNT(*) FILTER (WHERE bought.revenue > 0)
              FROM (%(at_start)s) AS at_start
              JOIN (%(at_end)s) AS at_end ON at_end.partner_id = at_start.partner_id
         LEFT JOIN %(bought)s AS bought ON bought.partner_id = at_start.partner_id
             WHERE at_start.tier_id IS NOT NULL OR at_end.tier_id IS NOT NULL
          GROUP BY at_start.tier_id, at_end.tier_id
            """,
            at_start=_held_on(company_id, start, known_at_start),
            at_end=_held_on(company_id, end, known_at_end),
            bought=BOUGHT,
        )
    )
    return cr.fetchall()


def _held_on(company_id, day, known):
    """Return the SELECT of the tier that everybody held at the end of a day.

    The last move up to that day says it. Before his first move a customer held the tier
    that he left with it, since a day that is written nowhere: the standing keeps only the
    last move's. He was placed by a run, and a run places who has documents, so he counts
    from the last run on or before ``day`` if he was known to it. Who never moved holds his
    tier since ``tier_since``.

    :param known: SELECT of the ``partner_id`` of those whom the last run on or before the
        day found, with documents as they are now; None if there was no such run
    :return: SQL with the columns ``partner_id`` and ``tier_id``, one row per customer who
        has ever been in a tier
    """
    return SQL(
        """
        SELECT partner_id,
               CASE WHEN moved.partner_id IS NOT NULL THEN moved.new_tier_id
                    WHEN moves_later.partner_id IS NULL
                         THEN CASE WHEN standing.tier_since <= %(day)s::date
                                   THEN standing.tier_id END
                    WHEN known.partner_id IS NOT NULL THEN moves_later.old_tier_id
               END AS tier_id
          FROM (
                SELECT DISTINCT ON (partner_id) partner_id, new_tier_id
                  FROM customer_standing_change
                 WHERE company_id = %(company)s AND date <= %(day)s
              ORDER BY partner_id, date DESC, id DESC
               ) AS moved
     FULL JOIN (
                SELECT DISTINCT ON (partner_id) partner_id, old_tier_id
                  FROM customer_standing_change
                 WHERE company_id = %(company)s AND date > %(day)s
              ORDER BY partner_id, date, id
               ) AS moves_later USING (partner_id)
     FULL JOIN (
                SELECT partner_id, tier_id, tier_since
                  FROM customer_standing
                 WHERE company_id = %(company)s
               ) AS standing USING (partner_id)
     LEFT JOIN (%(known)s) AS known USING (partner_id)
        """,
        company=company_id,
        day=day,
        known=known or SQL("SELECT NULL::integer AS partner_id"),
    )
