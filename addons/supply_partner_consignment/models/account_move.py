from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Bills take no lines of consigned orders; settlements have bills of their own."""

    _inherit = "account.move"

    vmi_settlement_id = fields.Many2one(
        "vmi.consignment.settlement",
        "Consignment Settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        groups="base.group_user",
    )

    def _compute_is_purchase_matched(self):
        """There is no order to match a settlement's bill with."""
        settled = self.filtered(lambda move: move.sudo().vmi_settlement_id)
        settled.is_purchase_matched = True
        return super(AccountMove, self - settled)._compute_is_purchase_matched()

    def _add_purchase_order_lines(self, purchase_order_lines):
        purchase_order_lines.order_id._check_billable()
        return super()._add_purchase_order_lines(purchase_order_lines)

    def _get_accounting_date(self, invoice_date, has_tax, lock_dates=None):
        """Date a settlement's bill in its period, whenever the vendor's bill comes."""
        day = self.sudo().vmi_settlement_id.date_to
        if day and not self._get_violated_lock_dates(day, has_tax):
            return day
        return super()._get_accounting_date(invoice_date, has_tax, lock_dates=lock_dates)

    def _post(self, soft=True):
        for move in self:
            needs_number = move.sudo().vmi_settlement_id and not move.journal_id.is_self_billing
            if needs_number and not move.ref:
                raise UserError(
                    self.env._(
                        "Enter the number of the vendor's own bill as Bill Reference first: "
                        "%s settles what was used and waits for it.",
                        move.sudo().vmi_settlement_id.name,
                    )
                )
        return super()._post(soft=soft)

    def action_open_vmi_settlement(self):
        """Open the settlement that the bill is of."""
        self.ensure_one()
        return self.vmi_settlement_id.get_formview_action()
