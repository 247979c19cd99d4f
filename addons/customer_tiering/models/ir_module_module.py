from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def _load_module_terms(self, modules, langs, overwrite=False):
        """Give the default policies and tiers their names in a language that is added later."""
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if "customer_tiering" in modules and "customer.tier.policy" in self.env:
            policies = self.env["customer.tier.policy"].sudo().with_context(active_test=False)
            policies.search([])._translate_default_names(langs)
        return result
