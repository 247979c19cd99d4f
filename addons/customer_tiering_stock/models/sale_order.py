from odoo import models


class Stamped(frozenset):
    """The ids of orders that have just got their stamp; no client can send such a set."""


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        # Deliveries are made before the stamp of customer_tiering has its turn: bring it forward.
        self._stamp_customer_tier()
        stamped = self.with_context(customer_tier_stamped=Stamped(self.ids))
        return super(SaleOrder, stamped)._action_confirm()

    def _stamp_customer_tier(self):
        return super(SaleOrder, self - self._with_fresh_stamp())._stamp_customer_tier()

    def _with_fresh_stamp(self):
        """Return the orders that are being confirmed and have just got their stamp."""
        fresh = self.env.context.get("customer_tier_stamped")
        if not isinstance(fresh, Stamped):
            return self.browse()
        return self.filtered(lambda order: order.id in fresh)

    def _get_delivery_priority(self):
        """Return the best delivery priority that the customers' tiers promise now.

        Read with elevated rights: whoever makes a delivery, makes it for the right customer
        first, and sees no tier.

        :return: ``"0"`` or ``"1"``
        """
        orders = self.sudo()
        fresh = orders._with_fresh_stamp()
        tiers = fresh.customer_tier_id
        if earlier := orders - fresh:
            for tier in earlier._get_held_tiers().values():
                tiers |= tier
        return tiers._get_delivery_priority()
