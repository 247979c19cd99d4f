"""Which customers something is about."""

from dataclasses import dataclass

from odoo.tools import SQL


@dataclass(frozen=True)
class Part:
    """Some of the customers, or everybody.

    :ivar after: those whose id is higher are meant; None asks for nothing
    :ivar up_to: those whose id is not higher are meant; None asks for nothing
    :ivar partner_ids: those who are meant; None asks for nothing
    """

    after: int | None = None
    up_to: int | None = None
    partner_ids: tuple | None = None

    @classmethod
    def of(cls, partner_ids):
        """Return the part of those customers; everybody for None."""
        return cls(partner_ids=None if partner_ids is None else tuple(partner_ids))

    def holds(self, column):
        """Return the condition that a column names one of the customers, as SQL."""
        conditions = []
        if self.partner_ids is not None:
            conditions.append(SQL("%s = ANY(%s)", column, list(self.partner_ids)))
        if self.after is not None:
            conditions.append(SQL("%s > %s", column, self.after))
        if self.up_to is not None:
            conditions.append(SQL("%s <= %s", column, self.up_to))
        return SQL(" AND ").join(conditions) if conditions else SQL("TRUE")


EVERYBODY = Part()


def parts_of(cr, customers, size):
    """Return parts that follow each other and leave nobody out, in the order of ids.

    :param customers: SELECT of the ids of many customers
    :param size: how many of them a part has at most; whoever is not among them comes in addition
    :return: one part, everybody, where there are no more of them
    """
    cr.execute(
        SQL(
            """
            SELECT partner_id
              FROM (SELECT partner_id, ROW_NUMBER() OVER (ORDER BY partner_id) AS place
                      FROM (%s) AS customer (partner_id)) AS placed
             WHERE place %% %s = 0
          ORDER BY partner_id
            """,
            customers,
            size,
        )
    )
    ends = [partner_id for (partner_id,) in cr.fetchall()]
    # The last one has those with the highest ids, whether they are few or many.
    return [
        Part(after=after, up_to=up_to)
        for after, up_to in zip([None, *ends], [*ends, None], strict=True)
    ]
