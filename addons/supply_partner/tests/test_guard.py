from odoo.addons.field_guard.tests.common import GuardedFamilyCase
from odoo.exceptions import AccessError, UserError

from .common import VmiCase

# The strongest roles of a shop that are no administrator's.
ROLES = "purchase.group_purchase_manager,stock.group_stock_manager,base.group_partner_manager"


class TestGuard(GuardedFamilyCase, VmiCase):
    family = "supply_partner"
    context_key = "vmi_owner"
    least_numbers, least_kept, least_methods = 300, 100, 60

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.make_agreement((cls.screws, 60, 120), decision="automatic")
        cls.proposal = cls.agreement.review()
        cls.order = cls.proposal.purchase_order_ids
        # The newest is still to be decided.
        cls.make_agreement((cls.make_product("Bolts", cls.vendor), 60, 120)).review()
        cls.strongest = cls.make_buyer("guard strongest", cls.company, ROLES)
        # One that belongs to no agreement.
        cls.admin["purchase.order"].create(
            {"partner_id": cls.vendor.id, "company_id": cls.company.id}
        )

    def test_an_import_names_the_number(self):
        result = self.env["vmi.agreement"].load(
            [".id", "approval_limit_days"], [[str(self.agreement.id), "nan"]]
        )
        self.assertIn("Approval Limit: Days of Supply", result["messages"][0]["message"])
        self.assertEqual(self.agreement.approval_limit_days, 0)

    def test_no_default_of_the_client_sets_it(self):
        agreements = self.env["vmi.agreement"]
        self.env["ir.default"].set("vmi.agreement", "state", "running", user_id=True)
        agreement = agreements.with_context(
            default_state="running", default_held_value=5, default_decided_at="2026-01-01 00:00:00"
        ).create({"partner_id": self.vendor.id})
        self.assertEqual(agreement.state, "draft")
        self.assertEqual(agreement.held_value, 0)
        self.assertFalse(agreement.decided_at)
        order = (
            self.env["purchase.order"]
            .with_context(default_vmi_agreement_id=self.agreement.id)
            .create({"partner_id": self.vendor.id})
        )
        self.assertFalse(order.vmi_agreement_id)

    def test_a_draft_stays_what_it_is_without_the_checks(self):
        draft = self.make_agreement((self.screws, 1, 2), start=False)
        with self.assertRaisesRegex(AccessError, "Status|State"):
            draft.state = "running"
        # A form that saves what it has read goes on working, and so does a copy.
        draft.write({"state": "draft"})
        self.assertEqual(self.agreement.copy().state, "draft")
        self.assertEqual(self.order.copy().vmi_agreement_id.ids, [])

    def test_what_was_ordered_is_not_ordered_twice(self):
        self.assertEqual(self.proposal.state, "ordered")
        for vals in ({"state": "draft"}, {"line_ids": [[1, self.proposal.line_ids.id,
                     {"suggested_qty": 77}]]}):  # fmt: skip
            with self.assertRaises(AccessError):
                self.proposal.write(vals)

    def test_a_rule_of_an_agreement_opens_to_no_context_key(self):
        self.env = self.env(user=self.strongest)
        point = self.agreement.line_ids.orderpoint_id.with_user(self.strongest)
        with self.assertRaisesRegex(UserError, "belongs to the supply agreement"):
            point.with_context(vmi_owner=True).trigger = "auto"
        with self.assertRaisesRegex(UserError, "belongs to the supply agreement"):
            point.with_context(vmi_owner={"a": 1}).active = False

    def test_the_buyer_s_answer_notes_its_own_time(self):
        agreement = self.make_agreement(
            (self.make_product("Nails", self.vendor), 60, 120), decision="vendor"
        )
        line = agreement.review().line_ids
        with self.assertRaises(AccessError):
            line.write({"vendor_qty": 70, "answered_at": "2020-01-01 00:00:00"})
        line.vendor_qty = 70
        self.assertTrue(line.answered_at)
