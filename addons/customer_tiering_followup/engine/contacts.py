"""When customers were last in touch with a company.

A source is a SELECT of a partner and the last day of one sort of contact. ``records`` below is a
SELECT of the ``id`` and ``partner_id`` of records that are about a customer.
"""

from odoo.tools import SQL


def last_contacts_query(sources):
    """Return the SELECT of ``partner_id`` and ``day`` of each customer's last contact.

    Contacts and addresses count for their commercial partner.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id, MAX(contact.day) AS day
          FROM (%s) AS contact (partner_id, day)
          JOIN res_partner AS partner ON partner.id = contact.partner_id
      GROUP BY partner.commercial_partner_id
        """,
        SQL(" UNION ALL ").join(sources),
    )


def records_query(table, condition, company_ids):
    """Return the SELECT of records that name a customer, of the companies or of none.

    :param table: name of a table with ``partner_id`` and ``company_id``
    :param condition: which of them count
    """
    return SQL(
        """
        SELECT id, partner_id FROM %(table)s
         WHERE partner_id IS NOT NULL
           AND (company_id IS NULL OR company_id = ANY(%(companies)s))
           AND %(condition)s
        """,
        table=SQL.identifier(table),
        companies=company_ids,
        condition=condition,
    )


def confirmed_orders_query(company_ids, timezone):
    """Return the source of the confirmed orders."""
    return SQL(
        """
        SELECT partner_id, MAX(%(day)s)
          FROM sale_order
         WHERE state = 'sale' AND company_id = ANY(%(companies)s)
      GROUP BY partner_id
        """,
        day=_local_day(SQL("date_order"), timezone),
        companies=company_ids,
    )


def done_activities_query(model, records):
    """Return the source of the activities that were done on records."""
    return SQL(
        """
        SELECT record.partner_id, MAX(activity.date_done)
          FROM mail_activity AS activity
          JOIN (%s) AS record ON record.id = activity.res_id
         WHERE activity.res_model = %s
           AND activity.active IS NOT TRUE
           AND activity.date_done IS NOT NULL
      GROUP BY record.partner_id
        """,
        records,
        model,
    )


def messages_query(model, records, timezone, system_user_id):
    """Return the source of what employees or the customer wrote on records.

    What the system wrote is no contact, nor is a mail that did not reach the customer.
    """
    return SQL(
        """
        SELECT record.partner_id, MAX(%(day)s)
          FROM mail_message AS message
          JOIN (%(records)s) AS record ON record.id = message.res_id
          JOIN res_partner AS author ON author.id = message.author_id
     LEFT JOIN res_users AS employee
            ON employee.partner_id = author.id
           AND NOT employee.share
           AND employee.id <> %(system)s
     LEFT JOIN res_partner AS customer ON customer.id = record.partner_id
         WHERE message.model = %(model)s
           AND message.message_type IN ('comment', 'email')
           AND (employee.id IS NOT NULL
                OR customer.commercial_partner_id = author.commercial_partner_id)
           AND NOT (%(failed)s AND NOT %(reached)s)
      GROUP BY record.partner_id
        """,
        day=_local_day(SQL("message.date"), timezone),
        records=records,
        system=system_user_id,
        model=model,
        failed=_sent_to_customer("bounce", "exception", "canceled"),
        reached=_sent_to_customer("ready", "process", "pending", "sent"),
    )


def meetings_about_query(about, records, timezone, now):
    """Return the source of the meetings held about records, whoever was invited.

    :param about: the condition on ``event`` and ``record`` that joins them
    :param now: the moment until which meetings were held (UTC)
    """
    return SQL(
        """
        SELECT record.partner_id, MAX(%(day)s)
          FROM calendar_event AS event
          JOIN (%(records)s) AS record ON %(about)s
         WHERE event.active
           AND event.stop <= %(now)s
      GROUP BY record.partner_id
        """,
        day=_local_day(SQL("event.start"), timezone),
        records=records,
        about=about,
        now=now,
    )


def meetings_query(timezone, now):
    """Return the source of the meetings held to which a customer's people were invited."""
    return SQL(
        """
        SELECT attendee.partner_id, MAX(%s)
          FROM calendar_event AS event
          JOIN calendar_attendee AS attendee ON attendee.event_id = event.id
         WHERE event.active
           AND event.stop <= %s
           AND attendee.state <> 'declined'
      GROUP BY attendee.partner_id
        """,
        _local_day(SQL("event.start"), timezone),
        now,
    )


def _local_day(moment, timezone):
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, timezone)


def _sent_to_customer(*statuses):
    """Return whether the message went to the customer's people with one of these results."""
    return SQL(
        """
        EXISTS (
            SELECT 1
              FROM mail_notification AS notification
              JOIN res_partner AS receiver ON receiver.id = notification.res_partner_id
             WHERE notification.mail_message_id = message.id
               AND receiver.commercial_partner_id = customer.commercial_partner_id
               AND notification.notification_status IN %s)
        """,
        statuses,
    )
