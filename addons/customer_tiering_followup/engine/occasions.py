from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..engine.steps import create, drop, interpret
from ..tools.anniversaries import days_celebrated_on

# Days from today on whose occasions are planned: one that a night missed is not lost.
AHEAD = 7
PLANNED = SQL("tiering_occasions_planned")


class CustomerFollowupOccasion(models.Model):
    """Days of a customer that come back every year, such as anniversaries."""

    _inherit = "customer.followup"

    @api.model
    def _plan_occasions(self, policy, kind, days, commit, more=()):
        """Plan the occasions of the next seven days for customers in tiers.

        :param kind: a value of the field ``kind``
        :param days: SELECT of ``partner_id``, ``day`` (the first one, which is not celebrated)
            and ``of_whom``, a prefix that tells apart several days of one customer, or ''
        :param more: names of further columns of ``days`` that the ledger takes over
        """
        self.env.flush_all()
        interpret(self.env.cr)
        drop(self.env.cr, PLANNED)
        today = policy._get_today()
        celebrated = [
            (day, month, day_of_month)
            for day in (today + timedelta(days=number) for number in range(AHEAD))
            for month, day_of_month in days_celebrated_on(day)
        ]
        create(
            self.env.cr,
            PLANNED,
            SQL(
                """
                SELECT first.*, customer.tier_id, %(kind)s AS kind,
                       CONCAT(first.of_whom, EXTRACT(YEAR FROM celebrated.due)) AS occasion,
                       customer.user_id, celebrated.due AS date_due,
                       NULL::date AS last_contact_date, NULL::integer AS template_id,
                       ROW_NUMBER() OVER (ORDER BY customer.partner_id, first.of_whom) AS place
                  FROM (%(days)s) AS first
                  JOIN UNNEST(%(dues)s::date[], %(months)s::int[], %(days_of_month)s::int[])
                       AS celebrated (due, month, day_of_month)
                    ON celebrated.month = EXTRACT(MONTH FROM first.day)
                   AND celebrated.day_of_month = EXTRACT(DAY FROM first.day)
                   AND celebrated.due > first.day
                  JOIN (%(customers)s) AS customer
                    ON customer.partner_id = first.partner_id AND customer.tier_id IS NOT NULL
                """,
                kind=kind,
                days=days,
                dues=[day for day, _month, _day_of_month in celebrated],
                months=[month for _day, month, _day_of_month in celebrated],
                days_of_month=[day_of_month for _day, _month, day_of_month in celebrated],
                customers=self._customers_query(policy.company_id),
            ),
        )
        commit()
        self._add(policy, PLANNED, commit, more)
        drop(self.env.cr, PLANNED)
