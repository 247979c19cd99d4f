from odoo import fields, models


class VendorStandingChange(models.Model):
    """A vendor's move from one band to another: when, why, and by whom."""

    _name = "vendor.standing.change"
    _description = "Vendor Band Change"
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    standing_id = fields.Many2one(
        "vendor.standing", required=True, readonly=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Vendor", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    date = fields.Date(required=True, readonly=True)
    old_band_id = fields.Many2one(
        "vendor.scorecard.band", "From", readonly=True, ondelete="set null"
    )
    new_band_id = fields.Many2one("vendor.scorecard.band", "To", readonly=True, ondelete="set null")
    score = fields.Float(digits=(5, 2), readonly=True, aggregator="avg")
    reason = fields.Selection(
        [
            ("first", "First Rated"),
            ("better", "Better"),
            ("worse", "Worse"),
            ("unrated", "Too Little Known"),
            ("override", "Override"),
            ("override_ended", "Override Ended"),
        ],
        required=True,
        readonly=True,
    )
    note = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
