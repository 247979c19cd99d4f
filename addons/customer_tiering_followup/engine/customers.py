"""A company's customers with their account managers, and what has to change hands."""

from odoo.addons.customer_tiering.engine.parts import Part
from odoo.addons.customer_tiering.engine.tiers import places_query
from odoo.addons.set_based_runs.large_statements import interpret
from odoo.tools import SQL

# From so many customers on, PostgreSQL is told to read tables whole.
BULK = 1000


def able_users_query(company_ids):
    """Return the SELECT of the ids of the users who may look after the companies' customers."""
    return SQL(
        """
        SELECT id
          FROM res_users
         WHERE active
           AND NOT share
           AND id IN (SELECT user_id FROM res_company_users_rel WHERE cid = ANY(%s))
        """,
        company_ids,
    )


def customers_query(company_id, company_ids, partner_ids=None):
    """Return the SELECT of a company's customers, also of those who are no longer tiered.

    The account manager is the customer's salesperson, else the service level's account manager,
    else the leader of the level's team, else the leader of the salesperson's team. Only active
    users of the company count.

    :param company_id: the root company, whose customers they are
    :param company_ids: that and its branches, whose users may look after them
    :param partner_ids: the customers that are wanted; all by default
    :return: SQL with the columns ``partner_id``, ``tier_id``, ``above`` (the share of the tiers
        that are better), ``followup_days`` of the service level (0 without one), ``user_id`` of
        the account manager or NULL, ``known_since``, and the segments
    """
    return SQL(
        """
        WITH able AS MATERIALIZED (%(able)s)
        SELECT standing.partner_id, standing.tier_id, places.above,
               CASE WHEN level.active THEN level.followup_days ELSE 0 END AS followup_days,
               COALESCE(own.id, manager.id, leader.id, superior.id) AS user_id,
               partner.create_date AS known_since,
               standing.value_class, standing.portfolio, standing.lifecycle
          FROM customer_standing AS standing
          JOIN res_partner AS partner ON partner.id = standing.partner_id AND partner.active
     LEFT JOIN customer_tier AS tier ON tier.id = standing.tier_id
     LEFT JOIN (%(places)s) AS places ON places.tier_id = standing.tier_id
     LEFT JOIN customer_service_level AS level ON level.id = tier.service_level_id
     LEFT JOIN crm_team AS team ON team.id = level.team_id
     LEFT JOIN res_users AS salesperson ON salesperson.id = partner.user_id
     LEFT JOIN crm_team AS former_team ON former_team.id = salesperson.sale_team_id
     LEFT JOIN able AS own ON own.id = partner.user_id
     LEFT JOIN able AS manager ON manager.id = level.user_id
     LEFT JOIN able AS leader ON leader.id = team.user_id
     LEFT JOIN able AS superior ON superior.id = former_team.user_id
         WHERE standing.company_id = %(company)s
           AND %(wanted)s
        """,
        wanted=Part.of(partner_ids).holds(SQL("standing.partner_id")),
        able=able_users_query(company_ids),
        places=places_query(),
        company=company_id,
    )


def to_hand_over(cr, company_id, company_ids, states, partner_ids):
    """Return which rows of some customers have to go to another user, or to nobody.

    What is noted is compared with who looks after the customer now. An activity that somebody
    gave to a colleague by hand stays there while the account manager is the same and the
    colleague can do it.

    :param states: those of the rows that are meant
    :return: {user or None: [row, …]}, ids
    """
    if is_bulk := len(partner_ids) > BULK:
        # PostgreSQL may know little of a ledger that has just grown, and would look up each.
        interpret(cr)
        cr.execute("SET LOCAL enable_nestloop = off")
    cr.execute(
        SQL(
            """
            WITH able_now AS MATERIALIZED (%(able)s)
            SELECT followup.id, heir.user_id
              FROM customer_followup AS followup
              JOIN (%(customers)s) AS customer ON customer.partner_id = followup.partner_id
         LEFT JOIN mail_activity_plan_template AS template
                ON template.id = followup.template_id AND template.responsible_type = 'other'
         LEFT JOIN able_now AS named ON named.id = template.responsible_id
         LEFT JOIN able_now AS holder ON holder.id = followup.user_id
         LEFT JOIN mail_activity AS activity ON activity.id = followup.activity_id
         LEFT JOIN able_now AS doer ON doer.id = activity.user_id
        CROSS JOIN LATERAL (
                   SELECT COALESCE(named.id, customer.user_id) AS user_id) AS heir
             WHERE followup.company_id = %(company)s
               AND followup.state = ANY(%(states)s)
               AND %(wanted)s
               -- Unassigned follow-ups are planned anew.
               AND NOT (followup.state = 'unassigned' AND followup.kind = 'follow_up')
               AND CASE WHEN followup.state = 'planned' AND activity.id IS NULL
                        -- It went with its user; else somebody deleted it.
                        THEN holder.id IS NULL
                        ELSE followup.user_id IS DISTINCT FROM heir.user_id
                             OR (activity.id IS NOT NULL AND doer.id IS NULL)
                   END
          ORDER BY followup.id
            """,
            able=able_users_query(company_ids),
            customers=customers_query(company_id, company_ids, partner_ids),
            company=company_id,
            states=list(states),
            wanted=Part.of(partner_ids).holds(SQL("followup.partner_id")),
        )
    )
    rows = cr.fetchall()
    if is_bulk:
        cr.execute("SET LOCAL enable_nestloop TO DEFAULT")
    heirs = {}
    for followup_id, user_id in rows:
        heirs.setdefault(user_id, []).append(followup_id)
    return heirs
