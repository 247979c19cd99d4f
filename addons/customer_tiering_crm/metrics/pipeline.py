from odoo.addons.customer_tiering.metrics import Metric, Source, made_for, register
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


@register
class OpportunitySource(Source):
    """Open opportunities: ``expected``, their revenue times its probability, now.

    An opportunity without a company counts for every company.
    """

    code = "opportunities"
    prospect_condition = SQL("opportunities.partner_id IS NOT NULL")

    def query(self, scope):
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(COALESCE(lead.expected_revenue, 0)
                       * (COALESCE(lead.probability, 0) / 100)::numeric) AS expected
              FROM crm_lead AS lead
              JOIN res_partner AS partner ON partner.id = %(partner)s
             WHERE lead.type = 'opportunity'
               AND lead.active
               AND lead.won_status = 'pending'
               AND lead.create_date < %(until)s
               AND (lead.company_id = ANY(%(companies)s) OR lead.company_id IS NULL)
          GROUP BY partner.commercial_partner_id
            """,
            partner=made_for(SQL("lead"), SQL("partner_id")),
            companies=list(scope.company_ids),
            until=scope.end_utc,
        )


@register
class Pipeline(Metric):
    """Expected revenue of the customer's open opportunities, weighted by probability."""

    code = "pipeline"
    name = _lt("Pipeline")
    dimension = "potential"
    unit = "money"
    zero_is_nothing = True
    sources = ("opportunities",)

    def expression(self, scope):
        return SQL("COALESCE(opportunities.expected, 0)")
