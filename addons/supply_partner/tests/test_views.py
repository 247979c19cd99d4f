import re

from lxml import etree

from odoo import models
from odoo.tests import TransactionCase, tagged

# Widgets that write a quantity in their own way, without zeros behind a whole number.
OWN_WAY = {"vmi_level_bar", "vmi_quantity", "percentage", "supply_rate", "monetary"}

# Characters of a column's head that the width has room for, which the web client gives a number.
ROOM = {"integer": 10, "float": 13}

# A product stands once in an agreement: a rule in Python, since closed agreements do not count.
ONCE = {"vmi.agreement.line"}

# Characters of a badge's longest text: shorter ones fit, and one so long may be cut.
BADGE = (11, 20)

# What one number of many records cannot say: a sum of prices, of targets or of levels in days.
NO_SUM = re.compile(
    r"(^|_)(price|rate|ratio|target|factor|tolerance|score|points|threshold|cr|months)(_|$)"
    r"|^(min|max|cover|lead)_days$|^(measured_)?value$"
)

# Shares of one total, and amounts of money with such a name.
ADDS_UP = {"share", "late_share", "defect_share", "price_excess"}


@tagged("post_install", "-at_install")
class TestViews(TransactionCase):
    """What every screen of the family has in common."""

    def test_whole_quantities_are_written_without_zeros(self):
        seen = 0
        for view in self.find_views():
            if view.type not in ("list", "kanban", "form") or view.model not in self.env:
                continue
            for node in etree.fromstring(view.arch_db).iter("field"):
                model = self.find_model(node, self.env[view.model])
                field = model is not None and model._fields.get(node.get("name"))
                if not field or field.type != "float" or field._digits != "Product Unit":
                    continue
                if node.get("widget") in OWN_WAY or "1" in (
                    node.get("invisible"),
                    node.get("column_invisible"),
                ):
                    continue
                if node.getparent().tag in ("kanban",):
                    continue
                seen += 1
                with self.subTest(view=view.xml_id, field=field.name):
                    self.assertIn("hide_trailing_zeros", node.get("options") or "")
        self.assertGreater(seen, 40)

    def test_no_head_of_a_number_is_cut(self):
        seen = 0
        for view in self.find_views():
            arch = etree.fromstring(view.arch_db)
            if arch.tag != "list" or view.model not in self.env:
                continue
            for node in arch.iterchildren("field"):
                field = self.env[view.model]._fields.get(node.get("name"))
                if not field or field.type not in ROOM:
                    continue
                if node.get("widget") not in (None, "percentage"):
                    continue
                if node.get("column_invisible") == "1" or node.get("optional") == "hide":
                    continue
                seen += 1
                label = node.get("string") or field.string
                if len(label) > ROOM[field.type]:
                    with self.subTest(view=view.xml_id, label=label):
                        self.assertTrue(node.get("width"))
        self.assertGreater(seen, 40)

    def test_a_day_is_written_as_a_day(self):
        # "Next month" is tomorrow on the last day of a month.
        for view in self.find_views():
            with self.subTest(view=view.xml_id):
                self.assertNotIn("remaining_days", view.arch_db)

    def test_no_badge_is_cut(self):
        seen = 0
        for view in self.find_views():
            if view.model not in self.env:
                continue
            for node in etree.fromstring(view.arch_db).xpath("//list/field[@widget='badge']"):
                model = self.find_model(node, self.env[view.model])
                field = model is not None and model._fields.get(node.get("name"))
                if not field or field.type != "selection":
                    continue
                longest = max(len(label) for _code, label in field._description_selection(self.env))
                if BADGE[0] <= longest <= BADGE[1]:
                    seen += 1
                    width = int((node.get("width") or "0").removesuffix("px"))
                    with self.subTest(view=view.xml_id, field=field.name):
                        self.assertGreaterEqual(width, 8 * longest + 20)
        self.assertGreater(seen, 10)

    def test_groups_add_up_only_what_can_be_added(self):
        seen = 0
        for view in self.find_views():
            if view.model not in self.env:
                continue
            for node in etree.fromstring(view.arch_db).xpath("//list/field | //pivot/field"):
                model = self.find_model(node, self.env[view.model])
                field = model is not None and model._fields.get(node.get("name"))
                if not field or not field.store or field.name in ADDS_UP:
                    continue
                if field.type not in ("float", "monetary", "integer"):
                    continue
                if node.get("widget") != "percentage" and not NO_SUM.search(field.name):
                    continue
                seen += 1
                with self.subTest(view=view.xml_id, field=field.name):
                    self.assertNotEqual(field.aggregator, "sum")
        self.assertGreater(seen, 20)

    def test_what_stands_once_is_not_duplicated(self):
        # What no action opens stands in the lists of other forms, which duplicate nothing.
        opened = set(self.env["ir.actions.act_window"].search([]).mapped("res_model"))
        seen = set()
        for view in self.find_views():
            arch = etree.fromstring(view.arch_db)
            if arch.tag not in ("list", "form") or view.model not in opened:
                continue
            if arch.get("create") in ("0", "false") or not self.stands_once(self.env[view.model]):
                continue
            seen.add(view.model)
            with self.subTest(view=view.xml_id):
                self.assertIn(arch.get("duplicate"), ("0", "false"))
        self.assertTrue(seen)

    def stands_once(self, model):
        """Return whether a copy would have the values that only one record may have."""
        if model._name in ONCE:
            return True
        own = [cls for cls in type(model).mro() if getattr(cls, "_name", None) == model._name]
        if any("copy_data" in vars(cls) for cls in own):
            return False
        for unique in model._table_objects.values():
            definition = unique.get_definition(self.env.registry)
            if not isinstance(unique, models.UniqueIndex) and "UNIQUE" not in definition.upper():
                continue
            columns = re.findall(r"\w+", definition.partition("WHERE")[0])
            fields = [model._fields[name] for name in columns if name in model._fields]
            if fields and all(field.copy for field in fields):
                return True
        return False

    def find_views(self):
        """Return the views of the family's add-ons."""
        return self.env["ir.ui.view"].browse(
            self.env["ir.model.data"]
            .search([("module", "=like", "supply\\_partner%"), ("model", "=", "ir.ui.view")])
            .mapped("res_id")
        )

    def find_model(self, node, model):
        """Return the model of a field's node, inside of the lists of other fields."""
        names = [parent.get("name") for parent in node.iterancestors("field")]
        for name in reversed(names):
            if name not in model._fields or not model._fields[name].relational:
                # An <xpath> or the arch of another model.
                return None
            model = self.env[model._fields[name].comodel_name]
        return model
