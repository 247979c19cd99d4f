from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.addons.supply_partner.models.vmi_agreement import BUYER_GROUP

# The rates are of so many months before the current one.
RATE_MONTHS = 12


class ResPartner(models.Model):
    """A vendor, with how well it served over the last months."""

    _inherit = "res.partner"

    vmi_fill_rate = fields.Float(
        "Fill Rate",
        compute="_compute_vmi_rates",
        groups=BUYER_GROUP,
        help="The share of what was due in the last 12 whole months that was delivered by its "
        "deadline from the vendor's shelves.",
    )
    vmi_demanded_qty = fields.Float(
        "Quantity Due", compute="_compute_vmi_rates", groups=BUYER_GROUP
    )
    vmi_otif_rate = fields.Float(
        "On Time in Full",
        compute="_compute_vmi_rates",
        groups=BUYER_GROUP,
        help="The share of order lines due in the last 12 whole months that came in full by the "
        "promised day.",
    )
    vmi_promised_count = fields.Integer(
        "Order Lines Due", compute="_compute_vmi_rates", groups=BUYER_GROUP
    )

    @api.depends_context("allowed_company_ids")
    def _compute_vmi_rates(self):
        this_month = self.env.company._vmi_today().replace(day=1)
        found = {
            partner: figures
            for partner, *figures in self.env["vmi.performance"]._read_group(
                [
                    ("partner_id", "in", self.ids),
                    ("company_id", "in", self.env.companies.ids),
                    ("month", ">=", this_month - relativedelta(months=RATE_MONTHS)),
                    ("month", "<", this_month),
                ],
                ["partner_id"],
                ["fill_rate:avg", "demanded_qty:sum", "otif_rate:avg", "promised_count:sum"],
            )
        }
        for partner in self:
            fill_rate, demanded, otif_rate, promised = found.get(partner, (0, 0, 0, 0))
            partner.vmi_fill_rate = fill_rate or 0
            partner.vmi_demanded_qty = demanded or 0
            partner.vmi_otif_rate = otif_rate or 0
            partner.vmi_promised_count = promised or 0
