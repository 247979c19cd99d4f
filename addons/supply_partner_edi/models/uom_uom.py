from odoo import models

from ..tools import CODES, EdifactError


class UomUom(models.Model):
    _inherit = "uom.uom"

    def _from_edi(self, quantity, code, segment, product):
        """Return a quantity of a message in this unit.

        :param code: of the message's unit; "": it is this unit already
        :param segment: where it stands, for an error
        :raise EdifactError: for a unit that is unknown, or measures something else
        """
        self.ensure_one()
        if not code:
            return quantity
        if code not in CODES:
            raise EdifactError("unknown_unit", segment, "QTY", code=code)
        unit = self.env.ref(CODES[code], raise_if_not_found=False)
        if not unit or not unit._has_common_reference(self):
            raise EdifactError(
                "wrong_unit",
                segment,
                "QTY",
                code=code,
                unit=self.name,
                product=product.display_name,
            )
        return unit._compute_quantity(quantity, self, round=False)
