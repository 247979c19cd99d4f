from odoo import models
from odoo.exceptions import AccessError

from ..models.vmi_vendor_access import KEYS_GROUP


class ResUsersApikeysDescription(models.TransientModel):
    _inherit = "res.users.apikeys.description"

    def check_access_make_key(self):
        """Let the users of the vendor portal have keys, whatever other portal users may."""
        try:
            return super().check_access_make_key()
        except AccessError:
            if self.env.user._is_portal() and self.env.user.has_group(KEYS_GROUP):
                return None
            raise
