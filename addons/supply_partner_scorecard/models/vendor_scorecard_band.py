from odoo import api, fields, models

from .vendor_scorecard import ACTIONS


class VendorScorecardBand(models.Model):
    """A band of scores, from its lower bound up to the next one's, and what follows from it."""

    _name = "vendor.scorecard.band"
    _description = "Vendor Scorecard Band"
    _order = "scorecard_id, min_score desc, id"

    scorecard_id = fields.Many2one(
        "vendor.scorecard", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="scorecard_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    min_score = fields.Float(
        "From Score",
        digits=(5, 2),
        required=True,
        help="The lower bound, which is in the band; the next band's bound is not.",
        aggregator=None,
    )
    range_text = fields.Char("Scores", compute="_compute_range_text")
    color = fields.Integer()
    rfq_action = fields.Selection(
        ACTIONS,
        "RFQs",
        default="none",
        required=True,
        help="What happens when somebody sends or prints a request for quotation to a vendor in "
        "this band.",
    )
    order_action = fields.Selection(
        ACTIONS,
        "Orders",
        default="none",
        required=True,
        help="What happens when somebody confirms an order to a vendor in this band, or a "
        "replenishment chooses one.",
    )

    _score_range = models.Constraint(
        "CHECK (min_score >= 0 AND min_score <= 100)",
        "A band begins at a score from 0 to 100.",
    )
    _color_range = models.Constraint(
        "CHECK (color >= 0 AND color <= 11)", "The Color of a band must be between 0 and 11."
    )
    _min_score_unique = models.Constraint(
        "UNIQUE (scorecard_id, min_score)", "Two bands cannot begin at the same score."
    )
    _code_unique = models.Constraint(
        "UNIQUE (scorecard_id, code)", "Two bands of a scorecard cannot have the same code."
    )

    @api.depends("min_score", "scorecard_id.band_ids.min_score")
    @api.depends_context("lang")
    def _compute_range_text(self):
        for band in self:
            above = [
                other.min_score
                for other in band.scorecard_id.band_ids
                if other.min_score > band.min_score
            ]
            if above:
                band.range_text = self.env._(
                    "%(least)s to under %(next)s",
                    least=f"{band.min_score:g}",
                    next=f"{min(above):g}",
                )
            else:
                band.range_text = self.env._("%s to 100", f"{band.min_score:g}")

    @api.model_create_multi
    def create(self, vals_list):
        bands = super().create(vals_list)
        self.env["vendor.standing"]._forget_blocked()
        return bands

    def write(self, vals):
        result = super().write(vals)
        self.env["vendor.standing"]._forget_blocked()
        return result

    def unlink(self):
        scorecards = self.scorecard_id
        result = super().unlink()
        scorecards.exists()._check_bands()
        self.env["vendor.standing"]._forget_blocked()
        return result

    @api.constrains("min_score")
    def _check_first(self):
        self.scorecard_id._check_bands()
