from odoo import models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import AccessError, MissingError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_portal_standing(self):
        """Return the standing of the contact's customer in the current company, with all rights.

        Empty where the company does not show tiers to customers, or where the customer has none.
        What is read from it for a customer is for :meth:`_prepare_portal_tier` to choose.
        """
        self.ensure_one()
        standings = self.env["customer.standing"].sudo()
        root = self.env.company.sudo().root_id
        if not root.shows_tier_on_portal:
            return standings
        return standings.search(
            [
                ("partner_id", "=", self.sudo().commercial_partner_id.id),
                ("company_id", "=", root.id),
                ("tier_id", "!=", False),
            ],
            limit=1,
        )

    def _prepare_portal_tier(self):
        """Return what the user may see of the own tier, as texts: nothing else leaves the method.

        :return: {"tier": {"name", "icon", "color", "since", "description"}, "benefits": [sentence],
            "stay": sentence or False, "next": {"name", "benefits", "needed"} or False}
        :raise AccessError: for a contact who is not the user's own
        :raise MissingError: where there is no tier to show
        """
        self.ensure_one()
        own = self.env.user.partner_id.sudo().commercial_partner_id
        if self.sudo().commercial_partner_id != own:
            raise AccessError(self.env._("Only your own tier can be shown."))
        standing = self._get_portal_standing()
        if not standing:
            raise MissingError(self.env._("There is no tier to show."))
        tier = standing.tier_id
        better = tier._get_neighbours()[0]
        # What is needed counts from the tier by score, which a grace period puts below the tier.
        needed = standing.needed_for_next if standing.next_tier_id == better else False
        return {
            "tier": {
                "name": tier.name,
                "icon": tier.icon,
                "color": tier.color,
                "since": format_full_day(self.env, standing.tier_since),
                "description": tier.description,
            },
            "benefits": tier._describe_benefits(for_customer=True),
            "stay": standing.needed_to_stay,
            "next": better
            and {
                "name": better.name,
                "benefits": better._describe_benefits(for_customer=True),
                "needed": needed,
            },
        }
