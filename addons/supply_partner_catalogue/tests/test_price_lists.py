import base64
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from .common import CatalogueCase

HEAD = "Vendor Code,Price,Min. Quantity\n"


class TestPriceLists(CatalogueCase):
    """A list is staged, compared, taken within the limit, and approved by somebody else beyond."""

    def test_a_products_codes(self):
        self.screws.sudo().barcode = "0012345678905"
        catalogue = self.receive(
            "Vendor Code,Barcode,Your Code,Price\nSC-1,,,10.1\n,12345678905,,10.1\n,,NAIL,4.1\n"
            "SC-1,,NAIL,1\nNOBODY,,,1\n"
        )
        rows = catalogue.row_ids
        self.assertEqual(rows.mapped("found_by"), ["vendor_code", "barcode", "code", False, False])
        self.assertEqual(rows[:3].product_id, self.screws | self.nails)
        self.assertEqual(self.row(catalogue, 3).state, "error")
        self.assertIn("Row 2", self.row(catalogue, 3).problem_text)
        self.assertIn("different products", self.row(catalogue, 5).problem_text)
        self.assertIn("No product has this code", self.row(catalogue, 6).problem_text)
        # Nothing of the file is lost.
        self.assertEqual(
            self.row(catalogue, 6).raw,
            [["Vendor Code", "NOBODY"], ["Barcode", ""], ["Your Code", ""], ["Price", "1"]],
        )

    def test_within_the_limit_it_is_taken_and_the_old_price_ends_the_day_before(self):
        [old] = self.prices_of(self.screws)
        catalogue = self.receive(HEAD + "SC-1,10.40,\n")
        row = self.row(catalogue)
        self.assertEqual((row.state, round(row.change, 4)), ("ready", 0.04))
        catalogue.action_submit()
        self.assertEqual((catalogue.state, row.state), ("done", "taken"))
        new = row.taken_seller_id
        self.assertEqual(old.date_end, self.today - timedelta(days=1))
        self.assertEqual((new.price, new.date_start, new.sequence), (10.4, self.today, 1))
        self.assertEqual((new.product_code, new.delay), ("SC-1", 3))
        seller = self.screws._select_seller(partner_id=self.vendor, quantity=1)
        self.assertEqual(seller.id, new.id)

    def test_beyond_the_limit_somebody_else_approves(self):
        catalogue = self.receive(HEAD + "SC-1,12.00,\nNA-1,4.00,\n")
        catalogue.action_submit()
        row = self.row(catalogue)
        self.assertEqual((catalogue.state, row.state), ("waiting", "waiting"))
        self.assertEqual(row.concern_text, "Beyond the limit")
        self.assertEqual(self.row(catalogue, 3).state, "same")
        with self.assertRaisesRegex(UserError, "somebody else"):
            catalogue.action_approve()
        self.assertEqual(self.prices_of(self.screws).price, 10)
        catalogue.with_user(self.second).action_approve()
        self.assertEqual((catalogue.state, row.decided_by_id), ("done", self.second))
        self.assertEqual(self.prices_of(self.screws).price, 12)

    def test_a_cheaper_old_price_does_not_outlive_a_dearer_new_one(self):
        catalogue = self.receive(HEAD + "SC-1,12.00,\n")
        catalogue.action_submit()
        catalogue.with_user(self.second).action_approve()
        self.assertEqual(self.screws._select_seller(partner_id=self.vendor, quantity=1).price, 12)

    def test_what_is_paid_changed_since_the_file_was_read(self):
        catalogue = self.receive(HEAD + "SC-1,10.40,\n")
        self.assertEqual(self.row(catalogue).state, "ready")
        self.prices_of(self.screws).price = 8.0
        catalogue.action_submit()
        self.assertEqual((catalogue.state, self.row(catalogue).state), ("waiting", "waiting"))
        self.assertEqual(self.row(catalogue).change, 0.3)

    def test_small_steps_do_not_lead_away_unseen(self):
        for step, price in enumerate(("10.40", "10.80", "11.20")):
            catalogue = self.receive(HEAD + f"SC-1,{price},\n")
            catalogue.action_submit()
            if step < 1:
                self.assertEqual(catalogue.state, "done")
            else:
                # 4 % above the price before, 8 % above what a person agreed to.
                self.assertEqual(catalogue.state, "waiting")
                self.assertIn("add up", self.row(catalogue).concern_text)
                break
        catalogue.with_user(self.second).action_approve()
        following = self.receive(HEAD + "SC-1,11.20,\n")
        self.assertEqual(self.row(following).state, "ready")

    def test_whoever_changed_a_row_does_not_approve_it(self):
        catalogue = self.receive(HEAD + "NOBODY,7.00,\n")
        catalogue.action_submit()
        row = self.row(catalogue).with_user(self.second)
        row.product_id = self.washers
        self.assertEqual((row.state, row.editor_id, row.found_by), ("waiting", self.second, "hand"))
        self.assertIn("New from this vendor", row.concern_text)
        with self.assertRaises(UserError):
            row.action_approve()
        third = self.make_buyer("third buyer", self.company)
        row.with_user(third).action_approve()
        self.assertEqual(self.prices_of(self.washers).price, 7)

    def test_a_refused_price_changes_nothing(self):
        catalogue = self.receive(HEAD + "SC-1,20.00,\n")
        catalogue.action_submit()
        action = catalogue.with_user(self.second).action_ask_why_refused()
        refusal = self.env["vendor.catalogue.refusal"].with_user(self.second)
        wizard = refusal.with_context(**action["context"]).create({"reason": "Too dear"})
        wizard.action_refuse()
        row = self.row(catalogue)
        self.assertEqual(
            (catalogue.state, row.state, row.refusal), ("refused", "refused", "Too dear")
        )
        self.assertEqual(self.prices_of(self.screws).price, 10)
        with self.assertRaises(UserError):
            row.product_id = self.nails

    def test_another_unit_and_another_currency_are_compared_and_approved(self):
        box = self.make_dozen()
        self.activate("USD", 2.0)
        catalogue = self.receive(
            "Vendor Code,Price,Unit,Currency\nSC-1,120.00,Box of 12,\nNA-1,8.00,,USD\n"
        )
        boxed, dollars = self.row(catalogue), self.row(catalogue, 3)
        self.assertEqual((boxed.product_uom_id, boxed.current_price), (box, 120))
        self.assertEqual((boxed.change, boxed.concern_text), (0, "Other unit"))
        self.assertEqual((dollars.current_price, dollars.change), (8, 0))
        self.assertEqual(dollars.concern_text, "Other currency")
        catalogue.action_submit()
        catalogue.with_user(self.second).action_approve()
        [new] = self.prices_of(self.screws)
        self.assertEqual((new.price, new.product_uom_id), (120, box))
        # The old one in pieces would else be as cheap, and stay in force.
        self.assertEqual(self.prices_of(self.nails).currency_id.name, "USD")

    def test_a_break_comes_beside_the_others_and_not_before_another_vendor(self):
        self.add_seller(
            self.screws, self.bolt_works, price=9.0, company_id=self.company.id, sequence=1
        )
        before = self.screws._select_seller(quantity=20)
        self.assertEqual(before.partner_id, self.bolt_works)
        catalogue = self.receive(HEAD + "SC-1,9.90,5\n")
        catalogue.action_submit()
        self.assertEqual(self.row(catalogue).state, "taken")
        self.assertEqual(len(self.prices_of(self.screws)), 2)
        # Odoo would put the greatest quantity of equals first, whatever it costs.
        self.assertEqual(self.screws._select_seller(quantity=20).partner_id, self.bolt_works)
        own = self.screws._select_seller(partner_id=self.vendor, quantity=20)
        self.assertEqual(own.price, 9.9)

    def test_a_price_from_a_later_day_and_the_one_before_it(self):
        later = self.today + timedelta(days=30)
        catalogue = self.receive(
            f"Vendor Code,Price,Valid From\nSC-1,10.20,\nSC-1,10.30,{later.isoformat()}\n"
        )
        catalogue.action_submit()
        first, second = self.prices_of(self.screws)
        self.assertEqual(
            (first.date_start, first.date_end), (self.today, later - timedelta(days=1))
        )
        self.assertEqual((second.date_start, second.date_end), (later, False))
        # A list without days does not undo what was agreed for later.
        self.receive(HEAD + "SC-1,10.25,\n").action_submit()
        with freeze_time(later):
            self.assertEqual(
                self.screws._select_seller(partner_id=self.vendor, quantity=1).price, 10.3
            )

    def test_a_day_that_is_past_is_today(self):
        long_ago = self.today - timedelta(days=200)
        catalogue = self.receive(
            f"Vendor Code,Price,Valid From\nSC-1,10.20,{long_ago.isoformat()}\n"
        )
        catalogue.action_submit()
        self.assertEqual(self.row(catalogue).taken_seller_id.date_start, self.today)

    def test_a_longer_lead_time_is_approved(self):
        catalogue = self.receive("Vendor Code,Price,Lead Time\nSC-1,10,3\nNA-1,4,30\n")
        self.assertEqual(self.row(catalogue).state, "same")
        self.assertEqual(self.row(catalogue, 3).concern_text, "Longer lead time")

    def test_a_third_partys_list_names_the_vendors(self):
        catalogue = self.receive(
            "Vendor,Your Code,Price\nBolt Works,SCREW,8\nAcme Fasteners,NAIL,4.1\nNo One,NAIL,1\n",
            partner_id=False,
            source="third_party",
        )
        self.assertEqual(catalogue.row_ids[:2].partner_id, self.bolt_works | self.vendor)
        self.assertEqual(catalogue.row_ids.mapped("state"), ["waiting", "ready", "error"])
        self.assertIn("“No One” is not known", self.row(catalogue, 4).problem_text)
        with self.assertRaisesRegex(UserError, "Choose the vendor"):
            self.receive("Code,Price\nA,1\n", partner_id=False, source="third_party")

    def test_what_is_wrong_names_the_column_and_the_way_out(self):
        catalogue = self.receive(
            "Vendor Code,Price,Currency,Unit,Valid From\n"
            "SC-1,NaN,,,\nSC-1,$5,,,\nSC-1,5,XXX,,\nSC-1,5,,furlong,\nSC-1,5,,,soon\n"
        )
        for number, text in enumerate(
            (
                "Price: “NaN” is not a number: write it like 1234.50.",
                "Price: “",
                "Currency: “XXX” is not in use here. Write its code, like EUR.",
                "Unit: “furlong” is not known.",
                "Valid From: “soon” is not a date: write it like 2026-12-31.",
            ),
            start=2,
        ):
            row = self.row(catalogue, number)
            self.assertEqual(row.state, "error")
            self.assertIn(text, row.problem_text)
        with self.assertRaisesRegex(UserError, "No row"):
            catalogue.action_submit()

    def test_everybody_reads_what_is_wrong_in_ones_own_language(self):
        self.env["res.lang"].sudo()._activate_lang("zh_CN")
        row = self.row(self.receive("Vendor Code,Price\nSC-1,dear\nNOBODY,1\n"))
        self.assertEqual(row.problem_text, "Price: “dear” is not a number: write it like 1234.50.")
        self.assertIn("单价", row.with_context(lang="zh_CN").problem_text)
        without_product = self.row(row.catalogue_id, 3)
        self.assertIn("No product", without_product.problem_text)
        chinese = without_product.with_context(lang="zh_CN")
        self.assertNotIn("No product", chinese.problem_text)

    def test_everybody_reads_of_the_columns_in_ones_own_language(self):
        self.env["res.lang"].sudo()._activate_lang("zh_CN")
        catalogues = self.env["vendor.catalogue"].with_context(lang="zh_CN").sudo()
        catalogue = catalogues._receive(
            {"source": "buyer", "partner_id": self.vendor.id},
            "Vendor Code,Price,Größe\nSC-1,12,4\n".encode("cp1252"),
        )
        english, chinese = (catalogue.with_context(lang=code).note for code in ("en_US", "zh_CN"))
        self.assertIn("Columns that are not used: Größe", english)
        self.assertIn("it was read as", english)
        self.assertIn("Größe", chinese)
        for line in english.splitlines():
            self.assertNotIn(line, chinese)

    def test_numbers_written_past_the_screen(self):
        catalogue = self.receive(HEAD + "SC-1,12.00,\n")
        row = self.row(catalogue)
        for vals in ({"price": float("nan")}, {"price": float("inf")}, {"min_qty": 1e300}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                row.write(vals)
        row.price = -3
        self.assertEqual(row.state, "error")
        for vals in ({"state": "taken"}, {"editor_id": False}, {"change": 5}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                row.write(vals)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            catalogue.user_id = self.second

    def test_what_cannot_be_below_0_is_to_correct(self):
        row = self.row(self.receive(HEAD + "SC-1,12.00,\n"))
        for name in ("min_qty", "delay", "duty_rate", "freight_cost"):
            with self.subTest(field=name):
                row[name] = -5
                self.assertEqual(row.state, "error")
                label = row._fields[name]._description_string(self.env)
                self.assertEqual(row.problem_text, f"{label}: write no number below 0.")
                row[name] = 0
                self.assertFalse(row.problem_text)

    def test_a_discount_leaves_something_to_pay(self):
        row = self.row(self.receive(HEAD + "SC-1,12.00,\n"))
        for wrong in (-1, 100, 150):
            with self.subTest(discount=wrong):
                row.discount = wrong
                self.assertEqual(row.state, "error")
                self.assertIn("Discount (%): write a number of 0 or more", row.problem_text)

    def test_the_wizard_reads_a_file(self):
        wizard = self.env["vendor.catalogue.import"].create(
            {
                "partner_id": self.vendor.id,
                "file_name": "list.csv",
                "file": base64.b64encode((HEAD + "SC-1,10.10,\n").encode()),
            }
        )
        self.assertEqual(wizard.currency_id, self.company.currency_id)
        action = wizard.action_import()
        catalogue = self.env["vendor.catalogue"].browse(action["res_id"])
        self.assertEqual((catalogue.user_id, catalogue.row_count), (self.buyer, 1))
        self.assertEqual(catalogue.file_name, "list.csv")

    def test_what_no_browser_sent_is_no_file(self):
        wizard = self.env["vendor.catalogue.import"].create(
            {"partner_id": self.vendor.id, "file": "x"}
        )
        with self.assertRaisesRegex(UserError, "empty"):
            wizard.action_import()

    def test_long_lists_are_taken_in_batches(self):
        products = (
            self.env["product.product"]
            .sudo()
            .create([{"name": f"Part {n}", "default_code": f"P{n}"} for n in range(501)])
        )
        lines = "".join(f"P{n},5\n" for n in range(501))
        catalogue = self.receive("Your Code,Price\n" + lines)
        self.assertEqual(catalogue.waiting_count, 501)
        catalogue.action_submit()
        catalogue.with_user(self.second).action_approve()
        self.assertEqual(catalogue.state, "approved")
        with self.enter_registry_test_mode():
            self.env.ref("supply_partner_catalogue.ir_cron_take").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(catalogue.state, "done")
        self.assertEqual(len(products.seller_ids), 501)


class TestCompanies(CatalogueCase):
    """Two companies share products and vendors, and see nothing of each other's lists."""

    def test_one_companys_list_leaves_the_others_price(self):
        other = self.make_company("Southwind")
        theirs = self.add_seller(self.screws, self.vendor, price=50.0, company_id=other.id)
        catalogue = self.receive(HEAD + "SC-1,10.10,\n")
        catalogue.action_submit()
        self.assertEqual(catalogue.state, "done")
        self.assertFalse(theirs.date_end)
        self.assertEqual(self.row(catalogue).taken_seller_id.company_id, self.company)
        foreigner = self.make_buyer("foreign buyer", other)
        for record in (catalogue, catalogue.row_ids):
            with self.assertRaises(AccessError):
                record.with_user(foreigner).with_company(other).read(["state"])

    def test_a_price_that_all_companies_share_is_approved(self):
        self.make_company("Southwind")
        self.prices_of(self.screws).company_id = False
        catalogue = self.receive(HEAD + "SC-1,10.10,\n")
        self.assertEqual(self.row(catalogue).concern_text, "Holds for all companies")
        catalogue.action_submit()
        catalogue.with_user(self.second).action_approve()
        [new] = self.prices_of(self.screws)
        self.assertEqual((new.price, new.company_id.id), (10.1, False))


class TestPriceQueries(CatalogueCase):
    def test_a_hundred_rows_take_as_many_queries_as_one(self):
        products = (
            self.env["product.product"]
            .sudo()
            .create([{"name": f"Part {n}", "default_code": f"P{n}"} for n in range(101)])
        )
        for product in products:
            self.add_seller(product, self.vendor, price=5.0, company_id=self.company.id)
        self.receive("Your Code,Price\nP100,5.1\n")
        counts = []
        for numbers in (range(1), range(100)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines = "".join(f"P{n},5.1\n" for n in numbers)
            self.receive("Your Code,Price\n" + lines)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 4)
