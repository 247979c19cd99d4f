"""The two halves of a run: compute without locks, apply in a short transaction."""

from odoo.tools import SQL

from .facts import facts_query
from .lenses import lenses_query
from .movement import equivalent_tiers, movement_query
from .scores import scores_query

FACTS = SQL("tiering_facts")
SCORES = SQL("tiering_scores")
STANDINGS = SQL("tiering_standings")
MOVES = SQL("tiering_moves")

# The columns of a standing that a run owns, in the table's and the moves' order.
STANDING_COLUMNS = (
    "tier_id",
    "candidate_tier_id",
    "tier_since",
    "demotion_due",
    "score",
    "value_score",
    "loyalty_score",
    "cooperation_score",
    "potential_score",
    "revenue",
    "order_count",
    "last_order_date",
    "figures",
    "points",
    "points_to_next",
    "abc_class",
    "rfm_code",
    "value_class",
    "portfolio",
    "lifecycle",
)


def compute_standings(cr, scope, rules, facts):
    """Fill the temporary table of standings-to-be; nothing that others see is written.

    :param scope: the :class:`~.scope.Scope`
    :param rules: the :class:`~.rules.Rules`
    :param facts: the :class:`~.facts.Facts` to gather
    """
    # Sorts and hashes of a few hundred thousand customers then stay in memory.
    cr.execute("SET LOCAL work_mem = '256MB'")
    for table in (FACTS, SCORES, STANDINGS):
        cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
    _create(cr, FACTS, facts_query(scope, facts, with_prospects=bool(rules.prospect_tier_id)))
    cr.execute(SQL("ANALYZE %s", FACTS))
    _create(cr, SCORES, scores_query(FACTS, rules.criteria))
    cr.execute(SQL("DROP TABLE %s", FACTS))
    _create(cr, STANDINGS, lenses_query(SCORES, rules, scope.as_of))
    cr.execute(SQL("DROP TABLE %s", SCORES))


def apply_standings(cr, company_id, as_of, rules, evaluation_id, user_id):
    """Write what changed since the last run and return what happened.

    :return: ``{"customers": n, "changed": n, "migrations": [(old tier id, new tier id,
        customers, revenue), …], "standings_written": n, "changes_written": n}``
    """
    cr.execute(SQL("DROP TABLE IF EXISTS %s", MOVES))
    _create(cr, MOVES, movement_query(STANDINGS, company_id, as_of, rules.ladder, rules.movement))
    cr.execute(SQL("DROP TABLE %s", STANDINGS))
    _forget_deleted_partners(cr)
    changes_written = _write_ledger(cr, company_id, as_of, evaluation_id, user_id)
    standings_written = _update_standings(cr) + _insert_standings(cr, company_id)
    cr.execute(
        SQL(
            """
            SELECT old_tier_id, tier_id, COUNT(*), COALESCE(SUM(revenue), 0),
                   COUNT(*) FILTER (WHERE NOT has_left)
              FROM %s
          GROUP BY old_tier_id, tier_id
            """,
            MOVES,
        )
    )
    groups = cr.fetchall()
    cr.execute(SQL("DROP TABLE %s", MOVES))
    return {
        **_outcome(groups),
        "standings_written": standings_written,
        "changes_written": changes_written,
    }


def preview_standings(cr, company_id, ladder):
    """Return what :func:`compute_standings` found beside the tiers held, and write nothing.

    :return: as :func:`apply_standings`, by candidate tier and so without grace
    """
    cr.execute(
        SQL(
            """
            SELECT standing.tier_id, computed.candidate_tier_id, COUNT(*),
                   COALESCE(SUM(computed.revenue), 0),
                   COUNT(*) FILTER (WHERE computed.partner_id IS NOT NULL)
              FROM %(computed)s AS computed
         FULL JOIN (
                    SELECT partner_id, COALESCE(equivalent.tier_id, held.tier_id) AS tier_id
                      FROM customer_standing AS held
                 LEFT JOIN (%(equivalent)s) AS equivalent
                        ON equivalent.former_tier_id = held.tier_id
                     WHERE held.company_id = %(company)s
                   ) AS standing
                ON standing.partner_id = computed.partner_id
             WHERE computed.partner_id IS NOT NULL OR standing.tier_id IS NOT NULL
          GROUP BY standing.tier_id, computed.candidate_tier_id
            """,
            computed=STANDINGS,
            company=company_id,
            equivalent=equivalent_tiers(ladder),
        )
    )
    groups = cr.fetchall()
    cr.execute(SQL("DROP TABLE %s", STANDINGS))
    return {**_outcome(groups), "standings_written": 0, "changes_written": 0}


def _outcome(groups):
    """Add up groups of (old tier id, new tier id, customers, revenue, those still ranked)."""
    return {
        "customers": sum(present for *_rest, present in groups),
        "changed": sum(count for old, new, count, *_rest in groups if old != new),
        "migrations": [(old, new, count, revenue) for old, new, count, revenue, _ in groups],
    }


def _create(cr, table, query):
    cr.execute(SQL("CREATE TEMPORARY TABLE %s AS %s", table, query))


def _forget_deleted_partners(cr):
    """Drop the customers who were deleted or merged since their scores were computed."""
    cr.execute(
        SQL(
            """
            DELETE FROM %s AS move
             WHERE move.standing_id IS NULL
               AND NOT EXISTS (SELECT 1 FROM res_partner WHERE id = move.partner_id)
            """,
            MOVES,
        )
    )


def _write_ledger(cr, company_id, as_of, evaluation_id, user_id):
    cr.execute(
        SQL(
            """
            INSERT INTO customer_standing_change
                   (standing_id, partner_id, company_id, old_tier_id, new_tier_id,
                    reason, date, score, evaluation_id, user_id, create_date, create_uid)
            SELECT standing_id, partner_id, %(company)s, old_tier_id, tier_id,
                   reason, %(as_of)s, score, %(evaluation)s, %(user)s,
                   NOW() AT TIME ZONE 'UTC', %(user)s
              FROM %(moves)s
             WHERE reason IS NOT NULL AND standing_id IS NOT NULL
            """,
            moves=MOVES,
            company=company_id,
            as_of=as_of,
            evaluation=evaluation_id,
            user=user_id,
        )
    )
    return cr.rowcount


def _columns(alias):
    return SQL(", ").join(SQL.identifier(alias, column) for column in STANDING_COLUMNS)


def _update_standings(cr):
    cr.execute(
        SQL(
            """
            UPDATE customer_standing AS standing
               SET %(assignments)s
              FROM %(moves)s AS move
             WHERE standing.id = move.standing_id
               AND ROW(%(old)s) IS DISTINCT FROM ROW(%(new)s)
            """,
            assignments=SQL(", ").join(
                SQL("%s = %s", SQL.identifier(column), SQL.identifier("move", column))
                for column in STANDING_COLUMNS
            ),
            moves=MOVES,
            old=_columns("standing"),
            new=_columns("move"),
        )
    )
    return cr.rowcount


def _insert_standings(cr, company_id):
    # In the order of the unique index, which then grows at its end; so are partners looked up.
    cr.execute(
        SQL(
            """
            INSERT INTO customer_standing (partner_id, company_id, %(names)s)
            SELECT move.partner_id, %(company)s, %(columns)s
              FROM %(moves)s AS move
             WHERE move.standing_id IS NULL
          ORDER BY move.partner_id
            """,
            names=SQL(", ").join(SQL.identifier(column) for column in STANDING_COLUMNS),
            company=company_id,
            columns=_columns("move"),
            moves=MOVES,
        )
    )
    return cr.rowcount
