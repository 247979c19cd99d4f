import logging

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.addons.set_based_runs.large_statements import interpret
from odoo.addons.supply_partner_scorecard.measures.registry import SOURCES
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import SourcingScope, find, read_facts

_logger = logging.getLogger(__name__)

BUYERS = "purchase.group_purchase_user"


class VendorSourcingPolicy(models.Model):
    """By which rules a company's purchases are classed, and when they were last looked at."""

    _name = "vendor.sourcing.policy"
    _description = "Sourcing Policy"
    _order = "company_id, id"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    period_months = fields.Integer(
        "Period (Months)",
        default=12,
        required=True,
        help="What was ordered and received in so many months up to today counts.",
        aggregator=None,
    )
    demand_days = fields.Integer(
        "Demand Period (Days)",
        default=90,
        required=True,
        help="Demand a day is measured over so many days before today.",
    )
    class_a_share = fields.Float(
        "Class A up to (%)",
        default=80,
        digits=(5, 2),
        help="Of the spend, the greatest first. Products of class A have a high impact.",
    )
    class_b_share = fields.Float("Class B up to (%)", default=95, digits=(5, 2))
    sources_weight = fields.Float(
        "Other Qualified Sources (%)",
        default=40,
        digits=(5, 2),
        help="None: 100 points of risk, one: 50, more: 0.",
    )
    switching_weight = fields.Float(
        "Switching (%)",
        default=30,
        digits=(5, 2),
        help="100 points where nothing is on hand, 0 where the stock lasts until another vendor "
        "delivers.",
    )
    delivery_weight = fields.Float(
        "Delivery (%)",
        default=30,
        digits=(5, 2),
        help="What the main vendor's points for on time in full lack to 100.",
    )
    high_risk = fields.Float("High Risk from", default=50, digits=(5, 2), help="Points, 0 to 100.")
    qualification_days = fields.Integer(
        "Qualification of a Vendor with a Price (Days)",
        default=30,
        help="Assumed where a vendor has a price and nobody wrote down a qualification.",
    )
    new_vendor_days = fields.Integer(
        "Finding a New Vendor (Days)",
        default=120,
        help="Assumed until the first delivery where there is no alternate at all.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Alerts to",
        help="Who is told when a strategic product becomes single-sourced; by default the buyer of "
        "its last order.",
    )
    calculated_at = fields.Datetime("Last Calculated", readonly=True, copy=False)

    _one_per_company = models.UniqueIndex(
        "(company_id)", "The company has a sourcing policy already."
    )
    _figures = models.Constraint(
        "CHECK (period_months BETWEEN 1 AND 60 AND demand_days BETWEEN 7 AND 730 "
        "AND class_a_share > 0 AND class_a_share < class_b_share AND class_b_share <= 100 "
        "AND high_risk BETWEEN 0 AND 100 AND qualification_days BETWEEN 0 AND 3650 "
        "AND new_vendor_days BETWEEN 0 AND 3650)",
        "The period is 1 to 60 months, demand is measured over 7 to 730 days, class A ends below "
        "class B and both at 100 % or less, and days are between 0 and 3,650.",
    )
    _weights = models.Constraint(
        "CHECK (sources_weight >= 0 AND switching_weight >= 0 AND delivery_weight >= 0 "
        "AND sources_weight + switching_weight + delivery_weight > 0)",
        "At least one part of the risk has a weight, and none is negative.",
    )

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._("Sourcing of %s", policy.company_id.name)

    @api.model
    def _create_missing_defaults(self):
        """Give every company a policy that has none yet."""
        known = self.search([]).company_id
        for company in self.env["res.company"].search([("id", "not in", known.ids)]):
            self.create({"company_id": company.id})

    @api.model
    def _of_company(self, company):
        """Return the policy of a company, made where there is none."""
        policies = self.sudo()
        return policies.search([("company_id", "=", company.id)], limit=1) or policies.create(
            {"company_id": company.id}
        )

    @api.model
    def action_open(self):
        """Open the policy of the current company."""
        self.check_access("read")
        return self._of_company(self.env.company).with_env(self.env).get_formview_action()

    def action_recalculate(self):
        """Look at all purchases of the company anew."""
        self.check_access("read")
        if not self.env.user.has_group(BUYERS):
            raise UserError(self.env._("Buyers alone recalculate the sourcing figures."))
        for policy in self.sudo():
            if not policy.try_lock_for_update():
                raise UserError(self.env._("The figures are being calculated at this moment."))
            policy._recalculate()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The sourcing figures are calculated."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def recalculate_company(self):
        """Look at all purchases of the current company anew, for the pages."""
        self.check_access("read")
        self._of_company(self.env.company).with_env(self.env).action_recalculate()

    @api.model
    def _cron_recalculate(self):
        """Look at the purchases of every company."""
        self._create_missing_defaults()
        policies = self.search([])
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(policies))
        for policy in policies:
            if policy.try_lock_for_update():
                try:
                    with self.env.cr.savepoint():
                        policy._recalculate()
                except (UserError, ValueError):
                    # One company's figures do not keep the others' from being calculated.
                    _logger.exception("Sourcing policy %s could not be calculated", policy.id)
            if not commit(processed=1):
                return

    def _recalculate(self):
        """Find the company's sources, and write what differs."""
        self.ensure_one()
        company = self.company_id
        self.env["vendor.qualification"]._expire(company)
        # The statements read tables of stock, purchase and products.
        self.env.flush_all()
        interpret(self.env.cr)
        scope = self._prepare_scope()
        facts = read_facts(self.env.cr, scope)
        sources, products, vendors, categories = find(
            scope, facts, self._get_delivery_points(facts), self._get_defects(scope)
        )
        is_first = not self.calculated_at
        self.env["vendor.sourcing.product"]._write_rows(company, scope.today, products, sources)
        self.env["vendor.sourcing.vendor"]._write_rows(company, vendors)
        self.env["vendor.sourcing.category"]._write_rows(company, categories)
        self.env["vendor.sourcing.product"]._alert(self, scope.today, quiet=is_first)
        self.calculated_at = fields.Datetime.now()

    def _prepare_scope(self):
        """Return the :class:`~..engine.scope.SourcingScope` as of today."""
        self.ensure_one()
        company = self.company_id.sudo()
        today = company._vmi_today()
        scorecard = self.env["vendor.scorecard"].sudo()
        return SourcingScope(
            company_id=company.id,
            lines=SQL("NULL::integer[]"),
            today=today,
            timezone=company._vmi_timezone(),
            conditions=self.env["vmi.agreement.line"].sudo()._get_conditions(company),
            first=today - relativedelta(months=self.period_months),
            end=today + relativedelta(days=1),
            kit_ids=tuple(
                (
                    scorecard._of_company(company) or scorecard.new({"company_id": company.id})
                )._get_kit_ids()
            ),
            currency_id=company.currency_id.id,
            rates=self._get_rates(company, today),
            spent=self._get_spend_condition(),
            demand_days=self.demand_days,
            months=self.period_months,
            shares=(self.class_a_share, self.class_b_share),
            weights=(self.sources_weight, self.switching_weight, self.delivery_weight),
            high_risk=self.high_risk,
            new_vendor_days=self.new_vendor_days,
            qualification_days=self.qualification_days,
        )

    def _get_spend_condition(self):
        """Return the SQL condition for a confirmed ``purchase`` to be spend; a hook."""
        if "vmi_is_consigned" in self.env["purchase.order"]._fields:
            # What is consigned is bought when it is used.
            return SQL("purchase.vmi_is_consigned IS NOT TRUE")
        return SQL("TRUE")

    @api.model
    def _get_rates(self, company, today):
        currencies = self.env["product.supplierinfo"].sudo()._read_group([], ["currency_id"])
        convert = self.env["res.currency"]._get_conversion_rate
        return tuple(
            (source.id, convert(source, company.currency_id, company, today))
            for (source,) in currencies
        )

    def _get_delivery_points(self, facts):
        """Return the points for on time in full, 0 to 100, by vendor; unrated ones are left out."""
        partners = self.env["res.partner"].browse({partner for _product, partner in facts.bought})
        measures = self.env["vendor.standing"].sudo()._get_measures(partners, self.company_id)
        return {
            partner: found["otif"]["points"]
            for partner, found in measures.items()
            if found.get("otif") and found["otif"]["points"] is not None
        }

    def _get_defects(self, scope):
        """Return the value of what was defective of what came in the period, by vendor."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, defective FROM (%s) AS receipts WHERE defective > 0",
                SOURCES["receipts"].query(scope),
            )
        )
        return dict(rows)
