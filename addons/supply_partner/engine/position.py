"""What a line can count on: on hand, due, in quotations, proposed, and to deliver."""

from odoo.tools import SQL

from .places import crossing_moves, inside_query
from .steps import DUE

OPEN_STATES = SQL("('waiting', 'confirmed', 'partially_available', 'assigned')")
QUOTATION_STATES = SQL("('draft', 'sent', 'to approve')")
# All steps of a receipt have the reference of the order; only the first one has its line.
OF_OWN_ORDER = SQL(
    "EXISTS (SELECT FROM stock_reference_move_rel AS part "
    "JOIN stock_reference_purchase_rel AS whole ON whole.reference_id = part.reference_id "
    "JOIN purchase_order purchase ON purchase.id = whole.purchase_id "
    "WHERE part.move_id = move.id AND purchase.vmi_agreement_id = due.agreement_id)"
)
PENDING_STATES = SQL("('draft', 'sent', 'approved')")


def positions_query(scope):
    """Return the SELECT of the parts of each line's position, in units of the product.

    :return: SQL with ``line_id``, ``on_hand`` and ``on_hand_since`` (the oldest of it),
        ``incoming`` with the days ``incoming_first`` and ``incoming_last``, ``outgoing``,
        ``incoming_soon`` and ``outgoing_soon`` (of them, before the next review),
        ``next_delivery`` (the first day from today on that a vendor or transfer names; NULL:
        none) and ``outgoing_before`` (before that day, or before what is ordered now could
        come), ``quotation``, ``pending`` (proposed, less what is proposed to be given away) and
        ``other`` (what other add-ons know of)
    """
    return SQL(
        """
        WITH inside AS MATERIALIZED (%(inside)s),
        on_hand AS (%(on_hand)s),
        incoming AS (
            SELECT line_id, SUM(quantity) AS quantity,
                   SUM(quantity) FILTER (WHERE date < next_start) AS soon,
                   MIN(date) AS first_date, MAX(date) AS last_date,
                   MIN(named_day) FILTER (WHERE named_day >= %(today)s) AS next_delivery
              FROM (%(incoming)s) moves
          GROUP BY line_id
        ),
        outgoing AS (
            SELECT line_id, SUM(moves.quantity) AS quantity,
                   SUM(moves.quantity) FILTER (WHERE date < next_start) AS soon,
                   SUM(moves.quantity) FILTER (
                       WHERE named_day < COALESCE(next_delivery, earliest_day)) AS before
              FROM (%(outgoing)s) moves
         LEFT JOIN incoming USING (line_id)
          GROUP BY line_id
        ),
        quotations AS (%(quotations)s),
        proposed AS (
            SELECT proposed.line_id, proposed.source_line_id, proposed.approved_qty
              FROM vmi_proposal_line proposed
              JOIN vmi_proposal proposal ON proposal.id = proposed.proposal_id
             WHERE proposal.state IN %(pending_states)s
        ),
        pending AS (
            SELECT line_id, SUM(quantity) AS quantity
              FROM (SELECT line_id, approved_qty AS quantity FROM proposed
                     UNION ALL
                    -- What another place shall get is as good as gone.
                    SELECT source_line_id, -approved_qty FROM proposed
                     WHERE source_line_id IS NOT NULL) AS both_ends
          GROUP BY line_id
        ),
        others AS (%(others)s)
        SELECT due.line_id,
               COALESCE(on_hand.quantity, 0)::numeric AS on_hand,
               on_hand.since AS on_hand_since,
               COALESCE(incoming.quantity, 0)::numeric AS incoming,
               %(first_day)s AS incoming_first,
               %(last_day)s AS incoming_last,
               COALESCE(incoming.soon, 0)::numeric AS incoming_soon,
               COALESCE(outgoing.quantity, 0)::numeric AS outgoing,
               COALESCE(outgoing.soon, 0)::numeric AS outgoing_soon,
               incoming.next_delivery,
               COALESCE(outgoing.before, 0)::numeric AS outgoing_before,
               COALESCE(quotations.quantity, 0)::numeric AS quotation,
               COALESCE(pending.quantity, 0)::numeric AS pending,
               COALESCE(others.quantity, 0)::numeric AS other
          FROM %(due)s due
     LEFT JOIN on_hand ON on_hand.line_id = due.line_id
     LEFT JOIN incoming ON incoming.line_id = due.line_id
     LEFT JOIN outgoing ON outgoing.line_id = due.line_id
     LEFT JOIN quotations ON quotations.line_id = due.line_id
     LEFT JOIN pending ON pending.line_id = due.line_id
     LEFT JOIN others ON others.line_id = due.line_id
        """,
        inside=inside_query(),
        on_hand=on_hand_query(),
        due=DUE,
        incoming=_open_moves(scope, inbound=True),
        outgoing=_open_moves(scope, inbound=False),
        quotations=_quotations_query(),
        pending_states=PENDING_STATES,
        others=_others_query(scope),
        today=scope.today,
        first_day=scope.local_day(SQL("incoming.first_date")),
        last_day=scope.local_day(SQL("incoming.last_date")),
    )


