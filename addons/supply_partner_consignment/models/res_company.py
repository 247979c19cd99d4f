from odoo import fields, models

RESERVATION_ORDERS = [("own", "Own First"), ("vendor", "The Vendor's First")]


class ResCompany(models.Model):
    """How a company uses vendors' stock beside its own."""

    _inherit = "res.company"

    vmi_reservation_order = fields.Selection(
        RESERVATION_ORDERS,
        "Own and Consigned Stock",
        required=True,
        default="own",
        groups="base.group_user",
        help="Of a product that lies here as your own and as a vendor's, which is used first. It "
        "goes before the removal strategy, and so before expiry dates.",
    )
    vmi_self_billing_journal_id = fields.Many2one(
        "account.journal",
        "Self-Billing Journal",
        check_company=True,
        groups="base.group_user",
        domain="[('type', '=', 'purchase'), ('is_self_billing', '=', True)]",
        help="In which settlements are billed that you bill in the vendor's name.",
    )
    # Every entry of the ledger writes it, so that two never enter the same thing.
    vmi_ledger_booked_at = fields.Datetime(
        "Consignment Ledger Updated", readonly=True, groups=fields.NO_ACCESS
    )
