"""Follow-ups: which customers were not in touch for as long as their service level says."""

from odoo.tools import SQL


def due_query(customers, contacts, company_id, open_states, today):
    """Return the SELECT of the customers whose follow-up is due and not planned.

    A follow-up that was done or cancelled begins the wait anew, as a contact does.

    :param customers: what :func:`~.customers.customers_query` returns
    :param contacts: what :func:`~.contacts.last_contacts_query` returns
    :return: SQL with the columns ``partner_id``, ``tier_id``, ``user_id``, ``contact_day``,
        ``since`` and ``place``, the order of each account manager's: the better tier and the
        longest waiting first
    """
    return SQL(
        """
        WITH contact AS MATERIALIZED (%(contacts)s),
        settled AS (
            SELECT partner_id, MAX(COALESCE(date_done, date_cancelled)) AS day,
                   BOOL_OR(state = ANY(%(open)s)) AS is_open
              FROM customer_followup
             WHERE company_id = %(company)s AND kind = 'follow_up'
          GROUP BY partner_id
        ),
        waiting AS (
            SELECT customer.partner_id, customer.tier_id, customer.above,
                   customer.followup_days, customer.user_id, contact.day AS contact_day,
                   COALESCE(GREATEST(contact.day, settled.day), known_since::date) AS since
              FROM (%(customers)s) AS customer
         LEFT JOIN contact ON contact.partner_id = customer.partner_id
         LEFT JOIN settled ON settled.partner_id = customer.partner_id
             WHERE customer.followup_days > 0 AND settled.is_open IS NOT TRUE
        )
        SELECT partner_id, tier_id, user_id, contact_day, since,
               ROW_NUMBER() OVER (
                   PARTITION BY user_id
                   ORDER BY above, tier_id, since + followup_days, since, partner_id
               ) AS place
          FROM waiting
         WHERE since + followup_days <= %(today)s
        """,
        contacts=contacts,
        customers=customers,
        open=list(open_states),
        company=company_id,
        today=today,
    )


def planned_query(placed):
    """Return the SELECT of the ledger's rows for follow-ups that have found a day."""
    return SQL(
        """
        SELECT partner_id, tier_id, 'follow_up' AS kind, since::varchar AS occasion,
               user_id, day AS date_due, contact_day AS last_contact_date,
               NULL::integer AS template_id,
               -- The nearest first, and one account manager's together: their activities are
               -- then made with fewer queries.
               ROW_NUMBER() OVER (ORDER BY user_id IS NULL, day, user_id, partner_id) AS place
          FROM %s
        """,
        placed,
    )


def delete_assigned(cr, planned, company_id):
    """Delete the rows of unassigned follow-ups that are not planned as such any more."""
    cr.execute(
        SQL(
            """
            DELETE FROM customer_followup AS followup
                  WHERE company_id = %(company)s
                    AND kind = 'follow_up'
                    AND state = 'unassigned'
                    AND NOT EXISTS (
                        SELECT 1 FROM %(planned)s AS planned
                         WHERE planned.partner_id = followup.partner_id
                           AND planned.occasion = followup.occasion)
            """,
            company=company_id,
            planned=planned,
        )
    )


def outdated_query(company_id, open_states):
    """Return the SELECT of the ids of open follow-ups that the tier does not ask for any more."""
    return SQL(
        """
        SELECT followup.id
          FROM customer_followup AS followup
     LEFT JOIN customer_standing AS standing
            ON standing.partner_id = followup.partner_id
           AND standing.company_id = followup.company_id
     LEFT JOIN customer_tier AS tier ON tier.id = standing.tier_id
     LEFT JOIN customer_service_level AS level
            ON level.id = tier.service_level_id AND level.active
         WHERE followup.company_id = %s
           AND followup.kind = 'follow_up'
           AND followup.state = ANY(%s)
           AND COALESCE(level.followup_days, 0) = 0
      ORDER BY followup.id
        """,
        company_id,
        list(open_states),
    )
