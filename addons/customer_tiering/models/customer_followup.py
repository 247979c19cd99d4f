from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools.transactions import commit_step

# Activities made in one transaction.
BATCH = 1000
# Rows added in one transaction.
INSERT_BATCH = 10_000
# What is not settled yet.
OPEN_STATES = ("waiting", "planned")
UNSETTLED_STATES = ("unassigned", *OPEN_STATES)
# The columns that plans fill.
PLANNED_COLUMNS = (
    "partner_id",
    "tier_id",
    "kind",
    "occasion",
    "user_id",
    "date_due",
    "last_contact_date",
    "template_id",
)


class CustomerFollowup(models.Model):
    """Ledger of what was planned for customers, and of when it was done.

    Rows are added by the scheduled action, and settled when their activity is done or
    deleted. The unique constraint is what keeps a thing from being planned twice, whoever
    plans at the same time and wherever a run was killed.
    """

    _name = "customer.followup"
    _description = "Care for a Customer"
    _order = "date_due desc, id desc"
    _rec_name = "partner_id"
    # Who wrote a row says nothing, and foreign keys cost time.
    _log_access = False

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", index=True)
    tier_id = fields.Many2one(
        "customer.tier", ondelete="restrict", help="The tier that the customer held then."
    )
    kind = fields.Selection(
        [
            ("follow_up", "Follow-up"),
            ("plan", "Activity plan"),
            ("anniversary", "Anniversary of the first order"),
        ],
        required=True,
    )
    occasion = fields.Char(
        required=True, help="What the kind is planned for once: a day, a year, a move."
    )
    user_id = fields.Many2one("res.users", "Account Manager")
    date_planned = fields.Date("Planned On", required=True)
    date_due = fields.Date(
        "Due", required=True, help="The activity's first deadline: what counts as done in time."
    )
    last_contact_date = fields.Date("Last Contact", help="As it was known on the planning day.")
    template_id = fields.Many2one(
        "mail.activity.plan.template", "Activity of the Plan", ondelete="set null"
    )
    activity_id = fields.Many2one("mail.activity", ondelete="set null", index="btree_not_null")
    state = fields.Selection(
        [
            ("unassigned", "Nobody responsible"),
            ("waiting", "About to be planned"),
            ("planned", "Planned"),
            ("done", "Done in time"),
            ("late", "Done late"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
    )
    date_done = fields.Date()
    date_cancelled = fields.Date()
    team_id = fields.Many2one(
        related="user_id.sale_team_id",
        string="Sales Team",
        help="The sales team of the account manager.",
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
        for care in self:
            care.display_name = self.env._(
                "%(customer)s: %(kind)s, %(day)s",
                customer=care.partner_id.display_name,
                kind=kinds.get(care.kind),
                day=format_date(self.env, care.date_due),
            )

    @api.model
    def _cron_plan(self):
        """Plan what customers are due, and make the activities, until the time is up.

        Each step is committed by itself, and the next call goes on where this one ended. One
        company's trouble stops no other.
        """
        commit = self.env["ir.cron"]._commit_progress
        care = self.sudo()
        policies = self.env["customer.tier.policy"].sudo()
        # There is something to come back for until the end is reached.
        commit(remaining=1)
        unsettled = care._read_group([("state", "in", UNSETTLED_STATES)], ["company_id"])
        companies = policies.search([]).company_id.union(*(company for (company,) in unsettled))
        for company in companies.sorted("id"):
            if policies._attempt(company, "care", partial(care._plan_company, company, commit)) is (
                False
            ):
                return
        commit(remaining=0)

    def _plan_company(self, company, commit):
        """Plan for one company; return False when the time is up before the end."""
        commit_step(self.env, partial(self._hand_over, company, OPEN_STATES), commit)
        commit_step(self.env, partial(self._settle_vanished, company), commit)
        # Those first that an earlier call had no time for.
        if not self._make_activities(commit, company):
            return False
        policy = self.env["customer.tier.policy"].search([("company_id", "=", company.id)])
        for planner in self._planners() if policy else ():
            planner(policy, commit)
            if not self._make_activities(commit, company):
                return False
        # What had nobody, and is planned by nothing any more, now that somebody is there.
        commit_step(self.env, partial(self._hand_over, company, ("unassigned",)), commit)
        return self._make_activities(commit, company)

    @api.model
    def _plan_soon(self):
        """Have the scheduled action run."""
        self.env.ref("customer_tiering.ir_cron_followup").sudo()._trigger()

    def _planners(self):
        """Return what plans for a policy's customers: called with the policy and ``commit``.

        What has its day comes before what takes the days that are left.
        """
        return []

    def _settle_vanished(self, company):
        """Cancel what lost its activity, and what nobody took on in a month."""
        vanished = Domain("state", "=", "planned") & Domain("activity_id", "=", False)
        forgotten = Domain("state", "=", "unassigned") & Domain("date_due", "<", "today -30d")
        cares = self.search(
            Domain("company_id", "=", company.id)
            & (vanished | forgotten & Domain("kind", "!=", "follow_up"))
        )
        cares._cancel()
        return len(cares)

    def _cancel(self):
        """Note that what was planned will not be done."""
        for company, cares in self.grouped("company_id").items():
            today = company._tiering_now().date()
            cares.write({"state": "cancelled", "date_cancelled": today})

    def _forget(self):
        """Delete rows and their open activities: their kind goes with its add-on."""
        self.filtered(lambda care: care.state == "planned").activity_id.unlink()
        self.unlink()

    @api.model
    def _note_done(self, activity_ids):
        """Note that activities were marked done, in time or late."""
        cares = self.search([("activity_id", "in", activity_ids), ("state", "=", "planned")])
        for company, of_company in cares.grouped("company_id").items():
            today = company._tiering_now().date()
            late = of_company.filtered(lambda care, today=today: care.date_due < today)
            late.write({"state": "late", "date_done": today})
            (of_company - late).write({"state": "done", "date_done": today})

    # ------------------------------------------------------------------
    # Adding rows
    # ------------------------------------------------------------------

    def _add(self, policy, planned, commit, more=()):
        """Add rows for what is planned, in batches; what was planned before is passed over.

        A row that found nobody responsible is taken up again when somebody is.

        :param planned: SQL name of a temporary table with the planned columns and ``place``,
            1 … n; ``user_id`` is NULL where nobody is responsible
        :param commit: as for ``commit_step``
        :param more: names of further columns of both tables
        """
        columns = [*PLANNED_COLUMNS, *more]
        today = policy._get_today()
        [(count,)] = self.env.execute_query(SQL("SELECT COUNT(*) FROM %s", planned))

        def insert(first):
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO customer_followup (%(columns)s, company_id, date_planned, state)
                    SELECT %(values)s, %(company)s, %(today)s,
                           CASE WHEN planned.user_id IS NULL THEN 'unassigned' ELSE 'waiting' END
                      FROM %(planned)s AS planned
                      -- A partner who was deleted since has no row to override, either.
                      JOIN res_partner AS partner ON partner.id = planned.partner_id
                     WHERE place >= %(first)s AND place < %(end)s
                  ORDER BY place
                        ON CONFLICT (partner_id, company_id, kind, occasion) DO UPDATE
                       SET (user_id, date_due, date_planned, state) =
                           (EXCLUDED.user_id, EXCLUDED.date_due, EXCLUDED.date_planned, 'waiting')
                     WHERE customer_followup.state = 'unassigned' AND EXCLUDED.user_id IS NOT NULL
                    """,
                    columns=SQL(", ").join(SQL.identifier(column) for column in columns),
                    values=SQL(", ").join(SQL.identifier("planned", column) for column in columns),
                    company=policy.company_id.id,
                    today=today,
                    planned=planned,
                    first=first,
                    end=first + INSERT_BATCH,
                )
            )
            self.env.invalidate_all(flush=False)

        for first in range(1, count + 1, INSERT_BATCH):
            commit_step(self.env, partial(insert, first), commit)

    # ------------------------------------------------------------------
    # Making activities
    # ------------------------------------------------------------------

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

    def _make_batch(self, waiting):
        """Make the activities of the oldest rows that wait and return how many."""
        cares = self.search(waiting, order="id", limit=BATCH)
        # Whoever left meanwhile gets nothing; the next planning asks for somebody else.
        orphans = cares.filtered(lambda care: not care.user_id.active)
        count, served = len(cares), cares - orphans
        orphans.unlink()
        # No mail to each account manager for each activity.
        activities = self.env["mail.activity"].with_context(mail_activity_quick_update=True)
        # The activities take the names one by one: have all of them at hand.
        partners = [care._get_activity_partner().id for care in served]
        self.env["res.partner"].browse(partners).mapped("display_name")
        made = activities.create([care._prepare_activity_vals() for care in served])
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_followup AS care
                   SET activity_id = made.activity_id, state = 'planned'
                  FROM UNNEST(%s::int[], %s::int[]) AS made (id, activity_id)
                 WHERE care.id = made.id
                """,
                served.ids,
                made.ids,
            )
        )
        self.env.invalidate_all(flush=False)
        return count

    def _get_activity_partner(self):
        """Return the contact on whose form the activity stands."""
        return self.partner_id

    def _prepare_activity_vals(self):
        """Return the values of the activity, in the account manager's language."""
        self.ensure_one()
        care = self.with_context(lang=self.user_id.lang)
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
            **getattr(care, f"_prepare_{self.kind}_vals")(),
        }

    def _get_id(self, name):
        """Return the id of an activity type of this add-on, without a query for each activity.

        Somebody may have deleted it: then it is a to-do.
        """
        names = self.env["ir.model.data"]
        return names._xmlid_to_res_id(f"customer_tiering.{name}") or names._xmlid_to_res_id(
            "mail.mail_activity_data_todo", raise_if_not_found=True
        )

    # ------------------------------------------------------------------
    # Merging customers
    # ------------------------------------------------------------------

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
        self.env.cr.execute(
            SQL(
                """
                WITH ranked AS (
                    SELECT id, ROW_NUMBER() OVER (
                               PARTITION BY company_id, kind, occasion
                               ORDER BY state = 'planned' DESC, date_done, id) AS place
                      FROM customer_followup
                     WHERE partner_id = ANY(%s)
                )
                DELETE FROM customer_followup
                      USING ranked
                      WHERE ranked.id = customer_followup.id AND ranked.place > 1
                """,
                partners.ids,
            )
        )
        self.env.invalidate_all(flush=False)
