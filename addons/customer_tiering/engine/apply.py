"""The second half of a run: write what changed, some customers or all in one transaction."""

from psycopg2.errors import ForeignKeyViolation

from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.tools import SQL

from .movement import movement_query
from .outcome import outcome_of
from .parts import EVERYBODY, Part

# The columns of a standing that a run owns, in the table's and the moves' order.
STANDING_COLUMNS = (
    "tier_id",
    "candidate_tier_id",
    "tier_since",
    "downgrade_on",
    "score",
    "value_score",
    "loyalty_score",
    "cooperation_score",
    "potential_score",
    "revenue",
    "previous_revenue",
    "order_count",
    "last_order_date",
    "figures",
    "points",
    "points_to_next",
    "abc_class",
    "rfm_code",
    "rfm_segment",
    "value_class",
    "portfolio",
    "lifecycle",
    "at_risk",
    "override_id",
)


def claim_standings(cr):
    """Have everybody wait who would write or delete standings, until the transaction ends.

    To be called first of all in a transaction: it then sees what the others committed, and
    nobody deletes a customer before it is done. People can read on.
    """
    cr.execute("LOCK TABLE customer_standing IN SHARE ROW EXCLUSIVE MODE")


def write_overrides(cr, company_id, as_of, rules, user_id, partner_ids):
    """Let overrides take effect on standings whose scores stay as they are."""
    scores = SQL(
        "(SELECT * FROM customer_standing WHERE company_id = %s AND candidate_tier_id IS NOT NULL)",
        company_id,
    )
    with TemporaryTables(cr) as tables:
        write_standings(
            tables, scores, company_id, as_of, rules, user_id, wanted=Part.of(partner_ids)
        )


def write_standings(
    tables, scores, company_id, as_of, rules, user_id, evaluation_id=None, wanted=EVERYBODY
):
    """Write what changed since the last run, and return what happened.

    :param tables: the ``TemporaryTables`` of ``set_based_runs`` to work with
    :param scores: SQL name of the computed standings
    :param rules: the :class:`~.rules.Rules`
    :param wanted: the :class:`~.parts.Part` of the customers to write
    :return: ``{"customers": n, "changed": n, "migrations": [(old tier id, new tier id,
        customers, revenue), …], "standings_written": n, "changes_written": n}``
    """
    cr = tables.cr
    moves = tables.create(
        "moves",
        movement_query(scores, company_id, as_of, rules.tiers, rules.movement, wanted),
    )
    _forget_deleted_partners(cr, moves)

    def write():
        return (
            _write_ledger(cr, moves, company_id, as_of, evaluation_id, user_id),
            _update_standings(cr, moves) + _insert_standings(cr, moves, company_id),
        )

    try:
        with cr.savepoint(flush=False):
            changes_written, standings_written = write()
    except ForeignKeyViolation:
        # To lock them all takes long, and somebody is seldom deleted at this very moment.
        _hold_partners(cr, moves)
        changes_written, standings_written = write()
    outcome = outcome_of(cr, moves)
    tables.drop("moves")
    return {
        **outcome,
        "standings_written": standings_written,
        "changes_written": changes_written,
    }


# A row is added that names the customer.
_NAMES_CUSTOMER = SQL("(move.standing_id IS NULL OR move.reason IS NOT NULL)")


def _forget_deleted_partners(cr, moves):
    """Drop the customers who were deleted or merged since, where a row would name them."""
    cr.execute(
        SQL(
            """
            DELETE FROM %s AS move
             WHERE %s
               AND NOT EXISTS (SELECT FROM res_partner WHERE res_partner.id = move.partner_id)
            """,
            moves,
            _NAMES_CUSTOMER,
        )
    )


def _hold_partners(cr, moves):
    """Have nobody delete the customers whom a row will name, and drop who is being deleted.

    The lock is the one that the new rows' foreign keys take in any case; it lets people edit
    the customer.
    """
    cr.execute(
        SQL(
            """
            WITH present AS (
                SELECT id FROM res_partner
                 WHERE id IN (SELECT partner_id FROM %(moves)s AS move WHERE %(names_customer)s)
                   FOR KEY SHARE SKIP LOCKED
            )
            DELETE FROM %(moves)s AS move
             WHERE %(names_customer)s
               AND partner_id NOT IN (SELECT id FROM present)
            """,
            moves=moves,
            names_customer=_NAMES_CUSTOMER,
        )
    )


def _write_ledger(cr, moves, company_id, as_of, evaluation_id, user_id):
    cr.execute(
        SQL(
            """
            INSERT INTO customer_standing_change
                   (standing_id, partner_id, company_id, old_tier_id, new_tier_id,
                    reason, direction, date, score, evaluation_id, user_id,
                    create_date, create_uid)
            SELECT standing_id, partner_id, %(company)s, old_tier_id, tier_id,
                   reason, direction, %(as_of)s, score, %(evaluation)s,
                   CASE WHEN reason = 'manual' THEN overridden_by_id ELSE %(user)s END,
                   NOW() AT TIME ZONE 'UTC', %(user)s
              FROM %(moves)s
             WHERE reason = 'manual' OR (reason IS NOT NULL AND standing_id IS NOT NULL)
            """,
            moves=moves,
            company=company_id,
            as_of=as_of,
            evaluation=evaluation_id,
            user=user_id,
        ),
        # Whom somebody deletes at this moment is no news for the log.
        log_exceptions=False,
    )
    return cr.rowcount


def _columns(alias):
    return SQL(", ").join(SQL.identifier(alias, column) for column in STANDING_COLUMNS)


def _update_standings(cr, moves):
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
            moves=moves,
            old=_columns("standing"),
            new=_columns("move"),
        )
    )
    return cr.rowcount


def _insert_standings(cr, moves, company_id):
    # In the order of the unique index, which then grows at its end; so are partners looked up.
    cr.execute(
        SQL(
            """
            INSERT INTO customer_standing (partner_id, company_id, %(names)s)
            SELECT move.partner_id, %(company)s, %(columns)s
              FROM %(moves)s AS move
             WHERE move.standing_id IS NULL
          ORDER BY move.partner_id
                -- A row that was added meanwhile then fails as any other conflict does.
                ON CONFLICT DO NOTHING
            """,
            names=SQL(", ").join(SQL.identifier(column) for column in STANDING_COLUMNS),
            company=company_id,
            columns=_columns("move"),
            moves=moves,
        ),
        # Whom somebody deletes at this moment is no news for the log.
        log_exceptions=False,
    )
    return cr.rowcount
