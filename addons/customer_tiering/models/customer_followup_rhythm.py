import logging

from odoo import api, models
from odoo.tools import SQL, format_date

from ..engine.steps import create, drop
from ..tools.transactions import commit_step
from .customer_followup import BATCH, OPEN_STATES

_logger = logging.getLogger(__name__)

DUE = SQL("tiering_follow_ups_due")
PLACED = SQL("tiering_follow_ups_placed")
PLANNED = SQL("tiering_follow_ups_planned")


class CustomerFollowupFollowUp(models.Model):
    """Follow-ups: of the customers who were not in touch for as long as their level says."""

    _inherit = "customer.followup"

    def _planners(self):
        return [*super()._planners(), self._withdraw_follow_ups, self._plan_follow_ups]

    @api.model
    def _plan_follow_ups(self, policy, commit):
        """Plan the follow-ups of a policy's customers for the next seven days.

        The better tier and the longest waiting come first. Whoever the account manager's days
        have no room for is found again by the next call. Nothing is overridden meanwhile.
        """
        if not self._promises_follow_ups(policy.company_id):
            return
        self.env.flush_all()
        self._collect_due(policy)
        commit()
        self._schedule_due(policy)
        self._forget_assigned(policy.company_id)
        commit()
        self._add(policy, PLANNED, commit)
        drop(self.env.cr, DUE, PLACED, PLANNED)
        unassigned = self.search_count(
            [
                ("company_id", "=", policy.company_id.id),
                ("kind", "=", "follow_up"),
                ("state", "=", "unassigned"),
            ]
        )
        if unassigned:
            _logger.info(
                "Nobody is responsible for the follow-up of %s customers of %s",
                unassigned,
                policy.company_id.name,
            )

    def _promises_follow_ups(self, company):
        """Return whether a tier of the company has a service level with follow-ups."""
        return bool(
            self.env["customer.tier"].search_count(
                [
                    ("company_id", "=", company.id),
                    ("service_level_id.active", "=", True),
                    ("service_level_id.followup_days", ">", 0),
                ],
                limit=1,
            )
        )

    def _collect_due(self, policy):
        """Fill a temporary table with the customers whose follow-up is due and not planned.

        A follow-up that was done or cancelled begins the wait anew, as a contact does.
        """
        drop(self.env.cr, DUE)
        create(
            self.env.cr,
            DUE,
            SQL(
                """
                WITH contact AS MATERIALIZED (%(contacts)s),
                settled AS (
                    SELECT partner_id, MAX(COALESCE(date_done, date_cancelled)) AS day,
                           BOOL_OR(state = ANY(%(open)s)) AS is_open
                      FROM customer_followup
                     WHERE company_id = %(company)s AND kind = 'follow_up'
                  GROUP BY partner_id
                ),
                waiting AS (
                    SELECT customer.partner_id, customer.tier_id, customer.above,
                           customer.followup_days, customer.user_id, contact.day AS contact_day,
                           COALESCE(GREATEST(contact.day, settled.day), known_since::date)
                               AS since
                      FROM (%(customers)s) AS customer
                 LEFT JOIN contact ON contact.partner_id = customer.partner_id
                 LEFT JOIN settled ON settled.partner_id = customer.partner_id
                     WHERE customer.followup_days > 0 AND settled.is_open IS NOT TRUE
                )
                SELECT partner_id, tier_id, user_id, contact_day, since,
                       ROW_NUMBER() OVER (
                           PARTITION BY user_id
                           ORDER BY above, tier_id, since + followup_days, since, partner_id
                       ) AS place
                  FROM waiting
                 WHERE since + followup_days <= %(today)s
                """,
                contacts=self._last_contacts_query(policy.company_id),
                customers=self._customers_query(policy.company_id),
                open=list(OPEN_STATES),
                company=policy.company_id.id,
                today=policy._get_today(),
            ),
        )

    def _forget_assigned(self, company):
        """Delete the notes on customers without anybody responsible who are not such any more."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_followup AS care
                      WHERE company_id = %(company)s
                        AND kind = 'follow_up'
                        AND state = 'unassigned'
                        AND NOT EXISTS (
                            SELECT 1 FROM %(planned)s AS planned
                             WHERE planned.partner_id = care.partner_id
                               AND planned.occasion = care.occasion)
                """,
                company=company.id,
                planned=PLANNED,
            )
        )
        self.env.invalidate_all(flush=False)

    def _schedule_due(self, policy):
        """Fill a temporary table with the follow-ups that have found a day."""
        self._place(policy, DUE, PLACED)
        drop(self.env.cr, PLANNED)
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %s AS
                SELECT partner_id, tier_id, 'follow_up' AS kind, since::varchar AS occasion,
                       user_id, day AS date_due, contact_day AS last_contact_date,
                       NULL::integer AS template_id,
                       -- The nearest first, and one account manager's together: their
                       -- activities are then made with fewer queries.
                       ROW_NUMBER() OVER (
                           ORDER BY user_id IS NULL, day, user_id, partner_id) AS place
                  FROM %s
                """,
                PLANNED,
                PLACED,
            )
        )

    @api.model
    def _withdraw_follow_ups(self, policy, commit):
        """Delete the open follow-ups of customers whose tier promises none any more."""
        company = policy.company_id
        self.env.flush_all()
        outdated = self.env.execute_query(
            SQL(
                """
                SELECT care.id
                  FROM customer_followup AS care
             LEFT JOIN customer_standing AS standing
                    ON standing.partner_id = care.partner_id
                   AND standing.company_id = care.company_id
             LEFT JOIN customer_tier AS tier ON tier.id = standing.tier_id
             LEFT JOIN customer_service_level AS level
                    ON level.id = tier.service_level_id AND level.active
                 WHERE care.company_id = %s
                   AND care.kind = 'follow_up'
                   AND care.state = ANY(%s)
                   AND COALESCE(level.followup_days, 0) = 0
              ORDER BY care.id
                """,
                company.id,
                list(OPEN_STATES),
            )
        )
        ids = [id_ for (id_,) in outdated]
        for start in range(0, len(ids), BATCH):
            batch = self.browse(ids[start : start + BATCH])
            commit_step(self.env, batch._withdraw, commit)

    def _withdraw(self):
        """Take back what is open: the activity is deleted."""
        cares = self.exists().filtered(lambda care: care.state in OPEN_STATES)
        cares.activity_id.unlink()
        cares.filtered(lambda care: care.state in OPEN_STATES)._cancel()

    def _prepare_follow_up_vals(self):
        # Without the tier: whoever reads the contact reads its activities.
        day = format_date(self.env, self.last_contact_date)
        return {
            "activity_type_id": self._get_id("mail_activity_follow_up"),
            "summary": self.env._("No contact since %s", day)
            if day
            else self.env._("No contact yet"),
        }
