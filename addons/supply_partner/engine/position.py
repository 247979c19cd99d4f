"""What a line can count on: on hand, incoming, in RFQs, proposed, and to deliver."""

from odoo.tools import SQL

from .locations import crossing_moves, inside_step

OPEN_STATES = SQL("('waiting', 'confirmed', 'partially_available', 'assigned')")

# Whether an open move is counted on. A receipt of the agreement's own that was put off beyond the
# horizon is still to come, and so is a transfer that came of a proposal. All steps of a receipt
# have the reference of the order; only the first one has its line.
COUNTS = SQL(
    "(is_near OR EXISTS (SELECT FROM stock_reference_move_rel AS part "
    "JOIN stock_reference_purchase_rel AS whole ON whole.reference_id = part.reference_id "
    "JOIN purchase_order purchase ON purchase.id = whole.purchase_id "
    "WHERE part.move_id = moves.move_id AND purchase.vmi_agreement_id = moves.agreement_id) "
    "OR picking_id IN (SELECT id FROM stock_picking WHERE vmi_proposal_id IS NOT NULL))"
)


def find_positions(tables, scope, due, inside=None):
    """Create and return the table of the lines' positions; see :func:`positions_query`.

    :param tables: the work's :class:`~odoo.addons.set_based_runs.TemporaryTables`
    :param due: the table of lines
    :param inside: the table of :func:`~.locations.inside_query`, when there is one
    """
    # A table each: what a WITH list keeps for two who read it is one process's work.
    wanted_at = tables.create("wanted_at", wanted_at_query(), few=True)
    pegged = tables.create("pegged", pegged_query(scope, due, wanted_at, inside))
    incoming = tables.create("incoming", incoming_query(scope, due, pegged, inside))
    positions = tables.create(
        "positions",
        positions_query(scope, due, wanted_at, pegged, incoming, inside),
        wide=True,
    )
    tables.drop("wanted_at", "pegged", "incoming")
    return positions


def wanted_at_query():
    """Return the SELECT of where the needs are for which something is asked for.

    :return: SQL with ``ordered_id`` (the line of an order) and ``location_id``
    """
    return SQL(
        """
        SELECT link.created_purchase_line_id AS ordered_id, MIN(need.location_id) AS location_id
          FROM stock_move_created_purchase_line_rel link
          JOIN stock_move need ON need.id = link.move_id AND need.state IN %s
      GROUP BY link.created_purchase_line_id
        """,
        OPEN_STATES,
    )


def pegged_query(scope, due, wanted_at, inside=None):
    """Return the SELECT of what is bought or brought for certain needs.

    :param wanted_at: the table of :func:`wanted_at_query`
    :return: SQL with ``line_id``, ``move_id`` or ``ordered_id`` (what brings it), ``needed`` and
        of it ``counted`` (for needs that count)
    """
    return SQL(
        """
        WITH RECURSIVE due AS NOT MATERIALIZED (SELECT * FROM %(due)s),
        %(inside)s,
        coming AS (%(coming)s),
        leaving AS (%(leaving)s),
        asked AS (%(asked)s),
        -- By however many steps.
        chains AS (
            SELECT coming.line_id, coming.move_id, NULL::integer AS ordered_id,
                   NULL::integer AS order_id, NULL::integer AS group_id,
                   coming.quantity::numeric AS quantity, link.move_dest_id AS need_id
              FROM coming JOIN stock_move_move_rel link ON link.move_orig_id = coming.move_id
             UNION
            SELECT asked.line_id, NULL, asked.ordered_id, asked.order_id, asked.group_id,
                   asked.quantity::numeric, link.move_id
              FROM asked JOIN stock_move_created_purchase_line_rel link
                ON link.created_purchase_line_id = asked.ordered_id
             UNION
            SELECT chains.line_id, chains.move_id, chains.ordered_id, chains.order_id,
                   chains.group_id, chains.quantity, link.move_dest_id
              FROM chains JOIN stock_move_move_rel link ON link.move_orig_id = chains.need_id
        ),
        needs AS (
            SELECT chains.*, moves.quantity AS need, %(counts)s AS counts,
                   SUM(chains.quantity) OVER (
                       PARTITION BY moves.line_id, moves.move_id, chains.order_id
                       ORDER BY chains.move_id, chains.ordered_id) AS upto
              FROM chains
              JOIN leaving AS moves
                ON moves.move_id = chains.need_id AND moves.line_id = chains.line_id
        ),
        -- Of requests for quotation that stand for each other the largest takes its share.
        takers AS (
            SELECT line_id, need_id, group_id,
                   SUM(MAX(upto)) OVER (PARTITION BY line_id, need_id
                                        ORDER BY group_id NULLS FIRST) - MAX(upto) AS start
              FROM needs
          GROUP BY line_id, need_id, group_id
        )
        -- It counts where, and only where, that need does; what several bring is shared out.
        SELECT line_id, move_id, ordered_id, SUM(share) AS needed,
               COALESCE(SUM(share) FILTER (WHERE counts), 0) AS counted
          FROM (SELECT needs.*,
                       GREATEST(LEAST(need, takers.start + upto)
                                - (takers.start + upto - quantity), 0) AS share
                  FROM needs
                  JOIN takers
                    ON takers.line_id = needs.line_id AND takers.need_id = needs.need_id
                   AND takers.group_id IS NOT DISTINCT FROM needs.group_id) AS shares
      GROUP BY line_id, move_id, ordered_id
        """,
        due=due,
        inside=inside_step(due, inside),
        coming=_open_moves(scope, due, inbound=True),
        leaving=_open_moves(scope, due, inbound=False),
        asked=_asked_query(scope, due, wanted_at),
        counts=COUNTS,
    )


