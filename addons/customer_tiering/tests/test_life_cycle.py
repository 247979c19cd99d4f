from ast import literal_eval

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Date

from .common import InvoicingCase, TieringCase


@freeze_time("2026-06-10 12:00:00")
class LifeCycleCase(TieringCase):
    """Acme bought for 90 (VIP) and Bolt for 40 (Ordinary); 10 June 2026 is today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=10, one_step_downgrade=False)
        cls.acme, cls.bolt = cls.make_customer("Acme"), cls.make_customer("Bolt")
        cls.ordered = cls.make_order(cls.acme, 90, "2026-06-01")
        cls.make_order(cls.bolt, 40, "2026-06-01")
        cls.policy.evaluate("2026-06-02")

    def run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"customer_tiering.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def override(self, partner, tier=None, until="2026-06-30", company=None):
        return self.env["customer.tier.override"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or self.company).id,
                "tier_id": tier and tier.id,
                "date_end": until,
                "reason": "Framework contract",
            }
        )


@freeze_time("2026-06-10 12:00:00")
class TestCustomersComeAndGo(LifeCycleCase):
    """Customers are archived, deleted and handed to another parent."""

    def test_who_is_archived_leaves_and_comes_back_when_he_is_unarchived(self):
        override = self.override(self.bolt, self.important)
        self.bolt.active = False
        self.policy.evaluate("2026-06-11")
        self.assertFalse(self.standing(self.bolt).tier_id)
        self.assertEqual(self.policy.evaluate("2026-06-11").standings_written, 0)
        self.bolt.active = True
        self.policy.evaluate("2026-06-12")
        standing = self.standing(self.bolt)
        self.assertEqual((standing.tier_id, standing.override_id), (self.important, override))
        override.action_remove()
        self.bolt.active = False
        self.policy.evaluate("2026-06-13")
        self.bolt.active = True
        self.policy.evaluate("2026-06-14")
        self.assertEqual(self.changes(self.bolt)[-1], ("2026-06-14", False, "ordinary", "first"))

    def test_a_deleted_customer_takes_everything_along(self):
        self.override(self.acme, self.important)
        preview = self.policy.simulate("2026-06-10")
        self.assertEqual(preview.preview_move_ids.partner_id, self.acme)
        alone = self.policy._evaluate_customer(self.acme)
        self.assertEqual(self.policy.customer_count, 2)
        self.ordered._action_cancel()
        self.ordered.unlink()
        acme = self.acme.id
        self.acme.unlink()
        self.env.invalidate_all()
        for model in (
            "customer.standing",
            "customer.standing.change",
            "customer.tier.override",
            "customer.tier.preview.move",
        ):
            self.assertFalse(self.env[model].search([("partner_id", "=", acme)]), model)
        # What one customer's evaluation found is not taken for that of everybody.
        last = self.env["customer.tier.evaluation"]._get_last(self.company)
        self.assertNotEqual(last, alone)
        self.assertEqual(last.customer_count, 2)
        self.assertEqual(self.policy.customer_count, 2)
        self.policy.evaluate("2026-06-11")

    def test_a_company_that_becomes_a_contact_counts_for_its_parent(self):
        self.override(self.acme, self.important)
        self.acme.write({"parent_id": self.bolt.id, "is_company": False})
        self.assertEqual(self.acme.commercial_partner_id, self.bolt)
        evaluation = self.policy.evaluate("2026-06-11")
        self.assertEqual(evaluation.customer_count, 1)
        self.assertFalse(self.standing(self.acme).tier_id)
        self.assertEqual(self.standing(self.bolt).revenue, 130)
        self.assertEqual(self.acme.customer_tier_id, self.vip, "that of its company")
        self.assertEqual(self.policy.evaluate("2026-06-11").standings_written, 0)

    def test_a_contact_that_becomes_a_company_is_a_customer_of_its_own(self):
        buyer = self.make_customer("Buyer", parent_id=self.acme.id, is_company=False)
        self.make_order(buyer, 5, "2026-06-03")
        self.policy.evaluate("2026-06-10")
        self.assertEqual(self.standing(self.acme).revenue, 95)
        buyer.write({"parent_id": False, "is_company": True})
        self.policy.evaluate("2026-06-11")
        # What was ordered for Acme stays with it.
        self.assertEqual(self.standing(self.acme).revenue, 95)
        self.assertFalse(self.standing(buyer))
        self.make_order(buyer, 5, "2026-06-11")
        self.policy.evaluate("2026-06-12")
        self.assertEqual(self.standing(buyer).revenue, 5)
        self.assertEqual(self.standing(buyer).tier_id, self.potential)
        self.assertFalse(self.changes(buyer), "a first placement")


@freeze_time("2026-06-10 12:00:00")
class TestMerging(LifeCycleCase):
    """Two records of one customer become one."""

    def merge(self, *partners, into):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [partner.id for partner in (*partners, into)], into
        )
        self.env.invalidate_all()

    def test_three_at_once(self):
        carl = self.make_customer("Carl")
        self.make_order(carl, 65, "2026-06-01")
        self.policy.evaluate("2026-06-10")
        self.merge(self.acme, carl, into=self.bolt)
        standing = self.standing(self.bolt)
        self.assertEqual(standing.tier_id, self.vip)
        self.policy.evaluate("2026-06-11")
        self.assertEqual((standing.tier_id, standing.revenue), (self.vip, 195))
        self.assertFalse(self.changes(self.bolt))

    def test_of_two_overrides_the_newest_holds_whichever_partner_had_it(self):
        for name, tiers in (("kept", ("potential", "vip")), ("gone", ("vip", "potential"))):
            with self.subTest(newest=name):
                gone, kept = self.make_customer("Gone"), self.make_customer("Kept")
                by_code = {tier.code: tier for tier in self.policy.tier_ids}
                order = (gone, kept) if name == "kept" else (kept, gone)
                for partner, code in zip(order, tiers, strict=True):
                    self.override(partner, by_code[code])
                self.merge(gone, into=kept)
                self.policy.evaluate("2026-06-11")
                self.assertEqual(self.standing(kept).tier_id.code, tiers[1])
                self.assertEqual(
                    self.env["customer.tier.override"]
                    .search([("partner_id", "=", kept.id)])
                    .mapped("state"),
                    ["active", "removed"],
                )

    def test_a_override_that_keeps_out_gives_way_to_a_newer_one(self):
        self.override(self.acme, until=False)
        self.override(self.bolt, self.important)
        self.merge(self.acme, into=self.bolt)
        self.policy.evaluate("2026-06-11")
        standing = self.standing(self.bolt)
        self.assertEqual((standing.tier_id, standing.revenue), (self.important, 130))

    def test_a_override_that_ended_does_not_lift_one_active(self):
        active = self.override(self.acme, self.important, until="2026-12-31")
        self.override(self.bolt, self.vip, until="2026-06-12")
        with freeze_time("2026-06-20 12:00:00"):
            self.merge(self.acme, into=self.bolt)
            self.policy.evaluate("2026-06-20")
        self.assertEqual(active.state, "active")
        self.assertEqual(self.standing(self.bolt).override_id, active)

    def test_overrides_in_two_companies_stay_side_by_side(self):
        south = self.make_company("Southwind")
        here = self.override(self.acme, self.important)
        there = self.override(self.bolt, self.policy_of(south)._get_tiers()[2], company=south)
        self.merge(self.acme, into=self.bolt)
        self.assertEqual((here.state, there.state), ("active", "active"))

    def test_merged_into_a_contact_its_company_is_the_customer(self):
        buyer = self.make_customer("Buyer", parent_id=self.bolt.id, is_company=False)
        # A merge would make the contact of a company a company.
        self.acme.is_company = False
        self.override(self.acme, self.important)
        self.merge(self.acme, into=buyer)
        self.policy.evaluate("2026-06-11")
        self.assertEqual(self.standing(self.bolt).revenue, 130)
        self.assertEqual(self.standing(self.bolt).tier_id, self.vip)
        self.assertEqual(buyer.customer_tier_id, self.vip)
        self.assertFalse(self.standing(buyer).tier_id)
        self.assertEqual(self.policy.evaluate("2026-06-11").standings_written, 0)

    def test_histories_of_both_are_one_whichever_stays(self):
        self.override(self.acme, self.important)
        self.override(self.bolt, self.potential)
        self.merge(self.bolt, into=self.acme)
        self.assertCountEqual(
            self.changes(self.acme),
            [
                ("2026-06-10", "vip", "important", "manual"),
                ("2026-06-10", "ordinary", "potential", "manual"),
            ],
        )

    def test_merged_customers_moves_are_still_announced(self):
        self.override(self.acme, self.important)
        self.merge(self.acme, into=self.bolt)
        moves = self.env["customer.standing.change"].search([("partner_id", "=", self.bolt.id)])
        moves._announce(lambda **_progress: 1)
        self.assertTrue(moves.is_announced)


@freeze_time("2026-06-10 12:00:00")
class TestTierChanges(LifeCycleCase):
    """Tiers and policies are archived and deleted while customers hold them."""

    def test_a_tier_that_a_override_names_rests_with_it_while_archived(self):
        self.override(self.bolt, self.important)
        self.important.active = False
        self.policy.evaluate("2026-06-11")
        self.assertEqual(self.standing(self.bolt).tier_id, self.ordinary)
        self.assertFalse(self.standing(self.bolt).override_id)
        self.run_cron("ir_cron_settle")
        self.assertEqual(self.standing(self.bolt).tier_id, self.ordinary)
        self.important.active = True
        self.policy.evaluate("2026-06-12")
        self.assertEqual(self.standing(self.bolt).tier_id, self.important)

    def test_tiers_that_are_named_cannot_be_deleted(self):
        self.override(self.bolt, self.important)
        for tier in (self.vip, self.ordinary, self.important):
            with self.assertRaisesRegex(UserError, "archive it instead"):
                tier.unlink()

    def test_the_tier_of_prospects_stays_in_the_policy(self):
        self.assertEqual(self.policy.prospect_tier_id, self.potential)
        for leave in (
            lambda: self.potential.write({"active": False}),
            lambda: self.policy.write({"tier_ids": [Command.delete(self.potential.id)]}),
            self.potential.unlink,
        ):
            with (
                self.assertRaisesRegex(UserError, "Tier of Prospects"),
                self.env.cr.savepoint(),
            ):
                leave()
        self.policy.prospect_tier_id = False
        self.potential.active = False

    def test_a_policys_prospects_go_to_a_tier_of_its_own(self):
        south = self.policy_of(self.make_company("Southwind"))
        with self.assertRaisesRegex(ValidationError, "Tier of Prospects"):
            self.policy.prospect_tier_id = south._get_tiers()[0]

    def test_a_copys_prospects_go_to_its_own_tier(self):
        prospect = self.make_customer("Prospect")
        self.make_order(prospect, 5, "2026-06-01", confirm=False).state = "sent"
        self.policy.evaluate("2026-06-10")
        self.assertEqual(self.standing(prospect).tier_id, self.potential)
        successor = self.policy.copy()
        self.assertEqual(successor.prospect_tier_id, successor._get_tiers()[-1])
        successor.simulate("2026-06-10").action_publish()
        successor.evaluate("2026-08-10")
        successor.evaluate("2026-09-10")
        standing = self.standing(prospect)
        self.assertEqual(standing.tier_id, successor.prospect_tier_id)
        self.assertFalse(standing.downgrade_on)
        self.assertFalse(self.changes(prospect))

    def test_a_copy_is_not_used_yet_and_what_ranked_before_is_archived(self):
        successor = self.policy.copy()
        self.assertEqual((self.policy.state, successor.state), ("running", "unused"))
        successor.simulate("2026-06-10")
        self.assertEqual(successor.state, "unused", "a preview ranks nobody")
        successor.simulate("2026-06-10").action_publish()
        self.assertEqual((self.policy.state, successor.state), ("archived", "running"))

    def test_each_policy_that_is_not_active_is_found_by_its_status(self):
        policies = self.env["customer.tier.policy"]
        self.policy.copy()
        self.policy.evaluate("2026-06-10")
        self.policy.copy().simulate("2026-06-10").action_publish()
        view = etree.fromstring(policies.get_view(view_type="search")["arch"])
        found = {
            name: policies.search(
                [
                    *literal_eval(view.find(f".//filter[@name='{name}']").get("domain")),
                    ("company_id", "=", self.company.id),
                ]
            )
            for name in ("unused", "inactive")
        }
        for name, state in (("unused", "unused"), ("inactive", "archived")):
            self.assertEqual(found[name].mapped("state"), [state])

    def test_without_an_active_policy_nothing_breaks(self):
        self.policy.active = False
        self.assertEqual(self.acme.customer_tier_id, self.vip, "as it was last found")
        self.run_cron("ir_cron_evaluate")
        self.run_cron("ir_cron_settle")
        self.assertEqual(len(self.policy.evaluation_ids), 1)
        self.override(self.acme, until=False)
        self.assertEqual(self.standing(self.acme).tier_id, self.vip, "nobody places anybody")
        self.policy.active = True
        self.policy.evaluate("2026-06-11")
        self.assertFalse(self.standing(self.acme).tier_id)

    def test_a_policy_that_only_overrides_went_by_cannot_be_deleted(self):
        south = self.make_company("Southwind")
        policy = self.policy_of(south)
        self.override(self.acme, policy._get_tiers()[0], company=south)
        self.assertFalse(policy.evaluation_ids)
        with self.assertRaisesRegex(UserError, "archive it instead"):
            policy.unlink()


class TestCurrencyChanges(InvoicingCase):
    """A company takes another currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()

    def test_once_something_is_posted_it_is_refused(self):
        self.invoice(50, "2026-06-01")
        self.policy.evaluate("2026-06-02")
        with self.assertRaisesRegex(UserError, "currency"):
            self.company.currency_id = self.make_currency("USD")

    def test_with_orders_alone_the_next_run_reads_them_as_they_are(self):
        dollar = self.make_currency("USD", d20260101=2)
        pricelist = self.make_pricelist(dollar)
        self.make_order(self.acme, 80, "2026-06-01", pricelist=pricelist)
        self.policy.evaluate("2026-06-02")
        self.assertEqual(self.standing(self.acme).revenue, 40)
        self.company.currency_id = dollar
        self.policy.evaluate("2026-06-03")
        standing = self.standing(self.acme)
        self.assertEqual((standing.revenue, standing.currency_id), (80, dollar))
        self.assertEqual(standing.tier_since, Date.to_date("2026-06-03"))
