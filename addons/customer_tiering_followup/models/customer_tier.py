from odoo import fields, models


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    welcome_plan_id = fields.Many2one(
        "mail.activity.plan",
        domain="[('res_model', '=', 'res.partner'), ('company_id', 'in', (company_id, False))]",
        help="Activities for each customer who is upgraded to this tier, and for new customers "
        "who get it as their first tier. Customers of the first tier run get none.",
    )
    winback_plan_id = fields.Many2one(
        "mail.activity.plan",
        "Win-back Plan",
        domain="[('res_model', '=', 'res.partner'), ('company_id', 'in', (company_id, False))]",
        help="Activities for each customer who is downgraded from this tier, or is no longer "
        "tiered.",
    )

    def _describe_benefits(self, for_customer=False):
        """Add the follow-ups, which nobody tells customers of beforehand."""
        sentences = super()._describe_benefits(for_customer)
        days = self.sudo().service_level_id.filtered("active").followup_days
        if days and not for_customer:
            sentences.append(self.env._("A follow-up every %s days", days))
        return sentences

    def _are_in_use(self):
        followups = self.env["customer.followup"].sudo()
        return super()._are_in_use() or bool(
            followups.search_count([("tier_id", "in", self.ids)], limit=1)
        )
