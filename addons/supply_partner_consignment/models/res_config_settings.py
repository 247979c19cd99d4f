from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of consigned stock."""

    _inherit = "res.config.settings"

    vmi_reservation_order = fields.Selection(
        related="company_id.vmi_reservation_order", readonly=False, required=True
    )
    vmi_self_billing_journal_id = fields.Many2one(
        related="company_id.vmi_self_billing_journal_id", readonly=False
    )
