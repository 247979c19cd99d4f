from odoo import fields, models


class CustomerTierSegmentPlan(models.Model):
    """The activity plan for customers who enter a segment: of portfolio, value or lifecycle."""

    _name = "customer.tier.segment.plan"
    _inherit = ["customer.tier.rules"]
    _description = "Segment Plan"
    _order = "policy_id, segment"
    _rec_name = "segment"

    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    segment = fields.Selection(
        [
            ("invest", "Portfolio: Invest"),
            ("cultivate", "Portfolio: Cultivate"),
            ("restructure", "Portfolio: Restructure"),
            ("abandon", "Portfolio: Low priority"),
            ("mvc", "Value: Most valuable"),
            ("stc", "Value: Growable"),
            ("bz", "Value: Unprofitable"),
            ("prospect", "Lifecycle: Prospect"),
            ("lapsing", "Lifecycle: Lapsing"),
            ("lost", "Lifecycle: Lost"),
        ],
        required=True,
    )
    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Activity Plan",
        required=True,
        ondelete="cascade",
        domain="[('res_model', '=', 'res.partner'), ('company_id', 'in', (company_id, False))]",
        help="Activities for each customer who enters the segment.",
    )
    include_current = fields.Boolean(
        "Include Current Members",
        # A copy of the policy must not apply the plan to everybody again.
        copy=False,
        help="Apply the plan also to customers who are in the segment when this line is added.",
    )
    cooldown_days = fields.Integer(
        "Cooldown (days)",
        default=180,
        help="A customer who leaves the segment and enters it again within so many days of the "
        "plan's start does not get it again.",
    )
    is_started = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whether the customers who were in the segment when the line was added are noted.",
    )

    _segment_unique = models.Constraint(
        "UNIQUE (policy_id, segment)",
        "This policy already has an activity plan for the same segment: change that one.",
    )
    _cooldown_range = models.Constraint(
        "CHECK (cooldown_days BETWEEN 0 AND 3650)", "Cooldown must be between 0 and 3,650 days."
    )
