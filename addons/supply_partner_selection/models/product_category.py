from odoo import models
from odoo.fields import Command


class ProductCategory(models.Model):
    """A category whose vendor may be selected."""

    _inherit = "product.category"

    def action_select_vendor(self):
        """Start a selection among the vendors of the category, and open it."""
        self.ensure_one()
        selections = self.env["vendor.selection"]
        selections.check_access("create")
        selection = selections.create(
            {
                "name": self.env._("Vendor for %s", self.name),
                "categ_id": self.id,
                "judge_ids": [Command.create({"user_id": self.env.uid})],
            }
        )
        if selection._find_vendors():
            selection.action_add_vendors()
        return selection.get_formview_action()
