from odoo import api, fields, models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    """An order whose goods stay the vendor's: it is received, and never billed."""

    _inherit = "purchase.order"

    vmi_is_consigned = fields.Boolean(
        "Consigned",
        readonly=True,
        copy=False,
        help="What arrives belongs to the vendor until it is used. The order is never billed: what "
        "was used is settled by period.",
        groups="base.group_user",
    )
    vmi_is_bought_over = fields.Boolean(
        "Bought Over",
        readonly=True,
        copy=False,
        help="The order buys what lay here already, consigned by the vendor.",
        groups="base.group_user",
    )
    # Whatever looks for orders to bill asks for other values.
    invoice_status = fields.Selection(
        selection_add=[("consigned", "Settled by Use")],
        ondelete={"consigned": lambda orders: orders.write({"invoice_status": "no"})},
    )

    @api.depends("vmi_is_consigned")
    def _get_invoiced(self):
        consigned = self.filtered("vmi_is_consigned")
        consigned.invoice_status = "consigned"
        return super(PurchaseOrder, self - consigned)._get_invoiced()

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals:
            # An order to another vendor is not the agreement's.
            for order in self.sudo().filtered("vmi_is_consigned"):
                if not order.vmi_agreement_id:
                    order.vmi_is_consigned = False
        return result

    def _prepare_picking(self):
        vals = super()._prepare_picking()
        if self.vmi_is_consigned:
            vals["owner_id"] = self.partner_id.id
        return vals

    def _prepare_grouped_data(self, rfq):
        return (*super()._prepare_grouped_data(rfq), rfq.vmi_is_consigned)

    def action_create_invoice(self, attachment_ids=False):
        self._check_billable()
        return super().action_create_invoice(attachment_ids)

    def _check_billable(self):
        """Raise UserError for orders that are settled by use."""
        consigned = self.filtered("vmi_is_consigned")
        if consigned:
            raise UserError(
                self.env._(
                    "%s is consigned: it is not billed. What was used is billed by a settlement, "
                    "under Supply Partners → Consignment.",
                    ", ".join(consigned.mapped("name")),
                )
            )

    def _create_picking(self):
        # What is bought over lies here already.
        ordinary = self.filtered(lambda order: not order.vmi_is_bought_over)
        return super(PurchaseOrder, ordinary)._create_picking()
