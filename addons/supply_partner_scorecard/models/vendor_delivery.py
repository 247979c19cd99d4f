from odoo import api, fields, models
from odoo.fields import Domain

from ..engine import write_deliveries

DEFINITIONS = ("first", "complete", "in_full", "otif")
BASES = ("approved", "latest")


class VendorDelivery(models.Model):
    """What became of a promise, under each definition of on time beside the others.

    Written by a set-based run every night: what is due in the future, and what was written since.
    Quantities are in the product's unit, values in the company's currency.
    """

    _name = "vendor.delivery"
    _description = "Vendor Delivery"
    _order = "due_day desc, id desc"
    _rec_name = "promise_id"
    # A run writes every row, so who wrote it says nothing.
    _log_access = False

    promise_id = fields.Many2one("vendor.promise", required=True, readonly=True, ondelete="cascade")
    order_line_id = fields.Many2one(related="promise_id.order_line_id")
    order_id = fields.Many2one(related="promise_id.order_id")
    partner_id = fields.Many2one(related="promise_id.partner_id", string="Vendor")
    company_id = fields.Many2one(related="promise_id.company_id")
    product_id = fields.Many2one(related="promise_id.product_id")
    product_uom_id = fields.Many2one(related="promise_id.product_id.uom_id", string="Unit")
    currency_id = fields.Many2one(related="promise_id.currency_id")
    state = fields.Selection(
        [("open", "Not Due Yet"), ("judged", "Judged"), ("left_out", "Left Out")],
        required=True,
        readonly=True,
        help="A line is judged once its promised day is over.",
    )
    left_out = fields.Selection(
        [
            ("service", "Not Received by Transfers"),
            ("kit", "Kit"),
            ("cancelled", "Cancelled by the Buyer"),
            ("reopened", "Set to Draft"),
        ],
        "Left Out Because",
        readonly=True,
    )
    approved_day = fields.Date("Approved on", readonly=True)
    due_day = fields.Date("Promised Day", readonly=True)
    latest_day = fields.Date(readonly=True, help="The day agreed at last.")
    is_judged_latest = fields.Boolean("Judged by the Latest Day", readonly=True)
    is_open = fields.Boolean("To Be Calculated", readonly=True)
    first_day = fields.Date("First Receipt", readonly=True)
    complete_day = fields.Date("Complete", readonly=True)
    promised_qty = fields.Float(
        "Promised", digits=None, min_display_digits="Product Unit", readonly=True
    )
    latest_qty = fields.Float(
        "Latest Quantity", digits=None, min_display_digits="Product Unit", readonly=True
    )
    received_qty = fields.Float(
        "Received",
        digits=None,
        min_display_digits="Product Unit",
        readonly=True,
        help="By now, less what went back.",
    )
    held_qty = fields.Float(
        "Received by the Promised Day",
        digits=None,
        min_display_digits="Product Unit",
        readonly=True,
        help="At the end of that day, less what had gone back.",
    )
    held_qty_latest = fields.Float(
        "Received by the Latest Day", digits=None, min_display_digits="Product Unit", readonly=True
    )
    first = fields.Boolean(
        "Begun on Time", readonly=True, help="The first receipt came by the promised day."
    )
    complete = fields.Boolean(
        "Complete on Time",
        readonly=True,
        help="The promised quantity was first reached by the promised day.",
    )
    in_full = fields.Boolean(readonly=True, help="The promised quantity has been received by now.")
    otif = fields.Boolean(
        "On Time in Full",
        readonly=True,
        help="The promised quantity was held at the end of the promised day.",
    )
    first_latest = fields.Boolean("Begun by the Latest Day", readonly=True)
    complete_latest = fields.Boolean("Complete by the Latest Day", readonly=True)
    in_full_latest = fields.Boolean("In Full, Latest Quantity", readonly=True)
    otif_latest = fields.Boolean("On Time in Full by the Latest Day", readonly=True)
    disagreement = fields.Selection(
        [
            ("postponed", "Postponed after Approval"),
            ("brought_forward", "Brought Forward after Approval"),
            ("changed_quantity", "Quantity Changed after Approval"),
            ("returned_early", "Returned before the Promised Day"),
            ("returned_later", "Returned after the Promised Day"),
            ("rest_late", "Begun on Time, the Rest Late"),
            ("late", "Late, but in Full"),
            ("short", "Begun on Time, Never Complete"),
        ],
        "Why They Disagree",
        readonly=True,
    )
    lead_days = fields.Integer(
        "Lead Time (Days)", readonly=True, aggregator="avg", help="From approval to complete."
    )
    bias_days = fields.Integer(
        "Days after the Promise",
        readonly=True,
        aggregator="avg",
        help="From the promised day to complete; below 0: early.",
    )
    promised_value = fields.Float(readonly=True)
    kept_value = fields.Float("Value on Time", readonly=True)
    latest_value = fields.Float(readonly=True)
    kept_value_latest = fields.Float("Value by the Latest Day", readonly=True)
    ordered_value = fields.Float(
        readonly=True, help="What the line costs now; nothing if the order is not confirmed."
    )
    agreed_value = fields.Float(
        "Value at Agreed Prices", readonly=True, help="Of what is ordered now, where one is agreed."
    )
    other_value = fields.Float(
        "Value at the Best Other Price",
        readonly=True,
        help="Of what is ordered now, where another vendor had a price.",
    )
    # The promise's ids, so that a night adds up a million lines without a million promises. No
    # relations: to hold each row to four other tables would double the time of the first night.
    company_key = fields.Integer("Company's ID", readonly=True, aggregator=None)
    partner_key = fields.Integer("Vendor's ID", readonly=True, aggregator=None)
    order_key = fields.Integer("Order's ID", readonly=True, aggregator=None)
    product_key = fields.Integer("Product's ID", readonly=True, aggregator=None)
    verdict = fields.Char("Verdicts", compute="_compute_verdict")

    _promise_unique = models.UniqueIndex("(promise_id)")
    _to_calculate = models.Index("(company_key, promise_id) WHERE is_open")
    _disagreeing = models.Index("(due_day DESC) WHERE disagreement IS NOT NULL")

    @api.depends("first", "complete", "in_full", "otif")
    @api.depends_context("lang")
    def _compute_verdict(self):
        names = {name: self._fields[name]._description_string(self.env) for name in DEFINITIONS}
        for delivery in self:
            delivery.verdict = " · ".join(
                f"{'✓' if delivery[name] else '✗'} {label}" for name, label in names.items()
            )

    @api.depends("order_id", "product_id")
    def _compute_display_name(self):
        for delivery in self:
            delivery.display_name = f"{delivery.order_id.name}: {delivery.product_id.display_name}"

    @api.model
    def _refresh(self, scope, since=None):
        """Find what became of the promises of a company; see :func:`write_deliveries`."""
        self.env.flush_all()
        counts = write_deliveries(self.env.cr, scope, since)
        self.invalidate_model(flush=False)
        return counts

    @api.model
    def _judged_domain(self, first, end):
        return (
            Domain("state", "=", "judged")
            & Domain("due_day", ">=", first)
            & Domain("due_day", "<", end)
        )

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return self.order_id.get_formview_action()

    def action_open_promise(self):
        """Open the promise with its changes."""
        self.ensure_one()
        return self.promise_id.get_formview_action()
