from odoo import fields, models
from odoo.tools.sql import column_exists

from ..engine.history import recall_orders
from .customer_document import CUSTOMER_DOCUMENT
from .res_partner import TIERING_GROUP


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", CUSTOMER_DOCUMENT]

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

    was_sent = fields.Boolean(
        readonly=True,
        copy=False,
        help="The quotation was sent before it came into its present state.",
    )
    was_confirmed = fields.Boolean(
        readonly=True,
        copy=False,
        help="The order was confirmed before it came into its present state.",
    )

    def _auto_init(self):
        """Recall once what the orders that are there do not say themselves."""
        is_new = not column_exists(self.env.cr, self._table, "was_sent")
        result = super()._auto_init()
        if is_new:
            self.pool.post_init(recall_orders, self.env.cr)
        return result

    def write(self, vals):
        if "state" in vals:
            self._note_state_left(vals["state"])
        return super().write(vals)

    def action_count_for_contact(self):
        """Let orders count for their contacts' present customers: the contacts never moved."""
        self.check_access("write")
        self.sudo().made_for_id = False

    def _note_state_left(self, state):
        """Note which orders were sent, or confirmed, before they come into another state."""
        for left, field_name in (("sent", "was_sent"), ("sale", "was_confirmed")):
            orders = self.filtered(lambda order, left=left: order.state == left != state)
            orders = orders.filtered(lambda order, name=field_name: not order[name])
            if orders:
                # Whoever may write the state has it noted; by hand nobody writes it.
                orders.check_access("write")
                orders.sudo()[field_name] = True

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
        held = standings._get_held_tiers(self.partner_id | self.made_for_id, self.company_id)
        nothing = self.env["customer.tier"]
        return {
            order: held.get((order._get_customer()._origin, order.company_id.root_id), nothing)
            for order in self
        }
