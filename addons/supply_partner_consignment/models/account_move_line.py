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

    def _copy_data_extend_business_fields(self, values):
        # A credit note that reverses a settlement's bill opens its lines again.
        result = super()._copy_data_extend_business_fields(values)
        values["vmi_settlement_line_id"] = self.sudo().vmi_settlement_line_id.id
        return result
