from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    vmi_line_count = fields.Integer(
        "Number of Supply Agreements",
        compute="_compute_vmi_line_count",
        groups="purchase.group_purchase_user",
    )

    def _compute_vmi_line_count(self):
        for template in self:
            template.vmi_line_count = sum(template.product_variant_ids.mapped("vmi_line_count"))

    def action_open_vmi_lines(self):
        """Show by which supply agreements the product's variants are kept filled."""
        return self.product_variant_ids.action_open_vmi_lines()
