from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TieringCase


@tagged("post_install", "-at_install")
class TestDrafts(TieringCase):
    """A running policy is changed through a draft: previewed, then published in its place."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=30)
        cls.acme, cls.bolt, cls.cog = (cls.make_customer(name) for name in ("Acme", "Bolt", "Cog"))
        for customer, amount in ((cls.acme, 90), (cls.bolt, 65), (cls.cog, 20)):
            cls.make_order(customer, amount, "2026-05-01")
        cls.policy.evaluate("2026-06-01")
        cls.manager = cls.make_member("drafting_manager", "customer_tiering.group_tiering_manager")
        cls.user = cls.make_member("drafting_user", "customer_tiering.group_tiering_user")

    def make_draft(self):
        action = self.policy.with_user(self.manager).action_edit_as_draft()
        return self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])

    def tier(self, policy, code):
        return policy.tier_ids.filtered(lambda tier: tier.code == code)

    def publish(self, draft, **options):
        return draft.simulate().action_publish(**options)

    def test_a_draft_is_made_once_and_ranks_nobody(self):
        self.assertEqual((self.policy.state, self.policy.is_locked), ("running", True))
        draft = self.make_draft()
        self.assertEqual((draft.state, draft.active, draft.is_locked), ("draft", False, False))
        self.assertEqual(draft.draft_of_id, self.policy)
        self.assertEqual(draft.display_name, f"{self.policy.name} (draft)")
        self.assertEqual(draft.tier_ids.mapped("code"), self.policy.tier_ids.mapped("code"))
        self.assertEqual(draft.prospect_tier_id.policy_id, draft)
        self.assertEqual(self.make_draft(), draft)
        with self.assertRaisesRegex(UserError, "draft already"):
            draft.action_edit_as_draft()
        with self.assertRaises(UserError):
            draft.evaluate()

    def test_a_policy_that_has_not_run_yet_is_edited_itself(self):
        other = self.policy_of(self.make_company("Untried"))
        self.assertEqual((other.state, other.is_locked), ("running", False))

    def test_published_rules_take_the_place_of_the_running_ones(self):
        draft = self.make_draft()
        self.tier(draft, "important").min_score = 75
        draft.write({"grace_days": 0, "window_months": 24})
        draft.criterion_ids.cap = 95
        tiers = self.policy.tier_ids
        self.publish(draft)
        self.assertFalse(draft.exists())
        self.assertEqual(
            (self.important.min_score, self.policy.grace_days, self.policy.window_months),
            (75, 0, 24),
        )
        self.assertEqual(self.policy.criterion_ids.mapped("cap"), [95])
        # The records that scores and history name are the same ones.
        self.assertEqual(self.policy.tier_ids, tiers)
        self.assertEqual(self.standing(self.bolt).tier_id, self.ordinary)
        self.assertEqual(self.changes(self.bolt)[-1][1:3], ("important", "ordinary"))

    def test_what_a_draft_does_not_concern_stays(self):
        draft = self.make_draft()
        self.policy.write({"evaluation_hour": 5, "approve_overrides": True, "name": "Ours"})
        self.publish(draft)
        self.assertEqual(
            (self.policy.evaluation_hour, self.policy.approve_overrides, self.policy.name),
            (5, True, "Ours"),
        )

    def test_tiers_are_added_and_archived(self):
        draft = self.make_draft()
        draft.prospect_tier_id = False
        self.tier(draft, "potential").unlink()
        draft.tier_ids = [
            Command.create({"name": "Top", "code": "top", "sequence": 1, "min_score": 89})
        ]
        draft.prospect_tier_id = self.tier(draft, "ordinary")
        self.tier(draft, "ordinary").min_score = 0
        self.publish(draft)
        tiers = self.policy._get_tiers()
        self.assertEqual(tiers.mapped("code"), ["top", "vip", "important", "ordinary"])
        self.assertFalse(self.potential.active)
        self.assertEqual(self.policy.prospect_tier_id, self.ordinary)
        self.assertEqual(self.standing(self.acme).tier_id, tiers[0])

    def test_criteria_are_added_changed_and_removed(self):
        draft = self.make_draft()
        draft.criterion_ids = [
            Command.create({"metric": "order_count", "scale": "bands", "weight": 2, "band_ids": [
                Command.create({"threshold": 1, "points": 50})
            ]}),
        ]  # fmt: skip
        self.publish(draft, recalculates=False)
        self.assertEqual(self.policy.criterion_ids.mapped("metric"), ["revenue", "order_count"])
        again = self.make_draft()
        again.criterion_ids.filtered(lambda line: line.metric == "revenue").unlink()
        again.criterion_ids.band_ids = [Command.create({"threshold": 9, "points": 100})]
        self.publish(again, recalculates=False)
        self.assertEqual(self.policy.criterion_ids.mapped("metric"), ["order_count"])
        self.assertEqual(self.policy.criterion_ids.band_ids.mapped("threshold"), [1, 9])

    def test_names_are_published_in_every_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        draft = self.make_draft()
        vip = self.tier(draft, "vip")
        vip.name = "Gold"
        vip.with_context(lang="de_DE").name = "Goldkunde"
        self.publish(draft, recalculates=False)
        self.assertEqual(self.vip.name, "Gold")
        self.assertEqual(self.vip.with_context(lang="de_DE").name, "Goldkunde")

    def test_without_a_run_nobody_moves_yet(self):
        draft = self.make_draft()
        self.tier(draft, "important").min_score = 70
        notice = self.publish(draft, recalculates=False)["params"]
        self.assertIn("The next tier run goes by it", notice["message"])
        self.assertEqual(notice["next"]["res_id"], self.policy.id)
        self.assertEqual(self.standing(self.bolt).tier_id, self.important)

    def test_the_preview_says_what_happens_at_the_next_run(self):
        draft = self.make_draft()
        self.tier(draft, "important").min_score = 70
        self.tier(draft, "ordinary").min_score = 10
        self.tier(draft, "vip").discount = 0.1
        preview = draft.simulate("2026-06-02")
        # Bolt keeps the tier for the grace period; Cog is upgraded; Acme's tier gives more.
        self.assertEqual(
            {code: count for code, count in preview.forecast.items() if count},
            {"upgraded": 1, "grace": 1, "repriced": 1},
        )
        self.assertEqual(
            preview.forecast_text.splitlines(),
            [
                "1 customer may move: 1 upgraded.",
                "For 1 customer a grace period begins.",
                "1 customer gets other prices on new quotations.",
            ],
        )
        [dialog] = self.env["customer.tier.run.wizard"].browse(
            preview.action_ask_publish()["res_id"]
        )
        for text in ("From Score: 60 → 70", "Tier Discount: 0 % → 10 %", "a grace period begins"):
            self.assertIn(text, dialog.description)

    def test_one_with_a_pricelist_of_their_own_is_not_repriced(self):
        draft = self.make_draft()
        self.tier(draft, "vip").discount = 0.1
        acme = self.acme.with_company(self.company)
        acme.specific_property_product_pricelist = self.make_pricelist(self.company.currency_id)
        self.assertEqual(draft.simulate().forecast["repriced"], 0)

    def test_the_histogram_counts_everybody_once(self):
        histogram = self.policy.score_histogram
        self.assertEqual(histogram["counts"], [[201, 1], [651, 1], [901, 1]])
        self.assertEqual((histogram["unscored"], histogram["prospects"]), (0, 0))
        draft = self.make_draft()
        self.assertEqual(draft.score_histogram, histogram)
        draft.criterion_ids.cap = 200
        draft.invalidate_recordset()
        self.assertTrue(draft.is_preview_outdated)
        preview = draft.simulate()
        draft.invalidate_recordset()
        self.assertEqual(draft.score_histogram["counts"], [[101, 1], [326, 1], [451, 1]])
        self.assertFalse(draft.is_preview_outdated)
        self.assertEqual(preview.score_histogram["tiers"][0]["min_score"], 80)

    def test_a_previews_tiers_have_their_names_in_each_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        draft = self.make_draft()
        vip = self.tier(draft, "vip")
        vip.with_context(lang="de_DE").name = "Goldkunde"
        preview = draft.with_context(lang="de_DE").simulate()
        names = preview.score_histogram["tiers"][0]["names"]
        self.assertEqual((names["en_US"], names["de_DE"]), (vip.name, "Goldkunde"))

    def test_a_hundred_points_are_a_step_of_their_own(self):
        self.make_order(self.acme, 500, "2026-05-02")
        self.policy.evaluate("2026-06-02")
        self.policy.invalidate_recordset()
        self.assertEqual(self.policy.score_histogram["counts"][-1], [1001, 1])

    def test_a_preview_is_published_by_a_reader_of_another_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        draft = self.policy.copy()
        draft.tier_ids[0].with_context(lang="zh_CN").name = "贵宾"
        preview = draft.simulate().with_context(lang="zh_CN")
        self.assertFalse(preview.is_outdated)
        draft.tier_ids[0].min_score += 1
        preview.invalidate_recordset(["is_outdated"])
        self.assertTrue(preview.is_outdated)

    def test_a_threshold_that_moves_after_the_preview_is_previewed_again(self):
        draft = self.make_draft()
        preview = draft.simulate()
        self.assertFalse(preview.is_outdated)
        self.tier(draft, "vip").min_score = 85
        preview.invalidate_recordset()
        self.assertTrue(preview.is_outdated)
        for publish in (preview.action_ask_publish, preview.action_publish):
            with self.assertRaisesRegex(UserError, "preview it again"):
                publish()

    def test_a_draft_that_is_deleted_leaves_the_policy_as_it_was(self):
        draft = self.make_draft()
        self.tier(draft, "vip").min_score = 85
        draft.simulate()
        action = draft.action_discard_draft()
        self.assertEqual(action["res_id"], self.policy.id)
        self.assertFalse(draft.exists())
        self.assertEqual(self.vip.min_score, 80)
        with self.assertRaisesRegex(UserError, "is no draft"):
            self.policy.with_user(self.manager).action_discard_draft()
        self.assertTrue(self.policy.exists())

    def test_what_was_published_stands_in_the_chatter(self):
        draft = self.make_draft()
        self.tier(draft, "important").min_score = 70
        self.publish(draft, recalculates=False)
        self.assertIn("Important: From Score: 60 → 70", self.policy.message_ids[0].body)

    def test_rules_by_which_nobody_could_be_ranked_are_not_published(self):
        draft = self.make_draft()
        preview = draft.simulate()
        draft.criterion_ids.unlink()
        with self.assertRaises(UserError):
            preview.action_publish()
        with self.assertRaises(ValidationError):
            self.tier(draft, "vip").min_score = 10

    def test_only_managers_draft_and_publish(self):
        with self.assertRaises(AccessError):
            self.policy.with_user(self.user).action_edit_as_draft()
        draft = self.make_draft()
        preview = draft.simulate()
        for call in (
            draft.with_user(self.user).action_discard_draft,
            preview.with_user(self.user).action_publish,
            preview.with_user(self.user).action_ask_publish,
            self.policy.with_user(self.user).action_recalculate,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_nobody_makes_a_draft_by_writing_what_only_methods_write(self):
        other = self.policy.copy().with_user(self.manager)
        for vals in ({"draft_of_id": self.policy.id},):
            with self.assertRaises(AccessError):
                other.write(vals)
        preview = self.make_draft().simulate()
        for model, vals in (
            (preview.with_user(self.user), {"state": "done"}),
            (preview.with_user(self.manager), {"forecast": {}}),
            (preview.with_user(self.manager), {"rules": {}}),
        ):
            with self.assertRaises(AccessError):
                model.write(vals)
        with self.assertRaises(AccessError):
            self.env["customer.tier.run.wizard"].with_user(self.manager).create(
                {"policy_id": self.policy.id, "preview_id": preview.id}
            )

    @mute_logger("odoo.sql_db")
    def test_a_draft_cannot_be_activated(self):
        draft = self.make_draft()
        with self.assertRaises(CheckViolation):
            draft.active = True
            draft.flush_recordset()

    def test_a_manager_of_another_company_gets_at_none_of_it(self):
        other = self.make_company("Elsewhere")
        stranger = self.make_member("strange_manager", "customer_tiering.group_tiering_manager")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        draft = self.make_draft()
        preview = draft.simulate()
        stranger_env = self.env(
            user=stranger, context={**self.env.context, "allowed_company_ids": other.ids}
        )
        for record, name in (
            (self.policy, "action_edit_as_draft"),
            (self.policy, "action_recalculate"),
            (draft, "action_discard_draft"),
            (preview, "action_publish"),
        ):
            with self.assertRaises(AccessError):
                getattr(record.with_env(stranger_env), name)()

    def test_a_policy_keeps_its_draft_apart_from_another_company_s(self):
        other = self.policy_of(self.make_company("Elsewhere"))
        draft = self.make_draft()
        self.tier(draft, "important").min_score = 70
        before = other._get_rule_values()
        self.publish(draft, recalculates=False)
        self.assertEqual(other._get_rule_values(), before)


class TestRecalculating(TieringCase):
    """A tier run is asked for with what it will do, and answers with what it did."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False)
        cls.acme, cls.bolt, cls.cog = (cls.make_customer(name) for name in ("Acme", "Bolt", "Cog"))
        cls.orders = {
            customer: cls.make_order(customer, amount, "2026-05-01")
            for customer, amount in ((cls.acme, 20), (cls.bolt, 65), (cls.cog, 20))
        }
        cls.policy.evaluate("2026-06-01")
        cls.manager = cls.make_member("asking_manager", "customer_tiering.group_tiering_manager")

    def ask(self, record, name="action_recalculate"):
        action = getattr(record.with_user(self.manager), name)()
        return self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])

    def change(self):
        self.make_order(self.acme, 70, "2026-05-02")
        self.make_order(self.cog, 50, "2026-05-02")
        self.orders[self.bolt]._action_cancel()
        self.make_order(self.bolt, 5, "2026-05-02")

    def test_what_is_announced_is_what_happens(self):
        self.change()
        runs = self.policy.evaluation_ids
        dialog = self.ask(self.policy)
        self.assertIn("At most 3 customers may move: 2 upgraded, 1 downgraded", dialog.description)
        # To ask leaves no trace.
        self.assertEqual(self.policy.evaluation_ids, runs)
        notice = dialog.action_confirm()["params"]
        self.assertEqual(notice["message"], "3 customers moved: 2 upgraded, 1 downgraded.")
        self.assertEqual(notice["next"], {"type": "ir.actions.act_window_close"})

    def test_nothing_to_do_is_said_as_well(self):
        dialog = self.ask(self.policy)
        self.assertIn("No customer changes tier.", dialog.description)
        self.assertEqual(dialog.action_confirm()["params"]["message"], "No customer changed tier.")

    def test_who_is_new_gets_a_first_tier(self):
        self.make_order(self.make_customer("New"), 20, "2026-05-02")
        dialog = self.ask(self.policy)
        self.assertIn("1 customer gets a first tier.", dialog.description)
        self.assertIn("1 customer got a first tier.", dialog.action_confirm()["params"]["message"])

    def test_one_customer_alone(self):
        self.change()
        dialog = self.ask(self.standing(self.acme))
        self.assertIn("Acme is scored again", dialog.description)
        self.assertIn("1 customer may move: 1 upgraded", dialog.description)
        message = dialog.action_confirm()["params"]["message"]
        self.assertEqual(message, "1 customer moved: 1 upgraded.")
        self.assertEqual(self.standing(self.bolt).tier_id, self.important)

    def test_the_list_asks_for_the_current_company(self):
        standings = self.env["customer.standing"]
        dialog = self.ask(standings, "action_recalculate_current_company")
        self.assertEqual(dialog.policy_id, self.policy)

    def test_where_finding_out_takes_long_the_last_run_is_told(self):
        self.policy.last_evaluation_id.duration = 62
        self.change()
        dialog = self.ask(self.policy)
        self.assertIn("The last tier run took 62 seconds for 3 customers", dialog.description)
        self.assertIn("Downgrades that are due: 0", dialog.description)
        self.assertIn("3 customers moved", dialog.action_confirm()["params"]["message"])

    def test_an_override_holds_its_customer(self):
        self.env["customer.tier.override"].create(
            {"partner_id": self.acme.id, "tier_id": self.vip.id, "reason": "Contract"}
        )
        self.orders[self.acme]._action_cancel()
        self.make_order(self.acme, 65, "2026-05-02")
        self.assertIn("No customer changes tier.", self.ask(self.policy).description)

    def test_users_cannot_ask(self):
        user = self.make_member("asking_nobody", "customer_tiering.group_tiering_user")
        with self.assertRaises(AccessError):
            self.policy.with_user(user).action_recalculate()
        with self.assertRaises(AccessError):
            self.env["customer.tier.run.wizard"].with_user(user).create(
                {"policy_id": self.policy.id}
            )
