from odoo import fields, models


class CustomerTierSegmentPlan(models.Model):
    """The activity plan of those who come into a cell: of the portfolio or another view."""

    _name = "customer.tier.segment.plan"
    _description = "Activity Plan of a Cell"
    _order = "policy_id, cell"
    _rec_name = "cell"

    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    cell = fields.Selection(
        [
            ("invest", "Portfolio: Invest"),
            ("cultivate", "Portfolio: Cultivate"),
            ("restructure", "Portfolio: Restructure"),
            ("abandon", "Portfolio: Abandon"),
            ("mvc", "Value: Most valuable"),
            ("stc", "Value: Second tier"),
            ("bz", "Value: Below zero"),
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
        help="Its activities are planned for each customer who comes into the cell.",
    )
    for_present = fields.Boolean(
        "Also Who Is in It Now",
        # A copy of the policy must not give everybody the plan again.
        copy=False,
        help="Off: those who are in the cell already when the line is added get nothing; only "
        "those who come into it later do. On: they get the plan, too.",
    )
    rest_days = fields.Integer(
        "Not Again for (days)",
        default=180,
        help="Whoever leaves the cell and comes back within so many days of the plan's start "
        "does not get it again.",
    )
    is_started = fields.Boolean(
        readonly=True, copy=False, help="Whether those who were in the cell at first are known."
    )

    _cell_unique = models.Constraint(
        "UNIQUE (policy_id, cell)",
        "This policy has an activity plan for the same cell already: change that one.",
    )
    _rest_not_negative = models.Constraint(
        "CHECK (rest_days BETWEEN 0 AND 3650)", "Not Again for (days) must be 0 to 3,650 days."
    )
