from lxml import etree

from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools.safe_eval import safe_eval


class TestAssignments(TieringCase):
    """Workload, capacity and proposed reassignments: calculated, explained and applied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.anna = cls.make_seller("anna")
        cls.bob = cls.make_seller("bob")
        cls.acme = cls.make_customer("Acme", user_id=cls.anna.id)
        cls.bolt = cls.make_customer("Bolt", user_id=cls.anna.id)
        cls.core = cls.make_customer("Core")
        for partner, amount in ((cls.acme, 90), (cls.bolt, 65), (cls.core, 85)):
            cls.make_order(partner, amount, "2026-05-01")
        cls.policy.evaluate("2026-06-01")
        cls.vip.service_level_id = cls.env["customer.service.level"].create(
            {"name": "Gold", "followup_days": 14}
        )
        cls.lead = cls.make_member(
            "lead", "customer_tiering.group_tiering_manager", "sales_team.group_sale_manager"
        )

    @classmethod
    def make_seller(cls, name):
        seller = cls.make_member(name, "sales_team.group_sale_salesman")
        seller.name = name
        return seller

    def propose(self):
        assignments = self.env["customer.assignment"].with_user(self.lead)
        assignments = assignments.with_company(self.company)
        return assignments.browse(assignments.action_open_current()["res_id"])

    def proposed(self, assignment):
        return [
            (line.partner_id, line.old_user_id, line.new_user_id)
            for line in assignment.reassignment_ids
        ]

    def test_workload_and_capacity_by_manager_and_tier(self):
        self.anna.write({"customer_capacity": 5, "follow_ups_per_day": 1})
        assignment = self.propose()
        [anna] = assignment.manager_ids.filtered(lambda line: line.user_id == self.anna)
        self.assertEqual((anna.customers, anna.customer_capacity), (2, 5))
        self.assertEqual((anna.followups, anna.followup_capacity), (0.5, 5))
        self.assertEqual(assignment.unassigned_count, 1)
        self.assertEqual(assignment.followups_needed, 1)
        lines = assignment.workload_ids
        workload = {(line.user_id, line.tier_id): line.customers for line in lines}
        nobody = self.env["res.users"]
        self.assertEqual(
            workload,
            {(self.anna, self.vip): 1, (self.anna, self.important): 1, (nobody, self.vip): 1},
        )

    def test_an_unassigned_customer_is_proposed_to_who_has_capacity_with_the_reason(self):
        self.bob.customer_capacity = 5
        assignment = self.propose()
        self.assertEqual(self.proposed(assignment), [(self.core, self.env["res.users"], self.bob)])
        self.assertEqual(
            assignment.reassignment_ids.reason,
            "The customer has no account manager. bob has capacity: 0 of 5 customers.",
        )
        assignment.action_apply()
        self.assertEqual(self.core.user_id, self.bob)
        reassignment = assignment.reassignment_ids
        self.assertEqual((reassignment.outcome, reassignment.applied_by_id), ("applied", self.lead))

    def said(self, assignment):
        """Return what the form says below the reassignments."""
        arch = etree.fromstring(assignment.get_view(view_type="form")["arch"])
        texts = [node for node in arch.iter("div") if "unassigned_count" in str(node.attrib)]
        self.assertEqual(len(texts), 2)
        values = assignment.read(["reassignment_count", "unassigned_count"])[0]
        return [
            " ".join(node.text.split())
            for node in texts
            if not safe_eval(node.get("invisible"), dict(values))
        ]

    def test_nobody_is_said_to_be_served_who_is_not(self):
        [text] = self.said(self.propose())
        self.assertIn("There are customers without an account manager", text)
        self.core.user_id = self.anna
        [text] = self.said(self.propose())
        self.assertIn("No reassignment is needed", text)
        self.core.user_id = False
        self.bob.customer_capacity = 5
        self.assertEqual(self.said(self.propose()), [])

    def test_too_many_customers_move_from_the_lowest_tier(self):
        self.anna.customer_capacity = 1
        self.bob.customer_capacity = 1
        self.core.user_id = False
        self.core.active = False
        assignment = self.propose()
        self.assertEqual(self.proposed(assignment), [(self.bolt, self.anna, self.bob)])
        self.assertIn("anna is over capacity: 2 of 1 customers", assignment.reassignment_ids.reason)
        [anna, bob] = assignment.manager_ids
        self.assertTrue(anna.is_over)
        self.assertEqual((anna.customers_after, bob.customers_after), (1, 1))

    def test_a_leaver_s_customers_are_proposed_to_others(self):
        self.anna.active = False
        self.bob.customer_capacity = 2
        assignment = self.propose()
        self.assertEqual(
            self.proposed(assignment),
            [
                (self.acme, self.anna, self.bob),
                (self.core, self.env["res.users"], self.bob),
            ],
        )
        self.assertIn("anna is archived.", assignment.reassignment_ids[0].reason)

    def test_an_unselected_reassignment_is_not_applied(self):
        self.anna.active = False
        self.bob.customer_capacity = 2
        assignment = self.propose()
        assignment.reassignment_ids[0].is_selected = False
        assignment.action_apply()
        self.assertEqual(assignment.reassignment_ids.mapped("outcome"), ["passed", "applied"])
        self.assertEqual((self.acme.user_id, self.core.user_id), (self.anna, self.bob))

    def test_who_got_another_account_manager_meanwhile_keeps_that_one(self):
        self.bob.customer_capacity = 5
        assignment = self.propose()
        self.core.user_id = self.anna
        assignment.action_apply()
        self.assertEqual(assignment.reassignment_ids.outcome, "changed")
        self.assertEqual(self.core.user_id, self.anna)

    def test_who_left_meanwhile_gets_nobody(self):
        self.bob.customer_capacity = 5
        assignment = self.propose()
        self.bob.active = False
        assignment.action_apply()
        self.assertEqual(assignment.reassignment_ids.outcome, "changed")
        self.assertFalse(self.core.user_id)

    def test_an_applied_assignment_is_not_taken_back(self):
        self.bob.customer_capacity = 5
        assignment = self.propose()
        assignment.action_apply()
        with self.assertRaisesRegex(UserError, "recalculate"):
            assignment.write({"state": "draft"})
        with self.assertRaisesRegex(UserError, "recalculate"):
            assignment.create({"company_id": self.company.id, "state": "applied"})

    def test_what_was_applied_stays(self):
        self.bob.customer_capacity = 5
        assignment = self.propose()
        with self.assertRaisesRegex(UserError, "Only Apply can be changed"):
            assignment.reassignment_ids.new_user_id = self.anna
        assignment.action_apply()
        with self.assertRaisesRegex(UserError, "already applied"):
            assignment.action_apply()
        with self.assertRaisesRegex(UserError, "history"):
            assignment.reassignment_ids.is_selected = False
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            assignment.unlink()

    def test_more_is_promised_than_can_be_done(self):
        self.vip.service_level_id.followup_days = 1
        self.anna.follow_ups_per_day = 1
        assignment = self.propose()
        self.assertEqual((assignment.followups_needed, assignment.followup_capacity), (14, 5))
        self.assertTrue(assignment.is_short)

    def test_an_archived_level_needs_no_follow_ups(self):
        self.vip.service_level_id.active = False
        self.assertEqual(self.propose().followups_needed, 0)

    def test_another_company_s_customers_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.lead.company_ids += other
        assignments = self.env["customer.assignment"].with_user(self.lead).with_company(other)
        assignment = assignments.browse(assignments.action_open_current()["res_id"])
        self.assertFalse(assignment.workload_ids)
        ours = self.propose()
        self.lead.write({"company_id": other.id, "company_ids": [Command.set(other.ids)]})
        with self.assertRaises(AccessError):
            ours.with_user(self.lead).with_company(other).read(["state"])

    def test_customers_in_another_company_count_towards_capacity(self):
        other = self.make_company("Elsewhere")
        self.bob.write({"company_ids": [Command.link(other.id)], "customer_capacity": 2})
        theirs = self.make_customer("Theirs", user_id=self.bob.id)
        self.acme.user_id = self.bob
        for partner in (theirs, self.acme):
            self.env["customer.standing"].sudo().create(
                {
                    "partner_id": partner.id,
                    "company_id": other.id,
                    "tier_id": self.policy_of(other)._get_tiers()[0].id,
                }
            )
        assignment = self.propose()
        self.assertFalse(assignment.reassignment_ids)
        [bob] = assignment.manager_ids.filtered(lambda line: line.user_id == self.bob)
        self.assertEqual(bob.customers, 2)
        self.bob.customer_capacity = 3
        self.assertEqual(self.proposed(self.propose()), [(self.core, self.bob.browse(), self.bob)])

    def test_nobody_is_proposed_who_cannot_work_in_the_company(self):
        other = self.make_company("Elsewhere")
        self.bob.write(
            {
                "company_id": other.id,
                "company_ids": [Command.set(other.ids)],
                "customer_capacity": 5,
            }
        )
        self.bolt.user_id = self.bob
        assignment = self.propose()
        self.assertFalse(assignment.reassignment_ids)
        self.assertIn(self.bob, assignment.manager_ids.user_id)
        self.assertEqual(self.bolt.user_id, self.bob)

    def test_sellers_neither_propose_nor_apply(self):
        assignment = self.propose()
        with self.assertRaises(AccessError):
            self.env["customer.assignment"].with_user(self.anna).action_open_current()
        with self.assertRaises(AccessError):
            assignment.with_user(self.anna).action_apply()

    def test_sellers_see_what_was_applied_of_their_own(self):
        self.bob.customer_capacity = 5
        assignment = self.propose()
        moves = self.env["customer.reassignment"]

        def seen(user):
            return moves.with_user(user).search([("company_id", "=", self.company.id)])

        self.assertFalse(seen(self.bob))
        self.assertEqual(seen(self.lead), assignment.reassignment_ids)
        assignment.action_apply()
        self.assertEqual(seen(self.bob), assignment.reassignment_ids)
        self.assertFalse(seen(self.anna))
        self.assertTrue(seen(self.bob).read(["reason", "new_user_id", "applied_on"]))
