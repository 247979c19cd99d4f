from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def _load_module_terms(self, modules, langs, overwrite=False):
        """Name the usual bands in a language that is added later."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if "supply_partner_scorecard" in modules and "vendor.scorecard" in self.env:
            scorecards = self.env["vendor.scorecard"].sudo().with_context(active_test=False)
            scorecards.search([])._translate_default_names(langs)
        return result
