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
    selects = [_select(source, amounts, table)]
    for documents in added:
        given = {
            code: SQL.identifier(code)
            if code in ("revenue", *documents.columns)
            else SQL("0::bigint")
            for code in amounts
        }
        selects.append(_select(source, given, SQL("(%s) AS added", documents.query(scope))))
    return (
        SQL("(%s)", SQL(" UNION ALL ").join(selects)),
        {code: SQL.identifier(code) for code in amounts},
    )


def _select(source, amounts, table):
    columns = [SQL.identifier(name) for name in source.document_columns]
    columns += [SQL("%s AS %s", sql, SQL.identifier(code)) for code, sql in amounts.items()]
    return SQL("SELECT %s FROM %s", SQL(", ").join(columns), table)
