from odoo import fields, models
from odoo.addons.customer_tiering.metrics import made_for
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP
from odoo.tools import SQL

SECONDS_PER_MONTH = 365.25 / 12 * 86400


class CustomerConversionReport(models.Model):
    """What became of leads: opportunity, quotation, order; a row per lead.

    Only the quotations and orders that the reader may see are counted. Leads that were archived
    without being lost are left out.
    """

    _name = "customer.conversion.report"
    _description = "Lead Conversion"
    _auto = False
    _rec_name = "lead_id"
    _order = "date desc, id desc"
    _depends = {
        "crm.lead": [
            "active",
            "type",
            "won_status",
            "partner_id",
            "made_for_id",
            "company_id",
            "user_id",
            "team_id",
            "source_id",
            "medium_id",
            "campaign_id",
        ],
        "sale.order": [
            "opportunity_id",
            "state",
            "date_order",
            "amount_untaxed",
            "currency_rate",
            "company_id",
        ],
        "customer.standing": ["partner_id", "company_id", "tier_id"],
        "res.company": ["parent_path"],
        "res.partner": ["commercial_partner_id"],
    }

    lead_id = fields.Many2one("crm.lead", readonly=True)
    date = fields.Datetime("Created On", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    customer_tier_id = fields.Many2one(
        "customer.tier",
        "Tier",
        readonly=True,
        groups=TIERING_GROUP,
        help="The customer's tier today, to which its orders have contributed.",
    )
    won_status = fields.Selection(
        [("won", "Won"), ("lost", "Lost"), ("pending", "Pending")], "Won/Lost", readonly=True
    )
    lead_count = fields.Integer("Leads", readonly=True, help="All of them, opportunities too.")
    opportunity_count = fields.Integer("Opportunities", readonly=True)
    quoted_count = fields.Integer(
        "Leads with Quotation", readonly=True, help="Leads with a quotation, whatever became of it."
    )
    ordered_count = fields.Integer(
        "Leads with Order", readonly=True, help="Leads with a confirmed order."
    )
    opportunity_rate = fields.Float(
        "Lead → Opportunity", readonly=True, aggregator="avg", help="Part of all leads."
    )
    quotation_rate = fields.Float(
        "Lead → Quotation", readonly=True, aggregator="avg", help="Part of all leads."
    )
    order_rate = fields.Float(
        "Lead → Order", readonly=True, aggregator="avg", help="Part of all leads."
    )
    quotation_order_rate = fields.Float(
        "Quotation → Order",
        readonly=True,
        aggregator="avg",
        help="Part of the leads with a quotation.",
    )
    quotation_count = fields.Integer(
        "Quotations", readonly=True, help="Whatever became of them: confirmed ones too."
    )
    order_count = fields.Integer("Orders", readonly=True)
    first_order_date = fields.Datetime("First Order", readonly=True)
    months_to_order = fields.Float(
        "Months to First Order",
        digits=(6, 1),
        readonly=True,
        aggregator="avg",
        help="From the creation of the lead to the date of its first order; 0 where the order is "
        "older.",
    )
    amount_ordered = fields.Monetary(
        "Ordered", readonly=True, aggregator="sum", help="Untaxed, at today's rate."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)

    @property
    def _table_query(self):
        companies = self.env.companies
        visible = self.env["sale.order"]._search([("opportunity_id", "!=", False)])
        return SQL(
            """
            SELECT lead.id,
                   lead.id AS lead_id,
                   lead.create_date AS date,
                   partner.commercial_partner_id AS partner_id,
                   lead.company_id,
                   lead.user_id,
                   lead.team_id,
                   lead.source_id,
                   lead.medium_id,
                   lead.campaign_id,
                   standing.tier_id AS customer_tier_id,
                   lead.won_status,
                   1 AS lead_count,
                   (lead.type = 'opportunity')::integer AS opportunity_count,
                   (ordered.quotation_count > 0)::integer AS quoted_count,
                   (ordered.order_count > 0)::integer AS ordered_count,
                   (lead.type = 'opportunity')::integer::double precision AS opportunity_rate,
                   (ordered.quotation_count > 0)::integer::double precision AS quotation_rate,
                   (ordered.order_count > 0)::integer::double precision AS order_rate,
                   CASE WHEN ordered.quotation_count > 0
                        THEN (ordered.order_count > 0)::integer::double precision
                    END AS quotation_order_rate,
                   ordered.quotation_count,
                   ordered.order_count,
                   ordered.first_order_date,
                   GREATEST(0, EXTRACT(epoch FROM ordered.first_order_date - lead.create_date))
                       / %(month)s * CASE WHEN ordered.order_count > 0 THEN 1 END
                       AS months_to_order,
                   ordered.amount AS amount_ordered,
                   %(currency)s AS currency_id
              FROM crm_lead AS lead
         LEFT JOIN res_partner AS partner ON partner.id = %(partner)s
         LEFT JOIN res_company AS company ON company.id = COALESCE(lead.company_id, %(company)s)
         LEFT JOIN customer_standing AS standing
                ON standing.partner_id = partner.commercial_partner_id
               AND standing.company_id = split_part(company.parent_path, '/', 1)::integer
         LEFT JOIN LATERAL (
                    SELECT COUNT(*)::integer AS quotation_count,
                           (COUNT(*) FILTER (WHERE sale.state = 'sale'))::integer AS order_count,
                           MIN(sale.date_order) FILTER (WHERE sale.state = 'sale')
                               AS first_order_date,
                           COALESCE(SUM(
                               sale.amount_untaxed / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                               * COALESCE(account_currency_table.rate, 1)
                           ) FILTER (WHERE sale.state = 'sale'), 0) AS amount
                      FROM sale_order AS sale
                 LEFT JOIN %(rates)s ON account_currency_table.company_id = sale.company_id
                     WHERE sale.opportunity_id = lead.id
                       AND sale.id IN %(visible)s
                   ) AS ordered ON TRUE
             WHERE lead.active OR lead.won_status = 'lost'
            """,
            month=SECONDS_PER_MONTH,
            currency=self.env.company.currency_id.id,
            company=self.env.company.id,
            partner=made_for(SQL("lead"), SQL("partner_id")),
            rates=self.env["res.currency"]._get_simple_currency_table(companies),
            visible=visible.subselect(),
        )

    def action_view_leads(self):
        """Open the leads that are counted."""
        domain = [("id", "in", self.lead_id.ids)]
        return self._open(self.env._("Leads"), "crm.lead", domain)

    def action_view_quotations(self):
        """Open the quotations that are counted, with those that became orders."""
        domain = [("opportunity_id", "in", self.lead_id.ids)]
        return self._open(self.env._("Quotations"), "sale.order", domain)

    def action_view_orders(self):
        """Open the orders that are counted."""
        domain = [("opportunity_id", "in", self.lead_id.ids), ("state", "=", "sale")]
        return self._open(self.env._("Orders"), "sale.order", domain)

    def _open(self, name, model, domain):
        self.check_access("read")
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "domain": domain,
            # Lost leads are archived.
            "context": {"active_test": False, "create": False},
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }
        records = self.env[model].with_context(active_test=False).search(domain, limit=2)
        if len(records) == 1:
            action |= {"res_id": records.id, "views": [(False, "form")]}
        return action
