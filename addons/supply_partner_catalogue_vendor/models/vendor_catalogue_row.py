from odoo import api, models


class VendorCatalogueRow(models.Model):
    _inherit = "vendor.catalogue.row"

    def _get_concern_texts(self):
        return {
            **super()._get_concern_texts(),
            "foreign": self.env._("Not of the sender's agreements"),
        }

    @api.model
    def _judge(self, catalogue, staged):
        """Leave to the buyer what is not of the agreements that the sender may see."""
        super()._judge(catalogue, staged)
        if catalogue.source != "vendor":
            return
        products = catalogue._get_sender_rows()._get_quoted_product_ids()
        for vals in staged:
            is_foreign = products is not None and vals["product_id"] not in products
            if is_foreign and vals["state"] != "error":
                codes = [code for code in (vals["concerns"], "foreign") if code]
                vals.update(concerns=",".join(codes), state="waiting")
