from datetime import UTC, datetime, time, timedelta
from math import floor
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_day
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare, float_is_zero

from ..tools import USUAL_METHOD, whole_step
from .purchase_order_line import SHORT_CHANGES
from .vmi_forecast_challenger import FORECAST_METHODS

OPEN_STATES = ("draft", "sent")
# For longer than that nobody plans.
MOST_DAYS_LEFT = 999
# More than this of one product is a slip of the hand.
MOST_QUANTITY = 100_000_000


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
    vendor_name = fields.Char(related="proposal_id.partner_id.display_name", string="Vendor")
    kind = fields.Selection(related="proposal_id.kind")
    date_expiry = fields.Datetime(related="proposal_id.date_expiry")
    is_waiting = fields.Boolean(related="proposal_id.is_waiting")
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
    incoming_qty = fields.Float("Incoming", digits="Product Unit", readonly=True)
    incoming_first = fields.Date("Incoming From", readonly=True)
    incoming_last = fields.Date("Incoming To", readonly=True)
    rfq_qty = fields.Float("In RFQs", digits="Product Unit", readonly=True)
    pending_qty = fields.Float("Proposed", digits="Product Unit", readonly=True)
    outgoing_qty = fields.Float("To Deliver", digits="Product Unit", readonly=True)
    other_qty = fields.Float("Other", digits="Product Unit", readonly=True)
    position_qty = fields.Float("Stock Position", digits="Product Unit", readonly=True)
    level_min_qty = fields.Float("Minimum", digits="Product Unit", readonly=True)
    level_max_qty = fields.Float("Maximum", digits="Product Unit", readonly=True)
    minimum_qty = fields.Float("Vendor's Minimum", digits="Product Unit", readonly=True)
    multiple_qty = fields.Float("Multiple", digits="Product Unit", readonly=True)
    daily_demand = fields.Float(digits=(16, 4), readonly=True)
    forecast_method = fields.Selection(FORECAST_METHODS, readonly=True)
    forecast_days = fields.Float("Days Forecast", readonly=True, aggregator=None)
    forecast_qty = fields.Float("Forecast", digits=(16, 4), readonly=True, aggregator=None)
    forecast_deviation = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    forecast_target = fields.Float("Covered Share of Cycles", readonly=True, aggregator=None)
    unit_price = fields.Float(
        "Vendor's Price", min_display_digits="Product Price", readonly=True, aggregator=None
    )
    amount = fields.Monetary(
        compute="_compute_amount", help="What is to be ordered, at the vendor's price."
    )
    arrival_date = fields.Date(
        "Arrives",
        compute="_compute_arrival_date",
        help="When it comes, if it is ordered now. Empty for a transfer, and where the vendor has "
        "no valid price.",
    )
    days_left = fields.Char(
        compute="_compute_days_left",
        help="For how many days what was on hand lasts at the daily demand.",
    )
    agreed_price = fields.Monetary(related="line_id.agreed_price")
    price_difference = fields.Float(
        min_display_digits="Product Price",
        aggregator=None,
        compute="_compute_price_difference",
        help="How much the vendor's price of the product is above the agreed one.",
    )
    source_line_id = fields.Many2one(
        "vmi.agreement.line",
        "Given By",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The line of the agreement whose location has a surplus.",
    )
    source_location_id = fields.Many2one(related="source_line_id.location_id", string="From")
    # As they were when it was proposed.
    source_position_qty = fields.Float("Stock Position There", digits="Product Unit", readonly=True)
    source_max_qty = fields.Float("Maximum There", digits="Product Unit", readonly=True)
    transfer_qty = fields.Float(
        "From Other Locations",
        digits="Product Unit",
        readonly=True,
        help="How much of what is missing was proposed as a transfer at the same time.",
    )

    _quantities_not_negative = models.Constraint(
        "CHECK (vendor_qty >= 0 AND approved_qty >= 0)",
        "The Vendor's Answer and what is To Order must be 0 or more.",
    )

    @api.constrains("vendor_qty", "approved_qty")
    def _check_quantities(self):
        # The database could not name the product.
        for line in self:
            for name in ("vendor_qty", "approved_qty"):
                if not 0 <= line[name] <= MOST_QUANTITY:
                    raise ValidationError(
                        self.env._(
                            "%(product)s: %(field)s must be between 0 and %(most)s, not %(value)s.",
                            product=line.product_id.display_name,
                            field=line._fields[name]._description_string(self.env),
                            most=line._format_quantity(MOST_QUANTITY),
                            value=line._format_quantity(line[name]),
                        )
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

    @api.depends("approved_qty", "unit_price")
    def _compute_amount(self):
        for line in self:
            line.amount = line.approved_qty * line.unit_price

    @api.depends("line_id", "source_line_id")
    def _compute_arrival_date(self):
        for line in self:
            # As if ordered within the vendor's minimum: the day does not hang on the quantity.
            terms = line.line_id.sudo() if line.line_id and not line.source_line_id else None
            seller = terms._get_vendor_row() if terms else None
            line.arrival_date = seller and line._get_arrival_day(seller)

    @api.depends_context("lang")
    @api.depends("on_hand_qty", "daily_demand")
    def _compute_days_left(self):
        for line in self:
            days = line.daily_demand > 0 and floor(
                max(line.on_hand_qty, 0) / line.daily_demand + 1e-6
            )
            if days is False or days > MOST_DAYS_LEFT:
                line.days_left = "–" if days is False else self.env._("over %s", MOST_DAYS_LEFT)
            else:
                line.days_left = self.env._("1 day") if days == 1 else self.env._("%s days", days)

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

    @api.depends_context("lang")
    @api.depends("suggested_qty")
    def _compute_explanation(self):
        for line in self:
            line.explanation = line._explain()

    def write(self, vals):
        if "vendor_qty" in vals and self.filtered("source_line_id"):
            raise UserError(self.env._("The vendor has no part in a transfer."))
        quantities = vals.keys() & {"vendor_qty", "approved_qty"}
        if quantities:
            for line in self:
                if line.state not in OPEN_STATES:
                    raise UserError(
                        self.env._(
                            "%(proposal)s is %(state)s: its quantities stay as they are.",
                            proposal=line.proposal_id.name,
                            state=line.proposal_id._get_state_label().lower(),
                        )
                    )
        result = super().write(vals)
        if "vendor_qty" in vals and "answered_at" not in vals:
            self.sudo().answered_at = fields.Datetime.now()
        return result

    def action_open_proposal(self):
        """Show the proposal that the product belongs to."""
        self.ensure_one()
        return self.proposal_id.get_formview_action()

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

    def _get_unseen_changes(self):
        """Return the order lines of the same products that come short, not seen yet."""
        return (
            self.env["purchase.order.line"]
            ._get_unseen_changes(self.proposal_id.agreement_id, SHORT_CHANGES)
            .filtered(lambda changed: changed.product_id in self.product_id)
        )

    def _explain(self):
        """Return in one sentence how the suggested quantity came about."""
        self.ensure_one()
        number = self._format_quantity
        text = on_hand = self.env._("%s on hand", number(self.on_hand_qty))
        for quantity, label in (
            (self.incoming_qty, self._describe_incoming()),
            (self.rfq_qty, self.env._("+ %s in RFQs")),
            (self.pending_qty, self._describe_pending()),
            (self.outgoing_qty, self.env._("− %s to deliver")),
            (self.other_qty, self._describe_other()),
        ):
            if quantity:
                text += " " + label % number(abs(quantity))
        if text == on_hand:
            levels = self.env._(", minimum %(min)s; to %(max)s")
        else:
            levels = self.env._(" = %(position)s, minimum %(min)s; to %(max)s")
        text += levels % {
            "position": number(self.position_qty),
            "min": number(self.level_min_qty),
            "max": number(self.level_max_qty),
        }
        if self.source_line_id:
            return text + self._describe_source()
        if self.transfer_qty:
            text += self.env._(", %s of it from other locations", number(self.transfer_qty))
        if self.minimum_qty > self.level_max_qty - self.position_qty - self.transfer_qty:
            text += self.env._(", at least %s", number(self.minimum_qty))
        if self.multiple_qty:
            unit = self.line_id.replenishment_uom_id
            if unit and unit == self.product_uom_id:
                text += self.env._(", in whole numbers")
            elif unit:
                text += self.env._(
                    ", in multiples of %(quantity)s (%(unit)s)",
                    unit=unit.name,
                    quantity=number(self.multiple_qty),
                )
            else:
                text += self.env._(", in multiples of %s", number(self.multiple_qty))
        return f"{text}: {number(self.suggested_qty)}{self._describe_forecast()}"

    def _describe_forecast(self):
        """Return what the minimum rests on where it covers a forecast; else nothing."""
        if not self.forecast_target:
            return ""
        number = self._format_quantity
        text = self.env._(
            " (forecast %(quantity)s in %(days)s days, error ±%(error)s; in %(target)s %% of "
            "cycles %(min)s are enough)",
        )
        if self.forecast_method and self.forecast_method != USUAL_METHOD:
            text = self.env._(
                " (forecast %(quantity)s in %(days)s days by %(method)s, champion of this kind of "
                "demand, error ±%(error)s; in %(target)s %% of cycles %(min)s are enough)",
            )
        labels = dict(self._fields["forecast_method"]._description_selection(self.env))
        return text % {
            "method": labels.get(self.forecast_method),
            "quantity": number(round(self.forecast_qty, 1)),
            "days": number(round(self.forecast_days, 1)),
            "error": number(round(self.forecast_deviation, 1)),
            "target": number(100 * self.forecast_target),
            "min": number(self.level_min_qty),
        }

    def _describe_pending(self):
        if self.pending_qty < 0:
            return self.env._("− %s proposed for other locations")
        return self.env._("+ %s proposed")

    def _describe_other(self):
        """Return what other add-ons add to the position or, below 0, take off; ``%s`` is how much.

        To be extended with :meth:`~.VmiAgreementLine._get_position_parts`.
        """
        return self.env._("− %s other") if self.other_qty < 0 else self.env._("+ %s other")

    def _describe_incoming(self):
        first, last = (
            format_day(self.env, day) for day in (self.incoming_first, self.incoming_last)
        )
        if first == last:
            return self.env._("+ %(quantity)s incoming %(day)s", quantity="%s", day=first)
        return self.env._(
            "+ %(quantity)s incoming %(first)s to %(last)s", quantity="%s", first=first, last=last
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

    def _order_product(self, hindrance=None):
        """Order the approved quantity; return the line of the order that holds it.

        :param hindrance: why nothing can be ordered for the line, if anything stands against it
        :raise UserError: when Odoo would order, or has ordered, something else
        """
        self.ensure_one()
        if hindrance:
            raise UserError(self.line_id._describe_problem(hindrance))
        seller = self._get_seller()
        self._check_quantity(seller)
        self._check_orderpoint()
        before = self._get_ordered()
        self.env["stock.rule"].with_context(from_orderpoint=True).run(
            [self._prepare_procurement(seller)]
        )
        return self._check_ordered(before, seller)

    def _get_seller(self):
        """Return the vendor's row for the quantity; whatever vendor Odoo would choose."""
        terms = self.line_id.sudo()
        seller = terms._get_vendor_row(quantity=self.approved_qty)
        if not seller:
            raise UserError(
                self.env._(
                    "%(vendor)s sells at least %(minimum)s of it: order more, or 0.",
                    vendor=terms.partner_id.display_name,
                    minimum=self._format_quantity(self._get_minimum_qty()),
                )
            )
        return seller

    def _get_minimum_qty(self):
        terms = self.line_id.sudo()
        sellers = self.product_id.with_company(terms.company_id)._get_filtered_sellers(
            partner_id=terms.partner_id,
            quantity=None,
            date=terms.agreement_id._get_order_date(),
        )
        return min(
            seller.product_uom_id._compute_quantity(seller.min_qty, self.product_uom_id)
            for seller in sellers
        )

    def _check_quantity(self, seller):
        """Refuse a quantity that Odoo would round on the way to the vendor's unit."""
        asked = self.line_id.replenishment_uom_id
        unit = asked or seller.product_uom_id
        if not asked and unit == self.product_uom_id:
            return
        count = self.product_uom_id._compute_quantity(self.approved_qty, unit, round=False)
        if float_is_zero(count - round(count), precision_digits=6):
            return
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        step = whole_step(unit.factor / self.product_uom_id.factor, digits)
        low = floor(self.approved_qty / step) * step
        raise UserError(
            self.env._(
                "%(quantity)s is not a whole number of %(unit)s: order %(low)s or %(high)s.",
                quantity=self._format_quantity(self.approved_qty),
                unit=unit.name,
                low=self._format_quantity(low),
                high=self._format_quantity(low + step),
            )
        )

    def _check_orderpoint(self):
        if not self.line_id.sudo().orderpoint_id.active:
            raise UserError(
                self.env._("Its reordering rule is gone: suspend and resume the agreement.")
            )

    def _prepare_procurement(self, seller):
        """Return the procurement by which Odoo orders the line."""
        point = self.line_id.orderpoint_id.sudo()
        agreement = self.line_id.agreement_id
        planned = self._get_planned_moment(seller)
        values = point._prepare_procurement_values(date=planned)
        values.update(
            {
                "supplierinfo_id": seller,
                "date_order": planned - timedelta(days=seller.delay),
                "vmi_agreement_id": agreement,
            }
        )
        return self.env["stock.rule"].Procurement(
            self.product_id,
            self.approved_qty,
            self.product_uom_id,
            point.location_id,
            point.name,
            f"{agreement.name} {self.proposal_id.name}",
            agreement.company_id,
            values,
        )

    def _get_planned_moment(self, seller):
        """Return when the goods are due: noon of the day, which is the same day in most zones."""
        company = self.line_id.agreement_id.company_id
        day = self._get_arrival_day(seller)
        noon = datetime.combine(day, time(12), ZoneInfo(company.sudo()._vmi_timezone()))
        return noon.astimezone(UTC).replace(tzinfo=None)

    def _get_arrival_day(self, seller):
        """Return the day on which it comes, ordered now on the terms of a vendor's row."""
        agreement = self.line_id.sudo().agreement_id
        return agreement._get_order_date() + timedelta(
            days=seller.delay + int(agreement.company_id.days_to_purchase)
        )

    def _get_ordered(self):
        """Return by order line how much the agreement's open orders hold, in the product's unit."""
        lines = (
            self.env["purchase.order.line"]
            .sudo()
            .search(
                [
                    ("order_id.vmi_agreement_id", "=", self.line_id.agreement_id.id),
                    ("order_id.state", "=", "draft"),
                    ("product_id", "=", self.product_id.id),
                ]
            )
        )
        return {
            line: line.product_uom_id._compute_quantity(
                line.product_qty, self.product_uom_id, round=False
            )
            for line in lines
        }

    def _check_ordered(self, before, seller):
        """Return the order line that grew, after looking whether it is what was approved."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        grown = {
            line: quantity - before.get(line, 0)
            for line, quantity in self._get_ordered().items()
            if float_compare(quantity, before.get(line, 0), precision_digits=digits)
        }
        line = next(iter(grown), self.env["purchase.order.line"])
        if len(grown) != 1 or float_compare(
            grown[line], self.approved_qty, precision_digits=digits
        ):
            raise UserError(
                self.env._(
                    "Odoo would order %(ordered)s instead of %(approved)s: look at the units and "
                    "the routes of the product.",
                    ordered=self._format_quantity(sum(grown.values())),
                    approved=self._format_quantity(self.approved_qty),
                )
            )
        if line.order_id.partner_id != seller.partner_id:
            raise UserError(
                self.env._("Odoo would order from %s.", line.order_id.partner_id.display_name)
            )
        self._check_price(line)
        return line.with_env(self.env)

    def _check_price(self, ordered):
        """Refuse what is free by mistake: no row of the vendor says so for the whole quantity.

        :param ordered: the line of the order, which may hold more than what was approved now
        """
        if ordered.price_unit > 0:
            return
        terms = self.line_id.sudo()
        total = ordered.product_uom_id._compute_quantity(ordered.product_qty, self.product_uom_id)
        row = terms._get_vendor_row(quantity=total)
        if ordered.price_unit < 0 or not row or row.price:
            raise UserError(
                self.env._(
                    "%(vendor)s has no price for %(quantity)s on the product's Purchase tab: add "
                    "one, or correct its dates and minimum quantity.",
                    vendor=terms.partner_id.display_name,
                    quantity=self._format_quantity(total),
                )
            )

    def _get_surplus_problem(self, found):
        """Return why the location cannot give it any more; False when it can.

        :param found: what a review finds about the location now
        """
        if self.source_line_id.sudo().state != "running":
            return self.env._(
                "%s does not run any more: refuse the transfer.",
                self.source_line_id.agreement_id.display_name,
            )
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        location = self.source_location_id
        free = min(
            self.product_id.sudo().with_context(location=location.id).free_qty,
            # What is to be delivered need not be reserved yet.
            float(found["on_hand"] - found["outgoing"]),
        )
        if float_compare(free, self.approved_qty, precision_digits=digits) >= 0:
            return False
        return self.env._(
            "%(location)s has only %(free)s left: transfer no more than that, or refuse it.",
            location=location.display_name,
            free=self._format_quantity(max(free, 0)),
        )

    def _prepare_transfer(self, source):
        """Return the values of the transfer of some lines from one location."""
        proposal = self.proposal_id
        agreement = proposal.agreement_id
        operation = source.sudo().warehouse_id.int_type_id
        ends = {"location_id": source.id, "location_dest_id": agreement.location_id.id}
        return {
            **ends,
            "picking_type_id": operation.id,
            "company_id": agreement.company_id.id,
            "origin": f"{agreement.name} {proposal.name}",
            "user_id": agreement.sudo()._get_acting_buyer().id,
            "vmi_proposal_id": proposal.id,
            "move_ids": [
                fields.Command.create(
                    {
                        **ends,
                        "product_id": line.product_id.id,
                        "product_uom": line.product_uom_id.id,
                        "product_uom_qty": line.approved_qty,
                        "company_id": agreement.company_id.id,
                    }
                )
                for line in self
            ],
        }

    def _describe_source(self):
        """Return in a phrase why the location gives it."""
        return self.env._(
            "; %(location)s has %(position)s, maximum %(max)s: %(quantity)s from there",
            location=self.source_location_id.display_name,
            position=self._format_quantity(self.source_position_qty),
            max=self._format_quantity(self.source_max_qty),
            quantity=self._format_quantity(self.suggested_qty),
        )