def incoming_query(scope, due, pegged, inside=None):
    """Return the SELECT of what is to come by line, where anything is.

    :param pegged: the table of :func:`pegged_query`
    :return: SQL with ``line_id``, ``quantity``, of it ``soon`` (before the next review),
        ``first_date``, ``last_date`` and ``next_delivery`` (a local day)
    """
    return SQL(
        """
        WITH due AS NOT MATERIALIZED (SELECT * FROM %(due)s),
        %(inside)s
        SELECT line_id, SUM(arriving) AS quantity,
               SUM(arriving) FILTER (WHERE date < next_start) AS soon,
               MIN(date) AS first_date, MAX(date) AS last_date,
               MIN(named_day) FILTER (WHERE named_day >= %(today)s) AS next_delivery
          FROM (SELECT moves.*, %(arriving)s AS arriving
                  -- Sorted first, for sums of exact numbers of many groups at once take much
                  -- longer, and only then looked at one by one: several processes may sort.
                  FROM (SELECT coming.*, pegged.needed, pegged.counted
                          FROM (%(coming)s) AS coming
                     LEFT JOIN %(pegged)s pegged
                            ON pegged.move_id = coming.move_id
                           AND pegged.line_id = coming.line_id
                      ORDER BY coming.line_id
                        OFFSET '0') AS moves
                OFFSET '0') AS arriving
         WHERE arriving > 0
      GROUP BY line_id
        """,
        due=due,
        inside=inside_step(due, inside),
        coming=_open_moves(scope, due, inbound=True),
        pegged=pegged,
        arriving=_counted(COUNTS),
        today=scope.today,
    )


