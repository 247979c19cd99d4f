"""What one location has too much of and another one lacks."""

from odoo.tools import SQL

from .levels import is_above, whole_multiples


def giving_lines_query(agreement_ids):
    """Return the SELECT of the lines of other agreements that may have a surplus to give.

    :param agreement_ids: the agreements under review
    :return: SQL with ``id``
    """
    return SQL(
        """
        SELECT DISTINCT other.id
          FROM vmi_agreement_line line
          JOIN vmi_agreement agreement
            ON agreement.id = line.agreement_id AND agreement.shares_surplus
          JOIN vmi_agreement_line other
            ON other.product_id = line.product_id AND other.company_id = line.company_id
           AND other.state = 'running' AND other.agreement_id <> ALL(%(agreements)s)
          JOIN vmi_agreement giving
            ON giving.id = other.agreement_id AND giving.shares_surplus
         WHERE line.agreement_id = ANY(%(agreements)s)
        """,
        agreements=agreement_ids,
    )


def agreements_query(transfers, key):
    """Return the SELECT of the agreements at one end of the transfers, in order of their ids.

    :param key: SQL of the column of that end, ``taker_id`` or ``source_line_id``
    """
    return SQL(
        """
        SELECT DISTINCT line.agreement_id
          FROM %s transfer
          JOIN vmi_agreement_line line ON line.id = transfer.%s
      ORDER BY 1
        """,
        transfers,
        key,
    )


def rests_statement(scope, findings, transfers):
    """Return the UPDATE of the findings by which only what is not transferred is bought."""
    return SQL(
        """
        WITH shares AS (
            SELECT taker_id, SUM(quantity) AS quantity FROM %(transfers)s GROUP BY taker_id
        )
        UPDATE %(findings)s
           SET transfer_qty = shares.quantity,
               purchase_qty = CASE
                   WHEN level_max - position - shares.quantity <= 0 THEN 0
                   ELSE %(rest)s END
          FROM shares
         WHERE shares.taker_id = line_id
        """,
        transfers=transfers,
        findings=findings,
        rest=whole_multiples(
            scope,
            SQL("GREATEST(level_max - position - shares.quantity, minimum_qty::numeric)"),
        ),
    )


def transfers_query(scope, findings, agreement_ids):
    """Return the SELECT of the transfers between locations of the company.

    A location that is above its maximum by more than an order may bring it gives what its position
    has above it, from what it has on hand above its minimum and does not deliver. Those that lack
    and those that give are laid side by side along their sums, so that nothing is given twice:
    first to those that are out of stock, first from the largest surplus.

    :param findings: the table of what was found about those that lack and those that may give
    :param agreement_ids: the agreements under review; other ones only give
    :return: SQL with ``taker_id`` and ``source_line_id`` (lines), ``quantity`` in units of the
        product, ``source_position`` and ``source_max``
    """
    return SQL(
        """
        WITH found AS (
            SELECT finding.*,
                   LEAST(position - level_max,
                         on_hand - outgoing + LEAST(pending, 0) + LEAST(other, 0)
                             - level_min) AS surplus,
                   finding.agreement_id = ANY(%(agreements)s) AND order_qty > 0 AS is_lacking
              FROM %(findings)s finding
              JOIN vmi_agreement agreement
                ON agreement.id = finding.agreement_id AND agreement.shares_surplus
             WHERE finding.state = 'running' AND level_max IS NOT NULL
        ),
        takers AS (
            SELECT line_id, product_id, level_max - position AS quantity,
                   SUM(level_max - position) OVER (
                       PARTITION BY product_id ORDER BY stock_status <> 'out', line_id) AS upto
              FROM found
             WHERE is_lacking AND level_max > position
               -- Where a transfer was refused the vendor is asked, for as long as it would have
               -- waited for an answer.
               AND NOT EXISTS (
                   SELECT FROM vmi_proposal_line refused
                     JOIN vmi_proposal proposal ON proposal.id = refused.proposal_id
                    WHERE refused.line_id = found.line_id AND proposal.kind = 'transfer'
                      AND proposal.state = 'refused'
                      AND proposal.date_expiry > now() AT TIME ZONE 'UTC')
        ),
        givers AS (
            SELECT line_id, product_id, position, level_max, surplus AS quantity,
                   SUM(surplus) OVER (
                       PARTITION BY product_id ORDER BY surplus DESC, line_id) AS upto
              FROM found
             WHERE gives AND surplus > 0 AND %(above)s
        )
        SELECT taker.line_id AS taker_id, giver.line_id AS source_line_id,
               ROUND(LEAST(taker.upto, giver.upto)
                     - GREATEST(taker.upto - taker.quantity, giver.upto - giver.quantity),
                     %(digits)s) AS quantity,
               giver.position AS source_position, giver.level_max AS source_max
          FROM takers taker
          JOIN givers giver ON giver.product_id = taker.product_id
         WHERE taker.upto > giver.upto - giver.quantity
           AND giver.upto > taker.upto - taker.quantity
        """,
        agreements=agreement_ids,
        findings=findings,
        digits=scope.digits,
        above=is_above(scope),
    )
