from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import file_open, mute_logger

from .common import ScorecardCase


class TestPriceIndices(ScorecardCase):
    """The market's prices doubled: what Acme asks more is judged by that."""

    def setUp(self):
        super().setUp()
        self.ordered_at(1.0, "2025-03-01 08:00:00")
        self.ordered_at(2.2, "2026-02-01 08:00:00")
        self.manager = self.make_buyer(
            "index manager", self.company, "purchase.group_purchase_manager"
        )

    def ordered_at(self, price, approved, product=None):
        order = self.ordered(
            {"product_id": (product or self.screws).id, "product_qty": 10, "price_unit": price},
            approved=approved,
            due=approved.replace("08", "12"),
        )
        self.promise(order).sudo().approved_at = approved
        return order

    def make_index(self, *values, **vals):
        """Return an index, by default of screws, with pairs of a day and a value."""
        return (
            self.env["vendor.price.index"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Steel",
                    "product_ids": [Command.set(self.screws.ids)],
                    "value_ids": [
                        Command.create({"date": date, "value": value}) for date, value in values
                    ],
                    **vals,
                }
            )
        )

    def market(self):
        return self.measure("price_index_market") or {"value": None, "base": 0}

    def test_a_price_that_rose_with_the_market(self):
        self.assertEqual(self.market()["base"], 0, "no index")
        self.assertAlmostEqual(self.measure("price_index_base")["value"], 2.2)
        index = self.make_index(("2025-01-01", 100), ("2026-01-15", 200))
        self.assertEqual((str(index.last_date), index.last_value), ("2026-01-15", 200))
        # 22 paid for what would be 20 by the market.
        self.assertAlmostEqual(self.market()["value"], 1.1)
        # A value holds from its day on.
        index.value_ids.filtered(lambda one: one.value == 200).date = "2026-02-02"
        self.assertAlmostEqual(self.market()["value"], 2.2)

    def test_what_has_no_index_is_not_compared_and_told(self):
        nuts = self.make_product("Nuts", self.vendor, price=4.0)
        for price, approved in ((4.0, "2025-03-01 08:00:00"), (7.8, "2026-02-01 08:00:00")):
            self.ordered_at(price, approved, nuts)
        self.make_index(("2025-01-01", 100), ("2026-01-15", 200))
        market = self.market()
        self.assertAlmostEqual(market["value"], 1.1)
        self.assertEqual(market["base"], 1)
        part = self.standing().criterion_ids.filtered(
            lambda part: part.measure == "price_index_market"
        )
        self.assertAlmostEqual(part.coverage, 22 / 100)

    def test_before_the_first_value_nothing_is_known(self):
        self.make_index(("2025-06-01", 100), ("2026-01-15", 200))
        self.assertIsNone(self.market()["value"])

    def test_the_nearest_index_counts(self):
        metal = self.env["product.category"].sudo().create({"name": "Metal"})
        wire = metal.create({"name": "Wire", "parent_id": metal.id})
        self.screws.sudo().categ_id = wire
        steady = (("2025-01-01", 100),)
        categories = {"product_ids": False, "name": "Metals"}
        self.make_index(*steady, category_ids=[Command.set(metal.ids)], **categories)
        self.assertAlmostEqual(self.market()["value"], 2.2)
        halved = (("2025-01-01", 100), ("2026-01-15", 50))
        self.make_index(*halved, category_ids=[Command.set(wire.ids)], **categories)
        self.assertAlmostEqual(self.market()["value"], 4.4)
        own = self.make_index(("2025-01-01", 100), ("2026-01-15", 220))
        self.assertAlmostEqual(self.market()["value"], 1.0)
        own.active = False
        self.assertAlmostEqual(self.market()["value"], 4.4)

    def test_another_company_s_index_does_not_count(self):
        other = self.make_company("Southwind")
        elsewhere = self.make_index(("2025-01-01", 100)).sudo()
        elsewhere.company_id = other
        self.assertEqual(self.market()["base"], 0)
        with self.assertRaises(AccessError):
            elsewhere.with_user(self.manager).read(["name"])
        elsewhere.company_id = False
        self.assertAlmostEqual(self.market()["value"], 2.2)
        self.screws.sudo().company_id = self.company
        with self.assertRaisesRegex(ValidationError, "Products of Steel"):
            elsewhere.company_id = other

    def test_who_types_it(self):
        index = self.make_index(("2025-01-01", 100))
        buyers = index.with_user(self.buyer)
        self.assertEqual(buyers.name, "Steel")
        with self.assertRaises(AccessError):
            buyers.name = "Iron"
        with self.assertRaises(AccessError):
            buyers.value_ids.value = 7

    def test_values_that_are_none(self):
        index = self.make_index(("2025-01-01", 100))
        for value in (float("nan"), float("inf"), 1e300):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                index.value_ids.write({"value": value})
        for date, value in (("2025-02-01", 0), ("2025-02-01", -3), ("2025-01-01", 90)):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                index.value_ids = [Command.create({"date": date, "value": value})]

    def test_the_template_fits_what_is_imported(self):
        indices = self.env["vendor.price.index"].with_user(self.manager)
        [template] = indices.get_import_templates()
        with file_open(template["template"].lstrip("/"), "rb") as file:
            content = file.read()
        importing = indices.env["base_import.import"].create(
            {"res_model": "vendor.price.index", "file": content, "file_type": "text/csv"}
        )
        options = {"has_headers": True, "quoting": '"', "separator": ",", "encoding": "utf-8",
                   "date_format": "%Y-%m-%d", "datetime_format": "",
                   "float_thousand_separator": ",", "float_decimal_separator": "."}  # fmt: skip
        preview = importing.parse_preview(options)
        columns = ["/".join(preview["matches"][n]) for n in range(len(preview["headers"]))]
        result = importing.execute_import(columns, preview["headers"], preview["options"])
        self.assertFalse(result["messages"])
        made = indices.browse(result["ids"])
        self.assertEqual(made.mapped("name"), ["Copper", "Steel Wire"])
        self.assertEqual(sorted(made[0].value_ids.mapped("value")), [100, 104.5])
