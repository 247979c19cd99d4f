"""Whom a preview moves between which tiers, and what they bought."""

from odoo.addons.set_based_runs.large_statements import interpret
from odoo.tools import SQL

from ..metrics.documents import made_for
from .movement import equivalent_tiers


def quantities_by_cell(cr, scope, tiers, evaluation_id, partners):
    """Return what customers whose tier would be another one ordered in the period.

    :param scope: the :class:`~.scope.Scope` of the preview
    :param partners: subselect of the customers who count
    :return: tuples (tier held, the previewed tiers' one for it, tier previewed, product,
        quantity in the product's unit)
    """
    interpret(cr)
    cr.execute(
        SQL(
            """
            SELECT held_tier_id, old_tier_id, new_tier_id, line.product_id,
                   SUM(line.product_uom_qty * line_unit.factor / product_unit.factor)
              FROM (%(cells)s) AS cell
              JOIN res_partner AS contact ON contact.commercial_partner_id = cell.partner_id
              JOIN sale_order ON %(made_for)s = contact.id
              JOIN sale_order_line AS line ON line.order_id = sale_order.id
              JOIN product_product AS product ON product.id = line.product_id
              JOIN product_template AS template ON template.id = product.product_tmpl_id
              JOIN uom_uom AS line_unit ON line_unit.id = line.product_uom_id
              JOIN uom_uom AS product_unit ON product_unit.id = template.uom_id
             WHERE held_tier_id IS DISTINCT FROM new_tier_id
               AND cell.partner_id IN %(partners)s
               AND %(confirmed)s
               AND sale_order.company_id = ANY(%(companies)s)
               AND sale_order.date_order >= %(start)s
               AND sale_order.date_order < %(end)s
               AND line.is_downpayment IS NOT TRUE
          GROUP BY held_tier_id, old_tier_id, new_tier_id, line.product_id
            """,
            cells=cells_query(scope.company_id, tiers, evaluation_id),
            partners=partners,
            made_for=made_for(SQL("sale_order"), SQL("partner_id")),
            confirmed=scope.counted.orders,
            companies=list(scope.company_ids),
            start=scope.window_start_utc,
            end=scope.end_utc,
        )
    )
    return cr.fetchall()


def cells_query(company_id, tiers, evaluation_id):
    """Return the SELECT of the customers who hold a tier, or would, and the tiers."""
    return SQL(
        """
        SELECT COALESCE(standing.partner_id, move.partner_id) AS partner_id,
               standing.tier_id AS held_tier_id,
               standing.old_tier_id,
               CASE WHEN move.id IS NULL THEN standing.old_tier_id ELSE move.new_tier_id END
                   AS new_tier_id
          FROM (
                SELECT held.partner_id, held.tier_id,
                       COALESCE(equivalent.tier_id, held.tier_id) AS old_tier_id
                  FROM customer_standing AS held
             LEFT JOIN (%(equivalent)s) AS equivalent
                    ON equivalent.former_tier_id = held.tier_id
                 WHERE held.company_id = %(company)s
                   AND held.tier_id IS NOT NULL
               ) AS standing
     FULL JOIN (
                SELECT id, partner_id, new_tier_id
                  FROM customer_tier_preview_move
                 WHERE evaluation_id = %(evaluation)s
               ) AS move
            ON move.partner_id = standing.partner_id
        """,
        equivalent=equivalent_tiers(tiers),
        company=company_id,
        evaluation=evaluation_id,
    )
