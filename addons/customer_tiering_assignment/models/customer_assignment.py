from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ..engine.account_managers import customers_to_assign, loads_by_manager, loads_elsewhere
from ..tools.assigning import Customer, Manager, assign

# Customers without an account manager whom one proposal considers.
LIMIT = 10_000


class CustomerAssignment(models.Model):
    """Load of the account managers against their capacity, and who should look after whom."""

    _name = "customer.assignment"
    _description = "Assignment of Customers to Account Managers"
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
    user_id = fields.Many2one("res.users", "By", default=lambda self: self.env.user, readonly=True)
    applied_on = fields.Datetime(readonly=True)
    manager_ids = fields.One2many(
        "customer.assignment.manager", "assignment_id", "Account Managers", readonly=True
    )
    load_ids = fields.One2many(
        "customer.assignment.load", "assignment_id", "Load by Tier", readonly=True
    )
    move_ids = fields.One2many("customer.assignment.move", "assignment_id", "Moves")
    move_count = fields.Integer("Moves Proposed", compute="_compute_figures")
    unassigned_count = fields.Integer(
        "Without Account Manager",
        compute="_compute_figures",
        help="Customers in a tier who have no salesperson, or one who has left.",
    )
    followups_needed = fields.Float(
        "Follow-ups Needed a Week",
        digits=(16, 1),
        compute="_compute_figures",
        help="What the service levels of all tiers ask for.",
    )
    followups_possible = fields.Float(
        "Follow-ups Possible a Week",
        digits=(16, 1),
        compute="_compute_figures",
        help="The account managers' daily numbers, times the working days of the week.",
    )
    is_short = fields.Boolean(compute="_compute_figures")

    @api.depends("create_date", "company_id")
    def _compute_display_name(self):
        for assignment in self:
            day = assignment.create_date or fields.Datetime.now()
            assignment.display_name = f"{assignment.company_id.name}, {format_date(self.env, day)}"

    @api.depends("load_ids", "manager_ids", "move_ids")
    def _compute_figures(self):
        for assignment in self:
            loads, managers = assignment.load_ids, assignment.manager_ids
            assignment.move_count = len(assignment.move_ids)
            assignment.unassigned_count = sum(
                loads.filtered(lambda load: not load.user_id).mapped("customers")
            )
            assignment.followups_needed = sum(loads.mapped("followups"))
            assignment.followups_possible = sum(managers.mapped("followup_capacity"))
            # Whoever has no daily number can do any number.
            is_known = managers and all(managers.mapped("followup_capacity"))
            assignment.is_short = bool(
                is_known and assignment.followups_needed > assignment.followups_possible
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_free({name for vals in vals_list for name in vals} - {"company_id"})
        return super().create(vals_list)

    def write(self, vals):
        self._check_free(set(vals) - {"move_ids"})
        return super().write(vals)

    @api.model
    def _check_free(self, names):
        """Raise UserError if anybody writes what is only proposed and applied."""
        if names and not self.env.su:
            raise UserError(
                self.env._(
                    "An assignment is proposed and applied, and nothing else on it can be changed: "
                    "choose moves and apply them, or propose again."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        if "applied" in self.mapped("state"):
            raise UserError(
                self.env._("An assignment that was applied is kept: it says who moved and why.")
            )

    @api.model
    def action_open_current(self):
        """Look at the current company's account managers now, and open what is proposed."""
        self.check_access("create")
        company = self.env.company.root_id
        # Proposals that nobody applied are of no use once the next is made.
        self.search([("state", "=", "draft"), ("user_id", "=", self.env.uid)]).unlink()
        assignment = self.create({"company_id": company.id})
        assignment._propose()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Account Managers"),
            "res_model": self._name,
            "res_id": assignment.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_propose(self):
        """Look again, with capacities and customers as they are now."""
        self._check_proposed()
        self._propose()

    def action_apply(self):
        """Give the customers of the chosen moves their new account managers.

        Customers who got another one since are passed over, and their moves say so.

        :raise UserError: when it was applied before, or no move is chosen
        """
        self._check_proposed()
        chosen = self.move_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("No move is chosen: choose at least one, or propose again."))
        chosen._apply()
        self.sudo().write(
            {"state": "applied", "applied_on": fields.Datetime.now(), "user_id": self.env.uid}
        )

    def action_view_load(self):
        """Open the load by account manager and tier."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering_assignment.customer_assignment_load_action"
        )
        return action | {"domain": [("assignment_id", "=", self.id)]}

    def _check_proposed(self):
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This assignment was applied already: propose a new one."))

    def _propose(self):
        self.env.flush_all()
        loads = loads_by_manager(self.env.cr, self.company_id.id)
        managers = self._read_managers(loads)
        before = {manager.user_id: (manager.customers, manager.followups) for manager in managers}
        rows = customers_to_assign(
            self.env.cr,
            self.company_id.id,
            [manager.user_id for manager in managers if manager.is_over],
            LIMIT,
        )
        former = {row[0]: row[6] for row in rows}
        moves = assign(
            managers,
            [
                Customer(partner, (place, -(score or 0)), followups, manager, named)
                for partner, place, score, followups, manager, named, _former in rows
            ],
        )
        # What was found and is proposed is nobody's to write but the proposal's own.
        self.sudo().write(
            {
                "load_ids": [
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
                        for user, tier, customers, followups in loads
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
                                "customers_then": manager.customers,
                                "followups_then": manager.followups,
                                "customer_capacity": manager.customer_capacity,
                                "followup_capacity": manager.followup_capacity,
                            }
                        )
                        for manager in managers
                    ),
                ],
                "move_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            self._prepare_move(move, former[move.customer.partner_id], before)
                        )
                        for move in moves
                    ),
                ],
            }
        )

    def _read_managers(self, loads):
        """Return the account managers: who looks after somebody, or has a capacity.

        Their loads are those of all companies, for which they have one capacity. Whoever may
        not look after the company's customers, or not any more, has none here.
        """
        totals = {}
        for user, _tier, customers, followups in loads:
            if user:
                before = totals.get(user, (0, 0.0))
                totals[user] = before[0] + customers, before[1] + followups
        elsewhere = loads_elsewhere(self.env.cr, self.company_id.id)
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

    def _prepare_move(self, move, former_id, before):
        customer = move.customer
        users = self.env["res.users"].sudo()
        former = users.browse(former_id)
        if customer.manager_id:
            why = self.env._(
                "%(user)s looks after more than there is room for: %(load)s. The lowest tiers and "
                "scores move first.",
                user=former.name,
                load=self._describe_load(former, *before[former.id]),
            )
        elif former:
            why = self.env._("%s no longer works here.", former.name)
        else:
            why = self.env._("Nobody looks after the customer.")
        chosen = users.browse(move.user_id)
        room = self._describe_load(chosen, move.customers_before, move.followups_before)
        if customer.named_id == chosen.id:
            to = self.env._(
                "The service level names %(user)s, who has room: %(load)s.",
                user=chosen.name,
                load=room,
            )
        else:
            to = self.env._("%(user)s has room: %(load)s.", user=chosen.name, load=room)
        return {
            "partner_id": customer.partner_id,
            "old_user_id": former_id,
            "new_user_id": chosen.id,
            "reason": f"{why} {to}",
        }

    def _describe_load(self, user, customers, followups):
        """Return a load beside its capacity in words."""
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
                    "%(count)s of %(capacity)s follow-ups a week",
                    count=f"{followups:.1f}",
                    capacity=user.follow_ups_per_day * self.company_id._working_days_a_week(),
                )
            )
        return ", ".join(parts)
