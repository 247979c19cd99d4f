from odoo.fields import Command, Datetime

from ..engine.history import recall_orders
from .common import TieringCase


class TestOrderMetrics(TieringCase):
    """Each figure made of orders and quotations, against a computation by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.window_months = 6
        cls.acme = cls.make_customer("Acme")

    def figure(self, metric, partner=None, as_of="2026-06-30"):
        """Return the raw figure that a run stores for a metric, None where it is missing."""
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create(
                {"metric": metric, "weight": 1, "scale": "linear", "floor": 0, "cap": 1}
            ),
        ]
        self.policy.evaluate(as_of)
        (component,) = self.standing(partner or self.acme).components
        return component["figure"]

    def quote(self, amount, moment, state, validity=None):
        order = self.make_order(self.acme, amount, moment, confirm=False)
        order.write({"state": state, "validity_date": validity})
        return order

    def decline(self, quotation):
        quotation._action_cancel()

    def test_average_order(self):
        for amount, day in ((100, "2025-12-30"), (30, "2025-12-31"), (60, "2026-06-30")):
            self.make_order(self.acme, amount, day)
        self.assertEqual(self.figure("average_order"), 45)

    def test_average_order_is_missing_without_an_order_in_the_period(self):
        self.make_order(self.acme, 100, "2025-12-30")
        self.assertIsNone(self.figure("average_order"))

    def test_tenure_counts_from_the_first_order_ever(self):
        self.make_order(self.acme, 1, "2024-06-30")
        self.make_order(self.acme, 1, "2026-06-29")
        self.assertEqual(self.figure("tenure_days"), 730)

    def test_active_months_are_the_periods_own_months(self):
        # As of 15 June the months run from the 16th to the 15th.
        for day in ("2026-01-15", "2026-01-16", "2026-02-15", "2026-05-16", "2026-06-15"):
            self.make_order(self.acme, 1, day)
        # 15 Jan is month 2 (16 Dec – 15 Jan is the first), 16 Jan and 15 Feb the next.
        self.assertAlmostEqual(self.figure("active_months", as_of="2026-06-15"), 3 / 6)

    def test_active_months_of_contacts_are_not_counted_twice(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.make_order(self.acme, 1, "2026-06-10")
        self.make_order(buyer, 1, "2026-06-11")
        self.make_order(buyer, 1, "2026-03-11")
        self.assertAlmostEqual(self.figure("active_months"), 2 / 6)

    def test_active_months_in_a_period_of_many_years(self):
        self.policy.window_months = 120
        for day in ("2016-07-15", "2020-01-15", "2026-06-15"):
            self.make_order(self.acme, 1, day)
        self.assertAlmostEqual(self.figure("active_months"), 3 / 120)

    def test_growth_compares_two_periods(self):
        # (90 − 30) / (90 + 30); the order before both periods only says that it is no newcomer.
        for amount, day in ((500, "2025-06-30"), (30, "2025-07-01"), (90, "2026-01-01")):
            self.make_order(self.acme, amount, day)
        self.assertEqual(self.figure("growth"), 0.5)

    def test_growth_of_a_newcomer_is_missing(self):
        self.make_order(self.acme, 90, "2026-01-01")
        self.assertIsNone(self.figure("growth"))

    def test_growth_of_who_stopped_is_minus_one(self):
        self.make_order(self.acme, 90, "2025-12-30")
        self.assertEqual(self.figure("growth"), -1)

    def test_quote_acceptance_leaves_out_what_is_undecided(self):
        self.make_order(self.acme, 10, "2026-05-01")
        self.decline(self.quote(10, "2026-05-02", "sent"))
        self.quote(10, "2026-05-03", "sent", validity="2026-06-29")
        self.quote(10, "2026-05-04", "sent", validity="2026-06-30")
        self.quote(10, "2026-05-05", "sent")
        self.quote(10, "2026-05-06", "draft", validity="2026-05-07")
        self.decline(self.quote(10, "2025-12-30", "sent"))
        self.assertAlmostEqual(self.figure("quote_acceptance"), 1 / 3)

    def test_quote_acceptance_leaves_out_what_was_never_sent(self):
        self.make_order(self.acme, 10, "2026-05-01")
        for day in ("2026-05-02", "2026-05-03", "2026-05-04"):
            self.decline(self.quote(10, day, "draft"))
        self.assertEqual(self.figure("quote_acceptance"), 1)

    def test_confirmed_and_cancelled_later_is_confirmed(self):
        order = self.make_order(self.acme, 10, "2026-05-01")
        order._action_cancel()
        self.make_order(self.acme, 10, "2026-05-02")
        self.decline(self.quote(10, "2026-05-03", "sent"))
        self.assertAlmostEqual(self.figure("quote_acceptance"), 2 / 3)
        order.action_draft()
        self.assertAlmostEqual(self.figure("quote_acceptance"), 2 / 3)

    def test_a_draft_again_counts_as_sent_once_past_its_validity(self):
        self.make_order(self.acme, 10, "2026-05-01")
        quotation = self.quote(10, "2026-05-02", "sent", validity="2026-06-30")
        self.decline(quotation)
        quotation.action_draft()
        self.assertEqual(self.figure("quote_acceptance"), 1)
        self.assertEqual(self.figure("quote_acceptance", as_of="2026-07-01"), 0.5)

    def test_what_was_sent_or_confirmed_is_recalled_from_the_chatter(self):
        orders = self.make_order(self.acme, 10, "2026-05-01") | self.quote(10, "2026-05-02", "sent")
        for order, subtype in zip(orders, ("confirmed", "sent"), strict=True):
            order.message_post(body="moved", subtype_xmlid=f"sale.mt_order_{subtype}")
        orders |= self.quote(10, "2026-05-03", "draft")
        orders._action_cancel()
        orders.write({"was_sent": False, "was_confirmed": False})
        self.env.flush_all()
        recall_orders(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(orders.mapped("was_confirmed"), [True, False, False])
        self.assertEqual(orders.mapped("was_sent"), [False, True, False])

    def test_quote_acceptance_is_missing_where_nothing_was_decided(self):
        self.make_order(self.acme, 10, "2025-05-01")
        self.quote(10, "2026-05-05", "sent")
        self.assertIsNone(self.figure("quote_acceptance"))

    def test_share_of_wallet_scales_the_yearly_estimate_to_the_period(self):
        self.acme.customer_yearly_spend = 1000
        self.make_order(self.acme, 125, "2026-05-01")
        self.assertEqual(self.figure("share_of_wallet"), 0.25)

    def test_share_of_wallet_is_missing_without_an_estimate_here(self):
        south = self.make_company("Southwind")
        self.acme.with_company(south).customer_yearly_spend = 1000
        self.make_order(self.acme, 125, "2026-05-01")
        self.assertIsNone(self.figure("share_of_wallet"))

    def test_prospects_hold_the_prospect_tier_and_have_no_score(self):
        self.quote(10, "2026-05-05", "sent")
        buyer = self.make_customer("Buyer")
        self.make_order(buyer, 10, "2026-05-05")
        self.assertEqual(self.figure("revenue", partner=buyer), 10)
        prospect = self.standing(self.acme)
        self.assertEqual((prospect.tier_id, prospect.lifecycle), (self.potential, "prospect"))
        self.env.cr.execute("SELECT score FROM customer_standing WHERE id = %s", [prospect.id])
        self.assertEqual(self.env.cr.fetchone(), (None,))
        self.assertFalse(prospect.components)

    def test_a_prospect_does_not_move_the_percentiles(self):
        self.quote(10, "2026-05-05", "sent")
        buyer = self.make_customer("Buyer")
        self.make_order(buyer, 10, "2026-05-05")
        self.policy.criterion_ids = [Command.clear(), Command.create({"metric": "revenue"})]
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(buyer).score, 100, "a lone customer")

    def test_without_a_prospect_tier_prospects_are_left_out(self):
        self.policy.prospect_tier_id = False
        self.quote(10, "2026-05-05", "sent")
        self.assertEqual(self.policy.evaluate("2026-06-30").customer_count, 0)

    def test_a_prospect_who_buys_is_scored(self):
        quotation = self.quote(10, "2026-05-05", "sent")
        self.policy.evaluate("2026-05-06")
        quotation.action_confirm()
        quotation.date_order = Datetime.to_datetime("2026-05-07 12:00:00")
        self.policy.criterion_ids = [Command.clear(), Command.create({"metric": "revenue"})]
        self.policy.evaluate("2026-05-08")
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)
        self.assertEqual(self.changes(self.acme)[-1][3], "upgrade")
