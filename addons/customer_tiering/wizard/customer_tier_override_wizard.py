from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.customer_tier_override import MANAGER_GROUP


class CustomerTierOverrideWizard(models.TransientModel):
    """Override the tiers of the selected customers, or of those with a tag."""

    _name = "customer.tier.override.wizard"
    _description = "Override Tiers"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", default=lambda self: self._default_partners()
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Tags",
        help="Adds all customers with one of these tags, or with a tag below them; contacts count "
        "for their company. Use it if you kept tiers as tags before.",
    )
    keeps_out = fields.Boolean(
        "Exclude from Tiering", help="The customers get no tier: your own companies, for example."
    )
    tier_id = fields.Many2one(
        "customer.tier",
        domain="[('company_id', '=', company_id), ('policy_id.active', '=', True)]",
    )
    reason = fields.Char(required=True)
    date_end = fields.Date(
        "Last Day",
        default=lambda self: fields.Date.context_today(self) + relativedelta(years=1),
        help="Last day of the overrides, inclusive.",
    )
    customer_count = fields.Integer("Number of Customers", compute="_compute_customer_count")
    effect = fields.Char(compute="_compute_effect")
    by_tag = fields.Boolean(
        help="The dialog was opened for the customers with a tag, and asks for it."
    )
    is_request = fields.Boolean(
        compute="_compute_is_request", help="A manager has to approve the overrides."
    )

    @api.model
    def _default_partners(self):
        model = self.env.context.get("active_model")
        chosen = self.env.context.get("active_ids") or []
        if model == "res.partner":
            return self.env[model].browse(chosen).commercial_partner_id
        if model == "customer.standing":
            return self.env[model].browse(chosen).partner_id
        return self.env["res.partner"]

    @api.depends("partner_ids", "category_ids")
    def _compute_customer_count(self):
        for wizard in self:
            wizard.customer_count = len(wizard._get_partners())

    @api.depends("partner_ids", "category_ids", "tier_id", "keeps_out", "date_end")
    @api.depends_context("lang")
    def _compute_effect(self):
        nothing = self.env["customer.tier"]
        for wizard in self:
            tier = nothing if wizard.keeps_out else wizard.tier_id
            is_complete = wizard.keeps_out or wizard.tier_id
            wizard.effect = bool(is_complete) and self.env[
                "customer.tier.override"
            ]._describe_effect(wizard._get_partners(), tier, wizard.date_end)

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_is_request(self):
        is_manager = self.env.user.has_group(MANAGER_GROUP)
        for wizard in self:
            override = self.env["customer.tier.override"].new({"company_id": wizard.company_id.id})
            wizard.is_request = not is_manager or override._get_policy().approve_overrides

    def _get_partners(self):
        tagged = self.env["res.partner"]
        if self.category_ids:
            tagged = tagged.search([("category_id", "child_of", self.category_ids.ids)])
        # Archived ones have nothing to be overridden into.
        return (self.partner_ids | tagged).commercial_partner_id.filtered("active")._origin

    def action_override(self):
        """Create an override per customer, or a request where it needs approval."""
        self.ensure_one()
        partners = self._get_partners()
        if not partners:
            raise UserError(self.env._("Select at least one customer or tag."))
        if not self.keeps_out and not self.tier_id:
            raise UserError(self.env._("Select a Tier, or tick Exclude from Tiering."))
        overrides = self.env["customer.tier.override"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company_id.id,
                    "tier_id": not self.keeps_out and self.tier_id.id,
                    "reason": self.reason,
                    "date_end": self.date_end,
                }
                for partner in partners
            ]
        )
        requested = overrides.filtered(lambda override: override.state == "requested")
        if len(overrides) == 1:
            customer = overrides.partner_id.display_name
            if requested:
                message = self.env._("The tier override of %s is waiting for approval.", customer)
            else:
                message = self.env._("The tier of %s is overridden.", customer)
        elif requested:
            message = self.env._("%s tier overrides are waiting for approval.", len(requested))
        else:
            message = self.env._("The tiers of %s customers are overridden.", len(overrides))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