def on_hand_query():
    """Return the SELECT of each line's quantity in its place and since when the oldest is there.

    :return: SQL over ``inside`` with ``line_id``, ``quantity`` and ``since``
    """
    return SQL(
        """
        SELECT due.line_id, SUM(quant.quantity) AS quantity, MIN(quant.in_date) AS since
          FROM stock_quant quant
          JOIN inside ON inside.location_id = quant.location_id
          JOIN %(due)s due
            ON due.location_id = inside.place_id AND due.product_id = quant.product_id
      GROUP BY due.line_id
        """,
        due=DUE,
    )


def _open_moves(scope, inbound):
    # A vendor's later date is written to the order's line and leaves the receipt's as it is.
    named = SQL("COALESCE(ordered.date_planned, move.date)") if inbound else SQL("move.date")
    # A receipt of the agreement's own that was put off beyond the horizon is still to come, and
    # so is a transfer that came of a proposal.
    return crossing_moves(
        inbound,
        SQL(
            "due.line_id, due.next_start, due.earliest_day, move.product_qty AS quantity, "
            "move.date, %s AS named_day",
            scope.local_day(named),
        ),
        SQL(
            "move.state IN %s AND (move.date < due.horizon_end OR %s OR move.picking_id IN "
            "(SELECT id FROM stock_picking WHERE vmi_proposal_id IS NOT NULL))",
            OPEN_STATES,
            OF_OWN_ORDER,
        ),
        SQL("LEFT JOIN purchase_order_line ordered ON ordered.id = move.purchase_line_id"),
    )


def _others_query(scope):
    nothing = SQL("SELECT NULL::integer AS line_id, 0::numeric AS quantity WHERE FALSE")
    return SQL(
        "SELECT line_id, SUM(quantity) AS quantity FROM (%s) AS parts GROUP BY line_id",
        SQL(" UNION ALL ").join(scope.position_parts or [nothing]),
    )


def _quotations_query():
    """Return the SELECT of what requests for quotation will bring; they have no moves yet."""
    return SQL(
        """
        SELECT due.line_id,
               SUM(ordered.product_qty * unit.factor / due.unit_factor) AS quantity
          FROM purchase_order_line ordered
          JOIN purchase_order purchase ON purchase.id = ordered.order_id
          JOIN uom_uom unit ON unit.id = ordered.product_uom_id
     LEFT JOIN stock_warehouse_orderpoint point ON point.id = ordered.orderpoint_id
     LEFT JOIN stock_picking_type operation ON operation.id = purchase.picking_type_id
     LEFT JOIN stock_warehouse warehouse ON warehouse.id = operation.warehouse_id
          JOIN inside
            -- What comes in by several steps ends in the stock; a dropship has no warehouse.
            ON inside.location_id = COALESCE(point.location_id, ordered.location_final_id,
                                             warehouse.lot_stock_id,
                                             operation.default_location_dest_id)
          JOIN %(due)s due
            ON due.location_id = inside.place_id AND due.product_id = ordered.product_id
         WHERE purchase.state IN %(states)s
           -- What is bought for a certain need does not fill the shelf.
           AND NOT (ordered.orderpoint_id IS NOT NULL AND ordered.id IN (
               SELECT created_purchase_line_id FROM stock_move_created_purchase_line_rel))
      GROUP BY due.line_id
        """,
        due=DUE,
        states=QUOTATION_STATES,
    )
