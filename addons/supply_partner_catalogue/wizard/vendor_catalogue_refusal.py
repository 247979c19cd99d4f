from odoo import fields, models


class VendorCatalogueRefusal(models.TransientModel):
    """The reason for which prices of a list are refused."""

    _name = "vendor.catalogue.refusal"
    _description = "Refuse Vendor Prices"

    row_ids = fields.Many2many(
        "vendor.catalogue.row",
        string="Prices",
        required=True,
        default=lambda self: self._default_rows(),
    )
    reason = fields.Char(required=True, help="For whoever entered the prices, the vendor too.")

    def _default_rows(self):
        rows = self.env["vendor.catalogue.row"]
        if self.env.context.get("active_model") != rows._name:
            return rows
        return rows.browse(self.env.context.get("active_ids"))

    def action_refuse(self):
        """Refuse the prices for the reason given."""
        self.ensure_one()
        self.row_ids._refuse(self.reason)
        message = self.env._("%s refused", len(self.row_ids))
        return self.row_ids.catalogue_id._answer(message)
