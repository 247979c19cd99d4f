from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_amount, formatLang

from ..engine.ladders import places_query
from ..metrics.registry import METRICS
from ..tools.rfm import RFM_SEGMENTS


class CustomerStanding(models.Model):
    """Where a customer stands in a company's ladder. Runs own the rows; nobody edits them.

    The partner itself is never written: hundreds of thousands of customers move every
    night without colliding with the people who edit contacts.
    """

    _name = "customer.standing"
    _description = "Customer Standing"
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
        help="The tier held, after grace and margin. Empty once the customer left the ladder.",
    )
    candidate_tier_id = fields.Many2one(
        "customer.tier",
        "Earned Tier",
        ondelete="restrict",
        help="The tier that the score alone earns.",
    )
    tier_since = fields.Date("Since")
    downgrade_on = fields.Date(
        help="The day on which the customer goes down unless the score recovers."
    )
    score = fields.Float(digits=(5, 2), aggregator="avg")
    value_score = fields.Float(digits=(5, 2), aggregator="avg")
    loyalty_score = fields.Float(digits=(5, 2), aggregator="avg")
    cooperation_score = fields.Float(digits=(5, 2), aggregator="avg")
    potential_score = fields.Float(digits=(5, 2), aggregator="avg")
    revenue = fields.Monetary(help="Untaxed, in the policy's window and on its amount basis.")
    previous_revenue = fields.Monetary(
        "Revenue Before", help="The same, in the window of the same length before this one."
    )
    best_revenue = fields.Monetary(
        "Used to Bring",
        compute="_compute_best_revenue",
        help="The larger one of both: what a customer who is lost brought in a good window.",
    )
    order_count = fields.Integer("Orders", help="Confirmed orders in the policy's window.")
    last_order_date = fields.Date("Last Order")
    points_to_next = fields.Float(
        "Points to Next Tier",
        digits=(5, 2),
        aggregator="avg",
        help="What the score lacks for the tier above the one that it earns. Empty where it earns "
        "the best tier, and where the policy goes by shares.",
    )
    next_tier_id = fields.Many2one(
        "customer.tier",
        compute="_compute_next_tier_id",
        help="The tier above the one that the score earns: within a grace that is one which the "
        "customer has to earn again.",
    )
    abc_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")],
        "ABC Class",
        help="A: the customers who together bring most of the revenue; B: the next ones; C: the "
        "rest. The Advanced page of the policy says up to which share of the revenue.",
    )
    rfm_code = fields.Char(
        "RFM Code",
        size=3,
        help="Fifths of recency, frequency (days with an order) and revenue among those who "
        "ordered in the period, 5 the best: 555 bought last, most often and for most. Whoever "
        "did not order in it has 111.",
    )
    rfm_segment = fields.Selection(RFM_SEGMENTS, "RFM Segment")
    value_class = fields.Selection(
        [
            ("mvc", "Most valuable"),
            ("stc", "Second tier"),
            ("bz", "Below zero"),
            ("standard", "Standard"),
        ],
        help="Most valuable: the best customers by revenue. Second tier: of the others, the best "
        "by potential. Below zero: those whose margin is negative. The Advanced page of the policy "
        "says which share of the customers counts as the best.",
    )
    portfolio = fields.Selection(
        [
            ("invest", "Invest"),
            ("cultivate", "Cultivate"),
            ("restructure", "Restructure"),
            ("abandon", "Abandon"),
        ],
        help="Revenue and potential against the medians of the customers with revenue: high and "
        "high, low and high, high and low, low and low. Needs a criterion of the dimension "
        "potential.",
    )
    lifecycle = fields.Selection(
        [
            ("prospect", "Prospect"),
            ("new", "New"),
            ("active", "Active"),
            ("lapsing", "Lapsing"),
            ("lost", "Lost"),
        ],
        help="The days since the last order against the customer's own rhythm: lapsing, then lost, "
        "after so many times the usual gap between days with an order as the Advanced page of the "
        "policy says.",
    )
    at_risk = fields.Selection(
        [
            ("rhythm", "Buys less often"),
            ("revenue", "Buys for less"),
            ("both", "Buys less often and for less"),
        ],
        help="What is falling, of the best customers by revenue in the period before: the rhythm "
        "(lapsing), or the revenue (below the share of that before which the Advanced page of the "
        "policy says). Who is lost is not at risk any more.",
    )
    override_id = fields.Many2one(
        "customer.tier.override",
        ondelete="set null",
        index="btree_not_null",
        help="The decision by which the customer holds the tier, or is kept out.",
    )
    components = fields.Json(
        compute="_compute_components",
        help="Per criterion: metric, figure, unit, points, weight and contribution to the score.",
    )
    explanation = fields.Html(compute="_compute_explanation", sanitize=False)
    change_ids = fields.One2many("customer.standing.change", "standing_id", "Moves")
    tier_color = fields.Integer(related="tier_id.color", string="Tier Color")
    candidate_color = fields.Integer(related="candidate_tier_id.color", string="Earned Tier Color")
    country_id = fields.Many2one(related="partner_id.country_id")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    customer_size = fields.Selection(related="partner_id.customer_size")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    override_reason = fields.Char(related="override_id.reason", string="Overridden because")
    override_end = fields.Date(related="override_id.date_end", string="Overridden until")

    # A constraint and not just an index: merging partners looks at constraints only.
    _partner_company_unique = models.Constraint(
        "UNIQUE (partner_id, company_id)", "A customer has one standing per company."
    )
    _company_tier_index = models.Index("(company_id, tier_id)")

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
        """Read the larger revenue from both, so that lists can be sorted by it."""
        if field_expr == "best_revenue":
            return SQL(
                "GREATEST(%s, %s)",
                super()._field_to_sql(alias, "revenue", query),
                super()._field_to_sql(alias, "previous_revenue", query),
            )
        return super()._field_to_sql(alias, field_expr, query)

    @api.depends("revenue", "previous_revenue")
    def _compute_best_revenue(self):
        for standing in self:
            standing.best_revenue = max(standing.revenue, standing.previous_revenue)

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
    def _read_group_tier_id(self, tiers, domain):
        return self.env["customer.tier"]._get_current_ladder()

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
        # Every run judges every customer, so the last one's criteria hold for all of them.
        criteria_of = {
            company: self.env["customer.tier.evaluation"].sudo()._get_last(company).criteria or []
            for company in self.company_id
        }
        for standing in self:
            criteria = criteria_of[standing.company_id]
            figures, points = stored.get(standing._origin.id, ([], []))
            applicable = sum(
                criterion["weight"]
                for criterion, earned in zip(criteria, points, strict=False)
                if earned is not None
            )
            standing.components = [
                {
                    **criterion,
                    "figure": figure,
                    "points": earned,
                    "contribution": None
                    if earned is None or not applicable
                    else criterion["weight"] * earned / applicable,
                }
                for criterion, figure, earned in zip(criteria, figures, points, strict=False)
            ]

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
            shown = self.env._("%s days", formatLang(self.env, figure, digits=0))
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

    @api.model
    def _keep_best(self, destination, sources):
        """Leave one standing per company among partners that are merged: the best.

        :param destination: the partner that stays
        :param sources: the partners that go
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH places AS (%(places)s),
                ranked AS (
                    SELECT standing.id,
                           ROW_NUMBER() OVER (
                               PARTITION BY standing.company_id
                               ORDER BY places.above NULLS LAST, standing.score DESC NULLS LAST,
                                        standing.partner_id = %(destination)s DESC, standing.id
                           ) AS place
                      FROM customer_standing AS standing
                 LEFT JOIN places ON places.tier_id = standing.tier_id
                     WHERE standing.partner_id = ANY(%(partners)s)
                )
                DELETE FROM customer_standing
                      USING ranked
                      WHERE ranked.id = customer_standing.id AND ranked.place > 1
                """,
                places=places_query(),
                destination=destination.id,
                partners=[*sources.ids, destination.id],
            )
        )
        self.env.invalidate_all(flush=False)

    def action_evaluate_current_company(self):
        """Evaluate the active policy of the current company, whatever is selected."""
        return self.env["customer.tier.policy"]._get_active().action_evaluate()

    def action_view_changes(self):
        """Open the customer's moves in this company."""
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

    def action_view_followups(self):
        """Open what was planned for the customer in this company."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_followup_action"
        )
        return action | {
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {},
        }
