from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date, Datetime
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from ..models import customer_tier_policy
from .common import TieringCase


@freeze_time("2026-06-10 12:00:00")
class TestOverrides(TieringCase):
    """A manager's decision stands above the score, until its last day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=10, one_step_downgrade=False)
        cls.acme = cls.make_customer("Acme")
        cls.bought = cls.make_order(cls.acme, 40, "2026-06-01")
        cls.policy.evaluate("2026-06-02")
        cls.manager = cls.make_member(
            "overriding_manager", "customer_tiering.group_tiering_manager"
        )
        cls.salesman = cls.make_member("overriding_salesman", "sales_team.group_sale_salesman")

    def override(self, tier=None, until="2026-06-30", user=None, partner=None, **vals):
        return (
            self.env["customer.tier.override"]
            .with_user(user or self.manager)
            .create(
                {
                    "partner_id": (partner or self.acme).id,
                    "company_id": self.company.id,
                    "tier_id": tier and tier.id,
                    "date_end": until,
                    "reason": "Framework contract",
                    **vals,
                }
            )
        )

    def test_a_override_takes_effect_at_once_and_the_ledger_says_who_decided(self):
        override = self.override(self.vip)
        standing = self.standing(self.acme)
        self.assertEqual((standing.tier_id, standing.override_id), (self.vip, override))
        self.assertEqual((standing.candidate_tier_id, standing.score), (self.ordinary, 40))
        self.assertEqual(standing.tier_since, Date.to_date("2026-06-10"))
        self.assertEqual(self.changes(self.acme), [("2026-06-10", "ordinary", "vip", "manual")])
        move = self.env["customer.standing.change"].search([("partner_id", "=", self.acme.id)])
        self.assertEqual(move.user_id, self.manager)
        self.assertEqual(self.acme.with_user(self.salesman).customer_tier_id, self.vip)

    def test_runs_hold_the_tier_and_write_nothing_new(self):
        self.override(self.vip)
        self.policy.evaluate("2026-06-11")
        again = self.policy.evaluate("2026-06-11")
        self.assertEqual((again.standings_written, again.changed_count), (0, 0))
        standing = self.standing(self.acme)
        self.assertEqual((standing.tier_id, standing.downgrade_on), (self.vip, False))
        self.assertEqual(len(self.changes(self.acme)), 1)

    def test_on_its_last_day_it_holds_and_the_day_after_the_rules_do(self):
        self.override(self.vip, until="2026-06-30")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)
        self.assertFalse(self.standing(self.acme).downgrade_on)
        self.policy.evaluate("2026-07-01")
        standing = self.standing(self.acme)
        # The rules: a grace, as for anybody whose score is below what the tier asks for.
        self.assertEqual((standing.tier_id, standing.override_id.id), (self.vip, False))
        self.assertEqual(standing.downgrade_on, Date.to_date("2026-07-11"))
        self.policy.evaluate("2026-07-11")
        self.assertEqual(
            self.changes(self.acme)[-1], ("2026-07-11", "vip", "ordinary", "downgrade")
        )

    def test_a_move_on_the_day_after_is_put_down_to_the_overrides_end(self):
        self.policy.grace_days = 0
        self.override(self.vip, until="2026-06-30")
        self.policy.evaluate("2026-07-01")
        self.assertEqual(
            self.changes(self.acme)[-1], ("2026-07-01", "vip", "ordinary", "override_expired")
        )

    def test_a_customer_can_be_overridden_below_what_he_earns(self):
        self.override(self.potential)
        standing = self.standing(self.acme)
        self.assertEqual(standing.tier_id, self.potential)
        # Above the tier that is earned, not the one that is held.
        self.assertEqual((standing.next_tier_id, standing.points_to_next), (self.important, 20))
        self.policy.evaluate("2026-07-01")
        self.assertEqual(
            self.changes(self.acme)[-1], ("2026-07-01", "potential", "ordinary", "override_expired")
        )

    def test_a_prospect_who_never_bought_can_be_overridden_into_a_tier(self):
        newcomer = self.make_customer("Newcomer")
        self.override(self.vip, partner=newcomer)
        self.assertEqual(self.standing(newcomer).tier_id, self.vip)
        self.assertEqual(self.changes(newcomer), [("2026-06-10", False, "vip", "manual")])
        self.policy.evaluate("2026-06-11")
        self.assertEqual(self.standing(newcomer).tier_id, self.vip)
        self.policy.evaluate("2026-07-01")
        self.assertFalse(self.standing(newcomer).tier_id)
        self.assertEqual(self.changes(newcomer)[-1][2:], (False, "override_expired"))

    def test_excluded_from_tiering_means_not_ranked_at_all(self):
        self.policy.criterion_ids.scale = "percentile"
        bolt = self.make_customer("Bolt")
        self.make_order(bolt, 10, "2026-06-01")
        self.policy.evaluate("2026-06-10")
        self.assertEqual(self.standing(bolt).score, 0)
        override = self.override(until=False)
        self.assertFalse(self.standing(self.acme).tier_id)
        evaluation = self.policy.evaluate("2026-06-11")
        self.assertEqual(evaluation.customer_count, 1)
        self.assertEqual(self.standing(bolt).score, 100)
        self.assertEqual(self.changes(self.acme)[-1], ("2026-06-10", "vip", False, "manual"))
        self.assertEqual(self.policy.evaluate("2026-06-11").standings_written, 0)
        override.action_remove()
        self.policy.evaluate("2026-06-12")
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)

    def test_a_contact_stands_for_its_company(self):
        contact = self.make_customer("Buyer", is_company=False, parent_id=self.acme.id)
        override = self.override(self.vip, partner=contact)
        self.assertEqual(override.partner_id, self.acme)
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)

    def test_the_newest_override_holds(self):
        first = self.override(self.vip)
        second = self.override(self.important)
        self.assertEqual((first.state, second.state), ("removed", "active"))
        self.assertEqual(self.standing(self.acme).tier_id, self.important)

    def test_of_overrides_made_together_the_last_holds(self):
        vals = {
            "partner_id": self.acme.id,
            "company_id": self.company.id,
            "date_end": "2026-06-30",
            "reason": "Imported",
        }
        overrides = (
            self.env["customer.tier.override"]
            .with_user(self.manager)
            .create([{**vals, "tier_id": tier.id} for tier in (self.vip, self.important)])
        )
        self.assertEqual(overrides.mapped("state"), ["removed", "active"])
        self.assertEqual(self.standing(self.acme).tier_id, self.important)

    def test_a_request_that_is_rewritten_stands_for_the_company_too(self):
        bolt = self.make_customer("Bolt")
        contact = self.make_customer("Buyer", is_company=False, parent_id=bolt.id)
        override = self.override(self.vip, user=self.salesman)
        override.with_user(self.manager).partner_id = contact
        self.assertEqual(override.partner_id, bolt)

    def test_a_override_whose_last_day_is_past_takes_nobodys_place(self):
        held = self.override(self.vip)
        self.override(self.important, until="2026-06-09")
        # In Shanghai the tenth is over.
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        with freeze_time("2026-06-10 16:00:00"):
            self.override(self.important, until="2026-06-10")
        self.assertEqual(held.state, "active")
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)
        self.override(self.important, until="2026-06-10")
        self.assertEqual(held.state, "removed")
        self.assertEqual(self.standing(self.acme).tier_id, self.important)

    def test_a_override_of_an_archived_contact_rests(self):
        self.override(self.vip)
        self.acme.active = False
        self.policy.evaluate("2026-06-11")
        self.assertFalse(self.standing(self.acme).tier_id)

    def test_after_a_merge_the_override_holds_the_customer_that_stays(self):
        double = self.make_customer("Acme Ltd")
        self.make_order(double, 5, "2026-06-01")
        self.policy.evaluate("2026-06-10")
        override = self.override(self.vip)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.acme | double).ids, double)
        self.assertEqual(override.partner_id, double)
        self.policy.evaluate("2026-06-11")
        self.assertEqual(self.standing(double).tier_id, self.vip)

    def test_a_override_into_a_tier_of_a_replaced_policy_goes_by_the_code(self):
        self.override(self.vip)
        successor = self.policy.copy()
        self.policy.active = False
        successor.active = True
        successor.evaluate("2026-06-11")
        self.assertEqual(self.standing(self.acme).tier_id, successor._get_tiers()[0])

    def test_salespeople_ask_and_a_manager_decides(self):
        self.policy.user_id = self.manager
        override = self.override(self.vip, user=self.salesman)
        self.assertEqual((override.state, override.user_id), ("requested", self.salesman))
        self.assertEqual(self.standing(self.acme).tier_id, self.ordinary)
        self.assertEqual(override.sudo().activity_ids.user_id, self.manager)
        with self.assertRaises(UserError):
            override.action_approve()
        override.with_user(self.manager).action_approve()
        self.assertEqual((override.state, override.approver_id), ("active", self.manager))
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)
        self.assertFalse(override.sudo().activity_ids)

    def test_a_refused_request_moves_nobody(self):
        override = self.override(self.vip, user=self.salesman)
        override.with_user(self.manager).action_refuse()
        self.policy.evaluate("2026-06-11")
        self.assertEqual(self.standing(self.acme).tier_id, self.ordinary)
        with self.assertRaisesRegex(UserError, "has already been approved or refused"):
            override.with_user(self.manager).action_approve()

    def test_where_the_policy_asks_for_it_a_second_manager_decides(self):
        self.policy.approve_overrides = True
        override = self.override(self.vip)
        self.assertEqual(override.state, "requested")
        with self.assertRaisesRegex(UserError, "second manager"):
            override.action_approve()
        other = self.make_member("second_manager", "customer_tiering.group_tiering_manager")
        override.with_user(other).action_approve()
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)

    def test_nobody_decides_in_anothers_name_or_rewrites_a_decision(self):
        for vals in ({"state": "active"}, {"user_id": self.manager.id}):
            with self.assertRaisesRegex(AccessError, "set automatically"):
                self.override(self.vip, user=self.salesman, **vals)
        override = self.override(self.vip, user=self.salesman)
        self.assertEqual((override.state, override.user_id), ("requested", self.salesman))
        with self.assertRaises(AccessError):
            override.write({"reason": "Other"})
        with self.assertRaisesRegex(AccessError, "set automatically"):
            override.with_user(self.manager).state = "active"
        override.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "remove the override"):
            override.with_user(self.manager).date_end = "2030-01-01"
        with self.assertRaises(AccessError):
            override.action_remove()

    def test_a_override_needs_an_end_and_a_tier_of_its_company(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.override(self.vip, until=False)
        foreign = self.policy_of(self.make_company("Southwind"))._get_tiers()[0]
        with self.assertRaisesRegex(ValidationError, "choose a Tier of Northwind"):
            self.override(foreign, user=self.env.user)

    def test_overrides_of_one_company_mean_nothing_in_another(self):
        south = self.make_company("Southwind")
        self.make_order(self.acme, 40, "2026-06-01", company=south)
        self.policy_of(south).evaluate("2026-06-10")
        before = self.standing(self.acme, south).tier_id
        override = self.override(self.vip)
        self.policy_of(south).evaluate("2026-06-11")
        self.assertEqual(self.standing(self.acme, south).tier_id, before)
        stranger = new_test_user(
            self.env,
            "southern_manager",
            "customer_tiering.group_tiering_manager",
            company_id=south.id,
            company_ids=[Command.set(south.ids)],
        )
        overrides = self.env["customer.tier.override"].with_user(stranger)
        overrides = overrides.with_context(allowed_company_ids=south.ids)
        self.assertFalse(overrides.search([("id", "=", override.id)]))

    def test_a_tag_is_taken_over_as_overrides(self):
        key, sub = self.env["res.partner.category"].create([{"name": "Key"}, {"name": "Key North"}])
        sub.parent_id = key
        self.acme.category_id = sub
        bolt = self.make_customer("Bolt", category_id=key.ids)
        self.make_customer("Bolt's buyer", parent_id=bolt.id, is_company=False, category_id=key.ids)
        self.make_customer("Gone", category_id=key.ids, active=False)
        wizard = (
            self.env["customer.tier.override.wizard"]
            .with_user(self.manager)
            .create({"category_ids": key.ids, "tier_id": self.vip.id, "reason": "Tag Key"})
        )
        self.assertEqual(wizard.customer_count, 2)
        wizard.action_override()
        for customer in (self.acme, bolt):
            self.assertEqual(self.standing(customer).tier_id, self.vip)
        ends = self.standing(self.acme).override_id.date_end - Date.to_date("2026-06-10")
        self.assertEqual(ends, timedelta(days=365))

    def test_customers_chosen_in_a_list_are_overridden_together(self):
        wizard = (
            self.env["customer.tier.override.wizard"]
            .with_user(self.manager)
            .with_context(active_model="customer.standing", active_ids=self.standing(self.acme).ids)
            .create({"keeps_out": True, "reason": "Our own company", "date_end": False})
        )
        wizard.action_override()
        self.assertFalse(self.standing(self.acme).tier_id)
        with self.assertRaisesRegex(UserError, "Select at least one customer or tag"):
            nobody = self.env["customer.tier.override.wizard"].create(
                {"tier_id": self.vip.id, "reason": "Nobody"}
            )
            nobody.action_override()

    def test_the_follow_up_does_not_spin_while_a_run_lasts(self):
        self.patch(customer_tier_policy, "is_locked_elsewhere", lambda cr, policy_id: True)
        self.override(self.vip)
        follow_up = self.env.ref("customer_tiering.ir_cron_settle")
        now = Datetime.to_datetime("2026-06-10 12:00:00")
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", follow_up.id), ("call_at", ">=", now)]
        )
        self.assertEqual(max(triggers.mapped("call_at")), now + timedelta(minutes=1))

    def test_a_override_that_came_during_a_run_is_settled_afterwards(self):
        with self.enter_registry_test_mode():
            self.patch(customer_tier_policy, "is_locked_elsewhere", lambda cr, policy_id: True)
            self.override(self.vip)
            self.assertEqual(self.standing(self.acme).tier_id, self.ordinary)
            self.patch(customer_tier_policy, "is_locked_elsewhere", lambda cr, policy_id: False)
            follow_up = self.env.ref("customer_tiering.ir_cron_settle")
            self.assertTrue(
                self.env["ir.cron.trigger"].search_count([("cron_id", "=", follow_up.id)])
            )
            follow_up.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)
        self.assertEqual(len(self.changes(self.acme)), 1)

    def open_dialog(self, user):
        """Return the dialog that *Override Tier…* on the standing opens, filled in."""
        action = self.standing(self.acme).with_user(user).action_override()
        self.assertEqual(action["target"], "new")
        dialog = Form(
            self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        )
        self.assertEqual((dialog.tier_id, dialog.partner_ids.ids), (self.ordinary, self.acme.ids))
        dialog.tier_id = self.vip
        dialog.reason = "Promised"
        return dialog

    def test_a_salesperson_sends_a_request_and_nothing_before(self):
        dialog = self.open_dialog(self.salesman)
        self.assertTrue(dialog.is_request)
        overrides = self.env["customer.tier.override"].search([("partner_id", "=", self.acme.id)])
        self.assertFalse(overrides, "Looking at the dialog asks for nothing.")
        answer = dialog.save().action_override()
        self.assertEqual(
            answer["params"]["message"], "The tier override of Acme is waiting for approval."
        )
        override = overrides.search([("partner_id", "=", self.acme.id)])
        self.assertEqual((override.state, override.user_id, override.tier_id),
                         ("requested", self.salesman, self.vip))  # fmt: skip

    def test_a_manager_overrides_and_is_not_asked_to_approve(self):
        dialog = self.open_dialog(self.manager)
        self.assertFalse(dialog.is_request)
        self.assertEqual(
            dialog.save().action_override()["params"]["message"], "The tier of Acme is overridden."
        )
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)
        new = self.env["customer.tier.override"].with_user(self.manager).new({})
        self.assertFalse(new.can_approve, "There is no request yet.")

    def test_a_second_manager_is_asked_where_the_policy_wants_one(self):
        self.policy.approve_overrides = True
        dialog = self.open_dialog(self.manager)
        self.assertTrue(dialog.is_request)
        dialog.save().action_override()
        self.assertEqual(self.standing(self.acme).tier_id, self.ordinary)

    def test_without_a_responsible_every_manager_of_the_company_is_asked(self):
        self.policy.user_id = False
        second = self.make_member("second_manager", "customer_tiering.group_tiering_manager")
        elsewhere = self.make_member("other_manager", "customer_tiering.group_tiering_manager")
        other = self.make_company("Elsewhere")
        elsewhere.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        override = self.override(self.vip, user=self.salesman)
        asked = override.sudo().activity_ids.user_id
        self.assertLessEqual(self.manager | second, asked)
        self.assertFalse(elsewhere & asked)
        override.with_user(second).action_approve()
        self.assertFalse(override.sudo().activity_ids, "Nobody is asked any more.")

    def test_the_answer_reaches_the_requester(self):
        for decide, word in (("action_approve", "Approved"), ("action_refuse", "Refused")):
            override = self.override(self.vip, user=self.salesman)
            decided = override.with_user(self.manager)
            decided.answer = "Until the contract is renewed."
            notice = getattr(decided, decide)()
            self.assertIn(f"{word}: Acme", notice["params"]["message"])
            message = self.env["mail.message"].search(
                [("partner_ids", "in", self.salesman.partner_id.ids)], order="id desc", limit=1
            )
            self.assertEqual(message.author_id, self.manager.partner_id)
            self.assertIn(word, message.body)
            self.assertIn("Until the contract is renewed.", message.body)

    def test_only_who_decides_answers(self):
        override = self.override(self.vip, user=self.salesman)
        with self.assertRaises(AccessError):
            override.write({"answer": "Yes"})
        for vals in ({"state": "active"}, {"approver_id": self.manager.id}):
            for user in (self.salesman, self.manager):
                with self.assertRaises(AccessError):
                    override.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            self.env["customer.tier.override"].with_user(self.salesman).create(
                {
                    "partner_id": self.acme.id,
                    "tier_id": self.vip.id,
                    "reason": "Mine",
                    "answer": "Granted",
                }
            )
        override.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "already been approved or refused"):
            override.with_user(self.manager).answer = "Changed"

    def test_the_dialog_says_what_the_override_does_until_when(self):
        dialog = self.open_dialog(self.salesman)
        dialog.date_end = "2027-03-31"
        self.assertEqual(
            dialog.effect,
            "Acme: VIP whatever the score, up to and including Mar 31, 2027. The tier run after it "
            "follows the policy again.",
        )
        dialog.keeps_out = True
        self.assertIn("Acme: no tier up to and including", dialog.effect)
        dialog.date_end = False
        self.assertEqual(dialog.effect, "Acme: no tier until the override is removed.")
