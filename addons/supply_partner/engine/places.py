"""A place is a location with all internal locations below it."""

from odoo.tools import SQL


def inside_query(due):
    """Return the SELECT of ``place_id`` and each ``location_id`` whose stock is the place's.

    Scrap, inventory loss, production, transit and customers below a place are not of it: what
    goes there has left.
    """
    return SQL(
        """
        SELECT place.id AS place_id, location.id AS location_id
          FROM stock_location place
          JOIN stock_location location
            ON location.parent_path LIKE place.parent_path || '%%'
           AND location.usage = 'internal'
         WHERE place.id IN (SELECT location_id FROM %s)
        """,
        due,
    )


def crossing_moves(due, inbound, columns, condition, joins):
    """Return the SELECT of moves that cross the border of a line's place.

    :param due: the table of lines
    :param inbound: whether they enter; otherwise they leave
    :param columns: SQL of what to select, from ``move`` and ``due``
    :param condition: SQL of which moves count
    :param joins: SQL of further tables to join
    :return: SQL over ``inside``; open moves go by their final location, done ones by the real
    """
    target = SQL(
        "CASE WHEN move.state = 'done' THEN move.location_dest_id "
        "ELSE COALESCE(move.location_final_id, move.location_dest_id) END"
    )
    own, other = (target, SQL("move.location_id"))
    if not inbound:
        own, other = other, own
    return SQL(
        """
        SELECT %(columns)s
          FROM stock_move move
          JOIN inside ON inside.location_id = %(own)s
          JOIN %(due)s due
            ON due.location_id = inside.place_id AND due.product_id = move.product_id
     LEFT JOIN inside elsewhere
            ON elsewhere.place_id = inside.place_id AND elsewhere.location_id = %(other)s
               %(joins)s
         WHERE elsewhere.location_id IS NULL AND %(condition)s
        """,
        columns=columns,
        own=own,
        other=other,
        due=due,
        condition=condition,
        joins=joins,
    )
