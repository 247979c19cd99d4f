from odoo import api, fields, models, tools
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP
from odoo.exceptions import ValidationError


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    customer_tier_ids = fields.Many2many(
        "customer.tier",
        string="Only for Tiers",
        ondelete="restrict",
        context={"active_test": False},
        groups=TIERING_GROUP,
        help="Only customers who are in one of these tiers can use the program, with its codes, "
        "cards and coupons. Empty: all customers.",
    )

    @api.constrains("customer_tier_ids", "program_type")
    def _check_customer_tiers(self):
        for program in self.sudo():
            if program.customer_tier_ids and program.is_payment_program:
                raise ValidationError(
                    self.env._(
                        "%s holds money that customers have paid: leave Only for Tiers empty, so "
                        "that they can spend it in any tier.",
                        program.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        if any("customer_tier_ids" in vals for vals in vals_list):
            self.env.registry.clear_cache()
        return programs

    def write(self, vals):
        result = super().write(vals)
        if "customer_tier_ids" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_tiers_of_programs(self):
        """Return {program id: ids of its tiers} of the programs that are limited to tiers."""
        programs = self.sudo().with_context(active_test=False)
        return {
            program.id: frozenset(program.customer_tier_ids.ids)
            for program in programs.search([("customer_tier_ids", "!=", False)])
        }

    @api.model
    def _get_withheld_ids(self, tier):
        """Return the ids of the programs that are limited to other tiers.

        :param tier: the customer's, or none
        """
        return [
            program_id
            for program_id, tier_ids in self._get_tiers_of_programs().items()
            if tier.id not in tier_ids
        ]
