from odoo import fields, models

from .res_partner import TIERING_GROUP


class SaleOrder(models.Model):
    _inherit = "sale.order"

    customer_tier_id = fields.Many2one(
        "customer.tier",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups=TIERING_GROUP,
        help="The tier that the customer held when the order was confirmed. Later moves do not "
        "change it.",
    )
    customer_tier_color = fields.Integer(
        related="customer_tier_id.color", string="Tier Color", groups=TIERING_GROUP
    )

    def _action_confirm(self):
        # Before the documents that follow: what is set here goes out with the order's own update.
        self._stamp_customer_tier()
        return super()._action_confirm()

    def _stamp_customer_tier(self):
        """Note on each order the tier that its customer holds now in the order's company.

        Whoever may confirm an order confirms it for good, also a salesperson without the
        right to see tiers and a customer who signs in the portal: only this one field is
        read and written with elevated rights, and neither of them can read it afterwards.
        """
        orders = self.sudo()
        held = orders._get_held_tiers()
        for order in orders:
            order.customer_tier_id = held[order]

    def _get_held_tiers(self):
        """Return the tiers that the orders' customers hold now in the orders' companies.

        Call it on a sudo recordset after deciding that they may be read.

        :return: {order: tier, empty where the customer holds none}
        """
        standings = self.env["customer.standing"]
        held = standings._get_held_tiers(self.partner_id, self.company_id)
        nothing = self.env["customer.tier"]
        return {
            order: held.get(
                (order.partner_id.commercial_partner_id._origin, order.company_id.root_id), nothing
            )
            for order in self
        }