def positions_query(scope, due, wanted_at, pegged, incoming, inside=None):
    """Return the SELECT of the parts of each line's position, in units of the product.

    :param due: the table of lines
    :param wanted_at: the table of :func:`wanted_at_query`
    :param pegged: the table of :func:`pegged_query`
    :param incoming: the table of :func:`incoming_query`
    :param inside: the table of :func:`~.locations.inside_query`, when there is one
    :return: SQL with ``line_id``, ``on_hand`` and ``on_hand_since`` (the oldest of it),
        ``incoming`` with the days ``incoming_first`` and ``incoming_last``, ``outgoing``,
        ``incoming_soon`` and ``outgoing_soon`` (of them, before the next review),
        ``next_delivery`` (the first day from today on that a vendor or transfer names; NULL:
        none) and ``outgoing_before`` (before that day, or before what is ordered now could
        come), ``quotation``, ``pending`` (proposed, less what is proposed to be given away) and
        ``other`` (what other add-ons know of); besides, ``stored`` (what lies there, whether or
        not it counts)
    """
    return SQL(
        """
        -- By this name the conditions and parts of other add-ons know the lines. What is summed by
        -- line is sorted first: sums of exact numbers of many groups at once take much longer.
        WITH due AS NOT MATERIALIZED (SELECT * FROM %(due)s),
        %(inside)s,
        on_hand AS (%(on_hand)s),
        outgoing AS (
            SELECT line_id, SUM(quantity) AS quantity,
                   SUM(quantity) FILTER (WHERE date < next_start) AS soon,
                   SUM(quantity) FILTER (
                       WHERE named_day < COALESCE(next_delivery, earliest_day)) AS before
              FROM (SELECT leaving.*, incoming.next_delivery
                      FROM (%(leaving)s) AS leaving
                 LEFT JOIN %(incoming)s incoming ON incoming.line_id = leaving.line_id
                  ORDER BY leaving.line_id
                    OFFSET '0') AS moves
             WHERE %(counts)s
          GROUP BY line_id
        ),
        quotations AS (%(quotations)s),
        proposed AS (
            SELECT proposed.line_id, proposed.source_line_id, proposed.approved_qty
              FROM vmi_proposal_line proposed
              JOIN vmi_proposal proposal ON proposal.id = proposed.proposal_id
             WHERE (%(is_pending)s)
        ),
        pending AS (
            SELECT line_id, SUM(quantity) AS quantity
              FROM (SELECT line_id, approved_qty AS quantity FROM proposed
                     UNION ALL
                    -- What another location shall get is as good as gone.
                    SELECT source_line_id, -approved_qty FROM proposed
                     WHERE source_line_id IS NOT NULL) AS both_ends
          GROUP BY line_id
        ),
        others AS (%(others)s)
        SELECT due.line_id,
               COALESCE(on_hand.quantity, 0)::numeric AS on_hand,
               COALESCE(on_hand.stored, 0)::numeric AS stored,
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
     LEFT JOIN %(incoming)s incoming ON incoming.line_id = due.line_id
     LEFT JOIN outgoing ON outgoing.line_id = due.line_id
     LEFT JOIN quotations ON quotations.line_id = due.line_id
     LEFT JOIN pending ON pending.line_id = due.line_id
     LEFT JOIN others ON others.line_id = due.line_id
        """,
        inside=inside_step(due, inside),
        on_hand=on_hand_query(due, scope.conditions.usable_stock),
        due=due,
        incoming=incoming,
        leaving=_open_moves(scope, due, inbound=False),
        quotations=_quotations_query(scope, due, wanted_at, pegged),
        counts=COUNTS,
        is_pending=scope.conditions.pending,
        others=_others_query(scope),
        first_day=scope.local_day(SQL("incoming.first_date")),
        last_day=scope.local_day(SQL("incoming.last_date")),
    )


def on_hand_query(due, usable):
    """Return the SELECT of each line's quantity in its location and since when the oldest is there.

    :param due: the table of lines
    :param usable: SQL of how much of a ``quant`` counts
    :return: SQL over ``inside`` with ``line_id``, ``quantity``, ``stored`` (what lies there,
        whether or not it counts) and ``since``
    """
    return SQL(
        """
        SELECT line_id, SUM(usable) AS quantity, SUM(stored) AS stored, MIN(in_date) AS since
          FROM (SELECT due.line_id, %(usable)s AS usable, quant.quantity AS stored, quant.in_date
                  FROM stock_quant quant
                  JOIN inside ON inside.location_id = quant.location_id
                  JOIN %(due)s due
                    ON due.location_id = inside.root_id AND due.product_id = quant.product_id
              ORDER BY due.line_id
                OFFSET '0') AS sorted
      GROUP BY line_id
        """,
        usable=usable,
        due=due,
    )


def _counted(counts):
    """Return SQL for how much counts of a ``quantity`` of which some is ``needed`` elsewhere.

    What is more than these needs counts by itself.

    :param counts: SQL of whether by itself it is counted on; it reads ``needed`` and ``counted``
        of :func:`pegged_query`, too
    """
    return SQL(
        "LEAST(quantity, COALESCE(counted, 0)) "
        "+ CASE WHEN %s THEN GREATEST(quantity - COALESCE(needed, 0), 0) ELSE 0 END",
        counts,
    )


