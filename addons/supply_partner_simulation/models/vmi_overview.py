from odoo import api, models


class VmiOverview(models.AbstractModel):
    _inherit = "vmi.overview"

    @api.model
    def _get_steps(self):
        """Try an agreement before it starts."""
        steps = super()._get_steps()
        if not steps:
            return steps
        simulated = self.env["vmi.simulation"].search_count(
            [("company_id", "=", self.env.company.id), ("state", "=", "done")], limit=1
        )
        step = {
            "name": "simulate",
            "label": self.env._("Simulate"),
            "text": self.env._("See what past months would have been under these terms."),
            "is_done": bool(simulated),
            "button": self.env._("Open Agreements"),
            "action": steps[-1]["action"],
        }
        return [*steps[:-1], step, steps[-1]]
