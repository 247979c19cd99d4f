from odoo import models


class ResPartner(models.Model):
    """A vendor, whose rate of deliveries on time is about what was bought."""

    _inherit = "res.partner"

    def _compute_on_time_rate(self):
        """Leave consigned orders out, and what was bought over where it lay: it is always on time.

        What is consigned is measured by the agreement's own figures.
        """
        bought = self.with_context(vmi_without_consigned=True)
        return super(ResPartner, bought)._compute_on_time_rate()
