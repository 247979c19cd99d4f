from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.misc import format_amount

from ..engine.outlook import TRIED_METHODS, Advice


class CustomerStandingOutlook(models.Model):
    """What lies ahead of a customer: the tier below, and what it takes to rise or to stay."""

    _inherit = "customer.standing"

    downgrade_tier_id = fields.Many2one(
        "customer.tier",
        "Goes down to",
        compute="_compute_downgrade_tier_id",
        help="The tier on the day of the downgrade, unless the score recovers.",
    )
    needed_for_next = fields.Char(
        "Takes",
        compute="_compute_needed",
        help="What would earn the next better tier, if the customer ordered it today and nothing "
        "else changed: one order as large as his mean one (else as the mean one of all "
        "customers), more of them, or one larger order, whichever is least.",
    )
    needed_to_stay = fields.Char(
        "To stay",
        compute="_compute_needed",
        help="What would end the grace, told in the same way, and the last day for it.",
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

    @api.depends("tier_id.policy_id.one_step_downgrade", "candidate_tier_id", "downgrade_on")
    def _compute_downgrade_tier_id(self):
        for standing in self:
            held = standing.tier_id
            if not standing.downgrade_on:
                standing.downgrade_tier_id = False
            elif held.policy_id.one_step_downgrade:
                standing.downgrade_tier_id = held._get_neighbours()[1]
            else:
                standing.downgrade_tier_id = standing.candidate_tier_id

    @api.depends("components", "candidate_tier_id", "downgrade_on", "override_id")
    @api.depends_context("lang")
    def _compute_needed(self):
        for standing in self:
            advice = standing._start_advice()
            standing.needed_for_next = advice and standing._describe_way(
                advice.least_for(standing.next_tier_id.id)
            )
            standing.needed_to_stay = (
                advice and standing.downgrade_on and standing._describe_stay(advice)
            )

    def _start_advice(self):
        """Return what tells the least that a customer has to buy; False where nothing does.

        Nothing is told while an override decides, nor where the figures of the last run do not say
        how the next one will judge, because the rules changed or the shares of customers decide.
        """
        standing = self.sudo()
        if not (standing.tier_id and standing.candidate_tier_id) or standing.override_id:
            return False
        policy = self.env["customer.tier.policy"].sudo()
        policy = policy.search([("company_id", "=", standing.company_id.id)], limit=1)
        last = self.env["customer.tier.evaluation"].sudo()._get_last(standing.company_id)
        if (
            policy.method not in TRIED_METHODS
            or last.policy_id != policy
            or last.criteria != policy._prepare_explanations()
        ):
            return False
        self.env.flush_all()
        figures = [part["figure"] for part in standing.components]
        return Advice(
            self.env.cr,
            policy._prepare_scope(last.as_of),
            policy._prepare_rules(),
            policy._prepare_facts(last.as_of),
            standing.partner_id.id,
            figures or [None] * len(policy.criterion_ids),
        )

    def _describe_stay(self, advice):
        way = advice.least_for(self.tier_id.id)
        what = self._describe_way(way)
        if not what:
            return False
        # The run of the day itself comes before that day's orders.
        today = self.company_id.sudo()._tiering_now().date()
        last_day = max(self.downgrade_on - timedelta(days=1), today)
        words = {"what": what, "day": format_date(self.env, last_day), "tier": self.tier_id.name}
        if way.count > 1:
            return self.env._("%(what)s by %(day)s keep %(tier)s", **words)
        return self.env._("%(what)s by %(day)s keeps %(tier)s", **words)

    def _describe_way(self, way):
        """Return the least purchase in words, such as "2 more orders"; False without one."""
        if not way:
            return False
        if way.is_larger:
            amount = way.amount * self.currency_id.rounding
            shown = format_amount(self.env, amount, self.currency_id, trailing_zeroes=False)
            return self.env._("%s more revenue", shown)
        if way.count == 1:
            return self.env._("One order")
        return self.env._("%s more orders", way.count)

    def action_evaluate(self):
        """Judge this customer anew by today's documents."""
        self.ensure_one()
        self.env["customer.tier.policy"]._get_active(self.company_id)._evaluate_customer(
            self.partner_id
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_override(self):
        """Open the dialog in which an override of this customer is made, or asked for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_tier_override_wizard_action"
        )
        return action | {
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "default_company_id": self.company_id.id,
                "default_tier_id": self.tier_id.id,
            },
        }

    def action_remove_override(self):
        """Remove the override by which the customer holds the tier."""
        self.ensure_one()
        if not self.override_id:
            raise UserError(self.env._("%s is not overridden.", self.partner_id.display_name))
        self.override_id.action_remove()
