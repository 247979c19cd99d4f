from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def write(self, vals):
        """Note what was planned for customers as done: an activity is archived then."""
        is_closed = "active" in vals and not vals["active"]
        closed = self.filtered("active").ids if is_closed else []
        result = super().write(vals)
        if closed:
            self.env["customer.followup"].sudo()._note_done(closed)
        return result

    def unlink(self):
        """Note what was planned for customers as cancelled."""
        cares = self.env["customer.followup"].sudo()
        cares = cares.search([("activity_id", "in", self.ids), ("state", "=", "planned")])
        result = super().unlink()
        cares._cancel()
        return result
