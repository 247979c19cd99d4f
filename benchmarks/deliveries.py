"""Made-up orders to vendors with promises and receipts, by SQL."""

from __future__ import annotations

from odoo.fields import Command
from odoo.tools import SQL

from benchmarks.shelves import clone

LINES_PER_ORDER = 5
LINES_PER_VENDOR = 2_000
PRODUCTS = 1_000
# The days over which lines are due, and how many of these are still to come.
DAYS, DAYS_TO_COME = 720, 15


class Deliveries:
    """A company that bought of many vendors: one line in seven late, one in five in two parts.

    A tenth of one receipt in fifty went back. There is an agreed price of every line, and neither
    bills nor later changes. Everything was written a month ago, so that the next day finds
    nothing changed.
    """

    def __init__(self, env, count: int):
        self.env = env
        self.count = count
        self.company = env.company
        self.make_first()
        env.flush_all()
        self.multiply()
        env.cr.execute("ANALYZE")
        env.invalidate_all()

    def make_first(self):
        """Make one of everything the way a person would."""
        env = self.env
        self.vendor = env["res.partner"].create({"name": "Vendor", "is_company": True})
        self.product = env["product.product"].create({"name": "Screw", "is_storable": True})
        self.order = env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_qty": 10, "price_unit": 2}
                    )
                ],
            }
        )
        self.order.button_confirm()
        self.line = self.order.order_line
        self.promise = env["vendor.promise"].search([("order_line_id", "=", self.line.id)])
        self.move = self.order.picking_ids.move_ids
        self.move.write({"quantity": 10, "picked": True})
        self.move._action_done()

    def multiply(self):
        """Copy it to as many lines as asked for, with days and quantities that differ."""
        cr, count = self.env.cr, self.count
        vendors = max(count // LINES_PER_VENDOR, 5)
        orders = -(-count // LINES_PER_ORDER)
        long_ago = {
            name: SQL("NOW() AT TIME ZONE 'UTC' - INTERVAL '30 days'")
            for name in ("create_date", "write_date")
        }
        noon = SQL("(CURRENT_DATE + TIME '12:00')")
        order_of = SQL("((n - 1) / %s + 1)", LINES_PER_ORDER)
        due = SQL(
            "%s + ((%s - (%s * 7) %% %s) || ' days')::interval",
            noon, DAYS_TO_COME, order_of, DAYS,
        )  # fmt: skip
        vendor = SQL("%s + 1 + (%s %% %s)", self.vendor.id, order_of, vendors)
        order = SQL("%s + %s", self.order.id, order_of)
        line = SQL("%s + n", self.line.id)
        product = SQL("%s + n %% %s", self.product.id, PRODUCTS)
        clone(
            cr, "res_partner", self.vendor.id, SQL("generate_series(1, %s) AS n", vendors),
            {
                "id": SQL("%s + n", self.vendor.id),
                "name": SQL("'Vendor ' || n"),
                "complete_name": SQL("'Vendor ' || n"),
                "commercial_partner_id": SQL("%s + n", self.vendor.id),
            },
        )  # fmt: skip
        template = self.product.product_tmpl_id
        others = SQL("generate_series(1, %s) AS n", PRODUCTS - 1)
        clone(cr, "product_template", template.id, others, {"id": SQL("%s + n", template.id)})
        clone(
            cr, "product_product", self.product.id, others,
            {
                "id": SQL("%s + n", self.product.id),
                "product_tmpl_id": SQL("%s + n", template.id),
            },
        )  # fmt: skip
        picking = self.order.picking_ids
        clone(
            cr, "stock_picking", picking.id, SQL("generate_series(1, %s) AS n", orders),
            {**long_ago, "id": SQL("%s + n", picking.id), "name": SQL("'IN' || n")},
        )  # fmt: skip
        clone(
            cr, "purchase_order", self.order.id, SQL("generate_series(1, %s) AS n", orders),
            {
                **long_ago,
                "id": SQL("%s + n", self.order.id),
                "name": SQL("'B' || n"),
                "partner_id": SQL("%s + 1 + (n %% %s)", self.vendor.id, vendors),
                "date_approve": SQL("%s - INTERVAL '10 days'", self._due_of_order(noon)),
            },
        )  # fmt: skip
        rows = SQL("generate_series(1, %s) AS n", count)
        clone(
            cr, "purchase_order_line", self.line.id, rows,
            {
                **long_ago, "id": line, "order_id": order, "partner_id": vendor,
                "date_planned": due, "product_id": product,
            },
        )  # fmt: skip
        clone(
            cr, "vendor_promise", self.promise.id, rows,
            {
                **long_ago, "id": SQL("%s + n", self.promise.id), "order_line_id": line,
                "order_id": order, "partner_id": vendor, "date_promised": due,
                "latest_date": due, "approved_at": SQL("%s - INTERVAL '10 days'", due),
                "product_id": product, "agreed_price": SQL("1.9"),
            },
        )  # fmt: skip
        came = SQL("%s + ((CASE WHEN n %% 7 = 0 THEN 3 ELSE -1 END) || ' days')::interval", due)
        is_past = SQL("%s < NOW() AT TIME ZONE 'UTC'", came)
        back = {
            "location_id": SQL("%s", self.move.location_dest_id.id),
            "location_dest_id": SQL("%s", self.move.location_id.id),
            "origin_returned_move_id": SQL("%s + 3 * n", self.move.id),
        }
        for number, condition, quantity, values in (
            (0, SQL("TRUE"), SQL("CASE WHEN n %% 5 = 0 THEN 6 ELSE 10 END"), {}),
            (1, SQL("n %% 5 = 0"), SQL("4"), {}),
            (2, SQL("n %% 50 = 1"), SQL("1"), back),
        ):
            clone(
                cr, "stock_move", self.move.id,
                SQL("(SELECT n FROM %s WHERE %s AND %s) AS moved", rows, condition, is_past),
                {
                    **long_ago, "id": SQL("%s + 3 * n + %s", self.move.id, number),
                    "purchase_line_id": line, "date": came, "quantity": quantity,
                    "picking_id": SQL("%s + %s", picking.id, order_of), "product_id": product,
                    **values,
                },
            )  # fmt: skip

    def _due_of_order(self, noon):
        return SQL("%s + ((%s - (n * 7) %% %s) || ' days')::interval", noon, DAYS_TO_COME, DAYS)
