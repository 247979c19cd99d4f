from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, format_amount
from odoo.tools.sql import column_exists, create_column

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
        help="The customer's tier when the order was confirmed.",
    )
    was_sent = fields.Boolean(
        readonly=True,
        copy=False,
        help="The quotation was sent before its current status.",
    )
    was_confirmed = fields.Boolean(
        readonly=True,
        copy=False,
        help="The order was confirmed before its current status.",
    )
    cancelled_on = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which the quotation or order was cancelled last.",
    )
    quoted_tier_id = fields.Many2one(
        "customer.tier",
        "Priced for Tier",
        compute="_compute_quoted_tier_id",
        store=True,
        ondelete="set null",
        groups=TIERING_GROUP,
        help="The customer's tier when the quotation was created or last repriced. The quotation "
        "has its pricelist, payment terms and tier discount.",
    )
    current_tier_id = fields.Many2one(
        "customer.tier",
        compute="_compute_current_tier_id",
        compute_sudo=True,
        groups=TIERING_GROUP,
        help="The customer's tier today in the quotation's company.",
    )
    is_priced_by_former_tier = fields.Boolean(
        compute="_compute_current_tier_id",
        compute_sudo=True,
        groups=TIERING_GROUP,
        help="The customer's tier has changed, and gives other prices or payment terms.",
    )
    tier_discount_note = fields.Char(
        compute="_compute_tier_discount_note",
        compute_sudo=True,
        help="The tier discount in words, for users who do not see the discount column.",
    )

    # Only the customer and the company: a nightly evaluation must not touch open quotations.
    @api.depends("partner_id", "company_id")
    def _compute_quoted_tier_id(self):
        held = self._get_held_tiers()
        for order in self:
            order.quoted_tier_id = held[order]

    @api.depends("partner_id", "company_id", "state", "quoted_tier_id")
    def _compute_current_tier_id(self):
        held = self._get_held_tiers()
        for order in self:
            tier = held[order]
            order.current_tier_id = tier
            order.is_priced_by_former_tier = order._is_open_quotation() and not (
                tier._gives_same_prices_as(order.quoted_tier_id)
            )

    @api.depends(
        "quoted_tier_id", "currency_id", "order_line.discount", "order_line.price_unit",
        "order_line.product_uom_qty",
    )  # fmt: skip
    @api.depends_context("uid", "lang")
    def _compute_tier_discount_note(self):
        # Whoever sees the column of discounts needs no note.
        shows_discounts = self.env.user.has_group("sale.group_discount_per_so_line")
        for order in self:
            order.tier_discount_note = not shows_discounts and order._describe_tier_discount()

    def _describe_tier_discount(self):
        """Return the tier discount in words, with its amount in the order's currency; or False.

        Also for a customer who reads the quotation, to whom it names no tier.
        """
        self.ensure_one()
        order = self.sudo()
        share = round(100 * order.quoted_tier_id.discount, 2)
        lines = order.order_line.filtered(
            # By hand, somebody may have given another discount.
            lambda line: float_compare(line.discount, share, precision_digits=2) == 0
        )
        if not share or not lines:
            return False
        amount = sum(line.price_unit * line.product_uom_qty * line.discount / 100 for line in lines)
        return self.env._(
            "%(share)s %% tier discount: −%(amount)s",
            share=f"{share:g}",
            amount=format_amount(self.env, amount, order.currency_id),
        )

    def _compute_payment_term_id(self):
        """Put the tier's payment terms between the customer's own and the general default."""
        result = super()._compute_payment_term_id()
        own_terms = self.env["res.partner"]._fields["property_payment_term_id"]
        for order in self:
            terms = order.sudo().quoted_tier_id._get_payment_term(order.company_id)
            if not terms:
                continue
            partner = order.partner_id.with_company(order.company_id)
            own = partner.property_payment_term_id
            if not own or own == own_terms.get_company_dependent_fallback(partner):
                order.payment_term_id = terms.id
        return result

    @api.onchange("partner_id")
    def _onchange_partner_id_show_update_prices(self):
        """Offer to update prices where a discount may be the former customer's."""
        if self._origin.partner_id != self.partner_id and (
            self.sudo().quoted_tier_id.discount or any(self.order_line.mapped("discount"))
        ):
            self.show_update_pricelist = self.show_update_pricelist or bool(self.order_line)

    def _auto_init(self):
        """Recall once what the orders that are there do not say, and price none of them anew."""
        is_new = not column_exists(self.env.cr, self._table, "was_sent")
        if not column_exists(self.env.cr, self._table, "quoted_tier_id"):
            create_column(self.env.cr, self._table, "quoted_tier_id", "int4")
        result = super()._auto_init()
        if is_new:
            self.pool.post_init(recall_orders, self.env.cr)
        return result

    def write(self, vals):
        if "state" in vals:
            self._note_state_left(vals["state"])
        return super().write(vals)

    def copy(self, default=None):
        """Keep with the copied prices the tier that they come from."""
        copies = super().copy(default)
        for order, copied in zip(self.sudo(), copies.sudo(), strict=True):
            if copied.partner_id == order.partner_id and copied.company_id == order.company_id:
                copied.quoted_tier_id = order.quoted_tier_id
        return copies

    def action_count_for_contact(self):
        """Let orders count for their contacts' present customers: the contacts never moved."""
        self.check_access("write")
        self.sudo().made_for_id = False

    def action_reprice_for_tier(self):
        """Give open quotations the pricelist, terms, prices and discounts of the tier held now.

        :raise UserError: if an order is no open quotation any more
        """
        for order in self:
            if not order._is_open_quotation():
                raise UserError(
                    self.env._("Only open quotations can be repriced; %s is not one.", order.name)
                )
            order._take_current_tier()
            order.action_update_prices()

    def _note_state_left(self, state):
        """Note which orders were sent, or confirmed, before they come into another state."""
        for left, field_name in (("sent", "was_sent"), ("sale", "was_confirmed")):
            orders = self.filtered(lambda order, left=left: order.state == left != state)
            orders = orders.filtered(lambda order, name=field_name: not order[name])
            if orders:
                # Whoever may write the state has it noted; by hand nobody writes it.
                orders.check_access("write")
                orders.sudo()[field_name] = True
        if state == "cancel":
            orders = self.filtered(lambda order: order.state != "cancel")
            orders.check_access("write")
            for company, cancelled in orders.sudo().grouped("company_id").items():
                cancelled.cancelled_on = company._tiering_now().date()

    def _describe_lost(self):
        """Return the quotation that was lost as an event of the customer's timeline."""
        self.ensure_one()
        standings = self.env["customer.standing"]
        amount = format_amount(self.env, self.amount_untaxed, self.currency_id)
        if self.state == "cancel":
            # Of those from before the day was noted, it is the last change of anything.
            day = self.cancelled_on or self.write_date.date()
            title = self.env._("Quotation lost: %s", self.name)
        else:
            day = self.validity_date
            title = self.env._("Quotation expired: %s", self.name)
        return standings._prepare_event(day, "fa-file-text-o", title, amount, "danger")

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

    def _take_current_tier(self):
        """Take the pricelist and the terms that a new quotation would have; prices follow."""
        self.ensure_one()
        self.check_access("write")
        self.sudo()._compute_quoted_tier_id()
        partner = self.partner_id.with_company(self.company_id)
        self.pricelist_id = partner.property_product_pricelist
        self._compute_payment_term_id()

    def _is_open_quotation(self):
        return self.state in ("draft", "sent") and not self.locked
