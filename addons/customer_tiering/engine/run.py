"""A tier run as an object: what it goes by, its tables, and its steps."""

from dataclasses import replace

from odoo.addons.set_based_runs.large_statements import interpret
from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.tools import SQL

from .apply import write_standings
from .facts import facts_query
from .forecast import moves_by_tiers
from .histogram import score_histogram
from .parts import EVERYBODY, parts_of
from .preview import write_preview
from .scores import scores_query
from .segments import segments_query


class Run(TemporaryTables):
    """One tier run or preview, from its first statement to its last.

    It goes by what was frozen when it began, whatever is edited meanwhile, and fills temporary
    tables of its own: ``facts``, ``scores`` and ``standings``, of which only the last is left
    once :meth:`compute` is done, and ``moves`` while something is written.

    :ivar scope: the :class:`~.scope.Scope`: whose documents, of which period, in which money
    :ivar rules: the :class:`~.rules.Rules`
    :ivar facts: the :class:`~.facts.Facts` to gather
    :ivar sources: all :class:`~..metrics.registry.Source` that can be read, gathered or not
    :param commits: whether it commits between its steps, as a scheduled run does
    """

    def __init__(self, cr, scope, rules, facts, sources=(), commits=False):
        super().__init__(cr, commits)
        self.scope = scope
        self.rules = rules
        self.facts = facts
        self.sources = tuple(sources)

    @property
    def standings(self):
        """The table of the computed standings, as SQL; see :func:`~.segments.segments_query`."""
        return self.table("standings")

    def compute(self, on_step=lambda step: None):
        """Compute every standing without locks; nothing that others see is written.

        :param on_step: called with ``reading``, ``scoring`` and ``ranking`` before each step; it
            may commit, for all documents are read by one statement
        """
        on_step("reading")
        with_prospects = bool(self.rules.prospect_tier_id)
        facts = self.create("facts", facts_query(self.scope, self.facts, with_prospects))
        self.cr.execute(SQL("ANALYZE %s", facts))
        on_step("scoring")
        scores = self.create("scores", scores_query(facts, self.rules.criteria))
        self.drop("facts")
        on_step("ranking")
        self.create("standings", segments_query(scores, self.rules, self.scope.as_of))
        self.drop("scores")

    def count(self):
        """Return how many customers, prospects aside, were computed."""
        self.cr.execute(
            SQL("SELECT COUNT(*) FROM %s WHERE lifecycle <> 'prospect'", self.standings)
        )
        return self.cr.fetchone()[0]

    def hold_tiers(self):
        """Have whoever would archive or delete one of the run's tiers wait for the transaction.

        The lock is the one that the rows that name a tier take in any case: whoever renames one
        goes on. Archiving locks so that the two meet.

        :return: whether all of them are still there, and none was archived
        """
        tier_ids = [tier.tier_id for tier in self.rules.tiers]
        self.cr.execute(
            SQL(
                "SELECT id FROM customer_tier WHERE id = ANY(%s) AND active FOR KEY SHARE",
                tier_ids,
            )
        )
        return len(self.cr.fetchall()) == len(tier_ids)

    def split(self, customers):
        """Return the :class:`~.parts.Part` of customers to be written one by one.

        :param customers: of those computed, how many a part has at most
        """
        standings = self.standings
        parts = parts_of(self.cr, SQL("SELECT partner_id FROM %s", standings), customers)
        if len(parts) > 1:
            self.cr.execute(SQL("CREATE INDEX ON %s (partner_id)", standings))
            self.cr.execute(SQL("ANALYZE %s (partner_id)", standings))
        return parts

    def apply(self, evaluation_id, user_id, wanted=EVERYBODY):
        """Write what changed since the last run, in the present transaction.

        :param wanted: the :class:`~.parts.Part` of the customers to write
        :return: as :func:`~.apply.write_standings`
        """
        return write_standings(
            self,
            self.standings,
            company_id=self.scope.company_id,
            as_of=self.scope.as_of,
            rules=self.rules,
            user_id=user_id,
            evaluation_id=evaluation_id,
            wanted=wanted,
        )

    def preview(self, evaluation_id):
        """Keep who would move as lines of a preview, and move nobody.

        :return: as :func:`~.apply.write_standings`
        """
        return write_preview(
            self, self.standings, self.scope.company_id, self.rules.tiers, evaluation_id
        )

    def count_scores(self):
        """Return how many customers were computed with which score.

        :return: as :func:`~.histogram.score_histogram`
        """
        return score_histogram(self.cr, self.standings)

    def forecast(self, partners, wanted=EVERYBODY):
        """Return who would move if what was computed were applied; nobody is.

        :return: as :func:`~.forecast.moves_by_tiers`
        """
        return moves_by_tiers(
            self.cr,
            self.standings,
            self.scope.company_id,
            self.scope.as_of,
            self.rules,
            partners,
            wanted,
        )

    def first_document_date(self):
        """Return the local day of the company's first document; None without."""
        asked = [source.first_day_query(self.scope) for source in self.sources]
        queries = [query for query in asked if query]
        interpret(self.cr)
        self.cr.execute(
            SQL("SELECT LEAST(%s)", SQL(", ").join(SQL("(%s)", query) for query in queries))
        )
        return self.cr.fetchone()[0]

    def largest_document(self):
        """Return the document with the largest amount, where not all could be added up.

        :return: (model, id, amount without its sign in smallest units as text); None without any
        """
        scope = replace(self.scope, units_type=SQL("numeric(1000, 0)"))
        readers = [*self.sources, *scope.documents]
        queries = [query for reader in readers if (query := reader.largest_query(scope))]
        self.cr.execute(
            SQL(
                """
                SELECT model, id, units::text
                  FROM (%s) AS largest (model, id, units)
                 WHERE units IS NOT NULL
              ORDER BY units DESC
                 LIMIT 1
                """,
                SQL(" UNION ALL ").join(SQL("(%s)", query) for query in queries),
            )
        )
        return self.cr.fetchone()
