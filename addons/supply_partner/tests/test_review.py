from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Date, Datetime

from .common import VmiCase


class TestReview(VmiCase):
    """A review proposes what is missing, once, and says why it does not."""

    def run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("supply_partner.ir_cron_review").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def test_what_is_proposed_counts_and_is_not_proposed_again(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        proposal = agreement.review()
        self.assertEqual(proposal.line_ids.suggested_qty, 120)
        self.assertEqual(proposal.state, "draft")
        self.assertFalse(agreement.review())
        self.assertEqual(agreement.line_ids.pending_qty, 120)
        in_progress = self.screws._get_quantity_in_progress(location_ids=self.stock.ids)[0]
        self.assertEqual(in_progress[self.screws.id, self.stock.id], 120)

    def test_who_reviews_again_hears_what_waits_and_what_cannot_be_ordered(self):
        bolts = self.make_product("Bolts", self.vendor)
        nuts = self.make_product("Nuts", self.vendor)
        agreement = self.make_agreement((bolts, 60, 120), (nuts, 60, 120))
        nuts.sudo().seller_ids.date_end = "2020-01-01"
        proposal = agreement.review()
        told = agreement.action_review()["params"]["message"]
        self.assertIn(f"{proposal.name} waits for a decision", told)
        self.assertIn("Nuts: Acme Fasteners has no valid price", told)
        proposal.action_refuse()
        self.put(bolts, 100)
        told = agreement.action_review()["params"]
        self.assertNotIn("waits", told["message"])
        self.assertEqual(told["type"], "warning")
        self.put(nuts, 100)
        nuts.sudo().seller_ids.date_end = False
        told = agreement.action_review()["params"]
        self.assertEqual((told["type"], told["message"]), ("success", "Nothing is to be proposed."))

    def test_a_refused_one_may_be_proposed_again_and_says_why(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        proposal = agreement.review()
        action = proposal.action_ask_why_refused()
        refusals = self.env[action["res_model"]].with_context(**action["context"])
        refusals.create({"reason": "Sold off next week"}).action_refuse()
        self.assertEqual((proposal.state, proposal.end_reason), ("refused", "Sold off next week"))
        self.assertTrue(agreement.review())

    def test_one_without_a_decision_expires_and_says_so(self):
        agreement = self.make_agreement((self.screws, 60, 120), expiry_days=3)
        proposal = agreement.review()
        with freeze_time(Datetime.now() + timedelta(days=3, minutes=1)):
            second = agreement.review()
        self.assertEqual(proposal.state, "expired")
        self.assertEqual(proposal.end_reason, "It was not approved in time.")
        self.assertEqual(second.line_ids.suggested_qty, 120)

    def test_a_small_order_is_held_until_it_is_worth_it(self):
        self.put(self.screws, 50)
        agreement = self.make_agreement((self.screws, 60, 70), minimum_order_value=100)
        self.assertFalse(agreement.review())
        self.assertEqual(agreement.held_value, 40)  # 20 at 2.00
        self.put(self.screws, -30)
        self.assertEqual(agreement.review().amount, 100)
        self.assertEqual(agreement.held_value, 0)

    def test_a_small_order_goes_when_the_shelf_would_be_empty_before_the_next_review(self):
        self.put(self.screws, 5)
        self.move(self.screws, 5, self.stock, self.customers, days=1)
        agreement = self.make_agreement(
            (self.screws, 10, 20), minimum_order_value=1000, review_days=5
        )
        proposal = agreement.review()
        self.assertIn("will be out of stock before the next review", proposal.note)

    def test_the_vendor_s_least_quantity_and_price_breaks_are_kept(self):
        bolts = self.make_product("Bolts", self.vendor, price=3, min_qty=100)
        self.add_seller(bolts, self.vendor, price=2.5, min_qty=150)
        line = self.make_agreement((bolts, 60, 80)).review().line_ids
        self.assertEqual((line.suggested_qty, line.unit_price), (100, 3))
        self.assertIn(", at least 100: 100", line.explanation)
        self.put(bolts, -100)
        line.proposal_id.action_refuse()
        line = line.line_id.agreement_id.review().line_ids
        self.assertEqual((line.suggested_qty, line.unit_price), (180, 2.5))

    def test_an_expired_row_of_the_vendor_is_named_and_nothing_is_proposed(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        self.screws.sudo().seller_ids.date_end = "2020-01-01"
        self.assertFalse(agreement.review())
        self.assertEqual(agreement.line_ids.problem, "no_vendor_row")

    def test_a_season_has_its_own_levels(self):
        today = Date.today()
        agreement = self.make_agreement(
            {
                "product_id": self.screws.id,
                "min_qty": 60,
                "max_qty": 120,
                "season_start": today,
                "season_end": today,
                "season_min_qty": 200,
                "season_max_qty": 300,
            }
        )
        line = agreement.line_ids
        self.assertEqual((line.level_min_qty, line.level_max_qty), (200, 300))
        with freeze_time(Datetime.now() + timedelta(days=1)):
            line._measure()
        self.assertEqual((line.level_min_qty, line.level_max_qty), (60, 120))
        self.assertEqual(line.orderpoint_id.sudo().product_max_qty, 120)

    def test_nothing_is_proposed_before_phase_in_and_from_run_out_on(self):
        today = Date.today()
        agreement = self.make_agreement((self.screws, 60, 120))
        line = agreement.line_ids
        line.order_start_date = today + timedelta(days=1)
        self.assertFalse(agreement.review())
        line.write({"order_start_date": False, "order_stop_date": today})
        self.assertFalse(agreement.review())
        line.order_stop_date = today + timedelta(days=1)
        self.assertTrue(agreement.review())

    def test_an_ended_agreement_is_closed_by_the_schedule(self):
        # It ends long before its next review.
        agreement = self.make_agreement(
            (self.screws, 60, 120), date_end=Date.today(), review_days=30
        )
        agreement.next_review_date = Date.today() + timedelta(days=30)
        with freeze_time(Datetime.now() + timedelta(days=1)):
            with self.assertRaisesRegex(UserError, "ended on"):
                agreement.review()
            self.run_cron()
        self.assertEqual(agreement.state, "closed")
        self.assertFalse(agreement.proposal_ids)

    def test_the_schedule_reviews_what_is_due_and_only_that(self):
        due = self.make_agreement((self.screws, 60, 120))
        bolts = self.make_product("Bolts", self.vendor)
        later = self.make_agreement((bolts, 60, 120))
        later.next_review_date = Date.today() + timedelta(days=1)
        self.run_cron()
        self.assertEqual(due.proposal_ids.line_ids.suggested_qty, 120)
        self.assertEqual(due.next_review_date, Date.today() + timedelta(days=1))
        self.assertFalse(later.proposal_ids)
        self.run_cron()
        self.assertEqual(len(due.proposal_ids), 1)

    def test_an_agreement_that_lost_all_its_products_finds_nothing(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        agreement.line_ids.unlink()
        self.assertFalse(agreement.review())
        agreement.next_review_date = Date.today()
        self.run_cron()
        self.assertEqual(agreement.next_review_date, Date.today() + timedelta(days=1))
