from odoo import fields, models


class HelpdeskSla(models.Model):
    _inherit = "helpdesk.sla"

    promise = fields.Selection(
        [("response", "First Response"), ("resolution", "Resolution")],
        "Promise of the Tier",
        readonly=True,
        copy=False,
        help="Applies to the tickets of customers whose tier promises it, with the hours of the "
        "tier's service level.",
    )
