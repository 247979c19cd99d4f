from odoo.tests import new_test_user

from .common import SourcingCase


class TestCompanies(SourcingCase):
    """Two companies buy from the same vendor."""

    def test_each_sees_its_own(self):
        self.bought(self.screws, 100)
        self.add_seller(self.screws, self.other)
        self.qualify(self.other)
        southwind = self.make_company("Southwind").sudo()
        policy = self.env["vendor.sourcing.policy"].sudo()._of_company(southwind)
        self.find_sources()
        policy._recalculate()
        here = [("product_id", "=", self.screws.id)]
        rows = self.env["vendor.sourcing.product"].sudo().search(here)
        self.assertEqual(rows.company_id, self.company)
        stranger = new_test_user(
            self.env(su=True, user=1), "southwind buyer", "purchase.group_purchase_user",
            company_id=southwind.id, company_ids=[(6, 0, southwind.ids)],
        )  # fmt: skip
        theirs = self.env(user=stranger, context={"allowed_company_ids": southwind.ids})
        self.assertFalse(theirs["vendor.sourcing.product"].search(here))
        self.assertFalse(theirs["vendor.qualification"].search([]))
        self.assertFalse(theirs["vendor.sourcing.vendor"].get_drill(self.vendor.id)["vendors"])
        self.assertFalse(sum(
            part["count"] for part in theirs["vendor.sourcing.product"].get_matrix()["quadrants"]
        ))  # fmt: skip
        theirs["vendor.sourcing.policy"].recalculate_company()
        self.assertEqual(self.row().sourcing, "habit")

    def test_the_scheduled_action_looks_at_each(self):
        self.bought(self.screws, 100)
        southwind = self.make_company("Southwind").sudo()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("supply_partner_sourcing.ir_cron_sourcing").sudo().method_direct_trigger()
        policies = self.env["vendor.sourcing.policy"].sudo().search([])
        self.assertIn(southwind, policies.company_id)
        self.assertTrue(all(policy.calculated_at for policy in policies))
