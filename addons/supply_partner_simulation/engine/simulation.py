"""A simulation from its frozen rules to its results."""

from contextlib import contextmanager

from odoo.addons.supply_partner.engine.due import due_query
from odoo.addons.supply_partner.engine.lead_time import leads_query
from odoo.addons.supply_partner.engine.position import positions_query
from odoo.addons.supply_partner.engine.steps import DUE, LEADS, POSITIONS, create, drop

from .history import HISTORY, SUPPLIES, history_query, supplies_query
from .replay import REPLAY, TERMS, replay, start_query, terms_query
from .results import Results


@contextmanager
def simulated(cr, scope):
    """Give the :class:`~.results.Results` of a simulation; they end with the context.

    Only temporary tables are written. What else is running in this transaction must be flushed.
    After an exception the tables are left to the rollback.

    :param scope: the :class:`~.scope.SimulationScope`
    """
    create(cr, DUE, due_query(scope.review))
    create(cr, POSITIONS, positions_query(scope.review))
    create(cr, LEADS, leads_query(scope.before))
    create(cr, SUPPLIES, supplies_query(scope))
    create(cr, HISTORY, history_query(scope))
    create(cr, TERMS, terms_query(scope))
    create(cr, REPLAY, start_query(scope))
    replay(cr, scope)
    yield Results(cr, scope)
    drop(cr, DUE, POSITIONS, LEADS, SUPPLIES, HISTORY, TERMS, REPLAY)
