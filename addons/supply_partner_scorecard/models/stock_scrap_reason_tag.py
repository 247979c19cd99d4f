from odoo import fields, models


class StockScrapReasonTag(models.Model):
    """A reason for scrapping: whose fault it is."""

    _inherit = "stock.scrap.reason.tag"

    is_vendor_fault = fields.Boolean(
        "Vendor's Fault", help="What is scrapped for this reason counts as a defect of the vendor."
    )
