from odoo import api, models
from odoo.tools import SQL

from ..tools.transactions import commit_step


class CustomerFollowupPortfolio(models.Model):
    """Activity plans of those who come into a cell of the portfolio or of another view."""

    _inherit = "customer.followup"

    def _planners(self):
        return [*super()._planners(), self._plan_cells]

    @api.model
    def _plan_cells(self, policy, commit):
        """Apply each cell's plan to those who came into it since the last call."""
        for line in policy.segment_plan_ids:
            commit_step(self.env, lambda line=line: self._note_stays(line), commit)
            # The number of the stay is part of the occasion: until it is noted, a second
            # call plans nothing new.
            arrivals = SQL(
                """
                SELECT standing.partner_id, %(plan)s AS plan_id,
                       CONCAT('cell ', %(line)s::int, ' ', COALESCE(stay.stays, 0) + 1) AS occasion,
                       standing.partner_id AS source_id
                  FROM customer_standing AS standing
             LEFT JOIN customer_followup_segment AS stay
                    ON stay.partner_id = standing.partner_id AND stay.line_id = %(line)s
                 WHERE standing.company_id = %(company)s
                   AND %(inside)s
                   AND stay.is_inside IS NOT TRUE
                """,
                plan=line.plan_id.id,
                line=line.id,
                company=policy.company_id.id,
                inside=_is_inside(line),
            )
            applied = self._apply_plans(policy, arrivals, commit)
            commit_step(
                self.env,
                lambda line=line, applied=applied: self._note_arrivals(line, applied, 1),
                commit,
            )

    def _note_stays(self, line):
        """Note who left the cell, who came back too early, and who was there from the first."""
        today = line.policy_id._get_today()
        self.env.flush_all()
        self.env.cr.execute(
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
                line=line.id,
                company=line.company_id.id,
                inside=_is_inside(line),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_followup_segment AS stay
                   SET is_inside = TRUE
                  FROM customer_standing AS standing
                 WHERE stay.line_id = %(line)s
                   AND NOT stay.is_inside
                   AND stay.date_applied + %(rest)s > %(today)s
                   AND standing.partner_id = stay.partner_id
                   AND standing.company_id = %(company)s
                   AND %(inside)s
                """,
                line=line.id,
                rest=line.rest_days,
                today=today,
                company=line.company_id.id,
                inside=_is_inside(line),
            )
        )
        if not line.is_started:
            line.is_started = True
            if not line.for_present:
                present = self.env.execute_query(
                    SQL(
                        "SELECT partner_id FROM customer_standing AS standing"
                        " WHERE company_id = %s AND %s",
                        line.company_id.id,
                        _is_inside(line),
                    )
                )
                self._note_arrivals(line, [partner_id for (partner_id,) in present], 0)
        self.env["customer.followup.segment"].invalidate_model()

    def _note_arrivals(self, line, partner_ids, stays):
        """Note that customers are in a cell.

        :param stays: 1 where its plan was applied, 0 where they were there from the first
        """
        self.env.cr.execute(
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
                line=line.id,
                stays=stays,
                today=line.policy_id._get_today(),
                partners=partner_ids,
            )
        )
        self.env["customer.followup.segment"].invalidate_model()


def _is_inside(line):
    """Return whether a standing is in the line's cell; no two views share the name of one."""
    return SQL(
        """
        (standing.tier_id IS NOT NULL
         AND %s IN (standing.portfolio, standing.value_class, standing.lifecycle))
        """,
        line.cell,
    )
