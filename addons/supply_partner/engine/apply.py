"""The second half of a review: write what changed, and the proposals."""

from odoo.tools import SQL

# Columns of a line, and what was found for each.
LINE_COLUMNS = {
    "stock_status": "stock_status",
    "problem": "problem",
    "on_hand_qty": "on_hand",
    "incoming_qty": "incoming",
    "rfq_qty": "quotation",
    "pending_qty": "pending",
    "outgoing_qty": "outgoing",
    "other_qty": "other",
    "position_qty": "position",
    "level_min_qty": "COALESCE(level_min, 0)",
    "level_max_qty": "COALESCE(level_max, 0)",
    "order_qty": "order_qty",
    "daily_demand": "ROUND(daily_demand::numeric, 4)",
    "daily_demand_deviation": "ROUND(deviation::numeric, 4)",
    "is_demand_thin": "is_thin",
    "lead_days": "lead_days",
    "lead_deviation": "lead_deviation",
    "next_delivery_date": "next_delivery",
    "is_short": "is_short",
    "weekly_forecast": "ROUND(weekly_forecast::numeric, 4)",
    "counted_weeks": "weeks::integer",
    "demand_class": "demand_class",
    "forecast_flag": "forecast_flag",
    "forecast_method": "forecast_method",
    "forecast_days": "forecast_days",
    "forecast_qty": "ROUND(forecast_qty::numeric, 4)",
    "forecast_deviation": "ROUND(forecast_deviation::numeric, 4)",
}
# Columns of a proposal's line, likewise; they stay as they were when it was made.
PROPOSAL_COLUMNS = {
    "line_id": "line_id",
    "product_id": "product_id",
    "suggested_qty": "purchase_qty",
    "vendor_qty": "purchase_qty",
    "approved_qty": "purchase_qty",
    "on_hand_qty": "on_hand",
    "incoming_qty": "incoming",
    "incoming_first": "incoming_first",
    "incoming_last": "incoming_last",
    "rfq_qty": "quotation",
    "pending_qty": "pending",
    "outgoing_qty": "outgoing",
    "other_qty": "other",
    "position_qty": "position",
    "transfer_qty": "transfer_qty",
    "level_min_qty": "level_min",
    "level_max_qty": "level_max",
    "minimum_qty": "minimum_qty",
    "multiple_qty": "multiple",
    "daily_demand": "daily_demand",
    "forecast_method": "forecast_method",
    "forecast_days": "forecast_days",
    "forecast_qty": "forecast_qty",
    "forecast_deviation": "forecast_deviation",
    "forecast_target": "forecast_target",
    "unit_price": "unit_price",
}
# Those of a transfer's line: it has no price, and no minimum quantity or multiple of the vendor's.
TRANSFER_COLUMNS = {
    **{
        name: found
        for name, found in PROPOSAL_COLUMNS.items()
        if name not in ("minimum_qty", "multiple_qty", "unit_price", "transfer_qty")
    },
    "suggested_qty": "quantity",
    "vendor_qty": "quantity",
    "approved_qty": "quantity",
    "source_line_id": "source_line_id",
    "source_position_qty": "source_position",
    "source_max_qty": "source_max",
}
# What an order of some lines is worth.
ORDER_VALUE = SQL("SUM(purchase_qty * COALESCE(unit_price, 0))::double precision")


def lines_statement(findings):
    """Return the UPDATE of the lines that differ from what was found."""
    return SQL(
        """
        UPDATE vmi_agreement_line line
           SET (%(columns)s) = (SELECT %(aliases)s)
          FROM (SELECT line_id AS found_id, %(found)s FROM %(findings)s) AS finding
         WHERE finding.found_id = line.id
           AND (%(names)s) IS DISTINCT FROM (%(aliases)s)
        """,
        columns=SQL(", ").join(map(SQL.identifier, LINE_COLUMNS)),
        found=SQL(", ").join(
            SQL("%s AS %s", SQL(expression), SQL.identifier(f"found_{name}"))
            for name, expression in LINE_COLUMNS.items()
        ),
        aliases=SQL(", ").join(SQL.identifier("finding", f"found_{name}") for name in LINE_COLUMNS),
        names=SQL(", ").join(SQL.identifier("line", name) for name in LINE_COLUMNS),
        findings=findings,
    )


