"""How high tiers stand, each among those of its own policy, and which way a move goes."""

from odoo.tools import SQL


def places_query():
    """Return the SELECT of every tier's place.

    An archived tier keeps its place between the tiers that are left.

    :return: SQL with the columns ``tier_id``, ``policy_id``, ``place`` (1 is the best of the
        policy) and ``above``, the share of the policy's tiers that stand above it (0–1),
        by which tiers of different policies compare
    """
    return SQL(
        """
        SELECT id AS tier_id,
               policy_id,
               ROW_NUMBER() OVER by_rank AS place,
               COUNT(*) FILTER (WHERE active) OVER (
                   by_rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)::double precision
               / (COUNT(*) FILTER (WHERE active) OVER (PARTITION BY policy_id)
                  + CASE WHEN active THEN 0 ELSE 1 END) AS above
          FROM customer_tier
        WINDOW by_rank AS (PARTITION BY policy_id ORDER BY sequence, id)
        """
    )


def direction(old, new):
    """Return which way a move goes, as SQL: ``up``, ``down`` or ``level``.

    From no tier it goes up, to none down. In one policy it goes by the tiers' places, between
    policies by the share of each that stands above the tier: who was at the top of one and is at
    the top of the next neither rose nor fell.

    :param old: alias of the row of :func:`places_query` that was left; all NULL for none
    :param new: alias of the one that was reached
    """
    return SQL(
        """
        CASE WHEN %(new)s.tier_id IS NULL THEN 'down'
             WHEN %(old)s.tier_id IS NULL THEN 'up'
             WHEN %(old)s.policy_id = %(new)s.policy_id THEN %(within_policy)s
             ELSE %(between_policies)s
        END
        """,
        old=old,
        new=new,
        within_policy=compared(SQL("%s.place", old), SQL("%s.place", new)),
        between_policies=compared(SQL("%s.above", old), SQL("%s.above", new)),
    )


def compared(old, new):
    """Return which way a move goes by two ranks of which the lower is the better one."""
    return SQL(
        "CASE WHEN %(new)s < %(old)s THEN 'up' WHEN %(new)s > %(old)s THEN 'down' ELSE 'level' END",
        old=old,
        new=new,
    )


def directions(cr, moves):
    """Return which way each of some moves goes.

    :param moves: pairs (old tier id, new tier id); None for no tier
    :return: {(old tier id, new tier id): ``up``, ``down`` or ``level``}
    """
    moves = list(moves)
    cr.execute(
        SQL(
            """
            WITH places AS (%(places)s)
            SELECT move.old_id, move.new_id, %(direction)s
              FROM UNNEST(%(old_ids)s::int[], %(new_ids)s::int[]) AS move (old_id, new_id)
         LEFT JOIN places AS old_place ON old_place.tier_id = move.old_id
         LEFT JOIN places AS new_place ON new_place.tier_id = move.new_id
            """,
            places=places_query(),
            direction=direction(SQL("old_place"), SQL("new_place")),
            old_ids=[old_id for old_id, _new_id in moves],
            new_ids=[new_id for _old_id, new_id in moves],
        )
    )
    return {(old_id, new_id): way for old_id, new_id, way in cr.fetchall()}
