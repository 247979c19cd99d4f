from odoo import api, models
from odoo.tools import SQL, format_date


class CustomerCareAnniversary(models.Model):
    """The anniversary of a customer's first order."""

    _inherit = "customer.care"

    def _planners(self):
        return [*super()._planners(), self._plan_anniversaries]

    @api.model
    def _plan_anniversaries(self, policy, commit):
        """Plan the anniversaries of the next seven days, where the policy keeps them."""
        if policy.keeps_anniversaries:
            days = self._first_orders_query(policy.company_id)
            self._plan_occasions(policy, "anniversary", days, commit)

    def _first_orders_query(self, company):
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   MIN((date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date) AS day,
                   '' AS of_whom
              FROM sale_order
              JOIN res_partner AS partner ON partner.id = sale_order.partner_id
             WHERE state = 'sale' AND sale_order.company_id = ANY(%s)
          GROUP BY partner.commercial_partner_id
            """,
            company._tiering_timezone(),
            self._company_ids(company),
        )

    def _prepare_anniversary_vals(self):
        return {
            "activity_type_id": self._get_id("mail_activity_occasion"),
            "summary": self.env._(
                "Anniversary of the first order: %s", format_date(self.env, self.date_due)
            ),
        }
