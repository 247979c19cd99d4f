from psycopg2.errors import LockNotAvailable, SerializationFailure

from odoo.tools import mute_logger

from .common import VmiCase

SCHEDULE = "odoo.addons.supply_partner.models.vmi_agreement"


class TestSetAside(VmiCase):
    """What cannot be served is set aside with its reason, and the others are served."""

    def run_cron(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"supply_partner.ir_cron_{name}").sudo().method_direct_trigger()
        self.env.invalidate_all()

    def make_three(self):
        products = [self.make_product(name, self.vendor) for name in ("Bolts", "Nails", "Rivets")]
        return [self.make_agreement((product, 60, 120)) for product in products]

    def test_one_agreement_that_cannot_be_reviewed(self):
        first, broken, last = self.make_three()
        agreements = type(broken)
        review = agreements._review_company

        def review_or_fail(reviewed, company):
            if broken in reviewed:
                raise KeyError("gone")
            return review(reviewed, company)

        self.patch(agreements, "_review_company", review_or_fail)
        with self.assertLogs(SCHEDULE, "ERROR") as logs:
            self.run_cron("review")
        self.assertIn("KeyError: 'gone'", logs.output[0])
        self.assertEqual((len(first.proposal_ids), len(last.proposal_ids)), (1, 1))
        self.assertFalse(broken.proposal_ids)
        self.assertEqual(broken.failure_message, "Reviewing: 'gone'")
        self.assertFalse(first.failure_message or last.failure_message)
        self.patch(agreements, "_review_company", review)
        self.run_cron("review")
        self.assertEqual(len(broken.proposal_ids), 1)
        self.assertFalse(broken.failure_message)

    def test_one_that_somebody_is_at_work_on(self):
        first, busy, last = self.make_three()
        agreements = type(busy)
        review = agreements._review_company
        passes = []

        def review_or_meet(reviewed, company):
            passes.append(len(reviewed))
            if busy in reviewed:
                raise LockNotAvailable
            return review(reviewed, company)

        self.patch(agreements, "_review_company", review_or_meet)
        with mute_logger(SCHEDULE):
            self.run_cron("review")
        # All, a half, and the other one in its parts.
        self.assertEqual(passes, [3, 1, 2, 1, 1])
        self.assertEqual((len(first.proposal_ids), len(last.proposal_ids)), (1, 1))
        self.assertFalse(busy.proposal_ids)
        self.assertIn("Reviewing: Somebody was at work on it", busy.failure_message)
        self.assertFalse(first.failure_message or last.failure_message)
        self.patch(agreements, "_review_company", review)
        self.run_cron("review")
        self.assertEqual(len(busy.proposal_ids), 1)
        self.assertFalse(busy.failure_message)

    def test_who_met_with_others_once_is_reviewed_all_the_same(self):
        three = self.make_three()
        agreements = type(three[0])
        review = agreements._review_company

        def meet_once(reviewed, company):
            self.patch(agreements, "_review_company", review)
            raise SerializationFailure

        self.patch(agreements, "_review_company", meet_once)
        with mute_logger(SCHEDULE):
            self.run_cron("review")
        for agreement in three:
            self.assertEqual(len(agreement.proposal_ids), 1)
            self.assertFalse(agreement.failure_message)

    def test_one_that_cannot_be_ordered(self):
        first, broken, last = self.make_three()
        agreements = first | broken | last
        agreements.review()
        agreements.decision = "automatic"
        proposals = type(self.env["vmi.proposal"])
        decide = proposals._decide_automatically

        def decide_or_fail(proposal):
            if proposal.agreement_id == broken:
                raise KeyError("gone")
            return decide(proposal)

        self.patch(proposals, "_decide_automatically", decide_or_fail)
        with mute_logger(SCHEDULE):
            self.run_cron("review")
        self.assertEqual((first.proposal_ids | last.proposal_ids).mapped("state"), ["ordered"] * 2)
        self.assertEqual(broken.proposal_ids.state, "draft")
        self.assertEqual(broken.failure_message, "Ordering: 'gone'")
