from odoo import fields, models


class CustomerAllocationChangeLine(models.TransientModel):
    """What a reserve would mean for a product until its next receipt."""

    _name = "customer.allocation.change.line"
    _description = "Outlook of a Reserve"
    _order = "lost_qty desc, id"

    change_id = fields.Many2one("customer.allocation.change", ondelete="cascade", index=True)
    product_id = fields.Many2one("product.product", readonly=True)
    free_qty = fields.Float("Free", digits="Product Unit", readonly=True)
    days = fields.Integer(readonly=True, help="Until the next receipt.")
    next_receipt_date = fields.Date(
        "Next Receipt",
        readonly=True,
        help="Empty: none is on its way; what is ordered now comes after the lead time.",
    )
    kept_qty = fields.Float(
        "Kept", digits="Product Unit", readonly=True, help="From customers of the lowest tier."
    )
    best_fill = fields.Float(
        "Best Now", readonly=True, help="The best tier's share of its demand, without a reserve."
    )
    best_fill_with_reserve = fields.Float("Best After", readonly=True)
    others_fill = fields.Float("Others Now", readonly=True)
    others_fill_with_reserve = fields.Float("Others After", readonly=True)
    lost_qty = fields.Float(
        "Others Lose",
        digits="Product Unit",
        readonly=True,
        help="What customers of the other tiers get less until the next receipt.",
    )
