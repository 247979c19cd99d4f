from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.ladders import places_query
from ..engine.overrides import among
from ..engine.steps import interpret
from .customer_followup import BATCH, OPEN_STATES


class CustomerFollowupCustomers(models.Model):
    """Which customers there are to care for, and who does so."""

    _inherit = "customer.followup"

    @api.model
    def _customers_query(self, company, partner_ids=None):
        """Return the SELECT of a company's customers, also of those who left the ladder.

        It has ``partner_id``, ``tier_id`` and ``above``, the share of the ladder that stands
        above the tier, ``followup_days`` of the
        service level (0 without one) and ``user_id``: the account manager, or NULL.

        The account manager is the customer's salesperson, else the service level's account
        manager, else the leader of the level's team, else the leader of the salesperson's
        team. Only who is an active user of the company counts.

        :param partner_ids: the customers that are wanted; all by default
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
               AND %(wanted)s
            """,
            wanted=among(SQL("standing.partner_id"), partner_ids),
            able=self._able_users_query(company),
            places=places_query(),
            company=company.id,
        )

    @api.model
    def _hand_over_at_once(self, partner_ids=(), user_ids=()):
        """Let what is open change hands, of some customers or of what some users have.

        To be called after a change of who looks after them.
        """
        theirs = Domain("partner_id", "in", partner_ids) | Domain("user_id", "in", user_ids)
        # Also what they were given by hand.
        theirs |= Domain("activity_id.user_id", "in", user_ids)
        cares = self.sudo().search(Domain("state", "in", OPEN_STATES) & theirs)
        for company, of_company in cares.grouped("company_id").items():
            cares._hand_over(company, OPEN_STATES, partner_ids=of_company.partner_id.ids)

    @api.model
    def _hand_over(self, company, states, partner_ids=None):
        """Give what is not settled to whoever looks after the customer now.

        Whichever way that changed: what is noted is compared with what is. An activity that
        somebody gave to a colleague by hand stays there while the account manager is the same
        and the colleague can do it. What nobody looks after any more loses its activity.

        :param states: those of the rows that are meant
        :param partner_ids: the customers that are meant; all by default
        :return: how many rows changed hands
        """
        concerned = Domain("company_id", "=", company.id) & Domain("state", "in", states)
        if partner_ids is not None:
            concerned &= Domain("partner_id", "in", partner_ids)
        partner_ids = [partner.id for (partner,) in self._read_group(concerned, ["partner_id"])]
        if not partner_ids:
            return 0
        self.env.flush_all()
        if is_bulk := len(partner_ids) > BATCH:
            # PostgreSQL may know little of a ledger that has just grown, and would look up each.
            interpret(self.env.cr)
            self.env.cr.execute("SET LOCAL enable_nestloop = off")
        rows = self.env.execute_query(
            SQL(
                """
                WITH able_now AS MATERIALIZED (%(able)s)
                SELECT care.id, heir.user_id
                  FROM customer_followup AS care
                  JOIN (%(customers)s) AS customer ON customer.partner_id = care.partner_id
             LEFT JOIN mail_activity_plan_template AS template
                    ON template.id = care.template_id AND template.responsible_type = 'other'
             LEFT JOIN able_now AS named ON named.id = template.responsible_id
             LEFT JOIN able_now AS holder ON holder.id = care.user_id
             LEFT JOIN mail_activity AS activity ON activity.id = care.activity_id
             LEFT JOIN able_now AS doer ON doer.id = activity.user_id
            CROSS JOIN LATERAL (
                       SELECT COALESCE(named.id, customer.user_id) AS user_id) AS heir
                 WHERE care.company_id = %(company)s
                   AND care.state = ANY(%(states)s)
                   AND %(wanted)s
                   -- Follow-ups that have nobody are planned anew.
                   AND NOT (care.state = 'unassigned' AND care.kind = 'follow_up')
                   AND CASE WHEN care.state = 'planned' AND activity.id IS NULL
                            -- It went with its user; else somebody deleted it.
                            THEN holder.id IS NULL
                            ELSE care.user_id IS DISTINCT FROM heir.user_id
                                 OR (activity.id IS NOT NULL AND doer.id IS NULL)
                       END
              ORDER BY care.id
                """,
                able=self._able_users_query(company),
                customers=self._customers_query(company, partner_ids),
                company=company.id,
                states=list(states),
                wanted=among(SQL("care.partner_id"), partner_ids),
            )
        )
        if is_bulk:
            self.env.cr.execute("SET LOCAL enable_nestloop TO DEFAULT")
        heirs = {}
        for followup_id, user_id in rows:
            heirs.setdefault(user_id, []).append(followup_id)
        for user_id, followup_ids in heirs.items():
            self.browse(followup_ids)._give_to(self.env["res.users"].browse(user_id or ()))
        return len(rows)

    def _give_to(self, user):
        """Let rows be a user's, or nobody's, and their activities with them."""
        # No mail to each account manager for each activity.
        activities = self.activity_id.with_context(mail_activity_quick_update=True)
        if not user:
            # The rows first: deleting the activity of a planned one would cancel it.
            self.write({"state": "unassigned", "user_id": False, "activity_id": False})
            activities.unlink()
            return
        activities.user_id = user
        self.user_id = user
        without = self.filtered(lambda care: not care.activity_id)
        for company, cares in without.grouped("company_id").items():
            today = company._tiering_now().date()
            cares.filtered(
                lambda care, today=today: care.state == "unassigned" and care.date_due < today
            ).date_due = today
        without.state = "waiting"

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
