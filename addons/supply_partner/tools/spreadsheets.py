"""What is told of a spreadsheet that could not be imported."""


def by_row(result):
    """Take away what Odoo found wrong with all rows together, when single rows say it as well.

    Odoo shows it at the first row, which may be a good one.

    :param result: as ``load`` returns it; changed in place and returned
    """
    first, *others = result["messages"] or [{"message": ""}]
    said = {line for other in others for line in other["message"].splitlines()}
    if said and said.issuperset(first["message"].splitlines()):
        result["messages"] = others
    return result
