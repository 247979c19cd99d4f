from odoo import api, models


class Base(models.AbstractModel):
    """Guard the fields of supply partners: numbers, and what only methods write."""

    _inherit = "base"

    @api.model
    def _get_guarded_families(self):
        return (*super()._get_guarded_families(), "supply_partner")
