from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.overview_page.tools.dates import format_day
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ..engine.overview import figure_columns, moves_query, standings_query
from .res_partner import TIERING_GROUP

MANAGER_GROUP = "customer_tiering.group_tiering_manager"
ALL_CUSTOMERS_GROUP = "sales_team.group_sale_salesman_all_leads"
# What is about to happen happens within so many days.
AHEAD_DAYS = 30


class CustomerTierOverview(models.AbstractModel):
    """The page that Customer Tiers opens on; add-ons add what they measure."""

    _name = "customer.tier.overview"
    _inherit = "overview.page"
    _description = "Customer Tiers Overview"

    @api.model
    def _check_may_see(self):
        result = super()._check_may_see()
        if not self.env.user.has_group(TIERING_GROUP):
            raise AccessError(self.env._("You need the role User: See Tiers for this page."))
        return result

    @api.model
    def _get_currency(self):
        return self.env.company.root_id.sudo().currency_id

    @api.model
    def _get_subtitle(self, scope):
        return self.env.company.root_id.name

    @api.model
    def _get_scopes(self):
        """Managers look at the company first, team leaders at the team, salespeople at theirs."""
        user = self.env.user
        names = ["mine"]
        if self._get_team_users():
            names.insert(0, "team")
        if user.has_group(MANAGER_GROUP):
            names.insert(0, "company")
        elif user.has_group(ALL_CUSTOMERS_GROUP):
            names.append("company")
        elif not user.has_group("sales_team.group_sale_salesman"):
            # Who sells nothing has no customers.
            names = ["company"]
        labels = {
            "company": self.env._("Company"),
            "team": self.env._("My Team"),
            "mine": self.env._("Mine"),
        }
        return [{"value": name, "label": labels[name]} for name in names]

    @api.model
    def _get_team_users(self):
        """Return the salespeople of the teams that the user leads, the user among them.

        Read with all rights: who leads a team sees its members whatever their companies.
        """
        return self._once("team", self._read_team_users)

    @api.model
    def _read_team_users(self):
        members = self.env["crm.team.member"].sudo()
        found = members._read_group([("crm_team_id.user_id", "=", self.env.uid)], ["user_id"])
        if not found:
            return self.env["res.users"]
        return self.env["res.users"].browse({self.env.uid, *(user.id for (user,) in found)})

    @api.model
    def _get_scope_domain(self, scope, salesperson="partner_id.user_id"):
        """Return which records of customers are of a scope, apart from the company.

        :param salesperson: the path of the field that says whose a record is
        """
        if scope == "company":
            return Domain.TRUE
        if scope == "team":
            return Domain(salesperson, "in", self._get_team_users().ids)
        return Domain(salesperson, "=", self.env.uid)

    @api.model
    def _open_scoped(
        self, xmlid, scope, domain=(), context=None, salesperson="partner_id.user_id", **values
    ):
        """Open a list of customers' records of a scope in the current company.

        The scope *Mine* is a filter of the list where it has one of the name ``mine``, and is
        therefore given as such.
        """
        domain = Domain(list(domain)) & Domain("company_id", "=", self.env.company.root_id.id)
        context = dict(context or {})
        if scope == "mine":
            context["search_default_mine"] = 1
        else:
            domain &= self._get_scope_domain(scope, salesperson)
        return self._open(xmlid, domain, context, **values)

    @api.model
    def _get_today(self):
        return self.env.company.root_id.sudo()._tiering_now().date()

    @api.model
    def _get_steps(self):
        """The way from a new database to benefits, until it is gone."""
        if not self.env.user.has_group(MANAGER_GROUP):
            return []
        company = self.env.company.root_id
        policy, run = self._get_policy(), self._get_run()
        has_benefit = any(tier._has_benefit() for tier in self._get_tiers())
        if run and has_benefit:
            return []
        has_preview = bool(run) or self._has_preview()
        return [
            {
                "name": "policy",
                "label": self.env._("Check the policy"),
                "text": self.env._(
                    "What counts, and from which score customers are in which tier."
                ),
                "is_done": bool(policy) and (has_preview or policy.write_uid.id != SUPERUSER_ID),
                "button": self.env._("Open the Policy"),
                "action": self._open(
                    "customer_tiering.customer_tier_policy_action",
                    **(
                        {"res_id": policy.id, "view_mode": "form", "views": [(False, "form")]}
                        if policy
                        else {}
                    ),
                ),
            },
            {
                "name": "preview",
                "label": self.env._("Preview"),
                "text": self.env._("See who would be in which tier. Nothing is changed."),
                "is_done": has_preview,
                "button": self.env._("Preview Tiers"),
                "action": self._open("customer_tiering.customer_tier_preview_action"),
            },
            {
                "name": "run",
                "label": self.env._("Run"),
                "text": self.env._("Give each customer a score and a tier; from then on nightly."),
                "is_done": bool(run),
                "button": self.env._("Run Now"),
                "action": self._open("customer_tiering.customer_tier_run_action"),
            },
            {
                "name": "benefits",
                "label": self.env._("Benefits"),
                "text": self.env._(
                    "Say what a tier gives: a discount, a pricelist, payment terms, a service "
                    "level."
                ),
                "is_done": has_benefit,
                "button": self.env._("Set Benefits"),
                "action": self._open(
                    "customer_tiering.customer_tier_action",
                    [("company_id", "=", company.id), ("policy_id.active", "=", True)],
                ),
            },
        ]

    @api.model
    def _get_policy(self):
        """Return the active policy of the company, or none."""
        domain = [("company_id", "=", self.env.company.root_id.id)]
        names = ["name", "evaluation_hour", "write_uid", "failures"]
        policies = self.env["customer.tier.policy"]
        return self._once("policy", lambda: policies.search_fetch(domain, names, limit=1))

    @api.model
    def _get_run(self):
        """Return the run that made the company's scores, or none."""
        runs = self.env["customer.tier.evaluation"]
        domain = runs._domain_of_runs()
        domain &= Domain("company_id", "=", self.env.company.root_id.id)
        names = ["as_of", "is_scheduled", "create_date", "changed_count", "customer_count"]
        return self._once("run", lambda: runs.search_fetch(domain, names, order="id desc", limit=1))

    @api.model
    def _get_tiers(self):
        return self._once("tiers", self.env["customer.tier"]._get_current_tiers)

    @api.model
    def _has_preview(self):
        domain = [
            ("company_id", "=", self.env.company.root_id.id),
            ("is_simulation", "=", True),
            ("state", "=", "done"),
        ]
        return bool(self.env["customer.tier.evaluation"].search_count(domain, limit=1))

    @api.model
    def _get_sections(self, scope):
        today = self._get_today()
        month_ago, month = today - relativedelta(months=1), today.replace(day=1)
        moves = self._read_moves(scope, month_ago, month)
        sections = super()._get_sections(scope)
        if self._get_run():
            until = today + timedelta(days=AHEAD_DAYS)
            figures = self._get_figures(scope)
            sections += [
                self._section(
                    "tiers",
                    self.env._("Tiers"),
                    self._get_tier_tiles(scope, figures, moves, month_ago),
                ),
                self._section(
                    "attention",
                    self.env._("Needs Attention"),
                    self._get_attention_tiles(scope, figures, until),
                ),
                self._section(
                    "decisions",
                    self.env._("To Decide")
                    if self.env.user.has_group(MANAGER_GROUP)
                    else self.env._("Overrides"),
                    self._get_override_tiles(scope, moves),
                ),
                self._section(
                    "moves",
                    self.env._("This Month"),
                    self._get_move_tiles(scope, moves, month)
                    + self._get_compliance_tiles(scope, today),
                ),
            ]
        sections.append(
            self._section("runs", self.env._("Tier Runs"), self._get_run_tiles(self._get_run()))
        )
        return sections

    @api.model
    def _add_tiles(self, sections, name, tiles):
        """Put tiles into a section, for add-ons; nothing happens before there are tiers."""
        for section in sections:
            if section["name"] == name:
                section["tiles"] += tiles
        return sections

    @api.model
    def _get_figures(self, scope):
        """Return the figures of a scope's customers, {tier's id: {name: figure}}, read once.

        Customers without a tier are not among them.
        """
        figures = self._once(("figures", scope), lambda: self._read_figures(scope))
        return {tier: row for tier, row in figures.items() if tier}

    @api.model
    def _sum_figures(self, scope, *names):
        """Return sums of figures over all of a scope's customers, with a tier or without."""
        figures = self._once(("figures", scope), lambda: self._read_figures(scope))
        return [sum(row[name] for row in figures.values()) for name in names]

    @api.model
    def _get_figure_columns(self):
        """Return {name: SQL} of the figures by tier; another add-on adds its own."""
        today = self._get_today()
        return figure_columns(today - relativedelta(months=1), today + timedelta(days=AHEAD_DAYS))

    @api.model
    def _read_figures(self, scope):
        """Return the rows of :func:`~..engine.overview.standings_query` by tier's id."""
        standings = self.env["customer.standing"]
        domain = Domain("company_id", "=", self.env.company.root_id.id)
        domain &= self._get_scope_domain(scope)
        columns = self._get_figure_columns()
        self.env.flush_all()
        rows = self.env.execute_query(standings_query(standings._search(domain), columns.values()))
        return {tier: dict(zip(columns, rest, strict=True)) for tier, *rest in rows}

    @api.model
    def _read_moves(self, scope, month_ago, month):
        """Return the rows of :func:`~..engine.overview.moves_query`, {(what, tier's id): count}."""
        scoped = Domain("company_id", "=", self.env.company.root_id.id)
        scoped &= self._get_scope_domain(scope)
        changes = self.env["customer.standing.change"]
        since = min(month_ago, month - timedelta(days=1))
        rows = self.env.execute_query(
            moves_query(
                changes._search(scoped & Domain("date", ">", since)),
                self.env["customer.tier.override"]._search(
                    scoped & (self._requested_domain() | self._ending_domain())
                ),
                month,
            )
        )
        return {(what, tier): count for what, tier, count in rows}

    @api.model
    def _requested_domain(self):
        return Domain("state", "=", "requested")

    @api.model
    def _ending_domain(self):
        """Return which overrides end soon."""
        today = self._get_today()
        until = today + timedelta(days=AHEAD_DAYS)
        return Domain("state", "=", "active") & Domain(
            [("date_end", ">=", str(today)), ("date_end", "<=", str(until))]
        )

    @api.model
    def _get_tier_tiles(self, scope, figures, moves, month_ago):
        tiers = self._get_tiers()
        total = sum(row["earned"] for row in figures.values())
        since = self.env._("since %s", format_day(self.env, month_ago))
        empty = dict.fromkeys(("customers", "revenue", "earned", "arrived"), 0)
        tiles = []
        for tier in tiers:
            row = figures.get(tier.id, empty)
            change = row["arrived"] - moves.get(("from", tier.id), 0)
            words = {
                "revenue": self._show_money(row["revenue"]),
                "share": f"{100 * float(row['earned']) / float(total):.0f}%" if total else "–",
            }
            tiles.append(
                self._tile(
                    f"tier_{tier.id}",
                    tier.name,
                    row["customers"],
                    color=tier.color,
                    icon=tier.icon or False,
                    hint=self.env._("%(revenue)s revenue, %(share)s of all", **words),
                    change=change != 0
                    and {"value": change, "kind": "integer", "is_good": None, "label": since},
                    counts=True,
                    action=self._open_scoped(
                        "customer_tiering.customer_standing_action",
                        scope,
                        [("tier_id", "=", tier.id)],
                        name=tier.name,
                    ),
                )
            )
        return tiles

    @api.model
    def _get_attention_tiles(self, scope, figures, until):
        sums = {
            name: sum(row[name] for row in figures.values())
            for name in (
                "at_risk",
                "at_stake",
                "lost",
                "lost_revenue",
                "falling",
                "falling_revenue",
            )
        }
        at_risk = self._open_scoped("customer_tiering.customer_standing_at_risk_action", scope)
        return [
            self._tile(
                "at_risk",
                self.env._("At Risk"),
                sums["at_risk"],
                icon="fa-exclamation-triangle",
                tone="warning" if sums["at_risk"] else False,
                hint=self.env._("order less often or for less"),
                counts=True,
                action=at_risk,
            ),
            self._tile(
                "at_stake",
                self.env._("Revenue at Stake"),
                float(sums["at_stake"]),
                "monetary",
                icon="fa-money",
                hint=self.env._("what customers at risk bought in the period before"),
                action=at_risk,
            ),
            self._tile(
                "downgrades",
                self.env._("Upcoming Downgrades"),
                sums["falling"],
                icon="fa-level-down",
                tone="warning" if sums["falling"] else False,
                hint=self.env._(
                    "within %(days)s days, %(revenue)s revenue",
                    days=AHEAD_DAYS,
                    revenue=self._show_money(sums["falling_revenue"]),
                ),
                counts=True,
                action=self._open_scoped(
                    "customer_tiering.customer_standing_downgrade_action",
                    scope,
                    [("tier_id", "!=", False), ("downgrade_on", "<=", str(until))],
                ),
            ),
            self._tile(
                "lost",
                self.env._("Lost"),
                sums["lost"],
                icon="fa-user-times",
                hint=self.env._("used to bring %s", self._show_money(sums["lost_revenue"])),
                counts=True,
                action=self._open_scoped("customer_tiering.customer_standing_lost_action", scope),
            ),
        ]

    @api.model
    def _get_move_tiles(self, scope, moves, month):
        def tile(name, label, icon):
            return self._tile(
                f"moved_{name}",
                label,
                moves.get((name, None), 0),
                icon=icon,
                counts=True,
                action=self._open_scoped(
                    "customer_tiering.customer_standing_change_action",
                    scope,
                    [("direction", "=", name), ("date", ">=", str(month))],
                    name=label,
                ),
            )

        return [
            tile("up", self.env._("Upgrades"), "fa-arrow-up"),
            tile("down", self.env._("Downgrades"), "fa-arrow-down"),
        ]

    @api.model
    def _get_override_tiles(self, scope, moves):
        def action(domain):
            action = self._open_scoped("customer_tiering.customer_tier_override_action", scope)
            # The list's own filter "mine" is for who asked, not for whose customer it is.
            action["context"] = {}
            action["domain"] = list(
                Domain(action["domain"]) & domain & self._get_scope_domain(scope)
            )
            return action

        requested = moves.get(("requested", None), 0)
        return [
            self._tile(
                "overrides_requested",
                self.env._("Overrides to Decide")
                if self.env.user.has_group(MANAGER_GROUP)
                else self.env._("Overrides Requested"),
                requested,
                icon="fa-gavel",
                tone="warning" if requested else False,
                hint=self.env._("requests that wait for a manager"),
                counts=True,
                action=action(self._requested_domain()),
            ),
            self._tile(
                "overrides_ending",
                self.env._("Overrides Ending"),
                moves.get(("active", None), 0),
                icon="fa-hourglass-end",
                hint=self.env._("within %s days", AHEAD_DAYS),
                counts=True,
                action=action(self._ending_domain()),
            ),
        ]

    @api.model
    def _get_compliance_tiles(self, scope, today):
        """Return which share of what service levels promised was kept, where it is measured."""
        report = self.env["customer.promise.report"]
        if not report._promise_sources():
            return []
        since = f"{today - timedelta(days=AHEAD_DAYS)} 00:00:00"
        decided = Domain("state", "in", ("kept", "broken")) & Domain("promised_date", ">=", since)
        [(due, kept)] = report._read_group(
            Domain("company_id", "=", self.env.company.root_id.id)
            & self._get_scope_domain(scope)
            & decided,
            [],
            ["decided_count:sum", "is_kept:sum"],
        )
        if due:
            hint = self.env._(
                "%(kept)s of %(due)s kept in %(days)s days", kept=kept, due=due, days=AHEAD_DAYS
            )
        else:
            hint = self.env._("nothing was due in %s days", AHEAD_DAYS)
        return [
            self._tile(
                "compliance",
                self.env._("Service Level Compliance"),
                kept / due if due else None,
                "percentage",
                icon="fa-handshake-o",
                hint=hint,
                action=self._open_scoped(
                    "customer_tiering.customer_promise_report_action", scope, decided
                ),
            )
        ]

    @api.model
    def _get_run_tiles(self, run):
        policy = self._get_policy()
        runs = self._open(
            "customer_tiering.customer_tier_evaluation_action",
            [("company_id", "=", self.env.company.root_id.id)],
        )
        return [
            self._tile(
                "last_run",
                self.env._("Last Run"),
                fields.Datetime.to_string(run.create_date) if run else None,
                "date",
                icon="fa-history",
                hint=self.env._("the last nightly run failed")
                if (policy.failures or {}).get("evaluate")
                else self._describe_run(run),
                action=runs,
            ),
            self._tile(
                "next_run",
                self.env._("Next Run"),
                self._get_next_run(policy, run) if policy else None,
                "date",
                icon="fa-clock-o",
                hint=policy.name or self.env._("There is no active policy."),
                action=policy
                and self._open(
                    "customer_tiering.customer_tier_policy_action",
                    res_id=policy.id,
                    view_mode="form",
                    views=[(False, "form")],
                ),
            ),
        ]

    @api.model
    def _describe_run(self, run):
        if not run:
            return self.env._("Tiers were not calculated yet.")
        if run.changed_count == 1:
            return self.env._("1 of %s customers placed or moved", run.customer_count)
        return self.env._(
            "%(changed)s of %(customers)s customers placed or moved",
            changed=run.changed_count,
            customers=run.customer_count,
        )

    @api.model
    def _get_next_run(self, policy, run):
        """Return the moment of the next nightly run, in UTC as the client reads it."""
        company = self.env.company.root_id.sudo()
        now = company._tiering_now()
        day = now.date()
        is_done = run and run.is_scheduled and run.as_of >= day
        if is_done or now.hour > policy.evaluation_hour:
            day += timedelta(days=1)
        zone = ZoneInfo(company._tiering_timezone())
        moment = datetime.combine(day, time(policy.evaluation_hour), zone)
        return fields.Datetime.to_string(moment.astimezone(UTC).replace(tzinfo=None))

    @api.model
    def _show_money(self, amount):
        """Return an amount as a text without decimals."""
        currency = self.env["res.currency"].get_all_currencies()[self._get_currency().id]
        number = formatLang(self.env, float(amount), digits=0)
        if currency["position"] == "before":
            return f"{currency['symbol']}{number}"
        return f"{number} {currency['symbol']}"
