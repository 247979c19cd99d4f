"""The first half of a run: compute every standing without locks."""

from odoo.tools import SQL

from .facts import facts_query
from .lenses import lenses_query
from .scores import scores_query
from .steps import FACTS, SCORES, STANDINGS, create, drop


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


def first_document_date(cr, company_ids):
    """Return the day of the companies' first confirmed order or posted invoice; None without."""
    cr.execute(
        SQL(
            """
            SELECT LEAST(
                (SELECT MIN(date_order)::date FROM sale_order
                  WHERE state = 'sale' AND company_id = ANY(%(companies)s)),
                (SELECT MIN(invoice_date) FROM account_move
                  WHERE state = 'posted' AND move_type = 'out_invoice'
                    AND company_id = ANY(%(companies)s)))
            """,
            companies=list(company_ids),
        )
    )
    return cr.fetchone()[0]
