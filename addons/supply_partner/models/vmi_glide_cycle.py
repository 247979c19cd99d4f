from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day

from ..engine import GlideDecision, least_units


class VmiGlideCycle(models.Model):
    """A cycle of a glide path that has ended: what was seen, what was decided, and why."""

    _name = "vmi.glide.cycle"
    _description = "Cycle of a Glide Path"
    _order = "date_end desc, id desc"
    _rec_name = "date_end"

    agreement_id = fields.Many2one(
        "vmi.agreement", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="agreement_id.company_id", store=True, precompute=True)
    date_start = fields.Date("From", required=True, readonly=True)
    date_end = fields.Date("To", required=True, readonly=True)
    step = fields.Integer(readonly=True, help="Steps below the starting maximum in the cycle.")
    share = fields.Float(
        "Maximum",
        readonly=True,
        aggregator=None,
        help="In the cycle, as a share of the starting maximum.",
    )
    next_step = fields.Integer(readonly=True)
    target = fields.Float(readonly=True, aggregator=None)
    unit_count = fields.Integer(
        "Days with Demand", readonly=True, help="Products times days on which they were wanted."
    )
    good_count = fields.Integer(
        "Served in Full", readonly=True, help="Of these, the days on which all was served."
    )
    wanted_qty = fields.Float("Wanted", digits="Product Unit", readonly=True, aggregator=None)
    served_qty = fields.Float(
        "Served on the Day", digits="Product Unit", readonly=True, aggregator=None
    )
    fill_rate = fields.Float(readonly=True, aggregator="avg")
    chance = fields.Float(
        readonly=True,
        aggregator=None,
        help="The chance that no more days are served in full although the target is kept.",
    )
    action = fields.Selection(
        [("step", "Lower"), ("hold", "Hold"), ("back", "Step Back"), ("halt", "Halt")],
        "Decision",
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        [
            ("kept", "The target was kept"),
            ("floor", "The target was kept, and the floor is reached"),
            ("pause", "The target was kept; two cycles are waited for after a step back"),
            ("failed", "The target was kept; one step lower it was missed before"),
            ("chance", "The target was missed by so little that it may be chance"),
            ("few", "Too little was wanted to judge"),
            ("low", "The starting maximum is too low"),
            ("missed", "The target was missed"),
            ("second", "The target was missed a second time in a row"),
            ("alarm", "The target was missed by far"),
        ],
        required=True,
        readonly=True,
    )
    description = fields.Char("Why", compute="_compute_description")

    @api.depends_context("lang")
    @api.depends("reason", "fill_rate", "unit_count", "good_count", "target", "next_step", "step")
    def _compute_description(self):
        for cycle in self:
            cycle.description = cycle._describe()

    def _get_decision(self):
        """Return the :class:`~..engine.glide_path.GlideDecision` that ended it."""
        self.ensure_one()
        return GlideDecision(self.action, self.next_step, self.reason, self.chance)

    def _describe(self):
        """Return in a sentence what was seen and what follows."""
        self.ensure_one()
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        seen = self.env._("nothing was wanted")
        if self.unit_count:
            seen = self.env._(
                "%(rate)s %% of what was wanted was served, target %(target)s %%; all of it on "
                "%(good)s of %(units)s days with demand",
                rate=self._format_percent(self.fill_rate),
                target=self._format_percent(self.target),
                good=self.good_count,
                units=self.unit_count,
            )
        text = self.env._("%(reason)s: %(seen)s.", reason=reasons[self.reason], seen=seen)
        if self.reason == "few":
            text += " " + self.env._("At least %s days are needed.", least_units(self.target))
        return text

    def _describe_decision(self):
        """Return in a sentence what holds from now on, for the agreement's history."""
        self.ensure_one()
        share = self._format_percent(self.agreement_id.glide_share)
        return {
            "step": self.env._("The maximum is lowered to %s %% of the starting maximum.", share),
            "hold": self.env._("The maximum stays at %s %% of the starting maximum.", share),
            "back": self.env._("The maximum is raised to %s %% of the starting maximum.", share),
            "halt": self.env._("The starting maximum holds again."),
        }[self.action]

    def _format_percent(self, share):
        return f"{100 * share:.1f}".removesuffix(".0")

    @api.depends("date_start", "date_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for cycle in self:
            cycle.display_name = self.env._(
                "%(start)s to %(end)s",
                start=format_full_day(self.env, cycle.date_start),
                end=format_full_day(self.env, cycle.date_end),
            )
