from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def write(self, vals):
        """Mark follow-ups as done whose activity is done, which archives it."""
        is_closed = "active" in vals and not vals["active"]
        closed = self.filtered("active").ids if is_closed else []
        result = super().write(vals)
        if closed:
            self.env["customer.followup"].sudo()._mark_done(closed)
        return result

    def unlink(self):
        """Mark follow-ups as cancelled whose activity is deleted."""
        followups = self.env["customer.followup"].sudo()
        followups = followups.search([("activity_id", "in", self.ids), ("state", "=", "planned")])
        result = super().unlink()
        followups._cancel()
        return result
