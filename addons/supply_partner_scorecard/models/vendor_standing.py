from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.addons.field_guard.tools import is_id
from odoo.addons.overview_page.tools.dates import format_full_day as format_day
from odoo.addons.overview_page.tools.dates import format_month
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.standings import (
    CHANGE_TYPES,
    CRITERION_TYPES,
    MONTH_TYPES,
    STANDING_TYPES,
    insert_statement,
    upsert_statement,
)
from ..measures import MEASURES
from ..tools.score import action_of, band_of
from .vendor_scorecard import ACTIONS, TREND_MONTHS
from .vendor_standing_criterion import format_figure

MANAGER_GROUP = "purchase.group_purchase_manager"
# On a vendor's page: lines of a list, and vendors to choose from.
PAGE_LINES = 5
PAGE_VENDORS = 200
# The definitions of on time that are shown side by side, each against both bases.
PART_FIELDS = [
    "measure", "value", "base", "low", "high", "points", "weight", "is_counted", "coverage",
    "worst_points", "best_points", "min_base",
]  # fmt: skip
COMPARED = ("first", "complete", "in_full", "otif", "otif_order", "otif_value")


class VendorStanding(models.Model):
    """Where a vendor stands with a company: its score, its band, and what follows from them."""

    _name = "vendor.standing"
    _description = "Vendor Standing"
    _order = "rank_score desc nulls last, id"
    _rec_name = "partner_id"
    _once_for_a_vendor = ("company_id",)
    # A run writes every row; what changed is in the ledger.
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", "Vendor", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    scorecard_id = fields.Many2one(
        "vendor.scorecard", required=True, readonly=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        [("rated", "Rated"), ("unrated", "Unrated")], required=True, readonly=True, index=True,
        default="unrated",
        help="Unrated: too little is known for a score.",
    )  # fmt: skip
    score = fields.Float(digits=(5, 2), readonly=True, aggregator="avg")
    best_score = fields.Float(
        "Score at Best",
        digits=(5, 2),
        readonly=True,
        aggregator=None,
        help="With every rate at the favourable end of its interval. Approval is asked for, and "
        "orders are blocked, only where this falls into the band, too.",
    )
    rank_score = fields.Float(
        "Ranking Score",
        digits=(5, 2),
        readonly=True,
        aggregator=None,
        help="With every rate drawn towards the average of all vendors, the more so the fewer "
        "deliveries there are.",
    )
    rated_weight = fields.Float("Weight Rated (%)", digits=(5, 2), readonly=True, aggregator=None)
    candidate_band_id = fields.Many2one(
        "vendor.scorecard.band", "Band by Score", readonly=True, ondelete="set null"
    )
    earned_band_id = fields.Many2one(
        "vendor.scorecard.band", "Band without Override", readonly=True, ondelete="set null"
    )
    band_id = fields.Many2one(
        "vendor.scorecard.band", readonly=True, ondelete="set null", index="btree_not_null"
    )
    band_color = fields.Integer(related="band_id.color")
    worse_since = fields.Date(
        readonly=True,
        help="Since when the score has been below the band that is held.",
    )
    override_band_id = fields.Many2one(
        "vendor.scorecard.band", "Override", readonly=True, ondelete="set null"
    )
    override_until = fields.Date("Override Ends", readonly=True, help="Its last day, inclusive.")
    override_reason = fields.Char(readonly=True)
    override_user_id = fields.Many2one("res.users", "Override by", readonly=True)
    rfq_action = fields.Selection(ACTIONS, "RFQs", compute="_compute_actions")
    order_action = fields.Selection(ACTIONS, "Orders", compute="_compute_actions")
    criterion_ids = fields.One2many("vendor.standing.criterion", "standing_id", "Measures")
    month_ids = fields.One2many("vendor.standing.month", "standing_id", "Months")
    change_ids = fields.One2many("vendor.standing.change", "standing_id", "History")

    _vendor_unique = models.UniqueIndex(
        "(partner_id, company_id)", "A vendor has one standing in a company."
    )

    @api.depends(
        "band_id.rfq_action", "band_id.order_action", "band_id.min_score", "state", "best_score",
        "scorecard_id.unrated_rfq_action", "scorecard_id.unrated_order_action",
        "override_band_id", "override_until", "scorecard_id.band_ids.min_score",
    )  # fmt: skip
    def _compute_actions(self):
        for standing in self:
            for kind in ("rfq", "order"):
                standing[f"{kind}_action"] = standing._get_action(kind)

    def _get_action(self, kind):
        """Return what follows from the standing for RFQs or orders.

        :param kind: ``rfq`` or ``order``
        """
        if not self.scorecard_id.active:
            return "none"
        is_override = self._is_overridden()
        band = self.override_band_id if is_override else self.earned_band_id
        if not band:
            return self.scorecard_id[f"unrated_{kind}_action"] or "none"
        bounds = {least: least for least in self.scorecard_id.band_ids.mapped("min_score")}
        best = band_of(self.best_score, list(bounds.items()))
        return action_of(band[f"{kind}_action"], band.min_score, best, is_override)

    def _describe_briefly(self):
        """Return score and band in a few words."""
        self.ensure_one()
        band = self.override_band_id if self._is_overridden() else self.earned_band_id
        if self.state == "unrated":
            return band.name or self.env._("Unrated")
        return f"{self.score:g} · {band.name}" if band else f"{self.score:g}"

    def _describe_gate(self, kind):
        """Return in a sentence what stands against RFQs or orders; False where nothing does.

        :param kind: ``rfq`` or ``order``
        """
        self.ensure_one()
        action = self._get_action(kind)
        if action == "none":
            return False
        names = {"vendor": self.partner_id.display_name, "standing": self._describe_briefly()}
        texts = {
            ("warn", "rfq"): self.env._("%(vendor)s is rated %(standing)s.", **names),
            ("warn", "order"): self.env._("%(vendor)s is rated %(standing)s.", **names),
            ("approve", "rfq"): self.env._(
                "%(vendor)s is rated %(standing)s: a purchase manager sends its RFQs.", **names
            ),
            ("approve", "order"): self.env._(
                "%(vendor)s is rated %(standing)s: a purchase manager approves its orders.",
                **names,
            ),
            ("block", "rfq"): self.env._(
                "%(vendor)s is rated %(standing)s: no RFQs are sent to it. A purchase manager can "
                "override its band.",
                **names,
            ),
            ("block", "order"): self.env._(
                "%(vendor)s is rated %(standing)s: nothing is ordered from it. A purchase manager "
                "can override its band.",
                **names,
            ),
        }
        return texts[action, kind]

    @api.readonly
    def action_open_page(self):
        """Show the vendor's page."""
        self.ensure_one()
        return self._open_page()

    def _open_page(self):
        """Return the action that shows the page of a vendor, or of the first one."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "supply_partner_scorecard.vendor_page_action"
        )
        return {**action, "context": {"active_id": self.id}}

    @api.readonly
    @api.model
    def get_vendor_page(self, standing_id=None):
        """Return all that the page of a vendor shows, in one call.

        :param int standing_id: the standing; by default the first vendor of the current company
        :return: see :meth:`_prepare_page`; without any vendor a dict of ``vendors`` alone
        """
        self.check_access("read")
        vendors = [
            (one, name)
            for one, name in self.env.execute_query(
                SQL(
                    """
                    SELECT standing.id, vendor.complete_name
                      FROM vendor_standing standing
                      JOIN res_partner vendor ON vendor.id = standing.partner_id
                     WHERE standing.company_id = %s
                  ORDER BY standing.rank_score DESC NULLS LAST, standing.id
                     LIMIT %s
                    """,
                    self.env.company.id,
                    PAGE_VENDORS,
                )
            )
        ]
        chosen = standing_id or (vendors[0][0] if vendors else 0)
        if not is_id(chosen):
            chosen = 0
        stored = [name for name, field in self._fields.items() if field.column_type]
        standing = self.search_fetch([("id", "=", chosen)], stored)
        if standing and standing.id not in dict(vendors):
            vendors.append((standing.id, standing.partner_id.complete_name))
        page = {"vendors": sorted(vendors, key=lambda pair: pair[1].lower())}
        if standing:
            page |= standing._prepare_page(dict(vendors)[standing.id])
        return page

    def _prepare_page(self, name=None):
        """Return what a vendor's page and its PDF show, as plain values.

        :param name: the vendor's, where it is known
        """
        self.ensure_one()
        scorecard = self.scorecard_id
        # All bands at once, before one is read.
        marks = [
            {"name": one.name, "color": one.color, "from": one.min_score}
            for one in scorecard.band_ids
        ]
        band = self.band_id
        parts = self.env["vendor.standing.criterion"].search_fetch(
            [("standing_id", "=", self.id)], PART_FIELDS
        )
        labels = dict(self._fields["order_action"]._description_selection(self.env))
        topics = self._get_topics()
        shown = {part.measure: part for part in parts if part.base}
        return {
            "id": self.id,
            "name": name or self.partner_id.complete_name,
            "partner_id": self.partner_id.id,
            "company": self.company_id.name,
            "currency_id": self.company_id.currency_id.id,
            "is_rated": self.state == "rated",
            "score": self.score,
            "best_score": self.best_score,
            "rated_weight": self.rated_weight,
            "least_weight": scorecard.min_rated_weight,
            "period": scorecard.period_months,
            "band": band and {"name": band.name, "color": band.color},
            "marks": marks,
            "worse_since": self.worse_since and format_day(self.env, self.worse_since),
            "actions": [
                {"label": label, "action": action, "text": labels[action]}
                for label, action in (
                    (self.env._("RFQs"), self.rfq_action),
                    (self.env._("Orders"), self.order_action),
                )
                if action != "none"
            ],
            "override": self._is_overridden()
            and self.env._(
                "%(user)s set the band up to %(day)s: %(reason)s",
                user=self.override_user_id.name,
                day=format_day(self.env, self.override_until),
                reason=self.override_reason or "",
            ),
            "can_override": self.env.user.has_group(MANAGER_GROUP),
            "parts": [
                self._prepare_part(part)
                for part in parts.sorted(lambda part: (-part.weight, part.id))
                if part.weight
            ],
            "definitions": self._prepare_definitions(shown),
            "topics": [
                {
                    "title": title,
                    "figures": [
                        self._prepare_figure(shown[code]) for code in codes if code in shown
                    ],
                }
                for title, codes in topics
                if any(code in codes for code in shown)
            ],
            "trend": self._prepare_trend(),
            **self._prepare_lists(),
            "changes": self._prepare_changes(),
            "calculated": fields.Datetime.to_string(scorecard.calculated_at),
        }

    def _prepare_changes(self):
        """Return the last moves between bands."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT change.date, old.name, new.name, change.note
                  FROM vendor_standing_change change
             LEFT JOIN vendor_scorecard_band old ON old.id = change.old_band_id
             LEFT JOIN vendor_scorecard_band new ON new.id = change.new_band_id
                 WHERE change.standing_id = %s
              ORDER BY change.date DESC, change.id DESC
                 LIMIT %s
                """,
                self.id,
                PAGE_LINES,
            )
        )
        unrated = self.env._("Unrated")
        return [
            {
                "day": format_day(self.env, day),
                "text": " → ".join(
                    self._translated(name) or unrated for name in ((old, new) if old else (new,))
                ),
                "note": note or "",
            }
            for day, old, new, note in rows
        ]

    def _translated(self, names):
        """Return a name in the user's language, of what PostgreSQL holds."""
        return names and (names.get(self.env.lang or "en_US") or names.get("en_US"))

    @api.model
    def _get_topics(self):
        """Return the headings under which measures are shown: pairs (title, codes)."""
        titles = {
            "lead_time": self.env._("Lead Time"),
            "delivery": self.env._("Announced"),
            "quality": self.env._("Quality"),
            "price": self.env._("Price"),
            "rfq": self.env._("Requests"),
            "bill": self.env._("Bills"),
            "assessment": self.env._("Assessment"),
            "ours": self.env._("How We Are as a Customer"),
        }
        compared = {name + suffix for name in COMPARED for suffix in ("", "_latest")}
        codes = {}
        for code, measure in MEASURES.items():
            if code not in compared:
                codes.setdefault(measure.topic, []).append(code)
        return [(titles.get(topic, topic), found) for topic, found in sorted(
            codes.items(), key=lambda pair: list(titles).index(pair[0])
            if pair[0] in titles else len(titles))]  # fmt: skip

    def _prepare_part(self, part):
        """Return a bar: points, what they are of, and how sure that is."""
        return {
            **self._prepare_figure(part),
            "points": part.points,
            "low": part.worst_points if part.high else None,
            "high": part.best_points if part.high else None,
            "weight": part.weight,
            "is_counted": part.is_counted,
            "least": part.min_base,
        }

    def _prepare_figure(self, part):
        measure = MEASURES.get(part.measure)
        return {
            "code": part.measure,
            "name": part.name,
            "help": self.env._(measure.help) if measure and measure.help else "",
            "text": part.text or "–",
            "base": part.base,
            "interval": part.interval or "",
            "coverage": format_figure(self.env, part.coverage, "ratio") if part.coverage else "",
        }

    def _prepare_definitions(self, shown):
        """Return what each definition of on time gives, against what was approved and at last."""
        names = {code: MEASURES[code].name for code in COMPARED}
        rows = []
        for code, name in names.items():
            both = [shown.get(code), shown.get(f"{code}_latest")]
            if any(both):
                rows.append(
                    {
                        "name": self.env._(name),
                        "values": [part.text if part else "–" for part in both],
                        "shares": [part.value if part else 0 for part in both],
                        "is_scored": any(part and part.weight for part in both),
                    }
                )
        return rows

    def _prepare_trend(self):
        """Return the last 13 months: the score at their ends, and what was due in each on time."""
        this_month = self.company_id.sudo()._vmi_today().replace(day=1)
        months = [this_month - relativedelta(months=ago) for ago in reversed(range(TREND_MONTHS))]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT month, score, NULL, NULL FROM vendor_standing_month
                 WHERE standing_id = %s AND month >= %s
                 UNION ALL
                SELECT DATE_TRUNC('month', delivery.due_day)::date, NULL, COUNT(*),
                       COUNT(*) FILTER (WHERE delivery.otif)
                  FROM vendor_delivery delivery
                  JOIN vendor_promise promise ON promise.id = delivery.promise_id
                 WHERE promise.company_id = %s AND promise.partner_id = %s
                   AND delivery.state = 'judged' AND delivery.due_day >= %s
              GROUP BY 1
                """,
                self.id,
                months[0],
                self.company_id.id,
                self.partner_id.id,
                months[0],
            )
        )
        scores = {month: float(score) for month, score, *_due in rows if score is not None}
        due = {month: (count, kept) for month, _score, count, kept in rows if count}
        return [
            {
                "label": format_month(self.env, month),
                "score": scores.get(month),
                "otif": 100 * due[month][1] / due[month][0] if month in due else None,
                "lines": due.get(month, (0, 0))[0],
            }
            for month in months
        ]

    def _prepare_lists(self):
        """Return what is still to come, and the lines of the period that cost most trust."""
        today = self.company_id.sudo()._vmi_today()
        of_vendor = SQL(
            """
              FROM vendor_promise promise
              JOIN vendor_delivery delivery ON delivery.promise_id = promise.id
              JOIN purchase_order purchase ON purchase.id = promise.order_id
              JOIN product_product product ON product.id = promise.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN uom_uom unit ON unit.id = template.uom_id
             WHERE promise.company_id = %s AND promise.partner_id = %s
            """,
            self.company_id.id,
            self.partner_id.id,
        )
        coming = self.env.execute_query(
            SQL(
                """
                SELECT promise.id, purchase.name, promise.product_id, delivery.due_day,
                       GREATEST(%(today)s - delivery.due_day, 0), delivery.promised_qty,
                       delivery.received_qty, unit.name, NULL, COUNT(*) OVER (),
                       COUNT(*) FILTER (WHERE delivery.due_day < %(today)s) OVER ()
                %(of_vendor)s
                   AND purchase.state = 'purchase' AND delivery.left_out IS NULL
                   AND delivery.received_qty < delivery.promised_qty
                   AND purchase.receipt_status IN ('pending', 'partial')
              ORDER BY delivery.due_day, promise.id
                 LIMIT %(limit)s
                """,
                today=today,
                of_vendor=of_vendor,
                limit=PAGE_LINES,
            )
        )
        worst = self.env.execute_query(
            SQL(
                """
                SELECT promise.id, purchase.name, promise.product_id, delivery.due_day,
                       GREATEST(COALESCE(delivery.complete_day, %(today)s) - delivery.due_day, 0),
                       delivery.promised_qty, delivery.held_qty, unit.name,
                       delivery.promised_value - delivery.kept_value
                %(of_vendor)s
                   AND delivery.state = 'judged' AND NOT delivery.otif
                   AND delivery.due_day >= %(first)s AND delivery.due_day < %(today)s
              ORDER BY delivery.promised_value - delivery.kept_value DESC, promise.id
                 LIMIT %(limit)s
                """,
                today=today,
                first=today - relativedelta(months=self.scorecard_id.period_months),
                of_vendor=of_vendor,
                limit=PAGE_LINES,
            )
        )
        products = self.env["product.product"].browse({row[2] for row in (*coming, *worst)})
        names = {product.id: product.display_name for product in products}
        return {
            "promises": {
                "count": coming[0][9] if coming else 0,
                "overdue": coming[0][10] if coming else 0,
                "lines": [self._prepare_line(row, names) for row in coming],
            },
            "worst": [self._prepare_line(row, names) for row in worst],
        }

    def _prepare_line(self, row, names):
        """Return a line as people read it.

        :param row: of one of the queries above
        :param names: of products, by id
        """
        promise_id, order, product_id, day, late, promised, received, unit, value, *_counts = row
        return {
            "id": promise_id,
            "order": order,
            "product": names[product_id],
            "day": format_day(self.env, day),
            "late": late,
            "quantity": self.env._(
                "%(received)s of %(promised)s %(unit)s",
                received=f"{max(received, 0):g}",
                promised=f"{promised:g}",
                unit=self._translated(unit),
            ),
            "value": float(value) if value is not None else None,
        }

    def _is_overridden(self):
        today = self.company_id.sudo()._vmi_today()
        return bool(self.override_band_id and self.override_until and self.override_until >= today)

    @api.model
    def _get_score(self, partners, company):
        """Return the scores of vendors in a company, by partner id; None without one.

        :param partners: vendors, or their contacts
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, score FROM vendor_standing "
                "WHERE company_id = %s AND partner_id = ANY(%s) AND state = 'rated'",
                company.id,
                partners.commercial_partner_id.ids,
            )
        )
        scores = dict(rows)
        return {
            partner.id: float(score)
            if (score := scores.get(partner.commercial_partner_id.id)) is not None
            else None
            for partner in partners
        }

    @api.model
    def _get_measures(self, partners, company):
        """Return what is measured of vendors in a company, in one query.

        :param partners: vendors, or their contacts
        :return: by partner id a dict of measures by code, each a dict of ``value``, ``base``,
            ``low``, ``high`` and ``points``; what is not known is None
        """
        self.env["vendor.standing.criterion"].flush_model()
        found = {}
        for partner_id, code, value, base, low, high, points in self.env.execute_query(
            SQL(
                """
                SELECT standing.partner_id, part.measure, part.value, part.base, part.low,
                       part.high, part.points
                  FROM vendor_standing standing
                  JOIN vendor_standing_criterion part ON part.standing_id = standing.id
                 WHERE standing.company_id = %s AND standing.partner_id = ANY(%s)
                """,
                company.id,
                partners.commercial_partner_id.ids,
            )
        ):
            found.setdefault(partner_id, {})[code] = {
                "value": value,
                "base": base,
                "low": low,
                "high": high,
                "points": points,
            }
        return {partner.id: found.get(partner.commercial_partner_id.id, {}) for partner in partners}

    @api.model
    def _find(self, partner, company):
        """Return the standing of a vendor in a company, to read from whatever the user may see."""
        return self.sudo().search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )

    @api.model
    def _get_blocked_ids(self, company):
        """Return the ids of the vendors from whom nothing is replenished: commercial partners."""
        return self._read_blocked_ids(company.id, str(company.sudo()._vmi_today()))

    @api.model
    @tools.ormcache("company_id", "today")
    def _read_blocked_ids(self, company_id, today):
        scorecards = self.env["vendor.scorecard"].sudo().search([("company_id", "=", company_id)])
        is_blocking = Domain("rfq_action", "=", "block") | Domain("order_action", "=", "block")
        bands = self.env["vendor.scorecard.band"].sudo().search(
            Domain("scorecard_id", "in", scorecards.ids) & is_blocking
        )  # fmt: skip
        domain = Domain("earned_band_id", "in", bands.ids) | Domain(
            "override_band_id", "in", bands.ids
        )
        if "block" in scorecards.mapped("unrated_rfq_action") + scorecards.mapped(
            "unrated_order_action"
        ):
            domain |= Domain("earned_band_id", "=", False)
        standings = self.sudo().search(domain & Domain("scorecard_id", "in", scorecards.ids))
        return frozenset(
            standing.partner_id.id
            for standing in standings
            if "block" in (standing.rfq_action, standing.order_action)
        )

    def _forget_blocked(self):
        """Have the gates look anew at who is blocked."""
        self.env.registry.clear_cache()

    @api.model
    def _write_results(self, scorecard, day, results, figures):
        """Write what a run found, and keep what changed.

        :param day: the day as of which the vendors were rated
        :param results: :class:`~..tools.score.Result` by vendor's id
        :param figures: what was measured, by vendor's id
        """
        self.env.flush_all()
        cr, company = self.env.cr, scorecard.company_id
        known = self._read_known(company)
        present = self._lock_vendors(results)
        rows, moves = [], {}
        for partner_id in present:
            result, old = results[partner_id], known.get(partner_id)
            candidate, earned, worse_since = scorecard._judge(old, result, day)
            override = self._override_of(old, day)
            rows.append(
                {
                    "partner_id": partner_id,
                    "company_id": company.id,
                    "scorecard_id": scorecard.id,
                    "state": "unrated" if result.score is None else "rated",
                    "score": result.score,
                    "best_score": result.best,
                    "rank_score": result.rank,
                    "rated_weight": result.rated,
                    "candidate_band_id": candidate,
                    "earned_band_id": earned,
                    "band_id": override or earned,
                    "worse_since": worse_since,
                }
            )
            moves[partner_id] = old, override or earned, result.score, override
        if not rows:
            return
        cr.execute(
            upsert_statement("vendor_standing", STANDING_TYPES, ("partner_id", "company_id"), rows)
        )
        ids = {row["partner_id"]: row["id"] for row in self._read_known(company).values()}
        self._write_moves(scorecard, day, moves, ids)
        self._write_parts(results, ids)
        self._write_month_rows(
            (
                ids[row["partner_id"]], day.replace(day=1), row["score"], row["band_id"],
            )
            for row in rows
        )  # fmt: skip
        self.env.invalidate_all(flush=False)
        self._forget_blocked()

    @api.model
    def _read_known(self, company):
        self.env.cr.execute(
            SQL(
                """
                SELECT id, partner_id, earned_band_id, band_id, worse_since, override_band_id,
                       override_until
                  FROM vendor_standing WHERE company_id = %s
                """,
                company.id,
            )
        )
        return {row["partner_id"]: row for row in self.env.cr.dictfetchall()}

    @api.model
    def _lock_vendors(self, results):
        """Return the ids of the vendors that are there, and keep them until the end."""
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s) ORDER BY id "
                "FOR KEY SHARE SKIP LOCKED",
                list(results),
            )
        )
        return [partner_id for (partner_id,) in self.env.cr.fetchall()]

    @api.model
    def _override_of(self, old, day):
        """Return the id of the band that a manager set and that still holds; None otherwise."""
        if old and old["override_band_id"] and old["override_until"] and (
            old["override_until"] >= day
        ):  # fmt: skip
            return old["override_band_id"]
        return None

    @api.model
    def _write_moves(self, scorecard, day, moves, ids):
        """Keep who moved to another band."""
        order = {band.id: band.min_score for band in scorecard.band_ids}
        rows = []
        for partner_id, (old, band, score, override) in moves.items():
            before = old and old["band_id"]
            if before == band:
                continue
            if old and old["override_band_id"] and not override and (
                before == old["override_band_id"]
            ):  # fmt: skip
                reason = "override_ended"
            elif before is None:
                reason = "first"
            elif band is None:
                reason = "unrated"
            else:
                reason = "better" if order.get(band, 0) > order.get(before, 0) else "worse"
            rows.append(
                {
                    "standing_id": ids[partner_id],
                    "partner_id": partner_id,
                    "company_id": scorecard.company_id.id,
                    "date": day,
                    "old_band_id": before,
                    "new_band_id": band,
                    "score": score,
                    "reason": reason,
                    "note": None,
                    "user_id": self.env.uid,
                }
            )
        if rows:
            self.env.cr.execute(insert_statement("vendor_standing_change", CHANGE_TYPES, rows))

    @api.model
    def _write_parts(self, results, ids):
        rows = [
            {
                "standing_id": ids[partner_id],
                "measure": code,
                "value": part.figure.value,
                "base": part.figure.base,
                "low": part.low,
                "high": part.high,
                "points": part.points,
                "weight": part.weight,
                "is_counted": part.is_counted,
                "coverage": part.figure.coverage,
                "worst_points": part.worst_points,
                "best_points": part.best_points,
                "min_base": part.min_base,
            }
            for partner_id, result in results.items()
            if partner_id in ids
            for code, part in sorted(result.parts.items())
        ]
        if not rows:
            return
        self.env.cr.execute(
            upsert_statement(
                "vendor_standing_criterion", CRITERION_TYPES, ("standing_id", "measure"), rows
            )
        )
        # What is not measured any more is not shown any more.
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM vendor_standing_criterion part
                 WHERE standing_id = ANY(%(standings)s)
                   AND NOT EXISTS (
                       SELECT FROM UNNEST(%(ids)s::integer[], %(codes)s::varchar[])
                                AS kept (standing_id, measure)
                        WHERE kept.standing_id = part.standing_id
                          AND kept.measure = part.measure)
                """,
                standings=sorted({row["standing_id"] for row in rows}),
                ids=[row["standing_id"] for row in rows],
                codes=[row["measure"] for row in rows],
            )
        )

    @api.model
    def _write_months(self, scorecard, month, results):
        """Write the scores of a past month."""
        ids = {
            row["partner_id"]: row["id"] for row in self._read_known(scorecard.company_id).values()
        }
        bands = scorecard._get_bands()
        self._write_month_rows(
            (ids[partner_id], month, result.score, band_of(result.score, bands))
            for partner_id, result in results.items()
            if partner_id in ids and result.score is not None
        )

    @api.model
    def _write_month_rows(self, rows):
        rows = [dict(zip(MONTH_TYPES, row, strict=True)) for row in rows if row[2] is not None]
        if rows:
            self.env.cr.execute(
                upsert_statement(
                    "vendor_standing_month", MONTH_TYPES, ("standing_id", "month"), rows
                )
            )
            self.env["vendor.standing.month"].invalidate_model(flush=False)

    def action_override(self):
        """Set the band by hand, with an end and a reason."""
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Override"),
            "res_model": "vendor.standing.override",
            "view_mode": "form",
            "target": "new",
            "context": {"default_standing_id": self.id},
        }

    def action_remove_override(self):
        """Let the score decide again."""
        self.ensure_one()
        self._check_manager()
        self._set_override(self.env["vendor.scorecard.band"], False, False)

    def _check_manager(self):
        self.check_access("read")
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("Purchase managers alone override a vendor's band."))

    def _set_override(self, band, until, reason):
        """Set or remove the band that holds whatever the score.

        :param band: of the vendor's scorecard; none lets the score decide
        :param until: the last day, inclusive
        """
        self.ensure_one()
        if band and band.scorecard_id != self.scorecard_id:
            raise UserError(self.env._("Choose a band of %s.", self.scorecard_id.name))
        standing = self.sudo()
        old, new = standing.band_id, band or standing.earned_band_id
        standing.write(
            {
                "override_band_id": band.id,
                "override_until": until,
                "override_reason": reason,
                "override_user_id": self.env.uid if band else False,
                "band_id": new.id,
            }
        )
        self.env["vendor.standing.change"].sudo().create(
            {
                "standing_id": standing.id,
                "partner_id": standing.partner_id.id,
                "company_id": standing.company_id.id,
                "date": standing.company_id._vmi_today(),
                "old_band_id": old.id,
                "new_band_id": new.id,
                "score": standing.score,
                "reason": "override" if band else "override_ended",
                "note": reason,
                "user_id": self.env.uid,
            }
        )
        self._forget_blocked()
