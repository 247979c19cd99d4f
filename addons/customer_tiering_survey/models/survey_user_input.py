from odoo import api, fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP


class SurveyUserInput(models.Model):
    _name = "survey.user_input"
    _inherit = ["survey.user_input", "customer.document"]

    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        readonly=True,
        help="The company that sent the invitation. Answers without one count for the "
        "satisfaction of the customers of every company.",
    )
    customer_tier_id = fields.Many2one(
        "customer.tier",
        "Tier",
        compute="_compute_customer_tier_id",
        compute_sudo=True,
        store=True,
        precompute=True,
        ondelete="set null",
        index="btree_not_null",
        groups=TIERING_GROUP,
        help="The customer's tier in that company when the invitation was sent.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Let a further attempt belong to the company of the invitation."""
        answers = super().create(vals_list)
        for answer, vals in zip(answers.sudo(), vals_list, strict=True):
            if vals.get("invite_token") and "company_id" not in vals:
                earlier = answer.search(
                    [("invite_token", "=", vals["invite_token"]), ("id", "not in", answers.ids)],
                    order="id",
                    limit=1,
                )
                if earlier.company_id:
                    answer.company_id = earlier.company_id
        return answers

    @api.depends("partner_id", "company_id")
    def _compute_customer_tier_id(self):
        """Keep the tier of the day of the invitation, whatever the tier is later."""
        standings = self.env["customer.standing"]
        tiers = standings._get_held_tiers(self.partner_id | self.made_for_id, self.company_id)
        for answer in self:
            customer = answer._get_customer()
            answer.customer_tier_id = tiers.get((customer, answer.company_id.root_id))
