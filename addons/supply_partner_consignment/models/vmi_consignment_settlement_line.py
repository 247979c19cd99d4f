from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class VmiConsignmentSettlementLine(models.Model):
    """What was used of a product at a price; it is billed, disputed or waived by itself."""

    _name = "vmi.consignment.settlement.line"
    _description = "Consignment Settlement Line"
    _order = "settlement_id desc, id"
    _rec_name = "product_id"

    settlement_id = fields.Many2one(
        "vmi.consignment.settlement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="settlement_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(
        related="settlement_id.partner_id", store=True, precompute=True, string="Vendor"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True, ondelete="restrict"
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    kind = fields.Selection(
        [("used", "Used"), ("lost", "Lost")],
        required=True,
        readonly=True,
        default="used",
        help="Used: sold or consumed, less what customers gave back.\n"
        "Lost: scrapped or missing, where the agreement has losses billed.",
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    unit_price = fields.Float(
        digits="Product Price",
        readonly=True,
        help="The vendor's price on the days of use.",
        aggregator=None,
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(compute="_compute_amount", store=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("disputed", "Disputed"),
            ("waived", "Waived"),
            ("later", "In a Later Settlement"),
        ],
        "Decision",
        required=True,
        readonly=True,
        default="open",
        help="Disputed: it is not billed until that is decided; the others are.\n"
        "Waived: it was used, and is not billed.\n"
        "In a later settlement: the dispute was decided when the others were billed already.",
    )
    reason = fields.Char(readonly=True, help="Why it is disputed or waived.")
    invoice_line_ids = fields.One2many(
        "account.move.line", "vmi_settlement_line_id", "Lines of Bills", readonly=True
    )
    entry_ids = fields.One2many(
        "vmi.consignment.entry", "settlement_line_id", "Uses", readonly=True
    )
    billed_qty = fields.Float(
        "Billed", digits="Product Unit", compute="_compute_billed_qty", store=True
    )
    outstanding_qty = fields.Float(
        "Not Billed", digits="Product Unit", compute="_compute_billed_qty", store=True
    )
    status = fields.Selection(
        [
            ("to_bill", "To Bill"),
            ("billed", "Billed"),
            ("disputed", "Disputed"),
            ("waived", "Waived"),
            ("later", "In a Later Settlement"),
        ],
        compute="_compute_status",
        store=True,
    )

    @api.depends("quantity", "unit_price", "currency_id")
    def _compute_amount(self):
        for line in self:
            line.amount = line.currency_id.round(line.quantity * line.unit_price)

    @api.depends(
        "quantity",
        "invoice_line_ids.quantity",
        "invoice_line_ids.parent_state",
        "invoice_line_ids.move_type",
        "invoice_line_ids.product_uom_id",
    )
    def _compute_billed_qty(self):
        for line in self:
            billed = 0
            for bill_line in line.invoice_line_ids:
                if bill_line.parent_state == "cancel":
                    continue
                sign = -1 if bill_line.move_type == "in_refund" else 1
                billed += sign * bill_line.product_uom_id._compute_quantity(
                    bill_line.quantity, line.product_uom_id, round=False
                )
            line.billed_qty = billed
            line.outstanding_qty = line.product_uom_id.round(line.quantity - billed)

    @api.depends("state", "outstanding_qty")
    def _compute_status(self):
        for line in self:
            if line.state in ("waived", "later"):
                line.status = line.state
            elif line.product_uom_id.is_zero(line.outstanding_qty):
                line.status = "billed"
            else:
                line.status = "disputed" if line.state == "disputed" else "to_bill"

    def action_dispute(self):
        """Ask why, then leave the lines out of the bill until that is resolved."""
        return self._action_ask("disputed", self.env._("Dispute"))

    def action_waive(self):
        """Ask why, then never bill the lines."""
        return self._action_ask("waived", self.env._("Waive"))

    def action_resolve(self):
        """Ask at which price, then bill the lines after all."""
        return self._action_ask("open", self.env._("Resolve"))

    def _action_ask(self, decision, name):
        self.settlement_id._check_buyer()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_consignment.vmi_consignment_decision_action"
        )
        return {
            **action,
            "name": name,
            "context": {"default_line_ids": self.ids, "default_decision": decision},
        }

    def _decide(self, state, reason, price=None):
        """Dispute, waive or reopen lines; said in the settlement's messages.

        A line that is opened again when the others are billed comes with a later settlement.

        :param price: the price for which a use is billed instead of the vendor's of its day
        :raise UserError: when a line is billed already
        """
        self.settlement_id._lock()
        for line in self:
            if line.status == "later" or (
                line.status == "billed" and not line.product_uom_id.is_zero(line.billed_qty)
            ):
                raise UserError(
                    self.env._(
                        "%s is billed already: cancel the bill, or take a credit note for it.",
                        line.product_id.display_name,
                    )
                    if line.status == "billed"
                    else self.env._(
                        "%s is left to a later settlement already.", line.product_id.display_name
                    )
                )
        lines = self.sudo()
        if price is not None:
            lines._correct_price(price)
        lines.write({"state": state, "reason": reason})
        if state == "open":
            lines._leave_to_later()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for (settlement, decided), some in self.grouped(
            lambda line: (line.settlement_id, line.state)
        ).items():
            body = f"{labels[decided]}: {', '.join(some.product_id.mapped('display_name'))}"
            settlement.sudo().message_post(body=f"{body}. {reason}" if reason else body)

    def _correct_price(self, price):
        """Let what was used cost something else than the vendor's price of the day."""
        for line in self:
            if line.invoice_line_ids.filtered(lambda part: part.parent_state != "cancel"):
                raise UserError(
                    self.env._(
                        "A part of %s is billed already: its price stays.",
                        line.product_id.display_name,
                    )
                )
        self.entry_ids.unit_price = price
        self.unit_price = price

    def _leave_to_later(self):
        """Let the next settlement take what was never billed, where the others are billed."""
        late = self.filtered(
            lambda line: (
                not line.invoice_line_ids
                and line.settlement_id.bill_ids.filtered(lambda bill: bill.state != "cancel")
            )
        )
        late.entry_ids.settlement_line_id = False
        late.state = "later"

    def _prepare_bill_line(self, sign):
        """Return the values of the line of a bill; of a credit note with the sign -1."""
        self.ensure_one()
        product = self.product_id.with_context(lang=self.partner_id.lang)
        return {
            "product_id": self.product_id.id,
            "name": product.display_name,
            "product_uom_id": self.product_uom_id.id,
            "quantity": sign * self.outstanding_qty,
            "price_unit": self.unit_price,
            "vmi_settlement_line_id": self.id,
        }

    def _describe_sum(self, amount_of):
        """Return the sum of a figure of the lines as a text, currency by currency."""
        sums = defaultdict(float)
        for line in self:
            sums[line.currency_id] += amount_of(line)
        return " + ".join(
            format_amount(self.env, total, currency)
            for currency, total in sorted(sums.items(), key=lambda pair: pair[0].id)
        )
