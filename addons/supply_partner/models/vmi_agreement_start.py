from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .vmi_agreement import HOLDING_STATES

BUYER_GROUP = "purchase.group_purchase_user"
# A note names so many products; the others are counted.
PRODUCTS_NAMED = 20


class VmiAgreementStart(models.Model):
    """How an agreement starts, rests and ends."""

    _inherit = "vmi.agreement"

    problems = fields.Text(
        compute="_compute_problems", help="What came to stand against it since it was started."
    )

    @api.depends(
        "state", "user_id", "backup_user_id", "location_id", "date_end", "line_ids.problem"
    )
    def _compute_problems(self):
        for agreement in self:
            found = []
            if agreement.state in HOLDING_STATES:
                found = agreement._get_problems() + agreement._get_found_problems()
            agreement.problems = "\n".join(found)

    def _get_found_problems(self):
        """Return why the last review could order nothing for some products, a sentence each."""
        lines = self.line_ids.filtered("problem")
        named = lines[:PRODUCTS_NAMED]
        problems = named._describe_hindrances({line: line.problem for line in named})
        if rest := len(lines) - len(named):
            problems.append(self.env._("%s more products cannot be ordered.", rest))
        return problems

    def action_start(self):
        """Make drafts run, after checking all that an order will need.

        :raise UserError: with everything that is wrong, a line each; then nothing has started
        """
        self._check_in_state("draft")
        self.lock_for_update()
        self._check_startable()
        for agreement in self:
            agreement._own_orderpoints()
            agreement.sudo().write(
                {
                    "state": "running",
                    "next_review_date": agreement._get_review_date(
                        max(
                            agreement.company_id._vmi_today(),
                            agreement.date_start or agreement.company_id._vmi_today(),
                        )
                    ),
                }
            )
        self.line_ids._measure()

    def action_suspend(self):
        """Stop reviews and orders for a while; the places stay taken."""
        self._check_in_state("running")
        self.sudo().state = "suspended"

    def action_resume(self):
        """Go on after a rest; what changed meanwhile is checked as for a start."""
        self._check_in_state("suspended")
        self._check_startable()
        for agreement in self:
            agreement._own_orderpoints()
            agreement.sudo().write(
                {
                    "state": "running",
                    "next_review_date": agreement._get_review_date(
                        agreement.company_id._vmi_today()
                    ),
                }
            )
        self.line_ids._measure()

    def action_close(self):
        """End for good: proposals are refused, and the orderpoints are Odoo's again."""
        self._check_in_state("draft", *HOLDING_STATES)
        for agreement in self:
            agreement.proposal_ids._filter_pending()._end(
                "refused", self.env._("The agreement was closed.")
            )
        for company, agreements in self.sudo().grouped("company_id").items():
            agreements.write(
                {
                    "state": "closed",
                    "closed_on": company._vmi_today(),
                    "next_review_date": False,
                }
            )
        self.line_ids._give_back_orderpoints()

    def _check_in_state(self, *states):
        self.check_access("write")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for agreement in self:
            if agreement.state not in states:
                raise UserError(
                    self.env._(
                        "%(agreement)s is %(state)s; this is possible only when it is %(states)s.",
                        agreement=agreement.name,
                        state=labels[agreement.state].lower(),
                        states=" / ".join(labels[state].lower() for state in states),
                    )
                )

    def _check_startable(self):
        """Refuse to start with a list of all that stands against it."""
        problems = []
        for agreement in self:
            found = [*agreement._get_problems(), *agreement.line_ids._get_problems()]
            problems += [f"{agreement.name}: {problem}" for problem in found]
        if problems:
            raise UserError("\n".join(problems))

    def _get_problems(self):
        """Return what is wrong with the agreement as a whole, a sentence each."""
        self.ensure_one()
        problems = []
        if not self.line_ids:
            problems.append(self.env._("there are no products: add at least one."))
        if self._has_ended():
            problems.append(
                self.env._(
                    "its Last Day, %s, has passed: choose a later one.",
                    format_date(self.env, self.date_end),
                )
            )
        archived = self.partner_id, self.warehouse_id, self.location_id
        problems += [
            self.env._("%s is archived: restore it, or close the agreement.", record.display_name)
            for record in archived
            if not record.active
        ]
        for user in self.user_id | self.backup_user_id:
            if problem := self._get_user_problem(user):
                problems.append(problem)
        return problems

    def _get_user_problem(self, user):
        """Return why somebody cannot buy under the agreement; None when they can."""
        # Odoo deletes orderpoints that its own user made, and that user passes every limit.
        if user._is_superuser() or not user.sudo().has_group(BUYER_GROUP):
            return self.env._(
                "%s cannot be the buyer or stand-in without a role in Purchase.", user.name
            )
        if not user.active or self.company_id not in user.sudo().company_ids:
            return self.env._(
                "%(user)s may not work in %(company)s.",
                user=user.name,
                company=self.company_id.name,
            )
        return None

    def _own_orderpoints(self):
        """Give every line an orderpoint of the agreement's."""
        self.line_ids._own_orderpoints(self.user_id)

    def _close_ended(self):
        """Close the running agreements whose last day has passed, and say so."""
        for agreement in self:
            if agreement._has_ended():
                agreement.action_close()
                agreement.message_post(
                    body=self.env._("The last day has passed: the agreement was closed.")
                )

    def _check_not_ended(self):
        if self._has_ended():
            raise UserError(
                self.env._(
                    "%(agreement)s ended on %(day)s: set a later Last Day to go on.",
                    agreement=self.name,
                    day=format_date(self.env, self.date_end),
                )
            )

    def _has_ended(self):
        """Return whether its last day has passed."""
        return bool(self.date_end) and self.date_end < self.company_id._vmi_today()
