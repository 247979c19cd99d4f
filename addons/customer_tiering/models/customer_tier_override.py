from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

MANAGER_GROUP = "customer_tiering.group_tiering_manager"
# Not to be changed after the approval.
DECIDED_FIELDS = {"partner_id", "company_id", "tier_id", "date_end"}


class CustomerTierOverride(models.Model):
    """A tier that a manager sets for one customer, whatever the score, until its last day.

    Overrides have a table of their own, so that setting one and a run never wait for each other.
    """

    _name = "customer.tier.override"
    _description = "Tier Override"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("parent_id", "=", False)],
        help="Contacts are replaced by their company.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    tier_id = fields.Many2one(
        "customer.tier",
        ondelete="restrict",
        tracking=True,
        domain="[('company_id', '=', company_id), ('policy_id.active', '=', True)]",
        help="The customer's tier, whatever the score. Empty: the customer is excluded from "
        "tiering, for example one of your own companies.",
    )
    reason = fields.Char(required=True, tracking=True, help="Why the tier is overridden.")
    date_end = fields.Date(
        "Last Day",
        tracking=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(years=1),
        help="Last day of the override, inclusive. The next tier run follows the policy again. "
        "Only a customer who is excluded from tiering needs none.",
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("active", "Active"),
            ("refused", "Refused"),
            ("removed", "Removed"),
        ],
        default="requested",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users", "Requested by", default=lambda self: self.env.user, readonly=True, copy=False
    )
    approver_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    answer = fields.Char(
        copy=False, tracking=True, help="What the requester is told with the decision."
    )
    effect = fields.Char(compute="_compute_effect")
    can_approve = fields.Boolean(compute="_compute_can_approve")

    _end_of_tier = models.Constraint(
        "CHECK (tier_id IS NULL OR date_end IS NOT NULL)",
        "An override with a tier needs a Last Day.",
    )

    @api.depends("partner_id", "tier_id", "date_end")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for override in self:
            parts = {
                "customer": override.partner_id.display_name,
                "tier": override.tier_id.name,
                "day": format_full_day(self.env, override.date_end),
            }
            if override.tier_id:
                override.display_name = self.env._("%(customer)s: %(tier)s until %(day)s", **parts)
            else:
                override.display_name = self.env._("%(customer)s: excluded from tiering", **parts)

    @api.depends("partner_id", "tier_id", "date_end", "company_id")
    @api.depends_context("lang")
    def _compute_effect(self):
        for override in self:
            override.effect = self._describe_effect(
                override.partner_id, override.tier_id, override.date_end
            )

    @api.model
    def _describe_effect(self, partners, tier, date_end):
        """Return in words what an override of customers does, and until when.

        :param tier: the tier that they hold; none excludes them from tiering
        """
        if not partners:
            return False
        parts = {
            "customer": partners.display_name
            if len(partners) == 1
            else self.env._("%s customers", len(partners)),
            "tier": tier.name,
            "day": date_end and format_full_day(self.env, date_end),
        }
        if not tier and not date_end:
            return self.env._("%(customer)s: no tier until the override is removed.", **parts)
        if not tier:
            return self.env._(
                "%(customer)s: no tier up to and including %(day)s. The tier run after it follows "
                "the policy again.",
                **parts,
            )
        if not date_end:
            return False
        return self.env._(
            "%(customer)s: %(tier)s whatever the score, up to and including %(day)s. The tier run "
            "after it follows the policy again.",
            **parts,
        )

    def _describe_event(self):
        """Return the override as an event of the customer's timeline, on the day it was made."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        day = fields.Datetime.context_timestamp(self, self.create_date).date()
        words = {"reason": self.reason, "user": self.user_id.sudo().name}
        return self.env["customer.standing"]._prepare_event(
            day,
            "fa-gavel",
            self.env._(
                "Tier override (%(state)s): %(tier)s",
                state=states[self.state],
                tier=self.tier_id.name or self.env._("excluded from tiering"),
            ),
            self.env._("%(reason)s – %(user)s", **words),
            "info",
        )

    @api.depends("state", "user_id", "company_id")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        is_manager = self.env.user.has_group(MANAGER_GROUP)
        for override in self:
            # What is not saved yet is no request: saving it may activate it.
            override.can_approve = bool(
                override._origin
                and is_manager
                and override.state == "requested"
                and not override._needs_somebody_else()
            )

    @api.constrains("tier_id", "company_id")
    def _check_tier_company(self):
        for override in self:
            if override.tier_id and override.tier_id.company_id != override.company_id:
                raise ValidationError(
                    self.env._(
                        "Tier %(tier)s belongs to %(owner)s: choose a Tier of %(company)s.",
                        tier=override.tier_id.name,
                        owner=override.tier_id.company_id.name,
                        company=override.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        is_manager = self.env.su or self.env.user.has_group(MANAGER_GROUP)
        if not self.env.su and any(vals.get("answer") for vals in vals_list):
            raise AccessError(self.env._("A request is answered by whoever decides it."))
        overrides = super().create([self._prepare_vals(vals) for vals in vals_list])
        requested = overrides.filtered(lambda override: override.state == "requested")
        at_once = requested.filtered(
            lambda override: is_manager and not override._get_policy().approve_overrides
        )
        at_once.sudo()._activate()
        (requested - at_once)._ask_for_approval()
        return overrides

    def write(self, vals):
        if not self.env.su and DECIDED_FIELDS & vals.keys():
            for override in self:
                if override.state != "requested":
                    raise UserError(
                        self.env._(
                            "%s cannot be changed any more: remove the override and create a new "
                            "one.",
                            override.display_name,
                        )
                    )
        if not self.env.su and "answer" in vals:
            for override in self:
                if not override.can_approve:
                    raise override._cannot_decide_error()
        return super().write(self._prepare_vals(vals))

    def _prepare_vals(self, vals):
        """Return values for the customer's company and the root company."""
        self._check_guarded_shapes(vals)
        vals = dict(vals)
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id
        if vals.get("company_id"):
            company = self.env["res.company"].browse(vals["company_id"])
            vals["company_id"] = company.sudo().root_id.id
        return vals

    def action_approve(self):
        """Activate requested overrides."""
        for override in self:
            if not override.can_approve:
                raise override._cannot_decide_error()
        self.sudo().approver_id = self.env.user
        self.sudo()._activate()
        self._close_request(self.env._("Approved"))
        return self._answer_requesters()

    def action_refuse(self):
        """Refuse requested overrides."""
        for override in self:
            if not override.can_approve:
                raise override._cannot_decide_error()
        self.sudo().write({"state": "refused", "approver_id": self.env.uid})
        self._close_request(self.env._("Refused"))
        return self._answer_requesters()

    def action_remove(self):
        """Remove active overrides: the next tier run follows the policy again."""
        self.check_access("write")
        for override in self:
            if override.state != "active":
                raise UserError(
                    self.env._(
                        "Only an active override can be removed; %s is not active.",
                        override.display_name,
                    )
                )
        self.sudo().state = "removed"

    def _answer_requesters(self):
        """Tell each requester what was decided and answered, and the one who decided, too."""
        texts = []
        for override in self.sudo():
            parts = {"override": override.display_name, "answer": override.answer}
            if override.state == "refused":
                text = self.env._("Refused: %(override)s.", **parts)
            else:
                text = self.env._("Approved: %(override)s.", **parts)
            texts.append(text)
            if override.user_id == self.env.user:
                continue
            override.message_notify(
                partner_ids=override.user_id.partner_id.ids,
                subject=text,
                body=f"{text} {override.answer}" if override.answer else text,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": texts[0]
                if len(texts) == 1
                else self.env._("%s requests are decided.", len(texts)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _cannot_decide_error(self):
        if self.state != "requested":
            return UserError(
                self.env._("%s has already been approved or refused.", self.display_name)
            )
        if not self.env.user.has_group(MANAGER_GROUP):
            return AccessError(self.env._("Only tiering managers can approve or refuse overrides."))
        return UserError(
            self.env._(
                "Policy %s requires a second manager: another manager has to approve your request.",
                self._get_policy().name,
            )
        )

    def _activate(self):
        """Activate overrides instead of those that the same customers had.

        An override whose last day is past replaces none.
        """
        former = self.search(
            [
                ("state", "=", "active"),
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("id", "not in", self.ids),
            ]
        )
        decided = {
            (override.partner_id, override.company_id)
            for override in self
            if not override._is_past()
        }
        former.filtered(
            lambda override: (override.partner_id, override.company_id) in decided
        ).state = "removed"
        self.state = "active"
        self._remove_all_but_newest()
        # One whose last day is past changes no tier.
        active = self.filtered(lambda override: not override._is_past())
        for overrides in active.grouped("company_id").values():
            overrides._get_policy()._apply_overrides(overrides.partner_id.ids)

    def _is_past(self):
        """Return whether the last day is over in the company's time zone."""
        return self.date_end and self.date_end < self.company_id._tiering_now().date()

    def _remove_all_but_newest(self):
        """Leave one override per customer and company."""
        for overrides in self.grouped(
            lambda override: (override.partner_id, override.company_id)
        ).values():
            (overrides - max(overrides, key=lambda override: override.id)).state = "removed"

    @api.model
    def _keep_newest(self, partner):
        """Leave the newest of the active overrides that a merge gave to one customer."""
        self.env.invalidate_all()
        overrides = self.sudo().search([("partner_id", "=", partner.id), ("state", "=", "active")])
        overrides.filtered(lambda override: not override._is_past())._remove_all_but_newest()

    def _ask_for_approval(self):
        """Schedule an activity for each manager who is asked."""
        for override in self.sudo():
            for manager in override._get_managers_asked():
                override.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Approve or refuse the tier override"),
                    user_id=manager.id,
                )

    def _get_managers_asked(self):
        """Return who may decide: the policy's responsible, else all managers of the company."""
        self.ensure_one()
        responsible = self._get_policy().user_id
        if responsible and responsible != self.user_id:
            return responsible
        managers = self.env.ref(MANAGER_GROUP).all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and not user._is_superuser()
                and self.company_id in user.company_ids
            )
        )
        return managers - self.user_id

    def _close_request(self, feedback):
        self.sudo().activity_feedback(["mail.mail_activity_data_todo"], feedback=feedback)

    def _needs_somebody_else(self):
        """Return whether the policy requires a manager other than the user, who requested it."""
        return self._get_policy().approve_overrides and self.user_id == self.env.user

    def _get_policy(self):
        """Return the active policy of the overrides' company, if it has one."""
        company = self.company_id
        return self.env["customer.tier.policy"].sudo().search([("company_id", "=", company.id)])

    @api.model
    def _domain_active(self, company, day):
        """Return the domain of the overrides that are active on a day."""
        return Domain(
            [
                ("company_id", "=", company.id),
                ("state", "=", "active"),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", day),
            ]
        )
