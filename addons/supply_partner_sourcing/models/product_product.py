from odoo import api, fields, models
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP


class ProductProduct(models.Model):
    """A product, with its place in the sourcing matrix of the current company."""

    _inherit = "product.product"

    sourcing_text = fields.Char("Sourcing", compute="_compute_sourcing_text", groups=BUYER_GROUP)

    @api.depends_context("company", "lang")
    def _compute_sourcing_text(self):
        found = {
            row.product_id: row
            for row in self.env["vendor.sourcing.product"].search(
                [("product_id", "in", self.ids), ("company_id", "=", self.env.company.id)]
            )
        }
        for product in self:
            row = found.get(product)
            product.sourcing_text = row and row._describe_briefly()

    def action_open_sourcing(self):
        """Open what is known of the product's sources."""
        return self.env["vendor.sourcing.product"]._open_products(self)
