from markupsafe import Markup

from odoo import fields, models
from odoo.tools.misc import formatLang


class CustomerTierRunWizard(models.TransientModel):
    """Ask before tiers are recalculated or a policy is published, with what will happen."""

    _name = "customer.tier.run.wizard"
    _description = "Recalculate Tiers"

    policy_id = fields.Many2one(
        "customer.tier.policy", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="cascade")
    preview_id = fields.Many2one(
        "customer.tier.evaluation",
        readonly=True,
        ondelete="cascade",
        help="The preview whose rules are to be published.",
    )
    description = fields.Html(readonly=True)
    recalculates = fields.Boolean(
        "Recalculate Tiers Now",
        default=True,
        help="Otherwise the next tier run goes by the published rules.",
    )

    def _ask(self, policy, partner=None, preview=None):
        """Return the action that opens the dialog.

        :param partner: the one customer to recalculate; all by default
        :param preview: the preview to publish
        """
        policy.check_access("write")
        partner = partner or self.env["res.partner"]
        preview = preview or self.env["customer.tier.evaluation"]
        wizard = self.sudo().create(
            {
                "policy_id": policy.id,
                "partner_id": partner.id,
                "preview_id": preview.id,
                "description": self._describe_publishing(preview)
                if preview
                else self._describe_run(policy, partner),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Publish") if preview else self.env._("Recalculate Tiers"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """Do what was asked."""
        self.ensure_one()
        if self.preview_id:
            return self.preview_id.action_publish(self.recalculates)
        if not self.partner_id:
            action = self.policy_id.action_evaluate()
        else:
            evaluation = self.policy_id._evaluate_customer(self.partner_id)
            action = {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": evaluation._describe_moves(),
                },
            }
        following = action["params"].get("next") or {}
        if following.get("type") != "ir.actions.act_window":
            # Nothing else is opened: the page behind the dialog is read anew.
            following = {"type": "ir.actions.act_window_close"}
        return action | {"params": action["params"] | {"next": following}}

    def _describe_run(self, policy, partner):
        found = policy._forecast_run(partner)
        if partner:
            what = self.env._(
                "%s is scored again by today's documents. The other customers wait for the next "
                "tier run.",
                partner.display_name,
            )
        else:
            what = self.env._(
                "All customers of %s are scored again by today's documents and placed in tiers.",
                policy.company_id.name,
            )
        return self._paragraph(what) + self._list(
            self._describe_last_run(policy) if found is None else self._sentences(found)
        )

    def _describe_publishing(self, preview):
        draft = preview.policy_id
        running = draft.draft_of_id
        text = self._paragraph(
            self.env._("These rules take the place of those of policy %s.", running.name)
            if running
            else self.env._("Policy %s becomes the company's active policy.", draft.name)
        )
        if running:
            changes = draft._describe_draft()
            text += self._list(
                [
                    f"{what}: {', '.join(texts)}" if what else ", ".join(texts)
                    for what, texts in changes
                ]
                or [self.env._("The draft changes nothing.")]
            )
        text += self._paragraph(self.env._("At the next tier run:"))
        return text + self._list(self._sentences(preview.forecast))

    def _sentences(self, found):
        return self.env["customer.tier.evaluation"]._describe_forecast(found)

    def _describe_last_run(self, policy):
        """Return what is known without a calculation that takes long."""
        last = policy.last_evaluation_id
        due = self.env["customer.standing"].search_count(
            [("company_id", "=", policy.company_id.id), ("downgrade_on", "<=", policy._get_today())]
        )

        def number(count):
            return formatLang(self.env, count, digits=0)

        return [
            self.env._(
                "The last tier run took %(seconds)s seconds for %(customers)s customers; "
                "%(changed)s of them got another tier.",
                seconds=number(last.duration),
                customers=number(last.customer_count),
                changed=number(last.changed_count),
            ),
            self.env._("Downgrades that are due: %s.", number(due)),
        ]

    def _paragraph(self, text):
        return Markup("<p>%s</p>") % text

    def _list(self, texts):
        return Markup("<ul>%s</ul>") % Markup("").join(Markup("<li>%s</li>") % t for t in texts)
