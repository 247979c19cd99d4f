from odoo import api, models
from odoo.fields import Domain

from .vmi_agreement import CONSIGNING_STATES

COUNTED = {"inventory_quantity", "inventory_quantity_auto_apply"}


class StockQuant(models.Model):
    """Stock at a location, which is the company's or a vendor's."""

    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_inventory_mode():
            for vals in vals_list:
                if COUNTED & vals.keys() and not vals.get("owner_id"):
                    self._fill_in_owner(vals)
        return super().create(vals_list)

    def _compute_value(self):
        """Divide the value by what is valued: Odoo divides it by the vendors' units too."""
        result = super()._compute_value()
        owned = self.sudo()._read_group(
            [("product_id", "in", self.product_id.ids), ("owner_id", "!=", False)], ["product_id"]
        )
        owned_ids = {product.id for (product,) in owned}
        for (company, product), quants in self.grouped(
            lambda quant: (quant.company_id, quant.product_id)
        ).items():
            valued = quants.filtered("value")
            if not valued or product.id not in owned_ids or product.lot_valuated:
                continue
            product = product.with_company(company)
            stored = product.qty_available
            own = product._with_valuation_context().qty_available
            if product.uom_id.compare(own, stored) and not product.uom_id.is_zero(own):
                for quant in valued:
                    quant.value = quant.quantity * product.total_value / own
        return result

    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        """Return own stock before or after the vendors', and the removal strategy within."""
        quants = super()._gather(
            product_id, location_id, lot_id, package_id, owner_id, strict=strict, qty=qty
        )
        if strict or owner_id or not any(quant.owner_id for quant in quants):
            return quants
        ranks = quants._rank_owners(product_id, location_id)
        return quants.sorted(lambda quant: (not quant.lot_id, ranks.get(quant.owner_id.id, 1)))

    def _rank_owners(self, product, location):
        """Return by owner's id in which order stock is used; the company's own has the rank 1.

        What others store here comes last: it is nobody's to use without being asked.

        :return: empty where no owner consigns
        """
        company = location.company_id or self.company_id[:1] or self.env.company
        owners = self.owner_id - company.partner_id
        agreements = self._find_consigning(company, owners)
        if not agreements:
            return {}
        ranks = dict.fromkeys(owners.ids, 3)
        ranks[company.partner_id.id] = 1
        for vendor, theirs in agreements.grouped("partner_id").items():
            order = theirs._get_reservation_order(product, location)
            ranks[vendor.id] = 0 if order == "vendor" else 2
        return ranks

    @api.model
    def _find_consigning(self, company, owners=None):
        """Return the agreements by which stock in a company is vendors', of some owners or all."""
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("ownership", "=", "consigned")
            & Domain("state", "in", CONSIGNING_STATES)
        )
        if owners is not None:
            if not owners:
                return self.env["vmi.agreement"]
            domain &= Domain("partner_id", "in", owners.ids)
        return self.env["vmi.agreement"].sudo().search(domain)

    @api.model
    def _fill_in_owner(self, vals):
        """Enter whose stock was counted, where nobody said so and it can only be a vendor's.

        It stays the company's own where there is own stock. Otherwise it is the vendor's whose
        stock is there, most of it; with no stock at all, the vendor's who is to fill the location.
        """
        product = self.env["product.product"].browse(vals.get("product_id"))
        location = self.env["stock.location"].browse(vals.get("location_id"))
        company = location.company_id
        agreements = company and self._find_consigning(company)
        if not product or not agreements:
            return
        stored = self.sudo().search(
            [
                ("product_id", "=", product.id),
                ("location_id.company_id", "=", company.id),
                ("location_id.usage", "=", "internal"),
                ("quantity", "!=", 0),
            ]
        )
        vendors = agreements.partner_id
        theirs = stored.filtered(lambda quant: quant.owner_id in vendors)
        there = stored.filtered(
            lambda quant: (
                quant.location_id == location
                and quant.lot_id.id == (vals.get("lot_id") or False)
                and quant.package_id.id == (vals.get("package_id") or False)
                and quant.quantity > 0
            )
        )
        owner = self.env["res.partner"]
        if not any(not quant.owner_id or quant.owner_id == company.partner_id for quant in there):
            largest = (theirs & there).sorted("quantity")[-1:]
            owner = largest.owner_id or agreements._find_for(product, location).partner_id
            if owner and (not there or largest):
                vals["owner_id"] = owner.id
        if self.env.context.get("from_inverse_qty") and theirs:
            # On the product all that is on hand was typed, whoever owns it.
            others = theirs - (there & theirs if owner else self.browse())
            typed = vals.get("inventory_quantity") or 0
            vals["inventory_quantity"] = max(typed - sum(others.mapped("quantity")), 0)

    @api.model
    def _divide_by_owner(self, product, location, quantity, lot=None, package=None):
        """Return from whose stock a quantity is taken that is taken without a reservation.

        :param quantity: in the product's unit
        :return: pairs of owner and quantity; None where no vendor's stock is there
        """
        quants = (
            self.sudo()
            ._gather(product, location, lot_id=lot, package_id=package)
            .filtered(
                lambda quant: (
                    quant.location_id == location
                    and quant.package_id == (package or quant.package_id.browse())
                )
            )
        )
        company = location.company_id
        vendors = self._find_consigning(company, quants.owner_id).partner_id
        own = company.partner_id
        if not vendors:
            return None
        taken, left = {}, quantity
        # What is reserved is taken only when there is nothing else.
        for is_free in (True, False):
            for quant in quants:
                if quant.owner_id and quant.owner_id not in vendors | own:
                    continue
                free = max(quant.quantity - quant.reserved_quantity, 0)
                there = free if is_free else max(quant.quantity, 0) - free
                part = min(there, left)
                if product.uom_id.compare(part, 0) > 0:
                    taken[quant.owner_id] = taken.get(quant.owner_id, 0) + part
                    left -= part
        if product.uom_id.compare(left, 0) > 0:
            nobody = self.env["res.partner"]
            taken[nobody] = taken.get(nobody, 0) + left
        return list(taken.items())
