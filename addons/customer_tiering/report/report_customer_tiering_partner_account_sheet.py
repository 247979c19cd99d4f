from odoo import api, models
from odoo.exceptions import UserError


class ReportCustomerTieringPartnerAccountSheet(models.AbstractModel):
    """The account sheets of contacts: those of their customers in the current company."""

    _name = "report.customer_tiering.partner_account_sheet"
    _inherit = "report.customer_tiering.account_sheet"
    _description = "Account Sheet of a Contact"

    @api.model
    def _find_standings(self, docids):
        partners = self.env["res.partner"].browse(docids).exists()
        partners.check_access("read")
        partners._check_field_access(partners._fields["customer_standing_id"], "read")
        standings = self.env["customer.standing"].browse(partners.customer_standing_id.ids)
        if partners and not standings:
            names = ", ".join(partners[:3].mapped("display_name"))
            raise UserError(self.env._("No customer score in this company: %s.", names))
        return standings
