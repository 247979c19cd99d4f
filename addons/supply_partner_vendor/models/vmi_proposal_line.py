from math import floor, isfinite

from odoo import models
from odoo.addons.supply_partner.models.vmi_proposal_line import MOST_QUANTITY
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_is_zero


class VmiProposalLine(models.Model):
    _inherit = "vmi.proposal.line"

    def _get_most_answer(self):
        """Return up to how much the vendor's answer needs nobody, in the product's unit.

        What fits below the maximum, in whole multiples; what was suggested fits in any case.
        """
        self.ensure_one()
        free = max(self.level_max_qty - self.position_qty - self.transfer_qty, 0)
        if self.multiple_qty:
            free = floor(free / self.multiple_qty + 1e-6) * self.multiple_qty
        return max(free, self.suggested_qty)

    def _check_vendor_answer(self, quantity):
        """Raise UserError for what cannot be delivered at all."""
        self.ensure_one()
        is_number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
        if not is_number or not isfinite(quantity) or not 0 <= quantity <= MOST_QUANTITY:
            raise UserError(
                self.env._(
                    "%s: enter a number of 0 or more.",
                    self.product_id.with_context(display_default_code=False).display_name,
                )
            )

    def _get_answer_reason(self):
        """Return why the buyer has to look at the vendor's answer; None when nobody has to."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        names = {"product": self.product_id.display_name, "value": None}
        number, answer = self._format_quantity, self.vendor_qty
        most = self._get_most_answer()
        if float_compare(answer, most, precision_digits=digits) > 0:
            names.update(value=number(answer), most=number(most))
            return self.env._("%(product)s: %(value)s is more than the %(most)s that fit.", **names)
        if answer and self.multiple_qty:
            count = answer / self.multiple_qty
            if not float_is_zero(count - round(count), precision_digits=6):
                names.update(value=number(answer), multiple=number(self.multiple_qty))
                return self.env._(
                    "%(product)s: %(value)s is no whole multiple of %(multiple)s.", **names
                )
        if answer and self.price_difference > 0:
            names.pop("value")
            return self.env._("%(product)s: the price is above the agreed one.", **names)
        days = self.proposal_id.agreement_id.approval_limit_days
        reached = self.position_qty + self.transfer_qty + answer
        if answer and days and reached > self.daily_demand * days:
            names.update(value=number(days))
            return self.env._("%(product)s would have more than %(value)s days of supply.", **names)
        return None
