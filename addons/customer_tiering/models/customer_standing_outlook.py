import math

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.misc import format_amount, formatLang

from ..metrics.registry import METRICS


class CustomerStandingOutlook(models.Model):
    """What lies ahead of a customer: the tier below, and what it takes to rise or to stay."""

    _inherit = "customer.standing"

    demotion_tier_id = fields.Many2one(
        "customer.tier",
        "Goes down to",
        compute="_compute_demotion_tier_id",
        help="The tier on the day of the demotion, unless the score recovers.",
    )
    needed_for_next = fields.Char(
        "Takes",
        compute="_compute_needed",
        help="What would earn the next better tier, by the criterion where the figure has to rise "
        "least in proportion; all else being equal.",
    )
    needed_to_stay = fields.Char(
        "To stay",
        compute="_compute_needed",
        help="What would end the grace, by the criterion where the figure has to rise least in "
        "proportion; all else being equal.",
    )

    reached_by = fields.Char(
        compute="_compute_reached_by", help="The move by which the customer came into the tier."
    )

    @api.depends("tier_id", "tier_since")
    @api.depends_context("lang")
    def _compute_reached_by(self):
        changes = self.env["customer.standing.change"]
        reasons = dict(changes._fields["reason"]._description_selection(self.env))
        for standing in self:
            move = changes.search(
                [
                    ("partner_id", "=", standing.partner_id.id),
                    ("company_id", "=", standing.company_id.id),
                ],
                limit=1,
            )
            if not standing.tier_id:
                standing.reached_by = False
            elif move.date != standing.tier_since:
                standing.reached_by = self.env._("First evaluation")
            elif move.old_tier_id:
                standing.reached_by = self.env._(
                    "%(reason)s from %(tier)s",
                    reason=reasons[move.reason],
                    tier=move.old_tier_id.name,
                )
            else:
                standing.reached_by = reasons[move.reason]

    @api.depends("tier_id.policy_id.one_step_demotion", "candidate_tier_id", "demotion_due")
    def _compute_demotion_tier_id(self):
        for standing in self:
            held = standing.tier_id
            if not standing.demotion_due:
                standing.demotion_tier_id = False
            elif held.policy_id.one_step_demotion:
                ladder = held.policy_id._get_ladder()
                standing.demotion_tier_id = next(
                    (tier for tier in ladder if tier.sequence > held.sequence), False
                )
            else:
                standing.demotion_tier_id = standing.candidate_tier_id

    @api.depends("components", "points_to_next", "demotion_due")
    @api.depends_context("lang")
    def _compute_needed(self):
        for standing in self:
            standing.needed_for_next = standing._describe_least(standing.points_to_next)
            standing.needed_to_stay = False
            by_score = standing.tier_id.policy_id.method == "score"
            if standing.demotion_due and by_score:
                what = standing._describe_least(standing.tier_id.min_score - standing.score)
                standing.needed_to_stay = what and self.env._(
                    "%(what)s by %(day)s",
                    what=what,
                    day=format_date(self.env, standing.demotion_due),
                )

    def _describe_least(self, missing_score):
        """Return the least that would add so much to the score, such as "2 more orders".

        :param missing_score: points of the total score
        :return: False where no single criterion can add as much
        """
        if not missing_score or missing_score < 0:
            return False
        parts = self.components or []
        applicable = sum(part["weight"] for part in parts if part["points"] is not None)
        ways = []
        for position, part in enumerate(parts, 1):
            metric = METRICS.get(part["metric"])
            if not metric or not metric.more or part["points"] is None or not part["weight"]:
                continue
            points = part["points"] + missing_score * applicable / part["weight"]
            figure = self._figure_for(part, position, points) if points <= 100 else None
            if figure is not None:
                rise = figure - part["figure"]
                ways.append((rise / part["figure"] if part["figure"] else math.inf, rise, metric))
        if not ways:
            return False
        _proportion, rise, metric = min(ways, key=lambda way: way[0])
        # Rounded up, and free of what floats add: 2.0000000001 orders are two.
        whole = math.ceil(round(rise, 6))
        shown = (
            format_amount(self.env, whole, self.currency_id, trailing_zeroes=False)
            if metric.unit == "money"
            else formatLang(self.env, whole, digits=0)
        )
        phrase = self.env._(metric.more)
        return phrase % shown

    def _figure_for(self, part, position, points):
        """Return the least figure that earns so many points; None where none does.

        :param part: the criterion, as the evaluation noted it
        :param position: its place among the criteria, from 1
        """
        if part["scale"] == "linear":
            return part["floor"] + points / 100 * (part["cap"] - part["floor"])
        if part["scale"] == "bands":
            reached = [threshold for threshold, earned in part["bands"] if earned >= points]
            return min(reached, default=None)
        rows = self.env.execute_query(
            SQL(
                "SELECT MIN(figures[%(place)s]) FROM customer_standing"
                " WHERE company_id = %(company)s AND points[%(place)s] >= %(points)s",
                place=position,
                company=self.company_id.id,
                points=points,
            )
        )
        return rows[0][0]

    def action_evaluate(self):
        """Judge this customer anew by today's documents."""
        self.ensure_one()
        self.env["customer.tier.policy"]._get_active(self.company_id)._evaluate_customer(
            self.partner_id
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_lock(self):
        """Open the dialog in which a lock of this customer is made, or asked for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_tier_lock_wizard_action"
        )
        return action | {
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "default_company_id": self.company_id.id,
                "default_tier_id": self.tier_id.id,
            },
        }

    def action_lift_lock(self):
        """Lift the lock by which the customer holds the tier."""
        self.ensure_one()
        if not self.lock_id:
            raise UserError(self.env._("%s is not locked.", self.partner_id.display_name))
        self.lock_id.action_lift()
