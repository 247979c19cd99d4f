from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form

from .common import InvoicingCase, TieringCase


class CustomerPageCase(TieringCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.bakery = cls.make_customer("Bakery")
        cls.salesperson = cls.make_member("page_salesperson", "sales_team.group_sale_salesman")

    def months(self, partner=None):
        """Return the months with something in them as {label: (revenue, score)}."""
        standing = self.standing(partner or self.bakery).with_user(self.salesperson)
        return {
            month["label"]: (month["revenue"], month["score"])
            for month in standing.profile["months"]
            if month["revenue"] or month["score"] is not False
        }


class TestMonths(CustomerPageCase):
    """Scores are kept as months end; revenue is counted as runs count it."""

    def test_the_last_score_of_each_month_is_kept(self):
        self.make_order(self.bakery, 40, "2026-03-10")
        self.policy.evaluate("2026-03-15")
        self.make_order(self.bakery, 20, "2026-03-20")
        self.policy.evaluate("2026-03-31")
        self.make_order(self.bakery, 30, "2026-05-02")
        self.policy.evaluate("2026-05-03")
        self.policy.evaluate("2026-05-20")
        with freeze_time("2026-05-21 12:00:00"):
            self.assertEqual(self.months(), {"Mar 2026": (60.0, 60.0), "May 2026": (30.0, 90.0)})
        kept = self.standing(self.bakery).month_ids
        self.assertEqual(kept.mapped("month"), [date(2026, 3, 1)])

    def test_a_run_of_one_customer_closes_no_month(self):
        self.make_order(self.bakery, 40, "2026-03-10")
        self.policy.evaluate("2026-03-15")
        with freeze_time("2026-04-02 12:00:00"):
            self.policy._evaluate_customer(self.bakery)
        self.assertFalse(self.standing(self.bakery).month_ids)

    def test_the_scheduled_action_closes_months_too(self):
        self.make_order(self.bakery, 40, "2026-03-10")
        self.policy.evaluate("2026-03-15")
        self.policy.evaluation_hour = 0
        with freeze_time("2026-04-02 12:00:00"), self.enter_registry_test_mode():
            self.env.ref("customer_tiering.ir_cron_evaluate").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.standing(self.bakery).month_ids.mapped("score"), [40.0])

    def test_scores_of_three_years_are_kept(self):
        self.make_order(self.bakery, 40, "2022-03-10")
        for day in ("2022-03-15", "2022-04-15", "2025-04-15", "2025-05-15"):
            self.policy.evaluate(day)
        kept = self.standing(self.bakery).month_ids
        self.assertEqual(kept.mapped("month"), [date(2025, 4, 1), date(2022, 4, 1)])

    def test_prospects_have_no_score(self):
        self.policy.prospect_tier_id = self.potential
        self.make_order(self.bakery, 40, "2026-03-10", confirm=False).action_quotation_sent()
        self.policy.evaluate("2026-03-15")
        self.policy.evaluate("2026-04-15")
        standing = self.standing(self.bakery)
        self.assertEqual(standing.tier_id, self.potential)
        self.assertFalse(standing.month_ids)
        with freeze_time("2026-04-15 12:00:00"):
            self.assertFalse(self.months())
            self.assertIs(standing.profile["score"], False)

    def test_revenue_of_contacts_and_of_this_company_alone(self):
        cook = self.env["res.partner"].create({"name": "Cook", "parent_id": self.bakery.id})
        other = self.make_company("Southwind")
        self.make_order(cook, 10, "2026-05-01")
        self.make_order(self.bakery, 5, "2026-05-31 23:59:59")
        self.make_order(self.bakery, 70, "2026-05-02", company=other)
        self.make_order(self.bakery, 20, "2025-05-01")
        self.make_order(self.bakery, 80, "2025-04-30")
        self.make_order(self.bakery, 90, "2026-05-01", confirm=False)
        self.policy.evaluate("2026-05-31")
        with freeze_time("2026-05-31 12:00:00"):
            months = self.months()
        self.assertEqual(months, {"May 2025": (20.0, False), "May 2026": (15.0, 15.0)})

    def test_the_months_add_up_to_the_revenue_of_the_run(self):
        for month in range(1, 13):
            self.make_order(self.bakery, month, f"2026-{month:02}-28")
        self.policy.evaluate("2026-12-31")
        with freeze_time("2026-12-31 12:00:00"):
            revenue = sum(revenue for revenue, _score in self.months().values())
        self.assertEqual(revenue, self.standing(self.bakery).revenue)

    def test_merged_customers_keep_the_months_of_the_better_one(self):
        cafe = self.make_customer("Café")
        self.make_order(self.bakery, 40, "2026-03-10")
        self.make_order(cafe, 70, "2026-03-10")
        self.policy.evaluate("2026-03-15")
        self.policy.evaluate("2026-04-15")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.bakery | cafe).ids, self.bakery
        )
        self.assertEqual(self.standing(self.bakery).month_ids.mapped("score"), [70.0])

    def test_who_reads_months(self):
        self.make_order(self.bakery, 40, "2026-03-10")
        self.policy.evaluate("2026-03-15")
        self.policy.evaluate("2026-04-15")
        months = self.standing(self.bakery).month_ids
        self.assertEqual(months.with_user(self.salesperson).score, 40)
        stranger = self.make_member("page_stranger", "base.group_user")
        foreigner = self.make_member("page_foreigner", "sales_team.group_sale_salesman")
        other = self.make_company("Southwind")
        foreigner.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for user in (stranger, foreigner):
            with self.subTest(user.login), self.assertRaises(AccessError):
                months.with_user(user).with_context(allowed_company_ids=[]).read(["score"])


