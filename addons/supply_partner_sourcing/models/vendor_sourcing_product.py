from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.tools import SQL

from ..engine import delete_others, upsert

CLASSES = [("a", "A"), ("b", "B"), ("c", "C")]
QUADRANTS = [
    ("strategic", "Strategic"),
    ("leverage", "Leverage"),
    ("bottleneck", "Bottleneck"),
    ("routine", "Non-Critical"),
]
SOURCING = [
    ("none", "Nothing Received"),
    ("single", "Single Source"),
    ("habit", "Single by Habit"),
    ("multiple", "Multiple Sources"),
]
LEVELS = [("low", "Low"), ("high", "High")]
WRITTEN = (
    "product_id", "company_id", "categ_id", "partner_id", "user_id", "spend", "spend_class",
    "order_line_count", "daily_demand", "on_hand_qty", "cover_days", "sourcing", "received_count",
    "row_count", "qualified_count", "other_count", "share", "hhi", "sources_risk",
    "switching_risk", "delivery_risk", "risk", "impact", "risk_level", "quadrant", "alternate_id",
    "switching_days", "switching_cost", "out_date", "safe_date", "at_stake",
    "is_delivery_rated",
)  # fmt: skip
SOURCE_WRITTEN = (
    "sourcing_id", "product_id", "partner_id", "company_id", "is_main", "is_used", "has_row",
    "is_received", "is_source", "received_qty", "received_on", "order_line_count", "spend",
    "share", "price", "lead_days", "coming_qty", "qualification_id", "qualification_state",
    "start_days", "start_cost", "supply_qty", "alternate_id", "alternate_count", "switching_days",
    "switching_cost", "out_date", "safe_date", "at_stake",
)  # fmt: skip
# The products that are drawn as dots, those of the greatest spend.
DOTS = 60


