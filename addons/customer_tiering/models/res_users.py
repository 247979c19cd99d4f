from odoo import fields, models

TIERING_PREFERENCES = ["tells_upgrades", "tells_downgrades"]
# On these it depends whether a user can look after customers.
DECIDE_WHO_IS_ABLE = {"active", "company_ids", "group_ids"}


class ResUsers(models.Model):
    _inherit = "res.users"

    tells_upgrades = fields.Boolean(
        "Upgrades of My Customers",
        help="Notify me when one of my customers is upgraded.",
    )
    tells_downgrades = fields.Boolean(
        "Downgrades of My Customers",
        help="Notify me when one of my customers is downgraded or no longer tiered.",
    )
    customer_capacity = fields.Integer(
        "Customers at Most",
        help="How many customers in a tier the user can look after. Account managers are proposed "
        "within it. 0 means that it is not limited.",
    )
    follow_ups_per_day = fields.Integer(
        "Follow-ups a Day",
        help="How many activities of customer care may be open for the user on one day before "
        "no further follow-up is planned on it; account managers are proposed within it too. "
        "0 means that it is not limited.",
    )

    _capacity_not_negative = models.Constraint(
        "CHECK (customer_capacity >= 0 AND follow_ups_per_day >= 0)",
        "Customers at Most and Follow-ups a Day must not be negative: 0 sets no limit.",
    )

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802
        return super().SELF_READABLE_FIELDS + TIERING_PREFERENCES

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802
        return super().SELF_WRITEABLE_FIELDS + TIERING_PREFERENCES

    def write(self, vals):
        """What leavers have open of follow-ups and plans goes to whoever takes their place."""
        result = super().write(vals)
        if DECIDE_WHO_IS_ABLE & vals.keys():
            self.env["customer.followup"]._hand_over_at_once(user_ids=self.ids)
        return result

    def action_archive(self):
        """Archive first: Odoo deletes leavers' activities, also those that others can do."""
        self.filtered("active").active = False
        return super().action_archive()

    def unlink(self):
        """Have what went with the users planned for somebody else."""
        cares = self.env["customer.followup"].sudo()
        # The database deletes the activities with the users; what was planned in the same
        # transaction would still name them.
        cares.search([("activity_id.user_id", "in", self.ids)]).activity_id = False
        result = super().unlink()
        cares._plan_soon()
        return result
