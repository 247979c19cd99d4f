from odoo import api, fields, models
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP


class ProductTemplate(models.Model):
    """A product, with the sourcing of its only variant, or of how many."""

    _inherit = "product.template"

    sourcing_text = fields.Char("Sourcing", compute="_compute_sourcing_text", groups=BUYER_GROUP)

    @api.depends_context("company", "lang")
    def _compute_sourcing_text(self):
        found = {}
        for row in self.env["vendor.sourcing.product"].search(
            [
                ("product_id.product_tmpl_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
            ]
        ):
            template = row.product_id.product_tmpl_id
            found[template] = found.get(template, row.browse()) | row
        for template in self:
            rows = found.get(template)
            if rows and len(rows) > 1:
                template.sourcing_text = self.env._("%s variants", len(rows))
            else:
                template.sourcing_text = rows and rows._describe_briefly()

    def action_open_sourcing(self):
        """Open what is known of the product's sources."""
        return self.env["vendor.sourcing.product"]._open_products(self.product_variant_ids)
