import re
from collections import Counter
from functools import partial
from unittest.mock import patch

from lxml import etree

FEW, MANY = 3, 9
# More than there are: a full page counts the rest.
LIMIT = 500


def fields_below(node):
    """Yield the nodes of fields below a node of a view, without those inside of other fields."""
    for child in node:
        if child.tag == "field":
            yield child
        else:
            yield from fields_below(child)


class QueryCountCase:
    """Many records need no more queries than few: on screens, and in what users wait for.

    The screens are found by themselves: every list, kanban and form that the add-on of the test
    defines or extends. A test case of the add-on inherits this one and makes the records.

    :cvar least_screens: how many screens are found at least
    :cvar shown_models: names of models with a screen that shows more once there are many records
    :cvar company: the company of the records
    :cvar waiting_user: who looks at the screens
    """

    least_screens = 1
    shown_models = ()
    waiting_user = None

    def make_records(self, count):
        """Make so many more records of each kind, with all that a screen shows of them."""
        raise NotImplementedError

    def get_shown_domain(self, model):
        """Return the domain of the test's records of a model, or None to leave out its screens."""
        if "company_id" in self.env[model]:
            return [("company_id", "=", self.company.id)]
        return None

    def find_screens(self):
        """Return the add-on's screens, as a dict from view to domain."""
        data = self.admin_env["ir.model.data"].search(
            [("module", "=", self.test_module), ("model", "=", "ir.ui.view")]
        )
        screens = {}
        for view in self.admin_env["ir.ui.view"].browse(data.mapped("res_id")):
            while view.mode == "extension":
                view = view.inherit_id
            if view.type in ("list", "kanban", "form") and not self.env[view.model]._transient:
                domain = self.get_shown_domain(view.model)
                if domain is not None:
                    screens[view] = domain
        return screens

    @property
    def admin_env(self):
        return self.env(user=1, su=True)

    def count_queries(self, action):
        """Return how often a call without arguments asks what; what it does is undone.

        The first time fills caches that all users share, so the second is counted.
        """
        execute = self.env.cr.execute

        def count_and_execute(query, *args, **kwargs):
            text = query if isinstance(query, str) else query.code
            # Temporary tables have another name each time.
            queries[re.sub(r"_[0-9a-f]{12}_", "_", " ".join(text.split()))[:500]] += 1
            return execute(query, *args, **kwargs)

        for _time in range(2):
            queries = Counter()
            self.env.flush_all()
            with self.env.cr.savepoint() as savepoint:
                self.env.invalidate_all()
                with patch.object(self.env.cr, "execute", count_and_execute):
                    action()
                    self.env.flush_all()
                self.env.transaction.clear()
                savepoint.rollback()
        return queries

    def assert_no_more(self, many, few, each=0):
        """Hold that so many queries are no more than others; else say which are repeated.

        :param each: how many more there may be for each record
        """
        repeated = "\n".join(
            f"{count} more: {query}" for query, count in (many - few).most_common(8)
        )
        self.assertLessEqual(many.total(), few.total() + each * (MANY - FEW), repeated)

    def count_on_screen(self, view, domain):
        """Return how many queries a screen needs, and how many records it shows."""
        model = self.env[view.model].with_user(self.waiting_user)
        arch = etree.fromstring(model.get_view(view.id, view.type)["arch"])
        specification = self._specification(arch, model)
        if view.type == "form":
            first = model.search(domain, order="id", limit=1)
            shown = len(first)

            def read():
                first.web_read(specification)

        else:
            shown = min(model.search_count(domain), LIMIT)

            def read():
                model.web_search_read(domain, specification, limit=LIMIT)

        return self.count_queries(read), shown

    def _specification(self, node, model):
        """Return what the web client asks for, of the fields below a node of a view."""
        specification = {}
        for field_node in fields_below(node):
            field = model._fields[field_node.get("name")]
            part = specification.setdefault(field.name, {})
            if field.type == "many2one":
                part["fields"] = {"display_name": {}}
            elif field.relational:
                comodel = model.env[field.comodel_name]
                part["fields"] = self._specification(field_node, comodel) or {"display_name": {}}
        return specification

    def test_many_records_on_a_screen_need_no_more_queries_than_few(self):
        few, many = [], []
        for counts, number in ((few, FEW), (many, MANY - FEW)):
            self.make_records(number)
            self.env.flush_all()
            screens = self.find_screens()
            counts += [self.count_on_screen(*screen) for screen in screens.items()]
        self.assertGreaterEqual(len(screens), self.least_screens)
        grown = set()
        for view, (few_queries, few_shown), (queries, shown) in zip(
            screens, few, many, strict=True
        ):
            with self.subTest(model=view.model, view=view.xml_id, type=view.type):
                self.assert_no_more(queries, few_queries)
            if shown > few_shown:
                grown.add(view.model)
        self.assertLessEqual(set(self.shown_models), grown)

    def check_growth(self, prepare, action, each=0):
        """Hold that an action on many records needs no more queries than one on few.

        :param prepare: called with a number of records, which come on top of those before;
            returns what the action is done on
        :param action: called with what was prepared
        :param each: how many queries the action needs for each record; other than 0 only where
            it does something with each by itself
        """
        few, many = (
            self.count_queries(partial(action, prepared)) for prepared in map(prepare, (FEW, MANY))
        )
        self.assert_no_more(many, few, each)
