"""A back-test as an object: what it goes by, its tables, and its steps."""

from dataclasses import dataclass, replace
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.addons.customer_tiering.engine.facts import facts_query
from odoo.addons.customer_tiering.engine.movement import equivalent_tiers
from odoo.addons.customer_tiering.engine.scope import Scope
from odoo.addons.set_based_runs.large_statements import interpret
from odoo.tools import SQL

from .prediction import prediction_query
from .tier_history import migrations_query


@dataclass(frozen=True)
class Period(Scope):
    """The months after a day.

    Counting the months back from the last day would begin too early after a clipped
    month: six months before 28 February is 28 August, also for an ``after`` of 31 August.

    :ivar after: the last local date before the period
    """

    after: date | None = None

    @property
    def window_start(self) -> date:
        return self.after


def period_after(scope, months):
    """Return the :class:`Period` of so many months that follow a scope's date."""
    until = scope.as_of + relativedelta(months=months)
    return Period(**{**vars(scope), "as_of": until, "window_months": months, "after": scope.as_of})


class Backtest:
    """One back-test, from its first statement to its last.

    It works with the temporary tables of a tier run, and fills one more of them: ``bought``, what
    each customer bought in the period.

    :ivar run: the core's ``engine.run.Run`` as of the past day, open and not computed yet
    :ivar everybody: the ``engine.facts.Facts`` of what every contact bought, ranked or not
    :ivar period: the :class:`Period` of so many months after the day
    """

    def __init__(self, run, everybody, months):
        self.run = run
        self.everybody = everybody
        self.period = period_after(run.scope, months)

    def gather(self):
        """Rank the customers as of the day, and read what was bought in the period after it."""
        self.run.compute()
        bought = facts_query(self.period, self.everybody, with_prospects=False)
        self.run.create("bought", SQL("SELECT partner_id, revenue FROM (%s) AS facts", bought))

    def predict(self):
        """Return how well the scores of the day predicted what was bought in the period.

        Spearman's correlations are Pearson's over ranks, where equal figures share the mean of
        their ranks. A choice by a figure takes the customers with the highest; where equal ones
        straddle the end of the choice, they count by the part of them that fits. Revenue below
        zero counts as none in the shares, not in the ranks.

        :return: dict with ``customers`` (ranked on that day), ``top_customers`` (those in the
            best tier by their score), ``revenue`` (what the ranked bought in the period) and
            ``other_revenue`` (what all others did), ``score_correlation`` and
            ``revenue_correlation`` (−1 to 1), ``captured_by_tier``, ``captured_by_best`` and
            ``captured_by_revenue`` (shares of ``revenue``, 0 to 1); None where there is nothing
            to measure
        """
        run, cr = self.run, self.run.cr
        year_before = replace(run.scope, window_months=12)
        compared = run.create(
            "compared",
            SQL(
                """
                SELECT ranked.score,
                       ranked.candidate_tier_id = %(best_tier)s AS is_top,
                       COALESCE(before.revenue, 0) AS earlier,
                       COALESCE(bought.revenue, 0) AS later
                  FROM %(ranked)s AS ranked
             LEFT JOIN (%(before)s) AS before ON before.partner_id = ranked.partner_id
             LEFT JOIN %(bought)s AS bought ON bought.partner_id = ranked.partner_id
                 WHERE ranked.lifecycle IS DISTINCT FROM 'prospect'
                """,
                best_tier=run.rules.tiers[0].tier_id,
                ranked=run.standings,
                before=facts_query(year_before, self.everybody, with_prospects=False),
                bought=run.table("bought"),
            ),
        )
        cr.execute(prediction_query(compared, run.table("bought")))
        found = dict(zip((column.name for column in cr.description), cr.fetchone(), strict=True))
        run.drop("standings", "compared")
        return {
            name: value if value is None or isinstance(value, int) else round(float(value), 6)
            for name, value in found.items()
        }

    def migrations(self, run_before, run_within):
        """Return who went from which tier to which between the day and the end of the period.

        :param run_before: the date of the last run up to the day; None without one
        :param run_within: the date of the last run up to the end of the period, likewise
        :return: {(tier id before, tier id after): (customers, those of them who bought in the
            period)}; None for no tier; tiers of a former policy are those with the same code
        """
        run, cr = self.run, self.run.cr
        cr.execute(equivalent_tiers(run.rules.tiers))
        equivalent = dict(cr.fetchall())
        interpret(cr)
        cr.execute(
            migrations_query(
                run.scope.company_id,
                (self.period.after, self._known_to(run_before)),
                (self.period.as_of, self._known_to(run_within)),
                run.table("bought"),
            )
        )
        migrations = {}
        for old, new, customers, bought in cr.fetchall():
            move = equivalent.get(old, old), equivalent.get(new, new)
            before = migrations.get(move, (0, 0))
            migrations[move] = before[0] + customers, before[1] + bought
        return migrations

    def _known_to(self, day):
        """Return the SELECT of those whom a run as of a day found, by today's documents."""
        if day is None:
            return SQL("SELECT NULL::integer AS partner_id WHERE FALSE")
        return facts_query(
            replace(self.run.scope, as_of=day),
            self.everybody,
            with_prospects=bool(self.run.rules.prospect_tier_id),
        )
