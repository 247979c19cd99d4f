from odoo import fields, models


class CustomerStandingChange(models.Model):
    """Ledger of who moved when and why. Rows are added by runs and never changed.

    It names the partner and the company itself and outlives the standing, so that
    merging two customers keeps the history of both.
    """

    _name = "customer.standing.change"
    _description = "Change of a Customer's Tier"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    standing_id = fields.Many2one("customer.standing", ondelete="set null", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    old_tier_id = fields.Many2one("customer.tier", "From Tier", ondelete="restrict")
    new_tier_id = fields.Many2one("customer.tier", "To Tier", ondelete="restrict")
    reason = fields.Selection(
        [
            ("first", "Came back"),
            ("promotion", "Promotion"),
            ("demotion", "Demotion"),
            ("left", "Left the ladder"),
        ],
        required=True,
        help="Why the tier changed. First placements are not listed here: "
        "the standing itself says since when.",
    )
    date = fields.Date(required=True, index=True)
    score = fields.Float(digits=(5, 2), aggregator="avg")
    evaluation_id = fields.Many2one(
        "customer.tier.evaluation", ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", "By", help="Who ran the evaluation.")
