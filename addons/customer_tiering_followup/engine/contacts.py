from odoo import api, fields, models
from odoo.tools import SQL


class CustomerFollowupContacts(models.Model):
    """When a customer was last in touch with the company."""

    _inherit = "customer.followup"

    @api.model
    def _last_contacts_query(self, company):
        """Return the SELECT of ``partner_id`` and ``day`` of each customer's last contact.

        Contacts and addresses count for their commercial partner. The day is the company's.
        """
        sources = self._contact_sources(self._company_ids(company), company._tiering_timezone())
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id, MAX(contact.day) AS day
              FROM (%s) AS contact (partner_id, day)
              JOIN res_partner AS partner ON partner.id = contact.partner_id
          GROUP BY partner.commercial_partner_id
            """,
            SQL(" UNION ALL ").join(sources),
        )

    @api.model
    def _contact_sources(self, company_ids, timezone):
        """Return what counts as a contact: SELECTs of a partner and a day each.

        An add-on whose documents are contacts adds a SELECT.

        :param company_ids: a root company and its branches
        :param timezone: name of the zone in which moments become days
        """
        sources = [
            SQL(
                """
                SELECT partner_id, MAX(%(day)s)
                  FROM sale_order
                 WHERE state = 'sale' AND company_id = ANY(%(companies)s)
              GROUP BY partner_id
                """,
                day=_local_day(SQL("date_order"), timezone),
                companies=company_ids,
            )
        ]
        for model, records in self._contact_records(company_ids).items():
            sources += [
                self._done_activities_query(model, records),
                self._messages_query(model, records, timezone),
            ]
            # Only where meetings are installed.
            if "calendar.event" in self.env:
                about = SQL("event.res_model = %s AND event.res_id = record.id", model)
                sources.append(self._meetings_about_query(about, records, timezone))
        if "calendar.event" in self.env:
            sources.append(self._meetings_query(timezone))
        return sources

    @api.model
    def _contact_records(self, company_ids):
        """Return on which records mails, notes, meetings and done activities are contacts.

        An add-on whose records are about a customer adds their model.

        :return: {model: SELECT of the record's ``id`` and its ``partner_id``}
        """
        return {
            "res.partner": SQL("SELECT id, id AS partner_id FROM res_partner"),
            "sale.order": SQL(
                "SELECT id, partner_id FROM sale_order WHERE company_id = ANY(%s)", company_ids
            ),
            "account.move": SQL(
                """
                SELECT id, partner_id FROM account_move
                 WHERE move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND company_id = ANY(%s)
                """,
                company_ids,
            ),
        }

    @api.model
    def _done_activities_query(self, model, records):
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

    @api.model
    def _messages_query(self, model, records, timezone):
        """Return the SELECT of what employees or the customer wrote on the records.

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
            system=self.env.ref("base.user_root").id,
            model=model,
            failed=_sent_to_customer("bounce", "exception", "canceled"),
            reached=_sent_to_customer("ready", "process", "pending", "sent"),
        )

    @api.model
    def _meetings_about_query(self, about, records, timezone):
        """Return the SELECT of the meetings held about the records, whoever was invited.

        :param about: the condition on ``event`` and ``record`` that joins them
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
            now=fields.Datetime.now(),
        )

    @api.model
    def _meetings_query(self, timezone):
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
            fields.Datetime.now(),
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
