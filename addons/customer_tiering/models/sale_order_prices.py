from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount
from odoo.tools.sql import column_exists, create_column

from .res_partner import TIERING_GROUP


class SaleOrder(models.Model):
    """What the customer's tier gives to a quotation: it is taken once and kept."""

    _inherit = "sale.order"

    quoted_tier_id = fields.Many2one(
        "customer.tier",
        "Tier of the Prices",
        compute="_compute_quoted_tier_id",
        store=True,
        ondelete="set null",
        groups=TIERING_GROUP,
        help="The tier that the customer held when the quotation was made or last repriced. Its "
        "pricelist, payment terms and standing discount are in the quotation.",
    )
    current_tier_id = fields.Many2one(
        "customer.tier",
        "Tier Now",
        compute="_compute_current_tier_id",
        compute_sudo=True,
        groups=TIERING_GROUP,
        help="The tier that the customer holds now in the quotation's company.",
    )
    current_tier_color = fields.Integer(
        "Color of the Tier Now",
        compute="_compute_current_tier_id",
        compute_sudo=True,
        groups=TIERING_GROUP,
    )
    is_priced_by_former_tier = fields.Boolean(
        compute="_compute_current_tier_id",
        compute_sudo=True,
        groups=TIERING_GROUP,
        help="The customer's tier has changed, and the new one gives other prices or terms.",
    )

    tier_discount_note = fields.Char(
        compute="_compute_tier_discount_note",
        compute_sudo=True,
        help="What the customer's tier takes off, where the column of discounts is hidden.",
    )

    def _auto_init(self):
        """Leave the orders that are there alone: they were priced under no tier."""
        if not column_exists(self.env.cr, "sale_order", "quoted_tier_id"):
            create_column(self.env.cr, "sale_order", "quoted_tier_id", "int4")
        return super()._auto_init()

    def copy(self, default=None):
        """Keep with the copied prices the tier that they come from."""
        copies = super().copy(default)
        for order, copied in zip(self.sudo(), copies.sudo(), strict=True):
            if copied.partner_id == order.partner_id and copied.company_id == order.company_id:
                copied.quoted_tier_id = order.quoted_tier_id
        return copies

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
            order.current_tier_id, order.current_tier_color = tier, tier.color
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
            order.tier_discount_note = False
            lines = order.order_line.filtered("discount")
            if shows_discounts or not order.quoted_tier_id.discount or not lines:
                continue
            shares = {round(line.discount, 2) for line in lines}
            amount = sum(
                line.price_unit * line.product_uom_qty * line.discount / 100 for line in lines
            )
            order.tier_discount_note = self.env._(
                "%(shares)s %% tier discount: −%(amount)s",
                shares=" / ".join(f"{share:g}" for share in sorted(shares)),
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

    def action_reprice_for_tier(self):
        """Give open quotations the pricelist, terms, prices and discounts of the tier held now.

        :raise UserError: if an order is no open quotation any more
        """
        for order in self:
            if not order._is_open_quotation():
                raise UserError(
                    self.env._(
                        "%s is no open quotation: its prices stay as they were agreed.", order.name
                    )
                )
            order._take_current_tier()
            order.action_update_prices()

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
