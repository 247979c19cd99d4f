from odoo import fields, models
from odoo.exceptions import UserError

from .vmi_agreement import HOLDING_STATES


class ProductTemplate(models.Model):
    """A product template, with the supply agreements that replenish its variants."""

    _inherit = "product.template"

    vmi_line_count = fields.Integer(
        "Number of Supply Agreements",
        compute="_compute_vmi_line_count",
        groups="purchase.group_purchase_user",
    )

    def _compute_vmi_line_count(self):
        for template in self:
            template.vmi_line_count = sum(template.product_variant_ids.mapped("vmi_line_count"))

    def write(self, vals):
        if "uom_id" in vals:
            changed = self.filtered(lambda template: template.uom_id.id != vals["uom_id"])
            changed._check_no_agreed_unit()
        return super().write(vals)

    def _check_no_agreed_unit(self):
        """Raise UserError where a running or suspended agreement has quantities in the unit."""
        line = (
            self.env["vmi.agreement.line"]
            .sudo()
            .search(
                [
                    ("product_id.product_tmpl_id", "in", self.ids),
                    ("state", "in", HOLDING_STATES),
                ],
                limit=1,
            )
        )
        if line:
            raise UserError(
                self.env._(
                    "%(product)s: the quantities of %(agreement)s are in %(unit)s. Close the "
                    "agreement, or remove the product from it, before you change the unit.",
                    product=line.product_id.display_name,
                    agreement=line.agreement_id.name,
                    unit=line.product_id.uom_id.name,
                )
            )

    def action_open_vmi_lines(self):
        """Open the lines of the supply agreements that replenish the variants."""
        return self.product_variant_ids.action_open_vmi_lines()
