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
        help="Customers who hold one of these tiers can use the programme, with its codes, cards "
        "and coupons, as long as they hold it. Empty: everybody can.",
    )

    @api.constrains("customer_tier_ids", "program_type")
    def _check_customer_tiers(self):
        for program in self.sudo():
            if program.customer_tier_ids and program.is_payment_program:
                raise ValidationError(
                    self.env._(
                        "%s is money that customers paid in: leave Only for Tiers empty, for "
                        "whoever loses the tier must still be able to spend it.",
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
        """Return {program id: ids of its tiers} of the programmes that are kept to tiers."""
        programs = self.sudo().with_context(active_test=False)
        return {
            program.id: frozenset(program.customer_tier_ids.ids)
            for program in programs.search([("customer_tier_ids", "!=", False)])
        }

    @api.model
    def _get_withheld_ids(self, tier):
        """Return the ids of the programmes that are kept to other tiers.

        :param tier: the customer's, or none
        """
        return [
            program_id
            for program_id, tier_ids in self._get_tiers_of_programs().items()
            if tier.id not in tier_ids
        ]
