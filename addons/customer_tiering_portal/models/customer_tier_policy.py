from odoo import api, fields, models


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    mails_upgrades = fields.Boolean(
        "Mail on Upgrade",
        help="Customers get a mail when a tier run upgraded them. Overrides are not mailed.",
    )
    mails_downgrades = fields.Boolean(
        "Mail before Downgrade",
        help="Customers get a mail before they are downgraded, with what keeps their tier.",
    )
    notice_days = fields.Integer(
        "Days before Downgrade",
        default=14,
        help="How many days before the downgrade the mail is sent; at once where it is nearer.",
    )
    mails_since = fields.Date(
        readonly=True,
        copy=False,
        help="Upgrades before this day, on which the mails were turned on, are not mailed.",
    )

    _notice_days_range = models.Constraint(
        "CHECK (notice_days BETWEEN 1 AND 365)",
        "Days before Downgrade must be between 1 and 365.",
    )

    def write(self, vals):
        """Note the day on which mails on upgrades are turned on."""
        silent = self.filtered(lambda policy: not policy.mails_upgrades)
        result = super().write(vals)
        for policy in silent.filtered("mails_upgrades").sudo():
            policy.mails_since = policy.company_id._tiering_now().date()
        return result

    @api.model
    def _after_moves(self):
        """Have the customers who were upgraded told."""
        cron = self.env.ref("customer_tiering_portal.ir_cron_notice", raise_if_not_found=False)
        if cron and self.sudo().search_count([("mails_upgrades", "=", True)], limit=1):
            cron.sudo()._trigger()
        return super()._after_moves()

    @api.model
    def _describe_actions(self):
        return {**super()._describe_actions(), "mails": self.env._("Mails to customers")}
