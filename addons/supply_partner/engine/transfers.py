"""What one place has too much of and another one lacks."""

from odoo.tools import SQL

from .levels import is_above, whole_multiples
from .prices import prices_query
from .steps import FINDINGS, PRICES, TRANSFERS, create, drop


def share_surplus(cr, scope, agreement_ids, promise):
    """Fill the temporary table of transfers, and leave the rest to be bought.

    Afterwards only the findings of the reviewed agreements are left.

    :param scope: the :class:`~.scope.ReviewScope` of the findings
    :param agreement_ids: the agreements under review; other ones only give
    :param promise: called with the ids of the agreements that give, to keep them from giving the
        same to others; returns the ids of those that cannot give at this moment
    """
    create(cr, TRANSFERS, transfers_query(scope, agreement_ids))
    while busy := promise(_giving_agreements(cr)):
        # What they have is not known: others give, or the vendor does.
        cr.execute(SQL("UPDATE %s SET gives = FALSE WHERE agreement_id = ANY(%s)", FINDINGS, busy))
        create(cr, TRANSFERS, transfers_query(scope, agreement_ids))
    cr.execute(SQL("DELETE FROM %s WHERE agreement_id <> ALL(%s)", FINDINGS, agreement_ids))
    cr.execute(
        SQL(
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
            transfers=TRANSFERS,
            findings=FINDINGS,
            rest=whole_multiples(
                scope,
                SQL("GREATEST(level_max - position - shares.quantity, minimum_qty::numeric)"),
            ),
        )
    )
    if cr.rowcount:
        _price_the_rest(cr, scope)


def _giving_agreements(cr):
    cr.execute(
        SQL(
            """
            SELECT DISTINCT giver.agreement_id
              FROM %s transfer
              JOIN vmi_agreement_line giver ON giver.id = transfer.source_line_id
          ORDER BY 1
            """,
            TRANSFERS,
        )
    )
    return [agreement_id for (agreement_id,) in cr.fetchall()]


def transfers_query(scope, agreement_ids):
    """Return the SELECT of the transfers between places of the company.

    A place that is above its maximum by more than an order may bring it gives what its position
    has above it, from what it really holds above its
    minimum and does not deliver. Those that lack and those that give are laid side by side along
    their sums, so that nothing is given twice: first to whoever is out, first from the largest.

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
        findings=FINDINGS,
        digits=scope.digits,
        above=is_above(scope),
    )


def _price_the_rest(cr, scope):
    """Find the vendor's price anew, for a smaller quantity may miss a price break."""
    create(
        cr,
        PRICES,
        SQL(
            """
            WITH rates (from_id, to_id, rate) AS (%(rates)s),
            rests AS (SELECT * FROM %(findings)s WHERE transfer_qty > 0 AND purchase_qty > 0),
            prices AS (%(prices)s)
            SELECT rests.line_id, prices.unit_price
              FROM rests
         LEFT JOIN prices ON prices.line_id = rests.line_id
            """,
            rates=scope.rates_values(),
            findings=FINDINGS,
            prices=prices_query(scope, SQL("rests"), SQL("purchase_qty")),
        ),
    )
    cr.execute(
        SQL(
            "UPDATE %s finding SET unit_price = price.unit_price FROM %s price "
            "WHERE price.line_id = finding.line_id",
            FINDINGS,
            PRICES,
        )
    )
    drop(cr, PRICES)
