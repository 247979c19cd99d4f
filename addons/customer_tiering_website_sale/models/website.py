from odoo import models
from odoo.addons.website_sale.models.website import (
    PRICELIST_SELECTED_SESSION_CACHE_KEY,
    PRICELIST_SESSION_CACHE_KEY,
)
from odoo.http import request

# The customer's pricelist, own or of the tier, by which the session chose the one it keeps.
CUSTOMER_PRICELIST_SESSION_KEY = "customer_tiering_customer_pl"


class Website(models.Model):
    _inherit = "website"

    def get_pricelist_available(self, show_visible=False):
        """Let customers whose tier gives a pricelist that is not for the shop go back to it."""
        pricelists = super().get_pricelist_available(show_visible=show_visible)
        return pricelists | self._get_customer_pricelist().filtered(self._is_for_its_customer_alone)

    def _get_customer_pricelist(self):
        """Return the pricelist of who is signed in, own or by the tier; none for the public."""
        if self.env.user._is_public():
            return self.env["product.pricelist"]
        return self.with_company(self.company_id).env.user.partner_id.property_product_pricelist

    def _is_for_its_customer_alone(self, pricelist):
        """Return whether the pricelist of who is signed in is not for the shop's visitors."""
        return not pricelist._is_available_on_website(self) and (
            pricelist.only_for_tiers or self._is_of_the_customers_tier(pricelist)
        )

    def _is_of_the_customers_tier(self, pricelist):
        pricelists = self.with_company(self.company_id).env["product.pricelist"]
        return pricelist in pricelists._get_tier_pricelists(self.env.user.partner_id).values()

    def _get_and_cache_current_pricelist(self):
        """Choose anew when the customer's pricelist is another than when the session chose."""
        chosen_for = self._get_customer_pricelist().sudo()
        if not chosen_for or self._get_picked_pricelist(chosen_for):
            return super()._get_and_cache_current_pricelist()
        last = request.session.get(CUSTOMER_PRICELIST_SESSION_KEY)
        if not last and not self._is_of_the_customers_tier(chosen_for):
            # Nothing has changed that is known of: what the session has stays, as in Odoo.
            last = request.session[CUSTOMER_PRICELIST_SESSION_KEY] = chosen_for.id
        if last != chosen_for.id:
            if request.env.cr.readonly:
                # The cart can follow in a request that may write only, and then the session does.
                return chosen_for
            return self._choose_pricelist_anew(chosen_for, super()._get_and_cache_current_pricelist)
        kept = request.session.get(PRICELIST_SESSION_CACHE_KEY)
        if kept == chosen_for.id and self._is_for_its_customer_alone(chosen_for):
            # Odoo would find that it is not for the shop.
            return chosen_for
        return super()._get_and_cache_current_pricelist()

    def _choose_pricelist_anew(self, chosen_for, choose):
        """Forget the pricelist that the session keeps, and choose as Odoo does.

        :param chosen_for: the customer's pricelist, by which the choice is made
        :param choose: Odoo's choice
        """
        cart = request.cart
        before = cart.pricelist_id
        request.session.pop(PRICELIST_SESSION_CACHE_KEY, None)
        pricelist = choose()
        request.session[CUSTOMER_PRICELIST_SESSION_KEY] = chosen_for.id
        if cart.pricelist_id != before:
            cart._recompute_prices()
        return pricelist

    def _get_picked_pricelist(self, customer_pricelist):
        """Return the pricelist that the visitor picked, if it is still theirs to pick.

        A pick of what was the pricelist of a former tier is forgotten.
        """
        picked = (
            self.env["product.pricelist"]
            .sudo()
            .browse(request.session.get(PRICELIST_SELECTED_SESSION_CACHE_KEY))
            .exists()
        )
        if picked == customer_pricelist or (
            picked and (picked.selectable or picked.code) and picked._is_available_on_website(self)
        ):
            return picked
        request.session.pop(PRICELIST_SELECTED_SESSION_CACHE_KEY, None)
        return picked.browse()

    def _get_and_cache_current_cart(self):
        """Reprice the cart when its customer's tier has changed."""
        cart = super()._get_and_cache_current_cart()
        if (
            cart
            and not self.env.user._is_public()
            and not request.env.cr.readonly
            and cart.is_priced_by_former_tier
        ):
            cart._take_current_tier()
            if picked := self._get_picked_pricelist(self._get_customer_pricelist().sudo()):
                cart.pricelist_id = picked
            cart._recompute_prices()
        return cart
