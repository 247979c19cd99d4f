from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, MissingError
from odoo.http import request


class TierPortal(CustomerPortal):
    """The customer's own tier among the pages of the portal."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "tier_count" in counters:
            values["tier_count"] = int(bool(request.env.user.partner_id._get_portal_standing()))
        return values

    @http.route("/my/tier", type="http", auth="user", website=True, readonly=True)
    def portal_my_tier(self):
        """Show the tier of the user's company; back to the start page where there is none."""
        try:
            page = request.env.user.partner_id._prepare_portal_tier()
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = self._prepare_portal_layout_values()
        return request.render(
            "customer_tiering_portal.portal_my_tier", {**values, "page_name": "tier", **page}
        )
