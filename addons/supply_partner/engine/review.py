"""A review as an object: what it goes by, its tables, and its steps."""

from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.tools import SQL

from .alerts import ended_alerts_statement, new_alerts_statement
from .apply import (
    lines_statement,
    orderpoints_statement,
    proposals_query,
    purchase_lines_statement,
    transfer_lines_statement,
)
from .demand import demands_query
from .due import due_query
from .findings import findings_query
from .forecast import (
    find_seasons,
    find_shelf_days,
    find_shelves,
    forecast,
    no_forecasts,
    review_start,
    season_indices_query,
)
from .forecast_methods import compared_query, losses_statement, store_challengers_statement
from .forecast_outcomes import outcomes_statement, store_statement
from .lead_time import leads_query
from .locations import inside_query
from .position import find_positions
from .prices import purchase_prices_query
from .served import served_query
from .transfers import agreements_query, rests_statement, transfers_query


class Review(TemporaryTables):
    """One pass over lines of one company, from its first statement to its last.

    It goes by what its scope held when it began. Its temporary tables are its own: ``due``,
    ``positions``, ``demands`` and ``leads`` while it finds where the lines stand, then
    ``findings``, ``transfers`` when locations may share, and ``prices`` when something is to be
    bought, to the end.

    :ivar scope: the :class:`~.scope.ReviewScope`
    :param shared: whether very many lines are looked at; see ``TemporaryTables``
    :param few: whether so few are that each may be looked up
    """

    def __init__(self, cr, scope, shared=False, few=False):
        super().__init__(cr, analyzes=True, shared=shared)
        self.scope = scope
        self._few = few

    def create(self, name, query, few=False, wide=False):
        """Fill a table as ``TemporaryTables`` does; of few lines each is looked up."""
        return super().create(name, query, few or self._few, wide)

    @property
    def findings(self):
        """The table of what was found, as SQL; see :func:`~.findings.findings_query`."""
        return self.table("findings")

    @property
    def transfers(self):
        """The table of what locations give to others, as SQL; see :mod:`~.transfers`."""
        return self.table("transfers")

    def find(self):
        """Find where each line stands; nothing that others see is written."""
        scope = self.scope
        due = self.create("due", due_query(scope), wide=True)
        # What a WITH list keeps, PostgreSQL does not share either.
        inside = self.create("inside", inside_query(due)) if self.shared else None
        positions = find_positions(self, scope, due, inside)
        leads = self.create("leads", leads_query(scope, due))
        demands, forecasts = self.find_demand(due, positions, leads, inside)
        self.create(
            "findings",
            findings_query(scope, due, positions, demands, leads, forecasts),
            wide=True,
        )
        self.drop("due", "inside", "positions", "demands")
        if scope.has_forecasts:
            # The days with moves stay, with what else the comparing of forecasts takes.
            self.drop("formers", "outlooks", "forecasts")
        else:
            self.drop("leads")

    def find_demand(self, due, positions, leads, inside=None):
        """Find the daily demand of each line and, where any goes by one, the forecasts.

        :param inside: the table of :func:`~.locations.inside_query`, when there is one
        :return: the table of demands, and what to join for the forecasts
        """
        scope, forecasts, days = self.scope, no_forecasts(), None
        if scope.has_forecasts:
            shelves = find_shelves(self, due)
            days = find_shelf_days(
                self, scope, due, shelves, positions, review_start(scope), inside
            )
            asked = SQL("SELECT line_id, %s::date AS day, look_back_weeks AS weeks FROM %s",
                        scope.today, shelves)  # fmt: skip
            seasons = find_seasons(self.cr, shelves, scope.company_id)
            forecasts = forecast(self, scope, shelves, days, leads, asked, seasons)
        demands = self.create("demands", demands_query(scope, due, positions, days, inside))
        return demands, forecasts

    def find_season_indices(self):
        """Return the index of each category and month: rows of its id, month and index."""
        due = self.create("due", due_query(self.scope), wide=True)
        positions = find_positions(self, self.scope, due)
        shelves = find_shelves(self, due)
        since = review_start(self.scope)
        days = find_shelf_days(self, self.scope, due, shelves, positions, since)
        self.cr.execute(season_indices_query(self.scope, shelves, days))
        rows = self.cr.fetchall()
        self.drop()
        return rows

    def find_hindrances(self):
        """Return by line id why nothing can be ordered for it; the others are missing."""
        due = self.create("due", due_query(self.scope), wide=True)
        self.cr.execute(SQL("SELECT line_id, hindrance FROM %s WHERE hindrance IS NOT NULL", due))
        found = dict(self.cr.fetchall())
        self.drop("due")
        return found

    def find_served(self, starts, sold_at_once):
        """Return what was wanted and served of each agreement; see :mod:`~.served`.

        :param starts: pairs of an agreement's id and the first day that counts
        """
        due = self.create("due", due_query(self.scope), wide=True)
        self.cr.execute(served_query(self.scope, due, starts, sold_at_once))
        rows = self.cr.dictfetchall()
        self.drop("due")
        return {row["agreement_id"]: row for row in rows}

    def rows(self):
        """Return what was found about each line, as dictionaries."""
        self.cr.execute(SQL("SELECT * FROM %s", self.findings))
        return self.cr.dictfetchall()

    def share_surplus(self, agreement_ids, promise):
        """Find what locations give to others, and leave the rest to be bought.

        Afterwards only the findings of the reviewed agreements are left.

        :param agreement_ids: the agreements under review; other ones only give
        :param promise: called with the ids of the agreements that give, to keep them from giving
            the same to others; returns the ids of those that cannot give at this moment
        """
        findings = self.findings
        self._find_transfers(agreement_ids)
        while busy := promise(self._get_agreement_ids("source_line_id")):
            # What they have is not known: others give, or the vendor does.
            self.cr.execute(
                SQL("UPDATE %s SET gives = FALSE WHERE agreement_id = ANY(%s)", findings, busy)
            )
            self._find_transfers(agreement_ids)
        self.cr.execute(
            SQL("DELETE FROM %s WHERE agreement_id <> ALL(%s)", findings, agreement_ids)
        )
        self.cr.execute(rests_statement(self.scope, findings, self.transfers))

    def _find_transfers(self, agreement_ids):
        self.create("transfers", transfers_query(self.scope, self.findings, agreement_ids))

    def _get_agreement_ids(self, end):
        self.cr.execute(agreements_query(self.transfers, SQL.identifier(end)))
        return [agreement_id for (agreement_id,) in self.cr.fetchall()]

    def write_findings(self):
        """Write the lines and orderpoints that differ from what was found."""
        self.cr.execute(lines_statement(self.findings))
        self.cr.execute(orderpoints_statement(self.findings))

    def get_purchases(self):
        """Return what would be bought, a row per agreement; see :func:`~.apply.proposals_query`."""
        prices = self.create("prices", purchase_prices_query(self.scope, self.findings))
        self.cr.execute(proposals_query(self.findings, prices))
        return self.cr.fetchall()

    def get_taking_agreement_ids(self):
        """Return the ids of the agreements that other locations give something."""
        return self._get_agreement_ids("taker_id")

    def add_purchase_lines(self, user_id, proposals):
        """Insert the lines of new proposals of purchases, once :meth:`get_purchases` was asked.

        :param proposals: pairs (agreement id, proposal id)
        """
        self.cr.execute(
            purchase_lines_statement(self.findings, self.table("prices"), user_id, proposals)
        )

    def add_transfer_lines(self, user_id, proposals):
        """Insert the lines of new proposals of transfers.

        :param proposals: pairs (agreement id, proposal id)
        """
        self.cr.execute(transfer_lines_statement(self.findings, self.transfers, user_id, proposals))

    def write_forecasts(self, agreement_ids):
        """Store what was forecast today, and what came of the forecasts whose time is over.

        :param agreement_ids: of which agreements; what was found may be about others, too
        :return: whether it became known what methods have lost
        """
        if not self.scope.has_forecasts:
            return False
        self.cr.execute(outcomes_statement(self.scope, self.table("shelf_days")))
        self.cr.execute(losses_statement(self.scope.company_id))
        is_known = bool(self.cr.rowcount)
        self.cr.execute(store_statement(self.scope, self.findings, agreement_ids))
        self._store_challengers(agreement_ids)
        return is_known

    def _store_challengers(self, agreement_ids):
        """Store what each method forecasts of the lines that are to be compared today."""
        scope, shelves = self.scope, self.table("shelves")
        compared = self.create(
            "compared", compared_query(scope, shelves, self.findings, agreement_ids)
        )
        self.cr.execute(SQL("SELECT EXISTS (SELECT FROM %s)", compared))
        if self.cr.fetchone()[0]:
            asked = SQL("SELECT line_id, day, weeks FROM %s", compared)
            seasons = find_seasons(self.cr, shelves, scope.company_id)
            made = forecast(
                self, scope, shelves, self.table("shelf_days"), self.table("leads"), asked,
                seasons, every_method=True,
            )  # fmt: skip
            self.cr.execute(store_challengers_statement(made))
            self.drop("outlooks", "forecasts")
        self.drop("compared")

    def get_forecast_classes(self):
        """Return the classes of demand of the lines that go by a forecast of their own weeks."""
        if not self.scope.has_forecasts:
            return set()
        self.cr.execute(
            SQL(
                "SELECT DISTINCT demand_class FROM %s "
                "WHERE forecast_method IS NOT NULL AND demand_class <> 'new'",
                self.findings,
            )
        )
        return {demand_class for (demand_class,) in self.cr.fetchall()}

    def write_alerts(self, agreement_ids):
        """Remove the alerts whose state has ended, and add those whose state is new.

        :param agreement_ids: of which agreements; what was found may be about others, too
        """
        self.cr.execute(ended_alerts_statement(self.findings, agreement_ids))
        self.cr.execute(new_alerts_statement(self.findings, agreement_ids))
