"""What a measure of vendors and a source are, and where they are registered.

A *source* is one set-based query: a row per vendor. A *measure* is a named figure made of the
columns of one source. An add-on adds either by defining a class and decorating it with
``@register``; it is offered in every database where that add-on is installed.
"""

from odoo.tools import SQL

from ..tools.score import Figure

SOURCES = {}
MEASURES = {}


class Source:
    """Facts about vendors, gathered by one query.

    :cvar code: the name by which measures ask for it
    """

    code = None

    def is_there(self, env):
        """Return whether the tables that it reads exist in this database."""
        return True

    def query(self, scope):
        """Return the SELECT, one row per commercial partner.

        :param scope: the :class:`~..engine.scope.VendorScope`
        :return: SQL with ``partner_id`` and the columns that measures read
        """
        raise NotImplementedError


class Measure:
    """A named figure of a vendor.

    :cvar code: the technical name that criteria store
    :cvar name: the translatable label
    :cvar help: what it says, translatable
    :cvar unit: ``ratio``, ``days``, ``index`` or ``points``
    :cvar higher_is_better: its direction
    :cvar topic: under which heading it is shown
    :cvar source: code of the source whose columns it reads
    :cvar expression: SQL of the figure, NULL where there is none
    :cvar base: SQL of the number of events that it is made of
    :cvar effective: of a rate, SQL of how many independent events these are worth
    :cvar coverage: SQL of the share of the value that could be compared
    """

    code = None
    name = None
    help = ""
    unit = "ratio"
    higher_is_better = True
    topic = "delivery"
    source = None
    expression = None
    base = "0"
    effective = "NULL"
    coverage = "NULL"

    @property
    def is_rate(self):
        """Whether the figure is a share of events, with an interval."""
        return self.effective != "NULL"


def register(cls):
    """Class decorator: make a source or a measure known under its code."""
    registry = SOURCES if issubclass(cls, Source) else MEASURES
    registry[cls.code] = cls()
    return cls


def available_measures(env):
    """Return the measures offered in this database, by code, in order of registration."""
    sources = available_sources(env)
    return {
        code: measure
        for code, measure in _available(MEASURES, env).items()
        if measure.source in sources
    }


def available_sources(env):
    """Return the sources that can be read in this database, by code."""
    return {
        code: source for code, source in _available(SOURCES, env).items() if source.is_there(env)
    }


def read_figures(env, scope, measures):
    """Return the figures of every vendor that has any: by partner id, then by measure.

    :param scope: the :class:`~..engine.scope.VendorScope`, with its events
    :param measures: the :class:`Measure` to read, by code
    """
    figures = {}
    # A hash of a million lines then stays in memory.
    env.cr.execute("SET LOCAL work_mem = '256MB'")
    for code, source in available_sources(env).items():
        wanted = [measure for measure in measures.values() if measure.source == code]
        if not wanted:
            continue
        columns = SQL(", ").join(
            SQL(
                "(%s)::double precision, (%s)::integer, (%s)::double precision, "
                "(%s)::double precision",
                SQL(measure.expression),
                SQL(measure.base),
                SQL(measure.effective),
                SQL(measure.coverage),
            )
            for measure in wanted
        )
        rows = env.execute_query(
            SQL("SELECT partner_id, %s FROM (%s) AS facts", columns, source.query(scope))
        )
        for partner_id, *values in rows:
            of_partner = figures.setdefault(partner_id, {})
            for place, measure in enumerate(wanted):
                value, base, effective, coverage = values[4 * place : 4 * place + 4]
                of_partner[measure.code] = Figure(value, base or 0, effective, coverage)
    env.cr.execute("SET LOCAL work_mem TO DEFAULT")
    return figures


def _available(registry, env):
    """Keep what belongs to add-ons that are installed in this database."""
    addons = _installed_addons(env)
    return {code: entry for code, entry in registry.items() if _addon_of(entry) in addons}


def _addon_of(entry):
    package = type(entry).__module__.split(".")
    return package[2] if package[:2] == ["odoo", "addons"] else package[0]


def _installed_addons(env):
    if env.registry.ready:
        return env.registry._init_modules
    # While add-ons are being installed, the one whose data is loading is not yet listed there.
    states = ("installed", "to install", "to upgrade")
    modules = env["ir.module.module"].sudo().search([("state", "in", states)])
    return set(modules.mapped("name"))
