from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools.misc import formatLang

from ..tools.ahp import MOST_ELEMENTS, MOST_INCONSISTENT
from ..tools.decision import CRITERIA, GOAL, VENDORS, Decision, Node
from ..tools.rating import find_flips, rest_of
from ..tools.summary import summarize
from .vendor_selection_criterion import BID_AMOUNT, BID_DAYS, is_share
from .vendor_selection_step import STEPS

# Vendors from whom something of a category was bought in so many days are candidates for it.
BOUGHT_DAYS = 730
# So many other winners are named on the result.
FLIPS_SHOWN = 3


class VendorSelection(models.Model):
    """A vendor is chosen: by criteria whose weights judges find in pairs, step by step."""

    _name = "vendor.selection"
    _description = "Vendor Selection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Title", required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=False
    )
    user_id = fields.Many2one(
        "res.users",
        "Buyer",
        default=lambda self: self.env.user,
        check_company=True,
        tracking=True,
        help="Who leads the selection.",
    )
    need = fields.Text(help="What is needed, how much of it, and why a vendor is looked for.")
    goal = fields.Char(help="What the partner is to achieve; criteria are weighed for it.")
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        help="The vendors of its products can be added as candidates.",
    )
    origin_order_id = fields.Many2one(
        "purchase.order",
        "Started From",
        index="btree_not_null",
        check_company=True,
        copy=False,
        help="The request for quotation whose products are to be bought.",
    )
    state = fields.Selection(
        [
            ("draft", "Preparation"),
            ("judging", "Judgement"),
            ("chosen", "Chosen"),
            ("agreed", "Agreement"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    method = fields.Selection(
        [
            ("sum_product", "Sum-product"),
            ("eigenvector", "Eigenvector"),
            ("geometric", "Geometric mean"),
        ],
        default="sum_product",
        required=True,
        help="How weights are found from judgements. The result shows all three beside each other.",
    )
    random_index = fields.Selection(
        [("saaty1980", "Saaty 1980"), ("saaty2005", "Saaty 2005")],
        "Random Indices",
        default="saaty1980",
        required=True,
        help="The table by which the consistency index is divided for the consistency ratio (CR).",
    )
    criterion_ids = fields.One2many("vendor.selection.criterion", "selection_id", "Criteria")
    judge_ids = fields.One2many("vendor.selection.judge", "selection_id", "Judges")
    candidate_ids = fields.One2many("vendor.selection.candidate", "selection_id", "Candidates")
    comparison_ids = fields.One2many("vendor.selection.comparison", "selection_id", "Comparisons")
    my_comparison_ids = fields.One2many(
        "vendor.selection.comparison",
        compute="_compute_my_comparisons",
        string="My Judgements",
    )
    has_comparisons_left = fields.Boolean(
        compute="_compute_my_comparisons",
        help="Whether I have pairs to judge, or judgements to make consistent.",
    )
    figure_ids = fields.One2many("vendor.selection.rating", "selection_id", "Figures")
    step_ids = fields.One2many("vendor.selection.step", "selection_id", "Steps", copy=False)
    pair_count = fields.Integer("Pairs", compute="_compute_progress")
    judged_count = fields.Integer("Judged", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Share of the pairs judged, in %.")
    inconsistent_count = fields.Integer(
        "Inconsistent", compute="_compute_progress", help="Comparisons whose CR is too high."
    )
    result = fields.Json("Figures of the Result", compute="_compute_result", store=True, copy=False)
    result_page = fields.Json("Result", compute="_compute_result_page")
    sensitivity_chart = fields.Json("Sensitivity", compute="_compute_result_page")
    leader_names = fields.Char("In the Lead", compute="_compute_leaders")
    concerns = fields.Text(
        compute="_compute_concerns",
        help="Why the result is not to be relied upon as it is; choosing needs a reason then.",
    )
    chosen_id = fields.Many2one(
        "vendor.selection.candidate",
        "Chosen Candidate",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    chosen_partner_id = fields.Many2one(
        related="chosen_id.partner_id", store=True, string="Chosen Vendor", index="btree_not_null"
    )
    chosen_on = fields.Date(readonly=True, copy=False)
    choice_reason = fields.Char("Reason", readonly=True, copy=False)
    purchase_order_id = fields.Many2one(
        "purchase.order", "Resulting RFQ", readonly=True, copy=False, index="btree_not_null"
    )
    agreement_id = fields.Many2one(
        "vmi.agreement",
        "Resulting Supply Agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    # What is shown

    @api.depends("comparison_ids.user_id", "comparison_ids.status")
    @api.depends_context("uid")
    def _compute_my_comparisons(self):
        for selection in self:
            mine = selection.comparison_ids.filtered(
                lambda comparison: comparison.user_id == self.env.user
            )
            selection.my_comparison_ids = mine
            selection.has_comparisons_left = bool(mine._filter_left())

    @api.depends(
        "comparison_ids.pair_count", "comparison_ids.judged_count", "comparison_ids.status"
    )
    def _compute_progress(self):
        for selection in self:
            comparisons = selection.comparison_ids
            selection.pair_count = sum(comparisons.mapped("pair_count"))
            selection.judged_count = sum(comparisons.mapped("judged_count"))
            selection.progress = (
                100 * selection.judged_count / selection.pair_count if selection.pair_count else 0
            )
            selection.inconsistent_count = len(
                comparisons.filtered(lambda comparison: comparison.status == "inconsistent")
            )

    @api.depends(
        "method", "random_index", "criterion_ids.parent_id", "criterion_ids.sequence",
        "criterion_ids.rating", "judge_ids.weight", "candidate_ids.sequence",
        "comparison_ids.judgement_ids.step", "figure_ids.points", "figure_ids.is_missing",
    )  # fmt: skip
    def _compute_result(self):
        for selection in self:
            selection.result = summarize(selection._prepare_decision())

    @api.depends("candidate_ids.rank", "candidate_ids.partner_id.name")
    def _compute_leaders(self):
        for selection in self:
            leaders = selection.candidate_ids.filtered(lambda candidate: candidate.rank == 1)
            selection.leader_names = ", ".join(leaders.mapped("partner_id.name"))

    @api.depends(
        "result", "comparison_ids.status", "figure_ids.is_missing", "state",
        "candidate_ids.partner_id.name",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_concerns(self):
        for selection in self:
            selection.concerns = "\n".join(selection._find_concerns())

    @api.depends("result", "criterion_ids.name", "candidate_ids.partner_id.name", "chosen_id")
    @api.depends_context("lang")
    def _compute_result_page(self):
        for selection in self:
            is_there = bool(selection.result and selection.result["scores"])
            selection.result_page = is_there and selection._prepare_result_page()
            selection.sensitivity_chart = is_there and selection._prepare_sensitivity_chart()

    @api.model
    def _get_most_inconsistent(self):
        """Return up to which consistency ratio judgements are consistent enough."""
        return MOST_INCONSISTENT

    # How it is decided

    def _prepare_decision(self):
        """Return the :class:`~..tools.decision.Decision` as it is judged now."""
        self.ensure_one()
        criteria = self.criterion_ids.sorted(lambda record: (record.sequence, record._origin.id))
        candidates = self.candidate_ids.sorted(lambda record: (record.sequence, record._origin.id))
        children = {}
        for criterion in criteria:
            children.setdefault(criterion.parent_id._origin.id or GOAL, []).append(criterion)
        steps = {}
        for comparison in self.comparison_ids:
            key = comparison.criterion_id._origin.id or GOAL, comparison.kind
            judged = comparison._get_steps(comparison._get_elements())
            steps.setdefault(key, {})[comparison.judge_id._origin.id] = judged
        nodes = []
        queue = [GOAL] if children else []
        while queue:
            key = queue.pop(0)
            parts = tuple(criterion._origin.id for criterion in children[key])
            nodes.append(Node(key, CRITERIA, parts, steps.get((key, CRITERIA), {})))
            queue += [part for part in parts if part in children]
        vendors = tuple(candidates._origin.ids)
        nodes += [
            Node(leaf._origin.id, VENDORS, vendors, steps.get((leaf._origin.id, VENDORS), {}))
            for leaf in criteria
            if leaf._origin.id not in children and leaf.rating == "judged" and vendors
        ]
        ratings = {}
        for rating in self.figure_ids.filtered(lambda rating: not rating.is_missing):
            of_vendor = ratings.setdefault(rating.candidate_id._origin.id, {})
            of_vendor[rating.criterion_id._origin.id] = rating.points
        return Decision(
            nodes=tuple(nodes),
            shares={judge._origin.id: judge.weight for judge in self.judge_ids},
            method=self.method,
            table=self.random_index,
            vendors=vendors,
            ratings=ratings,
        )

    def _find_concerns(self):
        """Return why the result is not to be relied upon as it is, a sentence each."""
        self.ensure_one()
        if self.state not in ("judging", "chosen", "agreed"):
            return []
        concerns = []
        if not (self.result and self.result["scores"]):
            concerns.append(
                self.env._(
                    "There is no result yet: judgements are missing that connect all criteria."
                )
            )
        left = self.pair_count - self.judged_count
        if left:
            concerns.append(self.env._("Pairs still to be judged: %s.", left))
        concerns += [
            self.env._(
                "Judgements of %(judge)s contradict each other (%(comparison)s): CR %(cr)s.",
                judge=comparison.user_id.sudo().name,
                comparison=comparison.display_name,
                cr=formatLang(self.env, comparison.cr, digits=2),
            )
            for comparison in self.comparison_ids
            if comparison.status == "inconsistent"
        ]
        missing = self.figure_ids.filtered("is_missing")
        if missing:
            concerns.append(
                self.env._(
                    "Figures not known, which count as 0: %s.",
                    ", ".join(
                        f"{rating.partner_id.name} – {rating.criterion_id.name}"
                        for rating in missing
                    ),
                )
            )
        winners = (self.result or {}).get("winners") or {}
        if len({tuple(each) for each in winners.values()}) > 1:
            concerns.append(self.env._("The three methods do not name the same vendor."))
        if len(winners.get(self.method, [])) > 1:
            concerns.append(self.env._("Vendors are level: %s.", self.leader_names))
        return concerns

    def _prepare_result_page(self):
        """Return what the widget shows of the result, with names."""
        result = self.result
        criteria = {criterion.id: criterion for criterion in self.criterion_ids}
        candidates = {candidate.id: candidate for candidate in self.candidate_ids}
        judges = {str(judge.id): judge.user_id.sudo().name for judge in self.judge_ids}
        leaves = [
            criterion
            for criterion in self.criterion_ids.sorted("place")
            if str(criterion.id) in result["leaves"]
        ]

        def name_of(kind, key):
            return criteria[key].name if kind == CRITERIA else candidates[key].partner_id.name

        nodes = []
        for node in result["nodes"]:
            kind = node["kind"]
            names = [name_of(kind, key) for key in node["elements"]]
            if len(names) < 2:
                continue
            quarrel = node["quarrel"]
            nodes.append(
                {
                    "name": self._name_node(kind, criteria.get(node["key"])),
                    "elements": names,
                    "methods": [
                        {"code": code, "name": name, **(node["methods"][code] or {})}
                        for code, name in self._fields["method"]._description_selection(self.env)
                    ],
                    "judges": [
                        {"name": judges[key], **said} for key, said in node["judges"].items()
                    ],
                    "quarrel": quarrel
                    and self.env._(
                        "Judges differ most on %(one)s and %(other)s: by a factor of %(factor)s.",
                        one=names[quarrel[0]],
                        other=names[quarrel[1]],
                        factor=formatLang(self.env, quarrel[2], digits=1),
                    ),
                    "circles": [
                        " > ".join([*(names[place] for place in circle), names[circle[0]]])
                        for circle in node["circles"]
                    ],
                }
            )
        ranked = sorted(
            candidates.values(), key=lambda candidate: (candidate.rank, candidate.sequence)
        )
        return {
            "method": self.method,
            "most": self._get_most_inconsistent(),
            "criteria": [
                {"name": leaf.name, "weight": result["leaves"][str(leaf.id)]} for leaf in leaves
            ],
            "vendors": [
                {
                    "name": candidate.partner_id.name,
                    "score": candidate.score,
                    "rank": candidate.rank,
                    "isChosen": candidate.is_chosen,
                    "ratings": [
                        result["ratings"].get(str(candidate.id), {}).get(str(leaf.id))
                        for leaf in leaves
                    ],
                }
                for candidate in ranked
            ],
            "nodes": nodes,
            "winners": [
                {
                    "name": name,
                    "vendors": ", ".join(
                        candidates[key].partner_id.name
                        for key in result["winners"][code]
                        if key in candidates
                    ),
                }
                for code, name in self._fields["method"]._description_selection(self.env)
            ],
            "differs": len({tuple(each) for each in result["winners"].values()}) > 1,
            "flips": self._describe_flips(),
        }

    def _name_node(self, kind, criterion):
        if kind == VENDORS:
            return self.env._("Vendors by %s", criterion.name)
        if criterion:
            return self.env._("Parts of %s", criterion.name)
        return self.env._("Criteria")

    def _get_weights_and_ratings(self):
        """Return the weights of the criteria, the candidates and their ratings."""
        result = self.result
        weights = {int(key): weight for key, weight in result["leaves"].items()}
        candidates = self.candidate_ids.filtered(lambda each: str(each.id) in result["ratings"])
        ratings = [
            {int(key): value for key, value in result["ratings"][str(each.id)].items()}
            for each in candidates
        ]
        return weights, candidates, ratings

    def _describe_flips(self):
        """Return in sentences which other weight would bring another winner, nearest first."""
        weights, candidates, ratings = self._get_weights_and_ratings()
        names = {criterion.id: criterion.name for criterion in self.criterion_ids}
        return [
            self.env._(
                "%(vendor)s leads when %(criterion)s weighs %(then)s %% instead of %(now)s %%.",
                vendor=candidates[flip.challenger].partner_id.name,
                criterion=names[flip.criterion],
                then=formatLang(self.env, 100 * flip.weight, digits=1),
                now=formatLang(self.env, 100 * weights[flip.criterion], digits=1),
            )
            for flip in find_flips(weights, ratings)[:FLIPS_SHOWN]
        ]

    def _prepare_sensitivity_chart(self):
        """Return for each criterion the score of each vendor at a weight of 0 and of 1."""
        weights, candidates, ratings = self._get_weights_and_ratings()
        flips = find_flips(weights, ratings)
        nearest = flips[0].criterion if flips else None
        charts = []
        for criterion in self.criterion_ids.sorted("place"):
            key = criterion.id
            rests = [rest_of(weights, rating, key) for rating in ratings] if key in weights else []
            if not rests or None in rests:
                continue
            charts.append(
                {
                    "id": key,
                    "name": criterion.name,
                    "weight": weights[key],
                    "flips": [flip.weight for flip in flips if flip.criterion == key],
                    "lines": [
                        {
                            "name": candidate.partner_id.name,
                            "start": rest,
                            "end": rating.get(key, 0.0),
                        }
                        for candidate, rest, rating in zip(candidates, rests, ratings, strict=True)
                    ],
                }
            )
        if not charts:
            return False
        return {
            "selected": nearest or max(charts, key=lambda chart: chart["weight"])["id"],
            "criteria": charts,
            "x": self.env._("Weight of the criterion in %"),
            "y": self.env._("Score in %"),
            "now": self.env._("Now"),
        }

    # What is done

    @api.model_create_multi
    def create(self, vals_list):
        selections = super().create(vals_list)
        self.env["vendor.selection.step"].sudo().create(
            [
                {"selection_id": selection.id, "code": code, "sequence": place}
                for selection in selections
                for place, code in enumerate(STEPS, start=1)
            ]
        )
        return selections

    def copy(self, default=None):
        """Copy criteria and judges as well, for the next selection of the same kind."""
        copies = super().copy(default)
        for selection, copied in zip(self, copies, strict=True):
            twins = {}
            for criterion in selection.criterion_ids.sorted("place"):
                twins[criterion] = criterion.copy(
                    {
                        "selection_id": copied.id,
                        "parent_id": twins[criterion.parent_id].id
                        if criterion.parent_id
                        else False,
                    }
                )
            for judge in selection.judge_ids:
                judge.copy({"selection_id": copied.id})
        return copies

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for selection, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", selection.name)
        return vals_list

    def write(self, vals):
        if not {"method", "random_index", "company_id"}.isdisjoint(vals):
            self._check_open()
        return super().write(vals)

    def action_add_usual_criteria(self):
        """Add the criteria by which vendors usually are chosen, to be changed as it suits."""
        self.ensure_one()
        self._check_in_preparation()
        if self.criterion_ids:
            raise UserError(self.env._("There are criteria already: change those."))
        for vals in self._get_usual_criteria():
            parts = vals.pop("parts", ())
            criterion = self.env["vendor.selection.criterion"].create(
                {"selection_id": self.id, **vals}
            )
            for place, part in enumerate(parts, start=1):
                criterion.create(
                    {
                        "selection_id": self.id,
                        "parent_id": criterion.id,
                        "sequence": place,
                        **part,
                    }
                )

    def _get_usual_criteria(self):
        """Return values of the usual criteria, those below them as ``parts``."""
        return [
            {
                "name": self.env._("Quality"),
                "sequence": 1,
                "parts": [
                    {
                        "name": self.env._("Product quality"),
                        "description": self.env._("Defects, returns, certificates"),
                    },
                    {
                        "name": self.env._("Problem solving"),
                        "description": self.env._(
                            "How fast and how lasting complaints are settled"
                        ),
                    },
                ],
            },
            {
                "name": self.env._("Delivery"),
                "sequence": 2,
                "description": self.env._("In time, in full, and how soon"),
            },
            {
                "name": self.env._("Cost"),
                "sequence": 3,
                "description": self.env._("Price with freight, duty and terms of payment"),
            },
            {
                "name": self.env._("Cooperation"),
                "sequence": 4,
                "description": self.env._("Answers, flexibility, common development"),
            },
        ]

    def action_add_vendors(self):
        """Add the vendors who have prices for products of the category, or sold some lately.

        :raise UserError: without a category, or where nobody is found
        """
        self.ensure_one()
        self._check_in_preparation()
        if not self.categ_id:
            raise UserError(self.env._("Choose a product category first: its vendors are added."))
        found = self._find_vendors() - self.candidate_ids.partner_id
        room = MOST_ELEMENTS - len(self.candidate_ids)
        added = found[: max(0, room)]
        if not added:
            raise UserError(
                self.env._(
                    "No other vendor has a price for %(category)s, or sold it in the last "
                    "%(days)s days: add candidates one by one.",
                    category=self.categ_id.display_name,
                    days=BOUGHT_DAYS,
                )
            )
        self.candidate_ids = [Command.create({"partner_id": partner.id}) for partner in added]

    def _find_vendors(self):
        """Return the vendors of the category's products, those bought from most first."""
        self.ensure_one()
        within = Domain("product_id.categ_id", "child_of", self.categ_id.id)
        since = fields.Date.subtract(fields.Date.context_today(self), days=BOUGHT_DAYS)
        bought = self.env["purchase.order.line"]._read_group(
            within
            & Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "purchase")
            & Domain("order_id.date_order", ">=", since),
            ["partner_id"],
            order="price_subtotal:sum DESC, partner_id",
        )
        vendors = self.env["res.partner"]
        for [partner] in bought:
            vendors |= partner.commercial_partner_id
        prices = self.env["product.supplierinfo"]._read_group(
            Domain("product_tmpl_id.categ_id", "child_of", self.categ_id.id)
            & Domain("company_id", "in", [False, self.company_id.id]),
            ["partner_id"],
            order="partner_id",
        )
        for [partner] in prices:
            vendors |= partner.commercial_partner_id
        return vendors.filtered("active")

    def action_invite(self):
        """Ask every candidate without a bid for one: a copy of the first request for quotation.

        :raise UserError: when there is none to copy, or all have a bid
        """
        self.ensure_one()
        self._check_in_preparation()
        origin = self.origin_order_id
        if not origin:
            raise UserError(
                self.env._("There is no request for quotation to copy: start from one.")
            )
        without = self.candidate_ids.filtered(lambda each: not each.purchase_order_id)
        if not without:
            raise UserError(self.env._("Every candidate has a bid already."))
        for candidate in without:
            candidate.purchase_order_id = self._create_order(candidate, origin.order_line)
        self._take_step("invitation")

    def _create_order(self, candidate, lines):
        """Return a new request for quotation to a candidate, of the products of other lines.

        Prices are those of the candidate.
        """
        self.ensure_one()
        return (
            self.env["purchase.order"]
            .with_company(self.company_id)
            .create(
                {
                    "partner_id": candidate.partner_id.id,
                    "company_id": self.company_id.id,
                    "user_id": self.user_id.id or self.env.uid,
                    "origin": self.name,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "product_qty": line.product_qty,
                                "product_uom_id": line.product_uom_id.id,
                            }
                        )
                        for line in lines
                        if line.product_id
                    ],
                }
            )
        )

    def action_start_judging(self):
        """Let the judges judge: each gets the comparisons, and an activity to do them."""
        for selection in self:
            selection._check_in_preparation()
            selection._check_prepared()
            selection.sudo()._update_comparisons()
            selection.sudo()._update_ratings()
            selection.sudo().state = "judging"
            for code in ("need", "goals", "criteria", "team", "invitation"):
                selection._take_step(code)
            selection._ask_judges()
            selection.sudo()._note_progress(selection.judge_ids)

    def action_prepare_again(self):
        """Go back to the preparation; judgements of what remains are kept."""
        for selection in self:
            selection.check_access("write")
            selection._check_judging()
            selection.sudo().state = "draft"
            selection.activity_unlink(["mail.mail_activity_data_todo"])
            selection.step_ids.filtered(lambda step: step.code == "judgement").action_reopen()

    def action_fill_figures(self):
        """Fill in again what is measured, in place of what was entered by hand."""
        for selection in self:
            selection.check_access("write")
            selection._check_open()
            selection.sudo()._update_ratings()

    def action_choose(self):
        """Ask which vendor is chosen, and why."""
        self.ensure_one()
        leaders = self.candidate_ids.filtered(lambda candidate: candidate.rank == 1)
        return self._open_choice(leaders[:1])

    def action_cancel(self):
        """End the selection without a choice."""
        for selection in self:
            selection.check_access("write")
            selection._check_open()
            selection.sudo().state = "cancelled"
            selection.activity_unlink(["mail.mail_activity_data_todo"])

    def action_create_rfq(self):
        """Open the chosen vendor's bid, or a new request for quotation to it."""
        self.ensure_one()
        self._check_chosen()
        if not self.purchase_order_id:
            order = self.chosen_id.purchase_order_id or self._create_order(
                self.chosen_id, self.origin_order_id.order_line
            )
            self.sudo().purchase_order_id = order
        self._agree()
        return self.purchase_order_id.get_formview_action()

    def action_create_agreement(self):
        """Open a new supply agreement with the chosen vendor."""
        self.ensure_one()
        self._check_chosen()
        if not self.agreement_id:
            self.sudo().agreement_id = self.env["vmi.agreement"].create(
                {
                    "partner_id": self.chosen_partner_id.id,
                    "company_id": self.company_id.id,
                    "user_id": self.user_id.id or self.env.uid,
                }
            )
        self._agree()
        return self.agreement_id.get_formview_action()

    def action_open_comparisons(self):
        """Open the judgements of all judges."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Judgements"),
            "res_model": "vendor.selection.comparison",
            "view_mode": "list,kanban,form",
            "domain": [("selection_id", "=", self.id)],
            "context": {"group_by": "judge_id", "create": False},
        }

    def action_judge(self):
        """Open the user's next comparison with pairs to judge, or the first of them."""
        self.ensure_one()
        mine = self.my_comparison_ids
        if not mine:
            raise UserError(self.env._("You are no judge of %s.", self.name))
        return (mine._filter_left() or mine)[:1].get_formview_action()

    # What may be done when

    def _check_in_preparation(self):
        """Raise UserError unless the selection is still prepared."""
        for selection in self:
            if selection.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is judged already: press Prepare Again to change candidates, criteria "
                        "or judges.",
                        selection.name,
                    )
                )

    def _check_judging(self):
        for selection in self:
            if selection.state != "judging":
                raise UserError(self.env._("%s is not being judged now.", selection.name))

    def _check_open(self):
        for selection in self:
            if selection.state not in ("draft", "judging"):
                raise UserError(
                    self.env._("%s is decided, and stays as it was decided.", selection.name)
                )

    def _check_chosen(self):
        self.check_access("write")
        if self.state not in ("chosen", "agreed"):
            raise UserError(self.env._("Choose a vendor for %s first.", self.name))

    def _check_prepared(self):
        """Raise UserError with all that is missing before vendors can be judged."""
        self.check_access("write")
        missing = []
        if len(self.candidate_ids) < 2:
            missing.append(self.env._("Add at least two candidates to choose from."))
        if not self.criterion_ids:
            missing.append(self.env._("Add the criteria by which vendors are to be chosen."))
        if not self.judge_ids:
            missing.append(self.env._("Add at least one judge to the team."))
        leaves = self.criterion_ids.filtered("is_leaf")
        judged = leaves.filtered(lambda criterion: criterion.rating == "judged")
        if judged and len(self.candidate_ids) > MOST_ELEMENTS:
            missing.append(
                self.env._(
                    "At most %(most)s vendors can be compared with each other by %(criterion)s: "
                    "leave some out, or rate them by a figure.",
                    most=MOST_ELEMENTS,
                    criterion=judged[0].name,
                )
            )
        if missing:
            raise UserError("\n".join(missing))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for selection in self:
            if selection.state in ("chosen", "agreed"):
                raise UserError(
                    self.env._("%s is a record of a decision: archive it.", selection.name)
                )

    # How it is done

    def _update_comparisons(self):
        """Let each judge have one comparison for all that has at least two parts."""
        self.ensure_one()
        decision = self._prepare_decision()
        wanted = [(node.key, node.kind) for node in decision.nodes if len(node.elements) > 1]
        for judge in self.judge_ids:
            held = {
                (comparison.criterion_id.id or GOAL, comparison.kind): comparison
                for comparison in judge.comparison_ids
            }
            for key, comparison in held.items():
                if key not in wanted:
                    comparison.unlink()
            for place, key in enumerate(wanted):
                if key in held:
                    held[key].sequence = place
                else:
                    held[key] = judge.comparison_ids.create(
                        {
                            "selection_id": self.id,
                            "judge_id": judge.id,
                            "criterion_id": key[0] or False,
                            "kind": key[1],
                            "sequence": place,
                        }
                    )

    def _update_ratings(self):
        """Let each candidate have a figure for each criterion that wants one, as measured."""
        self.ensure_one()
        wanted = self.criterion_ids.filtered(
            lambda criterion: criterion.is_leaf and criterion.rating == "figure"
        )
        self.figure_ids.filtered(lambda rating: rating.criterion_id not in wanted).unlink()
        held = {(rating.candidate_id, rating.criterion_id): rating for rating in self.figure_ids}
        measured = self._get_measured_values()
        for candidate in self.candidate_ids:
            for criterion in wanted:
                found = measured[candidate.partner_id.id].get(criterion.measure)
                value, base = found or (0, 0)
                vals = {
                    "is_measured": bool(found),
                    "measured_value": value,
                    "measured_base": base,
                }
                rating = held.get((candidate, criterion))
                if found:
                    vals |= {"value": value, "is_missing": False}
                if rating:
                    rating.write(vals)
                else:
                    vals |= {
                        "selection_id": self.id,
                        "candidate_id": candidate.id,
                        "criterion_id": criterion.id,
                    }
                    self.figure_ids.create(vals)

    def _get_measured_values(self):
        """Return what is measured of each vendor, of bids and by the scorecard.

        What the scorecard does not count, because too little was delivered, is left out.

        :return: by partner id a dict from the code of a figure to the figure and the number of
            events that it is made of; shares are in percent
        """
        self.ensure_one()
        values = {candidate.partner_id.id: {} for candidate in self.candidate_ids}
        counted = self.env["vendor.standing.criterion"].sudo()
        for part in counted.search(
            [
                ("standing_id.partner_id", "in", self.candidate_ids.partner_id.ids),
                ("standing_id.company_id", "=", self.company_id.id),
                ("is_counted", "=", True),
            ]
        ):
            factor = 100 if is_share(part.measure) else 1
            found = factor * part.value, part.base
            values[part.standing_id.partner_id.id][part.measure] = found
        for candidate in self.candidate_ids.filtered("purchase_order_id"):
            values[candidate.partner_id.id] |= {
                BID_AMOUNT: (candidate.bid_amount, 1),
                BID_DAYS: (candidate.bid_days, 1),
            }
        return values

    def _ask_judges(self):
        """Give each judge with pairs to judge an activity."""
        self.ensure_one()
        for judge in self.judge_ids:
            if judge.judged_count < judge.pair_count:
                self.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Judge criteria and vendors"),
                    user_id=judge.user_id.id,
                )

    def _note_progress(self, judges):
        """Finish the activity of judges who judged all; note the step once all did."""
        self.ensure_one()
        for judge in judges:
            if judge.judged_count == judge.pair_count:
                self.activity_feedback(["mail.mail_activity_data_todo"], user_id=judge.user_id.id)
        if self._prepare_decision().is_judged:
            self._take_step("judgement")

    def _take_step(self, code):
        self.ensure_one()
        self.step_ids.filtered(lambda step: step.code == code)._take()

    def _open_choice(self, candidate):
        self._check_judging()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Choose a Vendor"),
            "res_model": "vendor.selection.choice",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_selection_id": self.id,
                "default_candidate_id": candidate.id,
            },
        }

    def _choose(self, candidate, reason):
        """Choose a candidate; a reason is needed unless it leads without a doubt."""
        self.ensure_one()
        self.check_access("write")
        self._check_judging()
        if not reason and self._needs_reason(candidate):
            raise UserError(
                self.env._(
                    "Enter the reason: the result alone does not name %s beyond doubt.",
                    candidate.partner_id.name,
                )
            )
        self.sudo().write(
            {
                "chosen_id": candidate.id,
                "chosen_on": fields.Date.context_today(self),
                "choice_reason": reason,
                "state": "chosen",
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._take_step("choice")

    def _needs_reason(self, candidate):
        """Return whether choosing a candidate needs a reason."""
        return bool(self.concerns) or candidate.rank != 1

    def _agree(self):
        self.sudo().state = "agreed"
        self._take_step("agreement")
