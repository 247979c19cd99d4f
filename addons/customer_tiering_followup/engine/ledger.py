"""The ledger's rows, written by the thousands."""

from odoo.tools import SQL

# The columns that plans fill.
PLANNED_COLUMNS = (
    "partner_id",
    "tier_id",
    "kind",
    "occasion",
    "user_id",
    "date_due",
    "last_contact_date",
    "template_id",
)


def insert_planned(cr, planned, company_id, today, first, end, more=()):
    """Add a row for what is planned; what was planned before is passed over.

    An unassigned row is taken up again when somebody is responsible.

    :param planned: SQL name of a table with the :data:`PLANNED_COLUMNS` and ``place``, 1 … n;
        ``user_id`` is NULL where nobody is responsible
    :param first: the first place that is meant, and ``end`` the one behind the last
    :param more: names of further columns of both tables
    """
    columns = [*PLANNED_COLUMNS, *more]
    cr.execute(
        SQL(
            """
            INSERT INTO customer_followup (%(columns)s, company_id, date_planned, state)
            SELECT %(values)s, %(company)s, %(today)s,
                   CASE WHEN planned.user_id IS NULL THEN 'unassigned' ELSE 'waiting' END
              FROM %(planned)s AS planned
              -- A partner who was deleted since has no row to lock, either.
              JOIN res_partner AS partner ON partner.id = planned.partner_id
             WHERE place >= %(first)s AND place < %(end)s
          ORDER BY place
                ON CONFLICT (partner_id, company_id, kind, occasion) DO UPDATE
               SET (user_id, date_due, date_planned, state) =
                   (EXCLUDED.user_id, EXCLUDED.date_due, EXCLUDED.date_planned, 'waiting')
             WHERE customer_followup.state = 'unassigned' AND EXCLUDED.user_id IS NOT NULL
            """,
            columns=SQL(", ").join(SQL.identifier(column) for column in columns),
            values=SQL(", ").join(SQL.identifier("planned", column) for column in columns),
            company=company_id,
            today=today,
            planned=planned,
            first=first,
            end=end,
        )
    )


def note_activities(cr, followup_ids, activity_ids):
    """Note the activities that were made, each for the row at the same place."""
    cr.execute(
        SQL(
            """
            UPDATE customer_followup AS followup
               SET activity_id = made.activity_id, state = 'planned'
              FROM UNNEST(%s::int[], %s::int[]) AS made (id, activity_id)
             WHERE followup.id = made.id
            """,
            followup_ids,
            activity_ids,
        )
    )


def delete_repeated(cr, partner_ids):
    """Leave one row per company, kind and occasion among partners that are merged."""
    cr.execute(
        SQL(
            """
            WITH ranked AS (
                SELECT id, ROW_NUMBER() OVER (
                           PARTITION BY company_id, kind, occasion
                           ORDER BY state = 'planned' DESC, date_done, id) AS place
                  FROM customer_followup
                 WHERE partner_id = ANY(%s)
            )
            DELETE FROM customer_followup
                  USING ranked
                  WHERE ranked.id = customer_followup.id AND ranked.place > 1
            """,
            partner_ids,
        )
    )
