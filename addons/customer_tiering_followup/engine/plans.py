from odoo import api, models
from odoo.tools import SQL

from ..engine.steps import create, drop, interpret

APPLICATIONS = SQL("tiering_plan_applications")
PLACED = SQL("tiering_plans_placed")
PLANNED = SQL("tiering_plans_planned")


class CustomerFollowupPlan(models.Model):
    """Activity plans: how one is applied to customers, whatever the reason."""

    _inherit = "customer.followup"

    @api.model
    def _apply_plans(self, policy, applications, commit):
        """Plan the activities of activity plans for customers.

        The starts are spread over the working days of the next week, within each account
        manager's daily number. Who finds no room is to be given again another day.

        :param applications: SELECT of ``partner_id``, ``plan_id``, ``occasion``, which must
            name the application for good, and ``source_id``
        :return: the ``source_id`` of those that were applied and have somebody responsible
        """
        self.env.flush_all()
        interpret(self.env.cr)
        drop(self.env.cr, APPLICATIONS, PLACED, PLANNED)
        create(
            self.env.cr,
            APPLICATIONS,
            SQL(
                """
                SELECT application.*, customer.tier_id, customer.user_id,
                       ROW_NUMBER() OVER (
                           PARTITION BY customer.user_id
                           ORDER BY customer.above, application.source_id
                       ) AS place
                  FROM (%(applications)s) AS application
                  JOIN (%(customers)s) AS customer
                    ON customer.partner_id = application.partner_id
                """,
                applications=applications,
                customers=self._customers_query(policy.company_id),
            ),
        )
        self._place(policy, APPLICATIONS, PLACED)
        self._plan_templates(policy)
        commit()
        self._add(policy, PLANNED, commit)
        applied = self.env.execute_query(
            SQL("SELECT source_id FROM %s WHERE user_id IS NOT NULL", PLACED)
        )
        drop(self.env.cr, APPLICATIONS, PLACED, PLANNED)
        return [source_id for (source_id,) in applied]

    def _plan_templates(self, policy):
        """Fill a temporary table with an activity per application and line of its plan."""
        company = policy.company_id
        rows = self.env.execute_query(SQL("SELECT DISTINCT plan_id, day FROM %s", PLACED))
        plans = self.env["mail.activity.plan"]
        lines = [
            (
                plan_id,
                day,
                template.id,
                self._get_workday(
                    company, max(template._get_date_deadline(day), policy._get_today())
                ),
                template.responsible_id.id if template.responsible_type == "other" else None,
            )
            for plan_id, day in rows
            for template in plans.browse(plan_id).template_ids
        ]
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %(planned)s AS
                SELECT placed.partner_id, placed.tier_id, 'plan' AS kind,
                       CONCAT(placed.occasion, '/', line.template_id) AS occasion,
                       COALESCE(able.id, placed.user_id) AS user_id, line.due AS date_due,
                       NULL::date AS last_contact_date, line.template_id,
                       ROW_NUMBER() OVER (
                           ORDER BY line.due, placed.user_id, placed.partner_id) AS place
                  FROM %(placed)s AS placed
                  JOIN UNNEST(%(plans)s::int[], %(days)s::date[], %(templates)s::int[],
                              %(dues)s::date[], %(users)s::int[])
                       AS line (plan_id, day, template_id, due, user_id)
                    ON line.plan_id = placed.plan_id AND line.day = placed.day
             LEFT JOIN (%(able)s) AS able ON able.id = line.user_id
                """,
                planned=PLANNED,
                placed=PLACED,
                able=self._able_users_query(company),
                **{
                    name: [line[place] for line in lines]
                    for place, name in enumerate(("plans", "days", "templates", "dues", "users"))
                },
            )
        )

    def _prepare_plan_vals(self):
        template = self.template_id
        if not template:
            # It was deleted between the planning and now.
            return {
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            }
        return {
            "activity_type_id": template.activity_type_id.id,
            "summary": template.summary,
            "note": template.note,
        }
