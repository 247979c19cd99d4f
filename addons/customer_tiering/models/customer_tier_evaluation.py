from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerTierEvaluation(models.Model):
    _name = "customer.tier.evaluation"
    _description = "Customer Tier Evaluation"
    _order = "as_of desc, id desc"

    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    as_of = fields.Date(
        required=True, help="Documents after this day, in the company's time zone, were not read."
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("done", "Done"),
            ("skipped", "Not enough data"),
            ("failed", "Failed"),
        ],
        default="running",
        required=True,
    )
    step = fields.Selection(
        [
            ("reading", "Reading documents"),
            ("scoring", "Scoring"),
            ("ranking", "Ranking"),
            ("writing", "Writing standings"),
        ],
        help="How far a scheduled run has come, or where it ended.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Only Customer",
        # Without its customer it would pass for an evaluation of everybody.
        ondelete="cascade",
        index="btree_not_null",
        help="Where one customer alone was evaluated.",
    )
    criteria = fields.Json(
        help="The criteria as they stood: for each its metric, unit, dimension, weight and scale."
    )
    is_simulation = fields.Boolean(
        "Preview",
        help="Shows what the rules would give, without grace and overrides; nobody was moved.",
    )
    is_scheduled = fields.Boolean("Scheduled", help="Run by the scheduled action.")
    is_retried = fields.Boolean(
        "Tried Again",
        help="The run was interrupted, or refused while another one was under way: the scheduled "
        "action tries again on the same day.",
    )
    customer_count = fields.Integer("Customers", aggregator=None)
    changed_count = fields.Integer(
        "Changed", help="Customers who got a tier for the first time, moved or left."
    )
    standings_written = fields.Integer(
        help="Rows of standings that were added or altered; 0 when nothing was new."
    )
    duration = fields.Float("Duration (s)", digits=(16, 2), aggregator="avg")
    message = fields.Text(help="What went wrong or was missing.")
    user_id = fields.Many2one("res.users", "By", default=lambda self: self.env.user)
    migration_ids = fields.One2many("customer.tier.migration", "evaluation_id")
    preview_move_ids = fields.One2many("customer.tier.preview.move", "evaluation_id", "Who Moves")
    change_ids = fields.One2many("customer.standing.change", "evaluation_id", "Moves")

    @api.depends("policy_id", "as_of")
    def _compute_display_name(self):
        for evaluation in self:
            evaluation.display_name = f"{evaluation.policy_id.name}, {evaluation.as_of or ''}"

    def _complete(self, outcome, seconds=0):
        """Note what a run or a preview found.

        :param outcome: as :func:`~..engine.apply.apply_standings` returns it
        :param seconds: what was spent beside the computation
        """
        self.write(
            {
                "state": "done",
                "customer_count": outcome["customers"],
                "changed_count": outcome["changed"],
                "standings_written": outcome["standings_written"],
                "duration": self.duration + seconds,
                "migration_ids": [
                    fields.Command.create(
                        {
                            "old_tier_id": old_tier_id,
                            "new_tier_id": new_tier_id,
                            "customers": customers,
                            "revenue": revenue,
                        }
                    )
                    for old_tier_id, new_tier_id, customers, revenue in outcome["migrations"]
                ],
            }
        )

    def _skip(self, message):
        """Note why nobody was placed."""
        self.write({"state": "skipped", "message": message})

    def _fail(self, error):
        """Note that the evaluation failed and why."""
        self.write({"state": "failed", "message": str(error)})

    @api.model
    def _get_last(self, company):
        """Return the evaluation that made the company's present standings."""
        return self.search(
            self._domain_of_runs() & Domain("company_id", "=", company.id),
            order="id desc",
            limit=1,
        )

    @api.model
    def _domain_of_runs(self):
        """Return the domain of the evaluations by which everybody was judged."""
        return Domain(
            [("state", "=", "done"), ("is_simulation", "=", False), ("partner_id", "=", False)]
        )

    def action_view_changes(self):
        """Open the ledger rows of this evaluation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_standing_change_action"
        )
        return action | {"domain": [("evaluation_id", "=", self.id)], "context": {}}

    def action_view_preview_moves(self):
        """Open everybody who would move, to be grouped and exported."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_tier_preview_move_action"
        )
        return action | {"domain": [("evaluation_id", "=", self.id)], "context": {}}

    def action_publish(self):
        """Let the previewed policy rank from now on, and evaluate by it at once."""
        self.ensure_one()
        if not self.is_simulation or self.state != "done":
            raise UserError(self.env._("Only a preview that is done can be published."))
        policy = self.policy_id
        policy.check_access("write")
        if self.criteria != policy._prepare_explanations():
            raise UserError(
                self.env._(
                    "The criteria of policy %s changed after this preview: preview it again before "
                    "you publish it.",
                    policy.name,
                )
            )
        policy._take_over()
        return policy.action_evaluate()
