"""What the account sheets of some customers show, read for all of them at once."""

from odoo.tools import SQL

from ..metrics.documents import made_for


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
