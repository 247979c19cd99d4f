"""What a run or a preview found, added up."""

from collections import defaultdict

from odoo.tools import SQL


def outcome_of(cr, moves):
    """Add up the moves of a run or a preview.

    :param moves: SQL name of the table of moves: ``old_tier_id``, ``tier_id``, ``revenue`` and
        ``has_left``
    :return: ``{"customers": n, "changed": n, "migrations": [(old tier id, new tier id,
        customers, revenue), …]}``
    """
    cr.execute(
        SQL(
            """
            SELECT old_tier_id, tier_id, COUNT(*), COALESCE(SUM(revenue), 0),
                   COUNT(*) FILTER (WHERE NOT has_left)
              FROM %s
          GROUP BY old_tier_id, tier_id
            """,
            moves,
        )
    )
    groups = cr.fetchall()
    return {
        "customers": sum(present for *_rest, present in groups),
        "changed": sum(count for old, new, count, *_rest in groups if old != new),
        "migrations": [(old, new, count, revenue) for old, new, count, revenue, _ in groups],
    }


def put_together(outcomes):
    """Add up what parts of a run came to.

    :param outcomes: as :func:`~.apply.write_standings` returns them, of different customers
    """
    outcomes = list(outcomes)
    migrations = defaultdict(lambda: (0, 0))
    for outcome in outcomes:
        for old, new, customers, revenue in outcome["migrations"]:
            so_many, so_much = migrations[old, new]
            migrations[old, new] = (so_many + customers, so_much + revenue)
    counted = ("customers", "changed", "standings_written", "changes_written")
    return {
        **{name: sum(outcome[name] for outcome in outcomes) for name in counted},
        "migrations": [(*tiers, *found) for tiers, found in migrations.items()],
    }