class TestInvoicedMonths(InvoicingCase):
    """Where invoices make the revenue, the months are theirs, credit notes taken off."""

    def test_months_of_invoices(self):
        self.judge_by_revenue(amount_basis="invoiced")
        self.invoice(50, "2026-04-10")
        self.invoice(30, "2026-05-10")
        self.invoice(10, "2026-05-12", move_type="out_refund")
        self.policy.evaluate("2026-05-31")
        with freeze_time("2026-05-31 12:00:00"):
            months = self.standing(self.acme).profile["months"]
        self.assertEqual([month["revenue"] for month in months[-3:]], [0, 50, 20])


@freeze_time("2026-06-10 12:00:00")
class TestTimeline(CustomerPageCase):
    """The page tells what happened to the customer, latest first, and opens for everybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_order(cls.bakery, 70, "2026-05-01")
        cls.policy.evaluate("2026-05-02")
        cls.make_order(cls.bakery, 20, "2026-05-05")
        cls.policy.evaluate("2026-05-06")

    def test_moves_and_overrides_are_told(self):
        override = self.env["customer.tier.override"].create(
            {
                "partner_id": self.bakery.id,
                "company_id": self.company.id,
                "tier_id": self.ordinary.id,
                "reason": "Pays late",
                "date_end": "2026-12-31",
            }
        )
        # PostgreSQL says when a row was made.
        self.env.flush_all()
        self.cr.execute(
            "UPDATE customer_tier_override SET create_date = %s WHERE id = %s",
            ["2026-06-10 12:00:00", override.id],
        )
        override.invalidate_recordset()
        events = self.standing(self.bakery).with_user(self.salesperson).timeline
        self.assertEqual(
            [(event["day"], event["title"]) for event in events],
            [
                ("Jun 10, 2026", "Tier override (Active): Ordinary"),
                ("Jun 10, 2026", "Override: VIP → Ordinary"),
                ("May 6, 2026", "Upgrade: Important → VIP"),
            ],
        )
        self.assertIn("Pays late", events[0]["text"])
        self.assertEqual(events[2]["text"], "Score 90.0")
        self.assertEqual(events[2]["tone"], "success")

    def quote(self, partner, user=None, **vals):
        """Return a quotation that was sent."""
        order = self.make_order(partner, 100, "2026-05-20", confirm=False)
        order.write({"user_id": (user or self.salesperson).id, **vals})
        order.action_quotation_sent()
        return order

    def lost(self, user=None, company=None):
        """Return what somebody is told of lost quotations."""
        standing = self.standing(self.bakery, company).with_user(user or self.salesperson)
        standing.invalidate_recordset(["timeline"])
        return [
            (event["date"], event["title"].split(":")[0], event["text"])
            for event in standing.timeline
            if event["icon"] == "fa-file-text-o"
        ]

    def test_lost_quotations_are_told(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.bakery.id})
        self.quote(buyer)._action_cancel()
        self.quote(self.bakery, validity_date="2026-06-01")
        # Neither lost yet, nor a quotation that anybody was sent, nor lost as a quotation.
        self.quote(self.bakery, validity_date="2026-06-10")
        self.make_order(self.bakery, 5, "2026-05-20", confirm=False)._action_cancel()
        self.make_order(self.bakery, 5, "2026-05-20")._action_cancel()
        self.assertEqual(
            self.lost(),
            [
                ("2026-06-10", "Quotation lost", "100.00\xa0€"),
                ("2026-06-01", "Quotation expired", "100.00\xa0€"),
            ],
        )

    def test_the_day_of_the_cancelling_is_kept_and_is_the_companys(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        order = self.quote(self.bakery)
        with freeze_time("2026-06-10 18:00:00"):
            order._action_cancel()
        order.write({"client_order_ref": "Changed", "state": "cancel"})
        [(day, _title, _text)] = self.lost()
        self.assertEqual(day, "2026-06-11")
        self.assertFalse(order.copy().cancelled_on)

    def test_a_quotation_stays_with_the_customer_it_was_made_for(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.bakery.id})
        self.quote(buyer)._action_cancel()
        buyer.parent_id = self.make_customer("Café")
        self.assertEqual(len(self.lost()), 1)

    def test_everybody_is_told_of_what_they_may_see(self):
        colleague = self.make_member("page_colleague", "sales_team.group_sale_salesman")
        leader = self.make_member("page_leader", "sales_team.group_sale_salesman_all_leads")
        reader = self.make_member("page_reader", "customer_tiering.group_tiering_user")
        self.quote(self.bakery)._action_cancel()
        self.quote(self.bakery, user=colleague)._action_cancel()
        south = self.make_company("Southwind")
        foreign = self.make_order(self.bakery, 7, "2026-05-20", company=south, confirm=False)
        foreign.action_quotation_sent()
        foreign._action_cancel()
        self.assertEqual(
            [len(self.lost(user)) for user in (self.salesperson, colleague, leader, reader)],
            [1, 1, 2, 0],
        )

    def test_who_never_moved_has_the_first_run(self):
        cafe = self.make_customer("Café")
        self.make_order(cafe, 35, "2026-05-01")
        self.policy.evaluate("2026-05-07")
        [event] = self.standing(cafe).timeline
        self.assertEqual(
            (event["date"], event["title"]), ("2026-05-07", "First tier run: Ordinary")
        )

    def test_the_page_opens_for_every_kind_of_customer(self):
        prospect = self.make_customer("Prospect")
        self.policy.prospect_tier_id = self.potential
        self.make_order(prospect, 40, "2026-05-10", confirm=False).action_quotation_sent()
        self.policy.evaluate("2026-05-11")
        left = self.make_customer("Left")
        self.make_order(left, 40, "2026-05-10")
        self.policy.evaluate("2026-05-12")
        left.active = False
        self.policy.evaluate("2026-05-13")
        for customer in (self.bakery, prospect, left):
            with self.subTest(customer.name):
                page = Form(self.standing(customer).with_user(self.salesperson))
                self.assertEqual(bool(page.profile), customer != left)
