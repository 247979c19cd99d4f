from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import Form

from .common import VmiCase


class TestVendorProducts(VmiCase):
    """A buyer adds all that a vendor sells, with levels that make sense."""

    def add(self, agreement):
        answer = agreement.action_add_vendor_products()
        return answer["params"]["message"]

    def make_rule(self, product, least, most, **vals):
        return (
            self.env["stock.warehouse.orderpoint"]
            .sudo()
            .create(
                {
                    "product_id": product.id,
                    "location_id": self.stock.id,
                    "company_id": self.company.id,
                    "product_min_qty": least,
                    "product_max_qty": most,
                    **vals,
                }
            )
        )

    def test_levels_come_from_rules_else_from_demand_else_they_are_marked(self):
        ruled = self.make_product("Bolts", self.vendor)
        self.make_rule(ruled, 20, 60)
        sold = self.make_product("Nuts", self.vendor, delay=4)
        self.put(sold, 500)
        for days in range(1, 91):
            self.move(sold, 2, self.stock, self.customers, days=-days, done=True)
        agreement = self.make_agreement(start=False)
        message = self.add(agreement)
        self.assertEqual(
            message,
            "3 products added. Levels of 1 product come from reordering rules. Levels of 1 product "
            "come from demand. Enter the levels of 1 product: there is nothing to go by.",
        )
        by_product = {line.product_id: line for line in agreement.line_ids}
        self.assertEqual(by_product[ruled].levels_text, "20–60 Units")
        self.assertEqual(by_product[ruled].levels_origin, "rule")
        # Four days of lead time, one to the next review, a week; the same demand every day.
        self.assertEqual(by_product[sold].levels_text, "12–26 days")
        self.assertEqual(by_product[sold].levels_origin, "demand")
        self.assertEqual(by_product[self.screws].levels_text, "Enter the levels")
        self.assertTrue(by_product[self.screws].lacks_levels)
        self.assertEqual(by_product[self.screws].levels_origin, "none")
        self.assertEqual(self.add(agreement).count("no other products"), 1)
        self.assertEqual(len(agreement.line_ids), 3)

    def test_uneven_demand_asks_for_more_safety(self):
        self.put(self.screws, 500)
        for days in range(1, 91, 10):
            self.move(self.screws, 20, self.stock, self.customers, days=-days, done=True)
        agreement = self.make_agreement(start=False)
        self.add(agreement)
        self.assertGreater(agreement.line_ids.min_days, 12)
        self.assertLessEqual(agreement.line_ids.min_days, 4 + 90)

    def test_what_could_not_be_ordered_is_left_out_by_name(self):
        self.make_product("Spent", self.vendor, date_end=Date.today() - timedelta(days=1))
        later = self.make_product(
            "Later", self.vendor, date_start=Date.today() + timedelta(days=30)
        )
        service = self.make_product("Advice", self.vendor)
        service.sudo().is_storable = False
        agreement = self.make_agreement(start=False)
        message = self.add(agreement)
        self.assertIn(f"could not be ordered: {later.display_name}.", message)
        self.assertEqual(agreement.line_ids.product_id, self.screws)

    def test_what_another_agreement_keeps_stays_with_it(self):
        self.make_agreement((self.screws, 1, 2))
        agreement = self.make_agreement(start=False)
        answer = agreement.action_add_vendor_products()
        self.assertEqual(answer["params"]["type"], "warning")
        self.assertFalse(agreement.line_ids)

    def test_what_somebody_types_was_not_proposed(self):
        agreement = self.make_agreement(start=False)
        self.add(agreement)
        agreement.line_ids.write({"min_qty": 5, "max_qty": 9})
        self.assertFalse(agreement.line_ids.levels_origin)
        self.assertEqual(agreement.line_ids.levels_text, "5–9 Units")

    def test_each_company_adds_its_own(self):
        south = self.make_company("Southwind")
        own = self.make_product("Southern Screws", self.vendor)
        own.sudo().product_tmpl_id.company_id = south
        self.add_seller(self.screws, self.vendor, company_id=south.id, price=3)
        agreement = self.make_agreement(start=False)
        self.add(agreement)
        self.assertEqual(agreement.line_ids.product_id, self.screws)

    def test_who_may_not_write_agreements_adds_nothing(self):
        agreement = self.make_agreement(start=False)
        clerk = self.make_buyer("vmi clerk", self.company, "stock.group_stock_user")
        with self.assertRaises(AccessError):
            agreement.with_user(clerk).action_add_vendor_products()
        started = self.make_agreement((self.screws, 1, 2))
        with self.assertRaisesRegex(UserError, "possible only when it is draft"):
            started.action_add_vendor_products()


