from odoo import models
from odoo.fields import Domain


class CustomerStanding(models.Model):
    _inherit = "customer.standing"

    def _get_timeline_events(self):
        """Tell the opportunities that were won or lost as well, those that the reader may see."""
        events = super()._get_timeline_events()
        closed = self.with_context(active_test=False)._find_documents(
            "crm.lead",
            Domain("type", "=", "opportunity")
            & Domain("won_status", "in", ("won", "lost"))
            & Domain("date_closed", "!=", False),
            "date_closed desc, id desc",
        )
        return events + [lead._describe_event(self) for lead in closed]
