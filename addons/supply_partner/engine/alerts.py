"""Which products a buyer has to hear about, by what a review found."""

from odoo.tools import SQL

from .steps import FINDINGS

# What runs out as agreed is no cause for alarm.
KINDS = {
    "out": SQL("stock_status = 'out' AND NOT is_resting"),
    "short": SQL("is_short AND NOT is_resting"),
    "above": SQL("stock_status = 'above'"),
    "dead": SQL("stock_status = 'dead'"),
    "unserved": SQL("problem IS NOT NULL AND NOT is_resting"),
}


def update_alerts(cr, agreement_ids):
    """Remove the alerts whose state has ended, and add those whose state is new.

    :param agreement_ids: of which agreements; what was found may be about others, too
    """
    states = SQL(
        """
        SELECT line_id, agreement_id, kind
          FROM %s
    CROSS JOIN LATERAL (VALUES %s) AS alert (kind, is_on)
         WHERE is_on AND agreement_id = ANY(%s)
        """,
        FINDINGS,
        SQL(", ").join(SQL("(%s, %s)", kind, condition) for kind, condition in KINDS.items()),
        agreement_ids,
    )
    cr.execute(
        SQL(
            """
            DELETE FROM vmi_alert alert
             USING %s finding
             WHERE finding.line_id = alert.line_id AND alert.agreement_id = ANY(%s)
               AND (alert.line_id, alert.kind) NOT IN (SELECT line_id, kind FROM (%s) AS states)
            """,
            FINDINGS,
            agreement_ids,
            states,
        )
    )
    cr.execute(
        SQL(
            """
            INSERT INTO vmi_alert (line_id, agreement_id, company_id, kind, is_told, date_start)
            SELECT line_id, agreement_id, agreement.company_id, kind, FALSE,
                   now() AT TIME ZONE 'UTC'
              FROM (%s) AS states
              JOIN vmi_agreement agreement ON agreement.id = agreement_id
                ON CONFLICT (line_id, kind) DO NOTHING
            """,
            states,
        )
    )