class VendorSourcingProduct(models.Model):
    """A product that a company buys: its class, its risk, its sources.

    Written by a set-based run every night. Quantities are in the product's unit.
    """

    _name = "vendor.sourcing.product"
    _description = "Sourcing of a Product"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    # Buyers, who read the figures, do what the alert asks for.
    _mail_post_access = "read"
    _order = "spend desc, id"
    _rec_name = "product_id"
    _log_access = False

    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    categ_id = fields.Many2one(
        "product.category", "Category", readonly=True, ondelete="set null", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Main Vendor", readonly=True, ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", "Buyer", readonly=True, ondelete="set null")
    spend = fields.Monetary(readonly=True, help="What was ordered in the period, without taxes.")
    spend_class = fields.Selection(
        CLASSES,
        "Class",
        readonly=True,
        help="By the spend before it, the greatest first: A up to 80 %, B up to 95 %.",
    )
    order_line_count = fields.Integer("Order Lines", readonly=True)
    daily_demand = fields.Float(
        "Demand a Day", digits="Product Unit", readonly=True, aggregator=None
    )
    on_hand_qty = fields.Float("On Hand", digits="Product Unit", readonly=True, aggregator=None)
    cover_days = fields.Float(
        "Days of Cover",
        digits=(16, 0),
        readonly=True,
        aggregator=None,
        help="On hand ÷ demand a day.",
    )
    sourcing = fields.Selection(
        SOURCING,
        readonly=True,
        index=True,
        help="Single source: one vendor delivered in the period, and no other one is qualified and "
        "has a valid price. By habit: another one could deliver, and did not.",
    )
    received_count = fields.Integer("Vendors That Delivered", readonly=True, aggregator=None)
    row_count = fields.Integer("Vendors with a Price", readonly=True, aggregator=None)
    qualified_count = fields.Integer("Qualified Vendors", readonly=True, aggregator=None)
    other_count = fields.Integer(
        "Other Sources",
        readonly=True,
        aggregator=None,
        help="Vendors beside the main one that are qualified and have a valid price.",
    )
    share = fields.Float(
        "Main Vendor's Share", readonly=True, aggregator=None, help="Of the product's spend."
    )
    hhi = fields.Float(
        "HHI",
        digits=(4, 3),
        readonly=True,
        aggregator=None,
        help="The sum of the vendors' squared shares of spend: 1 is one vendor alone.",
    )
    sources_risk = fields.Float(
        "Risk: Sources",
        digits=(5, 1),
        readonly=True,
        aggregator=None,
        help="No other source: 100, one: 50, more: 0.",
    )
    switching_risk = fields.Float(
        "Risk: Switching",
        digits=(5, 1),
        readonly=True,
        aggregator=None,
        help="100 × (1 − days of cover ÷ switching days), between 0 and 100.",
    )
    delivery_risk = fields.Float(
        "Risk: Delivery",
        digits=(5, 1),
        readonly=True,
        aggregator=None,
        help="100 − the main vendor's points for on time in full.",
    )
    is_delivery_rated = fields.Boolean("Delivery Known", readonly=True)
    risk = fields.Float(
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="40 % sources, 30 % switching, 30 % delivery; what is not known is left out.",
    )
    impact = fields.Selection(LEVELS, readonly=True, help="High: class A of spend.")
    risk_level = fields.Selection(LEVELS, "Supply Risk", readonly=True)
    quadrant = fields.Selection(QUADRANTS, readonly=True, index=True)
    alternate_id = fields.Many2one(
        "res.partner", "First Alternate", readonly=True, ondelete="set null"
    )
    switching_days = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Until the alternate that is first to deliver does so: qualification + tooling + lead "
        "time.",
    )
    switching_cost = fields.Monetary(
        readonly=True,
        help="One-off cost + price difference × a year's demand. Below 0 it saves something.",
    )
    out_date = fields.Date("Out of Stock on", readonly=True, help="If the main vendor stops today.")
    safe_date = fields.Date(
        "Order Elsewhere by",
        readonly=True,
        help="The last safe day: out of stock less switching days.",
    )
    is_too_late = fields.Boolean(
        "Too Late", compute="_compute_is_too_late", search="_search_is_too_late"
    )
    stop_text = fields.Char("Consequence", compute="_compute_is_too_late")
    at_stake = fields.Monetary(
        readonly=True, help="The sales value of the days without, until an alternate delivers."
    )
    alert_since = fields.Date(
        "Strategic and Single since",
        readonly=True,
        help="Since when it has been strategic and from a single source.",
    )
    source_ids = fields.One2many("vendor.sourcing.source", "sourcing_id", "Vendors", readonly=True)

    _one_per_product = models.UniqueIndex("(product_id, company_id)")

    @api.depends("safe_date")
    @api.depends_context("lang")
    def _compute_is_too_late(self):
        today = self.env.company._vmi_today()
        for row in self:
            row.is_too_late = bool(row.safe_date and row.safe_date < today)
            row.stop_text = row._describe_stop(row.env, today)

    def _search_is_too_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("safe_date", "<", self.env.company._vmi_today())]

    def _describe_briefly(self):
        """Return the product's place in few words."""
        self.ensure_one()
        labels = [
            dict(self._fields[name]._description_selection(self.env))[self[name]]
            for name in ("quadrant", "sourcing")
            if self[name]
        ]
        return " · ".join(labels)

    @api.model
    def _open_products(self, products):
        """Return the action that shows what is known of products, one of them at once."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_sourcing.vendor_sourcing_product_action"
        )
        rows = self.search(
            [("product_id", "in", products.ids), ("company_id", "=", self.env.company.id)]
        )
        if len(rows) == 1:
            return {**action, "res_id": rows.id, "views": [(False, "form")], "view_mode": "form"}
        return {**action, "domain": [("id", "in", rows.ids)], "context": {}}

    @api.readonly
    def action_open_drill(self):
        """Show what happens if the main vendor stops today."""
        self.ensure_one()
        return self.env["vendor.sourcing.vendor"]._open_drill(self.partner_id)

    def action_add_alternate(self):
        """Plan the qualification of another vendor."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Alternate"),
            "res_model": "vendor.qualification",
            "views": [(False, "form")],
            "context": {
                "default_product_id": self.product_id.id,
                "default_categ_id": self.product_id.categ_id.id,
            },
        }

    @api.readonly
    @api.model
    def get_matrix(self):
        """Return the Kraljic matrix of the current company, in one call.

        :return: a dict of ``company``, ``currency_id``, ``calculated``, ``high`` (from which risk
            on it is high), ``quadrants`` (each with ``code``, ``name``, ``advice``, ``count``,
            ``spend``, ``share``, ``single`` and ``dots``: id, name, risk and spend), and ``alerts``
        """
        self.check_access("read")
        company = self.env.company
        policy = self.env["vendor.sourcing.policy"].search(
            [("company_id", "=", company.id)], limit=1
        )
        here = [("company_id", "=", company.id)]
        counts = {}
        for quadrant, sourcing, count, spend in self._read_group(
            here, ["quadrant", "sourcing"], ["__count", "spend:sum"]
        ):
            part = counts.setdefault(quadrant, [0, 0.0, 0])
            part[0] += count
            part[1] += spend
            part[2] += count if sourcing == "single" else 0
        total = sum(part[1] for part in counts.values())
        advice = {
            "strategic": self.env._("Build partnerships, qualify a second source"),
            "leverage": self.env._("Bundle, compare and negotiate"),
            "bottleneck": self.env._("Secure supply, hold stock, look for substitutes"),
            "routine": self.env._("Simplify and automate"),
        }
        dots = self.search(here, limit=DOTS)
        labels = dict(self._fields["quadrant"]._description_selection(self.env))
        return {
            "company": company.name,
            "currency_id": company.currency_id.id,
            "calculated": fields.Datetime.to_string(policy.calculated_at)
            if policy.calculated_at
            else False,
            "high": policy.high_risk if policy else 50,
            "quadrants": [
                {
                    "code": code,
                    "name": labels[code],
                    "advice": advice[code],
                    "count": counts.get(code, (0,))[0],
                    "spend": counts.get(code, (0, 0.0))[1],
                    "share": counts.get(code, (0, 0.0))[1] / total if total else 0,
                    "single": counts.get(code, (0, 0, 0))[2],
                    "dots": [
                        {
                            "id": dot.id,
                            "name": dot.product_id.display_name,
                            "risk": dot.risk,
                            "spend": dot.spend,
                            "is_single": dot.sourcing == "single",
                        }
                        for dot in dots
                        if dot.quadrant == code
                    ],
                }
                for code in ("strategic", "leverage", "bottleneck", "routine")
            ],
            "alerts": self.search_count([*here, ("alert_since", "!=", False)]),
        }

    @api.model
    def _write_rows(self, company, today, products, sources):
        """Write what was found about products and their vendors."""
        rows = self.sudo()
        delete_others(rows, company, ("product_id",), products)
        upsert(rows, WRITTEN, ("product_id", "company_id"), products)
        rows.invalidate_model(flush=False)
        self.env.cr.execute(
            SQL(
                "SELECT product_id, id FROM vendor_sourcing_product WHERE company_id = %s",
                company.id,
            )
        )
        ids = dict(self.env.cr.fetchall())
        parts = self.env["vendor.sourcing.source"].sudo()
        found = [{**one, "sourcing_id": ids[one["product_id"]]} for one in sources]
        delete_others(parts, company, ("product_id", "partner_id"), found)
        upsert(parts, SOURCE_WRITTEN, ("product_id", "partner_id", "company_id"), found)
        parts.invalidate_model(flush=False)

    @api.model
    def _alert(self, policy, today, quiet=False):
        """Tell whom it concerns of strategic products that have become single-sourced.

        :param quiet: whether nobody is told, as on the first day, when nothing became so
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE vendor_sourcing_product
                   SET alert_since = CASE WHEN %(is_one)s THEN %(today)s END
                 WHERE company_id = %(company)s AND (%(is_one)s) <> (alert_since IS NOT NULL)
             RETURNING id, alert_since
                """,
                is_one=SQL("quadrant = 'strategic' AND sourcing = 'single'"),
                today=today,
                company=policy.company_id.id,
            )
        )
        changed = self.env.cr.fetchall()
        rows = self.sudo()
        rows.invalidate_model(["alert_since"], flush=False)
        over = rows.browse([id_ for id_, since in changed if not since])
        if over:
            over.activity_unlink(["supply_partner_sourcing.mail_activity_single_source"])
        new = rows.browse([id_ for id_, since in changed if since])
        if new and not quiet:
            new._schedule_alerts(policy, today)

    def _describe_stop(self, env, today):
        """Return in a sentence what it means if the main vendor stops today; False: nothing soon.

        :param env: in whose language
        """
        self.ensure_one()
        if not self.safe_date:
            return False
        if self.safe_date < today:
            return env._(
                "If %(vendor)s stops today it is too late to order elsewhere: the stock lasts "
                "until %(day)s, switching takes %(days)s days.",
                vendor=self.partner_id.display_name,
                day=format_full_day(env, self.out_date),
                days=self.switching_days,
            )
        return env._(
            "If %(vendor)s stops today, an order elsewhere comes in time up to %(day)s.",
            vendor=self.partner_id.display_name,
            day=format_full_day(env, self.safe_date),
        )

    def _schedule_alerts(self, policy, today):
        """Give an activity for each product to whom the policy names, or to its buyer."""
        kind = self.env.ref("supply_partner_sourcing.mail_activity_single_source")
        model = self.env["ir.model"]._get_id(self._name)
        vals_list = []
        for row in self:
            user = policy.user_id or row.user_id
            if not user.active or policy.company_id not in user.company_ids:
                continue
            words = self.with_context(lang=user.lang).env
            vals_list.append(
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model,
                    "res_id": row.id,
                    "user_id": user.id,
                    "date_deadline": today,
                    "automated": True,
                    "summary": words._(
                        "%(product)s: strategic, and from %(vendor)s alone",
                        product=row.product_id.display_name,
                        vendor=row.partner_id.display_name,
                    ),
                    "note": row._describe_stop(words, today),
                }
            )
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
            vals_list
        )
