from odoo import api, fields, models


class VendorSelectionJudge(models.Model):
    """A member of the team that compares criteria and vendors."""

    _name = "vendor.selection.judge"
    _description = "Judge of a Vendor Selection"
    _order = "selection_id, sequence, id"
    _rec_name = "user_id"
    _check_company_auto = True

    selection_id = fields.Many2one(
        "vendor.selection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="selection_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        "Judge",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("purchase.group_purchase_user").ids)
        ],
    )
    weight = fields.Float(
        default=1,
        required=True,
        digits=(16, 2),
        help="How much the judge counts in the group, beside the others.",
    )
    comparison_ids = fields.One2many("vendor.selection.comparison", "judge_id", "Comparisons")
    pair_count = fields.Integer("Pairs", compute="_compute_progress")
    judged_count = fields.Integer("Judged", compute="_compute_progress")
    max_cr = fields.Float(
        "Highest CR",
        compute="_compute_progress",
        digits=(16, 6),
        help="The highest consistency ratio of the judge's comparisons.",
    )

    _once = models.Constraint(
        "UNIQUE (selection_id, user_id)", "Each judge is in the team of a selection once."
    )
    _counts = models.Constraint(
        "CHECK (weight > 0)", "A judge's weight must be above 0: leave out who is not to count."
    )

    @api.depends("comparison_ids.pair_count", "comparison_ids.judged_count", "comparison_ids.cr")
    def _compute_progress(self):
        for judge in self:
            comparisons = judge.comparison_ids
            judge.pair_count = sum(comparisons.mapped("pair_count"))
            judge.judged_count = sum(comparisons.mapped("judged_count"))
            judge.max_cr = max(comparisons.mapped("cr"), default=0)

    @api.model_create_multi
    def create(self, vals_list):
        judges = super().create(vals_list)
        judges.selection_id._check_in_preparation()
        return judges

    def write(self, vals):
        self.exists().selection_id._check_in_preparation()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_judging(self):
        self.selection_id._check_in_preparation()
