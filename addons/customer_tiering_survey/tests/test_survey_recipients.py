from .common import SurveyCase


class TestSurveyRecipients(SurveyCase):
    """Invitations go to an address that works, in the language of whom it belongs to."""

    def make_contact(self, name, **vals):
        return self.env["res.partner"].create({"name": name, "parent_id": self.acme.id, **vals})

    def recipient(self):
        self.send()
        return self.invitations().partner_id

    def obstacle(self):
        return self.standing(self.acme).survey_obstacle

    def hindered(self, operator="!=", value=False):
        return self.env["customer.standing"].search(
            [("company_id", "=", self.company.id), ("survey_obstacle", operator, value)]
        )

    def test_the_customers_own_address_comes_first(self):
        self.make_contact("Buyer", email="buyer@acme.example")
        self.assertEqual(self.recipient(), self.acme)

    def test_else_the_first_contact_with_an_address(self):
        self.acme.email = False
        self.make_contact("Warehouse", type="delivery", email="dock@acme.example")
        self.make_contact("Owner")
        buyer = self.make_contact("Buyer", email="buyer@acme.example")
        self.make_contact("Planner", email="planner@acme.example")
        self.assertFalse(self.obstacle())
        self.assertEqual(self.recipient(), buyer)
        # The contact's invitation is the customer's.
        self.acme.email = "office@acme.example"
        self.assertEqual(self.recipient(), buyer)

    def test_an_archived_contact_is_not_asked(self):
        self.acme.email = False
        self.make_contact("Buyer", email="buyer@acme.example").active = False
        self.assertFalse(self.recipient())

    def test_no_address_at_all(self):
        self.acme.email = False
        self.assertFalse(self.recipient())
        self.assertEqual(self.obstacle(), "no_address")
        self.assertEqual(self.hindered(), self.standing(self.acme))

    def test_an_address_that_bounces_is_passed_over(self):
        self.acme.message_bounce = 1
        self.assertFalse(self.recipient())
        self.assertEqual(self.obstacle(), "bounces")
        self.assertEqual(self.hindered("=", "bounces"), self.standing(self.acme))
        self.assertFalse(self.hindered("=", "blacklisted"))
        buyer = self.make_contact("Buyer", email="buyer@acme.example")
        self.assertFalse(self.hindered())
        self.assertEqual(self.recipient(), buyer)

    def test_a_blacklisted_address_is_passed_over(self):
        entry = self.env["mail.blacklist"]._add("Office@acme.example")
        self.assertFalse(self.recipient())
        self.assertEqual(self.obstacle(), "blacklisted")
        self.assertEqual(self.hindered("=", "blacklisted"), self.standing(self.acme))
        entry.active = False
        self.assertIn(self.standing(self.acme), self.hindered("=", False))
        self.assertEqual(self.recipient(), self.acme)

    def test_who_is_promised_no_survey_has_no_obstacle(self):
        self.acme.email = False
        self.level.survey_days = 0
        self.assertFalse(self.obstacle())
        self.assertFalse(self.hindered())
        self.assertIn(self.standing(self.acme), self.hindered("=", False))

    def test_in_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("customer_tiering_survey.mail_template_satisfaction_invitation")
        template.with_context(lang="fr_FR").subject = "Votre avis"
        self.acme.lang = "fr_FR"
        bolt = self.make_vip("Bolt", email="office@bolt.example", lang="en_US")
        self.policy.evaluate("2026-06-30")
        self.send()
        self.assertEqual(self.mails().subject, "Votre avis")
        self.assertEqual(self.mails(bolt).subject, "Northwind: how satisfied are you?")

    def test_an_archived_customer_is_not_asked(self):
        self.acme.active = False
        self.send()
        self.assertFalse(self.env["survey.user_input"].search([("survey_id", "=", self.survey.id)]))
