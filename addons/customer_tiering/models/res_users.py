from odoo import fields, models

TIERING_PREFERENCES = ["tells_upgrades", "tells_downgrades"]


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

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802
        return super().SELF_READABLE_FIELDS + TIERING_PREFERENCES

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802
        return super().SELF_WRITEABLE_FIELDS + TIERING_PREFERENCES
