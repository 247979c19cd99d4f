from odoo import models


class PosConfig(models.Model):
    _inherit = "pos.config"

    def _get_program_ids(self):
        """Leave out the programmes for tiers: the point of sale would give them to everybody."""
        programs = super()._get_program_ids()
        kept_to_tiers = programs._get_tiers_of_programs()
        return programs.filtered(lambda program: program.id not in kept_to_tiers)
