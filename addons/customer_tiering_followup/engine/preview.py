"""How many customers a preview moves between which tiers, and who looks after them."""

from odoo.addons.customer_tiering.engine.preview_cells import cells_query
from odoo.addons.set_based_runs.large_statements import interpret
from odoo.tools import SQL


def customers_by_tiers(cr, company_id, tiers, evaluation_id):
    """Return how many customers hold a tier, by what the preview makes of it.

    :return: tuples (tier held, the previewed tiers' one for it, tier previewed, customers);
        None where a customer holds none or leaves
    """
    interpret(cr)
    cr.execute(
        SQL(
            """
            SELECT held_tier_id, old_tier_id, new_tier_id, COUNT(*)
              FROM (%s) AS cell
          GROUP BY held_tier_id, old_tier_id, new_tier_id
            """,
            cells_query(company_id, tiers, evaluation_id),
        )
    )
    return cr.fetchall()


def count_account_managers(cr, company_id):
    """Return how many active salespeople have a customer in a tier of the company."""
    cr.execute(
        SQL(
            """
            SELECT COUNT(DISTINCT salesperson.id)
              FROM customer_standing AS standing
              JOIN res_partner AS partner ON partner.id = standing.partner_id
              JOIN res_users AS salesperson
                ON salesperson.id = partner.user_id AND salesperson.active
             WHERE standing.company_id = %s
               AND standing.tier_id IS NOT NULL
            """,
            company_id,
        )
    )
    return cr.fetchone()[0]
