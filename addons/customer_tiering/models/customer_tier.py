from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..engine.tiers import directions

# Between the ranks of tiers that are added one after the other.
RANK_STEP = 10

# The mark of a policy that checks its lines after all are saved; no client can send this object.
LATER = object()


class CustomerTier(models.Model):
    """A tier of a policy: from which score, and what its customers get."""

    _name = "customer.tier"
    _description = "Customer Tier"
    _inherit = ["customer.tier.rules"]
    _order = "company_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Short name for imports, exports and integrations, e.g. vip."
    )
    active = fields.Boolean(default=True)
    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(
        "Rank",
        help="The lowest number is the best tier. Each tier of a policy has its own.",
    )
    min_score = fields.Float(
        "From Score",
        digits=(5, 2),
        required=True,
        help="The score, from 0 to 100, from which customers get this tier. Customers below all "
        "thresholds are in the lowest tier.",
        aggregator=None,
    )
    share = fields.Float(
        digits=(5, 4),
        help="The tier's share of the customers, or of the revenue, when the policy ranks by "
        "shares. The lowest tier gets the rest.",
        aggregator=None,
    )
    color = fields.Integer(help="Color of the badge, 0 to 11.")
    icon = fields.Char(default="fa-user", help="Font Awesome 4.7 icon of the badge, e.g. fa-star.")
    description = fields.Text(translate=True, help="What this tier means.")
    pricelist_id = fields.Many2one(
        "product.pricelist",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Pricelist of new quotations for customers in this tier who have no pricelist of "
        "their own.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        "Payment Terms",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Payment terms of new quotations for customers in this tier who have none of their "
        "own.",
    )
    discount = fields.Float(
        "Tier Discount",
        digits=(5, 4),
        help="Discount on the lines of new quotations for customers in this tier, except where "
        "the pricelist already gives one.",
        aggregator=None,
    )
    service_level_id = fields.Many2one(
        "customer.service.level",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Response times and delivery priority for customers in this tier.",
    )
    standing_ids = fields.One2many("customer.standing", "tier_id", "Customer Scores")
    customer_count = fields.Integer("Customers", compute="_compute_customer_figures")
    revenue = fields.Monetary(
        compute="_compute_customer_figures",
        help="Untaxed revenue of the tier's customers in the policy's period.",
    )
    revenue_share = fields.Float(
        compute="_compute_customer_figures",
        help="Share of the revenue of all customers in a tier. Negative revenue counts as 0.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_locked = fields.Boolean(related="policy_id.is_locked")
    benefit_warning = fields.Text(compute="_compute_benefit_warning")

    _score_range = models.Constraint(
        "CHECK (min_score >= 0 AND min_score <= 100)",
        "The From Score of a tier must be between 0 and 100.",
    )
    _share_range = models.Constraint(
        "CHECK (share >= 0 AND share <= 1)", "The Share of a tier must be between 0 % and 100 %."
    )
    _discount_range = models.Constraint(
        "CHECK (discount >= 0 AND discount <= 1)",
        "The Tier Discount must be between 0 % and 100 %.",
    )
    _color_range = models.Constraint(
        "CHECK (color >= 0 AND color <= 11)", "The Color of a tier must be between 0 and 11."
    )
    _code_not_blank = models.Constraint(
        "CHECK (TRIM(code) <> '')", "The Code of a tier must not be blank."
    )
    _code_unique = models.Constraint(
        "UNIQUE (policy_id, code)", "Two tiers of a policy cannot have the same Code."
    )

    @api.constrains("min_score", "share", "sequence", "active", "policy_id")
    def _check_tiers(self):
        if self.env.context.get("tiering_lines_checked_later") is not LATER:
            self.policy_id._check_tiers()

    @api.depends("standing_ids.tier_id", "standing_ids.revenue")
    def _compute_customer_figures(self):
        standings = self.env["customer.standing"]
        ranked = Domain("company_id", "in", self.company_id.ids) & Domain("tier_id", "!=", False)
        figures = {
            tier: (count, revenue)
            for tier, count, revenue in standings._read_group(
                ranked, ["tier_id"], ["__count", "revenue:sum"]
            )
        }
        shares = {}
        for company in self.company_id:
            earned = standings._get_earned_revenue(ranked & Domain("company_id", "=", company.id))
            total = sum(earned.values())
            shares |= {tier: revenue / total for tier, revenue in earned.items()}
        for tier in self:
            tier.customer_count, tier.revenue = figures.get(tier._origin, (0, 0))
            tier.revenue_share = shares.get(tier._origin, 0)

    @api.depends(
        "company_id",
        "pricelist_id.active",
        "pricelist_id.company_id",
        "payment_term_id.active",
        "payment_term_id.company_id",
    )
    def _compute_benefit_warning(self):
        for tier in self:
            tier.benefit_warning = "\n".join(tier._get_benefit_warnings())

    @api.onchange("pricelist_id")
    def _onchange_pricelist_id(self):
        """Hint that customers without a tier lose the pricelist."""
        pricelist = self.pricelist_id.with_company(self.company_id)
        if not pricelist or pricelist.only_for_tiers:
            return None
        if pricelist._get_country_pricelist_multi([])[False]._origin != pricelist._origin:
            return None
        return {
            "warning": {
                "title": self.env._("Default pricelist"),
                "message": self.env._(
                    "%s is the default pricelist of customers without their own. As a tier's "
                    "pricelist it becomes Only for Tiers, and those customers get the next "
                    "pricelist, or sales prices. To avoid this, untick Only for Tiers on the "
                    "pricelist afterwards.",
                    pricelist.display_name,
                ),
            }
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Make a tier without a rank the lowest of its policy."""
        vals_list = [dict(vals) for vals in vals_list]
        lowest = {}
        for vals in vals_list:
            self._check_guarded_shapes(vals)
            policy_id = vals.get("policy_id")
            if policy_id not in lowest:
                tiers = self.env["customer.tier.policy"].browse(policy_id or ())
                tiers = tiers.with_context(active_test=False).tier_ids
                lowest[policy_id] = max(tiers.mapped("sequence"), default=0)
            rank = vals.setdefault("sequence", lowest[policy_id] + RANK_STEP)
            if isinstance(rank, int):
                lowest[policy_id] = max(lowest[policy_id], rank)
        tiers = super().create(vals_list)
        tiers._reserve_pricelists()
        return tiers

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            # Who may not archive a tier holds nobody up.
            self.check_access("write")
            self._wait_for_runs()
        result = super().write(vals)
        if vals.get("pricelist_id"):
            self._reserve_pricelists()
        return result

    def _wait_for_runs(self):
        """Wait for runs that write standings of these tiers, and keep others from doing so."""
        self.env.cr.execute(
            SQL("SELECT id FROM customer_tier WHERE id = ANY(%s) ORDER BY id FOR UPDATE", self.ids)
        )

    def web_resequence(self, specification, field_name="sequence", offset=0):
        """Give tiers the order into which somebody dragged them.

        They are written one after the other, so two have the same rank for a moment.
        """
        moved = self.with_context(tiering_lines_checked_later=LATER)
        shown = super(CustomerTier, moved).web_resequence(specification, field_name, offset)
        self.policy_id._check_tiers()
        return shown

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        for tier in self:
            if tier == tier.policy_id.prospect_tier_id:
                raise tier.policy_id._prospect_tier_error(tier)
            if tier._are_in_use():
                raise UserError(
                    self.env._(
                        "Tier %s has customers, or had some in the past: archive it instead of "
                        "deleting it. The next tier run moves its customers to other tiers.",
                        tier.name,
                    )
                )

    @api.readonly
    def action_view_standings(self):
        """Open the customers of this tier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_standing_action"
        )
        return action | {"domain": [("tier_id", "=", self.id)], "context": {}}

    def _retire(self):
        """Archive a tier that the draft has no more: the history names it."""
        self.active = False

    def _is_in_force(self):
        return self.active

    def _are_in_use(self):
        """Return whether a standing, the history, an override or an order names a tier.

        An add-on whose records name tiers adds its answer.
        """
        names_of = {
            "customer.standing": ("tier_id", "candidate_tier_id"),
            "customer.standing.change": ("old_tier_id", "new_tier_id"),
            "customer.tier.override": ("tier_id",),
            "sale.order": ("customer_tier_id",),
        }
        return any(
            self.env[model].sudo().search_count([(name, "in", self.ids)], limit=1)
            for model, names in names_of.items()
            for name in names
        )

    def _describe_benefits(self, for_customer=False):
        """Return what the tier gives, a sentence each; an add-on that gives more adds its own.

        :param for_customer: in words for the tier's customers. Pricelists are not named then:
            their names are not written for customers.
        """
        self.ensure_one()
        # Whoever sees the tier may read what it gives, and not each record that is named.
        tier = self.sudo()
        level = tier.service_level_id.filtered("active")
        sentences = []
        if tier.discount:
            percent = formatLang(self.env, 100 * tier.discount, digits=0)
            sentences.append(self.env._("%s %% discount on new quotations", percent))
        if tier.pricelist_id:
            named = self.env._("Pricelist %s", tier.pricelist_id.name)
            sentences.append(self.env._("Special prices") if for_customer else named)
        if tier.payment_term_id:
            sentences.append(self.env._("Payment terms: %s", tier.payment_term_id.name))
        if level.response_hours:
            hours = self._format_hours(level.response_hours)
            sentences.append(self.env._("An answer within %s working hours", hours))
        if level.resolution_hours:
            hours = self._format_hours(level.resolution_hours)
            sentences.append(self.env._("A solution within %s working hours", hours))
        if level.delivery_priority == "1":
            sentences.append(self.env._("Deliveries with priority"))
        return sentences

    def _format_hours(self, hours):
        return formatLang(self.env, hours, digits=0 if hours % 1 == 0 else 1)

    def _get_direction(self, new):
        """Return which way a move from this tier to another goes: ``up``, ``down`` or ``level``.

        :param new: the tier that is reached; either may be empty
        """
        move = (self.id or None, new.id or None)
        self.flush_model(["policy_id", "sequence", "active"])
        return directions(self.env.cr, [move])[move]

    def _get_neighbours(self):
        """Return the tiers of the policy next above and next below; empty where there is none.

        Archived tiers are passed over; of one, those that were around it are returned.
        """
        self.ensure_one()
        tiers = self.policy_id._get_tiers()
        rank = (self.sequence, self.id)
        better = tiers.filtered(lambda tier: (tier.sequence, tier.id) < rank)
        worse = tiers.filtered(lambda tier: (tier.sequence, tier.id) > rank)
        return better[-1:], worse[:1]

    @api.model
    def _get_current_tiers(self):
        """Return the tiers of the current company's active policy, best first.

        Read with elevated rights, because a list grouped by tier shows all tiers to whoever
        may see the list.
        """
        root = self.env.company.root_id
        return self.sudo().search_fetch(
            [("company_id", "=", root.id), ("policy_id.active", "=", True)],
            # What a page of tiers shows.
            [
                "name",
                "color",
                "icon",
                "discount",
                "pricelist_id",
                "payment_term_id",
                "service_level_id",
            ],
            order="sequence, id",
        )

    def _has_benefit(self):
        """Return whether customers get anything by being in the tier."""
        self.ensure_one()
        return bool(
            self.pricelist_id or self.payment_term_id or self.discount or self.service_level_id
        )

    def _reserve_pricelists(self):
        """Keep pricelists that tiers take from being the default of everybody.

        Who edits tiers may do so without a role that edits pricelists. Those of another root
        company are left alone, because the tier does not use them, and so are those that a tier
        has already: somebody may have unset it, and copying a policy must change no price.
        """
        taken = (
            self.sudo()
            .with_context(active_test=False)
            ._read_group(
                [("pricelist_id", "in", self.pricelist_id.ids), ("id", "not in", self.ids)],
                ["pricelist_id"],
            )
        )
        taken = {pricelist for (pricelist,) in taken}
        for tier in self.sudo():
            pricelist = tier.pricelist_id
            applies = pricelist.company_id.root_id in (tier.company_id, self.env["res.company"])
            if pricelist and applies and pricelist not in taken and not pricelist.only_for_tiers:
                pricelist.only_for_tiers = True

    def _get_benefit_warnings(self):
        """Return what does not reach the tier's customers, why, and the way out."""
        self.ensure_one()
        # Records of another company are named, too.
        tier = self.sudo()
        pricelist, terms, company = tier.pricelist_id, tier.payment_term_id, tier.company_id
        warnings = []
        if pricelist and not self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        ):
            warnings.append(
                self.env._(
                    "Pricelist %s has no effect: pricelists are turned off. Turn on Pricelists in "
                    "the settings of Sales.",
                    pricelist.name,
                )
            )
        for label, benefit in (
            (self.env._("Pricelist"), pricelist),
            (self.env._("Payment terms"), terms),
        ):
            names = {"benefit": label, "name": benefit.name}
            if benefit and not benefit.active:
                warnings.append(
                    self.env._(
                        "%(benefit)s %(name)s: no effect, because it is archived. Unarchive it or "
                        "choose another.",
                        **names,
                    )
                )
            if benefit.company_id and benefit.company_id != company:
                warnings.append(
                    self.env._(
                        "%(benefit)s %(name)s: no effect, because it belongs to %(other)s. Choose "
                        "one of %(company)s, or one without a company.",
                        **names,
                        other=benefit.company_id.name,
                        company=company.name,
                    )
                )
        if pricelist.company_id == company and company.child_ids:
            warnings.append(
                self.env._(
                    "Pricelist %(name)s: no effect in branches, because it belongs to %(company)s "
                    "alone. Empty its Company if branches are to use it.",
                    company=company.name,
                    name=pricelist.name,
                )
            )
        return warnings

    def _get_payment_term(self, company):
        """Return the tier's payment terms if documents of a company can have them."""
        terms = self.payment_term_id.filtered("active")
        return terms.filtered_domain(terms._check_company_domain(company))

    def _get_tier_discount(self, price, price_before, currency):
        """Return the discount on a price: none where the pricelist already gives one.

        :param price: what the pricelist asks for
        :param price_before: what it would ask for without its discount, in the same currency
        :return: a part of 1
        """
        return 0 if currency.compare_amounts(price, price_before) < 0 else self.discount

    def _prices_alike(self, other):
        """Return whether new quotations have the same prices under both tiers, or none of them."""
        names = ["discount"]
        if self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            names.append("pricelist_id")
        return all(self[name] == other[name] for name in names)

    def _gives_same_prices_as(self, other):
        """Return whether quotations are the same under both tiers, of which either may be none."""
        return all(
            self[name] == other[name] for name in ("pricelist_id", "payment_term_id", "discount")
        )
