from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerTierEvaluation(models.Model):
    """A tier run, or a preview: when, by which criteria, how many customers, which changes."""

    _name = "customer.tier.evaluation"
    _description = "Tier Run"
    _order = "as_of desc, id desc"

    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    as_of = fields.Date(
        required=True, help="Documents up to this day, in the company's time zone, count."
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
            ("writing", "Writing scores"),
        ],
        help="How far a scheduled run has come, or where it ended.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Only Customer",
        # Without its customer it would pass for a run of all customers.
        ondelete="cascade",
        index="btree_not_null",
        help="Set when the tier of one customer alone was recalculated.",
    )
    criteria = fields.Json(
        help="The criteria as they stood: for each its metric, unit, dimension, weight and scale."
    )
    is_simulation = fields.Boolean(
        "Preview",
        help="Shows the tiers by score, before tolerance, grace period and overrides. No tier was "
        "changed.",
    )
    is_scheduled = fields.Boolean("Scheduled", help="Run by the scheduled action.")
    is_retried = fields.Boolean(
        "Retried",
        help="The run was interrupted, or another one was in progress: the scheduled action tries "
        "again on the same day.",
    )
    customer_count = fields.Integer("Customers", aggregator=None)
    changed_count = fields.Integer(
        "Changed", help="Customers whose tier is new, has changed or was removed."
    )
    standings_written = fields.Integer(help="Customer scores that were added or changed.")
    duration = fields.Float("Duration (s)", digits=(16, 2), aggregator="avg")
    message = fields.Text(help="What went wrong or was missing.")
    user_id = fields.Many2one("res.users", "Recalculated by", default=lambda self: self.env.user)
    migration_ids = fields.One2many("customer.tier.migration", "evaluation_id")
    preview_move_ids = fields.One2many("customer.tier.preview.move", "evaluation_id", "Previewed Changes")
    change_ids = fields.One2many("customer.standing.change", "evaluation_id", "Tier Changes")

    @api.depends("policy_id", "as_of")
    def _compute_display_name(self):
        for evaluation in self:
            evaluation.display_name = f"{evaluation.policy_id.name}, {evaluation.as_of or ''}"

    def _complete(self, outcome, seconds=0):
        """Note what a run or a preview found.

        :param outcome: as :func:`~..engine.apply.write_standings` returns it
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
        """Note why no tier was set."""
        self.write({"state": "skipped", "message": message})

    def _fail(self, error):
        """Note that the evaluation failed and why."""
        self.write({"state": "failed", "message": str(error)})

    @api.model
    def _get_last(self, company):
        """Return the run that made the company's current scores."""
        return self.search(
            self._domain_of_runs() & Domain("company_id", "=", company.id),
            order="id desc",
            limit=1,
        )

    @api.model
    def _domain_of_runs(self):
        """Return the domain of the runs of all customers."""
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
        """Open the customers whose tier would change."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_tier_preview_move_action"
        )
        return action | {"domain": [("evaluation_id", "=", self.id)], "context": {}}

    def action_publish(self):
        """Activate the previewed policy and recalculate the tiers by it."""
        self.ensure_one()
        if not self.is_simulation or self.state != "done":
            raise UserError(self.env._("Only a finished preview can be published."))
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
