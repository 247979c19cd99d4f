"""Who entered or left a segment that has an activity plan.

``customer_followup_segment`` notes who is inside and how often the plan was applied.
"""

from odoo.tools import SQL


def entries_query(line_id, plan_id, segment, company_id):
    """Return the applications of a segment's plan to those who are inside and not noted so.

    The number of the stay is part of the occasion: until it is noted, a second call plans
    nothing new.
    """
    return SQL(
        """
        SELECT standing.partner_id, %(plan)s AS plan_id,
               CONCAT('segment ', %(line)s::int, ' ', COALESCE(stay.stays, 0) + 1) AS occasion,
               standing.partner_id AS source_id
          FROM customer_standing AS standing
     LEFT JOIN customer_followup_segment AS stay
            ON stay.partner_id = standing.partner_id AND stay.line_id = %(line)s
         WHERE standing.company_id = %(company)s
           AND %(inside)s
           AND stay.is_inside IS NOT TRUE
        """,
        plan=plan_id,
        line=line_id,
        company=company_id,
        inside=_is_inside(segment),
    )


def members(cr, segment, company_id):
    """Return the ids of the customers in a segment."""
    cr.execute(
        SQL(
            "SELECT partner_id FROM customer_standing AS standing WHERE company_id = %s AND %s",
            company_id,
            _is_inside(segment),
        )
    )
    return [partner_id for (partner_id,) in cr.fetchall()]


def note_who_left(cr, line_id, segment, company_id):
    """Note that customers are not in the segment any more."""
    cr.execute(
        SQL(
            """
            UPDATE customer_followup_segment AS stay
               SET is_inside = FALSE
             WHERE stay.line_id = %(line)s
               AND stay.is_inside
               AND NOT EXISTS (
                   SELECT 1 FROM customer_standing AS standing
                    WHERE standing.partner_id = stay.partner_id
                      AND standing.company_id = %(company)s
                      AND %(inside)s)
            """,
            line=line_id,
            company=company_id,
            inside=_is_inside(segment),
        )
    )


def note_who_came_back(cr, line_id, segment, company_id, cooldown_days, today):
    """Note that customers are in the segment again before the cooldown is over."""
    cr.execute(
        SQL(
            """
            UPDATE customer_followup_segment AS stay
               SET is_inside = TRUE
              FROM customer_standing AS standing
             WHERE stay.line_id = %(line)s
               AND NOT stay.is_inside
               AND stay.date_applied + %(cooldown)s > %(today)s
               AND standing.partner_id = stay.partner_id
               AND standing.company_id = %(company)s
               AND %(inside)s
            """,
            line=line_id,
            cooldown=cooldown_days,
            today=today,
            company=company_id,
            inside=_is_inside(segment),
        )
    )


def note_entries(cr, line_id, partner_ids, stays, today):
    """Note that customers are in the segment.

    :param stays: 1 where its plan was applied, 0 where they were there before
    """
    cr.execute(
        SQL(
            """
            INSERT INTO customer_followup_segment
                        (partner_id, line_id, is_inside, stays, date_applied)
            SELECT id, %(line)s, TRUE, %(stays)s, CASE WHEN %(stays)s > 0 THEN %(today)s END
              FROM res_partner
             WHERE id = ANY(%(partners)s)
                ON CONFLICT (partner_id, line_id) DO UPDATE
               SET is_inside = TRUE,
                   stays = customer_followup_segment.stays + EXCLUDED.stays,
                   date_applied = EXCLUDED.date_applied
            """,
            line=line_id,
            stays=stays,
            today=today,
            partners=partner_ids,
        )
    )


def _is_inside(segment):
    """Return whether a standing is in the segment; no two views of customers share a code."""
    return SQL(
        """
        (standing.tier_id IS NOT NULL
         AND %s IN (standing.portfolio, standing.value_class, standing.lifecycle))
        """,
        segment,
    )
