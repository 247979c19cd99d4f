import logging
from datetime import datetime, time, timedelta
from functools import partial
from itertools import accumulate
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.addons.customer_tiering.metrics import SOURCES
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.addons.set_based_runs.transactions import commit_step
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.contacts import (
    confirmed_orders_query,
    done_activities_query,
    last_contacts_query,
    meetings_about_query,
    meetings_query,
    messages_query,
    records_query,
)
from ..engine.customers import customers_query, to_hand_over
from ..engine.due import delete_assigned, due_query, outdated_query, planned_query
from ..engine.ledger import delete_repeated, insert_planned, note_activities
from ..engine.moves import changes_query, first_placements_query
from ..engine.occasions import Occasion, occasions_query
from ..engine.plans import activities_query, applications_query
from ..engine.schedule import count_tasks, placed_query
from ..engine.segments import (
    entries_query,
    members,
    note_entries,
    note_who_came_back,
    note_who_left,
)
from ..tools.anniversaries import days_celebrated_on
from ..tools.spreading import spread

_logger = logging.getLogger(__name__)

# Activities made in one transaction.
BATCH = 1000
# Rows added in one transaction.
INSERT_BATCH = 10_000
# What is not settled yet.
OPEN_STATES = ("waiting", "planned")
UNSETTLED_STATES = ("unassigned", *OPEN_STATES)
# Days from today over which work is spread, and on whose occasions are planned: one that a night
# missed is not lost.
WEEK = 7
# For so many days a customer's first tier, which the ledger of changes does not list, is new.
NEW_FOR_DAYS = 7


