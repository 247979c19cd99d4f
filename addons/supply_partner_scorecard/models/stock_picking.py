from odoo import fields, models
from odoo.addons.supply_partner.models.purchase_order import STAFF


class StockPicking(models.Model):
    """A transfer; what goes back to a vendor is held against it, unless that was our decision."""

    _inherit = "stock.picking"

    vendor_is_own_return = fields.Boolean(
        "Not the Vendor's Fault",
        copy=False,
        help="The return was our decision, as of what was ordered by mistake: it is no defect of "
        "the vendor's.",
        groups=STAFF,
    )
