"""A simulation as an object: what it goes by, its tables, and its steps."""

from datetime import timedelta

from odoo.addons.set_based_runs.large_statements import enlarge, interpret, shrink
from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.addons.supply_partner.engine.due import due_query
from odoo.addons.supply_partner.engine.forecast import (
    find_shelf_days,
    find_shelves,
    forecast,
    no_forecasts,
)
from odoo.addons.supply_partner.engine.glide_path import (
    GlideCycle,
    GlideState,
    decide,
    follow,
    share_at,
)
from odoo.addons.supply_partner.engine.lead_time import leads_query
from odoo.addons.supply_partner.engine.position import find_positions
from odoo.addons.supply_partner.tools import WEEKS
from odoo.tools import SQL

from .crossings import crossings_query, supplies_query
from .history import history_query
from .replay import (
    day_statement,
    glide_query,
    glide_statement,
    hold_statement,
    seen_query,
    start_query,
    terms_query,
)
from .results import (
    actual_query,
    actuals_query,
    factors_query,
    lines_statement,
    outcomes_query,
    purchases_query,
    stock_query,
)


class Simulation(TemporaryTables):
    """The days of one agreement under its terms, from the first statement to the last.

    It goes by what its scope held when it began. Its temporary tables are its own: ``due``,
    ``positions`` and ``leads`` as a review has them, ``crossings``, ``supplies`` and ``history``
    (what actually happened), ``terms``, ``glide`` (how far the maximum is lowered), ``replay``
    (the days as simulated), and of each line what came of them (``outcomes``), what actually
    happened (``actuals``) and was ordered (``purchases``). Quantities are in the product's unit,
    values in the company's currency, rates fractions of 1. What else this transaction has to say
    must be flushed before.

    :ivar scope: the :class:`~.scope.SimulationScope`
    """

    def __init__(self, cr, scope):
        super().__init__(cr, analyzes=True)
        self.scope = scope

    @property
    def history(self):
        """The table of what actually happened, as SQL; see :func:`~.history.history_query`."""
        return self.table("history")

    def run(self):
        """Simulate the days; nothing that others see is written."""
        scope = self.scope
        due = self.create("due", due_query(scope.review))
        positions = find_positions(self, scope.review, due)
        leads = self.create("leads", leads_query(scope.before, due))
        crossings = self.create("crossings", crossings_query(scope, due))
        supplies = self.create("supplies", supplies_query(scope, crossings))
        forecasts = self._forecast(due, positions, leads)
        history = self.create(
            "history",
            history_query(scope, due, positions, leads, crossings, supplies, forecasts),
        )
        self.drop("crossings")
        terms = self.create("terms", terms_query(scope, due))
        replay = self.create("replay", start_query(scope, history))
        glide = self.create("glide", glide_query(scope))
        self._replay(due, history, terms, replay, glide)
        self.create("outcomes", outcomes_query(scope, replay))
        self.create("actuals", actuals_query(history))
        self.create("purchases", purchases_query(scope, supplies))

    def _forecast(self, due, positions, leads):
        """Return the table of the forecasts as of each review's day, from what was before it.

        A season is left out: it would be known only from days that were still to come.
        """
        scope = self.scope
        if not scope.review.has_forecasts:
            return no_forecasts()
        since = scope.review.start_of(scope.first - timedelta(weeks=WEEKS))
        shelves = find_shelves(self, due)
        days = find_shelf_days(self, scope.review, due, shelves, positions, since)
        asked = SQL(
            "SELECT shelf.line_id, reviews.day, %s AS weeks "
            "FROM %s shelf, (%s) AS reviews (day, next_day)",
            WEEKS,
            shelves,
            scope.reviews_values(),
        )
        return forecast(self, scope.review, shelves, days, leads, asked, None)

    def _replay(self, due, history, terms, replay, glide):
        execute = self.cr.execute
        execute(SQL("CREATE INDEX ON %s (day)", replay))
        execute(SQL("CREATE INDEX ON %s (arrival) WHERE arrival IS NOT NULL", replay))
        execute(SQL("CREATE INDEX ON %s (day)", history))
        # Few rows of many days are read at a time, each line's once.
        interpret(self.cr)
        execute("SET LOCAL enable_nestloop = off")
        # Planned once, and not for each day.
        step = self.table("day")
        execute(
            SQL(
                "PREPARE %s (date) AS %s",
                step,
                day_statement(self.scope, replay, history, terms, glide, SQL("$1")),
            )
        )
        try:
            # After a failure it can be forgotten only where the transaction goes on.
            with self.cr.savepoint(flush=False):
                self._replay_days(step, due, history, replay, glide)
        finally:
            execute(SQL("DEALLOCATE %s", step))
        execute("SET LOCAL enable_nestloop TO DEFAULT")
        execute(SQL("ANALYZE %s", replay))

    def _replay_days(self, step, due, history, replay, glide):
        """Go through the days in order.

        :param step: the name of the prepared statement of a day
        """
        execute, scope = self.cr.execute, self.scope
        states = dict.fromkeys(map(float, scope.factors), GlideState())
        reviews = dict(scope.reviews)
        for day in scope.days():
            execute(SQL("EXECUTE %s (%s)", step, day))
            if scope.minimum_value and day in reviews:
                execute(hold_statement(scope, due, replay, history, day, reviews[day]))
            if scope.glide:
                self._follow_glide(replay, history, glide, day, states)

    def _follow_glide(self, replay, history, glide, day, states):
        """Decide after a day whether a cycle of the glide path ends, for each factor.

        :param states: the :class:`GlideState` by factor, brought up to date
        """
        terms = self.scope.glide
        for row in self._get(seen_query(replay, history, glide, day)):
            factor = float(row["factor"])
            decision = decide(
                terms,
                states[factor],
                GlideCycle(
                    days=(day - row["first_day"]).days + 1,
                    units=row["units"],
                    good_units=row["good"],
                    wanted=float(row["wanted"]),
                    served=float(row["served"]),
                ),
            )
            if decision.action == "run":
                continue
            states[factor] = follow(states[factor], decision)
            pause = terms.wait_days if decision.action in ("back", "halt") else 0
            self.cr.execute(
                glide_statement(
                    glide,
                    row["factor"],
                    share_at(decision.step, terms),
                    day + timedelta(days=1 + pause),
                )
            )

    def has_demand(self):
        """Return whether anything was demanded in the days."""
        self.cr.execute(
            SQL(
                "SELECT EXISTS (SELECT FROM %s WHERE deliveries + sales + backlog > 0)",
                self.history,
            )
        )
        return self.cr.fetchone()[0]

    def add_lines(self, simulation_id, company_id):
        """Insert a ``vmi.simulation.line`` for each line of the agreement."""
        enlarge(self.cr)
        self.cr.execute(lines_statement(self, self.scope, simulation_id, company_id))
        shrink(self.cr)

    def get_factors(self):
        """Return what came of all lines; see :func:`~.results.factors_query`."""
        return self._get(factors_query(self))

    def get_actual(self):
        """Return what actually happened to all lines; see :func:`~.results.actual_query`."""
        [row] = self._get(actual_query(self))
        return row

    def get_stock(self):
        """Return what the stock was worth each day; see :func:`~.results.stock_query`."""
        return self._get(stock_query(self, self.scope))

    def _get(self, query):
        self.cr.execute(query)
        return self.cr.dictfetchall()
