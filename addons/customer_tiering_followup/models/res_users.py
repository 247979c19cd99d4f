from odoo import fields, models

# On these it depends whether a user can look after customers.
DECIDE_WHO_IS_ABLE = {"active", "company_ids", "group_ids"}


class ResUsers(models.Model):
    _inherit = "res.users"

    follow_ups_per_day = fields.Integer(
        "Follow-ups per Day",
        help="No more follow-ups and activity plans are planned on a day on which the user has so "
        "many open activities of them. 0: no limit.",
    )

    _follow_ups_not_negative = models.Constraint(
        "CHECK (follow_ups_per_day >= 0)",
        "Follow-ups per Day must not be negative. 0: no limit.",
    )

    def write(self, vals):
        """Give open follow-ups of users who left, or lost a company, to their substitutes."""
        result = super().write(vals)
        if DECIDE_WHO_IS_ABLE & vals.keys():
            self.env["customer.followup"]._hand_over_at_once(user_ids=self.ids)
        return result

    def action_archive(self):
        """Archive first: Odoo deletes the activities of archived users, substituted or not."""
        self.filtered("active").active = False
        return super().action_archive()

    def unlink(self):
        """Have follow-ups of deleted users planned for their substitutes."""
        followups = self.env["customer.followup"].sudo()
        # The database deletes the activities with the users; what was planned in the same
        # transaction would still name them.
        followups.search([("activity_id.user_id", "in", self.ids)]).activity_id = False
        result = super().unlink()
        followups._plan_soon()
        return result