def _open_moves(scope, due, inbound):
    """Return the SELECT of open moves; :data:`COUNTS` says whether each is counted on by itself."""
    # A vendor's later date is written to the order's line and leaves the receipt's as it is.
    named = SQL("COALESCE(ordered.date_planned, move.date)") if inbound else SQL("move.date")
    return crossing_moves(
        due,
        inbound,
        SQL(
            "due.line_id, due.agreement_id, due.next_start, due.earliest_day, move.id AS move_id, "
            "move.picking_id, move.product_qty AS quantity, move.date, %s AS named_day, "
            "move.date < due.horizon_end AS is_near",
            scope.local_day(named),
        ),
        scope.conditions.incoming if inbound else scope.conditions.outgoing,
        SQL("LEFT JOIN purchase_order_line ordered ON ordered.id = move.purchase_line_id")
        if inbound
        else SQL(),
    )


def _others_query(scope):
    nothing = SQL("SELECT NULL::integer AS line_id, 0::numeric AS quantity WHERE FALSE")
    return SQL(
        "SELECT line_id, SUM(quantity) AS quantity FROM (%s) AS parts GROUP BY line_id",
        SQL(" UNION ALL ").join(scope.position_parts or [nothing]),
    )


def _asked_query(scope, due, wanted_at):
    """Return the SELECT of the lines of requests for quotation; they have no moves yet.

    :return: SQL with ``line_id``, ``ordered_id``, ``order_id``, ``group_id`` (the same for orders
        of which one only will come) and ``quantity``
    """
    return SQL(
        """
        SELECT due.line_id, ordered.id AS ordered_id, purchase.id AS order_id,
               %(group)s AS group_id,
               ordered.product_qty * unit.factor / due.unit_factor AS quantity
          FROM purchase_order_line ordered
          JOIN purchase_order purchase ON purchase.id = ordered.order_id
          JOIN uom_uom unit ON unit.id = ordered.product_uom_id
     LEFT JOIN stock_warehouse_orderpoint point ON point.id = ordered.orderpoint_id
     LEFT JOIN stock_picking_type operation ON operation.id = purchase.picking_type_id
     LEFT JOIN stock_warehouse warehouse ON warehouse.id = operation.warehouse_id
     LEFT JOIN %(wanted_at)s needs ON needs.ordered_id = ordered.id
          JOIN inside
            -- What is bought for a certain need is wanted where that need is. What comes in by
            -- several steps ends in the stock; a dropship has no warehouse.
            ON inside.location_id = COALESCE(needs.location_id, point.location_id,
                                             ordered.location_final_id, warehouse.lot_stock_id,
                                             operation.default_location_dest_id)
          JOIN %(due)s due
            ON due.location_id = inside.root_id AND due.product_id = ordered.product_id
         WHERE (%(condition)s)
        """,
        due=due,
        wanted_at=wanted_at,
        group=scope.conditions.quotation_group,
        condition=scope.conditions.quotation,
    )


def _quotations_query(scope, due, wanted_at, pegged):
    """Return the SELECT of what requests for quotation will bring, alternatives once."""
    return SQL(
        """
        SELECT line_id, SUM(quantity) AS quantity
          FROM (SELECT line_id, MAX(quantity) AS quantity
                  FROM (SELECT line_id, group_id, SUM(counted) AS quantity
                          FROM (SELECT asked.line_id, asked.group_id, asked.order_id,
                                       %(counted)s AS counted
                                  FROM (%(asked)s) AS asked
                             LEFT JOIN %(pegged)s pegged
                                    ON pegged.ordered_id = asked.ordered_id
                                   AND pegged.line_id = asked.line_id
                              ORDER BY asked.line_id, asked.group_id, asked.order_id
                                OFFSET '0') AS sorted
                      GROUP BY line_id, group_id, order_id) AS orders
              GROUP BY line_id, group_id) AS groups
      GROUP BY line_id
        """,
        asked=_asked_query(scope, due, wanted_at),
        pegged=pegged,
        counted=_counted(SQL("TRUE")),
    )
