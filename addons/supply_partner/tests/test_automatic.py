from unittest.mock import patch

from odoo.exceptions import LockError, UserError

from .common import VmiCase


class TestAutomatic(VmiCase):
    """Automatic orders are the buyer's: within the agreement's and the buyer's limits."""

    def propose(self, **vals):
        agreement = self.make_agreement((self.screws, 60, 120), decision="automatic", **vals)
        return agreement.review()

    def test_it_is_ordered_and_confirmed_as_the_buyer(self):
        proposal = self.propose()
        order = proposal.purchase_order_ids
        self.assertEqual((proposal.state, order.state), ("ordered", "purchase"))
        self.assertEqual(order.user_id, self.buyer)
        self.assertFalse(proposal.agreement_id.review())

    def test_above_the_approval_limit_it_waits_for_the_buyer_with_the_reason(self):
        for vals, reason in (
            ({"approval_limit_value": 239.99}, "over the approval limit of"),
            ({"approval_limit_days": 10}, "more than 10 days of supply"),
        ):
            proposal = self.propose(**vals)
            self.assertEqual(proposal.state, "draft")
            self.assertIn(reason, proposal.note)
            self.assertEqual(proposal.activity_ids.user_id, self.buyer)
            self.assertFalse(proposal.agreement_id.review(), "It counts while it waits.")
            proposal.action_approve()
            self.assertEqual(proposal.purchase_order_ids.state, "draft")
            proposal.purchase_order_ids.button_cancel()
            proposal.agreement_id.action_close()

    def test_at_the_approval_limit_it_goes(self):
        self.assertEqual(self.propose(approval_limit_value=240).state, "ordered")

    def test_above_the_buyer_s_limit_the_order_waits_to_be_approved_and_counts(self):
        self.company.sudo().write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 100}
        )
        # OdooBot passes every limit; the schedule must not.
        agreement = self.make_agreement((self.screws, 60, 120), decision="automatic")
        proposal = agreement.with_user(1).review()
        self.assertEqual(proposal.purchase_order_ids.state, "to approve")
        self.assertFalse(agreement.review())

    def test_what_cannot_be_ordered_waits_with_the_reason(self):
        nails = self.make_product("Nails", self.vendor, price=-1)
        agreement = self.make_agreement((nails, 60, 120), decision="automatic")
        proposal = agreement.review()
        self.assertEqual(proposal.state, "draft")
        self.assertIn("has no price for", proposal.note)

    def test_the_backup_orders_in_place_of_the_buyer(self):
        deputy = self.make_buyer("vmi deputy", self.company)
        proposal = self.propose(backup_user_id=deputy.id)
        self.assertEqual(proposal.purchase_order_ids.user_id, deputy)

    def test_the_schedule_orders_what_a_killed_run_left(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        proposal = agreement.review()
        agreement.decision = "automatic"
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("supply_partner.ir_cron_review").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(proposal.state, "ordered")
        self.assertEqual(proposal.purchase_order_ids.state, "purchase")
        self.assertEqual(proposal.purchase_order_ids.order_line.product_qty, 120)

    def test_the_schedule_orders_what_it_had_no_time_for(self):
        products = [self.make_product(name, self.vendor) for name in ("Bolts", "Nails", "Rivets")]
        agreements = self.env["vmi.agreement"].union(
            *(self.make_agreement((product, 60, 120), decision="automatic") for product in products)
        )
        self.env.flush_all()
        # Each run of the action ends after its first step.
        with (
            patch("odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB", 0),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("supply_partner.ir_cron_review").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(agreements.proposal_ids.mapped("state"), ["ordered"] * 3)

    def test_nothing_is_ordered_in_the_name_of_a_buyer_who_left(self):
        other = self.make_buyer("vmi leaver", self.company)
        agreement = self.make_agreement(
            (self.screws, 60, 120), decision="automatic", user_id=other.id
        )
        other.with_user(1).active = False
        proposal = agreement.review()
        self.assertEqual(proposal.state, "draft")
        self.assertIn("may not work in Northwind", proposal.note)
        agreement.action_suspend()
        with self.assertRaisesRegex(UserError, "may not work in Northwind"):
            agreement.action_resume()

    def test_what_somebody_is_deciding_about_is_left_for_the_next_run(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        proposal = agreement.review()
        agreement.decision = "automatic"
        with patch.object(
            self.env.registry["vmi.proposal"], "_lock", side_effect=LockError("Somebody else is")
        ):
            proposal._decide_automatically()
        self.assertEqual((proposal.state, proposal.is_over_limit), ("draft", False))
        proposal._decide_automatically()
        self.assertEqual(proposal.state, "ordered")
