"""Who would move if computed standings were applied, after grace periods and overrides."""

from odoo.tools import SQL

from .movement import movement_query
from .parts import EVERYBODY


def moves_by_tiers(cr, standings, company_id, as_of, rules, partners, wanted=EVERYBODY):
    """Add up the moves of a run that is not applied.

    :param standings: SQL name of the computed standings
    :param partners: subselect of the customers whose prices go by their tier
    :param wanted: the :class:`~.parts.Part` of the customers who would be placed
    :return: tuples (tier held, tier after, what happens, customers, of them those whose grace
        period begins, of them those whose prices go by the tier); what happens is ``upgraded``,
        ``downgraded``, ``level``, ``placed``, ``left`` or None
    """
    cr.execute(
        SQL(
            """
            SELECT old_tier_id, tier_id,
                   CASE WHEN reason IS NULL THEN NULL
                        WHEN old_tier_id IS NULL THEN 'placed'
                        WHEN tier_id IS NULL THEN 'left'
                        WHEN direction = 'up' THEN 'upgraded'
                        WHEN direction = 'down' THEN 'downgraded'
                        ELSE 'level'
                   END,
                   COUNT(*),
                   COUNT(*) FILTER (
                       WHERE downgrade_on IS NOT NULL AND old_downgrade_on IS NULL),
                   COUNT(*) FILTER (WHERE partner_id IN %s)
              FROM (%s) AS move
          GROUP BY 1, 2, 3
            """,
            partners,
            movement_query(standings, company_id, as_of, rules.tiers, rules.movement, wanted),
        )
    )
    return cr.fetchall()
