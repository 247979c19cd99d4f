"""What the account sheets of some customers show, read for all of them at once."""

from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo.addons.set_based_runs.temporary_tables import interpret
from odoo.tools import SQL

from ..metrics.documents import made_for
from ..metrics.registry import SOURCES


def first_days(day, months):
    """Return the first days of so many months, the one of ``day`` last."""
    return [day.replace(day=1) - relativedelta(months=back) for back in reversed(range(months))]


def revenue_by_month(cr, scope, customer_ids, months):
    """Return the revenue of some customers by month, as the runs count it.

    :param scope: the :class:`~.scope.Scope` of a run
    :param months: how many, that of the scope's day among them
    :return: {(customer's id, first day of a month): amount in the company's currency}
    """
    cr.execute(
        SQL("SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)", customer_ids)
    )
    # Documents are read of these contacts alone, and amounts of the period and the one before it.
    scope = replace(
        scope,
        window_months=months,
        customer_id=customer_ids[0],
        contact_ids=tuple(id_ for (id_,) in cr.fetchall()),
    )
    if scope.amount_basis == "invoiced":
        source, contact = SOURCES["invoices"], "commercial_partner_id"
        day, counts = SQL("document.invoice_date"), SQL("document.state = 'posted'")
    else:
        source, contact = SOURCES["orders"], "partner_id"
        day, counts = (
            scope.local_date(SQL("document.date_order")),
            SQL("document.revenue IS NOT NULL"),
        )
    interpret(cr)
    cr.execute(
        SQL(
            """
            SELECT customer_id, DATE_TRUNC('month', day)::date AS month, %(amount)s
              FROM (
                    SELECT contact.commercial_partner_id AS customer_id,
                           %(day)s AS day,
                           document.revenue AS units
                      FROM %(documents)s AS document
                      JOIN res_partner AS contact ON contact.id = document.%(contact)s
                     WHERE contact.commercial_partner_id = ANY(%(customers)s)
                       AND document.company_id = ANY(%(companies)s)
                       AND %(counts)s
                   ) AS dated
             WHERE day >= %(first)s::date AND day <= %(as_of)s::date
          GROUP BY customer_id, month
            """,
            amount=scope.major_units(SQL("COALESCE(SUM(units), 0)")),
            day=day,
            documents=source.documents(scope),
            contact=SQL.identifier(contact),
            customers=customer_ids,
            companies=list(scope.company_ids),
            counts=counts,
            first=first_days(scope.as_of, months)[0],
            as_of=scope.as_of,
        )
    )
    return {(customer, month): float(amount) for customer, month, amount in cr.fetchall()}


def first_of_each(found, contact, order, limit, amount=None):
    """Return a query of the first so many documents of each customer, and of how many there are.

    Its columns: customer, id, number of the customer's documents, their sum.

    :param found: a query of documents
    :param contact: the column with the customer, or a contact of one
    :param order: SQL over ``document``, after which the later record comes first
    :param amount: SQL over ``document``, to be added up
    """
    return SQL(
        """
        SELECT customer_id, id, found, total
          FROM (
                SELECT contact.commercial_partner_id AS customer_id,
                       document.id,
                       COUNT(*) OVER customer AS found,
                       SUM(%(amount)s) OVER customer AS total,
                       ROW_NUMBER() OVER (
                           PARTITION BY contact.commercial_partner_id
                           ORDER BY %(order)s, document.id DESC
                       ) AS place
                  FROM %(table)s AS document
                  JOIN res_partner AS contact ON contact.id = %(customer)s
                 WHERE document.id IN %(found)s
                WINDOW customer AS (PARTITION BY contact.commercial_partner_id)
               ) AS placed
         WHERE place <= %(limit)s
      ORDER BY customer_id, place
        """,
        amount=amount or SQL("0"),
        order=order,
        table=SQL.identifier(found.table),
        customer=made_for(SQL("document"), SQL.identifier(contact)),
        found=found.subselect(),
        limit=limit,
    )
