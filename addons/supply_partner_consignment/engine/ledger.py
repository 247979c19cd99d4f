"""What done moves say of vendors' stock, and what of it the ledger does not say yet."""

from odoo.tools import SQL

# Used, less what customers gave back: what a settlement is about.
USES = ("sale", "production", "customer_return")
# Billed where the buyer bears losses.
LOSSES = ("count", "scrap")
# Of these nobody asks the price.
INBOUND_REASONS = ("receipt", "vendor_return")


def new_entries_statement(company, timezone, user_id):
    """Return the INSERT of what the ledger lacks: what moves say less what was entered.

    What a done move line says of a vendor's stock may change afterwards: its quantity, lot, owner
    and locations. The difference is entered on the day of the move, and what was entered stays.

    :param company: id of the company
    :param timezone: the zone in whose days the company counts
    :return: SQL that returns the ids of the new entries
    """
    return SQL(
        """
        WITH vendors AS (
            SELECT partner_id, MIN(consigned_since) AS since
              FROM vmi_agreement
             WHERE company_id = %(company)s AND ownership = 'consigned' AND state <> 'draft'
          GROUP BY partner_id
        ),
        inside AS (
            SELECT id, parent_path
              FROM stock_location
             WHERE company_id = %(company)s AND usage IN ('internal', 'transit')
        ),
        said AS (
            SELECT line.id AS move_line_id, line.move_id, line.owner_id AS partner_id,
                   line.product_id, COALESCE(line.lot_id, 0) AS lot_id, move.date,
                   %(reason)s AS reason,
                   COALESCE(arrives.id, leaves.id) AS location_id,
                   ROUND((CASE WHEN leaves.id IS NULL THEN 1 ELSE -1 END
                          * line.quantity_product_uom)::numeric, 6) AS quantity
              FROM stock_move_line line
              JOIN vendors ON vendors.partner_id = line.owner_id
              JOIN stock_move move ON move.id = line.move_id
              JOIN stock_location origin ON origin.id = line.location_id
              JOIN stock_location destination ON destination.id = line.location_dest_id
         LEFT JOIN inside leaves ON leaves.id = line.location_id
         LEFT JOIN inside arrives ON arrives.id = line.location_dest_id
             WHERE line.state = 'done' AND line.company_id = %(company)s
               AND (leaves.id IS NULL) <> (arrives.id IS NULL)
        ),
        entered AS (
            SELECT move_line_id, partner_id, product_id, COALESCE(lot_id, 0) AS lot_id, reason,
                   SUM(quantity) AS quantity, MAX(version) AS version, MAX(move_id) AS move_id,
                   MAX(location_id) AS location_id, MAX(date) AS date
              FROM vmi_consignment_entry
             WHERE company_id = %(company)s
               AND partner_id IN (SELECT partner_id FROM vendors)
          GROUP BY move_line_id, partner_id, product_id, COALESCE(lot_id, 0), reason
        ),
        lacking AS (
            SELECT move_line_id, partner_id, product_id, NULLIF(lot_id, 0) AS lot_id, reason,
                   COALESCE(said.move_id, entered.move_id) AS move_id,
                   COALESCE(said.location_id, entered.location_id) AS location_id,
                   COALESCE(said.date, entered.date) AS date,
                   COALESCE(entered.version, 0) + 1 AS version,
                   COALESCE(said.quantity, 0) - COALESCE(entered.quantity, 0) AS quantity
              FROM said
         FULL JOIN entered USING (move_line_id, partner_id, product_id, lot_id, reason)
             WHERE COALESCE(said.quantity, 0) <> COALESCE(entered.quantity, 0)
        )
        INSERT INTO vmi_consignment_entry (
                    company_id, partner_id, agreement_id, product_id, lot_id, move_id,
                    move_line_id, location_id, date, day, reason, quantity, version,
                    is_billable, is_priced, unit_price, create_uid, create_date, write_uid,
                    write_date)
             SELECT %(company)s, lacking.partner_id, agreement.id, product_id, lot_id, move_id,
                    move_line_id, lacking.location_id, lacking.date, %(day)s, reason, quantity,
                    version,
                    (reason IN %(uses)s OR agreement.bears_losses AND reason IN %(losses)s)
                    AND %(day)s >= COALESCE(vendors.since, %(day)s),
                    FALSE, 0, %(user)s, now() AT TIME ZONE 'UTC', %(user)s,
                    now() AT TIME ZONE 'UTC'
               FROM lacking
               JOIN vendors ON vendors.partner_id = lacking.partner_id
          LEFT JOIN inside ON inside.id = lacking.location_id
       CROSS JOIN LATERAL (
                    -- The one that keeps the product there comes first, then the latest.
                    SELECT candidate.id, candidate.bears_losses
                      FROM vmi_agreement candidate
                 LEFT JOIN stock_location place ON place.id = candidate.location_id
                     WHERE candidate.company_id = %(company)s
                       AND candidate.partner_id = lacking.partner_id
                       AND candidate.ownership = 'consigned' AND candidate.state <> 'draft'
                  ORDER BY EXISTS (SELECT FROM vmi_agreement_line line
                                    WHERE line.agreement_id = candidate.id
                                      AND line.product_id = lacking.product_id)
                           AND inside.parent_path LIKE place.parent_path || '%%' DESC NULLS LAST,
                           candidate.state = 'closed', candidate.id DESC
                     LIMIT 1) AS agreement
           ORDER BY lacking.date, move_line_id
          RETURNING id
        """,
        company=company,
        day=SQL("(lacking.date AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", timezone),
        reason=_REASON,
        uses=USES,
        losses=LOSSES,
        user=user_id,
    )


