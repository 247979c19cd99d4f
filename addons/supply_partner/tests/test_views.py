from lxml import etree

from odoo.tests import TransactionCase, tagged

# Widgets that write a quantity in their own way, without zeros behind a whole number.
OWN_WAY = {"vmi_level_bar", "vmi_quantity", "percentage", "supply_rate", "monetary"}


@tagged("post_install", "-at_install")
class TestViews(TransactionCase):
    """What every screen of the family has in common."""

    def test_whole_quantities_are_written_without_zeros(self):
        seen = 0
        for view in self.env["ir.ui.view"].browse(
            self.env["ir.model.data"]
            .search([("module", "=like", "supply\\_partner%"), ("model", "=", "ir.ui.view")])
            .mapped("res_id")
        ):
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

    def find_model(self, node, model):
        """Return the model of a field's node, inside of the lists of other fields."""
        names = [parent.get("name") for parent in node.iterancestors("field")]
        for name in reversed(names):
            if name not in model._fields or not model._fields[name].relational:
                # An <xpath> or the arch of another model.
                return None
            model = self.env[model._fields[name].comodel_name]
        return model