class TestStart(VmiCase):
    """Starting says what it will do, and does it."""

    def open_start(self, agreement):
        action = agreement.action_ask_start()
        return Form(self.env[action["res_model"]].with_context(**action["context"])).save()

    def test_it_says_who_reviews_what_and_when(self):
        bolts = self.make_product("Bolts", self.vendor)
        agreement = self.make_agreement((self.screws, 5, 9), (bolts, 5, 9), start=False)
        start = self.open_start(agreement)
        self.assertIn("2 products: stock at North/Stock is reviewed every day.", start.summary)
        self.assertIn(f"proposed to {self.buyer.name}, who approves it", start.summary)
        self.assertIn("The first review is made now.", start.summary)
        self.assertNotIn("reordering rules", start.summary)
        answer = start.action_start()
        self.assertEqual(agreement.state, "running")
        proposal = agreement.proposal_ids
        self.assertEqual(len(proposal.line_ids), 2)
        self.assertEqual(
            answer["params"]["message"],
            f"{agreement.name} is running; proposed: {proposal.name} · %s",
        )
        self.assertEqual(answer["params"]["links"][0]["url"], f"/odoo/vmi.proposal/{proposal.id}")

    def test_rules_that_order_by_themselves_are_taken_over_and_given_back(self):
        rule = TestVendorProducts.make_rule(self, self.screws, 20, 60, trigger="auto")
        agreement = self.make_agreement((self.screws, 5, 9), start=False)
        with self.assertRaisesRegex(UserError, "make it manual"):
            agreement.action_start()
        start = self.open_start(agreement)
        self.assertIn("The reordering rules of 1 product are taken over", start.summary)
        start.action_start()
        self.assertEqual((agreement.line_ids.orderpoint_id, rule.trigger), (rule, "manual"))
        agreement.action_close()
        self.assertEqual((rule.trigger, rule.product_max_qty), ("auto", 60))

    def test_a_later_first_day_is_named_and_nothing_is_reviewed_yet(self):
        day = Date.today() + timedelta(days=40)
        agreement = self.make_agreement((self.screws, 5, 9), start=False, date_start=day)
        start = self.open_start(agreement)
        self.assertIn("The first review is on", start.summary)
        start.action_start()
        self.assertEqual((agreement.state, agreement.next_review_date), ("running", day))
        self.assertFalse(agreement.proposal_ids)

    def test_nothing_to_keep_is_refused_before_the_dialog(self):
        agreement = self.make_agreement((self.screws, 0, 0), start=False)
        with self.assertRaisesRegex(UserError, "Screws: .*are 0: enter .*or remove the product"):
            agreement.action_ask_start()


class TestLinesToApprove(VmiCase):
    """What a buyer sees of a line before approving it."""

    def test_money_arrival_and_days_left(self):
        self.put(self.screws, 200)
        for days in range(1, 91):
            self.move(self.screws, 2, self.stock, self.customers, days=-days, done=True)
        agreement = self.make_agreement((self.screws, 60, 120))
        line = agreement.review().line_ids
        self.assertEqual((line.on_hand_qty, line.days_left), (20, "10 days"))
        self.assertEqual((line.unit_price, line.amount), (2, 200))
        self.assertEqual(line.arrival_date, agreement._get_order_date() + timedelta(days=3))
        line.approved_qty = 50
        self.assertEqual((line.amount, line.proposal_id.amount), (100, 100))
        line.proposal_id.action_approve()
        self.assertEqual(line.purchase_line_id.date_planned.date(), line.arrival_date)

    def test_nobody_asks_for_it(self):
        line = self.make_agreement((self.screws, 60, 120)).review().line_ids
        self.assertEqual(line.days_left, "–")

    def test_hostile_quantities_are_refused_by_name(self):
        line = self.make_agreement((self.screws, 60, 120)).review().line_ids
        for quantity in (-5, float("nan"), float("inf"), 1e12, 1e300):
            with self.assertRaisesRegex(ValidationError, "To Order"), self.env.cr.savepoint():
                line.write({"approved_qty": quantity})
        self.assertEqual(line.approved_qty, 120)

    def test_the_buyer_answers_for_the_vendor(self):
        agreement = self.make_agreement((self.screws, 60, 120), decision="vendor")
        proposal = agreement.review()
        self.assertTrue(proposal.line_ids.is_waiting)
        action = proposal.action_answer_for_vendor()
        self.assertEqual((action["res_id"], action["target"]), (proposal.id, "new"))
        form = Form(proposal, view="supply_partner.vmi_proposal_view_form_answer")
        with form.line_ids.edit(0) as line:
            line.vendor_qty = 70
        form.save()
        self.assertEqual(
            proposal.action_accept_as_proposed()["params"]["message"], "Answered for Acme Fasteners"
        )
        self.assertFalse(proposal.line_ids.is_waiting)
        self.assertEqual(proposal.line_ids.approved_qty, 70)
        proposal.action_approve()
        with self.assertRaisesRegex(UserError, "is ordered already"):
            proposal.action_answer_for_vendor()

    def test_a_buyer_of_another_company_sees_none(self):
        self.make_agreement((self.screws, 60, 120)).review()
        south = self.make_company("Southwind")
        other = self.make_buyer("vmi south", south)
        lines = self.env["vmi.proposal.line"].with_user(other)
        self.assertFalse(lines.with_context(allowed_company_ids=south.ids).search([]))
