from odoo import fields, models
from odoo.exceptions import UserError

# The owners of an agreement's states in which its vendor may have stock with the company.
CONSIGNING_STATES = ("running", "suspended", "closed")


class VmiAgreement(models.Model):
    """An agreement whose stock may stay the vendor's until it is used."""

    _inherit = "vmi.agreement"

    ownership = fields.Selection(
        [("buyer", "Buyer"), ("consigned", "Vendor (Consignment)")],
        "Stock Belongs To",
        required=True,
        default="buyer",
        tracking=True,
        help="Buyer: what arrives is yours and is billed.\n"
        "Vendor: what arrives stays the vendor's. Nothing is billed or valued until it is used; "
        "what was used is settled by period.",
    )

    def write(self, vals):
        if "ownership" in vals:
            for agreement in self:
                if agreement.state != "draft" and agreement.ownership != vals["ownership"]:
                    raise UserError(
                        self.env._(
                            "%(agreement)s is not a draft any more, so its stock goes on belonging "
                            "to whom it was agreed. Close it and make another one.",
                            agreement=agreement.name,
                        )
                    )
        return super().write(vals)

    def _describe_start(self):
        sentences = super()._describe_start()
        if self.ownership == "consigned":
            sentences.append(
                self.env._(
                    "What arrives belongs to %s until it is used. Nothing is billed before a "
                    "settlement.",
                    self.partner_id.display_name,
                )
            )
        return sentences
