from freezegun import freeze_time
from lxml import html

from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user


class PortalTierCase(TieringCase):
    """Northwind's customer Bakery is Ordinary; two more orders lift it to Important."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.bakery = cls.make_customer("Bakery", email="bakery@example.com")
        cls.kitchen = cls.env["res.partner"].create(
            {"name": "Kitchen", "parent_id": cls.bakery.id, "email": "kitchen@example.com"}
        )
        cls.make_order(cls.bakery, 40, "2026-05-01")
        cls.level = cls.env["customer.service.level"].create(
            {
                "name": "Quick",
                "response_hours": 4,
                "delivery_priority": "1",
                "company_id": cls.company.id,
            }
        )
        cls.ordinary.write({"discount": 0.05, "description": "Thank you"})
        cls.important.write({"discount": 0.08, "service_level_id": cls.level.id})
        cls.policy.evaluate("2026-06-09")
        cls.company.shows_tier_on_portal = True

    @classmethod
    def make_portal_user(cls, login, partner):
        return new_test_user(
            cls.env,
            login,
            "base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )


@freeze_time("2026-06-10 12:00:00")
class TestPortalTier(PortalTierCase):
    """What a customer learns of the own tier."""

    def shown_to(self, partner, user=None):
        user = user or self.make_portal_user(f"portal {partner.name}", partner)
        return partner.with_user(user)._prepare_portal_tier()

    def test_a_contact_sees_the_tier_of_the_company_and_what_lifts_it(self):
        page = self.shown_to(self.kitchen)
        self.assertEqual(page["tier"]["name"], "Ordinary")
        self.assertEqual(page["tier"]["description"], "Thank you")
        self.assertEqual(page["benefits"], ["5 % discount on new quotations"])
        self.assertEqual(page["next"]["name"], "Important")
        self.assertEqual(page["next"]["needed"], "One order")
        self.assertEqual(
            page["next"]["benefits"],
            [
                "8 % discount on new quotations",
                "An answer within 4 working hours",
                "Deliveries with priority",
            ],
        )
        self.assertFalse(page["stay"])

    def test_the_best_tier_has_no_next_one(self):
        self.make_order(self.bakery, 60, "2026-06-01")
        self.policy.evaluate("2026-06-10")
        page = self.shown_to(self.bakery)
        self.assertEqual(page["tier"]["name"], "VIP")
        self.assertFalse(page["next"])

    def test_in_the_grace_period_it_says_what_keeps_the_tier(self):
        self.make_order(self.bakery, 30, "2026-06-01")
        self.policy.evaluate("2026-06-10")
        self.make_order(self.bakery, -55, "2026-06-02")
        self.policy.evaluate("2026-06-10")
        page = self.shown_to(self.bakery)
        self.assertEqual(page["tier"]["name"], "Important")
        self.assertIn("to stay Important", page["stay"])
        self.assertEqual(page["next"]["name"], "VIP")
        self.assertFalse(page["next"]["needed"])

    def test_nothing_is_told_of_an_override(self):
        self.env["customer.tier.override"].create(
            {
                "partner_id": self.bakery.id,
                "company_id": self.company.id,
                "tier_id": self.vip.id,
                "reason": "Friend of the house",
                "date_end": "2026-12-31",
            }
        )
        self.policy.evaluate("2026-06-10")
        page = self.shown_to(self.bakery)
        self.assertEqual(page["tier"]["name"], "VIP")
        self.assertNotIn("Friend", str(page))
        self.assertNotIn("2026", str(page["stay"]))

    def test_nobody_sees_the_tier_of_another_customer(self):
        cafe = self.make_customer("Café")
        guest = self.make_portal_user("portal guest", cafe)
        with self.assertRaises(AccessError):
            self.shown_to(self.bakery, guest)
        with self.assertRaises(AccessError):
            self.bakery.with_user(guest).read(["customer_tier_id"])
        with self.assertRaises(AccessError):
            self.env["customer.tier.notice"].with_user(guest).search([])

    def test_a_customer_without_a_tier_is_shown_none(self):
        with self.assertRaises(MissingError):
            self.shown_to(self.make_customer("Café"))

    def test_a_company_that_does_not_show_tiers(self):
        self.company.shows_tier_on_portal = False
        with self.assertRaises(MissingError):
            self.shown_to(self.kitchen)

    def test_the_tier_is_that_of_the_company_that_is_asked(self):
        other = self.make_company("Southwind")
        other.shows_tier_on_portal = True
        user = self.make_portal_user("portal both", self.kitchen)
        user.company_ids |= other
        partner = self.kitchen.with_user(user)
        self.assertEqual(partner._prepare_portal_tier()["tier"]["name"], "Ordinary")
        with self.assertRaises(MissingError):
            partner.with_context(allowed_company_ids=other.ids)._prepare_portal_tier()


class TestPortalPage(PortalTierCase, HttpCase):
    """The page itself."""

    def open(self, path="/my/tier"):
        return html.fromstring(self.url_open(path).content)

    def test_the_page_shows_the_tier_and_no_score(self):
        self.make_portal_user("portal_kitchen", self.kitchen)
        self.authenticate("portal_kitchen", "portal_kitchen")
        text = " ".join(self.open().xpath("//div[@id='wrap']")[0].text_content().split())
        self.assertIn("Ordinary", text)
        self.assertIn("5 % discount on new quotations", text)
        self.assertIn("Next: Important", text)
        self.assertNotIn("40", text)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["tier_count"]})
        self.assertEqual(counters["tier_count"], 1)

    def test_where_it_is_off_the_page_is_not_there(self):
        self.company.shows_tier_on_portal = False
        self.make_portal_user("portal_kitchen", self.kitchen)
        self.authenticate("portal_kitchen", "portal_kitchen")
        answer = self.url_open("/my/tier")
        self.assertTrue(answer.url.endswith("/my"))
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["tier_count"]})
        self.assertEqual(counters["tier_count"], 0)

    def test_the_public_is_sent_to_the_login(self):
        self.assertIn("/web/login", self.url_open("/my/tier").url)