def orderpoints_statement(findings):
    """Return the UPDATE of the orderpoints whose levels differ from what was found."""
    return SQL(
        """
        UPDATE stock_warehouse_orderpoint point
           SET product_min_qty = finding.level_min, product_max_qty = finding.level_max
          FROM %s finding
         WHERE finding.orderpoint_id = point.id AND finding.level_min IS NOT NULL
           AND finding.state IN ('running', 'suspended')
           AND (point.product_min_qty, point.product_max_qty)
               IS DISTINCT FROM (finding.level_min, finding.level_max)
        """,
        findings,
    )


def proposals_query(findings, prices):
    """Return the SELECT of what would be proposed: a row per agreement with anything to buy.

    :param prices: the table of the vendors' prices, see :func:`~.prices.purchase_prices_query`
    :return: SQL with ``agreement_id``, ``value`` (what has no price counts 0), ``urgent``
        (how many lines are out before the next review) and ``is_held``
    """
    return SQL(
        """
        SELECT finding.agreement_id, %(value)s AS value,
               COUNT(*) FILTER (WHERE is_urgent) AS urgent,
               %(held)s AS is_held
          FROM %(findings)s finding
          JOIN vmi_agreement agreement ON agreement.id = finding.agreement_id
     LEFT JOIN %(prices)s price ON price.line_id = finding.line_id
         WHERE purchase_qty > 0
      GROUP BY finding.agreement_id
      ORDER BY finding.agreement_id
        """,
        value=ORDER_VALUE,
        held=is_held(SQL("MAX(agreement.minimum_order_value)")),
        findings=findings,
        prices=prices,
    )


def is_held(minimum_value):
    """Return SQL, an aggregate of lines, for whether their order waits to be worth more."""
    return SQL("(%s < %s AND NOT BOOL_OR(is_urgent))", ORDER_VALUE, minimum_value)


def purchase_lines_statement(findings, prices, user_id, proposals):
    """Return the INSERT of the lines of new proposals of purchases.

    :param prices: as for :func:`proposals_query`
    :param proposals: pairs (agreement id, proposal id)
    """
    rows = SQL(
        "SELECT finding.*, price.unit_price FROM %s finding "
        "LEFT JOIN %s price ON price.line_id = finding.line_id "
        "WHERE purchase_qty > 0 ORDER BY finding.line_id",
        findings,
        prices,
    )
    return _proposal_lines_statement(PROPOSAL_COLUMNS, rows, user_id, proposals)


def transfer_lines_statement(findings, transfers, user_id, proposals):
    """Return the INSERT of the lines of new proposals of transfers; else as for purchases."""
    rows = SQL(
        "SELECT finding.*, transfer.* FROM %s finding "
        "JOIN %s transfer ON transfer.taker_id = finding.line_id "
        "ORDER BY transfer.source_line_id, finding.line_id",
        findings,
        transfers,
    )
    return _proposal_lines_statement(TRANSFER_COLUMNS, rows, user_id, proposals)


def _proposal_lines_statement(columns, rows, user_id, proposals):
    return SQL(
        """
        INSERT INTO vmi_proposal_line
               (proposal_id, %(columns)s, create_uid, create_date, write_uid, write_date)
        SELECT made.proposal_id, %(found)s, %(user)s, now() AT TIME ZONE 'UTC',
               %(user)s, now() AT TIME ZONE 'UTC'
          FROM (%(rows)s) AS found
          JOIN (VALUES %(proposals)s) AS made (agreement_id, proposal_id)
            ON made.agreement_id = found.agreement_id
        """,
        columns=SQL(", ").join(map(SQL.identifier, columns)),
        found=SQL(", ").join(SQL.identifier("found", name) for name in columns.values()),
        user=user_id,
        rows=rows,
        proposals=SQL(", ").join(SQL("(%s, %s)", *pair) for pair in proposals),
    )
