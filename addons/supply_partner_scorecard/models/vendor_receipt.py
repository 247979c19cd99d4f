from odoo import fields, models


class VendorReceipt(models.Model):
    """What of an order came in a transfer on a day, added up by a set-based run every night.

    Written for the figures of all vendors alone: ids are numbers, since to hold each row to four
    other tables would take the night longer than to write them.
    """

    _name = "vendor.receipt"
    _description = "Vendor's Receipts of a Transfer"
    _order = "day desc, id desc"
    _rec_name = "transfer_key"
    _log_access = False

    company_key = fields.Integer("Company's ID", readonly=True, aggregator=None)
    partner_key = fields.Integer("Vendor's ID", readonly=True, aggregator=None)
    order_key = fields.Integer("Order's ID", readonly=True, aggregator=None)
    transfer_key = fields.Integer(
        "Transfer's ID",
        readonly=True,
        aggregator=None,
        help="Of a move without a transfer, the move's, below 0.",
    )
    day = fields.Date(readonly=True)
    lines = fields.Integer("Received Lines", readonly=True)
    value = fields.Float("Value at Promised Prices", readonly=True)

    _order_index = models.Index("(order_key)")
