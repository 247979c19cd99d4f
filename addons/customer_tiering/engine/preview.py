"""What computed standings would change, beside what customers hold now."""

from odoo.tools import SQL

from .movement import equivalent_tiers
from .outcome import outcome_of


def write_preview(tables, computed, company_id, tiers, evaluation_id):
    """Set what was computed beside the tiers held, and keep who would move as lines of a preview.

    They go by candidate tier, and so without grace period.

    :param tables: the ``TemporaryTables`` of ``set_based_runs`` to work with
    :param computed: SQL name of the computed standings
    :param tiers: :class:`~.rules.TierRule` from best to worst
    :return: as :func:`~.apply.write_standings`
    """
    cr = tables.cr
    moves = tables.create(
        "moves",
        SQL(
            """
            SELECT COALESCE(computed.partner_id, standing.partner_id) AS partner_id,
                   standing.tier_id AS old_tier_id,
                   computed.candidate_tier_id AS tier_id,
                   computed.score,
                   COALESCE(computed.revenue, 0) AS revenue,
                   computed.partner_id IS NULL AS has_left
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
            """,
            computed=computed,
            company=company_id,
            equivalent=equivalent_tiers(tiers),
        ),
    )
    cr.execute(
        SQL(
            """
            INSERT INTO customer_tier_preview_move
                   (evaluation_id, company_id, partner_id, old_tier_id, new_tier_id, score, revenue)
            SELECT %s, %s, partner_id, old_tier_id, tier_id, score, revenue
              FROM %s
             WHERE tier_id IS DISTINCT FROM old_tier_id
            """,
            evaluation_id,
            company_id,
            moves,
        )
    )
    outcome = outcome_of(cr, moves)
    tables.drop("moves")
    return {**outcome, "standings_written": 0, "changes_written": 0}
