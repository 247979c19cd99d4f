from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.tools import SQL

from ..tools import wording

# What is missing without a score comes last, whichever way it is sorted.
LIFETIME_FIGURES = {"lifetime_value", "expected_orders", "order_probability", "order_percent"}


class CustomerStanding(models.Model):
    _inherit = "customer.standing"

    has_lifetime_score = fields.Boolean("Has Expected Orders", readonly=True)
    has_lifetime_value = fields.Boolean(readonly=True)
    order_probability = fields.Float(
        readonly=True,
        digits=0,
        aggregator="avg",
        help="Probability that the customer orders at least once in the coming months (the "
        "policy's Months Ahead), by how often and how long ago it ordered.",
    )
    order_percent = fields.Float(
        "Will Order (%)",
        compute="_compute_order_percent",
        digits=(5, 0),
        aggregator="avg",
        help="Order Probability as a percentage.",
    )
    alive_probability = fields.Float(
        "Still a Customer",
        readonly=True,
        digits=0,
        aggregator="avg",
        help="Probability that the customer has not left for good.",
    )
    expected_orders = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="Days with an order that are expected in the coming months.",
    )
    lifetime_value = fields.Monetary(
        readonly=True,
        help="What the customer is expected to bring in the coming months: untaxed revenue times "
        "the policy's Margin Share, discounted.",
    )
    order_days = fields.Integer("Days with an Order", readonly=True, aggregator=None)
    first_order_date = fields.Date("First Order", readonly=True)
    lifetime_reason = fields.Text("Why So Much", compute="_compute_lifetime_reason")

    @api.depends("order_probability")
    def _compute_order_percent(self):
        for standing in self:
            standing.order_percent = round(100 * standing.order_probability)

    @api.depends("order_days", "first_order_date", "last_order_date", "has_lifetime_score")
    @api.depends_context("lang")
    def _compute_lifetime_reason(self):
        fits = {
            company: self.env["customer.lifetime.fit"].search(
                [("company_id", "=", company.id)], limit=1
            )
            for company in self.company_id
        }
        for standing in self:
            fit = fits[standing.company_id]
            standing.lifetime_reason = (
                standing._describe_lifetime(fit)
                if standing.has_lifetime_score
                else fit.refusal_text
            )

    def _describe_lifetime(self, fit):
        """Return what the probability comes from, in sentences."""
        first, last = self.first_order_date, self.last_order_date
        return wording.describe_customer(
            self.env,
            days=self.order_days,
            first=format_full_day(self.env, first) if first else "",
            span=(last - first).days if first and last else 0,
            silent=(fit.scored_on - last).days if last and fit.scored_on else 0,
            months=fit.months,
            value_refusal=fit.value_refusal_text if not self.has_lifetime_value else "",
            roughness=fit._describe_roughness(),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Have the percentage sort and sum as the probability does."""
        if field_expr == "order_percent":
            return SQL("100 * %s", super()._field_to_sql(alias, "order_probability", query))
        return super()._field_to_sql(alias, field_expr, query)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name in LIFETIME_FIGURES and not nulls.code:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def get_empty_list_help(self, help_message):
        """Say why nobody has a lifetime value, where the list of these is empty."""
        found = super().get_empty_list_help(help_message)
        if not self.env.context.get("explain_lifetimes"):
            return found
        fit = self.env["customer.lifetime.fit"].search(
            [("company_id", "=", self.env.company.root_id.id)], limit=1
        )
        if not fit.refusal_text:
            return found
        return Markup("<p class='o_view_nocontent_smiling_face'>%s</p><p>%s</p>") % (
            self.env._("Who will buy cannot be estimated yet"),
            escape(fit.refusal_text),
        )
