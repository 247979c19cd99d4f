import io

from openpyxl import load_workbook

from odoo.fields import Command
from odoo.tests import TransactionCase, freeze_time

from ..controllers.texts import Texts
from ..models.vmi_vendor import MOST_LINES
from ..tools import write_csv, write_xlsx
from .common import PageCase


class TestPages(PageCase):
    """What Anna sees, and what comes of what she enters."""

    def test_what_runs_out_first_is_on_top(self):
        nails = self.make_product("Nails", self.vendor, product_code="V-7")
        glue = self.make_product("Glue", self.vendor)
        self.put(glue, 500)
        self.make_agreement((glue, 10, 20), (nails, 10, 20))
        page = self.page("/my/supply")
        names = page.xpath("//a[contains(@class, 'o_vendor_row')]//strong/text()")
        self.assertEqual(names, ["Nails", "Screws", "Glue"])
        self.assertIn("V-7", page.text_content())
        statuses = page.xpath("//span[contains(@class, 'o_vendor_status')]/text()")
        self.assertEqual(statuses[:2], ["Out of stock", "Below minimum"])

    def test_there_is_no_part_of_a_piece(self):
        flour = self.make_product("Flour")
        flour.sudo().uom_id = self.env.ref("uom.product_uom_kgm")
        self.add_seller(flour, self.vendor)
        lines = self.agreement.line_ids | self.make_agreement((flour, 10, 20)).line_ids
        lines.sudo().write({"level_min_qty": 98.12, "level_max_qty": 129.81})
        text = self.text("/my/supply")
        self.assertIn("99–129", text)
        self.assertIn("98.12–129.81", text)

    @freeze_time("2026-11-30")
    def test_days_in_the_order_of_the_language(self):
        self.env["res.lang"].sudo()._activate_lang("zh_CN")
        for lang, full, short in (
            ("en_US", "Dec 6, 2026", "Dec 6"),
            ("zh_CN", "2026年12月6日", "12月6日"),
        ):
            texts = Texts(self.env(context={"lang": lang}))
            self.assertEqual(texts.day("2026-12-06"), full)
            self.assertEqual(texts.short_day("2026-12-06"), short)

    def test_the_start_page_counts_what_is_to_be_answered(self):
        self.propose()
        self.assertIn("/my/supply/proposals", self.url_open("/my").text)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["supply_proposal_count"]}
        )
        self.assertEqual(counters["supply_proposal_count"], 1)
        self.authenticate("guest", "guest")
        self.assertNotIn("/my/supply", self.url_open("/my").text)

    def test_a_day_at_the_browser(self):
        proposal = self.propose()
        path = f"/my/supply/proposal/{proposal.id}"
        self.assertIn(proposal.name, self.text("/my/supply/proposals"))
        quantity = f"quantity-{proposal.line_ids.id}"
        self.assertIn("no number", self.post(f"{path}/answer", **{quantity: "many"}))
        self.assertIn("ordered as you answered", self.post(f"{path}/answer", **{quantity: "90"}))
        order = proposal.purchase_order_ids
        self.assertEqual(order.order_line.product_qty, 90)
        self.assertIn("Your message was sent", self.post(f"{path}/message", body="Thanks"))
        self.assertIn("Thanks", self.text(path))
        form = self.text(f"/my/supply/order/{order.id}/announce")
        self.assertIn("90 Units to come", form)
        line = order.order_line.id
        sent = self.post(
            f"/my/supply/order/{order.id}/announce",
            **{f"quantity-{line}": "40", "date": "2026-12-24", "package_count": "3"},
        )
        self.assertIn("The shipment is announced.", sent)
        shipment = self.env["vmi.shipment"].search([("purchase_id", "=", order.id)])
        self.assertEqual((shipment.package_count, shipment.line_ids.quantity), (3, 40))
        self.assertEqual(shipment.user_id, self.anna)
        self.post(
            f"/my/supply/order/{order.id}/announce",
            **{f"quantity-{line}": "50", "date": "2026-12-24"},
        )
        form = self.text(f"/my/supply/order/{order.id}/announce")
        self.assertIn("All of the order is announced already.", form)
        self.assertNotIn("Arrives on", form)
        gone = self.post(f"/my/supply/shipment/{shipment.id}/cancel")
        self.assertIn("called off", gone)

    def test_a_refusal_at_the_browser(self):
        proposal = self.propose()
        path = f"/my/supply/proposal/{proposal.id}/refuse"
        self.assertIn("Please give the reason", self.post(path, reason=" "))
        self.assertIn("You refused the proposal", self.post(path, reason="Broken mill"))
        self.assertEqual(proposal.state, "refused")

    def test_another_lot_of_a_product(self):
        self.screws.sudo().tracking = "lot"
        order = self.order()
        line = order.order_line.id
        path = f"/my/supply/order/{order.id}/announce"
        first = {f"quantity-{line}": "30", f"lot-{line}": "A", "date": "2026-12-24"}
        self.assertEqual(self.post(path, more=str(line), **first).count("Another lot"), 2)
        self.post(path, **first, **{f"quantity-{line}-1": "10", f"lot-{line}-1": "B"})
        lots = self.env["vmi.shipment.line"].search([("purchase_line_id", "=", line)])
        self.assertEqual(sorted(lots.mapped("lot_name")), ["A", "B"])

    def test_what_is_written_is_not_run(self):
        proposal = self.propose()
        self.served(self.anna).post_message(proposal.id, "<script>alert(1)</script>")
        text = self.url_open(f"/my/supply/proposal/{proposal.id}").text
        self.assertNotIn("<script>alert", text)

    def test_pages_need_as_many_queries_for_many_lines(self):
        def count(path):
            self.url_open(path)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.url_open(path).status_code, 200)
            return self.env.cr.sql_log_count - before

        proposal = self.propose()
        order = self.order(self.others)
        order.vmi_agreement_id = self.agreement
        paths = (
            "/my/supply",
            "/my/supply/proposals",
            f"/my/supply/proposal/{proposal.id}",
            "/my/supply/orders",
            f"/my/supply/order/{order.id}",
            "/my/supply/sell-through",
            "/my/supply/export/stock/csv",
            "/my/supply/export/stock/xlsx",
        )
        few = {path: count(path) for path in paths}
        vals = {"supplier_taxes_id": [Command.clear()], "is_storable": True}
        seller = {"partner_id": self.vendor.id, "price": 2, "delay": 3}
        products = (
            self.env["product.product"]
            .sudo()
            .create(
                [
                    {**vals, "name": f"Part {number}", "seller_ids": [Command.create(seller)]}
                    for number in range(99)
                ]
            )
        )
        self.agreement.line_ids = [
            Command.create({"product_id": product.id, "min_qty": 6, "max_qty": 12})
            for product in products
        ]
        lines = self.agreement.line_ids
        proposal.sudo().line_ids = [
            Command.create(
                {
                    "line_id": line.id,
                    "product_id": line.product_id.id,
                    "suggested_qty": 5,
                }
            )
            for line in lines[1:]
        ]
        order.sudo().order_line = [
            Command.create({"product_id": product.id, "product_qty": 5}) for product in products
        ]
        self.env["vmi.sell.through"].sudo()._refresh_company(self.company)
        self.assertIn("Part 98", self.text("/my/supply"))
        self.assertIn("Part 98", self.url_open("/my/supply/export/stock/csv").text)
        many = {path: count(path) for path in paths}
        for path in paths:
            # A handful, for what a first line alone does not ask.
            self.assertLessEqual(many[path], few[path] + 8, path)


