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

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802
        return super().SELF_READABLE_FIELDS + TIERING_PREFERENCES

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802
        return super().SELF_WRITEABLE_FIELDS + TIERING_PREFERENCES
