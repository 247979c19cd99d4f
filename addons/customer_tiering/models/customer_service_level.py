from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerServiceLevel(models.Model):
    """Service targets for the customers of a tier: response, resolution, delivery.

    Every target is 0 by default, which means none.
    """

    _name = "customer.service.level"
    _description = "Service Level"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index=True,
        help="Only tiers of this company can use the service level. Empty: tiers of all companies.",
    )
    response_hours = fields.Float(
        "First Response",
        help="Working hours within which a request is answered. 0: no target.",
    )
    resolution_hours = fields.Float(
        "Resolution", help="Working hours within which a request is solved. 0: no target."
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Working hours and days off for the response and resolution times. Empty: those of "
        "the company.",
    )
    delivery_priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent")],
        required=True,
        default="0",
        help="Urgent deliveries reserve stock before those with normal priority that are due for "
        "reservation on the same day.",
    )
    tier_ids = fields.One2many("customer.tier", "service_level_id", "All Tiers", readonly=True)
    current_tier_ids = fields.Many2many(
        "customer.tier",
        string="Tiers",
        compute="_compute_current_tier_ids",
        help="The tiers of active policies that have this service level.",
    )
    description = fields.Text(translate=True, help="The service level in words for customers.")

    _hours_range = models.Constraint(
        "CHECK (response_hours BETWEEN 0 AND 10000 AND resolution_hours BETWEEN 0 AND 10000)",
        "First Response and Resolution must be between 0 and 10,000 hours.",
    )

    @api.depends("tier_ids.policy_id.active")
    def _compute_current_tier_ids(self):
        for level in self:
            level.current_tier_ids = level.tier_ids.filtered("policy_id.active")

    def _get_deadline(self, hours, start, company):
        """Return the moment at which a number of working hours is over.

        Hours and days off are those of the level's calendar, else of the company's. Days off
        without a calendar are the company's own. Where there is no calendar, or none of its
        hours comes within years, the clock never stops.

        :param hours: working hours, not negative
        :param start: moment at which they begin (UTC, no zone)
        :param company: the company that promised
        :return: a moment (UTC, no zone)
        """
        calendar = (self.resource_calendar_id or company.resource_calendar_id).sudo()
        start = start.replace(microsecond=0)
        deadline = calendar and calendar.plan_hours(
            hours,
            start,
            compute_leaves=True,
            domain=[
                ("time_type", "=", "leave"),
                "|",
                ("calendar_id", "=", calendar.id),
                ("company_id", "in", [False, *company.parent_ids.ids]),
            ],
        )
        return (deadline or start + timedelta(hours=hours)).replace(microsecond=0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_promised(self):
        if tier := self.sudo().with_context(active_test=False).tier_ids[:1]:
            raise UserError(
                self.env._(
                    "Tier %(tier)s uses the service level %(level)s: select another Service Level "
                    "on the tier, or archive the service level instead of deleting it.",
                    tier=tier.name,
                    level=tier.service_level_id.name,
                )
            )
