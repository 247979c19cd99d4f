"""What the Overview counts: the customers as they stand, and how they moved, each in one pass."""

from odoo.tools import SQL


def figure_columns(since, until):
    """Return SQL over ``customer_standing`` of each figure of a tier, by its name.

    ``earned`` is revenue above zero, ``at_stake`` what those at risk brought in the period before,
    ``lost_revenue`` what the lost ones brought in their better period, ``falling`` a downgrade.

    :param since: the day before the first of ``tier_since``, for those who ``arrived``
    :param until: the last day of ``downgrade_on``
    """
    return {
        "customers": SQL("COUNT(*)"),
        "revenue": SQL("COALESCE(SUM(revenue), 0)"),
        "earned": SQL("COALESCE(SUM(revenue) FILTER (WHERE revenue > 0), 0)"),
        "at_risk": SQL("COUNT(*) FILTER (WHERE at_risk IS NOT NULL)"),
        "at_stake": SQL("COALESCE(SUM(previous_revenue) FILTER (WHERE at_risk IS NOT NULL), 0)"),
        "lost": SQL("COUNT(*) FILTER (WHERE lifecycle = 'lost')"),
        "lost_revenue": SQL(
            "COALESCE(SUM(GREATEST(revenue, previous_revenue)) "
            "FILTER (WHERE lifecycle = 'lost'), 0)"
        ),
        "falling": SQL("COUNT(*) FILTER (WHERE downgrade_on <= %s)", until),
        "falling_revenue": SQL(
            "COALESCE(SUM(revenue) FILTER (WHERE downgrade_on <= %s), 0)", until
        ),
        "arrived": SQL("COUNT(*) FILTER (WHERE tier_since > %s)", since),
    }


def standings_query(scope, columns):
    """Return a query of figures by tier, a row per tier and one for no tier: tier, then columns.

    :param scope: a query of ``customer.standing``
    :param columns: SQL as of :func:`figure_columns`
    """
    return SQL(
        "SELECT tier_id, %s FROM customer_standing WHERE id IN %s GROUP BY tier_id",
        SQL(", ").join(columns),
        scope.subselect(),
    )


def moves_query(changes, overrides, month):
    """Return a query of how customers moved, and of overrides.

    Its columns: what, tier, count. ``up`` and ``down``, without a tier: how many moved so since the
    beginning of a month. ``from`` with a tier: how many of those who moved had that one at first.
    A state of overrides, without a tier: how many of them there are.

    :param changes: a query of the ``customer.standing.change`` since a month ago
    :param overrides: a query of ``customer.tier.override``
    :param month: the first day of the month
    """
    return SQL(
        """
        WITH move AS MATERIALIZED (
            SELECT id, partner_id, old_tier_id, direction, date
              FROM customer_standing_change
             WHERE id IN %(changes)s
        )
        SELECT direction, NULL::integer AS tier_id, COUNT(*)
          FROM move
         WHERE direction IN ('up', 'down') AND date >= %(month)s
      GROUP BY direction
         UNION ALL
        SELECT 'from', old_tier_id, COUNT(*)
          FROM (SELECT DISTINCT ON (partner_id) old_tier_id FROM move
              ORDER BY partner_id, date, id) AS first
         WHERE old_tier_id IS NOT NULL
      GROUP BY old_tier_id
         UNION ALL
        SELECT state, NULL, COUNT(*)
          FROM customer_tier_override
         WHERE id IN %(overrides)s
      GROUP BY state
        """,
        changes=changes.subselect(),
        overrides=overrides.subselect(),
        month=month,
    )
