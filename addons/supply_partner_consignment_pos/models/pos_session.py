from odoo import models


class PosSession(models.Model):
    _inherit = "pos.session"

    def _accumulate_amounts(self, data):
        """Post the cost of own units alone; Odoo takes it for each unit that was moved."""
        return super(PosSession, self.with_context(vmi_of_any_unit=True))._accumulate_amounts(data)
