"""What lines have in common, so that Odoo is asked once for all lines of a kind."""

from typing import NamedTuple

from odoo.tools import SQL

# A row per line and row of a vendor's; Odoo looks at the routes of all products that it can buy.
LINES = SQL(
    """vmi_agreement_line line
          JOIN vmi_agreement agreement ON agreement.id = line.agreement_id
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
     LEFT JOIN stock_warehouse_orderpoint point ON point.id = line.orderpoint_id
     LEFT JOIN product_supplierinfo seller ON seller.product_tmpl_id = template.id
     LEFT JOIN (SELECT product_id AS template_id, ARRAY_AGG(route_id ORDER BY route_id) AS ids
                  FROM stock_route_product
              GROUP BY product_id) AS chosen ON chosen.template_id = template.id"""
)
# Where these are the same, Odoo finds the same rule.
ROUTES = SQL(
    "line.location_id, agreement.warehouse_id, COALESCE(point.route_id, 0), "
    "COALESCE(template.categ_id, 0), COALESCE(chosen.ids, '{}'), seller.id IS NOT NULL"
)


class Routes(NamedTuple):
    """What Odoo goes by to find the rule that supplies a product."""

    location_id: int
    warehouse_id: int
    route_id: int
    categ_id: int
    chosen_ids: tuple[int, ...]
    is_sold: bool


class Kind(NamedTuple):
    """What some lines have in common.

    :ivar line_id: one of these lines
    :ivar target: its service target
    :ivar unit_ids: (unit asked for or None, unit of a vendor's row or None, the product's unit)
    """

    line_id: int
    agreement_id: int
    method: str
    target: float
    unit_ids: tuple[int | None, int | None, int]
    routes: Routes


def find_kinds(cr, line_ids):
    """Return the :class:`Kind` of each of very many lines, each once.

    :param line_ids: SQL of the array of their ids
    """
    cr.execute(
        SQL(
            """
            SELECT MIN(line.id), line.agreement_id, line.method, line.service_target,
                   line.replenishment_uom_id, seller.product_uom_id, template.uom_id, %(routes)s
              FROM %(lines)s
             WHERE line.id = ANY(%(line_ids)s)
          GROUP BY line.agreement_id, line.method, line.service_target,
                   line.replenishment_uom_id, seller.product_uom_id, template.uom_id, %(routes)s
            """,
            lines=LINES,
            routes=ROUTES,
            line_ids=line_ids,
        )
    )
    return [
        Kind(*row[:4], row[4:7], Routes(*row[7:11], tuple(row[11]), row[12]))
        for row in cr.fetchall()
    ]


def same_routes_query(line_ids, samples):
    """Return the SELECT of the lines for which Odoo finds the same rule as for some of them.

    :param line_ids: SQL of the array of the lines' ids
    :param samples: the ids of some of them
    :return: SQL with ``id``
    """
    return SQL(
        """
        SELECT DISTINCT line.id
          FROM %(lines)s
         WHERE line.id = ANY(%(line_ids)s)
           AND (%(routes)s) IN (SELECT %(routes)s FROM %(lines)s WHERE line.id = ANY(%(samples)s))
        """,
        lines=LINES,
        routes=ROUTES,
        line_ids=line_ids,
        samples=samples,
    )


def ratios_query(pairs):
    """Return the SELECT of what one unit is in another, where they measure the same.

    :param pairs: pairs of the ids of units; at least one
    :return: SQL with ``unit_id``, ``product_unit_id`` and ``ratio``
    """
    return SQL(
        """
        SELECT unit.id AS unit_id, own.id AS product_unit_id,
               (unit.factor / own.factor)::double precision AS ratio
          FROM (VALUES %s) AS pairs (unit_id, own_id)
          JOIN uom_uom unit ON unit.id = pairs.unit_id
          JOIN uom_uom own ON own.id = pairs.own_id
         WHERE SPLIT_PART(unit.parent_path, '/', 1) = SPLIT_PART(own.parent_path, '/', 1)
        """,
        SQL(", ").join(SQL("(%s, %s)", *pair) for pair in pairs),
    )
