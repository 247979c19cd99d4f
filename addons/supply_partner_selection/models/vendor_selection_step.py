from odoo import fields, models

# From the need to the agreement, in the order in which a partner is looked for.
STEPS = ("need", "goals", "criteria", "team", "invitation", "judgement", "choice", "agreement")


class VendorSelectionStep(models.Model):
    """A step on the way to a partner: who took it when, and what is to be remembered."""

    _name = "vendor.selection.step"
    _description = "Step of a Vendor Selection"
    _order = "selection_id, sequence, id"

    selection_id = fields.Many2one(
        "vendor.selection", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="selection_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Selection(
        [
            ("need", "Need"),
            ("goals", "Goals"),
            ("criteria", "Criteria"),
            ("team", "Team"),
            ("invitation", "Invitation"),
            ("judgement", "Judgement"),
            ("choice", "Choice"),
            ("agreement", "Agreement"),
        ],
        "Step",
        required=True,
        readonly=True,
    )
    note = fields.Char(help="What was found or decided at this step.")
    done_on = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "Done By", readonly=True)

    _one_of_a_kind = models.Constraint(
        "UNIQUE (selection_id, code)", "A selection has each step once."
    )

    def action_done(self):
        """Note that the step is taken, by the user and today, unless it was before."""
        self.check_access("write")
        self.selection_id._check_open()
        self._take()

    def action_reopen(self):
        """Note that the step is not taken yet."""
        self.check_access("write")
        self.selection_id._check_open()
        self.sudo().write({"done_on": False, "user_id": False})

    def _take(self):
        for step in self.filtered(lambda step: not step.done_on):
            step.sudo().write({"done_on": fields.Date.context_today(step), "user_id": self.env.uid})
