from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.preview_cells import customers_by_cell, quantities_by_cell


class CustomerTierEvaluationCost(models.Model):
    """What a preview's tiers would cost: discounts given, and follow-ups to be made."""

    _inherit = "customer.tier.evaluation"

    is_costed = fields.Boolean(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    extra_discount = fields.Monetary(
        readonly=True,
        help="What customers who move would have paid less in the window with the pricelist and "
        "standing discount of their new tier: the price at quantity 1, times what they ordered. "
        "Negative: they would have paid more. Customers with a pricelist of their own are left "
        "out.",
    )
    followups_now = fields.Float(
        "Follow-ups a Week Now",
        digits=(16, 2),
        readonly=True,
        help="As the service levels of the tiers held say.",
    )
    followups_then = fields.Float(
        "Follow-ups a Week Then",
        digits=(16, 2),
        readonly=True,
        help="As the service levels of the tiers previewed say.",
    )
    account_manager_count = fields.Integer(
        "Account Managers",
        readonly=True,
        help="Salespeople who look after at least one customer of the ladder.",
    )
    followups_per_manager_now = fields.Float(
        "Each of Them Now", digits=(16, 2), compute="_compute_followups_per_manager"
    )
    followups_per_manager_then = fields.Float(
        "Each of Them Then", digits=(16, 2), compute="_compute_followups_per_manager"
    )

    def _compute_followups_per_manager(self):
        for evaluation in self:
            managers = evaluation.account_manager_count or 1
            evaluation.followups_per_manager_now = evaluation.followups_now / managers
            evaluation.followups_per_manager_then = evaluation.followups_then / managers

    def action_estimate_cost(self):
        """Set what the previewed tiers give against what those held now do.

        :raise UserError: when this is no preview, or its moves are no longer kept
        """
        self.ensure_one()
        self.policy_id.check_access("write")
        evaluation = self.sudo()
        evaluation._check_costs_can_be_estimated()
        policy = evaluation.policy_id
        tiers = policy._prepare_rules().tiers
        self.env.flush_all()
        cells = customers_by_cell(self.env.cr, evaluation.company_id.id, tiers, evaluation.id)
        quantities = quantities_by_cell(
            self.env.cr,
            policy._prepare_scope(evaluation.as_of),
            tiers,
            evaluation.id,
            evaluation._query_of_customers_without_own_pricelist(),
        )
        discounts = evaluation._sum_extra_discounts(quantities)
        followups = evaluation._sum_followups(cells)
        for line in evaluation.migration_ids:
            key = line.old_tier_id.id or None, line.new_tier_id.id or None
            now, then = followups[key]
            line.write({"extra_discount": discounts[key], "extra_followups": then - now})
        evaluation.write(
            {
                "is_costed": True,
                "extra_discount": sum(discounts.values()),
                "followups_now": sum(now for now, _then in followups.values()),
                "followups_then": sum(then for _now, then in followups.values()),
                "account_manager_count": evaluation._count_account_managers(),
            }
        )

    def _check_costs_can_be_estimated(self):
        if not self.is_simulation or self.state != "done":
            raise UserError(self.env._("Only a preview that is done can be set against its cost."))
        stayed = self.migration_ids.filtered(lambda line: line.old_tier_id == line.new_tier_id)
        movers = sum((self.migration_ids - stayed).mapped("customers"))
        if movers and not self.preview_move_ids:
            raise UserError(
                self.env._(
                    "Who would move by the preview of %s is no longer kept: preview the policy "
                    "again.",
                    self.display_name,
                )
            )

    def _query_of_customers_without_own_pricelist(self):
        partners = self.env["res.partner"].with_company(self.company_id)
        return (
            partners.with_context(active_test=False)
            ._search([("specific_property_product_pricelist", "=", False)])
            .subselect()
        )

    def _sum_extra_discounts(self, quantities):
        """Return what is paid less, by tier from and to.

        :param quantities: as :func:`~..engine.preview_cells.quantities_by_cell` returns them
        """
        products = self.env["product.product"].browse({row[3] for row in quantities})
        tiers = {tier_id for row in quantities for tier_id in (row[0], row[2])}
        prices = {
            tier_id: self._get_net_prices(self.env["customer.tier"].browse(tier_id), products)
            for tier_id in tiers
        }
        sums = defaultdict(float)
        for held, old, new, product, quantity in quantities:
            sums[old, new] += float(quantity) * (prices[held][product] - prices[new][product])
        return sums

    def _get_net_prices(self, tier, products):
        """Return what one piece costs a tier's customers, by product, in the company's currency.

        :param tier: none for customers outside the ladder
        """
        company = self.company_id
        pricelists = self.env["product.pricelist"].with_company(company)
        pricelist = pricelists
        if self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            pricelist = (
                tier.pricelist_id.filtered_domain(pricelists._get_tier_pricelist_domain())
                or pricelists._get_country_pricelist_multi([])[False]
            ).with_company(company)
        products = products.with_company(company)
        found = pricelist._compute_price_rule(products, 1)
        currency = pricelist.currency_id or company.currency_id
        now = fields.Datetime.now()
        prices = {}
        for product in products:
            price, rule = found[product.id]
            before = (
                self.env["product.pricelist.item"]
                .browse(rule)
                ._compute_price_before_discount(
                    product, 1, product.uom_id, date=now, currency=currency
                )
                if rule
                else price
            )
            price *= 1 - tier._get_standing_discount(price, before, currency)
            prices[product.id] = currency._convert(
                price, company.currency_id, company, self.as_of, round=False
            )
        return prices

    def _sum_followups(self, cells):
        """Return the follow-ups a week now and then, by tier from and to.

        :param cells: as :func:`~..engine.preview_cells.customers_by_cell` returns them
        """
        sums = defaultdict(lambda: (0.0, 0.0))
        for held, old, new, customers in cells:
            now, then = sums[old, new]
            sums[old, new] = (
                now + customers * self._get_followups_a_week(held),
                then + customers * self._get_followups_a_week(new),
            )
        return sums

    def _get_followups_a_week(self, tier_id):
        level = self.env["customer.tier"].browse(tier_id).service_level_id
        return level.filtered("active").followups_per_week

    def _count_account_managers(self):
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(DISTINCT salesperson.id)
                  FROM customer_standing AS standing
                  JOIN res_partner AS partner ON partner.id = standing.partner_id
                  JOIN res_users AS salesperson
                    ON salesperson.id = partner.user_id AND salesperson.active
                 WHERE standing.company_id = %s
                   AND standing.tier_id IS NOT NULL
                """,
                self.company_id.id,
            )
        )
        return count
