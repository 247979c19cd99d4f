from odoo import api, fields, models

from ..tools.ahp import MOST_STEPS, ratio_of


class VendorSelectionJudgement(models.Model):
    """How many times as important, or as good, one of two is as the other, says a judge.

    The first is the one with the lower id; what is not judged has no record.
    """

    _name = "vendor.selection.judgement"
    _description = "Judgement of a Pair"
    _order = "comparison_id, id"

    comparison_id = fields.Many2one(
        "vendor.selection.comparison", required=True, ondelete="cascade", index=True, readonly=True
    )
    selection_id = fields.Many2one(
        related="comparison_id.selection_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related="selection_id.company_id", store=True, precompute=True)
    first_criterion_id = fields.Many2one(
        "vendor.selection.criterion", ondelete="cascade", index="btree_not_null", readonly=True
    )
    second_criterion_id = fields.Many2one(
        "vendor.selection.criterion", ondelete="cascade", index="btree_not_null", readonly=True
    )
    first_candidate_id = fields.Many2one(
        "vendor.selection.candidate", ondelete="cascade", index="btree_not_null", readonly=True
    )
    second_candidate_id = fields.Many2one(
        "vendor.selection.candidate", ondelete="cascade", index="btree_not_null", readonly=True
    )
    step = fields.Integer(
        required=True,
        readonly=True,
        help="Step of the scale from −8 (the second is nine times as important) over 0 (both are "
        "equal) to 8 (the first is nine times as important).",
    )
    ratio = fields.Float(compute="_compute_ratio", digits=(16, 4))

    _on_scale = models.Constraint(
        f"CHECK (step BETWEEN {-MOST_STEPS} AND {MOST_STEPS})",
        "A judgement lies between 1/9 and 9.",
    )
    _pair_of_criteria = models.UniqueIndex(
        "(comparison_id, first_criterion_id, second_criterion_id) "
        "WHERE first_criterion_id IS NOT NULL"
    )
    _pair_of_vendors = models.UniqueIndex(
        "(comparison_id, first_candidate_id, second_candidate_id) "
        "WHERE first_candidate_id IS NOT NULL"
    )

    @api.depends("step")
    def _compute_ratio(self):
        for judgement in self:
            judgement.ratio = ratio_of(judgement.step)

    def _get_pair(self):
        """Return the ids of the first and the second."""
        self.ensure_one()
        if self.first_criterion_id:
            return self.first_criterion_id.id, self.second_criterion_id.id
        return self.first_candidate_id.id, self.second_candidate_id.id
