from odoo import api, fields, models
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP


class ResPartner(models.Model):
    """A vendor, with what it is to the current company's sourcing."""

    _inherit = "res.partner"

    sourcing_vendor_id = fields.Many2one(
        "vendor.sourcing.vendor", compute="_compute_sourcing", groups=BUYER_GROUP
    )
    sourcing_text = fields.Char("Sourcing", compute="_compute_sourcing", groups=BUYER_GROUP)
    vendor_qualification_count = fields.Integer(
        "Qualifications", compute="_compute_vendor_qualification_count", groups=BUYER_GROUP
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "lang")
    def _compute_sourcing(self):
        rows = self.env["vendor.sourcing.vendor"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ]
        )
        found = {row.partner_id: row for row in rows}
        for partner in self:
            row = found.get(partner.commercial_partner_id, rows.browse())
            partner.sourcing_vendor_id = row
            partner.sourcing_text = row and row._describe_briefly()

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_vendor_qualification_count(self):
        counts = dict(
            self.env["vendor.qualification"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company.id),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.vendor_qualification_count = counts.get(partner.commercial_partner_id, 0)

    @api.readonly
    def action_open_sourcing_drill(self):
        """Show what happens if the vendor stops today."""
        self.ensure_one()
        return self.env["vendor.sourcing.vendor"]._open_drill(self.commercial_partner_id)

    def action_open_qualifications(self):
        """Open the vendor's qualifications."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supply_partner_sourcing.vendor_qualification_action"
        )
        partner = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", partner.id)],
            "context": {"default_partner_id": partner.id},
        }
