"""The table of standings, beyond what a run writes to it."""

from odoo.tools import SQL

from .tiers import places_query


def keep_best_standings(cr, destination_id, partner_ids):
    """Delete the standings of partners that are merged, except the best one per company.

    The best has the best tier, then the highest score, then that of the partner that stays.

    :param destination_id: the partner that stays
    :param partner_ids: all that are merged, the one that stays among them
    """
    cr.execute(
        SQL(
            """
            WITH places AS (%(places)s),
            ranked AS (
                SELECT standing.id,
                       ROW_NUMBER() OVER (
                           PARTITION BY standing.company_id
                           ORDER BY places.above NULLS LAST, standing.score DESC NULLS LAST,
                                    standing.partner_id = %(destination)s DESC, standing.id
                       ) AS place
                  FROM customer_standing AS standing
             LEFT JOIN places ON places.tier_id = standing.tier_id
                 WHERE standing.partner_id = ANY(%(partners)s)
            )
            DELETE FROM customer_standing
                  USING ranked
                  WHERE ranked.id = customer_standing.id AND ranked.place > 1
            """,
            places=places_query(),
            destination=destination_id,
            partners=partner_ids,
        )
    )
