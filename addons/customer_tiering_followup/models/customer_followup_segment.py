from odoo import fields, models


class CustomerFollowupSegment(models.Model):
    """A customer who is or was in a segment with an activity plan, and how often it was applied."""

    _name = "customer.followup.segment"
    _description = "Customer in a Segment"
    _log_access = False

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    line_id = fields.Many2one(
        "customer.tier.segment.plan", required=True, ondelete="cascade", index=True
    )
    is_inside = fields.Boolean()
    stays = fields.Integer(
        help="How often the plan was applied; 0 for customers who were in the segment before."
    )
    date_applied = fields.Date()

    # A constraint and not just an index: merging partners looks at constraints only.
    _partner_line_unique = models.Constraint(
        "UNIQUE (partner_id, line_id)", "The customer is in this segment already."
    )
