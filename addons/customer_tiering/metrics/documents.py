from odoo.tools import SQL


def read_documents(scope, source, own, codes=()):
    """Return what a source reads: its own documents, and those that add-ons count there.

    :param source: the :class:`~.registry.Source`, whose ``document_columns`` are read
    :param own: SELECT of its own documents, with these columns and the amounts
    :param codes: names of the amounts, which documents that do not give them have as 0
    :return: SQL that follows FROM
    """
    return put_together(document_queries(scope, source, own, codes))


def put_together(queries):
    """Return SELECTs of the same columns as SQL that follows FROM."""
    return SQL("(%s)", SQL(" UNION ALL ").join(queries))


def document_queries(scope, source, own, codes=()):
    """Return what :func:`read_documents` puts together: a SELECT of each kind of documents.

    PostgreSQL reads one table by several processes, and a union only where none of its parts
    keeps it from that. So what is asked of many documents is asked of each kind.
    """
    selects = [own]
    for documents in scope.documents_of(source.code):
        given = documents.given_columns(scope)
        columns = [SQL.identifier(name) for name in source.document_columns]
        columns += [
            SQL.identifier(code)
            if code in given
            else SQL("0::%s AS %s", scope.units_type, SQL.identifier(code))
            for code in codes
        ]
        selects.append(
            SQL(
                "SELECT %s FROM (%s) AS added WHERE %s",
                SQL(", ").join(columns),
                documents.query(scope),
                is_wanted(scope, columns[0]),
            )
        )
    return selects


def is_wanted(scope, *contacts):
    """Return the condition that a document may be one of those that are read.

    PostgreSQL looks into no union by itself for the rows of some customers.

    :param contacts: SQL names of the document's columns with a contact
    """
    if scope.customer_ids is None:
        return SQL("TRUE")
    ids = list(scope.contact_ids)
    return SQL("(%s)", SQL(" OR ").join(SQL("%s = ANY(%s)", contact, ids) for contact in contacts))


def made_for(alias, contact):
    """Return for whom a document was made: itself a customer, or a contact of one.

    A contact who moves to another customer leaves documents behind; see ``customer.document``.

    :param alias: SQL name of the document's table
    :param contact: SQL name of its column with the contact
    """
    return SQL("COALESCE(%s.made_for_id, %s.%s)", alias, alias, contact)
