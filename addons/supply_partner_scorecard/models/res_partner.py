from odoo import api, fields, models
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP


class ResPartner(models.Model):
    """A vendor, with its score in the current company."""

    _inherit = "res.partner"

    vendor_standing_id = fields.Many2one(
        "vendor.standing",
        "Vendor Score",
        compute="_compute_vendor_standing",
        groups=BUYER_GROUP,
    )
    vendor_score = fields.Float(
        "Score as a Vendor", digits=(5, 2), compute="_compute_vendor_standing", groups=BUYER_GROUP
    )
    vendor_band_id = fields.Many2one(
        "vendor.scorecard.band", "Band", compute="_compute_vendor_standing", groups=BUYER_GROUP
    )
    vendor_standing_text = fields.Char(
        "Score and Band", compute="_compute_vendor_standing", groups=BUYER_GROUP
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_vendor_standing(self):
        """Find the standings of all vendors at once."""
        found = {
            standing.partner_id: standing
            for standing in self.env["vendor.standing"].search(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company.id),
                ]
            )
        }
        for partner in self:
            standing = found.get(partner.commercial_partner_id, self.env["vendor.standing"])
            partner.vendor_standing_id = standing
            partner.vendor_score = standing.score if standing.state == "rated" else 0
            partner.vendor_band_id = standing.band_id
            partner.vendor_standing_text = standing and standing._describe_briefly()

    @api.readonly
    def action_open_vendor_page(self):
        """Open the page of the vendor's score."""
        self.ensure_one()
        return self.vendor_standing_id._open_page()
