from odoo.tools import SQL


def read_documents(scope, source, table, amounts):
    """Return what a source reads: its table, with the documents that add-ons count there.

    :param source: the :class:`~.registry.Source`, whose ``document_columns`` are read
    :param table: SQL name of its table
    :param amounts: its amounts of one row of the table, as SQL by code; none if its columns
        say everything
    :return: SQL that follows FROM, and the amounts to read there
    """
    added = scope.documents_of(source.code)
    if not added:
        return table, amounts
    selects = [_select(scope, source, amounts, table)]
    for documents in added:
        given = {
            code: SQL.identifier(code)
            if code in ("revenue", *documents.columns)
            else SQL("0::bigint")
            for code in amounts
        }
        query = SQL("(%s) AS added", documents.query(scope))
        selects.append(_select(scope, source, given, query))
    return (
        SQL("(%s)", SQL(" UNION ALL ").join(selects)),
        {code: SQL.identifier(code) for code in amounts},
    )


def _select(scope, source, amounts, table):
    columns = [SQL.identifier(name) for name in source.document_columns]
    columns += [SQL("%s AS %s", sql, SQL.identifier(code)) for code, sql in amounts.items()]
    query = SQL("SELECT %s FROM %s", SQL(", ").join(columns), table)
    if scope.customer_id is None:
        return query
    # PostgreSQL looks into no union by itself for the rows of one customer.
    return SQL(
        "%s WHERE %s IN (SELECT id FROM res_partner WHERE commercial_partner_id = %s)",
        query,
        columns[0],
        scope.customer_id,
    )
