from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerReassignment(models.Model):
    """A customer's new account manager: proposed, then applied and kept as history."""

    _name = "customer.reassignment"
    _description = "Reassignment of a Customer"
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
        "customer.tier", compute="_compute_tier", help="The present tier of the customer."
    )
    old_user_id = fields.Many2one("res.users", "From", readonly=True, ondelete="set null")
    new_user_id = fields.Many2one(
        "res.users", "To", required=True, readonly=True, ondelete="cascade"
    )
    reason = fields.Text(readonly=True)
    is_selected = fields.Boolean("Apply", default=True)
    outcome = fields.Selection(
        [
            ("applied", "Applied"),
            ("changed", "Changed meanwhile"),
            ("passed", "Not selected"),
        ],
        readonly=True,
    )
    applied_on = fields.Datetime(readonly=True)
    applied_by_id = fields.Many2one("res.users", "Applied by", readonly=True)

    def _compute_tier(self):
        held = self.env["customer.standing"]._get_held_tiers(self.partner_id, self.company_id)
        for line in self:
            tier = held.get((line.partner_id, line.company_id), self.env["customer.tier"])
            line.tier_id = tier

    def write(self, vals):
        if not self.env.su and (set(vals) - {"is_selected"} or any(self.mapped("outcome"))):
            raise UserError(
                self.env._(
                    "Only Apply can be changed on a proposed reassignment, and nothing on an "
                    "applied one: it is the history."
                )
            )
        return super().write(vals)

    @api.readonly
    def action_open_customer(self):
        """Open the customer's page."""
        self.ensure_one()
        return self.env["customer.standing"]._open_customer(self.partner_id, self.company_id)

    def _apply(self):
        """Give the customers their new account managers, and record each line's outcome.

        Lines whose customer changed hands meanwhile, or whose new account manager is archived,
        are not applied.
        """
        unchanged = self.filtered(
            lambda line: line.partner_id.user_id == line.old_user_id and line.new_user_id.active
        )
        for user, lines in unchanged.grouped("new_user_id").items():
            lines.partner_id.user_id = user
        done = {"applied_on": fields.Datetime.now(), "applied_by_id": self.env.uid}
        # Managers may not write the outcome themselves.
        unchanged.sudo().write({"outcome": "applied", **done})
        (self - unchanged).sudo().write({"outcome": "changed"})
        (self.assignment_id.reassignment_ids - self).sudo().write({"outcome": "passed"})
