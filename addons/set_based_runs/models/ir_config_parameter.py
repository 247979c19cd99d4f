from odoo import api, models
from odoo.exceptions import ValidationError

from ..large_statements import LIMITS, read_number


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.constrains("key", "value")
    def _check_large_statements(self):
        """Refuse what PostgreSQL could not be told before large statements."""
        for parameter in self:
            limit = LIMITS.get(parameter.key)
            if limit and parameter.value and read_number(parameter.value, limit) is None:
                raise ValidationError(
                    self.env._(
                        "%(key)s must be a whole number from %(least)s to %(most)s, not %(value)s.",
                        key=parameter.key,
                        least=limit.least,
                        most=limit.most,
                        value=parameter.value,
                    )
                )
