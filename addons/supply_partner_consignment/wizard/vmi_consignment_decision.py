from odoo import api, fields, models
from odoo.exceptions import UserError


class VmiConsignmentDecision(models.TransientModel):
    """Asks why lines of a settlement are disputed or waived, or how they are billed after all."""

    _name = "vmi.consignment.decision"
    _description = "Dispute, Waive or Resolve"

    line_ids = fields.Many2many("vmi.consignment.settlement.line")
    line_count = fields.Integer(compute="_compute_line_count")
    decision = fields.Selection(
        [("disputed", "Dispute"), ("waived", "Waive"), ("open", "Resolve")],
        required=True,
        default="disputed",
    )
    reason = fields.Char()
    unit_price = fields.Float(
        digits="Product Price",
        compute="_compute_unit_price",
        store=True,
        readonly=False,
        precompute=True,
        help="At which it is billed. It was the vendor's price on the days of use.",
    )
    currency_id = fields.Many2one(related="line_ids.currency_id")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for wizard in self:
            wizard.line_count = len(wizard.line_ids)

    @api.depends("line_ids")
    def _compute_unit_price(self):
        for wizard in self:
            wizard.unit_price = wizard.line_ids.unit_price if len(wizard.line_ids) == 1 else 0

    def action_confirm(self):
        """Dispute or waive the lines, or bill them after all."""
        self.ensure_one()
        self.line_ids.settlement_id._check_buyer()
        if self.decision != "open" and not (self.reason or "").strip():
            raise UserError(self.env._("Please give the reason."))
        self.line_ids._decide(self.decision, self.reason, self._get_price())

    def _get_price(self):
        """Return the price that was entered; None where it is as it was."""
        line = self.line_ids
        if self.decision != "open" or len(line) != 1:
            return None
        if self.unit_price < 0:
            raise UserError(self.env._("Enter a price of 0 or more."))
        digits = self.env["decimal.precision"].precision_get("Product Price")
        is_same = round(self.unit_price - line.unit_price, digits) == 0
        return None if is_same else self.unit_price
