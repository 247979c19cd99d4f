from datetime import datetime, time, timedelta
from math import floor
from zoneinfo import ZoneInfo

from odoo import models
from odoo.addons.stock.models.stock_rule import ProcurementException
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_is_zero

from ..tools import whole_step

UTC = ZoneInfo("UTC")


class VmiProposalOrder(models.Model):
    """How approved quantities become purchase orders, and how that is checked."""

    _inherit = "vmi.proposal"

    def _carry_out(self):
        """Do what was approved; return whether anything of it could be done."""
        orders = self._order_lines()
        if orders:
            # Whoever approves has the changes before their eyes.
            self.line_ids._get_unseen_changes().action_vmi_seen()
            self.sudo().purchase_order_ids |= orders
        return bool(orders)

    def _order_lines(self):
        """Order each line on its own terms; what fails is rolled back and says why.

        :return: the purchase orders that hold what was ordered
        """
        orders = self.env["purchase.order"]
        self = self.with_company(self.company_id)
        wanted = self.line_ids.filtered("approved_qty")
        hindrances = wanted.line_id._get_hindrances()
        for line in wanted:
            try:
                with self.env.cr.savepoint():
                    ordered = line._order_product(hindrances.get(line.line_id))
            except (UserError, ProcurementException) as error:
                line.sudo().failure = _reason(error)
            else:
                line.sudo().write({"purchase_line_id": ordered.id, "failure": False})
                orders |= ordered.order_id
        return orders


class VmiProposalLineOrder(models.Model):
    _inherit = "vmi.proposal.line"

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
                    "%(vendor)s sells no less than %(least)s of it: order more, or 0.",
                    vendor=terms.partner_id.display_name,
                    least=self._format_quantity(self._get_minimum_qty()),
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
        agreement = self.line_id.agreement_id
        company = agreement.company_id
        day = agreement._get_order_date() + timedelta(
            days=seller.delay + int(company.days_to_purchase)
        )
        noon = datetime.combine(day, time(12), ZoneInfo(company.sudo()._vmi_timezone()))
        return noon.astimezone(UTC).replace(tzinfo=None)

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
                    "Odoo found no price of %(vendor)s for %(quantity)s in the product's purchase "
                    "list: add a row, or correct the dates and the least quantity of one.",
                    vendor=terms.partner_id.display_name,
                    quantity=self._format_quantity(total),
                )
            )


def _reason(error):
    """Return what an error says, also when a procurement raised it."""
    if isinstance(error, ProcurementException):
        return "; ".join(message for _procurement, message in error.procurement_exceptions)
    return str(error)
