"""What lies in the location of an agreement: in it and in all internal locations below it."""

from odoo.tools import SQL


def inside_query(due):
    """Return the SELECT of each location of an agreement with the locations that are part of it.

    Scrap, inventory loss, production, transit and customers below a location are no part of it:
    what goes there has left.

    :param due: the table of lines
    :return: SQL with ``root_id`` (the agreement's) and ``location_id`` (itself, or one below)
    """
    return SQL(
        """
        SELECT root.id AS root_id, location.id AS location_id
          FROM stock_location root
          JOIN stock_location location
            ON location.parent_path LIKE root.parent_path || '%%'
           AND location.usage = 'internal'
         WHERE root.id IN (SELECT location_id FROM %s)
        """,
        due,
    )


def inside_step(due, table=None):
    """Return the step of a WITH list that gives :func:`inside_query` the name ``inside``.

    :param due: the table of lines
    :param table: a table of what it finds, when there is one
    """
    if table:
        return SQL("inside AS NOT MATERIALIZED (SELECT * FROM %s)", table)
    return SQL("inside AS MATERIALIZED (%s)", inside_query(due))


# Open moves go by their final location, done ones by the actual one.
DONE_TARGET = SQL("move.location_dest_id")
OPEN_TARGET = SQL("COALESCE(move.location_final_id, move.location_dest_id)")
TARGET = SQL("CASE WHEN move.state = 'done' THEN %s ELSE %s END", DONE_TARGET, OPEN_TARGET)


def crossing_moves(due, inbound, columns, condition, joins, target=TARGET):
    """Return the SELECT of moves that cross the border of a line's location.

    :param due: the table of lines
    :param inbound: whether they enter; otherwise they leave
    :param columns: SQL of what to select, from ``move`` and ``due``
    :param condition: SQL of which moves count
    :param joins: SQL of further tables to join
    :param target: SQL of where moves go, by which PostgreSQL expects how many enter
    :return: SQL over ``inside``
    """
    own, other = (target, SQL("move.location_id"))
    if not inbound:
        own, other = other, own
    return SQL(
        """
        SELECT %(columns)s
          FROM stock_move move
          JOIN inside ON inside.location_id = %(own)s
          JOIN %(due)s due
            ON due.location_id = inside.root_id AND due.product_id = move.product_id
     LEFT JOIN inside elsewhere
            ON elsewhere.root_id = inside.root_id AND elsewhere.location_id = %(other)s
               %(joins)s
         -- Of a plain IS NULL PostgreSQL expects that hardly any move is left.
         WHERE COALESCE(elsewhere.location_id IS NULL, TRUE) AND (%(condition)s)
        """,
        columns=columns,
        own=own,
        other=other,
        due=due,
        condition=condition,
        joins=joins,
    )


def moved_lines_query(moved):
    """Return the SELECT of the lines from or to whose location something moved.

    What stays inside a location changes nothing about it.

    :param moved: triples of the ids of a product and of the locations from and to
    :return: SQL with ``id``
    """
    products, origins, destinations = zip(*moved, strict=True)
    return SQL(
        """
        SELECT DISTINCT line.id
          FROM UNNEST(%s::integer[], %s::integer[], %s::integer[])
               AS moved (product_id, origin_id, destination_id)
          JOIN vmi_agreement_line line
            ON line.product_id = moved.product_id AND line.state IN ('running', 'suspended')
          JOIN stock_location root ON root.id = line.location_id
          JOIN stock_location origin ON origin.id = moved.origin_id
          JOIN stock_location destination ON destination.id = moved.destination_id
         WHERE (origin.parent_path LIKE root.parent_path || '%%')
               <> (destination.parent_path LIKE root.parent_path || '%%')
        """,
        list(products),
        list(origins),
        list(destinations),
    )
