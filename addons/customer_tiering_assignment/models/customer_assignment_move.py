from odoo import fields, models
from odoo.exceptions import UserError


class CustomerAssignmentMove(models.Model):
    """A customer who gets another account manager. Once applied, a line of the history."""

    _name = "customer.assignment.move"
    _description = "Change of a Customer's Account Manager"
    _order = "assignment_id desc, id"
    _rec_name = "partner_id"

    assignment_id = fields.Many2one(
        "customer.assignment", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade", index=True
    )
    tier_id = fields.Many2one(
        "customer.tier", compute="_compute_tier", help="The tier that the customer holds now."
    )
    tier_color = fields.Integer(compute="_compute_tier")
    old_user_id = fields.Many2one("res.users", "From", readonly=True, ondelete="set null")
    new_user_id = fields.Many2one(
        "res.users", "To", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Char(readonly=True)
    is_chosen = fields.Boolean("Apply", default=True)
    outcome = fields.Selection(
        [
            ("applied", "Applied"),
            ("changed", "Changed meanwhile"),
            ("passed", "Not chosen"),
        ],
        readonly=True,
    )
    applied_on = fields.Datetime(readonly=True)
    applied_by_id = fields.Many2one("res.users", "Applied by", readonly=True)

    def _compute_tier(self):
        held = self.env["customer.standing"]._get_held_tiers(self.partner_id, self.company_id)
        for move in self:
            tier = held.get((move.partner_id, move.company_id), self.env["customer.tier"])
            move.tier_id, move.tier_color = tier, tier.color

    def write(self, vals):
        if not self.env.su and (set(vals) - {"is_chosen"} or any(self.mapped("outcome"))):
            raise UserError(
                self.env._(
                    "Of a proposed move only Apply can be changed, and nothing once it is applied: "
                    "it is the history of who looked after whom."
                )
            )
        return super().write(vals)

    def _apply(self):
        """Give the customers their new account managers, and note what became of each move."""
        in_place = self.filtered(
            lambda move: move.partner_id.user_id == move.old_user_id and move.new_user_id.active
        )
        for user, moves in in_place.grouped("new_user_id").items():
            moves.partner_id.user_id = user
        done = {"applied_on": fields.Datetime.now(), "applied_by_id": self.env.uid}
        # Only an outcome is noted, which managers may not write themselves.
        in_place.sudo().write({"outcome": "applied", **done})
        (self - in_place).sudo().write({"outcome": "changed"})
        (self.assignment_id.move_ids - self).sudo().write({"outcome": "passed"})
