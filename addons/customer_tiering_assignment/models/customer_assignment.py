from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..engine.account_managers import customers_to_assign, workload_by_manager, workload_elsewhere
from ..tools.assigning import Customer, Manager, assign

# Customers without an account manager whom one proposal considers.
LIMIT = 10_000


class CustomerAssignment(models.Model):
    """The workload of the account managers beside their capacity, with proposed reassignments."""

    _name = "customer.assignment"
    _description = "Account Manager Workload"
    _order = "create_date desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
        index=True,
    )
    state = fields.Selection(
        [("draft", "Proposed"), ("applied", "Applied")],
        default="draft",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, readonly=True
    )
    applied_on = fields.Datetime(readonly=True)
    manager_ids = fields.One2many(
        "customer.assignment.manager", "assignment_id", "Account Managers", readonly=True
    )
    workload_ids = fields.One2many(
        "customer.assignment.workload", "assignment_id", "Workload by Tier", readonly=True
    )
    reassignment_ids = fields.One2many("customer.reassignment", "assignment_id", "Reassignments")
    reassignment_count = fields.Integer("Proposed Reassignments", compute="_compute_figures")
    unassigned_count = fields.Integer(
        "Without Account Manager",
        compute="_compute_figures",
        help="Customers in a tier without a salesperson, or with an archived one.",
    )
    followups_needed = fields.Float(
        "Follow-ups Needed per Week",
        digits=(16, 1),
        compute="_compute_figures",
        help="Follow-ups that the service levels require for all customers in a tier.",
    )
    followup_capacity = fields.Float(
        "Follow-up Capacity per Week",
        digits=(16, 1),
        compute="_compute_figures",
        help="Follow-ups per Day of all account managers, times the working days of a week.",
    )
    is_short = fields.Boolean(compute="_compute_figures")

    @api.depends("create_date", "company_id")
    def _compute_display_name(self):
        for assignment in self:
            day = assignment.create_date or fields.Datetime.now()
            assignment.display_name = (
                f"{assignment.company_id.name}, {format_full_day(self.env, day)}"
            )

    @api.depends("workload_ids", "manager_ids", "reassignment_ids")
    def _compute_figures(self):
        for assignment in self:
            workload, managers = assignment.workload_ids, assignment.manager_ids
            assignment.reassignment_count = len(assignment.reassignment_ids)
            assignment.unassigned_count = sum(
                workload.filtered(lambda line: not line.user_id).mapped("customers")
            )
            assignment.followups_needed = sum(workload.mapped("followups"))
            assignment.followup_capacity = sum(managers.mapped("followup_capacity"))
            # An account manager without Follow-ups per Day has no limit.
            is_known = managers and all(managers.mapped("followup_capacity"))
            assignment.is_short = bool(
                is_known and assignment.followups_needed > assignment.followup_capacity
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_free({name for vals in vals_list for name in vals} - {"company_id"})
        return super().create(vals_list)

    def write(self, vals):
        self._check_free(set(vals) - {"reassignment_ids"})
        return super().write(vals)

    @api.model
    def _check_free(self, names):
        """Refuse fields that only calculating and applying write.

        :param names: fields that somebody writes
        :raise UserError: when there are any, except for the superuser
        """
        if names and not self.env.su:
            raise UserError(
                self.env._(
                    "Only the selection of proposed reassignments can be changed: apply them, or "
                    "recalculate."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if "applied" in self.mapped("state"):
            raise UserError(
                self.env._("Applied reassignments cannot be deleted: they are the history.")
            )

    @api.model
    def action_open_current(self):
        """Calculate the current company's workload and proposals, and open them.

        The user's former proposals that were not applied are deleted.
        """
        self.check_access("create")
        company = self.env.company.root_id
        self.search([("state", "=", "draft"), ("user_id", "=", self.env.uid)]).unlink()
        assignment = self.create({"company_id": company.id})
        assignment._propose()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Account Manager Workload"),
            "res_model": self._name,
            "res_id": assignment.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_recalculate(self):
        """Calculate workload and proposals anew, with present customers and capacities.

        :raise UserError: when reassignments were applied before
        """
        self._check_proposed()
        self._propose()

    def action_apply(self):
        """Give the customers of the selected reassignments their new account managers.

        A customer whose salesperson changed meanwhile is left alone, and the line says so.

        :raise UserError: when reassignments were applied before, or none is selected
        """
        self._check_proposed()
        selected = self.reassignment_ids.filtered("is_selected")
        if not selected:
            raise UserError(self.env._("No reassignment is selected: select at least one."))
        selected._apply()
        self.sudo().write(
            {"state": "applied", "applied_on": fields.Datetime.now(), "user_id": self.env.uid}
        )

    def action_view_workload(self):
        """Open the workload by account manager and tier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering_assignment.customer_assignment_workload_action"
        )
        return action | {"domain": [("assignment_id", "=", self.id)]}

    def _check_proposed(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(
                self.env._("These reassignments were already applied: open Workload for new ones.")
            )

    def _propose(self):
        """Calculate workload and proposals, and replace those of before."""
        self.env.flush_all()
        workload = workload_by_manager(self.env.cr, self.company_id.id)
        managers = self._get_managers(workload)
        before = {manager.user_id: (manager.customers, manager.followups) for manager in managers}
        rows = customers_to_assign(
            self.env.cr,
            self.company_id.id,
            [manager.user_id for manager in managers if manager.is_over],
            LIMIT,
        )
        former = {row[0]: row[6] for row in rows}
        reassignments = assign(
            managers,
            [
                Customer(partner, (place, -(score or 0)), followups, manager, named)
                for partner, place, score, followups, manager, named, _former in rows
            ],
        )
        # Nobody may write these fields but the calculation.
        self.sudo().write(
            {
                "workload_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "user_id": user,
                                "tier_id": tier,
                                "customers": customers,
                                "followups": followups,
                            }
                        )
                        for user, tier, customers, followups in workload
                    ),
                ],
                "manager_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "user_id": manager.user_id,
                                "customers": before[manager.user_id][0],
                                "followups": before[manager.user_id][1],
                                "customers_after": manager.customers,
                                "followups_after": manager.followups,
                                "customer_capacity": manager.customer_capacity,
                                "followup_capacity": manager.followup_capacity,
                            }
                        )
                        for manager in managers
                    ),
                ],
                "reassignment_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            self._prepare_reassignment_vals(
                                proposed, former[proposed.customer.partner_id], before
                            )
                        )
                        for proposed in reassignments
                    ),
                ],
            }
        )

    def _get_managers(self, workload):
        """Return the account managers: users with customers in a tier, or with a capacity.

        Their workload counts all companies, because capacity is set once per user. A user
        without access to the company, or archived, gets no capacity: no customer is proposed.

        :param workload: rows of :func:`workload_by_manager`
        :return: list of :class:`Manager`, by name
        """
        totals = {}
        for user, _tier, customers, followups in workload:
            if user:
                so_far = totals.get(user, (0, 0.0))
                totals[user] = so_far[0] + customers, so_far[1] + followups
        elsewhere = workload_elsewhere(self.env.cr, self.company_id.id)
        days = self.company_id._working_days_a_week()
        users = self.env["res.users"].sudo()
        able = Domain("share", "=", False) & Domain("company_ids", "child_of", self.company_id.id)
        limited = Domain("customer_capacity", ">", 0) | Domain("follow_ups_per_day", ">", 0)
        proposable = users.search(able & limited)
        managers = []
        for user in users.search(Domain("id", "in", [*totals, *proposable.ids]), order="name, id"):
            here, there = totals.get(user.id, (0, 0.0)), elsewhere.get(user.id, (0, 0.0))
            is_proposable = user in proposable
            managers.append(
                Manager(
                    user.id,
                    here[0] + there[0],
                    here[1] + there[1],
                    customer_capacity=user.customer_capacity if is_proposable else 0,
                    followup_capacity=user.follow_ups_per_day * days if is_proposable else 0,
                )
            )
        return managers

    def _prepare_reassignment_vals(self, reassignment, former_id, before):
        """Return the values of a proposed reassignment, with its reason.

        :param former_id: the customer's salesperson, archived or not; None for none
        :param before: {user id: (customers, follow-ups per week)} at present
        """
        customer = reassignment.customer
        users = self.env["res.users"].sudo()
        former = users.browse(former_id)
        if customer.manager_id:
            why = self.env._(
                "%(user)s is over capacity: %(workload)s. Customers with the lowest tiers and "
                "scores are reassigned first.",
                user=former.name,
                workload=self._describe_workload(former, *before[former.id]),
            )
        elif former:
            why = self.env._("%s is archived.", former.name)
        else:
            why = self.env._("The customer has no account manager.")
        proposed = users.browse(reassignment.user_id)
        workload = self._describe_workload(
            proposed, reassignment.customers_before, reassignment.followups_before
        )
        if customer.named_id == proposed.id:
            to = self.env._(
                "%(user)s, the account manager of the service level, has capacity: %(workload)s.",
                user=proposed.name,
                workload=workload,
            )
        else:
            to = self.env._(
                "%(user)s has capacity: %(workload)s.", user=proposed.name, workload=workload
            )
        return {
            "partner_id": customer.partner_id,
            "old_user_id": former_id,
            "new_user_id": proposed.id,
            "reason": f"{why} {to}",
        }

    def _describe_workload(self, user, customers, followups):
        """Return a workload beside the user's capacity in words."""
        parts = []
        if user.customer_capacity:
            parts.append(
                self.env._(
                    "%(count)s of %(capacity)s customers",
                    count=customers,
                    capacity=user.customer_capacity,
                )
            )
        if user.follow_ups_per_day:
            parts.append(
                self.env._(
                    "%(count)s of %(capacity)s follow-ups per week",
                    count=f"{followups:.1f}",
                    capacity=user.follow_ups_per_day * self.company_id._working_days_a_week(),
                )
            )
        return ", ".join(parts)
