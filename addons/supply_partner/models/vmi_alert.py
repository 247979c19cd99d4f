from odoo import fields, models

ALERT_KINDS = [
    ("out", "Out of Stock"),
    ("short", "Shortage"),
    ("above", "Overstock"),
    ("dead", "Dead Stock"),
    ("unserved", "Cannot Be Ordered"),
]


class VmiAlert(models.Model):
    """A state of a product that its buyer was told of; it is forgotten when the state ends."""

    _name = "vmi.alert"
    _description = "Supply Alert"
    _rec_name = "line_id"
    _order = "date_start desc, id"
    _log_access = False

    line_id = fields.Many2one(
        "vmi.agreement.line", "Product", required=True, ondelete="cascade", readonly=True
    )
    agreement_id = fields.Many2one(
        "vmi.agreement", required=True, ondelete="cascade", index=True, readonly=True
    )
    partner_id = fields.Many2one(related="agreement_id.partner_id", string="Vendor")
    user_id = fields.Many2one(related="agreement_id.user_id", string="Buyer")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(ALERT_KINDS, "Alert", required=True, readonly=True)
    date_start = fields.Datetime("Since", readonly=True)
    on_hand_qty = fields.Float(related="line_id.on_hand_qty", aggregator=None)
    position_qty = fields.Float(related="line_id.position_qty", aggregator=None)
    next_delivery_date = fields.Date(related="line_id.next_delivery_date")
    # The activity may be done or deleted while the state lasts.
    is_told = fields.Boolean(readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", index="btree_not_null"
    )

    _once_per_state = models.UniqueIndex("(line_id, kind)")