_REASON = SQL(
    """
    CASE WHEN move.vmi_is_bought_over THEN 'bought_over'
         WHEN leaves.id IS NULL THEN
              CASE origin.usage
                   WHEN 'customer' THEN 'customer_return'
                   WHEN 'production' THEN 'production'
                   WHEN 'inventory'
                   THEN CASE WHEN move.scrap_id IS NULL THEN 'count' ELSE 'scrap' END
                   ELSE 'receipt' END
         ELSE CASE destination.usage
                   WHEN 'production' THEN 'production'
                   WHEN 'supplier' THEN 'vendor_return'
                   WHEN 'inventory'
                   THEN CASE WHEN move.scrap_id IS NULL THEN 'count' ELSE 'scrap' END
                   -- To a customer, or to a sister company.
                   ELSE 'sale' END
         END
    """
)


def kept_prices_statement(company):
    """Return the UPDATE that gives corrections the price at which the move was last entered."""
    return SQL(
        """
        UPDATE vmi_consignment_entry entry
           SET unit_price = kept.unit_price, currency_id = kept.currency_id, is_priced = TRUE
          FROM (SELECT DISTINCT ON (lacking.id)
                       lacking.id, earlier.unit_price, earlier.currency_id
                  FROM vmi_consignment_entry lacking
                  JOIN vmi_consignment_entry earlier
                    ON earlier.move_line_id = lacking.move_line_id
                   AND earlier.partner_id = lacking.partner_id
                   AND earlier.product_id = lacking.product_id
                   AND earlier.lot_id IS NOT DISTINCT FROM lacking.lot_id
                   AND earlier.reason = lacking.reason
                 WHERE lacking.company_id = %(company)s AND NOT lacking.is_priced
                   AND earlier.is_priced AND lacking.reason NOT IN %(unpriced)s
              ORDER BY lacking.id, earlier.version DESC) AS kept
         WHERE kept.id = entry.id
        """,
        company=company,
        unpriced=INBOUND_REASONS,
    )


def reversed_prices_statement(company):
    """Return the UPDATE that gives what a customer gave back the price of its use."""
    return SQL(
        """
        UPDATE vmi_consignment_entry entry
           SET unit_price = used.unit_price, currency_id = used.currency_id, is_priced = TRUE
          FROM (SELECT DISTINCT ON (back.id) back.id, use.unit_price, use.currency_id
                  FROM vmi_consignment_entry back
                  JOIN stock_move move ON move.id = back.move_id
                  JOIN stock_move_line line ON line.id = back.move_line_id
                  JOIN vmi_consignment_entry use
                    ON use.move_line_id = line.vmi_reversed_line_id
                    OR line.vmi_reversed_line_id IS NULL
                   AND use.move_id = move.origin_returned_move_id
                 WHERE back.company_id = %(company)s AND NOT back.is_priced
                   AND back.quantity > 0
                   AND back.reason IN ('customer_return', 'production')
                   AND use.reason IN ('sale', 'production') AND use.is_priced
                   AND use.partner_id = back.partner_id AND use.product_id = back.product_id
              ORDER BY back.id, use.lot_id IS DISTINCT FROM back.lot_id, use.id) AS used
         WHERE used.id = entry.id
        """,
        company=company,
    )
