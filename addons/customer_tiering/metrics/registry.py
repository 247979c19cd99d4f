"""What a metric and a source of facts are, and where they are registered.

A *source* is one set-based query over a table of Odoo's: a row per customer.
A *metric* is a named figure made of the columns of one or more sources. An
add-on adds either by defining a class and decorating it with ``@register``;
it is offered in every database where that add-on is installed. It adds to a
source that is there already by a *column* or by *documents* of another table.
"""

from odoo.tools import SQL

SOURCES = {}
METRICS = {}
COLUMNS = {}
DOCUMENTS = {}


class Source:
    """Facts about customers, gathered by one query.

    :cvar code: the alias under which a metric's expression reads the columns
    :cvar customer_condition: SQL over the columns; where it holds, the partner is a customer
    :cvar prospect_condition: SQL over the columns; where it holds, the partner is at least
        a prospect
    """

    code = None
    customer_condition = SQL("FALSE")
    prospect_condition = SQL("FALSE")

    @property
    def says_who_is_ranked(self):
        """Whether every run must read the source, whatever its criteria need."""
        nobody = Source.customer_condition
        return {self.customer_condition, self.prospect_condition} != {nobody}

    def query(self, scope):
        """Return the SELECT, one row per commercial partner.

        :param scope: the :class:`~..engine.scope.Scope` of the run
        :return: SQL whose first column is ``partner_id``, unique in the result
        """
        raise NotImplementedError

    def first_day_query(self, scope):
        """Return the SELECT of the local day of its first document; None if days say nothing.

        How far a company's history goes back is told by the earliest of all sources.
        """
        return

    def dated_revenue_query(self, scope):
        """Return the SELECT of the documents that make the revenue.

        Only what revenue is read from has one.

        :return: SQL of ``partner_id``, the customer, ``day``, a local one, and ``units``, in
            smallest currency units
        """
        raise NotImplementedError

    def largest_query(self, scope):
        """Return the SELECT of its own document with the largest amount; None if it adds up none.

        :return: SQL of one row: model, id, and the amount without its sign, in smallest units
        """
        return


class Column:
    """An amount that another add-on adds to a source's query, so that no table is read twice.

    :cvar source: code of the source; ``orders`` takes columns
    :cvar code: the name under which the source then shows the sum over the period
    """

    source = None
    code = None

    def amount(self, scope):
        """Return the amount of one row of the source's table, in smallest currency units."""
        raise NotImplementedError

    def line_amount(self, scope):
        """Return the amount of one ``sale_order_line`` named ``line``, in its order's currency.

        A credit note takes off its part of it.
        """
        return SQL("0")


class Documents:
    """Documents of another table that count among those of a source, in the same pass.

    :cvar source: code of the source; ``orders`` and ``invoices`` take documents, and so may a
        source of another add-on
    :cvar code: a name of their own
    :cvar columns: codes of the :class:`Column` that the query gives too; others are 0
    """

    source = None
    code = None
    columns = ()

    def query(self, scope):
        """Return the SELECT, one row per document.

        :return: SQL with the columns of the source's ``document_columns`` and, where the source
            adds up amounts, ``revenue`` in smallest currency units, by their names
        """
        raise NotImplementedError

    def given_columns(self, scope):
        """Return the codes of the amounts that the query gives."""
        return ("revenue", *self.columns)

    def counts(self, scope):
        """Return whether the documents count in a run at all."""
        return True

    def largest_query(self, scope):
        """Return the SELECT of the document with the largest amount, as of a source."""
        return


class Metric:
    """A named figure of a customer.

    :cvar code: the technical name that criteria store
    :cvar name: the translatable label
    :cvar dimension: ``value``, ``loyalty``, ``cooperation`` or ``potential``
    :cvar unit: ``money`` (company currency), ``count``, ``days`` or ``ratio``
    :cvar higher_is_better: the direction in which percentiles rank
    :cvar zero_is_nothing: whether no or a negative figure is worth nothing, as of revenue: by
        rank it earns 0 points, and the others are ranked among themselves
    :cvar sources: codes of the sources whose columns the expression reads
    """

    code = None
    name = None
    dimension = "value"
    unit = "count"
    higher_is_better = True
    zero_is_nothing = False
    sources = ()

    def expression(self, scope):
        """Return the figure as SQL over the sources' aliases, NULL where missing."""
        raise NotImplementedError


def register(cls):
    """Class decorator: make a source, a column, documents or a metric known under its code."""
    registries = {Metric: METRICS, Source: SOURCES, Column: COLUMNS, Documents: DOCUMENTS}
    for base, registry in registries.items():
        if issubclass(cls, base):
            registry[cls.code] = cls()
    return cls


def available_metrics(env):
    """Return the metrics offered in this database, by code, in order of registration.

    One that reads a source of an add-on that is gone is not offered either.
    """
    sources = available_sources(env)
    return {
        code: metric
        for code, metric in _available(METRICS, env).items()
        if all(source in sources for source in metric.sources)
    }


def available_sources(env):
    """Return the sources that can be read in this database, by code."""
    return _available(SOURCES, env)


def available_columns(env):
    """Return the columns that can be read in this database, by code."""
    return _available(COLUMNS, env)


def available_documents(env):
    """Return the documents that can be read in this database, by code."""
    return _available(DOCUMENTS, env)


def _available(registry, env):
    """Keep what belongs to add-ons that are installed in this database.

    One server may serve several databases, so an imported class alone does not mean
    that its tables exist here.
    """
    addons = installed_addons(env)
    return {code: entry for code, entry in registry.items() if _addon_of(entry) in addons}


def _addon_of(entry):
    package = type(entry).__module__.split(".")
    return package[2] if package[:2] == ["odoo", "addons"] else package[0]


def installed_addons(env):
    """Return the names of the add-ons that are installed in this database."""
    if env.registry.ready:
        return env.registry._init_modules
    # While add-ons are being installed, the one whose data is loading is not yet listed there.
    states = ("installed", "to install", "to upgrade")
    modules = env["ir.module.module"].sudo().search([("state", "in", states)])
    return set(modules.mapped("name"))
