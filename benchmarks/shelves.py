"""Made-up shelves: products under agreements, with stock, moves and purchases, by SQL."""

from __future__ import annotations

from odoo.fields import Command
from odoo.tools import SQL

LINES_PER_AGREEMENT = 500
MOVES_PER_LINE = 10
QUANTS_PER_LINE = 2


def clone(cr, table: str, source_id: int, rows: SQL, values: dict[str, SQL]) -> None:
    """Insert copies of a row, one for each of some rows.

    :param rows: SQL after FROM, named in the values
    :param values: what differs, by column
    """
    cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    columns = [name for (name,) in cr.fetchall() if name != "id" or "id" in values]
    cr.execute(
        SQL(
            "INSERT INTO %(table)s (%(columns)s) SELECT %(values)s "
            "FROM %(table)s AS source, %(rows)s WHERE source.id = %(id)s",
            table=SQL.identifier(table),
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(
                values.get(name) or SQL.identifier("source", name) for name in columns
            ),
            rows=rows,
            id=source_id,
        )
    )
    cr.execute(
        SQL(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT MAX(id) FROM %s))",
            table,
            SQL.identifier(table),
        )
    )


class Shelves:
    """A company whose warehouse is kept filled, one line a product.

    What is on hand, on its way and in quotations differs by line; half of the lines are below
    their minimum, and a third is bought in dozens. Nothing is proposed, and no order lies beyond
    the horizon.
    """

    def __init__(self, env, count: int):
        self.env = env
        self.count = count
        self.company = env.company
        self.company.horizon_days = 5
        warehouse = env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        self.stock = warehouse.lot_stock_id
        self.shelf = env["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.vendor = env["res.partner"].create({"name": "Vendor", "is_company": True})
        self.buyer = env.ref("base.user_admin")
        self.make_first()
        env.flush_all()
        self.multiply()
        env.cr.execute("ANALYZE")
        env.invalidate_all()

    def make_first(self):
        """Make one of everything the way a person would."""
        env = self.env
        self.product = env["product.product"].create({"name": "Shelf", "is_storable": True})
        self.seller = env["product.supplierinfo"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "partner_id": self.vendor.id,
                "price": 2,
                "delay": 3,
            }
        )
        self.agreement = env["vmi.agreement"].create(
            {
                "partner_id": self.vendor.id,
                "user_id": self.buyer.id,
                "planning_horizon_days": self.company.horizon_days,
                "line_ids": [
                    Command.create({"product_id": self.product.id, "min_qty": 70, "max_qty": 130})
                ],
            }
        )
        self.agreement.action_start()
        self.line = self.agreement.line_ids
        env["stock.quant"]._update_available_quantity(self.product, self.stock, 1)
        self.quant = env["stock.quant"].search([("product_id", "=", self.product.id)])
        self.order = env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_qty": 1, "price_unit": 2}
                    )
                ],
            }
        )
        self.move = env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 1,
                "product_uom": self.product.uom_id.id,
                "location_id": self.stock.id,
                "location_dest_id": env.ref("stock.stock_location_customers").id,
            }
        )

    def multiply(self):
        """Copy it to as many lines as asked for, with figures that differ."""
        cr, rows = self.env.cr, SQL("generate_series(1, %s) AS n", self.count)
        template, product = self.product.product_tmpl_id.id, self.product.id
        point, agreement = self.line.orderpoint_id.id, self.agreement.id
        dozen = self.env.ref("uom.product_uom_dozen").id
        suppliers = self.env.ref("stock.stock_location_suppliers").id
        customers = self.env.ref("stock.stock_location_customers").id
        bought = SQL("(n * 11) %% 9")
        numbered = {"product_id": SQL("%s + n", product)}
        clone(cr, "product_template", template, rows, {"id": SQL("%s + n", template)})
        clone(
            cr, "product_product", product, rows,
            {"id": SQL("%s + n", product), "product_tmpl_id": SQL("%s + n", template)},
        )  # fmt: skip
        clone(
            cr, "product_supplierinfo", self.seller.id, rows,
            {
                **numbered,
                "id": SQL("%s + n", self.seller.id),
                "product_tmpl_id": SQL("%s + n", template),
                "delay": SQL("2 + n %% 5"),
                "product_uom_id": SQL("CASE WHEN n %% 3 = 0 THEN %s ELSE source.product_uom_id END",
                                      dozen),
            },
        )  # fmt: skip
        clone(
            cr, "stock_warehouse_orderpoint", point, rows,
            {**numbered, "id": SQL("%s + n", point), "supplier_id": SQL("%s + n", self.seller.id)},
        )  # fmt: skip
        agreements = SQL("generate_series(1, %s) AS n", self.count // LINES_PER_AGREEMENT + 1)
        clone(
            cr, "vmi_agreement", agreement, agreements,
            {"id": SQL("%s + n", agreement), "name": SQL("'SA-' || n")},
        )  # fmt: skip
        clone(
            cr, "vmi_agreement_line", self.line.id, rows,
            {
                **numbered,
                "agreement_id": SQL("%s + 1 + n / %s", agreement, LINES_PER_AGREEMENT),
                "orderpoint_id": SQL("%s + n", point),
            },
        )  # fmt: skip
        clone(
            cr, "stock_quant", self.quant.id,
            SQL("%s, generate_series(1, %s) AS k", rows, QUANTS_PER_LINE),
            {
                **numbered,
                "location_id": SQL(
                    "CASE k WHEN 1 THEN %s ELSE %s END", self.stock.id, self.shelf.id
                ),
                "quantity": SQL("(n * 7 + k * 13) %% 70"),
            },
        )  # fmt: skip
        clone(
            cr, "purchase_order_line", self.order.order_line.id, rows,
            {**numbered, "product_qty": bought, "product_uom_qty": bought},
        )  # fmt: skip
        inbound = SQL("k %% 4 = 1")
        quantity = SQL("1 + (n * 3 + k * 5) %% 9")
        clone(
            cr, "stock_move", self.move.id,
            SQL("%s, generate_series(1, %s) AS k", rows, MOVES_PER_LINE),
            {
                **numbered,
                "location_id": SQL("CASE WHEN %s THEN %s ELSE %s END", inbound, suppliers,
                                   self.stock.id),
                "location_dest_id": SQL("CASE WHEN %s THEN %s ELSE %s END", inbound, self.shelf.id,
                                        customers),
                "location_final_id": SQL("NULL"),
                "state": SQL("CASE WHEN k > 4 THEN 'done' ELSE 'confirmed' END"),
                "date": SQL(
                    "(now() AT TIME ZONE 'UTC')::date + INTERVAL '12 hours' "
                    "+ CASE WHEN k > 4 THEN -(1 + (n * 5 + k * 17) %% 89) "
                    "ELSE (n + k) %% 8 - 3 END * INTERVAL '1 day'"
                ),
                "product_qty": quantity,
                "product_uom_qty": quantity,
                "quantity": quantity,
            },
        )  # fmt: skip

    @property
    def lines(self):
        """The lines that were multiplied."""
        return self.env["vmi.agreement.line"].search(
            [("agreement_id", ">", self.agreement.id)], order="id"
        )
