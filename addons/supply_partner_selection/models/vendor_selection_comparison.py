from itertools import combinations

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools.misc import formatLang

from ..tools.ahp import MOST_STEPS, find_circles, make_matrix, prioritize, ratio_of
from ..tools.coach import Coach
from ..tools.decision import CRITERIA, VENDORS

ADVICE_SHOWN = 3


class VendorSelectionComparison(models.Model):
    """A judge compares criteria with each other, or vendors by a criterion, in pairs."""

    _name = "vendor.selection.comparison"
    _description = "Pairwise Comparison"
    _order = "selection_id desc, judge_id, sequence, id"

    judge_id = fields.Many2one(
        "vendor.selection.judge",
        "Member of the Team",
        required=True,
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        related="judge_id.user_id", store=True, precompute=True, index=True, string="Judge"
    )
    selection_id = fields.Many2one(
        "vendor.selection", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="selection_id.company_id", store=True, precompute=True)
    selection_state = fields.Selection(related="selection_id.state", string="Selection's State")
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(
        [(CRITERIA, "Criteria"), (VENDORS, "Vendors")], required=True, readonly=True
    )
    criterion_id = fields.Many2one(
        "vendor.selection.criterion",
        ondelete="cascade",
        index="btree_not_null",
        readonly=True,
        help="Its parts, or the vendors by it, are compared. Empty: the criteria below the goal.",
    )
    judgement_ids = fields.One2many(
        "vendor.selection.judgement", "comparison_id", "Judgements", readonly=True
    )
    pair_count = fields.Integer("Pairs", compute="_compute_counts")
    judged_count = fields.Integer("Judged", compute="_compute_counts")
    cr = fields.Float(
        "CR",
        compute="_compute_cr",
        store=True,
        digits=(16, 6),
        help="Consistency ratio",
        aggregator=None,
    )
    status = fields.Selection(
        [("open", "To Judge"), ("inconsistent", "Inconsistent"), ("done", "Judged")],
        compute="_compute_cr",
        store=True,
    )
    judgement_data = fields.Json("Judgements in Pairs", compute="_compute_judgement_data")

    _once = models.UniqueIndex("(judge_id, kind, COALESCE(criterion_id, 0))")

    @api.depends("kind", "criterion_id.name", "selection_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for comparison in self:
            criterion = comparison.criterion_id.name
            if comparison.kind == VENDORS:
                name = self.env._("Vendors by %s", criterion)
            elif criterion:
                name = self.env._("Parts of %s", criterion)
            else:
                name = self.env._("Criteria")
            comparison.display_name = name

    def _filter_left(self):
        """Return those whose judge has something to do."""
        return self.filtered(lambda comparison: comparison.status != "done")

    def _get_elements(self):
        """Return the records that are compared, in the order in which they are shown."""
        self.ensure_one()
        selection = self.selection_id
        if self.kind == VENDORS:
            return selection.candidate_ids.sorted(lambda record: (record.sequence, record.id))
        siblings = selection.criterion_ids.filtered(
            lambda criterion: criterion.parent_id == self.criterion_id
        )
        return siblings.sorted(lambda record: (record.sequence, record.id))

    def _get_steps(self, elements):
        """Return the judged pairs of places in the order of the elements, with their steps."""
        places = {id_: place for place, id_ in enumerate(elements.ids)}
        steps = {}
        for judgement in self.judgement_ids:
            first, second = judgement._get_pair()
            if first in places and second in places:
                one, other, step = places[first], places[second], judgement.step
                steps[min(one, other), max(one, other)] = step if one < other else -step
        return steps

    @api.depends(
        "judgement_ids", "selection_id.criterion_ids.parent_id", "selection_id.candidate_ids"
    )
    def _compute_counts(self):
        for comparison in self:
            elements = comparison._get_elements()
            comparison.pair_count = len(elements) * (len(elements) - 1) // 2
            comparison.judged_count = len(comparison._get_steps(elements))

    @api.depends(
        "judgement_ids.step", "selection_id.method", "selection_id.random_index",
        "selection_id.criterion_ids.parent_id", "selection_id.candidate_ids",
    )  # fmt: skip
    def _compute_cr(self):
        for comparison in self:
            found, is_judged = comparison._prioritize()
            comparison.cr = (found and found.cr) or 0
            if not is_judged:
                comparison.status = "open"
            else:
                is_consistent = comparison.cr <= comparison.selection_id._get_most_inconsistent()
                comparison.status = "done" if is_consistent else "inconsistent"

    def _prioritize(self):
        """Return what the judge says, and whether every pair is judged."""
        elements = self._get_elements()
        steps = self._get_steps(elements)
        if not elements:
            return None, False
        selection = self.selection_id
        found = prioritize(
            make_matrix(len(elements), steps), selection.method, selection.random_index
        )
        return found, len(steps) == len(elements) * (len(elements) - 1) // 2

    @api.depends(
        "judgement_ids.step", "selection_id.method", "selection_id.random_index", "user_id",
        "selection_id.criterion_ids.name", "selection_id.candidate_ids.partner_id",
        "selection_id.state",
    )  # fmt: skip
    @api.depends_context("lang", "uid")
    def _compute_judgement_data(self):
        for comparison in self:
            comparison.judgement_data = comparison._prepare_judgement_data()

    def _prepare_judgement_data(self):
        """Return what the widget shows: elements with weights, steps of pairs, consistency."""
        elements = self._get_elements()
        steps = self._get_steps(elements)
        found, is_judged = self._prioritize()
        selection = self.selection_id
        matrix = make_matrix(len(elements), steps)
        most = selection._get_most_inconsistent()
        names = [self._name_of(element) for element in elements]
        return {
            "question": self._get_question(),
            "elements": [
                {
                    "id": element.id,
                    "name": name,
                    "weight": found.weights[place] if found else None,
                    "description": element.description or "" if self.kind == CRITERIA else "",
                }
                for place, (element, name) in enumerate(zip(elements, names, strict=True))
            ],
            "steps": [[i, j, steps.get((i, j))] for i, j in combinations(range(len(elements)), 2)],
            "is_judged": is_judged,
            "is_editable": self.user_id == self.env.user and selection.state == "judging",
            "lambda": found and found.lambda_max,
            "ci": found and found.ci,
            "cr": found and found.cr,
            "is_inconsistent": bool(found and found.cr is not None and found.cr > most),
            "most": most,
            "table": dict(selection._fields["random_index"]._description_selection(self.env))[
                selection.random_index
            ],
            "circles": [
                " > ".join([*(names[place] for place in circle), names[circle[0]]])
                for circle in find_circles(matrix)
            ],
        }

    @api.model
    def _name_of(self, element):
        return element.name if element._name.endswith("criterion") else element.partner_id.name

    def _get_question(self):
        if self.kind == VENDORS:
            return self.env._("Which vendor is better by %s, and how much?", self.criterion_id.name)
        if self.criterion_id:
            return self.env._(
                "Which part of %s is more important, and how much?", self.criterion_id.name
            )
        return self.env._("Which criterion is more important, and how much?")

    def judge(self, judgements):
        """Keep judgements of pairs, and return what the widget shows then.

        :param judgements: a list of [id of the first, id of the second, step of the scale from −8
            (the second is nine times as important) to 8, or None to forget the judgement]
        :raise AccessError: for who is not the judge
        """
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._("Only %s may change these judgements.", self.user_id.sudo().name)
            )
        self.selection_id._check_judging()
        elements = self._get_elements()
        for judgement in judgements if isinstance(judgements, (list, tuple)) else [judgements]:
            self._check_judgement(judgement, elements)
            self.sudo()._keep_judgement(*judgement)
        self.selection_id.sudo()._note_progress(self.judge_id)
        return self._prepare_judgement_data()

    def _check_judgement(self, judgement, elements):
        is_triple = isinstance(judgement, (list, tuple)) and len(judgement) == 3
        pair = judgement[:2] if is_triple else ()
        known = [id_ for id_ in pair if type(id_) is int and id_ in elements.ids]
        if len(set(known)) != 2:
            raise ValidationError(
                self.env._("A judgement is about two different elements of its comparison.")
            )
        step = judgement[2]
        is_step = type(step) is int and abs(step) <= MOST_STEPS
        if step is not None and not is_step:
            raise ValidationError(
                self.env._(
                    "A judgement is a whole step from −%(most)s to %(most)s, not %(step)s.",
                    most=MOST_STEPS,
                    step=step,
                )
            )

    def _keep_judgement(self, first, second, step):
        if first > second:
            first, second, step = second, first, step and -step
        field = "criterion" if self.kind == CRITERIA else "candidate"
        pair = {f"first_{field}_id": first, f"second_{field}_id": second}
        held = self.judgement_ids.filtered(lambda one: one._get_pair() == (first, second))
        if step is None:
            held.unlink()
        elif held:
            held.step = step
        else:
            held.create({"comparison_id": self.id, **pair, "step": step})

    @api.readonly
    def get_advice(self):
        """Return which judgements to look at again, best first, and who leads then.

        Empty where the judgements are consistent, or where some are missing.
        """
        self.ensure_one()
        self.check_access("read")
        elements = self._get_elements()
        steps = self._get_steps(elements)
        selection = self.selection_id
        most = selection._get_most_inconsistent()
        if self.status != "inconsistent":
            return []
        coach = Coach(len(elements), steps, selection.method, selection.random_index, most)
        decision = selection._prepare_decision()
        now = decision.winners
        return [
            self._describe_advice(coach, advice, elements, steps, decision, now)
            for advice in coach.advise()[:ADVICE_SHOWN]
        ]

    def _describe_advice(self, coach, advice, elements, steps, decision, now):
        changed = decision.with_judgement(
            self.criterion_id.id or 0, self.kind, self.judge_id.id, {**steps, **advice.changes}
        )
        then = changed.winners
        candidates = self.selection_id.candidate_ids
        leaders = candidates.filtered(lambda candidate: candidate.id in then)
        if not then:
            effect = ""
        elif then == now:
            effect = self.env._("%s still leads.", ", ".join(leaders.mapped("partner_id.name")))
        else:
            effect = self.env._("%s leads then.", ", ".join(leaders.mapped("partner_id.name")))
        nearest = coach.nearest(advice)
        enough = ""
        if nearest is not advice:
            [((i, j), step)] = nearest.changes.items()
            enough = self.env._("%s is enough.", self._describe_step(elements, i, j, step))
        return {
            "changes": [
                {
                    "first": elements[i].id,
                    "second": elements[j].id,
                    "step": step,
                    "held": self._describe_step(elements, i, j, steps[i, j]),
                    "text": self._describe_step(elements, i, j, step),
                }
                for (i, j), step in sorted(advice.changes.items())
            ],
            "cr": advice.cr,
            "mends": coach.mends(advice),
            "effect": effect,
            "changes_winner": bool(then and now and then != now),
            "enough": enough,
        }

    def _describe_step(self, elements, i, j, step):
        """Return a judgement in words: who is how many times as important as whom."""
        one, other = self._name_of(elements[i]), self._name_of(elements[j])
        if not step:
            return self.env._("%(one)s = %(other)s", one=one, other=other)
        if step < 0:
            one, other = other, one
        ratio = formatLang(self.env, ratio_of(abs(step)), digits=0)
        return self.env._("%(one)s %(ratio)s : 1 %(other)s", one=one, ratio=ratio, other=other)

    def action_open_next(self):
        """Open the judge's next comparison with pairs to judge, else the selection."""
        self.ensure_one()
        self.check_access("read")
        following = self.judge_id.comparison_ids.sorted("sequence")
        places = following.ids
        after = [*places[places.index(self.id) + 1 :], *places[: places.index(self.id)]]
        left = self.browse(after).filtered(lambda one: one.status == "open")
        return (left[:1] or self.selection_id).get_formview_action()
