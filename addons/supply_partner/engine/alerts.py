"""Which products a buyer has to hear about, by what a review found."""

from odoo.tools import SQL

# What runs out as agreed is no cause for alarm.
KINDS = {
    "out": SQL("stock_status = 'out' AND NOT is_resting"),
    "short": SQL("is_short AND NOT is_resting"),
    "above": SQL("stock_status = 'above'"),
    "dead": SQL("stock_status = 'dead'"),
    "unserved": SQL("problem IS NOT NULL AND NOT is_resting"),
}


def ended_alerts_statement(findings, agreement_ids):
    """Return the DELETE of the alerts whose state has ended.

    :param findings: the table of what was found, which may be about other agreements, too
    :param agreement_ids: whose alerts are looked at
    """
    return SQL(
        """
        DELETE FROM vmi_alert alert
         USING %s finding
         WHERE finding.line_id = alert.line_id AND alert.agreement_id = ANY(%s)
           AND (alert.line_id, alert.kind) NOT IN (SELECT line_id, kind FROM (%s) AS states)
        """,
        findings,
        agreement_ids,
        _states_query(findings, agreement_ids),
    )


def new_alerts_statement(findings, agreement_ids):
    """Return the INSERT of the alerts whose state is new; else as for those that ended."""
    return SQL(
        """
        INSERT INTO vmi_alert (line_id, agreement_id, company_id, kind, is_told, date_start)
        SELECT line_id, agreement_id, agreement.company_id, kind, FALSE, now() AT TIME ZONE 'UTC'
          FROM (%s) AS states
          JOIN vmi_agreement agreement ON agreement.id = agreement_id
            ON CONFLICT (line_id, kind) DO NOTHING
        """,
        _states_query(findings, agreement_ids),
    )


def _states_query(findings, agreement_ids):
    return SQL(
        """
        SELECT line_id, agreement_id, kind
          FROM %s
    CROSS JOIN LATERAL (VALUES %s) AS alert (kind, is_on)
         WHERE is_on AND agreement_id = ANY(%s)
        """,
        findings,
        SQL(", ").join(SQL("(%s, %s)", kind, condition) for kind, condition in KINDS.items()),
        agreement_ids,
    )
