from odoo import fields, models


class VmiShipmentLine(models.Model):
    """How much of one ordered product is in a shipment, in which lot and package."""

    _name = "vmi.shipment.line"
    _description = "Product of an Announced Shipment"
    _order = "shipment_id desc, id"
    _rec_name = "product_id"

    shipment_id = fields.Many2one(
        "vmi.shipment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="shipment_id.state")
    company_id = fields.Many2one(related="shipment_id.company_id", store=True, precompute=True)
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        "Order Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        related="purchase_line_id.product_id", store=True, precompute=True, index=True
    )
    product_uom_id = fields.Many2one(related="purchase_line_id.product_uom_id", string="Unit")
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True, aggregator=None)
    lot_name = fields.Char("Lot/Serial Number", readonly=True)
    package_name = fields.Char("Package", readonly=True)
    package_id = fields.Many2one(
        "stock.package",
        "Package in the Receipt",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="In which it arrives, where Packages are used in Inventory.",
    )
    received_qty = fields.Float(
        "Received", digits="Product Unit", readonly=True, copy=False, aggregator=None
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "What is announced must be more than 0."
    )

    def _describe(self):
        """Return the product with its quantity, and its lot."""
        self.ensure_one()
        number = self.env["vmi.proposal.line"]._format_quantity(self.quantity)
        text = f"{number} {self.product_uom_id.name} {self.product_id.display_name}"
        return f"{text} ({self.lot_name})" if self.lot_name else text
