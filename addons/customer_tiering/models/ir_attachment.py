from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        """Check the domain first: Odoo goes on with all rights before every model's own check."""
        return super()._search(
            self._check_tier_domain(domain),
            offset,
            limit,
            order,
            active_test=active_test,
            bypass_access=bypass_access,
        )
