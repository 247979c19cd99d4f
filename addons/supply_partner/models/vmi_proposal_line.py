from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_is_zero, format_date

from .purchase_order_line import SHORT_CHANGES

OPEN_STATES = ("draft", "sent")


class VmiProposalLine(models.Model):
    """How much of one product is proposed, and the figures that led to it."""

    _name = "vmi.proposal.line"
    _description = "Product of a Supply Proposal"
    _order = "proposal_id desc, id"
    _rec_name = "product_id"

    proposal_id = fields.Many2one(
        "vmi.proposal", required=True, readonly=True, ondelete="cascade", index=True
    )
    line_id = fields.Many2one(
        "vmi.agreement.line",
        "Agreed Terms",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    state = fields.Selection(related="proposal_id.state")
    company_id = fields.Many2one(related="proposal_id.company_id")
    currency_id = fields.Many2one(related="proposal_id.currency_id")
    # Quantities of different products do not add up to anything.
    suggested_qty = fields.Float("Suggested", digits="Product Unit", readonly=True, aggregator=None)
    vendor_qty = fields.Float(
        "Vendor's Answer",
        digits="Product Unit",
        aggregator=None,
        compute="_compute_vendor_qty",
        store=True,
        readonly=False,
        help="What the vendor will deliver.",
    )
    approved_qty = fields.Float(
        "To Order",
        digits="Product Unit",
        aggregator=None,
        compute="_compute_approved_qty",
        store=True,
        readonly=False,
        help="What will be ordered: the vendor's answer, else what was suggested, unless you "
        "change it. 0: nothing.",
    )
    limit_note = fields.Char(
        "Over Limit",
        compute="_compute_limit_note",
        help="By how much it is above the agreed maximum, or beyond the days of supply that are "
        "ordered by themselves.",
    )
    answered_at = fields.Datetime("Answered", readonly=True, copy=False)
    failure = fields.Char(
        "Not Ordered", readonly=True, copy=False, help="Why this product was not ordered."
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        "Order Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    explanation = fields.Char("Why", compute="_compute_explanation")
    change_note = fields.Char(
        "Changed Orders",
        compute="_compute_change_note",
        help="What was to come and does not, unless somebody has seen it before.",
    )

    # As they were when it was proposed; quantities in the product's unit.
    on_hand_qty = fields.Float("On Hand", digits="Product Unit", readonly=True)
    incoming_qty = fields.Float("Due", digits="Product Unit", readonly=True)
    incoming_first = fields.Date("Due From", readonly=True)
    incoming_last = fields.Date("Due To", readonly=True)
    rfq_qty = fields.Float("In Quotations", digits="Product Unit", readonly=True)
    pending_qty = fields.Float("Proposed", digits="Product Unit", readonly=True)
    outgoing_qty = fields.Float("To Deliver", digits="Product Unit", readonly=True)
    other_qty = fields.Float("Otherwise", digits="Product Unit", readonly=True)
    position_qty = fields.Float("Position", digits="Product Unit", readonly=True)
    level_min_qty = fields.Float("Minimum", digits="Product Unit", readonly=True)
    level_max_qty = fields.Float("Maximum", digits="Product Unit", readonly=True)
    minimum_qty = fields.Float("Vendor's Least", digits="Product Unit", readonly=True)
    multiple_qty = fields.Float("Multiple", digits="Product Unit", readonly=True)
    daily_demand = fields.Float("Demand a Day", digits=(16, 4), readonly=True)
    unit_price = fields.Float("Vendor's Price", min_display_digits="Product Price", readonly=True)
    agreed_price = fields.Monetary(related="line_id.agreed_price")
    price_difference = fields.Float(
        min_display_digits="Product Price",
        aggregator=None,
        compute="_compute_price_difference",
        help="How much the vendor's price of the product is above the agreed one.",
    )

    _quantities_not_negative = models.Constraint(
        "CHECK (vendor_qty >= 0 AND approved_qty >= 0)",
        "The Vendor's Answer and what is To Order must be 0 or more.",
    )

    @api.depends("suggested_qty")
    def _compute_vendor_qty(self):
        for line in self:
            line.vendor_qty = line.suggested_qty

    @api.depends("vendor_qty")
    def _compute_approved_qty(self):
        for line in self:
            line.approved_qty = line.vendor_qty

    @api.depends_context("lang")
    @api.depends(
        "approved_qty", "suggested_qty", "position_qty", "transfer_qty", "level_max_qty",
        "daily_demand",
        "proposal_id.agreement_id.approval_limit_days",
        "proposal_id.agreement_id.decision",
    )  # fmt: skip
    def _compute_limit_note(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            agreement = line.proposal_id.agreement_id
            reached = line.position_qty + line.transfer_qty + line.approved_qty
            days = agreement.approval_limit_days if agreement.decision == "automatic" else 0
            note = False
            # What a review suggests fills up to the maximum, and no further than it has to.
            if float_compare(line.approved_qty, line.suggested_qty, precision_digits=digits) > 0:
                note = self.env._(
                    "%(product)s would come to %(reached)s, above the maximum of %(max)s.",
                    product=line.product_id.display_name,
                    reached=line._format_quantity(reached),
                    max=line._format_quantity(line.level_max_qty),
                )
            elif days and line.approved_qty and reached > line.daily_demand * days:
                note = self.env._(
                    "%(product)s would have more than %(days)s days of supply.",
                    product=line.product_id.display_name,
                    days=line._format_quantity(days),
                )
            line.limit_note = note

    def _get_outstanding_qty(self):
        """Return what was ordered, or is to be transferred, and has not arrived, without this."""
        self.ensure_one()
        agreement = self.proposal_id.agreement_id
        ordered = (
            self.env["purchase.order.line"]
            .sudo()
            .search(
                [
                    ("vmi_agreement_id", "=", agreement.id),
                    ("product_id", "=", self.product_id.id),
                    ("order_id.state", "!=", "cancel"),
                ]
            )
        )
        moves = (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("picking_id.vmi_proposal_id.agreement_id", "=", agreement.id),
                    ("picking_id.vmi_proposal_id", "!=", self.proposal_id.id),
                    ("product_id", "=", self.product_id.id),
                    ("state", "not in", ("draft", "done", "cancel")),
                ]
            )
        )
        outstanding = sum(line._get_vmi_outstanding_qty() for line in ordered)
        outstanding += sum(moves.mapped("product_qty"))
        return outstanding - (self.approved_qty if self.purchase_line_id else 0)

    @api.depends("unit_price", "agreed_price", "source_line_id")
    def _compute_price_difference(self):
        for line in self:
            is_compared = line.agreed_price and not line.source_line_id
            difference = line.unit_price - line.agreed_price if is_compared else 0.0
            is_same = float_is_zero(difference, precision_digits=6)
            line.price_difference = 0.0 if is_same else difference

    @api.depends_context("lang")
    @api.depends("product_id", "proposal_id.agreement_id")
    def _compute_change_note(self):
        changes = self._get_unseen_changes().grouped(
            lambda changed: (changed.vmi_agreement_id, changed.product_id)
        )
        for line in self:
            # A transfer orders nothing from the vendor.
            line.change_note = False
            if line.source_line_id:
                continue
            changed = changes.get((line.proposal_id.agreement_id, line.product_id), ())
            line.change_note = "; ".join(each._describe_vmi_change() for each in changed) or False

    def _get_unseen_changes(self):
        """Return the order lines of the same products that come short, not seen yet."""
        return (
            self.env["purchase.order.line"]
            ._get_unseen_changes(self.proposal_id.agreement_id, SHORT_CHANGES)
            .filtered(lambda changed: changed.product_id in self.product_id)
        )

    def write(self, vals):
        quantities = vals.keys() & {"vendor_qty", "approved_qty"}
        if quantities:
            for line in self:
                if line.state not in OPEN_STATES:
                    raise UserError(
                        self.env._(
                            "%s is decided: its quantities stay as they are.",
                            line.proposal_id.name,
                        )
                    )
        result = super().write(vals)
        if "vendor_qty" in vals and "answered_at" not in vals:
            self.sudo().answered_at = fields.Datetime.now()
        return result

    @api.depends_context("lang")
    @api.depends("suggested_qty")
    def _compute_explanation(self):
        for line in self:
            line.explanation = line._explain()

    def _explain(self):
        """Return in one sentence how the suggested quantity came about."""
        self.ensure_one()
        number = self._format_quantity
        text = self.env._("%s on hand", number(self.on_hand_qty))
        for quantity, label in (
            (self.incoming_qty, self._describe_incoming()),
            (self.rfq_qty, self.env._("+ %s in quotations")),
            (self.pending_qty, self._describe_pending()),
            (self.outgoing_qty, self.env._("− %s to deliver")),
            (self.other_qty, self._describe_other()),
        ):
            if quantity:
                text += " " + label % number(abs(quantity))
        text += self.env._(
            " = %(position)s, minimum %(min)s; to %(max)s",
            position=number(self.position_qty),
            min=number(self.level_min_qty),
            max=number(self.level_max_qty),
        )
        if self.source_line_id:
            return text + self._describe_source()
        if self.transfer_qty:
            text += self.env._(", %s of it from other places", number(self.transfer_qty))
        if self.minimum_qty > self.level_max_qty - self.position_qty - self.transfer_qty:
            text += self.env._(", at least %s", number(self.minimum_qty))
        if self.multiple_qty:
            unit = self.line_id.replenishment_uom_id
            if unit:
                text += self.env._(
                    ", in %(unit)s of %(quantity)s",
                    unit=unit.name,
                    quantity=number(self.multiple_qty),
                )
            else:
                text += self.env._(", in multiples of %s", number(self.multiple_qty))
        return f"{text}: {number(self.suggested_qty)}"

    def action_open_proposal(self):
        """Show the proposal that the product belongs to."""
        self.ensure_one()
        return self.proposal_id.get_formview_action()

    def _describe_pending(self):
        if self.pending_qty < 0:
            return self.env._("− %s proposed for other places")
        return self.env._("+ %s proposed")

    def _describe_other(self):
        """Return what other add-ons add to the position or, below 0, take off; ``%s`` is how much.

        To be extended with :meth:`~.VmiAgreementLine._get_position_parts`.
        """
        return self.env._("− %s otherwise") if self.other_qty < 0 else self.env._("+ %s otherwise")

    def _describe_incoming(self):
        first, last = (
            day and format_date(self.env, day, date_format="d MMM")
            for day in (self.incoming_first, self.incoming_last)
        )
        if first == last:
            return self.env._("+ %(quantity)s due %(day)s", quantity="%s", day=first or "")
        return self.env._(
            "+ %(quantity)s due %(first)s to %(last)s", quantity="%s", first=first, last=last
        )

    def _format_quantity(self, quantity):
        """Return a quantity as a person writes it: no more decimals than it has."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        decimals = next(
            count for count in range(digits + 1)
            if count == digits or round(quantity, count) == round(quantity, digits)
        )  # fmt: skip
        language = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        if not language:
            return f"{quantity:.{decimals}f}"
        return (
            self.env["res.lang"]
            .browse(language.id)
            .format(f"%.{decimals}f", quantity, grouping=True)
        )
