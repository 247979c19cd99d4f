"""Whom a company's service levels owe a satisfaction survey, as SQL."""

from odoo.tools import SQL

from .answers import SATISFACTION_SURVEYS

# Customers to whom a survey is promised. It must be one that they can open and answer.
PROMISED = SQL(
    """
    SELECT standing.id AS standing_id,
           standing.partner_id AS customer_id,
           standing.company_id,
           level.survey_id,
           level.survey_days
      FROM customer_standing AS standing
      JOIN res_partner AS customer
        ON customer.id = standing.partner_id
       AND customer.active
      JOIN customer_tier AS tier
        ON tier.id = standing.tier_id
      JOIN customer_service_level AS level
        ON level.id = tier.service_level_id
       AND level.active
       AND level.survey_days > 0
      JOIN survey_survey AS survey
        ON survey.id = level.survey_id
       AND survey.active
       AND survey.users_login_required IS NOT TRUE
       AND EXISTS (
           SELECT 1 FROM survey_question WHERE survey_id = survey.id AND is_page IS NOT TRUE)
    """
)

# Addresses of customers and their contacts, with what keeps a mail from going there.
ADDRESSES = SQL(
    """
    SELECT partner.id,
           partner.commercial_partner_id AS customer_id,
           partner.type = 'contact' AS is_contact,
           blacklist.id IS NOT NULL AS is_blacklisted,
           COALESCE(partner.message_bounce, 0) > 0 AS bounces
      FROM res_partner AS partner
 LEFT JOIN mail_blacklist AS blacklist
        ON blacklist.email = partner.email_normalized
       AND blacklist.active
     WHERE partner.active
       AND partner.email_normalized IS NOT NULL
    """
)

MAY_BE_MAILED = SQL("NOT address.is_blacklisted AND NOT address.bounces")


def due_query(company_id, today, timezone, customer_ids=None):
    """Return the SELECT of who is due for an invitation, whom it has waited for longest first.

    :param company_id: the root company
    :param today: its local date
    :param timezone: name of its time zone
    :param customer_ids: those to look at; None for all
    :return: SQL with the columns ``customer_id``, ``recipient_id`` and ``survey_id``
    """
    chosen = SQL("TRUE") if customer_ids is None else SQL("customer_id = ANY(%s)", customer_ids)
    return SQL(
        """
        WITH promised AS (
            SELECT * FROM (%(promised)s) AS promised
             WHERE company_id = %(company)s AND %(chosen)s
        ), invited AS (
            SELECT customer_id, MAX(create_date) AS moment
              FROM (
                    SELECT partner.commercial_partner_id AS customer_id, answer.create_date
                      FROM survey_user_input AS answer
                      JOIN res_partner AS partner ON partner.id = answer.partner_id
                     WHERE answer.test_entry IS NOT TRUE
                       AND (answer.company_id = %(company)s
                            OR answer.company_id IS NULL AND answer.survey_id IN (%(surveys)s))
                   ) AS invitation
             WHERE %(chosen)s
          GROUP BY customer_id
        ), recipient AS (
            SELECT DISTINCT ON (customer_id) customer_id, id
              FROM (%(addresses)s) AS address
             WHERE %(may_be_mailed)s AND %(chosen)s
          ORDER BY customer_id, id = customer_id DESC, is_contact DESC, id
        )
        SELECT promised.customer_id, recipient.id AS recipient_id, promised.survey_id
          FROM promised
          JOIN recipient USING (customer_id)
     LEFT JOIN invited USING (customer_id)
         WHERE invited.moment IS NULL
            OR %(today)s - %(invited_on)s >= promised.survey_days
      ORDER BY invited.moment NULLS FIRST, promised.customer_id
        """,
        promised=PROMISED,
        addresses=ADDRESSES,
        may_be_mailed=MAY_BE_MAILED,
        surveys=SATISFACTION_SURVEYS,
        chosen=chosen,
        company=company_id,
        today=SQL("%s::date", today),
        invited_on=SQL("(invited.moment AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", timezone),
    )


def obstacles_query(standing_ids=None):
    """Return the SELECT of the customers whom no survey that is promised to them can reach.

    :param standing_ids: those to look at; None for all
    :return: SQL with the columns ``standing_id`` and ``obstacle``
    """
    return SQL(
        """
        SELECT promised.standing_id,
               CASE WHEN COUNT(address.id) = 0 THEN 'no_address'
                    WHEN BOOL_OR(address.is_blacklisted) THEN 'blacklisted'
                    ELSE 'bounces' END AS obstacle
          FROM (%(promised)s) AS promised
     LEFT JOIN (%(addresses)s) AS address USING (customer_id)
         WHERE %(chosen)s
      GROUP BY promised.standing_id
        HAVING COUNT(*) FILTER (WHERE %(may_be_mailed)s) = 0
        """,
        promised=PROMISED,
        addresses=ADDRESSES,
        may_be_mailed=MAY_BE_MAILED,
        chosen=SQL("TRUE")
        if standing_ids is None
        else SQL("promised.standing_id = ANY(%s)", standing_ids),
    )
