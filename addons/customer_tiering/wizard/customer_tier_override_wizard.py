from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.customer_tier_override import MANAGER_GROUP


class CustomerTierOverrideWizard(models.TransientModel):
    """One decision for many customers: those chosen in a list, or those with a tag."""

    _name = "customer.tier.override.wizard"
    _description = "Override Customers"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", default=lambda self: self._default_partners()
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Customers with a Tag",
        help="All contacts with one of these tags, or a tag below them; contacts stand for their "
        "company. This is how a ladder kept by tags is taken over.",
    )
    keeps_out = fields.Boolean(
        "Keep out of the ladder", help="For your own companies, for instance. They are not ranked."
    )
    tier_id = fields.Many2one(
        "customer.tier",
        domain="[('company_id', '=', company_id), ('policy_id.active', '=', True)]",
    )
    reason = fields.Char(required=True)
    date_end = fields.Date(
        "Last Day",
        default=lambda self: fields.Date.context_today(self) + relativedelta(years=1),
        help="The overrides hold up to and including this day.",
    )
    customer_count = fields.Integer("Customers in all", compute="_compute_customer_count")
    is_request = fields.Boolean(
        compute="_compute_is_request", help="A manager has to approve what is asked for here."
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
        """Make one override per customer, or one request where that needs an approval."""
        self.ensure_one()
        partners = self._get_partners()
        if not partners:
            raise UserError(self.env._("Nobody to override: choose Customers, or a tag they have."))
        if not self.keeps_out and not self.tier_id:
            raise UserError(self.env._("Choose the Tier, or Keep out of the ladder."))
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
                message = self.env._("The request for %s waits for approval.", customer)
            else:
                message = self.env._("%s is overridden.", customer)
        elif requested:
            message = self.env._("%s requests wait for approval.", len(requested))
        else:
            message = self.env._("%s customers overridden.", len(overrides))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