class TestDownloads(PageCase):
    """What Anna downloads."""

    def test_as_csv(self):
        self.screws.sudo().name = "=1+1"
        answer = self.url_open("/my/supply/export/stock/csv")
        text = answer.content.decode("utf-8-sig")
        self.assertIn("'=1+1", text)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_as_excel(self):
        self.screws.sudo().name = "=1+1"
        answer = self.url_open("/my/supply/export/stock/xlsx")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        head, row = ([cell.value for cell in cells] for cells in sheet.iter_rows(max_row=2))
        found = dict(zip(head, row, strict=True))
        self.assertEqual((found["Product"], found["On Hand"]), ("=1+1", 20))
        self.assertEqual(sheet.cell(2, 3).data_type, "s")

    def test_all_tables_have_their_columns(self):
        proposal = self.propose()
        self.order(self.others)
        for what, wanted in (
            ("proposals", proposal.name),
            ("orders", "Order"),
            ("shipments", "Lot"),
            ("sell-through", "Sold"),
        ):
            for kind in ("csv", "xlsx"):
                answer = self.url_open(f"/my/supply/export/{what}/{kind}")
                self.assertEqual(answer.status_code, 200, (what, kind))
                if kind == "csv":
                    self.assertIn(wanted, answer.text)
        self.assertEqual(self.url_open("/my/supply/export/secrets/csv").status_code, 404)
        self.assertEqual(self.url_open("/my/supply/export/stock/exe").status_code, 404)

    def test_it_has_more_lines_than_a_call_returns(self):
        seller = {"partner_id": self.vendor.id, "price": 2, "delay": 3}
        vals = {
            "is_storable": True,
            "supplier_taxes_id": [Command.clear()],
            "seller_ids": [Command.create(seller)],
        }
        products = (
            self.env["product.product"]
            .sudo()
            .create([{**vals, "name": f"Part {number}"} for number in range(MOST_LINES)])
        )
        self.agreement.sudo().line_ids = [
            Command.create({"product_id": product.id, "max_qty": 9}) for product in products
        ]
        text = self.url_open("/my/supply/export/stock/csv").text
        self.assertEqual(text.count("Part "), MOST_LINES)
        book = load_workbook(
            io.BytesIO(self.url_open("/my/supply/export/stock/xlsx").content), read_only=True
        )
        self.assertEqual(len(list(book.active.iter_rows())), 1 + 1 + MOST_LINES)


class TestTables(TransactionCase):
    """Files that spreadsheets read."""

    def test_nothing_is_a_formula(self):
        data = write_csv(["A"], [["=1"], ["+1"], ["-1"], ["@x"], [-1.0], [None], ["\t=1"]])
        lines = data.decode("utf-8-sig").splitlines()
        self.assertEqual(lines[:6], ["A", "'=1", "'+1", "'-1", "'@x", "-1"])
        book = load_workbook(io.BytesIO(write_xlsx("T", ["A"], [["=1"], [2.5]])))
        self.assertEqual(book.active.cell(2, 1).data_type, "s")
        self.assertEqual(book.active.cell(3, 1).value, 2.5)
