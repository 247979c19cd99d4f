from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime
from odoo.tools.misc import formatLang


class VendorPromiseChange(models.Model):
    """A change of what was promised: what it was, what it is, whose it is and why."""

    _name = "vendor.promise.change"
    _description = "Change of a Vendor Promise"
    _order = "id desc"
    _rec_name = "promise_id"

    promise_id = fields.Many2one(
        "vendor.promise", required=True, ondelete="cascade", readonly=True, index=True
    )
    order_id = fields.Many2one(related="promise_id.order_id")
    product_id = fields.Many2one(related="promise_id.product_id")
    partner_id = fields.Many2one(related="promise_id.partner_id", string="Vendor")
    company_id = fields.Many2one(related="promise_id.company_id")
    kind = fields.Selection(
        [
            ("quantity", "Quantity"),
            ("date", "Date"),
            ("price", "Price"),
            ("cancelled", "Cancelled"),
            ("reopened", "Set to Draft"),
            ("confirmed", "Confirmed Again"),
        ],
        "What",
        required=True,
        readonly=True,
    )
    origin = fields.Selection(
        [("buyer", "Buyer"), ("vendor", "Vendor")],
        "Whose Decision",
        required=True,
        default="buyer",
        help="Whoever entered it; correct it if the vendor called. Only what the buyer decided to "
        "take less of lowers the promise.",
    )
    reason = fields.Char("Why")
    user_id = fields.Many2one("res.users", "Entered by", readonly=True)
    old_quantity = fields.Float(digits="Product Unit", readonly=True)
    new_quantity = fields.Float(digits="Product Unit", readonly=True)
    old_date = fields.Datetime(readonly=True)
    new_date = fields.Datetime(readonly=True)
    old_price = fields.Float(digits="Product Price", readonly=True, aggregator=None)
    new_price = fields.Float(digits="Product Price", readonly=True, aggregator=None)
    description = fields.Char("Change", compute="_compute_description")

    @api.depends("kind", "old_quantity", "new_quantity", "old_date", "new_date", "new_price")
    @api.depends_context("lang", "tz")
    def _compute_description(self):
        for change in self:
            old = new = False
            if change.kind == "quantity":
                old, new = (
                    f"{quantity:g}" for quantity in (change.old_quantity, change.new_quantity)
                )
            elif change.kind == "date":
                zone = change.company_id.sudo()._vmi_timezone()
                old, new = (
                    format_datetime(self.env, moment, tz=zone, dt_format="d MMM y")
                    for moment in (change.old_date, change.new_date)
                )
            elif change.kind == "price":
                old, new = (
                    formatLang(self.env, price, dp="Product Price")
                    for price in (change.old_price, change.new_price)
                )
            change.description = f"{old} → {new}" if old else False

    def write(self, vals):
        result = super().write(vals)
        if "origin" in vals:
            # What became of the promise is found anew.
            self.promise_id.sudo()._touch()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_by_nobody(self):
        if not self.env.su:
            raise AccessError(self.env._("The changes of a promise are kept."))
