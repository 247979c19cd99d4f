from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import TieringCase

# What a list of contacts reads for the badge.
BADGE = {"customer_tier_id": {"fields": {"display_name": {}, "name": {}, "color": {}, "icon": {}}}}


@freeze_time("2026-06-10 12:00:00")
class TestTierCard(TieringCase):
    """What the card of a customer says, and to whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.bakery = cls.make_customer("Bakery")
        cls.kitchen = cls.env["res.partner"].create({"name": "Kitchen", "parent_id": cls.bakery.id})
        cls.make_order(cls.bakery, 70, "2026-05-01")
        cls.important.discount = 0.05
        cls.policy.evaluate("2026-06-09")
        cls.salesperson = cls.make_member("card_salesperson", "sales_team.group_sale_salesman")

    def card(self, partner, user=None):
        return partner.with_user(user or self.salesperson).get_tier_card()

    def test_a_contact_has_the_card_of_the_company(self):
        card = self.card(self.kitchen)
        self.assertEqual(card["name"], "Bakery")
        self.assertEqual(card["tier"]["name"], "Important")
        self.assertEqual(card["score"], 70)
        self.assertEqual(
            [(mark["name"], mark["from"]) for mark in card["marks"]],
            [("VIP", 80), ("Important", 60), ("Ordinary", 30), ("Potential", 0)],
        )
        self.assertEqual(card["gives"][0], "5 % discount on new quotations")
        self.assertEqual(card["needs"], ["One order for VIP"])
        self.assertFalse(card["notes"])

    def test_a_coming_downgrade_and_what_stops_it(self):
        self.make_order(self.bakery, -50, "2026-06-02")
        self.policy.evaluate("2026-06-10")
        card = self.card(self.bakery)
        self.assertIn("Downgrade to Ordinary", card["notes"][0]["text"])
        # Not what the tier by score would need to reach the tier that is still held.
        self.assertEqual(len(card["needs"]), 1)
        self.assertIn("to stay Important", card["needs"][0])

    def test_an_override_is_told_instead_of_advice(self):
        self.env["customer.tier.override"].create(
            {
                "partner_id": self.bakery.id,
                "company_id": self.company.id,
                "tier_id": self.vip.id,
                "reason": "Opens a second house",
                "date_end": "2026-12-31",
            }
        )
        card = self.card(self.bakery)
        self.assertEqual(card["tier"]["name"], "VIP")
        self.assertIn("Opens a second house", card["notes"][0]["text"])
        self.assertFalse(card["needs"])

    def test_a_customer_without_a_score_has_no_card(self):
        self.assertFalse(self.card(self.make_customer("Café")))

    def test_the_card_is_of_the_current_company(self):
        other = self.make_company("Southwind")
        self.salesperson.company_ids |= other
        bakery = self.bakery.with_context(allowed_company_ids=other.ids)
        self.assertFalse(self.card(bakery))

    def test_who_sees_no_tiers_sees_no_card(self):
        employee = self.make_member("card_employee", "base.group_user")
        guest = new_test_user(self.env, "card_guest", "base.group_portal")
        for user in (employee, guest):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.card(self.bakery, user)

    def test_badges_cost_a_list_of_contacts_two_queries(self):
        customers = self.env["res.partner"].concat(
            *[self.make_customer(f"Customer {number}") for number in range(80)]
        )
        for place, customer in enumerate(customers):
            self.make_order(customer, place + 1, "2026-05-02")
        self.policy.evaluate("2026-06-10")
        plain = {"display_name": {}, "email": {}}
        partners = customers.with_user(self.salesperson)
        counts = []
        for spec in (plain, plain | BADGE):
            partners.env.invalidate_all()
            # What is asked once for each user, and not for each list.
            partners.web_search_read([("id", "in", customers.ids)], spec, limit=80)
            partners.env.invalidate_all()
            before = self.cr.sql_log_count
            found = partners.web_search_read([("id", "in", customers.ids)], spec, limit=80)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(found["records"]), 80)
        self.assertTrue(all(record["customer_tier_id"]["icon"] for record in found["records"]))
        self.assertLessEqual(counts[1] - counts[0], 2)
