from odoo import api, models
from odoo.tools import SQL

from ..engine.ladders import places_query


class CustomerCareCustomers(models.Model):
    """Which customers there are to care for, and who does so."""

    _inherit = "customer.care"

    @api.model
    def _customers_query(self, company):
        """Return the SELECT of a company's customers, also of those who left the ladder.

        It has ``partner_id``, ``tier_id`` and ``above``, the share of the ladder that stands
        above the tier, ``followup_days`` of the
        service level (0 without one) and ``user_id``: the account manager, or NULL.

        The account manager is the customer's salesperson, else the service level's account
        manager, else the leader of the level's team, else the leader of the salesperson's
        team. Only who is an active user of the company counts.
        """
        return SQL(
            """
            WITH able AS MATERIALIZED (%(able)s)
            SELECT standing.partner_id, standing.tier_id, places.above,
                   CASE WHEN level.active THEN level.followup_days ELSE 0 END AS followup_days,
                   COALESCE(own.id, manager.id, leader.id, superior.id) AS user_id,
                   partner.create_date AS known_since,
                   standing.value_class, standing.portfolio, standing.lifecycle
              FROM customer_standing AS standing
              JOIN res_partner AS partner ON partner.id = standing.partner_id AND partner.active
         LEFT JOIN customer_tier AS tier ON tier.id = standing.tier_id
         LEFT JOIN (%(places)s) AS places ON places.tier_id = standing.tier_id
         LEFT JOIN customer_service_level AS level ON level.id = tier.service_level_id
         LEFT JOIN crm_team AS team ON team.id = level.team_id
         LEFT JOIN res_users AS salesperson ON salesperson.id = partner.user_id
         LEFT JOIN crm_team AS former_team ON former_team.id = salesperson.sale_team_id
         LEFT JOIN able AS own ON own.id = partner.user_id
         LEFT JOIN able AS manager ON manager.id = level.user_id
         LEFT JOIN able AS leader ON leader.id = team.user_id
         LEFT JOIN able AS superior ON superior.id = former_team.user_id
             WHERE standing.company_id = %(company)s
            """,
            able=self._able_users_query(company),
            places=places_query(),
            company=company.id,
        )

    @api.model
    def _able_users_query(self, company):
        """Return the SELECT of the ids of the users who may look after a company's customers."""
        return SQL(
            """
            SELECT id
              FROM res_users
             WHERE active
               AND NOT share
               AND id IN (SELECT user_id FROM res_company_users_rel WHERE cid = ANY(%s))
            """,
            self._company_ids(company),
        )

    @api.model
    def _company_ids(self, company):
        """Return the ids of a root company and of its branches."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search([("id", "child_of", company.id)]).ids
