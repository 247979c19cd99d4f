from odoo import api, fields, models


class AccountMoveLine(models.Model):
    """A line of a bill is never one of a consigned order; it may be one of a settlement."""

    _inherit = "account.move.line"

    vmi_settlement_line_id = fields.Many2one(
        "vmi.consignment.settlement.line",
        "Settled Use",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )

    @api.constrains("purchase_line_id")
    def _check_not_consigned(self):
        self.sudo().purchase_line_id.order_id._check_billable()

    def _eligible_for_stock_account(self):
        """What was used is an expense: it never was stock of the company's own."""
        if self.sudo().vmi_settlement_line_id:
            return False
        return super()._eligible_for_stock_account()

    def _get_cogs_value(self):
        """Return the cost of a unit; of what customers gave back, that of the own units among it.

        Odoo takes the average of the delivery for a part of it, whoever's units came back.
        """
        value = super()._get_cogs_value()
        if self.move_id.move_type != "out_refund":
            return value
        moves = self._get_stock_moves().filtered(lambda move: move.state == "done")
        back = moves.filtered(lambda move: move.location_id.usage == "customer")
        vendors = self.env["stock.quant"]._find_consigning(
            self.company_id, moves.move_line_ids.owner_id
        )
        if not (back and vendors):
            return value
        posted = self._get_posted_refunds()
        quantity = sum(back.move_line_ids.mapped("quantity_product_uom")) - sum(
            line.product_uom_id._compute_quantity(line.quantity, self.product_id.uom_id)
            for line in posted
        )
        credited = self.product_uom_id._compute_quantity(self.quantity, self.product_id.uom_id)
        if self.product_id.uom_id.compare(quantity, credited) < 0:
            # More is credited than came back.
            return value
        worth = sum(back.filtered("is_in").mapped("value"))
        return (worth - sum(posted.mapped("balance"))) / quantity

    def _get_posted_refunds(self):
        """Return the lines by which earlier credit notes took the cost of the same sale back."""
        notes = self.sale_line_ids.order_id.invoice_ids.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        account = self.product_id.product_tmpl_id.get_product_accounts(
            fiscal_pos=self.move_id.fiscal_position_id
        )["stock_valuation"]
        return notes.line_ids.filtered(
            lambda line: (
                line.display_type == "cogs"
                and line.product_id == self.product_id
                and line.account_id == account
            )
        )

    def _copy_data_extend_business_fields(self, values):
        # A credit note that reverses a settlement's bill opens its lines again.
        result = super()._copy_data_extend_business_fields(values)
        values["vmi_settlement_line_id"] = self.sudo().vmi_settlement_line_id.id
        return result
