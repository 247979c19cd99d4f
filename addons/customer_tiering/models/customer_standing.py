from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day, format_month
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_amount, formatLang

from ..engine.months import revenue_by_month, shown_months
from ..engine.outlook import TRIED_METHODS, Advice
from ..engine.standings import keep_best_standings
from ..metrics.registry import METRICS
from ..tools.components import put_together
from ..tools.rfm import RFM_SEGMENTS

# So few points below the next tier a customer is worth a call.
CLOSE_POINTS = 3
# The timeline goes back so many events of a kind.
TIMELINE_EVENTS = 40


class CustomerStanding(models.Model):
    """The score and the tier of a customer in a company, a row for each; only runs write it.

    The partner is never written, so that a nightly run of hundreds of thousands of customers
    does not collide with users who edit contacts.
    """

    _name = "customer.standing"
    _description = "Customer Score"
    _rec_name = "partner_id"
    _order = "score desc nulls last, id"
    # A run owns every row, so who wrote it says nothing, and foreign keys cost time.
    _log_access = False

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    tier_id = fields.Many2one(
        "customer.tier",
        ondelete="restrict",
        group_expand="_read_group_tier_id",
        help="The customer's tier, after tolerance and grace period. Empty when the customer is no "
        "longer tiered.",
    )
    candidate_tier_id = fields.Many2one(
        "customer.tier",
        "Tier by Score",
        ondelete="restrict",
        help="The tier that the score alone gives, before tolerance, grace period and overrides.",
    )
    tier_since = fields.Date("Since")
    downgrade_on = fields.Date(
        help="The day on which the customer is downgraded unless the score recovers."
    )
    score = fields.Float(digits=(5, 2), aggregator="avg")
    value_score = fields.Float(digits=(5, 2), aggregator="avg")
    loyalty_score = fields.Float(digits=(5, 2), aggregator="avg")
    cooperation_score = fields.Float(digits=(5, 2), aggregator="avg")
    potential_score = fields.Float(digits=(5, 2), aggregator="avg")
    revenue = fields.Monetary(help="Untaxed amount ordered or invoiced in the policy's period.")
    previous_revenue = fields.Monetary(help="Revenue in the period of the same length before.")
    lost_revenue = fields.Monetary(
        compute="_compute_lost_revenue",
        help="How much more the customer bought in the previous period.",
    )
    urgency = fields.Integer(
        compute="_compute_urgency",
        help="Who needs the salesperson first: the higher, the sooner.",
    )
    urgency_reason = fields.Char(
        "To Do", compute="_compute_urgency", help="Why the customer needs the salesperson."
    )
    phone = fields.Char(related="partner_id.phone")
    best_revenue = fields.Monetary(
        compute="_compute_best_revenue",
        help="The larger of the revenue of this and of the previous period.",
    )
    order_count = fields.Integer("Orders", help="Confirmed orders in the policy's period.")
    last_order_date = fields.Date("Last Order")
    points_to_next = fields.Float(
        "Points to Next Tier",
        digits=(5, 2),
        aggregator="avg",
        help="Points missing to reach the tier above the tier by score. Empty in the best tier, "
        "and when the policy ranks by shares.",
    )
    next_tier_id = fields.Many2one(
        "customer.tier",
        compute="_compute_next_tier_id",
        help="The tier above the tier by score. During a grace period it may be the one that the "
        "customer still has.",
    )
    abc_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")],
        "ABC Class",
        help="A: the customers who make up the first part of revenue; B: the next part; C: the "
        "others. The policy's Advanced page sets the parts.",
    )
    rfm_code = fields.Char(
        "RFM Code",
        size=3,
        help="Recency, frequency (days with an order) and monetary value from 1 to 5 among the "
        "customers who ordered in the period: 555 ordered most recently, most often and for the "
        "most. Customers without an order in the period have 111.",
    )
    rfm_segment = fields.Selection(RFM_SEGMENTS, "RFM Segment")
    value_class = fields.Selection(
        [
            ("mvc", "Most valuable"),
            ("stc", "Growable"),
            ("bz", "Unprofitable"),
            ("standard", "Standard"),
        ],
        help="Most valuable: the best customers by revenue. Growable: the best by potential of the "
        "others. Unprofitable: the margin is negative. The policy's Advanced page sets how many "
        "customers are the best.",
    )
    portfolio = fields.Selection(
        [
            ("invest", "Invest"),
            ("cultivate", "Cultivate"),
            ("restructure", "Restructure"),
            ("abandon", "Low priority"),
        ],
        help="Revenue and potential compared with the medians of the customers with revenue. "
        "Invest: both high; Cultivate: only the potential; Restructure: only the revenue; Low "
        "priority: neither. Needs a criterion of the dimension Growth potential.",
    )
    lifecycle = fields.Selection(
        [
            ("prospect", "Prospect"),
            ("new", "New"),
            ("active", "Active"),
            ("lapsing", "Lapsing"),
            ("lost", "Lost"),
        ],
        help="Days since the last order compared with the customer's usual days between orders: "
        "after so many times as many as the policy's Advanced page sets a customer is lapsing, "
        "then lost.",
    )
    at_risk = fields.Selection(
        [
            ("rhythm", "Orders less often"),
            ("revenue", "Revenue is falling"),
            ("both", "Orders less often, revenue is falling"),
        ],
        help="The previous period's best customers by revenue who are lapsing, or whose revenue "
        "fell below the share of the previous one that the policy's Advanced page sets. Lost "
        "customers have their own list.",
    )
    override_id = fields.Many2one(
        "customer.tier.override",
        ondelete="set null",
        index="btree_not_null",
        help="The override that sets the tier, or excludes the customer from tiering.",
    )
    components = fields.Json(
        compute="_compute_components",
        help="Per criterion: metric, figure, unit, points, weight and contribution to the score.",
    )
    explanation = fields.Html(compute="_compute_explanation", sanitize=False)
    downgrade_tier_id = fields.Many2one(
        "customer.tier",
        "Downgrade to",
        compute="_compute_downgrade_tier_id",
        help="The customer's tier after the downgrade.",
    )
    needed_for_next = fields.Char(
        "Needed for the Next Tier",
        compute="_compute_needed",
        help="The smallest purchase today that would lift the customer into the next tier, all "
        "else unchanged: one order of the customer's average size (or of all customers' "
        "average), several of them, or one larger order.",
    )
    needed_to_stay = fields.Char(
        "Needed to Stay",
        compute="_compute_needed",
        help="The smallest purchase that would keep the customer in the tier, and the last day "
        "for it.",
    )
    reached_by = fields.Char(
        compute="_compute_reached_by", help="The change that brought the customer into the tier."
    )
    change_ids = fields.One2many("customer.standing.change", "standing_id", "Tier Changes")
    month_ids = fields.One2many("customer.standing.month", "standing_id", "Months")
    # What the customer's page draws; see _prepare_profile and _describe_timeline.
    profile = fields.Json(compute="_compute_profile")
    timeline = fields.Json(compute="_compute_timeline")
    country_id = fields.Many2one(related="partner_id.country_id")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    customer_size = fields.Selection(related="partner_id.customer_size")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    override_reason = fields.Char(related="override_id.reason", string="Override Reason")
    override_end = fields.Date(related="override_id.date_end", string="Override End")

    # A constraint and not just an index: merging partners looks at constraints only.
    _partner_company_unique = models.Constraint(
        "UNIQUE (partner_id, company_id)", "A customer has one score per company."
    )
    _company_tier_index = models.Index("(company_id, tier_id)")

    @api.depends("revenue", "previous_revenue")
    def _compute_lost_revenue(self):
        for standing in self:
            standing.lost_revenue = max(standing.previous_revenue - standing.revenue, 0)

    @api.depends("at_risk", "downgrade_on", "points_to_next", "override_id", "lifecycle")
    @api.depends_context("lang")
    def _compute_urgency(self):
        rules = self._get_urgencies()
        query = self._search([("id", "in", self.ids)], active_test=False)
        codes = dict(
            self.env.execute_query(
                query.select(
                    SQL.identifier(self._table, "id"), self._urgency_to_sql(self._table, query)
                )
            )
        )
        for standing in self:
            standing.urgency = codes.get(standing._origin.id, 0)
            describe = rules[standing.urgency][1] if standing.urgency else None
            standing.urgency_reason = describe(standing) if describe else False

    @api.depends("revenue", "previous_revenue")
    def _compute_best_revenue(self):
        for standing in self:
            standing.best_revenue = max(standing.revenue, standing.previous_revenue)

    @api.depends("tier_id", "tier_since")
    @api.depends_context("lang")
    def _compute_reached_by(self):
        changes = self.env["customer.standing.change"]
        reasons = dict(changes._fields["reason"]._description_selection(self.env))
        for standing in self:
            move = changes.search(
                [
                    ("partner_id", "=", standing.partner_id.id),
                    ("company_id", "=", standing.company_id.id),
                ],
                limit=1,
            )
            if not standing.tier_id:
                standing.reached_by = False
            elif move.date != standing.tier_since:
                standing.reached_by = self.env._("First tier run")
            elif move.old_tier_id:
                standing.reached_by = self.env._(
                    "%(reason)s from %(tier)s",
                    reason=reasons[move.reason],
                    tier=move.old_tier_id.name,
                )
            else:
                standing.reached_by = reasons[move.reason]

    @api.depends("tier_id.policy_id.one_step_downgrade", "candidate_tier_id", "downgrade_on")
    def _compute_downgrade_tier_id(self):
        for standing in self:
            held = standing.tier_id
            if not standing.downgrade_on:
                standing.downgrade_tier_id = False
            elif held.policy_id.one_step_downgrade:
                standing.downgrade_tier_id = held._get_neighbours()[1]
            else:
                standing.downgrade_tier_id = standing.candidate_tier_id

    @api.depends("components", "candidate_tier_id", "downgrade_on", "override_id")
    @api.depends_context("lang")
    def _compute_needed(self):
        for standing in self:
            advice = standing._start_advice()
            standing.needed_for_next = advice and standing._describe_way(
                advice.least_for(standing.next_tier_id.id)
            )
            standing.needed_to_stay = (
                advice and standing.downgrade_on and standing._describe_stay(advice)
            )

    @api.depends("candidate_tier_id")
    def _compute_next_tier_id(self):
        for standing in self:
            earned = standing.candidate_tier_id
            standing.next_tier_id = earned and earned._get_neighbours()[0]

    @api.depends("score", "company_id")
    def _compute_components(self):
        rows = self.env.execute_query(
            SQL("SELECT id, figures, points FROM customer_standing WHERE id = ANY(%s)", self.ids)
        )
        stored = {id_: (figures or [], points or []) for id_, figures, points in rows}
        # Every run scores every customer, so the last one's criteria hold for all of them.
        criteria_of = {
            company: self.env["customer.tier.evaluation"].sudo()._get_last(company).criteria or []
            for company in self.company_id
        }
        for standing in self:
            criteria = criteria_of[standing.company_id]
            figures, points = stored.get(standing._origin.id, ([], []))
            standing.components = put_together(criteria, figures, points)

    @api.depends("components")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for standing in self:
            standing.explanation = (
                self.env["ir.qweb"]._render(
                    "customer_tiering.standing_explanation",
                    {
                        "rows": [standing._format_component(part) for part in standing.components],
                        "score": standing._format_number(standing.score),
                    },
                )
                if standing.components
                else Markup()
            )

    @api.depends("score", "tier_id", "month_ids")
    @api.depends_context("lang")
    def _compute_profile(self):
        for standing in self:
            standing.profile = standing._prepare_profile() if standing.tier_id else False

    @api.depends("change_ids", "override_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_timeline(self):
        for standing in self:
            standing.timeline = standing._describe_timeline()

    def init(self):
        """Add what the ORM has no field for.

        Figures and points are arrays in the order of the criteria that the company's
        last evaluation noted: a quarter of the size and time of JSON. Half-filled pages
        let the nightly update of every row stay within its page, without touching an index.
        """
        for column in ("figures", "points"):
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE customer_standing ADD COLUMN IF NOT EXISTS %s double precision[]",
                    SQL.identifier(column),
                )
            )
        self.env.cr.execute("ALTER TABLE customer_standing SET (fillfactor = 50)")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Put customers without a score last, whichever way they are sorted."""
        if field_name.endswith("score") and not nulls.code:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Read what is made of other columns, so that lists can be sorted and summed by it."""
        if field_expr == "urgency":
            return self._urgency_to_sql(alias, query)
        if field_expr == "lost_revenue":
            return SQL(
                "GREATEST(%s - %s, 0)",
                super()._field_to_sql(alias, "previous_revenue", query),
                super()._field_to_sql(alias, "revenue", query),
            )
        if field_expr == "best_revenue":
            return SQL(
                "GREATEST(%s, %s)",
                super()._field_to_sql(alias, "revenue", query),
                super()._field_to_sql(alias, "previous_revenue", query),
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _get_urgencies(self):
        """Return what makes a customer urgent, as {urgency: (SQL condition, what describes it)}.

        The highest that holds counts. A condition is called with the alias of the table; what
        describes it is called with the standing and returns some five words. Add-ons add theirs.
        """
        reasons = dict(self._fields["at_risk"]._description_selection(self.env))
        return {
            30: (
                lambda alias: SQL("%s IS NOT NULL", SQL.identifier(alias, "at_risk")),
                lambda standing: reasons.get(standing.at_risk),
            ),
            20: (
                lambda alias: SQL("%s IS NOT NULL", SQL.identifier(alias, "downgrade_on")),
                lambda standing: self.env._(
                    "Downgrade on %s", format_full_day(self.env, standing.downgrade_on)
                ),
            ),
            10: (
                lambda alias: SQL(
                    # Who is below the tier that is held has no use for the one above its score.
                    "%s BETWEEN 0.01 AND %s AND %s IS NULL AND %s = %s",
                    SQL.identifier(alias, "points_to_next"),
                    CLOSE_POINTS,
                    SQL.identifier(alias, "override_id"),
                    SQL.identifier(alias, "candidate_tier_id"),
                    SQL.identifier(alias, "tier_id"),
                ),
                lambda standing: self.env._(
                    "%(points)s points to %(tier)s",
                    points=formatLang(self.env, standing.points_to_next, digits=1),
                    tier=standing.next_tier_id.name,
                ),
            ),
            # After those who can still be kept.
            5: (
                lambda alias: SQL("%s = 'lost'", SQL.identifier(alias, "lifecycle")),
                lambda standing: self.env._(
                    "Lost: no order since %s", format_full_day(self.env, standing.last_order_date)
                ),
            ),
        }

    @api.model
    def _urgency_to_sql(self, alias, query):
        self.env["customer.standing"].flush_model(
            ["at_risk", "downgrade_on", "points_to_next", "lifecycle"]
        )
        cases = [
            SQL("WHEN %s THEN %s", condition(alias), urgency)
            for urgency, (condition, _describe) in sorted(
                self._get_urgencies().items(), reverse=True
            )
        ]
        return SQL("CASE %s ELSE 0 END", SQL(" ").join(cases))

    @api.model
    def _read_group_tier_id(self, tiers, domain):
        # What one person works through begins with customers, not with an empty column; without
        # any column Odoo shows nothing, not even what the list is for.
        if tiers and self.env.context.get("tier_filled_only"):
            return tiers
        return self.env["customer.tier"]._get_current_tiers()

    def action_recalculate_current_company(self):
        """Ask whether to recalculate the tiers of the current company, whatever is selected."""
        return self.env["customer.tier.policy"]._get_active().action_recalculate()

    @api.model
    def _open_customer(self, partner, company):
        """Return an action that opens a customer's page, or the contact where there is no score."""
        standing = self.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)], limit=1
        )
        record = standing or partner
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    @api.readonly
    def action_view_changes(self):
        """Open the customer's tier changes in this company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_standing_change_action"
        )
        return action | {
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {},
        }

    def action_recalculate(self):
        """Ask whether to recalculate the tier of this customer."""
        self.ensure_one()
        policy = self.env["customer.tier.policy"]._get_active(self.company_id)
        return self.env["customer.tier.run.wizard"]._ask(policy, self.partner_id)

    def action_evaluate(self):
        """Recalculate the tier of this customer by today's documents."""
        self.ensure_one()
        self.env["customer.tier.policy"]._get_active(self.company_id)._evaluate_customer(
            self.partner_id
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_new_quotation(self):
        """Open a new quotation for the customer.

        :raise UserError: for who may not make one for another salesperson's customer
        """
        self.ensure_one()
        self.env["sale.order"].check_access("create")
        salesperson = self.partner_id.user_id
        sees_all = self.env.user.has_group("sales_team.group_sale_salesman_all_leads")
        if salesperson and salesperson != self.env.user and not sees_all:
            raise UserError(
                self.env._(
                    "%(customer)s is a customer of %(salesperson)s, who makes the quotations.",
                    customer=self.partner_id.name,
                    salesperson=salesperson.sudo().name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotation"),
            "res_model": "sale.order",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.partner_id.id},
        }

    def action_schedule(self):
        """Open the dialog in which an activity, or a plan of activities, is scheduled.

        For one customer or several: the activities are on the contacts.
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Schedule Activity"),
            "res_model": "mail.activity.schedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": "res.partner",
                "active_id": self.partner_id[:1].id,
                "active_ids": self.partner_id.ids,
            },
        }

    def action_override(self):
        """Open the dialog in which an override of this customer is made, or asked for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_tier_override_wizard_action"
        )
        return action | {
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "default_company_id": self.company_id.id,
                "default_tier_id": self.tier_id.id,
            },
        }

    def action_remove_override(self):
        """Remove the override by which the customer holds the tier."""
        self.ensure_one()
        if not self.override_id:
            raise UserError(self.env._("%s has no tier override.", self.partner_id.display_name))
        self.override_id.action_remove()

    @api.model
    def _get_earned_revenue(self, domain):
        """Return what shares of the revenue are made of: by tier, revenue below zero left out."""
        return dict(
            self._read_group(domain & Domain("revenue", ">", 0), ["tier_id"], ["revenue:sum"])
        )

    @api.model
    def _get_held_tiers(self, partners, companies):
        """Return the tiers that customers hold, in one query.

        :return: {(commercial partner, root company): tier}; whoever holds none is missing
        """
        standings = self.search_fetch(
            [
                ("company_id", "in", companies.root_id.ids),
                ("partner_id", "in", partners.commercial_partner_id.ids),
            ],
            ["partner_id", "company_id", "tier_id"],
            order="id",
        )
        return {
            (standing.partner_id, standing.company_id): standing.tier_id
            for standing in standings
            if standing.tier_id
        }

    @api.model
    def _keep_best(self, destination, sources):
        """Leave one standing per company among partners that are merged: the best.

        :param destination: the partner that stays
        :param sources: the partners that go
        """
        self.env.flush_all()
        keep_best_standings(self.env.cr, destination.id, [*sources.ids, destination.id])
        self.env.invalidate_all(flush=False)

    def _prepare_card(self):
        """Return what the card of a customer shows, as texts and numbers.

        :return: {"standing_id", "name", "tier": {"name", "icon", "color"}, "since": sentence,
            "score": 0 to 100 or False,
            "marks": [{"name", "icon", "color", "from": score}] of the tiers, best first,
            "dimensions": [{"label", "score"}], "notes": [{"tone", "text"}],
            "needs": [sentence], "gives": [sentence]}
        """
        self.ensure_one()
        tier = self.tier_id
        criteria = self.env["customer.tier.criterion"]
        dimensions = criteria._fields["dimension"]._description_selection(self.env)
        by_score = tier.policy_id.method == "score"
        return {
            "standing_id": self.id,
            "name": self.partner_id.display_name,
            "tier": {"name": tier.name, "icon": tier.icon, "color": tier.color},
            "since": self.env._(
                "Since %(day)s · %(how)s",
                day=format_full_day(self.env, self.tier_since),
                how=self.reached_by,
            ),
            "score": self.score if self._has_score() else False,
            "marks": [
                {
                    "name": step.name,
                    "icon": step.icon,
                    "color": step.color,
                    "from": step.min_score,
                }
                for step in (tier.policy_id._get_tiers() if by_score else ())
            ],
            "dimensions": [
                {"label": label, "score": self[f"{code}_score"]}
                for code, label in dimensions
                # A dimension without criteria has no score.
                if self[f"{code}_score"] or code in ("value", "loyalty")
            ],
            "notes": self._describe_notes(),
            "needs": self._describe_needs(),
            "gives": tier._describe_benefits(),
        }

    def _prepare_profile(self):
        """Return what the customer's page draws: the card's values and ``months``."""
        self.ensure_one()
        card = self._prepare_card()
        return card | {
            # What keeps the tier stands above, with the day of the downgrade.
            "needs": [need for need in card["needs"] if need != self.needed_to_stay],
            "currency_id": self.currency_id.id,
            "months": self._prepare_months(),
        }

    def _prepare_months(self):
        """Return the customer's last 13 months, this one last: [{"label", "revenue", "score"}].

        Revenue is counted by the policy's basis, in the company's currency. The score is the one
        with which the month ended, or the present one; False where none was kept.
        """
        self.ensure_one()
        standing = self.sudo()
        policy = standing.tier_id.policy_id
        today = standing.company_id._tiering_now().date()
        months = shown_months(today)
        self.env.flush_all()
        scope = policy._prepare_scope(today)
        revenues = revenue_by_month(self.env.cr, scope, standing.partner_id.ids)
        scores = self._recall_scores(months)
        return [
            {
                "label": format_month(self.env, month),
                "revenue": revenues.get((standing.partner_id.id, month), 0.0),
                "score": scores.get(month, False),
            }
            for month in months
        ]

    def _recall_scores(self, months):
        """Return {first day of a month: score with which it ended}, the present one for this."""
        kept = self.env["customer.standing.month"].search_fetch(
            [("standing_id", "=", self.id), ("month", ">=", months[0])], ["month", "score"]
        )
        scores = {row.month: row.score for row in kept}
        if self._has_score():
            scores[months[-1]] = self.score
        return scores

    def _describe_timeline(self):
        """Return what happened to the customer, latest first; an add-on adds what it knows.

        :return: [{"date": ISO day, "day": text, "icon", "tone": of a text or "", "title", "text"}]
        """
        return sorted(
            self._get_timeline_events(), key=lambda event: (event["date"], event["title"])
        )[::-1]

    def _get_timeline_events(self):
        """Return the events of the timeline in any order, each as ``_prepare_event`` makes it."""
        self.ensure_one()
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        changes = self.env["customer.standing.change"].search(domain, limit=TIMELINE_EVENTS)
        overrides = self.env["customer.tier.override"].search(domain, limit=TIMELINE_EVENTS)
        events = [change._describe_event() for change in changes]
        events += [override._describe_event() for override in overrides]
        events += [quotation._describe_lost() for quotation in self._find_lost_quotations()]
        if self.tier_since and self.tier_since not in changes.mapped("date"):
            words = {"tier": self.tier_id.name}
            events.append(
                self._prepare_event(
                    self.tier_since,
                    "fa-flag-checkered",
                    self.env._("First tier run: %(tier)s", **words),
                )
            )
        return events

    def _find_lost_quotations(self):
        """Return the quotations that were sent and then cancelled, or that expired."""
        today = self.company_id.sudo()._tiering_now().date()
        declined = Domain("state", "=", "cancel") & Domain("was_sent", "=", True)
        expired = Domain("state", "=", "sent") & Domain("validity_date", "<", today)
        return self._find_documents(
            "sale.order",
            (declined | expired) & Domain("was_confirmed", "=", False),
            "date_order desc, id desc",
        )

    def _find_documents(self, name, domain, order):
        """Return the latest documents of the customer in this company that the reader may see.

        :param name: a model of the kind ``customer.document`` with a company
        """
        self.ensure_one()
        documents = self.env[name]
        if not documents.has_access("read"):
            return documents
        customer = Domain("made_for_id.commercial_partner_id", "=", self.partner_id.id) | (
            Domain("made_for_id", "=", False)
            & Domain(f"{documents._contact_field}.commercial_partner_id", "=", self.partner_id.id)
        )
        company = Domain("company_id", "=", False) | Domain(
            "company_id", "child_of", self.company_id.id
        )
        return documents.search(domain & customer & company, order=order, limit=TIMELINE_EVENTS)

    def _get_local_day(self, moment):
        """Return the company's day of a moment that is stored in UTC."""
        zone = ZoneInfo(self.company_id.sudo()._tiering_timezone())
        return moment.replace(tzinfo=UTC).astimezone(zone).date()

    @api.model
    def _prepare_event(self, day, icon, title, text="", tone=""):
        """Return an event of the timeline.

        :param day: a date
        :param icon: class of Font Awesome
        :param tone: ``success``, ``danger``, ``info`` or nothing
        """
        return {
            "date": fields.Date.to_string(day),
            "day": format_full_day(self.env, day),
            "icon": icon,
            "tone": tone,
            "title": title,
            "text": text or "",
        }

    def _has_score(self):
        """Return whether there is a score: prospects have none, nor who is not tiered by it."""
        return bool(self.candidate_tier_id) and self.lifecycle != "prospect"

    def _describe_needs(self):
        """Return what keeps the tier, and what lifts it: a sentence each."""
        self.ensure_one()
        needs = [self.needed_to_stay] if self.needed_to_stay else []
        better = self.next_tier_id
        # During a grace period the tier by score is lower, and so may be the one above it.
        if self.needed_for_next and better == self.tier_id._get_neighbours()[0]:
            needs.append(
                self.env._("%(need)s for %(tier)s", need=self.needed_for_next, tier=better.name)
            )
        return needs

    def _describe_notes(self):
        """Return what somebody should know at once: [{"tone": of an alert, "text"}]."""
        self.ensure_one()
        notes = []
        if self.override_id:
            notes.append(
                {
                    "tone": "info",
                    "text": self.env._(
                        "Tier override until %(day)s: %(reason)s",
                        day=format_full_day(self.env, self.override_end) or "–",
                        reason=self.override_reason,
                    ),
                }
            )
        elif self.downgrade_on:
            notes.append(
                {
                    "tone": "warning",
                    "text": self.env._(
                        "Downgrade to %(tier)s on %(day)s",
                        tier=self.downgrade_tier_id.name,
                        day=format_full_day(self.env, self.downgrade_on),
                    ),
                }
            )
        if self.at_risk:
            reasons = dict(self._fields["at_risk"]._description_selection(self.env))
            risk = self.env._("At risk: %s", reasons[self.at_risk])
            notes.append({"tone": "danger", "text": risk})
        return notes

    def _start_advice(self):
        """Return what tells the least that a customer has to buy; False where nothing does.

        Nothing is told while an override decides, nor where the figures of the last run do not say
        how the next one will judge, because the rules changed or the shares of customers decide.
        """
        standing = self.sudo()
        if not (standing.tier_id and standing.candidate_tier_id) or standing.override_id:
            return False
        policy = self.env["customer.tier.policy"].sudo()
        policy = policy.search([("company_id", "=", standing.company_id.id)], limit=1)
        last = self.env["customer.tier.evaluation"].sudo()._get_last(standing.company_id)
        if (
            policy.method not in TRIED_METHODS
            or last.policy_id != policy
            or last.criteria != policy._prepare_explanations()
        ):
            return False
        self.env.flush_all()
        figures = [part["figure"] for part in standing.components or ()]
        return Advice(
            self.env.cr,
            policy._prepare_scope(last.as_of),
            policy._prepare_rules(),
            policy._prepare_facts(last.as_of),
            standing.partner_id.id,
            figures or [None] * len(policy.criterion_ids),
        )

    def _describe_stay(self, advice):
        way = advice.least_for(self.tier_id.id)
        what = self._describe_way(way)
        if not what:
            return False
        # The run of the day itself comes before that day's orders.
        today = self.company_id.sudo()._tiering_now().date()
        last_day = max(self.downgrade_on - timedelta(days=1), today)
        words = {
            "what": what,
            "day": format_full_day(self.env, last_day),
            "tier": self.tier_id.name,
        }
        return self.env._("%(what)s by %(day)s to stay %(tier)s", **words)

    def _describe_way(self, way):
        """Return the least purchase in words, such as "2 more orders"; False without one."""
        if not way:
            return False
        if way.is_larger:
            amount = way.amount * self.currency_id.rounding
            shown = format_amount(self.env, amount, self.currency_id, trailing_zeroes=False)
            return self.env._("Orders worth %s more", shown)
        if way.count == 1:
            return self.env._("One order")
        return self.env._("%s more orders", way.count)

    def _format_number(self, value):
        return formatLang(self.env, value, digits=2)

    def _format_component(self, part):
        """Return one line of the explanation as texts in the reader's language."""
        metric = METRICS.get(part["metric"])
        figure = part["figure"]
        if figure is None:
            shown = "–"
        elif part["unit"] == "money":
            shown = format_amount(self.env, figure, self.currency_id)
        elif part["unit"] == "ratio":
            shown = f"{formatLang(self.env, 100 * figure, digits=1)} %"
        elif part["unit"] == "days":
            days = formatLang(self.env, figure, digits=0)
            shown = self.env._("1 day") if days == "1" else self.env._("%s days", days)
        else:
            shown = formatLang(self.env, figure, digits=0)
        has_points = part["points"] is not None
        return {
            "metric": self.env._(metric.name) if metric else part["metric"],
            "figure": shown,
            "points": self._format_number(part["points"]) if has_points else "–",
            "weight": formatLang(self.env, part["weight"], digits=0)
            if part["weight"] == int(part["weight"])
            else self._format_number(part["weight"]),
            "contribution": self._format_number(part["contribution"]) if has_points else "–",
            "share": max(0, min(100, part["points"] or 0)),
        }
