"""What settled an invoice and was no money."""

from odoo.tools import SQL

from .documents import made_for
from .invoices import is_invoice
from .registry import Documents, register


def short_entries(scope, since):
    """Return the SELECT of the journal entries that settle receivables by more than money.

    What an entry has on neither a money account nor a receivable or payable one is lost: a bad
    debt with its tax, a difference that was written off with a payment. An early payment
    discount was promised and is no loss. What was set off against other receivables or
    payables is neither paid nor lost.

    :param since: the date after which entries are wanted, up to the run's
    :return: SQL with the columns ``move_id``, unique, and ``lost`` and ``set_off``, the shares
        (0 to 1) of what the entry settles
    """
    return SQL(
        """
        SELECT move_id,
               LEAST(GREATEST(lost, 0) / settled, 1) AS lost,
               LEAST(GREATEST(set_off, 0) / settled, 1 - LEAST(GREATEST(lost, 0) / settled, 1))
                   AS set_off
          FROM (
                SELECT line.move_id,
                       -SUM(line.balance) FILTER (WHERE %(settles)s AND line.balance < 0)
                           AS settled,
                       COALESCE(SUM(line.balance) FILTER (WHERE %(settles)s AND line.balance > 0
                                                             AND NOT %(money)s), 0) AS set_off,
                       COALESCE(SUM(line.balance) FILTER (WHERE NOT %(settles)s
                                                             AND NOT %(money)s), 0) AS lost,
                       BOOL_OR(line.account_id = ANY(%(discounts)s)) AS is_discounted
                  FROM account_move_line AS line
                  JOIN account_account AS account ON account.id = line.account_id
                 WHERE line.move_id = ANY(ARRAY(
                           SELECT move_id
                             FROM account_move_line
                            WHERE date > %(since)s
                              AND date <= %(as_of)s
                              AND parent_state = 'posted'
                              AND balance > 0
                              AND account_id <> ALL(%(money_ids)s)
                              AND journal_id = ANY(%(journals)s)))
              GROUP BY line.move_id
               ) AS entry
         WHERE settled > 0 AND NOT is_discounted
        """,
        settles=SQL("account.account_type IN ('asset_receivable', 'liability_payable')"),
        money=SQL("line.account_id = ANY(%s)", list(scope.money.account_ids)),
        money_ids=list(scope.money.account_ids),
        discounts=list(scope.money.discount_account_ids),
        journals=list(scope.money.journal_ids),
        since=since,
        as_of=scope.as_of,
    )


@register
class WriteOffs(Documents):
    """What was written off of invoices, untaxed, on the date of the invoice."""

    source = "invoices"
    code = "write_offs"

    def counts(self, scope):
        return scope.amount_basis == "invoiced"

    def query(self, scope):
        return SQL(
            """
            -- Few of all entries write something off: each list is fetched by its ids.
            WITH short AS MATERIALIZED (
                SELECT move_id, lost FROM (%(short)s) AS entry WHERE lost > 0
            ),
            credit AS MATERIALIZED (
                SELECT id, move_id
                  FROM account_move_line
                 WHERE move_id = ANY(ARRAY(SELECT move_id FROM short))
            ),
            matched AS MATERIALIZED (
                SELECT debit_move_id, credit_move_id, amount
                  FROM account_partial_reconcile
                 WHERE credit_move_id = ANY(ARRAY(SELECT id FROM credit))
            ),
            due AS MATERIALIZED (
                SELECT id, move_id
                  FROM account_move_line
                 WHERE id = ANY(ARRAY(SELECT debit_move_id FROM matched))
            ),
            invoice AS MATERIALIZED (
                SELECT id, company_id, invoice_date, %(partner)s AS commercial_partner_id,
                       amount_untaxed_signed / NULLIF(amount_total_signed, 0) AS untaxed
                  FROM account_move
                 WHERE id = ANY(ARRAY(SELECT move_id FROM due))
                   AND %(counts)s
            )
            SELECT invoice.commercial_partner_id, invoice.company_id, 'posted' AS state,
                   'written_off' AS move_type, invoice.invoice_date,
                   -%(revenue)s AS revenue
              FROM matched
              JOIN credit ON credit.id = matched.credit_move_id
              JOIN short ON short.move_id = credit.move_id
              JOIN due ON due.id = matched.debit_move_id
              JOIN invoice ON invoice.id = due.move_id
          GROUP BY invoice.id, invoice.commercial_partner_id, invoice.company_id,
                   invoice.invoice_date
            """,
            # Written off on the day of the invoice at the earliest.
            short=short_entries(scope, scope.previous_start),
            partner=made_for(SQL("account_move"), SQL("commercial_partner_id")),
            counts=is_invoice(scope),
            revenue=scope.minor_units(SQL("SUM(matched.amount * short.lost * invoice.untaxed)")),
        )
