from odoo import fields, models


class StockReturnPicking(models.TransientModel):
    """Asks whose fault it is that goods go back to a vendor."""

    _inherit = "stock.return.picking"

    vendor_is_own_return = fields.Boolean(
        "Not the Vendor's Fault",
        help="Tick this if the return is our decision: it is then no defect of the vendor's.",
    )

    def _create_return(self):
        picking = super()._create_return()
        picking.sudo().vendor_is_own_return = self.vendor_is_own_return
        return picking
