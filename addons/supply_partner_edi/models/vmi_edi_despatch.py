from odoo import api, models

from ..tools import EdifactError, Known, RefusalError, find_item


class VmiEdiDespatch(models.AbstractModel):
    """From the vendor's despatch advice to Odoo: a shipment of each order that it names."""

    _name = "vmi.edi.despatch"
    _description = "EDI: Despatch Advices"

    @api.model
    def _take(self, message, despatch, agreements, about):
        """Carry out a ``DespatchAdvice``.

        :param agreements: those of the vendor that are exchanged by EDI
        :param about: is given those that the message is about
        :return: what came of it, in words
        :raise EdifactError: for what it means that is not there
        """
        service = message._serve(agreements, "announce")._open("announce")
        made = []
        orders, errors = {}, []
        for line in despatch.lines:
            orders.setdefault(line.order, []).append(line)
        for name, lines in orders.items():
            order = service.env["purchase.order"].search(
                [*service._get_orders_domain(agreements), ("name", "=", name)], limit=1
            )
            if not order:
                errors.append(
                    EdifactError("unknown_order", lines[0].segment, "LIN", reference=name)
                )
                continue
            about.append(agreements.browse(order.vmi_agreement_id.id))
            try:
                made.append((order, self._match(order, lines)))
            except RefusalError as several:
                errors += several.errors
        if errors:
            raise RefusalError(errors)
        shipments = [self._announce(message, despatch, *pair) for pair in made]
        return self.env._("Announced: %s", ", ".join(shipment["name"] for shipment in shipments))

    def _announce(self, message, despatch, order, lines):
        # In the name of the buyer of this order's agreement.
        service = message._serve(order.vmi_agreement_id, "announce")
        return service.announce_shipment(
            order.id,
            lines,
            despatch.arrives.isoformat(),
            carrier=despatch.carrier,
            tracking_ref=despatch.tracking,
            package_count=despatch.package_count,
            note=despatch.note,
        )

    def _match(self, order, lines):
        """Return what is announced of an order, as the vendor's service takes it."""
        ordered = order.order_line.filtered(lambda one: not one.display_type and one.product_id)
        terms = {
            line.product_id: known
            for line, known in zip(
                order.vmi_agreement_id.line_ids,
                order.vmi_agreement_id.line_ids._get_edi_known(),
                strict=True,
            )
        }
        known = [
            Known(
                key=one.id,
                gtin=one.product_id.barcode or "",
                buyer_code=one.product_id.default_code or "",
                vendor_code=terms[one.product_id].vendor_code if one.product_id in terms else "",
            )
            for one in ordered
        ]
        found, errors = [], []
        for line in lines:
            try:
                key = self._find(line, known, ordered, order)
                one = ordered.browse(key)
                quantity = one.product_uom_id._from_edi(
                    line.quantity, line.unit, line.segment, one.product_id
                )
            except EdifactError as error:
                errors.append(error)
                continue
            found.append(
                {
                    "order_line_id": key,
                    "quantity": quantity,
                    "lot": line.lot,
                    "package": line.package,
                }
            )
        if errors:
            raise RefusalError(errors)
        return found

    def _find(self, line, known, ordered, order):
        """Return the id of the order's line; of several with the same product the first open."""
        by_product = {}
        for one in ordered:
            by_product.setdefault(one.product_id, []).append(one)
        first = {
            lines[0].id: next(
                (one.id for one in lines if one.qty_received < one.product_qty), lines[0].id
            )
            for lines in by_product.values()
        }
        try:
            key = find_item(line.item, [one for one in known if one.key in first], line.segment)
        except EdifactError as error:
            if error.code == "unknown_item":
                raise EdifactError(
                    "not_ordered", line.segment, "LIN", order=order.name, **error.values
                ) from None
            raise
        return first[key]
