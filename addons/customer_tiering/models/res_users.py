from odoo import fields, models

TIERING_PREFERENCES = ["tells_promotions", "tells_demotions"]


class ResUsers(models.Model):
    _inherit = "res.users"

    tells_promotions = fields.Boolean(
        "Promotions of My Customers",
        help="You are notified when a customer whose salesperson you are moves to a better tier.",
    )
    tells_demotions = fields.Boolean(
        "Demotions of My Customers",
        help="You are notified when a customer whose salesperson you are moves to a lower tier or "
        "leaves the ladder.",
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

    def action_archive(self):
        """Let what leavers have open of follow-ups and occasions be planned for somebody else.

        Odoo deletes their activities, which by itself would only begin each wait anew.
        """
        cares = self.env["customer.care"].sudo()
        cares.search(
            [
                ("state", "=", "planned"),
                ("kind", "!=", "plan"),
                ("activity_id.user_id", "in", self.ids),
            ]
        )._forget()
        return super().action_archive()
