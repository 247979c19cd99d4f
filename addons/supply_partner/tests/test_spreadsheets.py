from odoo.exceptions import UserError, ValidationError
from odoo.tools import file_open

from .common import VmiCase

COLUMNS = ["agreement_id/.id", "product_id/.id", "min_qty", "max_qty"]


class TestSpreadsheets(VmiCase):
    """Many lines at once: what is wrong is said by row and product, and nothing is half done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bolts = cls.make_product("Bolts", cls.vendor)
        cls.nails = cls.make_product("Nails", cls.vendor)

    def load(self, columns, *rows, model="vmi.agreement.line"):
        """Return the messages by number of row."""
        result = self.env[model].load(columns, [[str(value) for value in row] for row in rows])
        messages = {message["rows"]["from"]: message for message in result["messages"]}
        self.assertEqual(bool(result["ids"]), not messages)
        return {row: message["message"] for row, message in messages.items()}

    def row(self, agreement, product, minimum, maximum):
        return agreement.id, product.id, minimum, maximum

    def lines(self, *products):
        return self.env["vmi.agreement.line"].search(
            [("product_id", "in", [product.id for product in products])]
        )

    def test_each_bad_row_is_named_and_nothing_comes_in(self):
        agreement = self.make_agreement(start=False)
        problems = self.load(
            COLUMNS,
            self.row(agreement, self.screws, 60, 120),
            self.row(agreement, self.bolts, 9, 3),
            self.row(agreement, self.nails, -1, 3),
        )
        self.assertEqual(
            problems,
            {
                1: "Bolts: the Maximum 3.0 is below the Minimum 9.0: raise the one or lower the "
                "other.",
                2: "Nails: Minimum must be 0 or more, not -1.0.",
            },
        )
        self.assertFalse(self.lines(self.screws, self.bolts, self.nails))

    def test_a_product_or_a_number_that_is_none_is_named_with_its_row_and_field(self):
        agreement = self.make_agreement(start=False)
        result = self.env["vmi.agreement.line"].load(
            ["agreement_id", "product_id", "min_qty", "max_qty"],
            [
                [agreement.name, "Screws", "6", "9"],
                [agreement.name, "Scrwes", "6", "9"],
                [agreement.name, "Bolts", "six", "9"],
            ],
        )
        self.assertFalse(result["ids"])
        # Odoo goes on to say that the row lacks what it could not read.
        found = {}
        for message in result["messages"]:
            found.setdefault(message["rows"]["from"], (message["field"], message["message"]))
        self.assertEqual(found.keys(), {1, 2})
        self.assertEqual((found[1][0], found[2][0]), ("product_id", "min_qty"))
        self.assertIn("Scrwes", found[1][1])
        self.assertIn("six", found[2][1])
        self.assertFalse(self.lines(self.screws))

    def test_rows_for_a_running_agreement_are_checked_as_at_its_start(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        stranger = self.make_product("Rivets")
        problems = self.load(
            COLUMNS,
            self.row(agreement, self.bolts, 5, 10),
            self.row(agreement, stranger, 5, 10),
            self.row(agreement, self.screws, 5, 10),
        )
        self.assertEqual(problems.keys(), {1, 2})
        self.assertIn("Rivets: Acme Fasteners has no valid price", problems[1])
        self.assertEqual(problems[2], "Screws: is listed in this agreement already.")
        self.assertFalse(self.lines(self.bolts, stranger))
        self.assertFalse(self.load(COLUMNS, self.row(agreement, self.bolts, 5, 10)))
        self.assertTrue(self.lines(self.bolts).orderpoint_id)

    def test_lines_that_are_there_are_changed_by_row(self):
        agreement = self.make_agreement((self.screws, 60, 120), (self.bolts, 5, 10))
        first, second = agreement.line_ids
        columns = [".id", "min_qty", "max_qty"]
        problems = self.load(columns, (first.id, 70, 130), (second.id, 50, 10))
        self.assertEqual(problems.keys(), {1})
        self.assertIn("Bolts: the Maximum 10.0 is below the Minimum 50.0", problems[1])
        self.env.invalidate_all()
        self.assertEqual(agreement.line_ids.mapped("min_qty"), [60, 5])
        self.assertFalse(self.load(columns, (first.id, 70, 130), (second.id, 50, 60)))
        self.assertEqual(agreement.line_ids.mapped("min_qty"), [70, 50])
        points = agreement.line_ids.orderpoint_id.sudo()
        self.assertEqual(points.mapped("product_max_qty"), [130, 60])

    def test_agreements_come_with_their_lines_and_the_errors_by_row(self):
        columns = ["partner_id/.id", "line_ids/product_id/.id", "line_ids/min_qty",
                   "line_ids/max_qty"]  # fmt: skip
        good = [(self.vendor.id, self.screws.id, 60, 120), ("", self.bolts.id, 5, 10)]
        before = self.env["vmi.agreement"].search_count([])
        problems = self.load(
            columns, *good, (self.vendor.id, self.nails.id, 7, 6), model="vmi.agreement"
        )
        self.assertEqual(problems.keys(), {2})
        self.assertIn("Nails: the Maximum 6.0 is below the Minimum 7.0", problems[2])
        self.assertEqual(self.env["vmi.agreement"].search_count([]), before)
        self.assertFalse(self.load(columns, *good, model="vmi.agreement"))
        agreement = self.lines(self.screws, self.bolts).agreement_id
        self.assertEqual(agreement.line_ids.mapped("max_qty"), [120, 10])
        agreement.action_start()
        self.assertEqual(agreement.state, "running")

    def test_the_templates_fit_what_is_imported(self):
        agreement = self.make_agreement(start=False, name="SA0001")
        for model, filled in (("vmi.agreement.line", agreement), ("vmi.agreement", None)):
            [template] = self.env[model].get_import_templates()
            with file_open(template["template"].lstrip("/"), "rb") as file:
                content = file.read()
            importing = self.env["base_import.import"].create(
                {"res_model": model, "file": content, "file_type": "text/csv"}
            )
            options = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8",
                       "date_format": "%Y-%m-%d", "datetime_format": "",
                       "float_thousand_separator": ",", "float_decimal_separator": "."}  # fmt: skip
            preview = importing.parse_preview(options)
            self.assertEqual(len(preview["matches"]), len(preview["headers"]), preview["headers"])
            columns = ["/".join(preview["matches"][n]) for n in range(len(preview["headers"]))]
            result = importing.execute_import(columns, preview["headers"], preview["options"])
            self.assertFalse(result["messages"])
            made = filled or self.env[model].browse(result["ids"])
            products = ["Screws", "Bolts", *(["Nails"] if filled else [])]
            self.assertEqual(made.line_ids.mapped("product_id.name"), products)

    def test_a_bulk_edit_names_the_products_that_cannot_have_it_and_changes_none(self):
        agreement = self.make_agreement(
            (self.screws, 60, 120), (self.bolts, 5, 10), (self.nails, 5, 20)
        )
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            agreement.line_ids.write({"min_qty": 15})
        self.assertEqual(
            str(caught.exception),
            "Bolts: the Maximum 10.0 is below the Minimum 15.0: raise the one or lower the other.",
        )
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            agreement.line_ids.web_save_multi(
                [{"max_qty": 70}, {"max_qty": 1}, {"max_qty": 60}], {"max_qty": {}}
            )
        self.assertIn("Bolts", str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual(agreement.line_ids.mapped("max_qty"), [120, 10, 20])

    def test_a_bulk_edit_of_the_multiple_names_the_vendor_s_unit(self):
        dozen, pack = (self.env.ref(f"uom.product_uom_{name}") for name in ("dozen", "pack_6"))
        rivets = self.make_product("Rivets", self.vendor, product_uom_id=dozen.id)
        agreement = self.make_agreement((self.screws, 60, 120), (rivets, 60, 120))
        with self.assertRaises(UserError) as caught:
            agreement.line_ids.write({"replenishment_uom_id": pack.id})
        self.assertIn("Rivets: a Pack of 6 is not a whole number", str(caught.exception))
        self.assertNotIn("Screws", str(caught.exception))

    def test_the_list_is_edited_in_bulk_and_the_history_tells(self):
        view = self.env["vmi.agreement.line"].get_view(view_type="list")
        self.assertIn('multi_edit="1"', view["arch"])
        agreement = self.make_agreement((self.screws, 60, 120), (self.bolts, 60, 90))
        agreement.line_ids.write({"max_qty": 150})
        note = agreement.message_ids[0].body
        self.assertIn("Screws: Maximum 120.0 → 150.0", note)
        self.assertIn("Bolts: Maximum 90.0 → 150.0", note)
        self.assertEqual(
            agreement.line_ids.orderpoint_id.sudo().mapped("product_max_qty"), [150, 150]
        )
