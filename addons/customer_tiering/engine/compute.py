"""The first half of a run: compute every standing without locks."""

from dataclasses import replace

from odoo.tools import SQL

from .facts import facts_query
from .lenses import lenses_query
from .scores import scores_query
from .steps import FACTS, SCORES, STANDINGS, create, drop, interpret


def compute_standings(cr, scope, rules, facts, on_step=lambda step: None):
    """Fill the temporary table of standings-to-be; nothing that others see is written.

    :param scope: the :class:`~.scope.Scope`
    :param rules: the :class:`~.rules.Rules`
    :param facts: the :class:`~.facts.Facts` to gather
    :param on_step: called with ``reading``, ``scoring`` and ``ranking`` before each step; it
        may commit, for all documents are read by one statement
    """
    on_step("reading")
    create(cr, FACTS, facts_query(scope, facts, with_prospects=bool(rules.prospect_tier_id)))
    cr.execute(SQL("ANALYZE %s", FACTS))
    on_step("scoring")
    create(cr, SCORES, scores_query(FACTS, rules.criteria))
    drop(cr, FACTS)
    on_step("ranking")
    create(cr, STANDINGS, lenses_query(SCORES, rules, scope.as_of))
    drop(cr, SCORES)


def count_customers(cr):
    """Return how many customers, prospects aside, were computed."""
    cr.execute(SQL("SELECT COUNT(*) FROM %s WHERE lifecycle <> 'prospect'", STANDINGS))
    return cr.fetchone()[0]


def first_document_date(cr, scope, sources):
    """Return the local day of the companies' first document; None without.

    :param sources: the :class:`~..metrics.registry.Source` that may know one
    """
    queries = [query for source in sources if (query := source.first_day_query(scope))]
    interpret(cr)
    cr.execute(SQL("SELECT LEAST(%s)", SQL(", ").join(SQL("(%s)", query) for query in queries)))
    return cr.fetchone()[0]


def largest_document(cr, scope, sources):
    """Return the document with the largest amount, as of a run that could not add up all.

    :return: (model, id, amount without its sign in smallest units as text); None without any
    """
    scope = replace(scope, units_type=SQL("numeric(1000, 0)"))
    readers = [*sources, *scope.documents]
    queries = [query for reader in readers if (query := reader.largest_query(scope))]
    cr.execute(
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
    return cr.fetchone()
