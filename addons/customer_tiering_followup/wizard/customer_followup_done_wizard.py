from odoo import fields, models
from odoo.exceptions import UserError


class CustomerFollowupDoneWizard(models.TransientModel):
    """Asks how follow-ups went, and marks their activities done."""

    _name = "customer.followup.done.wizard"
    _description = "Mark Follow-ups Done"

    followup_ids = fields.Many2many("customer.followup", string="Follow-ups")
    result = fields.Text(help="Kept in the messages of the contact.")

    def action_done(self):
        """Mark the follow-ups done.

        :raise UserError: when one of them is not planned, or was done meanwhile
        """
        self.ensure_one()
        followups = self.followup_ids
        followups._check_planned()
        count = len(followups)
        # As the user, who must be allowed to finish the activity.
        followups.activity_id.action_feedback(feedback=self.result or False)
        if followups.filtered(lambda followup: followup.state == "planned"):
            raise UserError(self.env._("The activity could not be marked done. Open the contact."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("1 follow-up done")
                if count == 1
                else self.env._("%s follow-ups done", count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
