from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import SourcingCase


class TestQualifications(SourcingCase):
    """From planned to qualified, and what may be written on the way."""

    def plan(self, **vals):
        return self.env["vendor.qualification"].create(
            {"partner_id": self.other.id, "product_id": self.screws.id, **vals}
        )

    def test_the_way(self):
        plan = self.plan(qualification_days=40, tooling_days=10, lead_days=5)
        self.assertEqual(plan.categ_id, self.category)
        self.assertEqual((plan.state, plan.start_days), ("draft", 55))
        plan.action_start()
        self.assertEqual(str(plan.date_start), "2026-03-16")
        plan.action_qualify()
        self.assertEqual((plan.state, plan.start_days), ("qualified", 15))
        with self.assertRaisesRegex(UserError, "set it to planned first"):
            plan.action_start()
        plan.action_reject()
        plan.action_draft()
        self.assertFalse(plan.date_qualified)

    def test_a_day_that_is_over(self):
        plan = self.plan(date_end="2026-03-15")
        with self.assertRaisesRegex(UserError, "Valid until is over"):
            plan.action_qualify()

    def test_buttons_alone_change_the_state(self):
        plan = self.plan()
        with self.assertRaises(AccessError):
            plan.state = "qualified"
        with self.assertRaises(AccessError):
            self.plan(state="qualified", product_id=False, categ_id=self.category.id)

    @mute_logger("odoo.sql_db")
    def test_hostile_figures(self):
        for vals in (
            {"qualification_days": -1},
            {"tooling_days": 3651},
            {"lead_days": -5},
            {"one_off_cost": -0.01},
        ):
            with self.subTest(**vals), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.plan(**vals)
        for value in (float("nan"), float("inf"), 1e300):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                self.plan(one_off_cost=value)
        with self.assertRaises(ValidationError):
            self.plan(qualification_days=2**40)

    def test_script_in_the_notes_does_not_run(self):
        plan = self.plan(notes='<p onclick="x()">ok</p><script>alert(1)</script>')
        self.assertNotIn("script", plan.notes)
        self.assertNotIn("onclick", plan.notes)

    def test_a_product_of_another_category_and_a_contact(self):
        elsewhere = self.env["product.category"].sudo().create({"name": "Elsewhere"})
        with self.assertRaisesRegex(ValidationError, "is not of the category"):
            self.plan(categ_id=elsewhere.id)
        contact = self.make_vendor("Desk", parent_id=self.other.id, is_company=False)
        with self.assertRaisesRegex(ValidationError, "choose the vendor itself, Bolt & Co"):
            self.plan(partner_id=contact.id)

    @mute_logger("odoo.sql_db")
    def test_one_for_a_product(self):
        first = self.plan()
        first.active = False
        first.flush_recordset()
        self.plan()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.plan()

    def test_the_policy_refuses_what_makes_no_sense(self):
        manager = self.make_buyer(
            "sourcing manager", self.company, "purchase.group_purchase_manager"
        )
        policy = self.policy.with_user(manager)
        for vals in (
            {"class_a_share": 95},
            {"period_months": 0},
            {"high_risk": 101},
            {"sources_weight": 0, "switching_weight": 0, "delivery_weight": 0},
            {"delivery_weight": -1},
        ):
            with (
                self.subTest(**vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                policy.write(vals)
                policy.flush_recordset()
        with self.assertRaises(AccessError):
            self.policy.with_user(self.buyer).high_risk = 10

    def test_a_portal_vendor_reads_nothing(self):
        self.bought(self.screws, 10)
        self.qualify(self.other)
        self.find_sources()
        portal = new_test_user(
            self.env(su=True, user=1), "acme portal", "base.group_portal",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        portal.partner_id.sudo().parent_id = self.vendor
        for name in ("vendor.qualification", *(f"vendor.sourcing.{part}" for part in (
            "policy", "product", "source", "vendor", "category"))):  # fmt: skip
            with self.subTest(name), self.assertRaises(AccessError):
                self.env[name].with_user(portal).search([])
        with self.assertRaises(AccessError):
            self.env["vendor.sourcing.product"].with_user(portal).get_matrix()
        with self.assertRaises(AccessError):
            self.env["vendor.sourcing.vendor"].with_user(portal).get_drill(self.vendor.id)
        with self.assertRaises(AccessError):
            self.env["vendor.sourcing.policy"].with_user(portal).recalculate_company()
