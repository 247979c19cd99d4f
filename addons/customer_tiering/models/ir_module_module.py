from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def _load_module_terms(self, modules, langs, overwrite=False):
        """Give the default tiers their names in a language that is added later.

        The ladders are made per company by code, so they have no external id that
        the loading of translations would find them by.
        """
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if "customer_tiering" in modules and "customer.tier" in self.env:
            self.env["customer.tier"].sudo()._translate_default_names(langs)
        return result
