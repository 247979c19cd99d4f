from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common import TieringCase


class TestPreview(TieringCase):
    """What would change if the rules did, before anybody is moved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=30)
        cls.acme, cls.bolt = cls.make_customer("Acme"), cls.make_customer("Bolt")
        cls.make_order(cls.acme, 90, "2026-05-01")
        cls.make_order(cls.bolt, 65, "2026-05-01")
        cls.policy.evaluate("2026-06-01")

    def migration(self, evaluation):
        return {
            (line.old_tier_id.code, line.new_tier_id.code): (line.customers, line.revenue)
            for line in evaluation.migration_ids
        }

    def test_a_copy_with_other_rules_is_tried_out_and_moves_nobody(self):
        draft = self.policy.copy()
        draft.tier_ids.filtered(lambda tier: tier.code == "important").min_score = 70
        evaluation = draft.simulate("2026-06-02")
        self.assertEqual((evaluation.state, evaluation.is_simulation), ("done", True))
        self.assertEqual((evaluation.customer_count, evaluation.standings_written), (2, 0))
        self.assertEqual(
            self.migration(evaluation),
            {("vip", "vip"): (1, 90), ("important", "ordinary"): (1, 65)},
        )
        self.assertEqual(evaluation.changed_count, 1)
        self.assertEqual(self.standing(self.bolt).tier_id, self.important)
        self.assertFalse(self.changes(self.bolt))

    def test_a_run_is_named_by_its_day_as_the_reader_writes_days(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        evaluation = self.policy.simulate("2026-06-02")
        for code, day in (("en_US", "Jun 2, 2026"), ("zh_CN", "2026年6月2日")):
            with self.subTest(code):
                named = evaluation.with_context(lang=code).display_name
                self.assertEqual(named, f"{self.policy.name}, {day}")

    def test_there_is_no_grace_in_a_preview(self):
        self.env["sale.order"].search([("partner_id", "=", self.acme.id)])._action_cancel()
        self.make_order(self.acme, 40, "2026-05-02")
        evaluation = self.policy.simulate("2026-06-02")
        self.assertEqual(
            self.migration(evaluation),
            {("vip", "ordinary"): (1, 40), ("important", "important"): (1, 65)},
        )
        self.assertEqual(evaluation.changed_count, 1)

    def test_a_past_day_can_be_previewed_and_does_not_hold_back_the_next_run(self):
        self.policy.simulate("2026-05-15")
        self.policy.simulate("2026-09-01")
        self.assertEqual(str(self.policy.last_evaluation_date), "2026-06-01")
        self.policy.evaluate("2026-06-02")

    def test_an_explanation_goes_by_the_last_run_and_not_by_a_preview(self):
        self.policy.criterion_ids.weight = 7
        self.policy.simulate("2026-06-02")
        self.assertEqual(self.standing(self.acme).components[0]["weight"], 1)

    def test_who_moves_is_listed_the_largest_first(self):
        self.policy.partner_domain = [("name", "=", "Bolt")]
        self.important.min_score = 70
        evaluation = self.policy.simulate("2026-06-02")
        moves = self.env["customer.tier.preview.move"].search(
            evaluation.action_view_preview_moves()["domain"]
        )
        self.assertEqual(
            [
                (move.partner_id, move.old_tier_id, move.new_tier_id.code, move.score, move.revenue)
                for move in moves
            ],
            [
                (self.bolt, self.important, "ordinary", 65, 65),
                (self.acme, self.vip, False, 0, 0),
            ],
        )

    def test_rules_that_are_not_saved_can_be_tried_out(self):
        draft = self.policy.new({"window_months": 1}, origin=self.policy)
        evaluation = draft.simulate("2026-06-02")
        self.assertEqual(evaluation.policy_id, self.policy)
        self.assertEqual(evaluation.changed_count, 2)
        self.assertEqual(self.policy.window_months, 12)
        draft.tier_ids = [Command.create({"name": "New", "code": "new", "sequence": 5})]
        with self.assertRaisesRegex(UserError, "has a tier that is not saved yet"):
            draft.simulate("2026-06-02")

    def test_a_copy_is_published_from_its_preview(self):
        draft = self.policy.copy()
        draft.tier_ids.filtered(lambda tier: tier.code == "important").min_score = 70
        draft.grace_days = 0
        evaluation = draft.simulate()
        evaluation.action_publish()
        self.assertEqual((self.policy.active, draft.active), (False, True))
        self.assertEqual(self.standing(self.bolt).tier_id.policy_id, draft)
        self.assertEqual(self.standing(self.bolt).tier_id.code, "ordinary")

    def test_what_was_previewed_is_what_is_published(self):
        draft = self.policy.copy()
        evaluation = draft.simulate()
        draft.criterion_ids.cap = 50
        with self.assertRaisesRegex(UserError, "preview it again"):
            evaluation.action_publish()
        with self.assertRaisesRegex(UserError, "Only a finished preview"):
            self.policy.last_evaluation_id.action_publish()

    def test_users_cannot_publish(self):
        evaluation = self.policy.simulate()
        user = self.make_member("publishing_user", "customer_tiering.group_tiering_user")
        with self.assertRaises(AccessError):
            evaluation.with_user(user).action_publish()

    def test_leavers_are_shown(self):
        self.policy.partner_domain = [("name", "=", "Acme")]
        evaluation = self.policy.simulate("2026-06-02")
        self.assertEqual(evaluation.customer_count, 1)
        self.assertEqual(self.migration(evaluation)["important", False], (1, 0))

    def test_rules_that_rank_nobody_are_refused(self):
        draft = self.policy.copy()
        draft.criterion_ids.unlink()
        with self.assertRaisesRegex(UserError, "no criteria"):
            draft.simulate()

    def test_only_managers_preview(self):
        user = self.make_member("previewing_user", "customer_tiering.group_tiering_user")
        manager = self.make_member("previewing_manager", "customer_tiering.group_tiering_manager")
        with self.assertRaises(AccessError):
            self.policy.with_user(user).simulate()
        action = self.policy.with_user(manager).action_simulate()
        shown = self.env[action["res_model"]].with_user(manager).browse(action["res_id"])
        self.assertTrue(shown.is_simulation)
