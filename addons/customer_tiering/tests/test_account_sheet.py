import re
import shutil
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import html2plaintext, mute_logger
from odoo.tools.pdf import PdfReader

from ..report.report_customer_tiering_account_sheet import LISTED, MAX_SHEETS
from .common import InvoicingCase

SHEET = "customer_tiering.account_sheet"
PARTNER_SHEET = "customer_tiering.partner_account_sheet"


@freeze_time("2026-06-10 12:00:00")
class TestAccountSheet(InvoicingCase):
    """What is printed for the visit at a customer, by whom, and what is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(cap=1000)
        cls.seller = cls.make_member("sheet_seller", "sales_team.group_sale_salesman")
        cls.colleague = cls.make_member("sheet_colleague", "sales_team.group_sale_salesman")
        cls.manager = cls.make_member("sheet_manager", "sales_team.group_sale_manager")
        cls.acme.write({"user_id": cls.seller.id, "ref": "C-17", "phone": "+32 2 000 00 00"})
        cls.anna = cls.env["res.partner"].create(
            {
                "name": "Anna",
                "parent_id": cls.acme.id,
                "function": "Purchasing",
                "email": "anna@acme.example.com",
            }
        )
        cls.vip.discount = 0.05
        cls.make_order(cls.acme, 300, "2026-06-02")
        cls.make_order(cls.anna, 650, "2026-03-15")
        cls.policy.evaluate()

    def report_values(self, customers, user=None):
        report = self.env[f"report.{SHEET}"].with_user(user or self.manager)
        standings = [self.standing(customer).id for customer in customers]
        return report._get_report_values(standings)

    def sheet(self, customer=None, user=None):
        [sheet] = self.report_values([customer or self.acme], user)["sheets"]
        return sheet

    def sections(self, customer=None, user=None):
        sheet = self.sheet(customer, user)
        return {
            section["name"]: section["values"]
            for place in ("wide", "main", "side")
            for section in sheet[place]
        }

    def html(self, customers, report=SHEET, user=None, lang="en_US"):
        reports = self.env["ir.actions.report"].with_user(user or self.manager)
        ids = [self.standing(customer).id for customer in customers]
        if report == PARTNER_SHEET:
            ids = [customer.id for customer in customers]
        html, _kind = reports.with_context(lang=lang)._render_qweb_html(report, ids)
        return html.decode()

    def text(self, *args, **options):
        return re.sub(r"\s+", " ", html2plaintext(self.html(*args, **options)))

    def test_the_head_says_who_it_is_and_whom_to_ask(self):
        sheet = self.sheet()
        self.assertEqual((sheet["name"], sheet["reference"]), ("Acme", "C-17"))
        self.assertEqual((sheet["tier"], sheet["score"]), ("VIP", "95.0"))
        self.assertIn("06/10/2026", sheet["since"])
        facts = dict(sheet["facts"])
        self.assertEqual(facts["Salesperson"], self.seller.name)
        self.assertEqual(facts["Contact"], "Anna · Purchasing · anna@acme.example.com")
        self.assertEqual(facts["Phone and Email"], "+32 2 000 00 00")
        self.assertEqual([mark["name"] for mark in sheet["marks"]][-1], "VIP")
        self.assertEqual(sum(mark["width"] for mark in sheet["marks"]), 100)
        figures = {label: text for label, text, _hint in sheet["figures"]}
        self.assertIn("950", figures["Revenue"])
        self.assertEqual((figures["Orders"], figures["Last Order"]), ("2", "06/02/2026"))

    def test_thirteen_months_of_revenue_as_the_runs_count_it(self):
        bars = self.sections()["revenue"]["bars"]
        self.assertEqual(len(bars), 13)
        self.assertEqual([bar["text"] for bar in bars if bar["text"]], ["650", "300"])
        self.assertEqual(bars[9]["height"], 100)
        self.assertEqual((bars[-1]["label"], bars[-1]["is_running"]), ("Jun", True))
        # Orders of a contact who leaves stay, orders of other companies are not there at all.
        self.anna.parent_id = self.make_customer("Bolt")
        self.make_order(self.acme, 7, "2026-06-03", company=self.make_company("Southwind"))
        self.assertEqual(
            [bar["text"] for bar in self.sections()["revenue"]["bars"] if bar["text"]],
            ["650", "300"],
        )

    def test_months_by_invoices_less_credit_notes_where_the_policy_says_so(self):
        self.policy.amount_basis = "invoiced"
        self.invoice(500, "2026-05-05")
        self.invoice(80, "2026-05-20", move_type="out_refund")
        self.invoice(9, "2025-05-31")
        bars = self.sections()["revenue"]["bars"]
        self.assertEqual([bar["text"] for bar in bars if bar["text"]], ["420"])
        self.assertEqual(bars[0]["label"], "Jun")

    def test_why_this_score_and_what_the_tier_gives(self):
        sections = self.sections()
        [row] = sections["score"]["rows"]
        self.assertEqual((row["metric"], row["points"]), ("Revenue", "95.00"))
        self.assertEqual(sections["benefits"]["items"], [(False, "5 % discount on new quotations")])

    def test_a_margin_is_not_printed(self):
        report = self.env[f"report.{SHEET}"]
        self.assertEqual(report._get_internal_metrics(), {"margin"})
        # As if the revenue were what the customer must not see.
        self.patch(type(report), "_get_internal_metrics", lambda _self: {"revenue"})
        self.assertNotIn("score", self.sections())

    def test_what_keeps_the_tier_and_what_raises_it(self):
        bolt = self.make_customer("Bolt")
        self.make_order(bolt, 700, "2026-05-01")
        self.policy.evaluate()
        [(_lead, need)] = self.sections(bolt)["needs"]["items"]
        self.assertIn("for VIP", need)
        self.assertNotIn("needs", self.sections(), "nothing is above the best tier")

    def test_quotations_and_orders_are_listed_newest_first(self):
        for day in range(1, LISTED + 2):
            self.make_order(self.anna, day, f"2026-04-0{day}")
        quotation = self.make_order(self.acme, 40, "2026-05-01", confirm=False)
        quotation.validity_date = "2026-05-31"
        sections = self.sections()
        [row] = sections["quotations"]["rows"]
        self.assertEqual(row[:3], [quotation.name, "05/01/2026", "05/31/2026, expired"])
        self.assertIn("38.00", row[3], "less the tier discount")
        orders = sections["orders"]
        self.assertEqual(
            [row[1] for row in orders["rows"]],
            ["06/02/2026", "04/06/2026", "04/05/2026", "04/04/2026", "04/03/2026"],
        )
        self.assertEqual(orders["more"], "and 3 more")

    def test_overdue_invoices_are_listed_oldest_first_with_their_sum(self):
        self.invoice(100, "2026-04-01", due="2026-05-01", partner=self.anna)
        late = self.invoice(200, "2026-03-01", due="2026-04-10")
        self.pay(late, 50, "2026-04-20")
        self.invoice(400, "2026-06-01", due="2026-06-10")
        self.pay(self.invoice(800, "2026-01-01", due="2026-02-01"), 800, "2026-03-01")
        invoices = self.sections()["invoices"]
        self.assertEqual([row[2] for row in invoices["rows"]], ["61 days", "40 days"])
        self.assertIn("150.00", invoices["rows"][0][3])
        self.assertIn("250.00", invoices["total"])

    def test_planned_activities_and_moves_of_a_year(self):
        for partner, summary, day in (
            (self.anna, "Show the new range", "2026-06-20"),
            (self.acme, "Call", "2026-06-01"),
        ):
            partner.activity_schedule(
                "mail.mail_activity_data_todo", summary=summary, date_deadline=day
            )
        self.make_order(self.acme, -500, "2026-06-11")
        self.policy.write({"grace_days": 0, "tolerance": 0})
        self.policy.evaluate("2026-06-12")
        sections = self.sections()
        leads = [lead for lead, _text in sections["activities"]["items"]]
        self.assertEqual(leads, ["06/01/2026, overdue", "06/20/2026"])
        [(day, move)] = sections["moves"]["items"]
        self.assertEqual(day, "06/12/2026")
        self.assertRegex(move, r"^VIP → \w+ · Downgrade$")
        with freeze_time("2027-06-13"):
            self.assertEqual(self.sections()["moves"]["items"], [])

    def test_a_salesperson_reads_the_own_documents_alone(self):
        orders = self.env["sale.order"].search([("partner_id", "child_of", self.acme.id)])
        orders[0].user_id, orders[1].user_id = self.seller, self.colleague
        invoice = self.invoice(200, "2026-03-01", due="2026-04-10")
        invoice.invoice_user_id = self.colleague
        mine, others = self.sections(user=self.seller), self.sections(user=self.colleague)
        self.assertEqual([row[0] for row in mine["orders"]["rows"]], [orders[0].name])
        self.assertEqual([row[0] for row in others["orders"]["rows"]], [orders[1].name])
        self.assertEqual(mine["invoices"]["rows"], [])
        self.assertEqual(mine["invoices"]["empty"], "No overdue invoices of yours.")
        self.assertEqual(len(others["invoices"]["rows"]), 1)
        # Revenue is the score's own, which both may see.
        self.assertEqual(mine["revenue"], others["revenue"])

    def test_who_reads_neither_orders_nor_invoices_has_no_such_lists(self):
        reader = self.make_member("sheet_reader", "customer_tiering.group_tiering_user")
        sections = self.sections(user=reader)
        self.assertFalse({"quotations", "orders", "invoices"} & sections.keys())
        self.assertIn("score", sections)
        self.assertIn("Acme", self.text([self.acme], user=reader))

    def test_nobody_without_the_role_prints_one(self):
        clerk = self.make_member("sheet_clerk", "base.group_user")
        guest = new_test_user(self.env, "sheet_guest", "base.group_portal")
        guest.partner_id.parent_id = self.acme
        for user in (clerk, guest):
            for report in (SHEET, PARTNER_SHEET):
                with self.subTest(user=user.login, report=report), self.assertRaises(AccessError):
                    self.html([self.acme], report, user)
            reports = self.env["ir.actions.report"].with_user(user)
            with self.assertRaises(AccessError):
                reports._render_qweb_pdf(PARTNER_SHEET, guest.partner_id.ids)

    def test_nobody_prints_another_companys(self):
        south = self.make_company("Southwind")
        self.make_order(self.acme, 90, "2026-06-01", company=south)
        self.policy_of(south).evaluate()
        theirs = self.standing(self.acme, south)
        for user in (self.manager, self.seller):
            report = self.env[f"report.{SHEET}"].with_user(user)
            with self.assertRaises(AccessError):
                report._get_report_values(theirs.ids)
            with self.assertRaises(AccessError):
                report._get_report_values((theirs | self.standing(self.acme)).ids)
        # With both companies chosen, each sheet has its own company's figures.
        self.manager.company_ids |= south
        report = self.env[f"report.{SHEET}"].with_user(self.manager)
        report = report.with_context(allowed_company_ids=(self.company | south).ids)
        sheets = report._get_report_values((theirs | self.standing(self.acme)).ids)["sheets"]
        self.assertEqual([sheet["company"] for sheet in sheets], ["Southwind", "Northwind"])
        self.assertEqual([sheet["figures"][1][1] for sheet in sheets], ["1", "2"])

    def test_a_user_of_a_branch_prints_the_sheet_with_the_branch_s_documents(self):
        branch = self.make_company("Northwind Ghent", parent=self.company)
        order = self.make_order(self.acme, 20, "2026-06-05", company=branch)
        user = new_test_user(
            self.env,
            "sheet_branch",
            "sales_team.group_sale_salesman_all_leads",
            company_id=branch.id,
            company_ids=[Command.set(branch.ids)],
        )
        report = self.env[f"report.{SHEET}"].with_user(user)
        report = report.with_context(allowed_company_ids=branch.ids)
        [sheet] = report._get_report_values(self.standing(self.acme).ids)["sheets"]
        listed = {section["name"]: section["values"] for section in sheet["main"]}
        self.assertEqual([row[0] for row in listed["orders"]["rows"]], [order.name])
        self.assertEqual(sheet["company"], "Northwind")

    def test_a_contact_who_is_hidden_is_not_printed(self):
        self.env["ir.rule"].create(
            {
                "name": "Nobody sees Acme",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.acme.id})]",
            }
        )
        with self.assertRaises(AccessError):
            self.sheet(user=self.seller)

    def test_from_contacts_the_sheet_of_their_customer_is_printed_once(self):
        report = self.env[f"report.{PARTNER_SHEET}"].with_user(self.manager)
        values = report._get_report_values((self.anna | self.acme).ids)
        self.assertEqual([sheet["name"] for sheet in values["sheets"]], ["Acme"])
        self.assertIn("Acme", self.text([self.anna], PARTNER_SHEET))
        with self.assertRaisesRegex(UserError, "No customer score in this company: Café"):
            report._get_report_values(self.make_customer("Café").ids)
        shown = self.env.ref("customer_tiering.partner_account_sheet_report")
        nobody = self.make_customer("Nobody")
        partners = self.env["res.partner"].with_user(self.seller)._name
        for partner, valid in ((self.anna, shown.ids), (nobody, [])):
            self.assertEqual(shown.get_valid_action_reports(partners, partner.ids), valid)

    def test_a_customer_without_orders(self):
        bare = self.make_customer("Bare")
        quotation = self.make_order(bare, 40, "2026-06-01", confirm=False)
        quotation.action_quotation_sent()
        self.policy.prospect_tier_id = self.potential
        self.policy.evaluate()
        sheet, sections = self.sheet(bare), self.sections(bare)
        self.assertNotIn("revenue", sections)
        self.assertEqual(sections["orders"]["empty"], "No orders yet.")
        self.assertEqual(sections["invoices"]["empty"], "Nothing is overdue.")
        self.assertEqual(sections["activities"]["empty"], "Nothing is planned.")
        self.assertEqual(sheet["figures"][2][1], "–")
        self.assertEqual((sheet["score"], sheet["tier"]), (False, "Potential"))
        self.assertIn("Bare", self.text([bare]))

    def test_a_customer_who_is_no_longer_tiered(self):
        self.standing(self.acme).sudo().write({"tier_id": False, "candidate_tier_id": False})
        text = self.text([self.acme])
        self.assertIn("No longer tiered", text)
        self.assertNotIn("What the Tier Gives", text)

    def test_names_are_texts_whatever_they_hold(self):
        self.acme.name = "<script>alert(1)</script> & Sons " + "Verylongname" * 20
        self.anna.name = "<b>Anna</b>"
        self.important.name = "<i>Important</i>"
        html = self.html([self.acme])
        self.assertNotIn("<script>alert", html)
        self.assertNotIn("<b>Anna", html)
        self.assertNotIn("<i>Important", html)
        self.assertIn("&amp; Sons", html)

    def test_what_cannot_be_printed_is_refused_in_words(self):
        report = self.env[f"report.{SHEET}"].with_user(self.manager)
        for nothing in (None, [], [2**31 - 1]):
            with self.assertRaisesRegex(UserError, "Select the customers"):
                report._get_report_values(nothing)
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(MAX_SHEETS + 1)]
        )
        many = [self.standing(self.acme).sudo().copy({"partner_id": c.id}).id for c in customers]
        with self.assertRaisesRegex(UserError, f"At most {MAX_SHEETS}"):
            report._get_report_values(many)

    def test_an_add_on_adds_a_section(self):
        page = type(self.env[f"report.{SHEET}"])
        sections = page._get_account_sheet_sections

        def add(report, standings):
            items = {standing.id: report._list([(False, "Likes rye")]) for standing in standings}
            template = "customer_tiering.account_sheet_list"
            return [
                report._section("taste", "Taste", template, items, "side"),
                *sections(report, standings),
            ]

        self.patch(page, "_get_account_sheet_sections", add)
        for report in (SHEET, PARTNER_SHEET):
            self.assertIn("Likes rye", self.text([self.acme], report))

    def test_it_takes_few_queries_for_one_and_for_ten(self):
        customers = [self.make_customer(f"Customer {number}") for number in range(9)]
        for customer in customers:
            self.make_order(customer, 100, "2026-05-02")
            self.make_order(customer, 40, "2026-06-02", confirm=False)
            self.invoice(30, "2026-04-01", partner=customer)
        self.policy.evaluate()

        def count(printed):
            self.report_values(printed)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.report_values(printed)
            return self.cr.sql_log_count - before

        one, ten = count([self.acme]), count([self.acme, *customers])
        self.assertLessEqual(one, 75)
        # What would lift a customer is tried for each alone; all else is read for all at once.
        self.patch(type(self.env["customer.standing"]), "_describe_needs", lambda _self: [])
        simple_one, simple_ten = count([self.acme]), count([self.acme, *customers])
        self.assertLessEqual((ten - one) / 9, 50)
        self.assertLessEqual((simple_ten - simple_one) / 9, 2)

    def print_pdf(self, customers, lang="en_US"):
        """Return the number of pages and, where it can be read, the text of a PDF."""
        reports = self.env["ir.actions.report"].with_user(self.manager)
        if reports.get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not installed")
        # The sheet brings its style along: nothing has to be fetched.
        self.env["ir.config_parameter"].sudo().set_param("report.url", "http://127.0.0.1:9")
        ids = [self.standing(customer).id for customer in customers]
        printing = reports.with_context(force_report_rendering=True, lang=lang)
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            pdf, kind = printing._render_qweb_pdf(SHEET, ids)
        self.assertEqual(kind, "pdf")
        pages = len(PdfReader(BytesIO(pdf)).pages)
        if not shutil.which("pdftotext"):
            return pages, None
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sheet.pdf"
            path.write_bytes(pdf)
            said = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
        return pages, normalize("NFKC", said.stdout.decode())

    def test_each_customer_has_a_page(self):
        bolt = self.make_customer("Bolt")
        self.make_order(bolt, 40, "2026-05-01")
        self.policy.evaluate()
        pages, text = self.print_pdf([self.acme, bolt])
        self.assertEqual(pages, 2)
        if text:
            self.assertLess(text.index("Acme"), text.index("\f"))
            self.assertGreater(text.index("Bolt"), text.index("\f"))

    def test_a_full_sheet_is_one_page_still(self):
        for day in range(1, 9):
            self.make_order(self.acme, day, f"2026-04-0{day}")
            self.make_order(self.acme, day, f"2026-05-0{day}", confirm=False)
            self.invoice(30, f"2026-03-0{day}")
            self.acme.activity_schedule("mail.mail_activity_data_todo", summary=f"Call {day}")
        self.policy.criterion_ids = [
            Command.create({"metric": metric, "weight": 1})
            for metric in ("order_count", "recency_days", "tenure_days", "payment_delay_days")
        ]
        self.policy.evaluate()
        self.assertEqual(self.print_pdf([self.acme])[0], 1)

    def test_chinese_has_its_glyphs(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.acme.name = "上海港湾烘焙"
        html = self.html([self.acme], lang="zh_CN")
        self.assertIn('lang="zh-CN"', html)
        self.assertIn("Noto Sans CJK SC", html)
        pages, text = self.print_pdf([self.acme], "zh_CN")
        self.assertEqual(pages, 1)
        if text:
            self.assertIn("上海港湾烘焙", text)
