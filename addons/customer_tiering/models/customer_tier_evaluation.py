from collections import defaultdict

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..engine.preview_cells import quantities_by_cell


class CustomerTierEvaluation(models.Model):
    """A tier run, or a preview: when, by which criteria, how many customers, which changes."""

    _name = "customer.tier.evaluation"
    _description = "Tier Run"
    _order = "as_of desc, id desc"

    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    as_of = fields.Date(
        required=True, help="Documents up to this day, in the company's time zone, count."
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("skipped", "Not enough data"),
            ("failed", "Failed"),
        ],
        default="running",
        required=True,
    )
    step = fields.Selection(
        [
            ("reading", "Reading documents"),
            ("scoring", "Scoring"),
            ("ranking", "Ranking"),
            ("writing", "Writing scores"),
        ],
        help="How far a scheduled run has come, or where it ended.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Only Customer",
        # Without its customer it would pass for a run of all customers.
        ondelete="cascade",
        index="btree_not_null",
        help="Set when the tier of one customer alone was recalculated.",
    )
    criteria = fields.Json(
        help="The criteria as they stood: for each its metric, unit, dimension, weight and scale."
    )
    is_simulation = fields.Boolean(
        "Preview",
        help="Shows the tiers by score, before tolerance, grace period and overrides. No tier was "
        "changed.",
    )
    is_scheduled = fields.Boolean("Scheduled", help="Run by the scheduled action.")
    is_retried = fields.Boolean(
        "Retried",
        help="The run was interrupted, another one was in progress, or it failed by an error that "
        "may pass: the scheduled action tries again on the same day.",
    )
    customer_count = fields.Integer("Customers", aggregator=None)
    changed_count = fields.Integer(
        "Changed", help="Customers whose tier is new, has changed or was removed."
    )
    standings_written = fields.Integer(
        "Scores Written", help="Customer scores that were added or changed."
    )
    duration = fields.Float("Duration (s)", digits=(16, 2), aggregator="avg")
    message = fields.Text(help="What went wrong or was missing.")
    user_id = fields.Many2one("res.users", "Recalculated by", default=lambda self: self.env.user)
    migration_ids = fields.One2many("customer.tier.migration", "evaluation_id")
    preview_move_ids = fields.One2many(
        "customer.tier.preview.move", "evaluation_id", "Previewed Changes"
    )
    change_ids = fields.One2many("customer.standing.change", "evaluation_id", "Tier Changes")

    score_histogram = fields.Json(
        "Customers by Score",
        readonly=True,
        help="Of a preview: how many customers have which score by the previewed rules.",
    )
    forecast = fields.Json(
        readonly=True,
        help="Of a preview: how many customers a tier run by these rules would upgrade, downgrade "
        "and so on, after tolerance, grace period and overrides.",
    )
    forecast_text = fields.Text("At the Next Run", compute="_compute_forecast_text")
    rules = fields.Json(
        readonly=True, help="Of a preview: the rules as they stood, to see whether they changed."
    )
    is_outdated = fields.Boolean(
        compute="_compute_is_outdated", help="The policy was changed after this preview."
    )
    is_costed = fields.Boolean(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    extra_discount = fields.Monetary(
        readonly=True,
        help="What the customers whose tier changes would have paid less in the period with the "
        "pricelist and tier discount of the previewed tier: the price of one unit, times the "
        "ordered quantity. Negative: they would have paid more. Customers with a pricelist of "
        "their own are left out.",
    )

    @api.depends("policy_id", "as_of")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for evaluation in self:
            day = format_full_day(self.env, evaluation.as_of) if evaluation.as_of else ""
            evaluation.display_name = f"{evaluation.policy_id.name}, {day}"

    @api.depends("forecast")
    @api.depends_context("lang")
    def _compute_forecast_text(self):
        for evaluation in self:
            evaluation.forecast_text = "\n".join(
                self._describe_forecast(evaluation.forecast) if evaluation.forecast else ()
            )

    @api.depends("is_simulation", "state")
    def _compute_is_outdated(self):
        for evaluation in self:
            evaluation.is_outdated = bool(
                evaluation.is_simulation
                and evaluation.state == "done"
                and not evaluation._shows_present_rules()
            )

    def _shows_present_rules(self):
        """Return whether the policy is still as it was previewed."""
        policy = self.policy_id
        return (
            self.criteria == policy._prepare_explanations()
            and self.rules == policy._get_rule_values()
        )

    @api.model
    def _describe_forecast(self, found):
        """Return in sentences what a tier run would do.

        :param found: as ``customer.tier.policy`` returns it from ``_forecast``
        """
        moved = found["upgraded"] + found["downgraded"] + found["level"]
        sentences = []
        if not moved:
            sentences.append(self.env._("No customer changes tier."))
        elif moved == 1:
            sentences.append(self.env._("1 customer may move: %s.", self._list_moves(found)))
        else:
            sentences.append(
                self.env._(
                    "At most %(count)s customers may move: %(moves)s.",
                    count=formatLang(self.env, moved, digits=0),
                    moves=self._list_moves(found),
                )
            )
        for code, one, several in (
            (
                "placed",
                self.env._("1 customer gets a first tier."),
                self.env._("%s customers get a first tier."),
            ),
            (
                "left",
                self.env._("1 customer is no longer tiered."),
                self.env._("%s customers are no longer tiered."),
            ),
            (
                "grace",
                self.env._("For 1 customer a grace period begins."),
                self.env._("For %s customers a grace period begins."),
            ),
            (
                "repriced",
                self.env._("1 customer gets other prices on new quotations."),
                self.env._("%s customers get other prices on new quotations."),
            ),
        ):
            if count := found[code]:
                sentences.append(
                    one if count == 1 else several % formatLang(self.env, count, digits=0)
                )
        return sentences

    @api.model
    def _list_moves(self, found):
        parts = (
            (found["upgraded"], self.env._("%s upgraded")),
            (found["downgraded"], self.env._("%s downgraded")),
            (found["level"], self.env._("%s to a tier as high")),
        )
        return ", ".join(
            text % formatLang(self.env, count, digits=0) for count, text in parts if count
        )

    def _describe_moves(self):
        """Return in words who moved by a run that is done: "3 customers moved: 2 upgraded, …"."""
        self.ensure_one()
        found = {"upgraded": 0, "downgraded": 0, "level": 0}
        names = {"up": "upgraded", "down": "downgraded"}
        changes = self.env["customer.standing.change"]
        for direction, count in changes._read_group(
            [
                ("evaluation_id", "=", self.id),
                ("old_tier_id", "!=", False),
                ("new_tier_id", "!=", False),
            ],
            ["direction"],
            ["__count"],
        ):
            found[names.get(direction, "level")] += count
        moved = sum(found.values())
        if not moved:
            sentences = [self.env._("No customer changed tier.")]
        elif moved == 1:
            sentences = [self.env._("1 customer moved: %s.", self._list_moves(found))]
        else:
            sentences = [
                self.env._(
                    "%(count)s customers moved: %(moves)s.",
                    count=formatLang(self.env, moved, digits=0),
                    moves=self._list_moves(found),
                )
            ]
        for lines, one, several in (
            (
                self.migration_ids.filtered(lambda line: line.new_tier_id and not line.old_tier_id),
                self.env._("1 customer got a first tier."),
                self.env._("%s customers got a first tier."),
            ),
            (
                self.migration_ids.filtered(lambda line: line.old_tier_id and not line.new_tier_id),
                self.env._("1 customer is no longer tiered."),
                self.env._("%s customers are no longer tiered."),
            ),
        ):
            if count := sum(lines.mapped("customers")):
                sentences.append(
                    one if count == 1 else several % formatLang(self.env, count, digits=0)
                )
        return " ".join(sentences)

    def _complete(self, outcome, seconds=0):
        """Note what a run or a preview found.

        :param outcome: as :func:`~..engine.apply.write_standings` returns it
        :param seconds: what was spent beside the computation
        """
        self.write(
            {
                "state": "done",
                "customer_count": outcome["customers"],
                "changed_count": outcome["changed"],
                "standings_written": outcome["standings_written"],
                "duration": self.duration + seconds,
                "migration_ids": [
                    fields.Command.create(
                        {
                            "old_tier_id": old_tier_id,
                            "new_tier_id": new_tier_id,
                            "customers": customers,
                            "revenue": revenue,
                        }
                    )
                    for old_tier_id, new_tier_id, customers, revenue in outcome["migrations"]
                ],
            }
        )

    def _skip(self, message):
        """Note why no tier was set."""
        self.write({"state": "skipped", "message": message})

    def _note_progress(self, outcome):
        """Note whose scores are written of a run that goes on with others.

        :param outcome: as :meth:`_complete` takes it, of those that are written
        """
        self.write(
            {
                "customer_count": outcome["customers"],
                "changed_count": outcome["changed"],
                "standings_written": outcome["standings_written"],
            }
        )

    def _fail(self, error):
        """Note that the evaluation failed and why, and whose scores it wrote before."""
        message = str(error) or type(error).__name__
        if self.customer_count:
            written = self.env._(
                "%(count)s customers have the scores of %(day)s already; the others keep theirs "
                "until the next run.",
                count=formatLang(self.env, self.customer_count, digits=0),
                day=format_full_day(self.env, self.as_of),
            )
            message = f"{message}\n{written}"
        self.write({"state": "failed", "message": message})

    @api.model
    def _get_last(self, company):
        """Return the run that made the company's current scores."""
        return self.search(
            self._domain_of_runs() & Domain("company_id", "=", company.id),
            order="id desc",
            limit=1,
        )

    @api.model
    def _domain_of_runs(self):
        """Return the domain of the runs of all customers."""
        return Domain(
            [("state", "=", "done"), ("is_simulation", "=", False), ("partner_id", "=", False)]
        )

    @api.readonly
    def action_view_changes(self):
        """Open the ledger rows of this evaluation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_standing_change_action"
        )
        return action | {"domain": [("evaluation_id", "=", self.id)], "context": {}}

    @api.readonly
    def action_view_preview_moves(self):
        """Open the customers whose tier would change."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_tier_preview_move_action"
        )
        return action | {"domain": [("evaluation_id", "=", self.id)], "context": {}}

    def action_ask_publish(self):
        """Say what publishing the previewed rules does, and ask whether to."""
        self._check_can_be_published()
        return self.env["customer.tier.run.wizard"]._ask(self.policy_id, preview=self)

    def action_recalculate(self):
        """Ask whether to run again, by the policy as it is now."""
        self.ensure_one()
        return self.policy_id.action_recalculate()

    def action_edit_policy(self):
        """Go back to the previewed policy."""
        return self.policy_id._open()

    def _check_can_be_published(self):
        self.ensure_one()
        if not self.is_simulation or self.state != "done":
            raise UserError(self.env._("Only a finished preview can be published."))
        policy = self.policy_id
        policy.check_access("write")
        if not self._shows_present_rules():
            raise UserError(
                self.env._(
                    "Policy %s changed after this preview: preview it again before you publish it.",
                    policy.display_name,
                )
            )

    def action_publish(self, recalculates=True):
        """Have the previewed rules rank the company's customers.

        :param recalculates: whether a tier run follows at once
        """
        self._check_can_be_published()
        policy = self.policy_id._publish()
        opened = policy._open()
        if recalculates:
            action = policy.action_evaluate()
            return action | {"params": action["params"] | {"next": opened}}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Policy %s is published. The next tier run goes by it.", policy.name
                ),
                "next": opened,
            },
        }

    def action_estimate_cost(self):
        """Compare what the previewed tiers give with what the current ones do.

        :raise UserError: when this is no preview, or its moves are no longer kept
        """
        self.ensure_one()
        self.policy_id.check_access("write")
        evaluation = self.sudo()
        evaluation._check_costs_can_be_estimated()
        evaluation._estimate_cost()
        evaluation.is_costed = True

    def _check_costs_can_be_estimated(self):
        if not self.is_simulation or self.state != "done":
            raise UserError(self.env._("Only the costs of a finished preview can be estimated."))
        stayed = self.migration_ids.filtered(lambda line: line.old_tier_id == line.new_tier_id)
        movers = sum((self.migration_ids - stayed).mapped("customers"))
        if movers and not self.preview_move_ids:
            raise UserError(
                self.env._(
                    "The tier changes of the preview %s are no longer kept: preview the policy "
                    "again.",
                    self.display_name,
                )
            )

    def _estimate_cost(self):
        """Write what the previewed tiers would cost, in all and by tier from and to.

        Called with all rights, after the checks; an add-on adds costs of its own kind.
        """
        policy = self.policy_id
        self.env.flush_all()
        quantities = quantities_by_cell(
            self.env.cr,
            policy._prepare_scope(self.as_of),
            policy._prepare_rules().tiers,
            self.id,
            self._query_of_customers_without_own_pricelist(),
        )
        discounts = self._sum_extra_discounts(quantities)
        for line in self.migration_ids:
            line.extra_discount = discounts[line._get_tier_ids()]
        self.extra_discount = sum(discounts.values())

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

        :param tier: none for customers without a tier
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
            price *= 1 - tier._get_tier_discount(price, before, currency)
            prices[product.id] = currency._convert(
                price, company.currency_id, company, self.as_of, round=False
            )
        return prices