class CustomerFollowup(models.Model):
    """Ledger of follow-ups, plans' activities and anniversaries: when due, and when done.

    Rows are added by the scheduled action, and settled when their activity is done or deleted.
    The unique constraint is what keeps a thing from being planned twice, whoever plans at the
    same time and wherever a run was killed.
    """

    _name = "customer.followup"
    _description = "Customer Follow-up"
    _order = "date_due desc, id desc"
    _rec_name = "partner_id"
    # Who wrote a row says nothing, and foreign keys cost time.
    _log_access = False

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    tier_id = fields.Many2one(
        "customer.tier", ondelete="restrict", help="The customer's tier at the time of planning."
    )
    kind = fields.Selection(
        [
            ("follow_up", "Follow-up"),
            ("plan", "Activity plan"),
            ("anniversary", "First-order anniversary"),
        ],
        "Type",
        required=True,
    )
    occasion = fields.Char(
        required=True, help="What it is planned for once: a day, a year, a tier change."
    )
    user_id = fields.Many2one("res.users", "Account Manager")
    date_planned = fields.Date("Planned on", required=True)
    date_due = fields.Date(
        "Due Date",
        required=True,
        help="The first deadline of the activity. Until then it counts as done on time, even if "
        "the activity is postponed.",
    )
    last_contact_date = fields.Date("Last Contact", help="As known on the day of planning.")
    template_id = fields.Many2one(
        "mail.activity.plan.template", "Activity of the Plan", ondelete="set null"
    )
    activity_id = fields.Many2one("mail.activity", ondelete="set null", index="btree_not_null")
    state = fields.Selection(
        [
            ("unassigned", "Unassigned"),
            ("waiting", "To plan"),
            ("planned", "Planned"),
            ("done", "Done on time"),
            ("late", "Done late"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        required=True,
        default="waiting",
    )
    date_done = fields.Date("Done on")
    date_cancelled = fields.Date("Cancelled on")
    team_id = fields.Many2one(
        related="user_id.sale_team_id",
        string="Sales Team",
        help="Sales team of the account manager.",
    )

    # A constraint and not just an index: merging partners looks at constraints only.
    _occasion_unique = models.Constraint(
        "UNIQUE (partner_id, company_id, kind, occasion)",
        "The same was planned for this customer before.",
    )
    _one_open_follow_up = models.UniqueIndex(
        "(partner_id, company_id) WHERE kind = 'follow_up' AND state IN ('waiting', 'planned')",
        "A customer has one open follow-up per company.",
    )
    _open_index = models.Index("(state, id) WHERE state IN ('unassigned', 'waiting', 'planned')")

    @api.depends("partner_id", "kind", "date_due")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for followup in self:
            followup.display_name = self.env._(
                "%(customer)s: %(kind)s, %(day)s",
                customer=followup.partner_id.display_name,
                kind=kinds.get(followup.kind),
                day=format_full_day(self.env, followup.date_due),
            )

    def action_done(self):
        """Ask how it went, and mark the follow-ups done.

        :raise UserError: when one of them is not planned
        """
        self._check_planned()
        wizard = self.env["customer.followup.done.wizard"].create({"followup_ids": self.ids})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Follow-up Done"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_planned(self):
        """Refuse to mark done what has no open activity."""
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Choose the follow-ups that are done."))
        for followup in self:
            if followup.state != "planned" or not followup.activity_id:
                states = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(followup)s is not planned (%(state)s), so it cannot be marked done.",
                        followup=followup.display_name,
                        state=states[followup.state],
                    )
                )

    @api.readonly
    def action_open_customer(self):
        """Open the customer's page."""
        self.ensure_one()
        return self.env["customer.standing"]._open_customer(self.partner_id, self.company_id)

    def _describe_event(self):
        """Return the follow-up that was done as an event of the customer's timeline."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        text = self.user_id.sudo().name
        activity = self.activity_id
        # What was said is for those who may read the contact's activities.
        if activity and activity.has_access("read") and activity.feedback:
            text = self.env._("%(person)s: %(note)s", person=text, note=activity.feedback)
        return self.env["customer.standing"]._prepare_event(
            self.date_done,
            "fa-handshake-o",
            f"{kinds.get(self.kind, self.kind)}: {states[self.state]}",
            text,
        )

    # ---- The scheduled action ----------------------------------------------------------------

    @api.model
    def _cron_plan(self):
        """Plan what is due for customers, and make the activities, until the time is up.

        Each step is committed by itself, and the next call goes on where this one ended. One
        company's trouble stops no other.
        """
        commit = self.env["ir.cron"]._commit_progress
        followups = self.sudo()
        policies = self.env["customer.tier.policy"].sudo()
        # There is something to come back for until the end is reached.
        commit(remaining=1)
        unsettled = followups._read_group([("state", "in", UNSETTLED_STATES)], ["company_id"])
        companies = policies.search([]).company_id.union(*(company for (company,) in unsettled))
        for company in companies.sorted("id"):
            plan = partial(followups._plan_company, company, commit)
            if policies._attempt(company, "follow_ups", plan) is False:
                return
        commit(remaining=0)

    @api.model
    def _plan_soon(self):
        """Have the scheduled action run."""
        self.env.ref("customer_tiering_followup.ir_cron_followup").sudo()._trigger()

    @api.model
    def _plan_company(self, company, commit):
        """Plan for one company; return False when the time is up before the end."""
        commit_step(self.env, partial(self._hand_over, company, OPEN_STATES), commit)
        commit_step(self.env, partial(self._settle_vanished, company), commit)
        # Those first that an earlier call had no time for.
        if not self._make_activities(commit, company):
            return False
        policy = self.env["customer.tier.policy"].search([("company_id", "=", company.id)])
        for planner in self._get_planners() if policy else ():
            getattr(self, planner)(policy, commit)
            if not self._make_activities(commit, company):
                return False
        # What was unassigned, and is planned by nothing any more, now that somebody is there.
        commit_step(self.env, partial(self._hand_over, company, ("unassigned",)), commit)
        return self._make_activities(commit, company)

    @api.model
    def _get_planners(self):
        """Return the names of what plans for a policy's customers, in this order.

        Each is called with the policy and ``commit``, and finds the days as those before it left
        them. What is withdrawn gives days back. Occasions have a day of their own, which others
        have to leave room on. A welcome or win-back answers a tier change of today; a segment may
        have been entered by and by; a follow-up can wait longest, and takes the days that are
        left.

        An add-on inserts its planner before or after one of these names. For days that come back
        every year it extends :meth:`_get_occasions` instead.
        """
        return [
            "_withdraw_follow_ups",
            "_plan_occasions",
            "_plan_moves",
            "_plan_first_placements",
            "_plan_segments",
            "_plan_follow_ups",
        ]

    @api.model
    def _settle_vanished(self, company):
        """Cancel what lost its activity, and plans that nobody took on in a month."""
        vanished = Domain("state", "=", "planned") & Domain("activity_id", "=", False)
        forgotten = Domain("state", "=", "unassigned") & Domain("date_due", "<", "today -30d")
        followups = self.search(
            Domain("company_id", "=", company.id)
            & (vanished | forgotten & Domain("kind", "!=", "follow_up"))
        )
        followups._cancel()
        return len(followups)

    def _cancel(self):
        """Note that what was planned will not be done."""
        for company, followups in self.grouped("company_id").items():
            today = company._tiering_now().date()
            followups.write({"state": "cancelled", "date_cancelled": today})

    def _withdraw(self):
        """Take back what is open: the activity is deleted."""
        followups = self.exists().filtered(lambda followup: followup.state in OPEN_STATES)
        followups.activity_id.unlink()
        followups.filtered(lambda followup: followup.state in OPEN_STATES)._cancel()

    def _forget(self):
        """Delete rows and their open activities: their kind goes with its add-on."""
        self.filtered(lambda followup: followup.state == "planned").activity_id.unlink()
        self.unlink()

    @api.model
    def _mark_done(self, activity_ids):
        """Note that activities were marked done, on time or late."""
        followups = self.search([("activity_id", "in", activity_ids), ("state", "=", "planned")])
        for company, of_company in followups.grouped("company_id").items():
            today = company._tiering_now().date()
            late = of_company.filtered(lambda followup, today=today: followup.date_due < today)
            late.write({"state": "late", "date_done": today})
            (of_company - late).write({"state": "done", "date_done": today})

    # ---- Customers and account managers ------------------------------------------------------

    @api.model
    def _company_ids(self, company):
        """Return the ids of a root company and of its branches."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search([("id", "child_of", company.id)]).ids

    @api.model
    def _customers_query(self, company):
        """Return what :func:`~..engine.customers.customers_query` does, of a root company."""
        return customers_query(company.id, self._company_ids(company))

    @api.model
    def _hand_over_at_once(self, partner_ids=(), user_ids=()):
        """Let what is open change hands, of some customers or of what some users have.

        To be called after a change of who looks after them.
        """
        theirs = Domain("partner_id", "in", partner_ids) | Domain("user_id", "in", user_ids)
        # Also what they were given by hand.
        theirs |= Domain("activity_id.user_id", "in", user_ids)
        followups = self.sudo().search(Domain("state", "in", OPEN_STATES) & theirs)
        for company, of_company in followups.grouped("company_id").items():
            followups._hand_over(company, OPEN_STATES, of_company.partner_id.ids)

    @api.model
    def _hand_over(self, company, states, partner_ids=None):
        """Give what is not settled to whoever looks after the customer now.

        What nobody looks after any more loses its activity.

        :param states: those of the rows that are meant
        :param partner_ids: the customers that are meant; all by default
        :return: how many rows changed hands
        """
        concerned = Domain("company_id", "=", company.id) & Domain("state", "in", states)
        if partner_ids is not None:
            concerned &= Domain("partner_id", "in", partner_ids)
        partner_ids = [partner.id for (partner,) in self._read_group(concerned, ["partner_id"])]
        if not partner_ids:
            return 0
        self.env.flush_all()
        heirs = to_hand_over(
            self.env.cr, company.id, self._company_ids(company), states, partner_ids
        )
        for user_id, followup_ids in heirs.items():
            self.browse(followup_ids)._give_to(self.env["res.users"].browse(user_id or ()))
        return sum(map(len, heirs.values()))

    def _give_to(self, user):
        """Let rows be a user's, or nobody's, and their activities with them."""
        # No mail to each account manager for each activity.
        activities = self.activity_id.with_context(mail_activity_quick_update=True)
        if not user:
            # The rows first: deleting the activity of a planned one would cancel it.
            self.write({"state": "unassigned", "user_id": False, "activity_id": False})
            activities.unlink()
            return
        activities.user_id = user
        self.user_id = user
        without = self.filtered(lambda followup: not followup.activity_id)
        for company, followups in without.grouped("company_id").items():
            today = company._tiering_now().date()
            followups.filtered(
                lambda followup, today=today: (
                    followup.state == "unassigned" and followup.date_due < today
                )
            ).date_due = today
        without.state = "waiting"

    # ---- Last contacts -----------------------------------------------------------------------

    @api.model
    def _last_contacts_query(self, company):
        """Return the SELECT of ``partner_id`` and ``day`` of each customer's last contact.

        The day is the company's.
        """
        sources = self._get_contact_sources(self._company_ids(company), company._tiering_timezone())
        return last_contacts_query(sources)

    @api.model
    def _get_contact_sources(self, company_ids, timezone):
        """Return what counts as a contact: SELECTs of a partner and a day each.

        An add-on adds what is neither written, done nor met about a record of
        :meth:`_get_contact_models`.

        :param company_ids: a root company and its branches
        :param timezone: name of the zone in which moments become days
        """
        sources = [confirmed_orders_query(company_ids, timezone)]
        # Only where meetings are installed.
        has_meetings, now = "calendar.event" in self.env, fields.Datetime.now()
        system_user_id = self.env.ref("base.user_root").id
        for model, records in self._get_contact_records(company_ids).items():
            sources += [
                done_activities_query(model, records),
                messages_query(model, records, timezone, system_user_id),
            ]
            if has_meetings:
                about = SQL("event.res_model = %s AND event.res_id = record.id", model)
                sources.append(meetings_about_query(about, records, timezone, now))
        if has_meetings:
            sources.append(meetings_query(timezone, now))
        return sources

    @api.model
    def _get_contact_records(self, company_ids):
        """Return the records on which mails, notes, meetings and done activities are contacts.

        :return: {model: SELECT of ``id`` and ``partner_id``}
        """
        return {
            "res.partner": SQL("SELECT id, id AS partner_id FROM res_partner"),
            **{
                model: records_query(self.env[model]._table, condition, company_ids)
                for model, condition in self._get_contact_models().items()
            },
        }

    @api.model
    def _get_contact_models(self):
        """Return the models whose records are about a customer, beside the customer itself.

        They have ``partner_id`` and ``company_id``; records of no company are of all. An add-on
        adds its model.

        :return: {model: SQL condition on the table for the records that count}
        """
        return {
            "sale.order": SQL("TRUE"),
            "account.move": SQL("move_type IN ('out_invoice', 'out_refund', 'out_receipt')"),
        }

    # ---- Days --------------------------------------------------------------------------------

    @api.model
    def _place(self, policy, tables, tasks):
        """Give tasks a day each, as far as those who are to do them have room.

        :param tables: the :class:`TemporaryTables` to add one to
        :param tasks: SQL name of a table with ``user_id`` and ``place``, the order of each user's
        :return: SQL name of the table of the tasks that found room, with their ``day``
        """
        today = policy._get_today()
        slots = self._get_slots(policy.company_id, count_tasks(self.env.cr, tasks), today)
        return tables.create("placed", placed_query(tasks, slots, today))

    @api.model
    def _get_slots(self, company, counts, today):
        """Return on which of the next seven days each account manager's tasks fall.

        The days become as even as they can, with what is open on them, and none gets more than
        the account manager's daily number. What finds no room has no slot.

        :param counts: {user id: number of tasks, which are numbered from 1 in their order}
        :return: [(user id, day, first task, last task), …]
        """
        users = self.env["res.users"].sudo().browse(counts)
        days_of = self._get_working_days(users, company, today)
        loads = self._get_loads(users)
        slots = []
        for user in users:
            days = days_of[user]
            taken = spread(
                counts[user.id],
                [loads.get((user, day), 0) for day in days],
                user.follow_ups_per_day,
            )
            for day, number, last in zip(days, taken, accumulate(taken), strict=True):
                if number:
                    slots.append((user.id, day, last - number + 1, last))
        return slots

    @api.model
    def _get_loads(self, users):
        """Return how many open rows users have on each day: {(user, day): number}."""
        groups = self._read_group(
            [("user_id", "in", users.ids), ("state", "in", OPEN_STATES)],
            ["user_id", "date_due:day"],
            ["__count"],
        )
        return {(user, day): count for user, day, count in groups}

    @api.model
    def _get_working_days(self, users, company, today):
        """Return which of the next seven days users work on: {user: [day, …]}.

        They go by their own working hours and days off where they have some, else by the
        company's; without any they work from Monday to Friday.
        """
        found = {}
        days_of = {}
        for user in users:
            resource = user.resource_ids.filtered(lambda one: one.company_id == company)[:1]
            calendar = resource.calendar_id or company.resource_calendar_id
            key = (calendar, resource)
            if key not in found:
                found[key] = self._get_calendar_days(calendar, resource, today)
            days_of[user] = found[key]
        return days_of

    @api.model
    def _get_workday(self, company, day):
        """Return the first day from a day on that the company works; that day if there is none."""
        none = self.env["resource.resource"]
        days = self._get_calendar_days(company.resource_calendar_id, none, day)
        return days[0] if days else day

    @api.model
    def _get_calendar_days(self, calendar, resource, first):
        """Return which of seven days have working hours."""
        days = [first + timedelta(days=number) for number in range(WEEK)]
        if not calendar:
            return [day for day in days if day.weekday() < 5]
        start = datetime.combine(first, time.min, ZoneInfo(calendar.tz or "UTC"))
        end = start + timedelta(days=WEEK)
        intervals = calendar._work_intervals_batch(start, end, resource)[resource.id]
        worked = {begin.date() for begin, _end, _attendances in intervals}
        return [day for day in days if day in worked]

    # ---- Follow-ups --------------------------------------------------------------------------

    @api.model
    def _withdraw_follow_ups(self, policy, commit):
        """Delete the open follow-ups of customers whose tier asks for none any more."""
        self.env.flush_all()
        outdated = self.env.execute_query(outdated_query(policy.company_id.id, OPEN_STATES))
        ids = [id_ for (id_,) in outdated]
        for start in range(0, len(ids), BATCH):
            commit_step(self.env, self.browse(ids[start : start + BATCH])._withdraw, commit)

    @api.model
    def _plan_follow_ups(self, policy, commit):
        """Plan the follow-ups of a policy's customers for the next seven days.

        The better tier and the longest waiting come first. Customers for whom the account
        manager's days have no room are found again by the next call. Nothing is locked meanwhile.
        """
        company = policy.company_id
        if not self._has_follow_ups(company):
            return
        self.env.flush_all()
        with TemporaryTables(self.env.cr, commits=True) as tables:
            due = tables.create(
                "due",
                due_query(
                    self._customers_query(company),
                    self._last_contacts_query(company),
                    company.id,
                    OPEN_STATES,
                    policy._get_today(),
                ),
            )
            commit()
            planned = tables.create("planned", planned_query(self._place(policy, tables, due)))
            delete_assigned(self.env.cr, planned, company.id)
            self.env.invalidate_all(flush=False)
            commit()
            self._add(policy, planned, commit)
        unassigned = self.search_count(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "follow_up"),
                ("state", "=", "unassigned"),
            ]
        )
        if unassigned:
            _logger.info(
                "Nobody is responsible for the follow-up of %s customers of %s",
                unassigned,
                company.name,
            )

    @api.model
    def _has_follow_ups(self, company):
        """Return whether a tier of the company has a service level with follow-ups."""
        return bool(
            self.env["customer.tier"].search_count(
                [
                    ("company_id", "=", company.id),
                    ("service_level_id.active", "=", True),
                    ("service_level_id.followup_days", ">", 0),
                ],
                limit=1,
            )
        )

    def _prepare_follow_up_vals(self):
        # Without the tier: whoever reads the contact reads its activities.
        day = format_full_day(self.env, self.last_contact_date)
        return {
            "activity_type_id": self._get_activity_type_id("mail_activity_follow_up"),
            "summary": self.env._("No contact since %s", day)
            if day
            else self.env._("No contact yet"),
        }

    # ---- Activity plans ----------------------------------------------------------------------

    @api.model
    def _apply_plans(self, policy, applications, commit):
        """Plan the activities of activity plans for customers.

        The starts are spread over the working days of the next week, within each account
        manager's daily number. Applications without room are to be given again another day.

        :param applications: SELECT as in :mod:`~..engine.plans`
        :return: the ``source_id`` of those that were applied and have somebody responsible
        """
        company = policy.company_id
        self.env.flush_all()
        with TemporaryTables(self.env.cr, commits=True) as tables:
            asked = tables.create(
                "applications", applications_query(applications, self._customers_query(company))
            )
            placed = self._place(policy, tables, asked)
            planned = tables.create(
                "planned",
                activities_query(
                    placed, self._get_plan_lines(policy, placed), self._company_ids(company)
                ),
            )
            commit()
            self._add(policy, planned, commit)
            applied = self.env.execute_query(
                SQL("SELECT source_id FROM %s WHERE user_id IS NOT NULL", placed)
            )
        return [source_id for (source_id,) in applied]

    @api.model
    def _get_plan_lines(self, policy, placed):
        """Return what plans mean that start on a day: tuples for ``activities_query``."""
        company, today = policy.company_id, policy._get_today()
        rows = self.env.execute_query(SQL("SELECT DISTINCT plan_id, day FROM %s", placed))
        return [
            (
                plan_id,
                day,
                template.id,
                self._get_workday(company, max(template._get_date_deadline(day), today)),
                template.responsible_id.id if template.responsible_type == "other" else None,
            )
            for plan_id, day in rows
            for template in self.env["mail.activity.plan"].browse(plan_id).template_ids
        ]

    @api.model
    def _plan_moves(self, policy, commit):
        """Apply the welcome and win-back plans of tiers, to each tier change once."""
        changes = self.env["customer.standing.change"]
        commit_step(self.env, partial(changes._pass_over_not_followed_up, policy), commit)
        moves = changes.search(
            [("company_id", "=", policy.company_id.id), ("is_followed_up", "=", False)], order="id"
        )
        if not moves:
            return
        plans = [move._get_plan().id or None for move in moves]
        applied = self._apply_plans(policy, changes_query(moves.ids, plans), commit)
        idle = moves.filtered(lambda move: not move._get_plan())
        commit_step(self.env, (changes.browse(applied) | idle)._mark_followed_up, commit)

    @api.model
    def _plan_first_placements(self, policy, commit):
        """Apply welcome plans to new customers who got their first tier in the last days."""
        welcoming = Domain("policy_id", "=", policy.id) & Domain("welcome_plan_id", "!=", False)
        tiers = self.env["customer.tier"].search(welcoming)
        if tiers:
            since = policy._get_today() - timedelta(days=NEW_FOR_DAYS)
            applications = first_placements_query(policy.company_id.id, tiers.ids, since)
            self._apply_plans(policy, applications, commit)

    @api.model
    def _plan_segments(self, policy, commit):
        """Apply each segment's plan to the customers who entered it since the last call."""
        for line in policy.segment_plan_ids:
            commit_step(self.env, partial(self._note_stays, line), commit)
            entries = entries_query(line.id, line.plan_id.id, line.segment, line.company_id.id)
            applied = self._apply_plans(policy, entries, commit)
            commit_step(self.env, partial(self._note_entries, line, applied, 1), commit)

    @api.model
    def _note_stays(self, line):
        """Note who left the segment, who came back too early, and who was there before."""
        cr, today = self.env.cr, line.policy_id._get_today()
        self.env.flush_all()
        note_who_left(cr, line.id, line.segment, line.company_id.id)
        note_who_came_back(cr, line.id, line.segment, line.company_id.id, line.cooldown_days, today)
        if not line.is_started:
            line.is_started = True
            if not line.include_current:
                self._note_entries(line, members(cr, line.segment, line.company_id.id), 0)
        self.env["customer.followup.segment"].invalidate_model()

    @api.model
    def _note_entries(self, line, partner_ids, stays):
        """Note that customers are in a segment; see :func:`~..engine.segments.note_entries`."""
        note_entries(self.env.cr, line.id, partner_ids, stays, line.policy_id._get_today())
        self.env["customer.followup.segment"].invalidate_model()

    def _prepare_plan_vals(self):
        template = self.template_id
        if not template:
            # It was deleted between the planning and now.
            return {
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            }
        return {
            "activity_type_id": template.activity_type_id.id,
            "summary": template.summary,
            "note": template.note,
        }

    # ---- Occasions ---------------------------------------------------------------------------

    @api.model
    def _plan_occasions(self, policy, commit):
        """Plan the occasions of the next seven days for customers in tiers."""
        today = policy._get_today()
        celebrated = [
            (day, month, day_of_month)
            for day in (today + timedelta(days=number) for number in range(WEEK))
            for month, day_of_month in days_celebrated_on(day)
        ]
        for occasion in self._get_occasions(policy):
            self.env.flush_all()
            with TemporaryTables(self.env.cr, commits=True) as tables:
                customers = self._customers_query(policy.company_id)
                planned = tables.create("planned", occasions_query(occasion, customers, celebrated))
                commit()
                self._add(policy, planned, commit, occasion.more)

    @api.model
    def _get_occasions(self, policy):
        """Return the yearly days that the policy keeps; an add-on adds its own.

        :return: a list of :class:`~..engine.occasions.Occasion`
        """
        if not policy.keeps_anniversaries:
            return []
        scope = policy._prepare_scope(policy._get_today())
        first_orders = SOURCES["orders"].first_orders_query(scope)
        days = SQL("SELECT partner_id, day, '' AS of_whom FROM (%s) AS first_order", first_orders)
        return [Occasion("anniversary", days)]

    def _prepare_anniversary_vals(self):
        return {
            "activity_type_id": self._get_activity_type_id("mail_activity_occasion"),
            "summary": self.env._(
                "Anniversary of the first order: %s", format_full_day(self.env, self.date_due)
            ),
        }

    # ---- Rows and activities -----------------------------------------------------------------

    @api.model
    def _add(self, policy, planned, commit, more=()):
        """Add rows for what is planned, in batches; what was planned before is passed over.

        :param planned: SQL name of a table as :func:`~..engine.ledger.insert_planned` takes it
        :param commit: as for ``commit_step``
        :param more: names of further columns of both tables
        """
        today = policy._get_today()
        [(count,)] = self.env.execute_query(SQL("SELECT COUNT(*) FROM %s", planned))

        def insert(first):
            end = first + INSERT_BATCH
            insert_planned(self.env.cr, planned, policy.company_id.id, today, first, end, more)
            self.env.invalidate_all(flush=False)

        for first in range(1, count + 1, INSERT_BATCH):
            commit_step(self.env, partial(insert, first), commit)

    @api.model
    def _make_activities(self, commit, company=None):
        """Make the activities of rows that wait for one, in batches.

        :param company: the one whose rows are meant; all by default
        :return: whether none waits any more; what is left waits for the next call, which makes
            one batch at least
        """
        waiting = Domain("state", "=", "waiting")
        # What an add-on planned that is gone cannot be made.
        waiting &= Domain("kind", "in", self._fields["kind"].get_values(self.env))
        if company:
            waiting &= Domain("company_id", "=", company.id)
        # One more, because the action is not at its end.
        commit(remaining=self.search_count(waiting) + 1)
        while self.search_count(waiting, limit=1):
            if not commit_step(self.env, partial(self._make_batch, waiting), commit):
                return not self.search_count(waiting, limit=1)
        return True

    @api.model
    def _make_batch(self, waiting):
        """Make the activities of the oldest rows that wait and return how many."""
        followups = self.search(waiting, order="id", limit=BATCH)
        # Users who left meanwhile get nothing; the next planning asks for somebody else.
        orphans = followups.filtered(lambda followup: not followup.user_id.active)
        count, served = len(followups), followups - orphans
        orphans.unlink()
        # No mail to each account manager for each activity.
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        # The activities take the names one by one: have all of them at hand.
        partners = [followup._get_activity_partner().id for followup in served]
        self.env["res.partner"].browse(partners).mapped("display_name")
        made = activities.create([followup._prepare_activity_vals() for followup in served])
        self.env.flush_all()
        note_activities(self.env.cr, served.ids, made.ids)
        self.env.invalidate_all(flush=False)
        return count

    def _get_activity_partner(self):
        """Return the contact on whose form the activity stands."""
        return self.partner_id

    def _prepare_activity_vals(self):
        """Return the values of the activity, in the account manager's language.

        Summary and type come from the method ``_prepare_KIND_vals`` of the row's kind.
        """
        self.ensure_one()
        followup = self.with_context(lang=self.user_id.lang)
        partner = self._get_activity_partner()
        return {
            "res_model": "res.partner",
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": partner.id,
            # What is computed is written once more for each activity.
            "res_name": partner.display_name,
            "user_id": self.user_id.id,
            "date_deadline": self.date_due,
            "automated": True,
            **getattr(followup, f"_prepare_{self.kind}_vals")(),
        }

    @api.model
    def _get_activity_type_id(self, name):
        """Return the id of an activity type of this add-on, without a query for each activity.

        Somebody may have deleted it: then it is a to-do.
        """
        names = self.env["ir.model.data"]
        return names._xmlid_to_res_id(f"customer_tiering_followup.{name}") or (
            names._xmlid_to_res_id("mail.mail_activity_data_todo", raise_if_not_found=True)
        )

    # ---- Merging customers -------------------------------------------------------------------

    @api.model
    def _keep_one_each(self, destination, sources):
        """Leave one open follow-up, and one row per occasion, among partners that are merged.

        :param destination: the partner that stays
        :param sources: the partners that go
        """
        partners = destination | sources
        follow_ups = self.search(
            [
                ("partner_id", "in", partners.ids),
                ("kind", "=", "follow_up"),
                ("state", "in", OPEN_STATES),
            ],
            order="id",
        )
        for of_company in follow_ups.grouped("company_id").values():
            spare = of_company[1:]
            spare.activity_id.unlink()
            spare._cancel()
        self.env.flush_all()
        delete_repeated(self.env.cr, partners.ids)
        self.env.invalidate_all(flush=False)
