"""Which deliveries wait for the same stock."""

from odoo.tools import SQL

WAITING_STATES = SQL("('confirmed', 'partially_available')")


def waiting_query(move, condition):
    """Return the SELECT of the moves to customers that wait for stock of their own.

    What a step before brings belongs to its delivery and is no stock to allocate.

    :param move: SQL of the table of moves, or of some of them
    :param condition: SQL over ``move`` and its ``operation`` type for which of them count
    :return: SQL with ``move_id``, ``company_id``, ``product_id``, ``root_id`` and ``root_path``
        (the stock of the warehouse, or the location itself elsewhere), ``warehouse_id``,
        ``picking_id``, ``order_id``, ``partner_id``, ``tier_id``, ``rank`` (NULL: no tier),
        ``is_urgent``, ``promised``, ``need``, ``held`` and ``step`` in the product's unit
    """
    return SQL(
        """
        SELECT move.id AS move_id, move.company_id, move.product_id, move.picking_id,
               root.id AS root_id, root.parent_path AS root_path, warehouse.id AS warehouse_id,
               sale.id AS order_id, COALESCE(sale.partner_id, picking.partner_id) AS partner_id,
               tier.id AS tier_id, tier.sequence AS rank,
               COALESCE(move.priority, '0') = '1' AS is_urgent,
               COALESCE(move.date_deadline, move.date) AS promised,
               move.product_qty::double precision AS need,
               (move.quantity * unit.factor / own.factor)::double precision AS held,
               (unit.factor / own.factor)::double precision AS step
          FROM %(move)s move
          JOIN product_product product ON product.id = move.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom own ON own.id = template.uom_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN stock_location place ON place.id = move.location_id
          JOIN stock_location destination
            ON destination.id = COALESCE(move.location_final_id, move.location_dest_id)
     LEFT JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
     LEFT JOIN stock_location store
            ON store.id = warehouse.lot_stock_id
           AND place.parent_path LIKE store.parent_path || '%%'
          JOIN stock_location root ON root.id = COALESCE(store.id, place.id)
     LEFT JOIN stock_picking picking ON picking.id = move.picking_id
     LEFT JOIN stock_picking_type operation ON operation.id = move.picking_type_id
     LEFT JOIN sale_order_line line ON line.id = move.sale_line_id
     LEFT JOIN sale_order sale ON sale.id = line.order_id
     LEFT JOIN customer_tier tier ON tier.id = sale.customer_tier_id
         WHERE template.is_storable AND place.usage IN ('internal', 'transit')
           AND move.procure_method = 'make_to_stock'
           AND (destination.usage = 'customer' OR line.id IS NOT NULL)
           AND NOT EXISTS (SELECT FROM stock_move_move_rel link WHERE link.move_dest_id = move.id)
           AND (%(condition)s)
        """,
        move=move,
        condition=condition,
    )


def is_due(today):
    """Return SQL over ``move`` and ``operation`` for whether stock is reserved for it by now.

    Where people reserve by hand, all that is confirmed waits.
    """
    return SQL(
        "(move.state IN %s AND NOT COALESCE(move.picked, FALSE) "
        "AND (operation.reservation_method IS DISTINCT FROM 'by_date' "
        "OR move.reservation_date <= %s))",
        WAITING_STATES,
        today,
    )


def claims_query(pools, today, move_ids):
    """Return the SELECT of all that waits for the stock of some pools.

    :param pools: pairs (product id, id of the location that is its root)
    :param move_ids: moves that count although stock is not due to be reserved for them
    :return: SQL as of :func:`waiting_query`
    """
    return SQL(
        "SELECT * FROM (%s) AS waiting WHERE (product_id, root_id) IN %s ORDER BY move_id",
        waiting_query(
            SQL.identifier("stock_move"),
            SQL(
                "move.product_id = ANY(%s) AND (%s OR move.id = ANY(%s))",
                [product_id for product_id, _root_id in pools],
                is_due(today),
                list(move_ids),
            ),
        ),
        tuple(pools),
    )
