from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class VendorStandingOverride(models.TransientModel):
    """Asks for a vendor's band by hand, until when, and why."""

    _name = "vendor.standing.override"
    _description = "Override a Vendor's Band"

    standing_id = fields.Many2one("vendor.standing", required=True, ondelete="cascade")
    scorecard_id = fields.Many2one(related="standing_id.scorecard_id")
    band_id = fields.Many2one(
        "vendor.scorecard.band",
        required=True,
        ondelete="cascade",
        domain="[('scorecard_id', '=', scorecard_id)]",
        help="The vendor's band, whatever the score.",
    )
    date_end = fields.Date(
        "Last Day",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(months=3),
        help="Afterwards the score decides again.",
    )
    reason = fields.Char(required=True)
    effect = fields.Char(compute="_compute_effect")

    @api.depends("band_id", "date_end")
    @api.depends_context("lang")
    def _compute_effect(self):
        labels = dict(
            self.env["vendor.scorecard.band"]
            ._fields["order_action"]
            ._description_selection(self.env)
        )
        for wizard in self:
            band = wizard.band_id
            wizard.effect = band and self.env._(
                "RFQs: %(rfqs)s. Orders: %(orders)s.",
                rfqs=labels[band.rfq_action],
                orders=labels[band.order_action],
            )

    def action_apply(self):
        """Set the override."""
        self.ensure_one()
        self.standing_id._check_manager()
        if self.date_end < self.standing_id.company_id.sudo()._vmi_today():
            raise UserError(self.env._("The Last Day is over: choose a later one."))
        self.standing_id._set_override(self.band_id, self.date_end, self.reason)
        return {"type": "ir.actions.act_window_close"}
