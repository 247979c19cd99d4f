from odoo import fields, models


class HelpdeskSla(models.Model):
    _inherit = "helpdesk.sla"

    promise = fields.Selection(
        [("response", "First Response"), ("resolution", "Resolution")],
        "Tier Target",
        readonly=True,
        copy=False,
        help="The SLA applies to tickets of customers whose tier has this target, with the hours "
        "of the tier's service level.",
    )
