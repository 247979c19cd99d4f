from odoo import models
from odoo.tools import float_round


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_program_domain(self):
        return [*super()._get_program_domain(), *self._get_withheld_domain("id")]

    def _get_trigger_domain(self):
        return [*super()._get_trigger_domain(), *self._get_withheld_domain("program_id")]

    def _program_check_compute_points(self, programs):
        """Multiply what loyalty cards earn by the factor of the customer's tier.

        Points of other programmes are no points to earn: they count what triggers a reward,
        as in three for two, or are money, as on gift cards.
        """
        result = super()._program_check_compute_points(programs)
        earning = programs.filtered(lambda program: program.program_type == "loyalty")
        factor = self._get_points_factor() if earning else 1
        if factor != 1:
            for program in earning:
                status = result[program]
                if "points" in status:
                    status["points"] = [
                        float_round(factor * points, precision_digits=2, rounding_method="DOWN")
                        for points in status["points"]
                    ]
        return result

    def _get_points_factor(self):
        factors = self.env["customer.tier"]._get_points_factors()
        return factors.get(self._get_held_tier().id, 1) if factors else 1

    def _get_withheld_domain(self, field_name):
        """Return the condition that leaves out the programmes of other tiers.

        It names programmes and not tiers, which salespeople without the right to see tiers
        and customers on the website must not be able to read.
        """
        programs = self.env["loyalty.program"]
        if not programs._get_tiers_of_programs():
            return []
        return [(field_name, "not in", programs._get_withheld_ids(self._get_held_tier()))]

    def _get_held_tier(self):
        """Return the tier that the customer holds now in the order's company, or none."""
        order = self.sudo()
        return order._get_held_tiers().get(order, order.env["customer.tier"])
