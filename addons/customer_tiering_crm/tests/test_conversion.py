from datetime import datetime

from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.addons.customer_tiering_crm.report.customer_conversion_report import SECONDS_PER_MONTH
from odoo.exceptions import AccessError
from odoo.tests import new_test_user


class TestConversion(TieringCase):
    """Which leads became opportunities, quotations and orders, and how long it took."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.seller = cls.make_member("conversion_seller", "sales_team.group_sale_salesman")
        cls.colleague = cls.make_member("conversion_colleague", "sales_team.group_sale_salesman")
        cls.leader = cls.make_member(
            "conversion_leader", "sales_team.group_sale_salesman_all_leads"
        )
        cls.fair, cls.mail = cls.env["utm.source"].create([{"name": "Fair"}, {"name": "Letters"}])
        cls.acme = cls.make_customer("Acme")
        cls.bolt = cls.make_customer("Bolt")

    def lead(self, source=None, partner=None, moment="2026-01-01 12:00:00", **vals):
        lead = self.env["crm.lead"].create(
            {
                "name": "Opportunity",
                "type": "opportunity",
                "partner_id": (partner or self.acme).id,
                "company_id": self.company.id,
                "user_id": self.seller.id,
                "source_id": (source or self.fair).id,
                **vals,
            }
        )
        self.env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", [moment, lead.id])
        return lead

    def order(self, lead, amount, moment="2026-03-01 12:00:00", seller=None, **vals):
        order = self.make_order(lead.partner_id, amount, moment, **vals)
        order.write({"opportunity_id": lead.id, "user_id": (seller or self.seller).id})
        return order

    def report(self, user=None, company=None):
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["customer.conversion.report"].with_user(user or self.env.user)
        company = company or self.company
        return report.with_context(allowed_company_ids=company.ids)

    def rows(self, leads, user=None):
        return self.report(user).search([("lead_id", "in", leads.ids)])

    def test_rates_by_source_by_hand(self):
        # Of four leads from the fair three are opportunities, two were quoted, one ordered.
        ordered, quoted, open_lead = (self.lead() for _number in range(3))
        raw = self.lead(type="lead")
        letter = self.lead(self.mail)
        self.order(ordered, 100, "2026-03-03 00:00:00")
        self.order(ordered, 50, "2026-04-01")
        self.order(quoted, 70, confirm=False)._action_cancel()
        self.order(letter, 10, "2026-01-01 12:00:00")
        found = self.report()._read_group(
            [("lead_id", "in", (ordered | quoted | open_lead | raw | letter).ids)],
            ["source_id"],
            [
                "lead_count:sum",
                "opportunity_rate:avg",
                "quotation_rate:avg",
                "quotation_order_rate:avg",
                "order_rate:avg",
                "quotation_count:sum",
                "order_count:sum",
                "amount_ordered:sum",
            ],
        )
        self.assertEqual(
            found,
            [
                (self.fair, 4, 0.75, 0.5, 0.5, 0.25, 3, 2, 150),
                (self.mail, 1, 1, 1, 1, 1, 1, 1, 10),
            ],
        )

    def test_months_from_the_lead_to_the_first_order(self):
        lead, late, never = self.lead(), self.lead(), self.lead()
        # 61 days are two months: 365.25 / 12 is 30.4375 days.
        self.order(lead, 100, "2026-03-03 12:00:00")
        self.order(lead, 100, "2026-05-03 12:00:00")
        # An order from before the lead that it was linked to took no time.
        self.order(late, 100, "2025-12-01 12:00:00")
        rows = {row.lead_id: row for row in self.rows(lead | late | never)}
        self.assertEqual(rows[lead].first_order_date, datetime(2026, 3, 3, 12))
        self.assertAlmostEqual(rows[lead].months_to_order, 61 * 86400 / SECONDS_PER_MONTH)
        self.assertEqual(round(rows[lead].months_to_order, 2), 2)
        [(mean,)] = self.report()._read_group(
            [("lead_id", "in", (lead | late | never).ids)], [], ["months_to_order:avg"]
        )
        # Who never ordered is not counted as 0.
        self.assertAlmostEqual(mean, 61 / 30.4375 / 2)

    def test_the_tier_and_the_customer_of_a_contact(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.make_order(self.acme, 90, "2026-06-01")
        self.policy.evaluate("2026-06-30")
        lead = self.lead(partner=buyer)
        shared = self.lead(partner=buyer, company_id=False)
        stranger = self.lead(partner=self.bolt)
        buyer.parent_id = self.bolt
        found = {
            row.lead_id: (row.partner_id, row.customer_tier_id)
            for row in self.rows(lead | shared | stranger)
        }
        none = self.env["customer.tier"]
        self.assertEqual(
            found,
            {
                lead: (self.acme, self.vip),
                shared: (self.acme, self.vip),
                stranger: (self.bolt, none),
            },
        )

    def test_lost_leads_count_and_archived_ones_do_not(self):
        lost, archived = self.lead(), self.lead(probability=20)
        lost.action_set_lost()
        archived.action_archive()
        self.assertEqual(self.rows(lost | archived).lead_id, lost)
        self.assertEqual(self.rows(lost).won_status, "lost")

    def test_it_opens_the_leads_and_orders_that_it_counts(self):
        ordered, lost = self.lead(), self.lead()
        self.order(ordered, 100)
        self.order(ordered, 100)
        self.order(ordered, 100, confirm=False)
        lost.action_set_lost()
        rows = self.rows(ordered | lost, self.seller)

        def opened(action):
            records = self.env[action["res_model"]].with_user(self.seller)
            return records.with_context(**action["context"]).search(action["domain"])

        self.assertEqual(opened(rows.action_view_leads()), ordered | lost)
        self.assertEqual(len(opened(rows.action_view_orders())), sum(rows.mapped("order_count")))
        self.assertEqual(
            len(opened(rows.action_view_quotations())), sum(rows.mapped("quotation_count"))
        )
        self.assertEqual(
            (sum(rows.mapped("order_count")), sum(rows.mapped("quotation_count"))), (2, 3)
        )
        one = rows.filtered(lambda row: row.lead_id == ordered).action_view_leads()
        self.assertEqual((one["res_id"], one["views"]), (ordered.id, [(False, "form")]))

    def test_everybody_reads_the_leads_that_they_may_see(self):
        mine, anybodys = self.lead(), self.lead(user_id=False)
        others = self.lead(user_id=self.colleague.id)
        south = self.make_company("Southwind")
        foreign = self.lead(company_id=south.id, user_id=False)
        leads = mine | anybodys | others | foreign
        self.assertEqual(self.rows(leads, self.seller).lead_id, mine | anybodys)
        self.assertEqual(self.rows(leads, self.colleague).lead_id, others | anybodys)
        self.assertEqual(self.rows(leads, self.leader).lead_id, mine | anybodys | others)

    def test_orders_of_others_and_of_other_companies_are_not_counted(self):
        south = self.make_company("Southwind")
        lead = self.lead(company_id=False)
        self.order(lead, 100)
        self.order(lead, 1000, seller=self.colleague)
        self.order(lead, 5000, company=south)
        for user, counted in ((self.seller, (1, 100)), (self.leader, (2, 1100))):
            row = self.rows(lead, user)
            self.assertEqual((row.order_count, row.amount_ordered), counted)

    def test_amounts_are_in_the_companys_currency(self):
        franc = self.make_currency("CHF", d20260101=2)
        lead = self.lead()
        self.order(lead, 100, pricelist=self.make_pricelist(franc))
        self.assertEqual(self.rows(lead).amount_ordered, 50)

    def test_who_sells_nothing_reads_nothing(self):
        lead = self.lead()
        readers = [
            self.make_member("conversion_reader", "customer_tiering.group_tiering_user"),
            self.make_member("conversion_employee", "base.group_user"),
            new_test_user(self.env, "conversion_portal", "base.group_portal"),
        ]
        for user in readers:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.rows(lead, user)
